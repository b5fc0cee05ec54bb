"""Plans that are odd and legal: large numbers, bases between two steps, stretch of growth, …

Numbers are counted by hand beside each of them.
"""

from __future__ import annotations

from typing import Any

import pytest

import decompose as dc
from decompose.figures import plain
from decompose.plan import plan as plan_file
from tests import plans as small
from tests.solved import of_year

# ---- large numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [1, 2, 3])
@pytest.mark.parametrize("figure", [149133.2, 136993.1, 1000000000.3, 12345678901.7])
def test_large_sums_are_whole_steps(figure: float, decimals: int) -> None:
    one = small.indicator(decimals=decimals, target={"years": {2015: figure, 2016: figure}})
    allocation = dc.solve(small.plan(one))
    assert list(allocation.totals["quota"][:3]) == [figure, figure, 2 * figure]
    locked = small.indicator(decimals=decimals, target={}, locks={"甲区": {2015: figure}})
    assert list(dc.solve(small.plan(locked)).quotas["quota"]) == [figure]


# ---- increments from a base between two steps ----------------------------------------------------

RISING: dict[str, Any] = {
    "kind": "level",
    "publish": "increment",
    "decimals": 1,
    "base": {"甲区": 213.99, "乙县": 9.56, "丙县": 1},
}


@pytest.mark.parametrize(
    ("keys", "rises", "references"),
    [
        ({"target": {"increase": "11.3以上"}}, 11.3, 11.3),
        ({"target": {"years": {2016: "235.8以上"}}}, 11.3, 11.25),
        ({"target": {"years": {2016: 235.83}}}, 11.3, 11.28),
        ({"target": {"years": {2016: "235.8以下"}}}, 11.2, 11.25),
        ({"target": {"increase": 11.3}, "limits": {"max": {"全市": 235.8}}}, None, None),
    ],
)
def test_sums_of_increments_are_on_their_own_grid(
    keys: dict[str, Any], rises: float | None, references: float | None
) -> None:
    plan = small.plan(small.indicator(**RISING, **keys), years=[2016])
    if rises is None:  # 235.85 by the target, 235.8 at most: between two steps, so 235.75
        assert not dc.explain(plan).feasible
        return
    quotas = dc.solve(plan).quotas
    assert quotas["quota"].sum() == pytest.approx(rises)
    assert quotas["reference"].sum() == pytest.approx(references)


def test_capacities_of_increments_are_not_passed_and_floors_are_reached() -> None:
    limits = {"max": {"甲区": 214.5}, "min": {"丙县": 4.05}}
    one = small.indicator(**RISING, target={"increase": 11.3}, limits=limits)
    found = of_year(dc.solve(small.plan(one, years=[2016])), "quota", "investment")
    assert found == {"甲区": 0.5, "乙县": 7.7, "丙县": 3.1}


def test_a_lock_between_two_steps_of_the_increment_is_a_mistake() -> None:
    def plan(value: float) -> dc.Plan:
        locks = {"乙县": {2016: value}}
        one = small.indicator(**RISING, target={"increase": 11.3}, locks=locks)
        return small.plan(one, years=[2016])

    with pytest.raises(dc.PlanError, match=r"9\.56") as error:
        plan(10.5)
    assert [one.message.code for one in error.value.mistakes] == ["lock_rise"]
    assert of_year(dc.solve(plan(10.56)), "quota", "investment")["乙县"] == 1


def test_increments_of_a_group_alone_have_increments_for_references() -> None:
    targets = {"北部": {"years": {2015: 16, 2016: "18以上"}}}
    one = small.indicator(**{**RISING, "target": {}}, group_targets=targets)
    allocation = dc.solve(small.plan(one))
    assert of_year(allocation, "reference", "investment", 2015) == pytest.approx(
        {"乙县": 5.44 * 9.56 / 10.56, "丙县": 5.44 / 10.56}
    )
    assert sum(of_year(allocation, "reference", "investment").values()) == pytest.approx(2)


# ---- stretch of published growth -----------------------------------------------------------------


def test_growth_that_must_fall_behind_its_base_quota_stands_where_the_rules_make_it() -> None:
    group = {"years": {2015: "8以上"}, "stretch": {"years": {2015: "9.1以上", 2016: "10以上"}}}
    years, more = {2015: 18, 2016: 20}, {2015: 18.2, 2016: 20.2}
    one = small.indicator(
        kind="level",
        publish="growth",
        decimals=1,
        target={"years": years, "stretch": {"years": more}},
        group_targets={"北部": group},
    )
    higher = dc.solve(small.plan(one)).stretch
    assert higher is not None
    # 7 in the base year for 9.1 at least is 30 %; 8 for the other 9.1 is 13.75 %, 20 % at base
    found = of_year(higher, "quota", "investment", 2015)
    assert found == {"甲区": pytest.approx(13.8), "乙县": 30, "丙县": 30}


