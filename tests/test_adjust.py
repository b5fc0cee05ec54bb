"""Negotiation: what is agreed upon comes out, the rest moves as little as the rules allow."""

from __future__ import annotations

import random as rng
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import decompose as dc
from decompose import Move, adjust
from decompose.cli import main
from tests import plans as small
from tests.crossing_plans import crossing_plans
from tests.growth_plans import growth_plan
from tests.link_plans import link_plan
from tests.oracles.least_change import least_change
from tests.oracles.plan_indicator import Cell
from tests.oracles.plan_program import PlanProgram
from tests.ratio_plans import ratio_plan
from tests.seeded import shuffled
from tests.solved import Data, allocation_of, column
from tests.strategies import plans, simple_plans

EXAMPLES = settings().max_examples
TWO_YEARS = {"years": {2015: 15, 2016: 15}}


def flow(**keys: Any) -> Data:
    """A flow of 15 in each of two years: 8, 4 and 3."""
    return small.indicator(target=TWO_YEARS, decimals=2, **keys)


def solved(*indicators: Data, **keys: Any) -> dc.Allocation:
    return dc.solve(small.plan(*(indicators or (flow(),)), **keys))


def quotas(
    allocation: dc.Allocation, year: int = 2015, indicator: str = "investment"
) -> list[float]:
    frame = allocation.quotas
    own = (frame["indicator"] == indicator) & (frame["year"] == year)
    return [float(one) for one in frame.loc[own, "quota"]]


def move(amount: float, region: str = "甲区", **keys: Any) -> Move:
    return Move("投资", 2015, region, amount, **keys)


# ---- what comes out --------------------------------------------------------------------------


def test_others_take_a_move_in_proportion_to_what_stands() -> None:
    allocation = solved()
    found = adjust(allocation, [move(-0.7)])
    assert quotas(found) == [7.3, 4.4, 3.3]
    assert quotas(found, 2016) == [8, 4, 3]
    assert quotas(allocation) == [8, 4, 3]  # what stood is not changed


@pytest.mark.parametrize("to", ["丙县", ["丙县"], ["丙", "丙县"]])
def test_whoever_is_named_takes_it_all(to: Any) -> None:
    regions = small.data()["regions"]
    regions[2]["aliases"] = ["丙"]
    assert quotas(adjust(solved(regions=regions), [move(-0.7, to=to)])) == [7.3, 4, 3.7]


def test_a_group_takes_it_in_proportion() -> None:
    assert quotas(adjust(solved(), [move(-0.7, to="北部")])) == [7.3, 4.4, 3.3]


def test_each_of_several_moves_is_taken_by_whom_it_names() -> None:
    regions = [{"name": name} for name in "甲乙丙丁戊"]
    one = small.indicator(
        base=dict.fromkeys("甲乙丙丁戊", 10), target={"years": {2015: 50, 2016: 50}}
    )
    allocation = solved(one, regions=regions, groups={})
    moves = [Move("投资", 2015, "甲", -2, to="丙"), Move("投资", 2015, "乙", -1)]
    assert quotas(adjust(allocation, moves)) == [8, 9, 12, 10.5, 10.5]


def test_moves_may_make_up_for_each_other() -> None:
    moves = [move(-0.5), move(0.5, "乙县")]
    assert quotas(adjust(solved(), moves)) == [7.5, 4.5, 3]


def test_what_is_held_stays() -> None:
    for hold in (["乙县"], [("投资", "乙县", 2015)], [("investment", "乙县", "2015")]):
        assert quotas(adjust(solved(), [move(-0.7)], hold=hold)) == [7.3, 4, 3.7]


def test_one_move_and_one_name_need_no_list() -> None:
    assert quotas(adjust(solved(), move(-0.7, to="全市"), hold="乙县")) == [7.3, 4, 3.7]
    (group,) = solved().plan.group_names[:1]
    held = adjust(solved(), move(0.6), hold=[("投资", group, 2016)])
    assert quotas(held, 2016) == [8, 4, 3]


def test_a_chain_goes_on_from_the_last() -> None:
    first = adjust(solved(), [move(-0.7, why="一")])
    second = adjust(first, [move(0.7, why="二")])
    assert quotas(second) == [8, 4, 3]
    assert [one["why"] for one in second.log] == ["一", "二"]
    assert quotas(adjust(first, [move(-0.3, "乙县", to="丙县")])) == [7.3, 4.1, 3.6]


