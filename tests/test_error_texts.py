"""The texts of errors name the place, the number and the remedy: golden files in both languages."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import decompose as dc
from decompose.labels import Language
from tests import plans
from tests.test_constraints import ENERGY, FIRMS, cut
from tests.test_explain_texts import CAPS, INVESTMENT, qingyuan
from tests.test_moved import triangle
from tests.workbooks import as_bytes, edited

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "errors"
Made = Callable[[Language], object]


# ---- plans that are wrong ------------------------------------------------------------------------


def files(language: Language) -> object:
    """A plan file and its table, with nearly everything wrong."""
    for name in ("plan.yaml", "base.csv"):
        shutil.copy(HERE / "files" / "wrong" / name, name)
    return dc.read_plan("plan.yaml", language=language)


def syntax(language: Language) -> object:
    Path("plan.yaml").write_text("title: 三年行动\nyears: [2015, 2016\nregions: [甲区]\n", "utf-8")
    return dc.read_plan("plan.yaml", language=language)


def workbook(language: Language) -> object:
    """An interval that Excel made a date of, and a region that is not there."""
    cells = {"指标!L3": dt.datetime(2026, 3, 5), "基数!A5": "丁县", "基数!B5": 1}
    Path("plan.xlsx").write_bytes(as_bytes(edited(cells)))
    return dc.read_plan("plan.xlsx", language=language)


def data(_: Language) -> object:
    """Figures and rules of a plan that is made in a script; its language is asked of the error."""
    first = plans.indicator(
        limits={"growth": {"max": 8}, "min": {"甲区": 9}, "max": {"甲区": 8.5, "丁县": 3}},
        locks={"乙县": {2015: {"value": 4.805}}},
    )
    part = plans.indicator(id="part", name="民间投资", unit="万元", parent="investment")
    return plans.plan(first, part)


def change(_: Language) -> object:
    return qingyuan().with_changes({f"{INVESTMENT}.limits.max.英得市.2015": 3.6})


def denominator(language: Language) -> object:
    """A share of something that the plan lets come out as 0."""
    output = plans.indicator(id="output", name="产值", kind="level", target={"increase": -15})
    spent = plans.indicator(id="spent", name="研发经费", kind="level", target={})
    share = {"id": "share", "name": "研发强度", "kind": "ratio", "unit": "%", "scale": 100}
    share |= {"numerator": "spent", "denominator": "output", "target": {"years": {2016: "2以上"}}}
    return dc.solve(plans.plan(output, spent, share), language=language)


def actuals(language: Language) -> object:
    """What counties reported, matched with the plan: a name, a sign, a percentage, a year."""
    rows = ["投次,甲区,2015-03,3", "投资,乙县,2015-03,-1", "投资,丙县,2015-03,30%"]
    rows += ["投资,甲区,2019-03,3", "投资,乙县,三月,2", "投资,丙县,2015-04,12x"]
    for name, some in (("names.csv", rows[:4]), ("cells.csv", rows[4:])):
        Path(name).write_text("\n".join(["指标,地区,时期,累计完成", *some]), "utf-8")
    allocation = dc.solve(plans.plan(plans.indicator()))

    def track(said: Language) -> object:
        found = dc.read_actuals("names.csv", language=said)
        return dc.track(allocation, found, as_of="2015-03", language=said)

    return told(track, lambda said: dc.read_actuals("cells.csv", language=said), language=language)


# ---- plans that cannot be met --------------------------------------------------------------------


def check_bounds(language: Language) -> object:
    """What check tells of too little capacity, and of a lock above a capacity."""
    caps = zip(qingyuan().region_names, CAPS, strict=True)
    changes: dict[str, Any] = {f"{INVESTMENT}.limits.max.{name}.2015": cap for name, cap in caps}
    changes[f"{INVESTMENT}.locks.英德市.2016"] = {"value": 5.2}
    changes["indicators.energy_intensity.limits.cut"] = {"max": "4%"}
    return issues(qingyuan().with_changes(changes), "error", language)


def check_figures(language: Language) -> object:
    """What check tells of years, a total and a growth that disagree."""
    target = {"years": {2015: 18, 2016: 24}, "total": "45左右"}
    disagreeing = plans.indicator(target=target, stated={"years": {2016: 25}})
    grown = plans.indicator(
        id="grown",
        name="产值",
        kind="level",
        target={"years": {2015: 16, 2016: 18}, "growth": "8%"},
    )
    return issues(plans.plan(disagreeing, grown), "warning", language)


def infeasible(language: Language) -> object:
    """A target that yearly growth cannot reach."""
    return dc.solve(
        qingyuan().with_changes({f"{INVESTMENT}.group_targets.三连一阳.years.2015": "6以上"}),
        language=language,
    )


def infeasible_limits(language: Language) -> object:
    """Limits that contradict one another, whatever targets give way."""
    limits = {"min": {"甲区": 10}, "total": {"max": {"甲区": 19}}}
    return dc.solve(plans.plan(plans.indicator(limits=limits)), gap="row", language=language)


def infeasible_steps(language: Language) -> object:
    """Steps of tiers none of which is high enough."""
    tiers = {"values": ["2%", "4%"], "by": {"甲区": "4%", "乙县": "4%", "丙县": "2%"}}
    return dc.solve(
        plans.plan(FIRMS, ENERGY, cut(name="单位产值能耗降低率", tiers=tiers)), language=language
    )


# ---- rounding, reports, questions ----------------------------------------------------------------


def rounding_groups(language: Language) -> object:
    """Groups that cross, none of which may move."""
    return dc.solve(triangle(strict=True), language=language)


def rounding_growth(language: Language) -> object:
    """Whole numbers that keep no growth limit."""
    said = plans.indicator(
        decimals=0,
        strict=True,
        base={"甲区": 3, "乙县": 4, "丙县": 3},
        target={"years": {2015: 13}},
        limits={"growth": {"max": "30%"}},
    )
    return dc.solve(plans.plan(said), language=language)


def report(language: Language) -> object:
    allocation = dc.solve(plans.plan())
    return told(
        lambda said: dc.write_report(allocation, "annexes.pdf", language=said),
        lambda said: dc.write_report(allocation, "absent/annexes.md", language=said),
        language=language,
    )


def questions(language: Language) -> object:
    """Names, families and repairs that are not there."""
    stuck = plans.plan(plans.indicator(limits={"max": 5}))
    allocation = dc.solve(plans.plan())
    return told(
        lambda _: allocation.why("投次", "甲区", 2015),
        lambda said: dc.explain(stuck, yields=["capacity"], language=said),
        lambda said: dc.explain(stuck, language=said).apply(7),
        language=language,
    )


CASES: list[Made] = [
    *(files, syntax, workbook, data, change, denominator, actuals),
    *(check_bounds, check_figures, infeasible, infeasible_limits, infeasible_steps),
    *(rounding_groups, rounding_growth, report, questions),
]


def issues(plan: dc.Plan, severity: str, language: Language) -> str:
    found = dc.check(plan, language=language)
    return "\n".join(issue.text for issue in found if issue.severity == severity)


def told(*asked: Made, language: Language) -> str:
    """Ask, and return what each error says in a language."""
    said = []
    for ask in asked:
        with pytest.raises(dc.DecomposeError) as caught:
            ask(language)
        said.append(caught.value.text(language))
    return "\n".join(said)


@pytest.mark.parametrize("make", CASES, ids=[make.__name__ for make in CASES])
def test_errors_read_as_prose(make: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts = []
    for language in ("zh", "en"):
        try:
            text = str(make(language))
        except dc.DecomposeError as error:
            text = error.text(language)
        texts.append(text.replace(f"{tmp_path.resolve()}/", ""))
    golden = GOLDEN / f"{make.__name__}.txt"
    written = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / "texts.txt"
    written.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {make.__name__ for make in CASES}