def test_levels_of_a_group_hold_over_several_increments() -> None:
    # 103.3 and two whole increments: 139.3, or 140.3, which is too much
    base = {"甲区": 103.3, "乙县": 5, "丙县": 6}
    one = small.indicator(
        **{**RISING, "decimals": 0, "base": base},
        target={"years": {2016: "163左右"}},
        group_targets={"南部": {"years": {2016: "140以下"}}},
        limits={"max": {"乙县": 12, "丙县": 11}},
    )
    values = dc.solve(small.plan(one)).values
    levels = values[(values["year"] == 2016) & (values["region"] == "甲区")]["value"]
    assert list(levels) == [139.3]


# ---- numerators without a denominator ------------------------------------------------------------


@pytest.mark.parametrize("below", [{}, {"市本级": 0}])
@pytest.mark.parametrize(
    "target", [{"years": {2016: "20以下"}}, {"cut_each_year": "10%"}, {"cut": "19%"}]
)
def test_the_area_s_ratio_counts_numerators_that_have_no_denominator(
    below: dict[str, int], target: dict[str, Any]
) -> None:
    def plan(total: float) -> dc.Plan:
        homes: list[Any] = [{"name": "甲区"}, {"name": "市本级", "reserve": True}]
        data = {year: {"甲区": 100, **below} for year in (2014, 2015, 2016)}
        return small.plan(
            {"id": "output", "kind": "given", "values": data},
            {
                "id": "energy",
                "kind": "level",
                "base": {"甲区": 24, "市本级": 0},
                "target": {"years": {2016: total}},
            },
            {
                "id": "share",
                "kind": "ratio",
                "scale": 100,
                "decimals": 1,
                "numerator": "energy",
                "denominator": "output",
                "target": target,
            },
            regions=homes,
            groups={},
        )

    least = 19.44 if "years" not in target else 20
    totals = dc.solve(plan(least)).totals
    share = totals[(totals["indicator"] == "share") & (totals["year"] == 2016)]["quota"]
    assert list(share) == [round(least, 1)]
    found = dc.explain(plan(30))
    assert not found.feasible  # the reserve's own 10 are not above a denominator of nothing
    assert {rule.indicator for rule in found.conflict} == {"energy", "share"}


# ---- links to years without a number -------------------------------------------------------------


@pytest.mark.parametrize("scope", ["region", "area", "北部"])
@pytest.mark.parametrize("kind", ["at_most_share", "at_least_share"])
def test_a_share_of_what_is_not_assigned_says_nothing(kind: str, scope: str) -> None:
    whole = small.indicator(id="whole", name="全部", target={"years": {2016: 30}})
    link = {kind: "60%" if kind == "at_most_share" else "90%", "of": "whole", "scope": scope}
    part = small.indicator(target={"years": {2015: 5, 2016: "18以上"}}, links=[link])
    plan = small.plan(whole, part)
    assert not [one for one in dc.check(plan) if one.severity == "error"]
    found = dc.solve(plan)
    assert sum(of_year(found, "quota", "investment", 2015).values()) == pytest.approx(5)
    wanted = 27 if kind == "at_least_share" and scope != "北部" else 18
    assert sum(of_year(found, "quota", "investment", 2016).values()) == pytest.approx(wanted)
    alone = small.indicator(target={}, links=[link])  # it has no number at all
    assert not [one for one in dc.check(small.plan(whole, alone)) if one.severity == "error"]
    assert "investment" not in set(dc.solve(small.plan(whole, alone)).quotas["indicator"])


def test_a_sum_of_what_is_not_assigned_has_its_own_figure() -> None:
    parts = [small.indicator(id=name, name=name, target={"years": {2016: 10}}) for name in "ab"]
    whole = small.indicator(sum_of=["a", "b"], target={"years": {2015: 5, 2016: "19以上"}})
    found = dc.solve(small.plan(*parts, whole))
    assert sum(of_year(found, "quota", "investment", 2015).values()) == pytest.approx(5)
    assert sum(of_year(found, "quota", "investment", 2016).values()) == pytest.approx(20)


def test_who_takes_no_part_is_told() -> None:
    one = small.indicator(years=[2015])
    plan = small.plan(one)
    assert "没有地区承担" in dc.explain(plan).text()
    assert "nobody takes part" in dc.explain(plan).text("en")
    alone = small.plan(small.indicator(years=[2015], target={"years": {2016: 24}}))
    handed = dc.solve(alone, gap="row")
    assert handed.gaps.to_numpy().tolist() == [["investment", "全市", 2016, 24, 0, 24]]
    assert handed.annex1()["2016年"].to_list() == [24]


