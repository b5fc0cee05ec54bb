"""Small plans for tests, as plain data."""

from __future__ import annotations

from typing import Any

import decompose as dc

Data = dict[str, Any]

PUBLISHED = (
    "example/plan",
    "pingdingshan/plan",
    "qingyuan/plan",
    "ruian/plan",
    "shiyan/plan",
    "shiyan/plan_2022",
    "zhongshan/plan",
)
"""Every plan in data/, without its suffix."""
BASES = {"甲区": 8.0, "乙县": 4.0, "丙县": 3.0}


def indicator(**keys: Any) -> Data:
    """One flow with bases and a target for each of two years; keys replace or add."""
    return {
        "id": "investment",
        "name": "投资",
        "kind": "flow",
        "unit": "亿元",
        "base": dict(BASES),
        "target": {"years": {2015: 18, 2016: 24}},
        **keys,
    }


def data(*indicators: Data, **keys: Any) -> Data:
    """A plan over three regions in two groups and two years."""
    return {
        "title": "示例行动",
        "area": "示例市",
        "total_label": "全市",
        "base_year": 2014,
        "years": [2015, 2016],
        "regions": [
            {"name": "甲区", "groups": ["南部"]},
            {"name": "乙县", "groups": ["北部"]},
            {"name": "丙县", "groups": ["北部"]},
        ],
        "groups": {"南部": {}, "北部": {"subtotal": True}},
        "indicators": list(indicators) or [indicator()],
        **keys,
    }


def plan(*indicators: Data, **keys: Any) -> dc.Plan:
    """The same, as a Plan."""
    return dc.Plan.model_validate(data(*indicators, **keys))