def test_the_log_keeps_every_move_as_data(tmp_path: Path) -> None:
    found = adjust(solved(), [move(-0.7, to=["丙县", "北部"], why="项目延期")])
    expected = {
        "indicator": "investment",
        "year": 2015,
        "region": "甲区",
        "amount": -0.7,
        "to": ["丙县", "北部"],
        "why": "项目延期",
    }
    assert list(found.log) == [expected]
    found.save(tmp_path / "adjusted.json")
    back = dc.read_allocation(tmp_path / "adjusted.json")
    assert list(back.log) == [expected]
    again = adjust(back, [move(0.2)])
    assert len(again.log) == 2
    again.save(tmp_path / "again.json")
    assert dc.read_allocation(tmp_path / "again.json").quotas.equals(again.quotas)


def test_growth_carries_a_move_into_the_next_year_only_as_far_as_it_must() -> None:
    base = dict.fromkeys(small.BASES, 4)
    allocation = solved(flow(limits={"growth": {"min": 0}}, base=base))
    assert quotas(allocation) == [5, 5, 5]
    found = adjust(allocation, [move(0.6)])
    assert quotas(found) == [5.6, 4.7, 4.7]
    assert quotas(found, 2016) == [5.6, 4.7, 4.7]


def test_stretch_quotas_follow() -> None:
    target = {"years": {2015: 15, 2016: 15}, "stretch": {"years": {2015: 16.5, 2016: 16.5}}}
    allocation = solved(small.indicator(target=target, decimals=2))
    found = adjust(allocation, [move(0.9)])
    assert quotas(found) == [8.9, 3.49, 2.61] or quotas(found) == [8.9, 3.48, 2.62]
    assert found.stretch is not None
    assert quotas(found.stretch)[0] == 8.9
    assert sum(quotas(found.stretch)) == pytest.approx(16.5)
    with pytest.raises(dc.PlanError, match="力争"):
        adjust(found.stretch, [])


def test_an_indicator_without_stretch_figures_has_no_stretch_quotas_after_a_move() -> None:
    """Its open years have no figure: what a region gives away was handed out twice."""
    stretch = {"years": {2015: 18, 2016: 24}, "stretch": {"years": {2015: 20, 2016: 26}}}
    other = small.indicator(id="firms", name="企业", kind="level", target={"growth": "10%以上"})
    allocation = solved(small.indicator(target=stretch), other)
    found = adjust(allocation, [dc.Move("企业", 2015, "甲区", -0.5)])
    assert list(found.annex2(2015).columns) == ["投资", "投资（力争）", "企业"]
    assert found.stretch is not None
    kept = [one[one["indicator"] == "firms"] for one in (found.quotas, found.stretch.quotas)]
    assert kept[0]["quota"].tolist() == kept[1]["quota"].tolist()


# ---- what is refused -------------------------------------------------------------------------


def refused(moves: Sequence[Move], hold: Sequence[Any] = (), **keys: Any) -> list[str]:
    with pytest.raises(dc.PlanError) as caught:
        adjust(solved(**keys), moves, hold=hold)
    return [one.message.code for one in caught.value.mistakes]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Move("投次", 2015, "甲区", 1), "adjust_unknown"),
        (Move("投资", 2015, "甲", 1), "adjust_unknown"),
        (Move("投资", 2017, "甲区", 1), "adjust_unknown"),
        (move(0.001), "adjust_off_grid"),
        (move(0), "adjust_amount"),
        (move(float("nan")), "adjust_amount"),
        (move(True), "adjust_amount"),
        (move(1, to="北方"), "adjust_unknown"),
        (move(1, to="甲区"), "adjust_nobody"),
        (move(1, to=()), "adjust_nobody"),
        (move(1, "北部"), "adjust_sum"),
        (move(1, "全市"), "adjust_sum"),
    ],
)
def test_what_is_wrong_with_a_move_is_told(wrong: Move, code: str) -> None:
    assert refused([wrong]) == [code]


def test_all_mistakes_are_told_together() -> None:
    moves = [move(0.001), move(1), move(2), move(1, "乙县"), Move("x", 2015, "甲区", 1)]
    hold = ["乙县", "没有", (1, 2), 2015, ("投资", "甲区", 2020)]
    assert refused(moves, hold) == [
        "adjust_unknown",
        "adjust_hold_form",
        "adjust_hold_form",
        "adjust_unknown",
        "adjust_off_grid",
        "adjust_twice",
        "adjust_held",
        "adjust_unknown",
    ]