# ---- growth that is rounded beyond a figure ------------------------------------------------------


def test_a_figure_that_stays_is_no_fall_from_what_was_rounded_up() -> None:
    # 15 to 18 is 20 %; one digit less is printed, so that 2015 ends at 19.5 and growth of 0 stays
    one = small.indicator(
        kind="level", publish="growth", step=30, target={"years": {2015: 18, 2016: 18}}
    )
    allocation = dc.solve(small.plan(one))
    assert list(allocation.quotas["quota"]) == [30, 0] * 3
    listed = allocation.excess[["family", "year", "amount"]].to_numpy().tolist()
    assert listed == [["target", 2015, pytest.approx(1.5)], ["target", 2016, pytest.approx(1.5)]]
    less = small.indicator(
        kind="level", publish="growth", decimals=1, target={"years": {2015: 18, 2016: 17}}
    )
    assert not dc.explain(small.plan(less)).feasible


def test_a_sum_is_measured_from_figures_that_it_cannot_reach() -> None:
    # 0.02 at most; how far it is from 0.08 counts, not how far it is from 0.02
    data = {
        "title": "示例行动",
        "total_label": "全市",
        "base_year": 2014,
        "years": [2015, 2016],
        "regions": [{"name": "甲区", "groups": ["南部"]}],
        "groups": {"南部": {}},
        "indicators": [
            {
                "id": "one",
                "kind": "flow",
                "base": {"甲区": 0.02},
                "target": {"years": {2015: 0.02, 2016: "0.08以下"}},
                "group_targets": {"南部": {"years": {2016: "0.01以上"}}},
                "limits": {"monotone": "down"},
            }
        ],
    }
    exact = dc.solve(dc.Plan.model_validate(data)).quotas["exact"]
    assert exact.tolist() == pytest.approx([0.02, 2 / (1 / 0.08 + 1 / 0.01)])


# ---- repairs where more than one thing clashes ---------------------------------------------------


@pytest.mark.parametrize("figure", [18, "18以上"])
def test_repairs_let_the_stretch_figures_be_met_too(figure: Any) -> None:
    limits = {"max": {"全市": 17}}
    target = {"years": {2015: figure, 2016: 16}, "stretch": {"years": {2015: 20, 2016: 22}}}
    found = dc.explain(small.plan(small.indicator(target=target, limits=limits)))
    assert {rule.year for rule in found.conflict} == {2015}
    assert len(found.repairs) == 2
    for number, repair in enumerate(found.repairs):
        allocation = dc.solve(found.apply(number))
        assert allocation.stretch is not None
        assert any(".stretch." in path for path in repair.changes) == (number == 1)
    assert "降低投资的目标（力争），合计降低8.00亿元" in found.text()


def test_repairs_of_rates_where_another_part_clashes_too() -> None:
    whole = small.indicator(id="whole", name="全部")
    link = {"at_least_share": "80%", "of": "whole"}
    part = small.indicator(target={"years": {2015: 9, 2016: 12}}, links=[link])
    apart = small.indicator(id="apart", name="另外", limits={"max": 5})
    nobody = small.indicator(id="nobody", name="无人", years=[2015])
    found = dc.explain(small.plan(whole, part, apart))
    assert found.repairs
    for number in range(len(found.repairs)):
        dc.solve(found.apply(number))
    assert not dc.explain(small.plan(whole, part, apart, nobody)).feasible


def test_a_year_without_any_denominator_has_no_ratio() -> None:
    bottom = small.indicator(id="output", name="产值", kind="level", target={"years": {2016: 30}})
    top = small.indicator(id="energy", name="能耗", target={"years": {2015: 3, 2016: 3}})
    share: dict[str, Any] = {"id": "share", "kind": "ratio", "scale": 100, "decimals": 1}
    share |= {"numerator": {"cumulative": "energy"}, "denominator": "output"}
    bottom["target"]["years"][2015] = "—"
    allocation = dc.solve(small.plan(bottom, top, {**share, "target": {"years": {2016: "20以上"}}}))
    totals = allocation.totals
    assert list(totals[totals["indicator"] == "share"]["year"]) == [2016, 2016]
    assert allocation.annex1()["2015年"].to_list() == ["—", 3, "—"]


# ---- sensitivity of growth -----------------------------------------------------------------------


def test_an_open_year_of_growth_is_no_rule_of_a_sensitivity_table() -> None:
    one = small.indicator(kind="level", publish="growth", target={"increase": "9左右"})
    table = dc.sensitivity(dc.solve(small.plan(one))).table
    assert set(table["path"]) <= {"indicators.investment.target.increase"}


