"""Plans written as workbooks read back as the same plans, to the value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from decompose import Plan, read_plan
from decompose.labels import Language
from decompose.plan import Indicator
from decompose.reading.files import File
from decompose.reading.workbook import WorkbookContent
from decompose.reading.workbook.fields import NEEDED
from decompose.report import write_template
from decompose.report.template import template
from tests.strategies import plans
from tests.workbooks import cells

DATA = Path(__file__).parent.parent / "data"
PLANS = sorted(DATA.glob("*/plan.yaml"))


def round_trip(plan: Plan, folder: Path, language: Language = "zh") -> Plan:
    write_template(folder / "plan.xlsx", plan, language=language)
    return read_plan(folder / "plan.xlsx")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parent.name)
def test_a_plan_reads_back_the_same(path: Path, tmp_path: Path) -> None:
    plan = read_plan(path)
    assert round_trip(plan, tmp_path) == plan


def test_the_examples_are_there() -> None:
    assert {path.parent.name for path in PLANS} >= {"example", "qingyuan"}


def test_sheets_in_english_read_back_the_same(tmp_path: Path) -> None:
    plan = read_plan(DATA / "example" / "plan.yaml")
    assert round_trip(plan, tmp_path, "en") == plan
    headings = {row for rows in cells(template(plan, language="en")).values() for row in rows[0]}
    assert {"kind", "target.total", "target.years.2015", "scope", "path"} <= headings


@settings(max_examples=12)
@given(data=plans())
def test_random_plans_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    plan = Plan.model_validate(data)
    assert round_trip(plan, tmp_path_factory.getbasetemp()) == plan


ODD_NAMES = (
    "NA",
    "null",
    "TRUE",
    "甲.区",
    "乙、丙",
    "=1+1",
    "合计:南部",
    "ａ区",
    "[a",
    '"b',
    "3-5",
)
ODD_TEXTS = (
    "x005F_",
    "_x000D_",
    "<r>x</r>",
    "a\nb",
    "\u2028\u00a0",
    "'a",
    "22以上",
    "010",
    "#N/A",
)
ODD_NUMBERS = (0.1 + 0.2, 1 / 3, 1e-7, 12345678.123456789, 8.1, 100)


def odd_plan() -> Plan:
    """Names, texts and numbers that a workbook, or what reads it, might take for others."""
    named = dict(zip(ODD_NAMES, [*ODD_NUMBERS] * 2, strict=False))
    first, dotted, listed = ODD_NAMES[0], ODD_NAMES[3], ODD_NAMES[4]
    return Plan.model_validate(
        {
            "title": ODD_TEXTS[3],
            "years": [2015, 2016],
            "sections": list(ODD_NAMES),
            "data_status": "",
            "regions": [
                {"name": name, "groups": ["南部", "北.部"], "aliases": [f"{name}、1"]}
                for name in ODD_NAMES
            ],
            "groups": {"南部": {}, "北.部": {"label": "北、部"}, "东部": {"subtotal": True}},
            "tables": {
                "a": named,
                "b.c": dict.fromkeys(ODD_NAMES, 2),
                "地区": {first: 1},
                "备注": {first: 1},
                "%": {first: "37%", dotted: "1,000", listed: "12.50%", "null": "３%"},
                "空": {},
            },
            "indicators": [
                {
                    "id": "a",
                    "name": "同名、甲",
                    "kind": "flow",
                    "unit": text,
                    "base": {first: 1 / 3, dotted: 2},
                    "target": {"total": 1 / 3},
                    "allocate": {"by": "equal"},
                    "limits": {
                        "max": {"2015": {first: 3}, dotted: {2016: 1 / 3}},
                        "min": {"default": 0, listed: 1 / 3, "area": {2015: 0.1}},
                        "share": {"max": 1 / 3},
                    },
                    "locks": {first: {2015: {"value": 0.01, "why": text}, "total": 0.02}},
                    "notes": {"all": text, 2015: "x"},
                }
                | extra
                for text, extra in zip(
                    ODD_TEXTS,
                    (
                        {"id": f"a{k}", "name": f"同名、{k}", "section": ODD_NAMES[k]}
                        for k in range(len(ODD_TEXTS))
                    ),
                    strict=True,
                )
            ],
        }
    )


def test_odd_names_texts_and_numbers_read_back_the_same(tmp_path: Path) -> None:
    plan = odd_plan()
    for language in ("zh", "en"):
        assert round_trip(plan, tmp_path, language) == plan


RARE: dict[str, Any] = {
    "base_year": 2013,
    "years": [2015, 2016, 2018],
    "regions": [
        {"name": "甲区", "groups": ["南部"]},
        {"name": "乙县"},
        {"name": "市本级", "reserve": True},
    ],
    "tables": {
        "f": {"甲区": 3, "乙县": 4, "市本级": 0},
        "tier": {"甲区": "10%", "乙县": "5%", "市本级": "5%"},
    },
    "assessment": {
        "low_rank": 3,
        "talk": "unmet_and_low_rank",
        "lights": {"measure": "gap", "yellow": 3, "red": 10, "preset": "national_2021"},
        "calendar": {"monthly": 8, "yearly": "12月中"},
        "rules": ["第一条,甲", "第二条"],
    },
    "indicators": [
        {
            "id": "part",
            "name": "同名",
            "kind": "flow",
            "target": {"per_region": 3, "tolerance": "1%", "margin": "5%"},
            "hand_out": "upper",
            "converge": "62.5%",
            "display": {2015: "8左右", "total": "=三十余", "base": "约2"},
            "annexes": [1],
            "priority": 2,
            "step": 0.5,
        },
        {
            "id": "other",
            "name": "其他",
            "kind": "flow",
            "parent": "part",
            "target": {"each_year": 2},
            "path": {2015: 0.2, 2016: 0.3, 2018: 0.5},
            "regions": {2015: ["甲区"], 2016: ["甲区", "乙县"]},
            "years": [2015, 2016],
            "strict": True,
            "tolerance": "3.5%",
            "converge": True,
        },
        {
            "id": "sum",
            "name": "同名",
            "kind": "flow",
            "parent": "other",
            "sum_of": ["part", "other"],
            "allocate": {"blend": {"equal": 0.5, "f": 0.5}},
            "fairness": "least_cost",
            "cost": {"甲区": [[3, 1], [9, 2.5]]},
            "decompose": False,
            "report": False,
            "signed": True,
        },
        {
            "id": "stock",
            "name": "存量",
            "kind": "level",
            "base": "f",
            "base_total": 8,
            "mismatch": "reserve",
            "target": {"growth_each_year": "5%", "stretch": {"years": {2018: 20}}},
            "group_targets": {"南部": {"increase": 3, "stretch": {"increase": "4以上"}}},
            "stated": {
                "years": {2015: "8左右"},
                "growth": {2015: "3%", "average": "4%"},
                "increase": {"total": 3, 2016: 1},
                "groups": {"南部": {"total": 3, "cut": "3%", "rise": 2}},
            },
        },
        {
            "id": "rise",
            "name": "增量",
            "kind": "flow",
            "increase_of": "stock",
            "limits": {"monotone": "up"},
            "schedule": {"Q1": "15%", "3": "20%"},
            "assess": {"points": 5, "cap": 1.2, "key": True},
        },
        {
            "id": "given",
            "name": "给定",
            "kind": "given",
            "values": {2013: "f", 2015: {"甲区": 3}},
            "text": "x",
            "nature": "expected",
        },
        {
            "id": "ratio",
            "name": "比率",
            "kind": "ratio",
            "numerator": {"cumulative": "part"},
            "denominator": "given",
            "scale": 100,
            "base_numerator": "f",
            "move": "numerator",
            "publish": "cut",
            "cut_unit": "‰",
            "target": {"cut": "14%以上"},
            "limits": {"cut": {"min": {2016: "1%"}, "max": "300%"}},
            "tiers": {"values": ["10%", "5%"], "by": "tier"},
            "links": [],
        },
        {
            "id": "tied",
            "name": "关联",
            "kind": "flow",
            "target": {"total": 1},
            "links": [
                {"at_least_share": "10%", "of": "part", "scope": "area"},
                {"part_of": "part"},
                {"at_most_share": 0.5, "of": "other", "scope": "南部"},
            ],
        },
    ],
}
"""Keys that few plans have. Some rules across fields refuse it, so it is compared as it is said."""


def unchecked(data: Any) -> Plan:
    """Make a plan of its fields alone, without the rules across them."""
    plan = super(Plan, Plan).model_validate(data)
    assert isinstance(plan, Plan)
    return plan


def test_rare_keys_read_back_the_same() -> None:
    plan = unchecked(RARE)
    for language in ("zh", "en"):
        content = WorkbookContent(template(plan, language=language), File("plan.xlsx"))
        assert content.mistakes == []
        assert unchecked(content.root.data()) == plan


def test_few_keys_need_the_sheet_of_paths() -> None:
    assert cells(template(read_plan(DATA / "example" / "plan.yaml")))["其他"] == [["路径", "值"]]
    paths = [row[0] for row in cells(template(unchecked(RARE)))["其他"][1:]]
    assert paths == [
        "assessment.lights.preset",
        "indicators.sum.cost.甲区",
        "indicators.given.values.2015.甲区",
    ]


@pytest.mark.parametrize(
    "key",
    ["unheard_of", *(key for key in Indicator.model_fields if key not in NEEDED["indicators"])],
)
def test_a_value_that_no_column_can_say_has_its_path(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So every key has its place, and so will those that the models gain."""
    odd: Any = {"x.y": [1, {"z": None}], "true": False, "": {"1e3": "1e3"}}
    odd = {"x.y": {"": odd}} if key in ("locks", "group_targets") else odd
    odd = [{"a": 1}] if key == "links" else odd
    data = {"years": [2015], "regions": ["甲"], "indicators": [{"id": "a", "kind": "flow"}]}
    plan = Plan.model_validate(data)
    said = {**plan.source(), "new": {"a": 1.5}}
    said["indicators"][0][key] = odd
    monkeypatch.setattr(Plan, "source", lambda _: said)
    content = WorkbookContent(template(plan), File("plan.xlsx"))
    found = content.root.data()
    assert found["new"] == {"a": 1.5}
    assert found["indicators"][0][key] == odd