def test_a_quota_that_is_not_there_cannot_be_moved() -> None:
    one = flow(regions=["甲区", "乙县"], base={"甲区": 8, "乙县": 4})
    with pytest.raises(dc.PlanError) as caught:
        adjust(solved(one), [move(1, "丙县")], hold=[("投资", "丙县", 2015)])
    assert [one.message.code for one in caught.value.mistakes] == ["adjust_no_quota"] * 2


def stopped(allocation: dc.Allocation, moves: Sequence[Move], **keys: Any) -> str:
    with pytest.raises(dc.InfeasibleError) as caught:
        adjust(allocation, moves, **keys)
    return str(caught.value)


def test_what_stops_a_move_is_named_with_the_most_that_can_be_moved() -> None:
    allocation = solved(flow(limits={"max": {"甲区": 8.4}, "min": {"丙县": 2.9}}))
    text = stopped(allocation, [move(1)])
    assert "上限8.40亿元" in text
    assert "最多能调 0.40亿元" in text
    assert quotas(adjust(allocation, [move(0.4)])) == [8.4, 3.7, 2.9]
    text = stopped(allocation, [move(0.4, to="丙县")], language="en")
    assert "0.10 亿元" in text
    assert "2.90 亿元" in text


def test_what_is_held_stops_a_move() -> None:
    text = stopped(solved(), [move(-1)], hold=["乙县", "丙县"])
    assert "投资目标15.00亿元；乙县、丙县2015年“投资”不变" in text
    assert "一步也不能调" in text


def test_an_open_year_keeps_its_sum() -> None:
    one = small.indicator(kind="level", target={"years": {2016: 20}})
    allocation = solved(one)
    text = stopped(allocation, [move(-1)], hold=["乙县", "丙县"])
    assert "全市2015年“投资”合计不变" in text


def test_moves_that_can_be_made_alone_only_are_told() -> None:
    allocation = solved(flow(limits={"max": {"丙县": 3.5}}))
    moves = [move(-0.4, to="丙县"), move(-0.4, "乙县", to="丙县")]
    assert "单独都能做到" in stopped(allocation, moves)


# ---- random plans ----------------------------------------------------------------------------


def random_moves(allocation: dc.Allocation, random: Random) -> tuple[list[Move], list[Any]]:
    """Choose a cell or two to be moved a little, and a few that are held."""
    steps = {
        one.indicator.id: one.step
        for stage in allocation.settled.stages
        for one in stage.built.series
    }
    cells = sorted(column(allocation, "quota"))
    moved = random.sample(cells, min(len(cells), random.choice((1, 1, 2))))
    moves = [
        Move(
            cell.indicator,
            cell.year,
            cell.region,
            random.choice((-3, -2, -1, 1, 2)) * steps[cell.indicator],
            why="协商",
        )
        for cell in moved
    ]
    rest = [tuple(cell) for cell in cells if cell not in moved]
    return moves, random.sample(rest, min(len(rest), random.choice((0, 0, 2))))


def area_sums(allocation: dc.Allocation) -> list[float]:
    """Return the area's sums of what is handed out; numerators of ratios follow from these."""
    frame, plan = allocation.totals, allocation.plan
    handed = {one.id for one in plan.indicators if one.kind != "ratio"}
    own = frame["indicator"].isin(handed & {*allocation.quotas["indicator"]})
    return [float(one) for one in frame.loc[own & (frame["scope"] == plan.total_label), "quota"]]


def assert_moved(
    allocation: dc.Allocation, found: dc.Allocation, moves: Sequence[Move], hold: Sequence[Any]
) -> None:
    """Check that moves came out, that what is held stayed, and that nothing moves any more."""
    stood, now = column(allocation, "quota"), column(found, "quota")
    for one in moves:
        cell = Cell(one.indicator, one.region, one.year)
        assert now[cell] == pytest.approx(stood[cell] + one.amount, abs=1e-9)
    for held in hold:
        assert now[Cell(*held)] == stood[Cell(*held)]
    assert column(adjust(found, []), "quota") == now


