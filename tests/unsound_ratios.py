"""Small plans with ratios for checks and mistakes: denominators that grow, or are planned."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import decompose as dc
from decompose.errors import PlanError
from tests import plans, small_ratios
from tests.plans import Data

FIRMS: Data = {
    **small_ratios.FIRMS,
    "values": {
        2014: {"甲区": 100, "乙县": 60, "丙县": 40},
        2015: {"甲区": 110, "乙县": 60, "丙县": 40},
        2016: {"甲区": 120, "乙县": 65, "丙县": 40},
    },
}
OUTPUT = plans.indicator(id="output", name="产值", kind="level", target={"years": {2016: 20}})
"""15 in 2014."""
ENERGY: Data = {
    "id": "energy",
    "name": "能耗",
    "kind": "level",
    "base": {"甲区": 4, "乙县": 2, "丙县": 1},
}
GROWN = {**ENERGY, "unit": "亿元"}
"""7 in 2014; by 10 % a year it is 8.47 in 2016, which is 42.35 % of an output of 20."""


def share(**keys: Any) -> Data:
    """A rate over the firms, 20 % in 2016."""
    return {**without(small_ratios.share(), "decimals"), "target": {"years": {2016: 20}}, **keys}


def use(figure: Any = 45, **keys: Any) -> Data:
    """Energy by output, in 2016."""
    parts = {"numerator": "energy", "denominator": "output"}
    return share(**{**parts, "target": {"years": {2016: figure}}, **keys})


def cut(**keys: Any) -> Data:
    """Energy per firm, 6 % lower in 2016."""
    said = {"numerator": "energy", "publish": "cut", "target": {"cut": "6%以上"}}
    return share(id="cut", name="单耗", **{**said, **keys})


def without(said: Data, *keys: str) -> Data:
    return {key: value for key, value in said.items() if key not in keys}


def issues(*indicators: Data, **keys: Any) -> list[dc.Issue]:
    """What check tells of ratios and links."""
    plan = plans.plan(*indicators, **keys)
    codes = ("ratio", "cut_from", "rise_from", "figure_from", "yearly", "share", "sum_", "stated")
    more = ("increase_from_level", "increase_from_ratio", "growth_from")
    return [one for one in dc.check(plan) if one.code.startswith((*codes, *more))]


def read(data: Data) -> tuple[dc.Plan | None, PlanError | None]:
    """The plan, or the error that tells its mistakes."""
    try:
        return dc.Plan.model_validate(data), None
    except PlanError as error:
        return None, error


def mistakes(*indicators: Data) -> PlanError | None:
    return read(plans.data(*deepcopy(list(indicators))))[1]


def codes_of(error: PlanError | None) -> list[str]:
    """Every mistake as path and code, below the indicators."""
    assert error is not None
    assert all(error.text(language) for language in ("zh", "en"))
    return [
        f"{'.'.join(map(str, one.path[1:]))} {one.message.code}"
        for one in error.mistakes
        if one.path[0] == "indicators"
    ]
