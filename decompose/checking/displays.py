"""Words that tables print in place of the area's figure, where they hold another figure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from decompose.checking.issue import Found
from decompose.checking.printed import digits_of
from decompose.checking.view import View
from decompose.figures import Figure, Sense, parse_figure, plain
from decompose.labels import Message, say
from decompose.labels.figures import DATES
from decompose.problem import AREA, TOTAL

_NUMBER = re.compile(rf"\d[\d,]*(?:\.\d+)?(?![\d.,]*(?:{'|'.join(DATES)}))")
_OPPOSITE = {Sense.AT_LEAST, Sense.AT_MOST}


@dataclass(frozen=True)
class Wanted:
    """What stands behind the area's figure: the figure where there is one, the numbers it means.

    Attributes
    ----------
    said
        As the plan says it; None where the number follows from others.
    numbers
        The figure, and what is handed out.
    """

    said: Figure | None
    numbers: tuple[float, ...]


def check_display(view: View) -> Iterator[Found]:
    """Warn of words in which no figure agrees with the target's, or with what follows from it."""
    for key, text in view.indicator.display.items():
        found, wanted = _figures_in(view, text), _wanted(view, key)
        numbers = [one for one in wanted.numbers if not math.isnan(one)]
        if (
            not found
            or not numbers
            or any(_agree(view, one, wanted.said, numbers) for one in found)
        ):
            continue
        message = say(
            "display_differs",
            name=view.indicator.label,
            when=_when(view, key),
            text=text,
            figure=view.amount(numbers[0], 6),
        )
        year = {"total": TOTAL, "base": None}.get(key, view.plan.year_index.get(_year(key)))
        data = {"text": text, "stated": found[0].value, "wanted": numbers[0]}
        yield Found("warning", view, message, AREA, year, data)


def _year(key: str) -> int:
    return int(key) if key.isdecimal() else 0


def _when(view: View, key: str) -> Message:
    if key == "base":
        return say("the_base_year", year=view.plan.base_year)
    return view.year_name(TOTAL if key == "total" else view.plan.year_index[int(key)])


def _figures_in(view: View, text: str) -> list[Figure]:
    """Return the figure that a text is, its unit aside, or else every number in it but dates."""
    unit = plain(view.indicator.unit)
    bare = plain(text).replace(unit, "") if unit and unit != "%" else plain(text)
    try:
        said = parse_figure(bare)
        return [said] if said.given else []
    except ValueError:
        return [
            Figure(float(found[0].replace(",", "")), text=found[0])
            for found in _NUMBER.finditer(bare)
        ]


def _agree(view: View, one: Figure, said: Figure | None, numbers: list[float]) -> bool:
    """Whether a figure in words allows one of the numbers, rounded to its own digits."""
    if said is not None and {one.sense, said.sense} == _OPPOSITE:
        return False
    low, high = one.bounds(view.indicator.target.tolerance)
    slack = 0.5 * 10.0 ** -digits_of(one) + 1e-9
    return any(low - slack <= number <= high + slack for number in numbers)


def _wanted(view: View, key: str) -> Wanted:
    """Return what the area's figure of a year, of all years or of the base year is."""
    series, last = view.series, view.years - 1
    if key == "base":
        return Wanted(None, (series.base_sum,))
    year = last if key == "total" else view.plan.year_index[int(key)]
    if view.indicator.publish == "increment":
        levels = np.append(series.base_sum, series.handed)
        before = levels[0 if key == "total" else year]
        return Wanted(None, (float(levels[year + 1] - before),))
    handed = float(series.handed[year])
    if key == "total" and view.indicator.kind == "flow":
        year, handed = TOTAL, float(series.handed[~np.isnan(series.handed)].sum())
    for total in series.sums:
        if (total.scope, total.year) == (AREA, year) and total.path.split(".")[3] in _PLAIN:
            ends = (total.said.value, total.said.upper or total.said.value, total.figure)
            return Wanted(total.said, ends)
    for row in series.ratio_rows:
        if (row.scope, row.year) == (AREA, year):
            return Wanted(row.said, (row.target, handed))
    return Wanted(None, (handed,))


_PLAIN = ("years", "each_year", "total")
"""Keys of targets whose figure is the sum itself."""