def assert_adjusted(allocation: dc.Allocation, random: Random) -> None:
    moves, hold = random_moves(allocation, random)
    try:
        found = adjust(allocation, moves, hold=hold)
    except (dc.InfeasibleError, dc.RoundingError):
        return
    assert_moved(allocation, found, moves, hold)
    assert area_sums(found) == pytest.approx(area_sums(allocation), abs=1e-9)
    # the rules are kept: what it breaks is no more than rounding can explain
    assert dc.adopt(allocation.plan, found.quotas).quotas["quota"].equals(found.quotas["quota"])


@settings(max_examples=2 * EXAMPLES)
@given(plans(), st.randoms(use_true_random=False))
def test_moves_come_out_and_rules_and_sums_are_kept(data: Data, random: Random) -> None:
    assert_adjusted(allocation_of(data), random)


@given(crossing_plans(), st.randoms(use_true_random=False))
def test_moves_come_out_where_groups_cross(data: Data, random: Random) -> None:
    try:
        allocation = allocation_of(data)
    except dc.RoundingError:
        reject()
    assert_adjusted(allocation, random)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("made", [ratio_plan, link_plan])
def test_moves_come_out_with_ratios_and_links(made: Callable[[int], Data], seed: int) -> None:
    try:
        allocation = dc.solve(dc.Plan.model_validate(made(seed)))
    except dc.InfeasibleError:
        return
    assert_adjusted(allocation, rng.Random(seed))


@pytest.mark.parametrize("seed", range(40))
def test_moves_of_published_growth_come_out(seed: int) -> None:
    allocation = dc.solve(dc.Plan.model_validate(growth_plan(seed)))
    moves, hold = random_moves(allocation, rng.Random(seed))
    try:
        found = adjust(allocation, moves, hold=hold)
    except (dc.InfeasibleError, dc.RoundingError):
        return
    assert_moved(allocation, found, moves, hold)


@given(plans(), st.randoms(use_true_random=False))
def test_order_and_solver_change_nothing(data: Data, random: Random) -> None:
    allocation = allocation_of(data)
    moves, hold = random_moves(allocation, random)
    other = allocation_of(shuffled(data, random))
    try:
        found = adjust(allocation, moves, hold=hold)
    except (dc.InfeasibleError, dc.RoundingError) as error:
        with pytest.raises(type(error)):
            adjust(other, moves, hold=hold)
        return
    assert column(adjust(other, moves, hold=hold), "quota") == column(found, "quota")
    again = adjust(allocation, moves[::-1], hold=hold[::-1], solver="HiGHS")
    assert column(again, "quota") == column(found, "quota")


@settings(max_examples=2 * EXAMPLES)
@given(simple_plans(), st.randoms(use_true_random=False))
def test_the_least_change_is_that_of_the_oracle(data: Data, random: Random) -> None:
    allocation = allocation_of(data)
    moves, hold = random_moves(allocation, random)
    stands = {cell: Fraction(str(value)) for cell, value in column(allocation, "quota").items()}
    fixed = {Cell(*held): stands[Cell(*held)] for held in hold}
    for one in moves:
        cell = Cell(one.indicator, one.region, one.year)
        fixed[cell] = stands[cell] + Fraction(str(round(one.amount, 6)))
    expected = least_change(PlanProgram(data), stands, fixed, sums=True)
    try:
        found = column(adjust(allocation, moves, hold=hold), "exact")
    except dc.InfeasibleError:
        assert expected is None
        return
    except dc.RoundingError:
        return
    assert expected is not None
    size = {name: float(one) for name, one in PlanProgram(data).sizes.items()}
    for cell, value in expected.items():
        near = 1e-6 * max(size[cell.indicator], abs(float(value)), 1e-3)
        assert found[cell] == pytest.approx(float(value), abs=near)


# ---- what is told ----------------------------------------------------------------------------


def test_why_tells_moves_and_who_changed_with_them() -> None:
    first = adjust(solved(), [move(-0.7, why="项目延期")])
    text = str(first.why("投资", "甲区", 2015))
    assert "原为8.00亿元，经协商调减0.70亿元（原因：项目延期）" in text
    assert "相应变动的有乙县（+0.40）、丙县（+0.30）" in text
    text = str(first.why("投资", "乙县", 2015))
    assert (
        "原为4.00亿元，因甲区2015年“投资”经协商调减0.70亿元（原因：项目延期），增加0.40亿元" in text
    )
    assert "协商" not in str(first.why("投资", "乙县", 2016))
    text = first.why("投资", "甲区", 2015).text("en")
    assert (
        "It stood at 8.00 亿元 and was cut by 0.70 亿元 in negotiation (reason: 项目延期)" in text
    )


