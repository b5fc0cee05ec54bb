"""The plan that a blank template holds as an example, in both languages."""

from __future__ import annotations

from typing import Any

from decompose.labels.message import Language

EXAMPLE: dict[Language, dict[str, Any]] = {
    "zh": {
        "title": "示例市工业转型升级三年行动",
        "area": "示例市",
        "total_label": "全市",
        "base_year": 2014,
        "years": [2015, 2016, 2017],
        "sections": ["主要目标", "技术改造"],
        "data_status": "示例数据",
        "regions": [
            {"name": "甲区", "groups": ["南部"]},
            {"name": "乙县", "groups": ["北部"]},
            {"name": "丙县", "groups": ["北部"]},
        ],
        "groups": {"南部": {"subtotal": False}, "北部": {"subtotal": True, "label": "北部小计"}},
        "tables": {
            "技改投资2014": {"甲区": 8.1, "乙县": 4.39, "丙县": 3},
            "增加值2014": {"甲区": 190, "乙县": 110, "丙县": 87},
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
                "base": "增加值2014",
                "target": {"years": {2017: "570左右"}},
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
                "base": "技改投资2014",
                "target": {
                    "years": {2015: "22以上", 2016: "30以上", 2017: "40以上"},
                    "total": "92以上",
                },
                "limits": {
                    "growth": {"max": "60%", "乙县": {"max": "45%"}},
                    "max": {"sum": {"北部": {2017: 20}}},
                },
                "locks": {"乙县": {2015: {"value": 6, "why": "乙函〔2015〕8号", "signed": True}}},
                "notes": {2015: "含当年新开工项目"},
            },
            {
                "id": "upgraded_firms",
                "name": "完成技术改造企业",
                "kind": "flow",
                "unit": "家",
                "section": "技术改造",
                "integer": True,
                "target": {"each_year": 30, "total": 90},
                "allocate": {"by": "规上企业数"},
                "limits": {"total": {"max": "规上企业数"}},
            },
        ],
    },
    "en": {
        "title": "Three years of industrial upgrading",
        "area": "Example City",
        "total_label": "City",
        "base_year": 2014,
        "years": [2015, 2016, 2017],
        "sections": ["Main goals", "Upgrading"],
        "data_status": "Example data",
        "regions": [
            {"name": "District A", "groups": ["South"]},
            {"name": "County B", "groups": ["North"]},
            {"name": "County C", "groups": ["North"]},
        ],
        "groups": {"South": {"subtotal": False}, "North": {"subtotal": True}},
        "tables": {
            "upgrade_2014": {"District A": 8.1, "County B": 4.39, "County C": 3},
            "value_added_2014": {"District A": 190, "County B": 110, "County C": 87},
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
                "base": "value_added_2014",
                "target": {"years": {2017: "about 570"}},
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
                "base": "upgrade_2014",
                "target": {"years": {2015: "≥22", 2016: "≥30", 2017: "≥40"}, "total": "≥92"},
                "limits": {
                    "growth": {"max": "60%", "County B": {"max": "45%"}},
                    "max": {"sum": {"North": {2017: 20}}},
                },
                "locks": {"County B": {2015: {"value": 6, "why": "Letter 8", "signed": True}}},
                "notes": {2015: "with projects begun that year"},
            },
            {
                "id": "upgraded_firms",
                "name": "Firms upgraded",
                "kind": "flow",
                "unit": "firms",
                "section": "Upgrading",
                "integer": True,
                "target": {"each_year": 30, "total": 90},
                "allocate": {"by": "firms"},
                "limits": {"total": {"max": "firms"}},
            },
        ],
    },
}
