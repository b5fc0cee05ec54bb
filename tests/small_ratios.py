"""Small plans with ratios for tests, made by hand, and what is read off their answers."""

from __future__ import annotations

from typing import Any

import decompose as dc
from tests import plans
from tests.plans import Data
from tests.solved import of_year

FIRMS: Data = {
    "id": "firms",
    "name": "企业数",
    "kind": "given",
    "unit": "家",
    "values": {
        2014: {"甲区": 100, "乙县": 60, "丙县": 40},
        2015: {"甲区": 100, "乙县": 60, "丙县": 40},
        2016: {"甲区": 100, "乙县": 60, "丙县": 40},
    },
}
OUTPUT: Data = {
    "id": "output",
    "name": "产值",
    "kind": "given",
    "unit": "亿元",
    "values": {year: {"甲区": 50, "乙县": 30, "丙县": 20} for year in (2014, 2015, 2016)},
}
ENERGY: Data = {
    "id": "energy",
    "name": "能耗",
    "kind": "level",
    "unit": "万吨",
    "base": {"甲区": 25, "乙县": 30, "丙县": 30},
}


def share(**keys: Any) -> Data:
    """A rate over the firms, 15 % in 2016."""
    return {
        "id": "share",
        "name": "比例",
        "kind": "ratio",
        "unit": "%",
        "denominator": "firms",
        "scale": 100,
        "decimals": 1,
        "target": {"years": {2016: 15}},
        **keys,
    }


def intensity(**keys: Any) -> Data:
    """Energy per output, 6 % lower in 2016."""
    return {
        "id": "intensity",
        "name": "单耗",
        "kind": "ratio",
        "unit": "%",
        "numerator": "energy",
        "denominator": "output",
        "publish": "cut",
        "target": {"cut": "6%以上"},
        **keys,
    }


def exact(allocation: dc.Allocation, indicator: str, year: int = 2016) -> dict[str, float]:
    return of_year(allocation, "exact", indicator, year)


def quotas(allocation: dc.Allocation, indicator: str, year: int = 2016) -> dict[str, float]:
    return of_year(allocation, "quota", indicator, year)


def area(allocation: dc.Allocation, indicator: str, year: int = 2016) -> float:
    """Return the area's number, as it is told in the totals."""
    rows = allocation.totals.query("scope == '全市'").set_index(["indicator", "year"])["quota"]
    return float(rows[indicator, year])


def solve(*indicators: Data, **keys: Any) -> dc.Allocation:
    return dc.solve(plans.plan(*indicators, **keys))
