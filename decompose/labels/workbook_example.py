"""The plan that a blank template holds as an example, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from decompose.labels.message import Language

YEARS = (2015, 2016, 2017)


def example(language: Language, years: Sequence[int] = ()) -> dict[str, Any]:
    """Return the example as plain data.

    Parameters
    ----------
    language
        Of its names.
    years
        In order; 2015 to 2017 by default. Its figures follow: value added grows by 13.8 % a year,
        investment by 8 a year after the third.
    """
    years = list(years) or list(YEARS)
    first, base, last = years[0], years[0] - 1, years[-1]
    value_added = round(387 * 1.138 ** (last - base))
    investment = [(22, 30, 40)[k] if k < 3 else 16 + 8 * k for k in range(len(years))]
    firms = 30 if len(years) <= 5 else 150 // len(years)
    if language == "zh":
        return {
            "title": "示例市工业转型升级三年行动",
            "area": "示例市",
            "total_label": "全市",
            "base_year": base,
            "years": years,
            "sections": ["主要目标", "技术改造"],
            "data_status": "示例数据",
            "regions": [
                {"name": "甲区", "groups": ["南部"]},
                {"name": "乙县", "groups": ["北部"]},
                {"name": "丙县", "groups": ["北部"]},
            ],
            "groups": {
                "南部": {"subtotal": False},
                "北部": {"subtotal": True, "label": "北部小计"},
            },
            "tables": {
                f"技改投资{base}": {"甲区": 8.1, "乙县": 4.39, "丙县": 3},
                f"增加值{base}": {"甲区": 190, "乙县": 110, "丙县": 87},
                "规上企业数": {"甲区": 80, "乙县": 55, "丙县": 30},
            },
            "indicators": [
                {
                    "id": "value_added",
                    "name": "规模以上工业增加值",
                    "kind": "level",
                    "unit": "亿元",
                    "section": "主要目标",
                    "nature": "expected",
                    "decimals": 1,
                    "base": f"增加值{base}",
                    "target": {"years": {last: f"{value_added}左右"}},
                    "stated": {"growth": "13.8%左右"},
                    "limits": {"growth": {"min": "5%", "max": "20%"}},
                },
                {
                    "id": "upgrade_investment",
                    "name": "工业技术改造投资",
                    "kind": "flow",
                    "unit": "亿元",
                    "section": "技术改造",
                    "nature": "binding",
                    "department": ["市经济和信息化局", "市发展改革局"],
                    "base": f"技改投资{base}",
                    "target": {
                        "years": {
                            y: f"{sum_}以上" for y, sum_ in zip(years, investment, strict=True)
                        },
                        "total": f"{sum(investment)}以上",
                    },
                    "limits": {
                        "growth": {"max": "60%", "乙县": {"max": "45%"}},
                        "max": {"sum": {"北部": {last: investment[-1] / 2}}},
                    },
                    "locks": {
                        "乙县": {first: {"value": 6, "why": f"乙函〔{base}〕8号", "signed": True}}
                    },
                    "notes": {first: "含当年新开工项目"},
                },
                {
                    "id": "upgraded_firms",
                    "name": "完成技术改造企业",
                    "kind": "flow",
                    "unit": "家",
                    "section": "技术改造",
                    "integer": True,
                    "target": {"each_year": firms, "total": firms * len(years)},
                    "allocate": {"by": "规上企业数"},
                    "limits": {"total": {"max": "规上企业数"}},
                },
            ],
        }
    return {
        "title": "Three years of industrial upgrading",
        "area": "Example City",
        "total_label": "City",
        "base_year": base,
        "years": years,
        "sections": ["Main goals", "Upgrading"],
        "data_status": "Example data",
        "regions": [
            {"name": "District A", "groups": ["South"]},
            {"name": "County B", "groups": ["North"]},
            {"name": "County C", "groups": ["North"]},
        ],
        "groups": {"South": {"subtotal": False}, "North": {"subtotal": True}},
        "tables": {
            f"upgrade_{base}": {"District A": 8.1, "County B": 4.39, "County C": 3},
            f"value_added_{base}": {"District A": 190, "County B": 110, "County C": 87},
            "firms": {"District A": 80, "County B": 55, "County C": 30},
        },
        "indicators": [
            {
                "id": "value_added",
                "name": "Industrial value added",
                "kind": "level",
                "unit": "million",
                "section": "Main goals",
                "nature": "expected",
                "decimals": 1,
                "base": f"value_added_{base}",
                "target": {"years": {last: f"about {value_added}"}},
                "stated": {"growth": "about 13.8%"},
                "limits": {"growth": {"min": "5%", "max": "20%"}},
            },
            {
                "id": "upgrade_investment",
                "name": "Investment in upgrading",
                "kind": "flow",
                "unit": "million",
                "section": "Upgrading",
                "nature": "binding",
                "department": ["Bureau of Industry", "Bureau of Development"],
                "base": f"upgrade_{base}",
                "target": {
                    "years": {y: f"≥{sum_}" for y, sum_ in zip(years, investment, strict=True)},
                    "total": f"≥{sum(investment)}",
                },
                "limits": {
                    "growth": {"max": "60%", "County B": {"max": "45%"}},
                    "max": {"sum": {"North": {last: investment[-1] / 2}}},
                },
                "locks": {"County B": {first: {"value": 6, "why": "Letter 8", "signed": True}}},
                "notes": {first: "with projects begun that year"},
            },
            {
                "id": "upgraded_firms",
                "name": "Firms upgraded",
                "kind": "flow",
                "unit": "firms",
                "section": "Upgrading",
                "integer": True,
                "target": {"each_year": firms, "total": firms * len(years)},
                "allocate": {"by": "firms"},
                "limits": {"total": {"max": "firms"}},
            },
        ],
    }
