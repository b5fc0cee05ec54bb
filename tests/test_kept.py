"""An issued allocation comes back from its file as it was; a changed file does not come back."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import decompose as dc
from decompose import fingerprint
from decompose.settle import settle
from tests.crossing_plans import crossing_plans
from tests.gap_plans import tight_plans
from tests.link_plans import link_plan
from tests.plans import Data, data, indicator
from tests.ratio_plans import ratio_plan
from tests.strategies import plans, simple_plans
from tests.test_stretch import stretched_plans

ROOT = Path(__file__).parent.parent
FRAMES = ("quotas", "values", "totals", "gaps", "excess", "shortfalls", "moved", "mix")


def brought_back(allocation: dc.Allocation, folder: Path) -> dc.Allocation:
    """Save, read, compare everything, and save again."""
    one, other = folder / "one.json", folder / "other.json"
    allocation.save(one)
    found = dc.read_allocation(one)
    found.save(other)
    assert one.read_bytes() == other.read_bytes()
    pairs = [(allocation, found)]
    if allocation.stretch is not None:
        assert found.stretch is not None
        pairs.append((allocation.stretch, found.stretch))
    for before, after in pairs:
        assert after.plan == before.plan
        for name in FRAMES:
            assert_frame_equal(getattr(before, name), getattr(after, name), check_exact=True)
        for before_table, after_table in zip(before.tables(), after.tables(), strict=True):
            assert before_table == after_table
    return found


def solved_or_passed(said: Data, **keys: Any) -> dc.Allocation | None:
    """Solve a random plan; None where it has no answer."""
    try:
        return dc.solve(dc.Plan.model_validate(said), **keys)
    except dc.DecomposeError:
        return None


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.glob("data/*/plan*.yaml")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_the_plans_of_the_data_come_back(path: Path, tmp_path: Path) -> None:
    brought_back(dc.solve(dc.read_plan(path)), tmp_path)


def test_what_rounding_breaks_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    """Shares of sums that no table moves are counted in another order than those that are read."""

    def level(name: str, base: tuple[float, ...], figures: list[Any], **more: Any) -> Data:
        goal = {"years": dict(zip((2015, 2016, 2017), figures, strict=True))}
        known = {"base": dict(zip("BA", base, strict=True))} if base else {}
        return {"id": name, "kind": "level", "target": goal, **known, **more}

    said = {
        "format": 1,
        "title": "t",
        "area": "area",
        "base_year": 2014,
        "years": [2015, 2016, 2017],
        "regions": [{"name": "B", "groups": ["south"]}, {"name": "A"}],
        "groups": {"south": {}},
        "indicators": [
            level(
                "a",
                (0.36, 0.21),
                ["0.62以上"] * 3,
                limits={"min": {"default": 0.23, "area": 0.62}, "share": {"max": 0.64}},
            ),
            level(
                "b",
                (0, 0.02),
                [0.02, 0.07, 0.07],
                links=[{"part_of": "a"}],
                allocate={"by": {"B": 1, "A": 0}},
            ),
            level(
                "c",
                (),
                [0.02, "0.05以下", 0.04],
                links=[{"part_of": "b"}],
                allocate="equal",
                limits={"share": {"max": {2016: 0.5, "sum": {"south": 0.55}}}},
            ),
        ],
    }
    allocation = dc.solve(dc.Plan.model_validate(said))
    assert allocation.excess["steps"].tolist() == [0.5, 0.25]
    brought_back(allocation, tmp_path)

    def other_release(said: Data) -> None:
        said["excess"][0]["steps"] += 1e-15
        said["fingerprint"] = fingerprint.fingerprint(said)

    allocation.save(tmp_path / "other.json")
    rewritten(tmp_path / "other.json", other_release)
    assert dc.read_allocation(tmp_path / "other.json").quotas.equals(allocation.quotas)


@given(plans())
@settings(max_examples=40)
def test_random_plans_come_back(tmp_path_factory: pytest.TempPathFactory, said: Data) -> None:
    allocation = solved_or_passed(said)
    if allocation is not None:
        brought_back(allocation, tmp_path_factory.mktemp("kept"))


@given(st.one_of(stretched_plans(simple_plans()), crossing_plans()))
@settings(max_examples=30)
def test_stretch_quotas_and_crossing_groups_come_back(
    tmp_path_factory: pytest.TempPathFactory, said: Data
) -> None:
    allocation = solved_or_passed(said)
    if allocation is not None:
        brought_back(allocation, tmp_path_factory.mktemp("kept"))


@given(tight_plans())
@settings(max_examples=30)
def test_gaps_come_back(tmp_path_factory: pytest.TempPathFactory, said: Data) -> None:
    allocation = solved_or_passed(said, gap="row")
    if allocation is not None:
        brought_back(allocation, tmp_path_factory.mktemp("kept"))


@pytest.mark.parametrize("seed", range(20))
def test_ratios_and_links_come_back(seed: int, tmp_path: Path) -> None:
    found = [solved_or_passed(make(seed)) for make in (ratio_plan, link_plan)]
    for allocation in found:
        if allocation is not None:
            brought_back(allocation, tmp_path)
    assert any(found)


def test_reasons_and_tracking_work_on_what_came_back(tmp_path: Path) -> None:
    plan = dc.read_plan(ROOT / "data" / "qingyuan" / "plan.yaml")
    allocation = dc.solve(plan)
    found = brought_back(allocation, tmp_path)
    actuals = dc.read_actuals(ROOT / "data" / "qingyuan" / "actuals_2015.csv")
    before, after = (dc.track(one, actuals, as_of="2015-06") for one in (allocation, found))
    assert_frame_equal(before.table, after.table)
    for name in allocation.quotas["indicator"].unique()[:4]:
        assert found.why(name).text() == allocation.why(name).text()


# The file.


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "issued.json"
    dc.solve(dc.Plan.model_validate(data())).save(path)
    return path


def test_the_file_has_a_line_per_quota(kept: Path) -> None:
    lines = kept.read_text(encoding="utf-8").splitlines()
    said = json.loads(kept.read_text(encoding="utf-8"))
    assert said["format"] == "decompose allocation 1"
    assert set(said["made"]) == {"solver", "decompose", "pulp", "highspy"}
    assert len(said["quotas"]) == 6
    for row in said["quotas"]:
        assert sum(json.dumps(row, ensure_ascii=False) in line for line in lines) == 1


def test_two_saves_are_the_same_and_solvers_are_named(tmp_path: Path) -> None:
    plan = dc.Plan.model_validate(data())
    for name in ("a", "b"):
        dc.solve(plan).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    dc.solve(plan, solver="HiGHS").save(tmp_path / "c")
    assert json.loads((tmp_path / "c").read_text("utf-8"))["made"]["solver"] == "HiGHS"


def test_stretch_quotas_are_not_kept_alone(tmp_path: Path) -> None:
    said = data(indicator(target={"years": {2015: 18}, "stretch": {"years": {2015: 20}}}))
    allocation = dc.solve(dc.Plan.model_validate(said))
    assert allocation.stretch is not None
    with pytest.raises(dc.ReportError):
        allocation.stretch.save(tmp_path / "stretch.json")
    brought_back(allocation, tmp_path)


def refused(path: Path, code: str, *, where: str = "") -> None:
    """Reading ends in an error of this code, at a place whose words hold some others."""
    with pytest.raises(dc.PlanError) as caught:
        dc.read_allocation(path)
    codes = [one.message.code for one in caught.value.mistakes]
    assert code in codes
    places = [one.place for one in caught.value.mistakes if one.message.code == code]
    assert any(where in place for place in places), places
    assert caught.value.text("en")


def rewritten(path: Path, change: Any) -> None:
    said = json.loads(path.read_text(encoding="utf-8"))
    change(said)
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")


def test_a_file_written_anew_without_a_change_is_read(kept: Path) -> None:
    rewritten(kept, dict.copy)
    dc.read_allocation(kept)


def test_a_changed_quota_is_refused_by_the_rule_that_it_breaks(kept: Path) -> None:
    def change(said: Data) -> None:
        said["quotas"][0]["quota"] += 0.01

    rewritten(kept, change)
    with pytest.raises(dc.PlanError) as caught:
        dc.read_allocation(kept)
    assert [one.message.code for one in caught.value.mistakes] == ["kept_breaks"]
    assert "18.01" in caught.value.text()


def test_a_changed_exact_number_is_refused(kept: Path) -> None:
    rewritten(kept, lambda said: said["quotas"][0].update(exact=9.0))
    refused(kept, "kept_breaks")


@pytest.mark.parametrize("tiny", [1e-9, -1e-9])
def test_a_digit_that_no_rule_feels_is_refused_by_the_fingerprint(kept: Path, tiny: float) -> None:
    def change(said: Data) -> None:
        said["quotas"][0]["exact"] += tiny

    rewritten(kept, change)
    refused(kept, "kept_fingerprint", where="issued.json")


@pytest.mark.parametrize("stretch", [False, True])
def test_a_large_file_is_looked_at_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stretch: bool
) -> None:
    investment = indicator(target={"years": {2015: 18, 2016: 22}})
    if stretch:
        investment["target"]["stretch"] = {"years": {2015: 19}}
    dc.solve(dc.Plan.model_validate(data(investment))).save(tmp_path / "issued.json")
    text = (tmp_path / "issued.json").read_text(encoding="utf-8")
    content = json.loads(text)
    changed = [text.replace(f'"year": {content["plan"]["years"][0]}', '"year": 1999', 1)]
    changed += [text[:k] + text[k + 1 :] for k in range(0, len(text), 7)]
    changed += [text[: k + 40] + text[k:] for k in range(0, len(text), 31)]
    at_once = [fingerprint.intact(one) for one in changed]  # one space less changes nothing
    monkeypatch.setattr(fingerprint, "_MOST_AT_ONCE", 0)
    for piece in (60, 100, 300, 10**6):
        monkeypatch.setattr(fingerprint, "_PIECE", piece)
        assert fingerprint.intact(text) == content
        for one, known in zip(changed, at_once, strict=True):
            assert fingerprint.intact(one) in (None, known)
    for piece in (1, 2, 5, 10):  # what is too large for a piece is not read
        monkeypatch.setattr(fingerprint, "_PIECE", piece)
        assert fingerprint.intact(text) in (None, content)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda said: said.update(format="decompose allocation 2"), "kept_format"),
        (lambda said: said["made"].update(solver="cbc"), "kept_fingerprint"),
        (lambda said: said["made"].pop("pulp"), "kept_absent"),
        (lambda said: said.pop("quotas"), "kept_absent"),
        (lambda said: said.pop("stages"), "kept_stages"),
        (lambda said: said["stages"][0].update(programs=-1.5), "kept_stage"),
        (lambda said: said["stages"][0].update(gave_way=["nobody"]), "kept_stage"),
        (lambda said: said.update(more=1), "kept_unknown"),
        (lambda said: said.update(gaps=[]), "kept_unknown"),
        (lambda said: said.update(log={}), "kept_absent"),
        (lambda said: said.update(log=[{"why": "x"}]), "kept_fingerprint"),
        (lambda said: said["quotas"].pop(), "kept_no_number"),
        (lambda said: said["quotas"].append(said["quotas"][0]), "kept_twice"),
        (lambda said: said["quotas"][0].update(region="丁县"), "kept_name"),
        (lambda said: said["quotas"][0].update(year="2015"), "kept_name"),
        (lambda said: said["quotas"][0].update(year=True), "kept_name"),
        (lambda said: said["quotas"][0].update(indicator=["x"]), "kept_name"),
        (lambda said: said["quotas"][0].update(quota="9.6"), "kept_number"),
        (lambda said: said["quotas"][0].update(quota=True), "kept_number"),
        (lambda said: said["quotas"][0].update(quota=1e300), "kept_number"),
        (lambda said: said["quotas"][0].update(quota=9.6001), "kept_off_grid"),
        (lambda said: said["quotas"][0].update(exact=None), "kept_number"),
        (lambda said: said["quotas"][0].pop("exact"), "kept_row"),
        (lambda said: said["quotas"].reverse(), "kept_differs"),
        (lambda said: said.update(excess=[{"rule": "x"}]), "kept_count"),
        (lambda said: said.update(fingerprint=1), "kept_fingerprint"),
        (lambda said: said["plan"]["indicators"][0].update(unit="万元"), "kept_fingerprint"),
    ],
)
def test_what_does_not_belong_together_is_refused(kept: Path, change: Any, code: str) -> None:
    rewritten(kept, change)
    refused(kept, code, where="issued.json")


def test_the_line_of_a_mistake_is_told(kept: Path) -> None:
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace('"quota": 12.8', '"quota": "?"'), encoding="utf-8")
    lines = kept.read_text(encoding="utf-8").splitlines()
    number = next(k for k, line in enumerate(lines, start=1) if '"?"' in line)
    refused(kept, "kept_number", where=f"第{number}行")


def test_a_wrong_plan_is_told_as_in_any_file(kept: Path) -> None:
    rewritten(kept, lambda said: said["plan"].update(years=[]))
    with pytest.raises(dc.PlanError, match=r"issued\.json"):
        dc.read_allocation(kept)


def test_another_version_is_named(kept: Path) -> None:
    def change(said: Data) -> None:
        said["made"]["decompose"] = "0.0.1"
        said["quotas"].reverse()

    rewritten(kept, change)
    refused(kept, "kept_version")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": NaN}', "[" * 100, '{"format": 1, "format": 1}', "\x00"]
)
def test_what_is_no_allocation_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(dc.PlanError):
        dc.read_allocation(path)
    with pytest.raises(dc.PlanError):
        dc.read_allocation(tmp_path / "nothing.json")


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_no_changed_digit_comes_back(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """One digit of the file is another: an error of the tree, never an allocation."""
    rng = random.Random(seed)
    path = tmp_path_factory.mktemp("kept") / "a.json"
    dc.solve(dc.Plan.model_validate(data())).save(path)
    text = path.read_text(encoding="utf-8")
    place = rng.choice([k for k, letter in enumerate(text) if letter.isdigit()])
    other = rng.choice([digit for digit in "0123456789" if digit != text[place]])
    path.write_text(text[:place] + other + text[place + 1 :], encoding="utf-8")
    with pytest.raises(dc.PlanError):
        dc.read_allocation(path)


@given(st.one_of(plans(), crossing_plans()), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_what_was_solved_from_what_stands_comes_back(
    tmp_path_factory: pytest.TempPathFactory, said: Data, rng: random.Random
) -> None:
    allocation = solved_or_passed(said)
    if allocation is None:
        return
    plan, standing = allocation.plan, allocation.settled.standing()
    name = rng.choice(sorted(standing.numbers))
    fixed = np.full((len(plan.regions), len(plan.years)), np.nan)
    region, year = rng.choice(np.argwhere(~np.isnan(standing.numbers[name])).tolist())
    fixed[region, year] = standing.numbers[name][region, year]
    anchor = replace(standing, fixed={name: fixed}, totals=frozenset({name}))
    again = dc.Allocation(settle(plan, anchor=anchor), log=({"indicator": name, "why": "x"},))
    found = brought_back(again, tmp_path_factory.mktemp("kept"))
    assert found.log == again.log
    assert found.settled.anchor is not None
    assert found.settled.anchor.excess == anchor.excess


def test_sums_that_stand_come_back(tmp_path: Path) -> None:
    allocation = dc.solve(dc.Plan.model_validate(data()))
    anchor = replace(
        allocation.settled.standing(),
        sums=(("investment", (1, 2), 0),),
        handed=frozenset({"investment"}),
    )
    again = dc.Allocation(settle(allocation.plan, anchor=anchor))
    found = brought_back(again, tmp_path).settled.anchor
    assert found is not None
    assert (found.sums, found.handed) == (anchor.sums, anchor.handed)
    kept = tmp_path / "issued.json"
    again.save(kept)
    for wrong in ({"regions": ["丁县"]}, {"year": 2030}, {"indicator": "x"}, {"more": 1}):
        text = kept.read_text(encoding="utf-8")
        rewritten(kept, lambda said, wrong=wrong: said["anchor"]["sums"][0].update(wrong))
        with pytest.raises(dc.PlanError):
            dc.read_allocation(kept)
        kept.write_text(text, encoding="utf-8")