def test_increments_rise_from_the_last_year_that_is_assigned() -> None:
    for target, keys in (
        ({"years": {2015: "—", 2016: 24}}, {}),
        ({"years": {2016: 24}}, {"years": [2016]}),
    ):
        one = small.indicator(kind="level", publish="increment", target=target, **keys)
        allocation = dc.solve(small.plan(one))
        assert of_year(allocation, "reference", "investment") == pytest.approx(
            {"甲区": 4.8, "乙县": 2.4, "丙县": 1.8}
        )
        totals = allocation.totals.to_numpy().tolist()
        assert totals[0] == ["investment", "全市", 2016, 9, "exact", 9]
        assert "9.00 × 53.33% = 4.80亿元" in str(allocation.why("投资", "甲区", 2016))


def test_rounding_increments_leaves_the_level_within_a_step() -> None:
    years = list(range(2015, 2023))
    sums = [15, 18, 20, 25, 27, 31, 33, 38]
    base = {"甲区": 5, "乙县": 4, "丙县": 3}
    one = small.indicator(kind="level", publish="increment", integer=True, base=base)
    one["target"] = {"years": dict(zip(years, sums, strict=True))}
    allocation = dc.solve(small.plan(one, years=years))
    gained = allocation.quotas.groupby("region")[["quota", "exact"]].cumsum()
    assert (gained["quota"] - gained["exact"]).abs().max() < 1
    totals = allocation.totals
    assert list(totals[totals["scope"] == "全市"]["quota"]) == [3, 3, 2, 5, 2, 4, 2, 5]


def test_increments_of_a_group_are_explained_by_its_increment() -> None:
    targets = {"北部": {"years": {2015: 16, 2016: "18以上"}}}
    one = small.indicator(**{**RISING, "target": {}}, group_targets=targets)
    told = str(dc.solve(small.plan(one)).why("投资", "乙县", 2016))
    assert "2.0 × 90.53% = 1.8亿元" in told


def test_increments_without_a_base_are_a_mistake() -> None:
    one = small.indicator(kind="level", publish="increment")
    del one["base"]
    with pytest.raises(dc.PlanError, match="increment") as error:
        small.plan(one)
    assert [one.message.code for one in error.value.mistakes] == ["base_needed"]


# ---- cuts of more than all -----------------------------------------------------------------------


@pytest.mark.parametrize("target", [{"cut": "120%"}, {"cut": "98%以上", "margin": "5%"}])
def test_a_cut_of_more_than_all_is_a_mistake(target: dict[str, Any]) -> None:
    given = {year: {"甲区": 20, "乙县": 9, "丙县": 9} for year in (2014, 2015, 2016)}
    indicators: list[dict[str, Any]] = [
        {"id": "output", "kind": "given", "values": given},
        {"id": "energy", "kind": "level", "base": {"甲区": 8, "乙县": 4, "丙县": 3}},
        {
            "id": "cut",
            "kind": "ratio",
            "numerator": "energy",
            "denominator": "output",
            "publish": "cut",
            "target": target,
        },
    ]
    with pytest.raises(dc.PlanError, match="100%") as error:
        small.plan(*indicators)
    assert [one.message.code for one in error.value.mistakes] == ["cut_above_one"]


def test_many_changes_do_not_each_read_all_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def counted(text: str) -> str:
        read.append(text)
        return plain(text)

    monkeypatch.setattr(plan_file, "plain", counted)
    names = [f"县{number}" for number in range(200)]
    data: dict[str, Any] = {"groups": {"max": dict.fromkeys(names, 4), 2015: {"７县": 1}}}
    for name in names:
        plan_file.put(data, f"groups.max.{name}", 5)
    assert data["groups"]["max"] == dict.fromkeys(names, 5)
    assert not read
    plan_file.put(data, "groups.2015.7县", 2)  # keys in another form are found as before
    assert data["groups"][2015] == {"７县": 2}


def test_one_region_whose_ratio_must_rise_and_fall_is_told() -> None:
    """A program of a single cell without a sum: 256.3 of 596 must rise, and is to be cut."""
    own: list[dict[str, Any]] = [
        {"id": "part", "kind": "level", "base": {"甲区": 256.3}},
        {"id": "whole", "kind": "given", "values": {2014: {"甲区": 596}, 2015: {"甲区": 578}}},
        {
            "id": "share",
            "kind": "ratio",
            "numerator": "part",
            "denominator": "whole",
            "publish": "rise",
            "target": {"cut_each_year": "8%"},
        },
    ]
    plan = small.plan(*own, years=[2015], regions=["甲区"], groups={})
    with pytest.raises(dc.InfeasibleError, match="8%"):
        dc.solve(plan)
