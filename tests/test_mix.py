"""The area's change of a ratio: what the mix of regions brings, and what the regions bring."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import decompose as dc

DATA = Path(__file__).parent.parent / "data"
REGIONS = ["甲区", "乙县"]


def plan(**keys: Any) -> dc.Plan:
    """Output moves from 乙县, which uses twice as much for it, to 甲区."""
    output = {2014: (40, 60), 2016: (60, 40)}
    given = {year: dict(zip(REGIONS, pair, strict=True)) for year, pair in output.items()}
    ratio = {
        "id": "intensity",
        "name": "能耗",
        "kind": "ratio",
        "unit": "吨",
        "decimals": 2,
        "denominator": "output",
        "base_numerator": {"甲区": 40, "乙县": 120},
        **keys,
    }
    return dc.Plan.model_validate(
        {
            "title": "示例行动",
            "total_label": "全市",
            "base_year": 2014,
            "years": [2016],
            "regions": REGIONS,
            "indicators": [
                {"id": "output", "kind": "given", "report": False, "values": given},
                ratio,
            ],
        }
    )


def numbers_of(allocation: dc.Allocation) -> dict[str, float]:
    """Return the one row's numbers."""
    (row,) = allocation.mix[["change", "mix", "regions"]].to_dict("records")
    return {str(name): float(value) for name, value in row.items()}


def test_a_cut_is_split_into_mix_and_regions() -> None:
    allocation = dc.solve(plan(publish="cut", cut_unit="%", target={"cut": "20%"}))
    row = numbers_of(allocation)
    # 1.6 in the base year; 1.4 with the new output, if both stay at 1 and 2; 1.28 is asked for
    assert row["change"] == pytest.approx(20, abs=0.02)
    assert row["mix"] == pytest.approx(100 * (1.6 - 1.4) / 1.6)
    assert row["regions"] == pytest.approx(row["change"] - row["mix"])
    notes = allocation.tables()[0].notes
    assert any(note.endswith("其中地区结构变动12.50%，各地区自身7.51%") for note in notes)
    (english,) = (one for one in allocation.tables(language="en")[0].notes if "mix" in one)
    assert "12.50% comes from the mix of regions and 7.51% from the regions themselves" in english


def test_a_value_is_split_in_its_unit_without_a_note() -> None:
    allocation = dc.solve(plan(target={"years": {2016: "1.28以下"}}))
    row = numbers_of(allocation)
    assert row["mix"] == pytest.approx(-0.2)
    assert row["change"] == pytest.approx(allocation.totals["quota"].iloc[0] - 1.6, abs=0.005)
    assert not any("结构变动" in note for note in allocation.tables()[0].notes)


def bases(plan: dc.Plan, name: str) -> dict[str, Fraction]:
    """Return base-year values by region, as they are written."""
    values = plan.base(plan.indicators[plan.indicator_index[name]])
    return {region: Fraction(str(x)) for region, x in zip(plan.region_names, values, strict=True)}


def test_parts_add_up_and_are_what_exact_fractions_make() -> None:
    allocation = dc.solve(dc.read_plan(DATA / "zhongshan" / "plan.yaml"))
    plan, mix = allocation.plan, allocation.mix
    assert (mix["change"] - mix["mix"] - mix["regions"]).abs().max() < 2e-6
    values = allocation.values
    value = values[values["indicator"] == "value_added"].set_index(["region", "year"])["value"]
    below, above = (bases(plan, name) for name in ("value_added", "energy"))
    base = sum(above.values()) / sum(below.values())
    now = {name: Fraction(str(value[name, 2017])) for name in plan.region_names}
    kept = sum(now[name] * above[name] / below[name] for name in now) / sum(now.values())
    row = mix[
        (mix["indicator"] == "energy_intensity") & (mix["scope"] == "全市") & (mix["year"] == 2017)
    ]
    assert row["mix"].iloc[0] == pytest.approx(float(100 * (base - kept) / base), abs=1e-6)
