"""Random small plans as plain data.

A hidden allocation on the grid is drawn first; targets, limits and locks are then laid around it,
mostly so that it keeps them. Some are pulled too tight: such plans may have no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any, NamedTuple

from hypothesis import strategies as st

Data = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

BASE_YEAR = 2014
REGIONS = ("甲区", "乙县", "丙县", "丁市")
GROUPS = ("南部", "北部")
AREA_KEYS = ("示例市", "全市", "area")
GRIDS: tuple[tuple[Data, Fraction], ...] = (
    ({}, Fraction(1, 100)),
    ({"decimals": 1}, Fraction(1, 10)),
    ({"integer": True}, Fraction(1)),
    ({"decimals": 0}, Fraction(1)),
    ({"step": 0.5}, Fraction(1, 2)),
)
LIMITS = ("max", "min", "growth", "total", "ramp", "share", "share_shift", "monotone")


class Menu(NamedTuple):
    """What plans may hold."""

    indicators: int
    limits: tuple[str, ...]
    sums: bool
    """Whether limits may bind sums, and targets more than the years' sums."""
    ties: bool
    """Whether indicators may be parts of others."""


SIMPLE = Menu(2, ("max", "min", "growth"), sums=False, ties=False)
EVERYTHING = Menu(3, LIMITS, sums=True, ties=True)


def simple_plans() -> st.SearchStrategy[Data]:
    """Plans with one sum per year, boxes and growth limits: they have a closed form."""
    return _plans(SIMPLE)


def plans() -> st.SearchStrategy[Data]:
    """Plans with everything."""
    return _plans(EVERYTHING)


def capped_plans() -> st.SearchStrategy[tuple[Data, str, int]]:
    """Plans whose first indicator has a capacity, with the region and year that it binds."""
    return _capped_plans()


@st.composite
def _capped_plans(draw: Draw) -> tuple[Data, str, int]:
    data = draw(st.sampled_from((SIMPLE, EVERYTHING)).flatmap(_plans))
    return data, "", 0


@st.composite
def _plans(draw: Draw, menu: Menu) -> Data:
    frame = _Frame.drawn(draw, menu)
    indicators: list[_Indicator] = []
    for number in range(draw(st.integers(1, menu.indicators))):
        indicators.append(_Indicator(draw, frame, menu, f"i{number}", indicators))
    return {
        "title": "示例行动",
        "area": "示例市",
        "total_label": "全市",
        "base_year": BASE_YEAR,
        "years": frame.years,
        "regions": frame.said,
        "groups": {name: {"subtotal": draw(st.booleans())} for name in frame.groups},
        "tables": frame.tables,
        "indicators": [one.said for one in indicators],
    }


class _Frame(NamedTuple):
    years: list[int]
    regions: list[str]
    reserve: str | None
    groups: dict[str, list[str]]
    said: list[Data]
    tables: Data

    @staticmethod
    def drawn(draw: Draw, menu: Menu) -> _Frame:
        years = draw(
            st.sampled_from(([2015, 2016], [2015], [2015, 2016, 2017], [2015, 2017], [2016]))
        )
        regions = list(REGIONS[: draw(st.integers(2, 4))])
        groups: dict[str, list[str]] = {}
        for name in GROUPS[: draw(st.integers(0, 2))] if menu.sums else ():
            members = draw(st.lists(st.sampled_from(regions), min_size=1, unique=True))
            groups[name] = sorted(members, key=regions.index)
        reserve = None
        if menu.sums and draw(_seldom):
            reserve = "市本级"
            regions = [*regions, reserve]
        said: list[Data] = []
        for region in regions:
            own = [name for name, members in groups.items() if region in members]
            said.append({"name": region, "groups": own, "reserve": region == reserve})
        return _Frame(list(years), regions, reserve, groups, said, {})

    def column(self, cells: Data) -> str:
        """Add a column to the tables; return its name."""
        name = f"c{len(self.tables)}"
        self.tables[name] = cells
        return name


_often = st.sampled_from((True, True, False))
_seldom = st.sampled_from((False, False, False, True))
_rarely = st.sampled_from((False,) * 9 + (True,))


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