def test_why_tells_every_move_of_a_number_the_last_one_last() -> None:
    first = adjust(solved(), [move(-0.7, why="延期")])
    second = adjust(first, [move(0.2, to="丙县", why="恢复")])
    text = str(second.why("投资", "甲区", 2015))
    assert (
        "此前经协商调减0.70亿元（原因：延期）；原为7.30亿元，经协商调增0.20亿元（原因：恢复）"
        in text
    )
    assert "原因" not in str(second.why("投资", "乙县", 2015))  # 4.40, as it stood
    other = adjust(second, [Move("投资", 2016, "甲区", 0.5)])
    text = str(other.why("投资", "甲区", 2015))
    assert "经协商调减0.70亿元（原因：延期），经协商调增0.20亿元（原因：恢复）" in text


def test_pages_tell_moves_in_a_few_words() -> None:
    found = adjust(solved(), [move(-0.7)])
    text = str(found.why("投资", year=2015))
    assert "甲区7.30亿元，参考数8.00，经协商调整（-0.70）" in text
    assert "乙县4.40亿元，参考数4.00，随协商调整变动（+0.40）" in text
    assert "随协商" not in str(found.why("投资", year=2016))


def test_why_is_the_same_when_it_comes_back(tmp_path: Path) -> None:
    found = adjust(adjust(solved(), [move(-0.7, why="一")]), [move(0.3, why="二")])
    found.save(tmp_path / "kept.json")
    back = dc.read_allocation(tmp_path / "kept.json")
    for region in small.BASES:
        assert back.why(region=region).text() == found.why(region=region).text()


@given(plans(), st.randoms(use_true_random=False))
def test_why_explains_every_adjusted_number(data: Data, random: Random) -> None:
    allocation = allocation_of(data)
    moves, hold = random_moves(allocation, random)
    try:
        found = adjust(allocation, moves, hold=hold)
    except (dc.InfeasibleError, dc.RoundingError):
        return
    for one in moves:
        assert "经协商" in str(found.why(one.indicator, one.region, one.year))
    for region in allocation.plan.region_names:
        if region in set(found.quotas["region"]):
            for language in ("zh", "en"):
                assert found.why(region=region).text(language)


# ---- on the command line ---------------------------------------------------------------------


def test_the_command_adjusts_what_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issued, changed = str(tmp_path / "issued.json"), tmp_path / "adjusted.json"
    solved().save(issued)
    moves = ["--move", "投资,甲区,2015,-0.7,延期，见纪要,第3页", "--hold", "投资,乙县,2015"]
    assert main(["adjust", issued, *moves, "-o", str(changed)]) == 0
    assert "延期" in capsys.readouterr().out
    found = dc.read_allocation(changed)
    assert quotas(found) == [7.3, 4, 3.7]
    assert found.log[0]["why"] == "延期，见纪要,第3页"
    assert main(["adjust", issued, "--move", "投资,甲区,2015,-0.7", "--to", "丙县"]) == 0
    assert main(["adjust", issued, "--move", "投资,甲区,2015,-0.7", "--to", "others"]) == 0
    assert main(["adjust", issued, "--move", "投资,甲区,2015"]) == 2
    assert main(["adjust", issued, "--move", "投资,甲区,2015,-9"]) == 1
    assert "不能小于 0" in capsys.readouterr().err


def test_one_quota_alone_can_be_held() -> None:
    issued = solved(flow())
    delayed = Move("investment", 2015, "甲区", -1)
    held = adjust(issued, delayed, hold=("investment", "乙县", 2015))
    assert held.quotas.equals(adjust(issued, delayed, hold=[("investment", "乙县", 2015)]).quotas)
    assert column(held, "quota")[Cell("investment", "乙县", 2015)] == 4


def test_what_has_no_quotas_of_its_own_is_told() -> None:
    given = {"id": "gdp", "name": "产值", "kind": "given", "values": {2015: {"甲区": 9}}}
    issued = solved(flow(), given)
    with pytest.raises(dc.PlanError) as caught:
        adjust(issued, Move("产值", 2015, "甲区", 1))
    assert [one.message.code for one in caught.value.mistakes] == ["adjust_follows"]
