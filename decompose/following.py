"""Values that follow from columns, and rules on values rewritten in the columns.

Where something else than a value is published (a ratio, from which its numerator follows; a yearly
increment or growth, from which a level follows): ``value = offset + Σ factor · column``. What is
printed already of an indicator that is settled year by year follows from nothing: a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from decompose.plan.content import PlanContent
from decompose.plan.growth import Growth
from decompose.plan.order import free_numerators
from decompose.plan.ratios import PERCENT
from decompose.plan.steps import SNAP, down_all, nearest, up_all
from decompose.problem import FAMILY, Bools, Floats, Ints, Matrix, Problem, Rules
from decompose.series import Series

SUMS = [FAMILY[name] for name in ("target", "max", "min")]
"""Families that bound the values of one indicator, which are whole steps only where increments
start from whole steps."""


def following(
    plan: PlanContent, series: tuple[Series, ...], columns: dict[int, Ints], size: int
) -> tuple[dict[int, Ints], Matrix, Floats]:
    """Find the values that follow from columns, and those that are printed."""
    places = {number: column.copy() for number, column in columns.items()}
    ratios = {top: plan.indicator_index[name] for top, name in free_numerators(plan).items()}
    by_number = {one.number: one for one in series}
    parts: list[Matrix] = []
    offsets: list[Floats] = []
    rows = 0
    for one in series:
        ratio = by_number.get(ratios.get(one.indicator.id, -1))
        for cells, made, offset in _values_of(one, ratio, columns):
            places[one.number][cells] = size + rows + np.arange(len(made))
            parts.append(made)
            offsets.append(offset)
            rows += len(made)
    return places, Matrix.stack(parts), np.concatenate([*offsets, np.zeros(0)])


def _values_of(
    one: Series, ratio: Series | None, columns: Mapping[int, Ints]
) -> Iterator[tuple[Bools, Matrix, Floats]]:
    """Give the cells of an indicator that are no columns, and how they follow from some.

    A free numerator follows its ratio, a level its increments; what is printed, nothing.
    """
    if ratio is not None and ratio.ratio is not None:
        column = columns[ratio.number]
        cells = column >= 0
        count = int(cells.sum())
        made = Matrix(np.arange(count + 1), column[cells], ratio.ratio.factor[cells])
        yield cells, made, ratio.ratio.offset[cells]
    elif one.indicator.publish == "increment" and one.indicator.kind == "level":
        column = columns[one.number]
        yield column >= 0, *_added_up(column, _last_printed(one))
    elif one.growth is not None:
        yield _grown(one.growth, columns[one.number])
    if one.printed is not None:
        cells = ~np.isnan(one.printed)
        nothing = np.zeros(int(cells.sum()) + 1, dtype=np.int64)
        yield cells, Matrix(nothing, nothing[:0], np.zeros(0)), one.printed[cells]


def _grown(growth: Growth, column: Ints) -> tuple[Bools, Matrix, Floats]:
    """Return the values of the year by their tangents, and of those that are looked ahead to."""
    cells = column >= 0
    regions, years = np.nonzero(cells)
    now = years == growth.year
    factor = np.where(now, growth.slope[regions], growth.before[regions] / PERCENT)
    made = Matrix(np.arange(len(regions) + 1), column[cells], factor)
    return cells, made, np.where(now, growth.offset[regions], 0.0)


def _last_printed(one: Series) -> Floats:
    """Return each region's last value that is printed: of the base year, if no other."""
    found = one.base
    if one.printed is not None:
        for values in one.printed.T:
            found = np.where(np.isnan(values), found, values)
    return found


def _added_up(column: Ints, base: Floats) -> tuple[Matrix, Floats]:
    """Return ``base + Σ increments up to the year`` for each cell."""
    entries = [
        row[: year + 1][row[: year + 1] >= 0]
        for row in column
        for year in range(len(row))
        if row[year] >= 0
    ]
    start = np.cumsum([0, *(len(entry) for entry in entries)])
    columns = np.concatenate([*entries, np.zeros(0, dtype=np.int64)])
    matrix = Matrix(start, columns, np.ones(int(start[-1])))
    return matrix, np.nan_to_num(np.broadcast_to(base[:, None], column.shape)[column >= 0])


def still_open(rules: Rules, follows: Matrix, size: int) -> Rules:
    """Leave out the rules on what is printed alone."""
    printed = np.concatenate([np.zeros(size, dtype=bool), np.diff(follows.start) == 0])
    entries, fixed = rules.matrix.counts, rules.matrix.counting(printed)
    return rules.take(np.flatnonzero((fixed < entries) | (entries == 0)))


def in_columns(rules: Rules, follows: Matrix, offset: Floats, step: Floats) -> Rules:
    """Rewrite rows on values that follow as rows on columns."""
    if not len(follows) or not len(rules):
        return rules
    size = len(step)
    same = Matrix(np.arange(size + 1), np.arange(size), np.ones(size))
    constant = rules.matrix.dot(np.concatenate([np.zeros(size), offset]))
    factors = np.bincount(follows.row, follows.value != 1.0, minlength=len(follows))
    by_place = np.concatenate([np.zeros(size), factors]) > 0
    scaled = rules.matrix.with_any(by_place)  # by a ratio: no whole number of steps any more
    rewritten = replace(
        rules,
        matrix=rules.matrix.times(Matrix.stack([same, follows]), size=size),
        lower=rules.lower - constant,
        upper=rules.upper - constant,
        figure=rules.figure - constant,
        whole=rules.whole & ~scaled,
        constant=constant,
    )
    on_grid = _to_increments(rewritten, step) if constant.any() else rewritten
    return _inward(on_grid, scaled & rules.whole, step)


def _to_increments(rules: Rules, step: Floats) -> Rules:
    """Bring bounds on sums of values to the grid of the increments from which they follow.

    They go inward; an exact sum, and what is handed out, to the nearest step.
    """
    matrix, unit = rules.matrix.plain, np.full(len(rules), np.nan)
    for choose in (np.fmin, np.fmax):  # rows over columns of one step
        of_row = np.full(len(rules), np.nan)
        choose.at(of_row, matrix.row, step[matrix.column])
        unit = np.where(np.isnan(unit) | (unit == of_row), of_row, np.nan)
    rows = np.flatnonzero((rules.constant != 0) & rules.whole & (unit > 0))
    rows = rows[np.isin(rules.family[rows], SUMS)]
    unit = unit[rows]
    lower, upper, figure = rules.lower.copy(), rules.upper.copy(), rules.figure.copy()
    low, high = up_all(lower[rows], unit), down_all(upper[rows], unit)
    near = np.where(np.isnan(figure[rows]), lower[rows], figure[rows])
    near = np.array([nearest(one, own) for one, own in zip(near, unit, strict=True)])
    figure[rows] = np.where(np.isnan(figure[rows]), np.nan, np.clip(near, low, high))
    lower[rows], upper[rows] = np.where(low > high, (near, near), (low, high))
    return replace(rules, lower=lower, upper=upper, figure=figure)


def _inward(rules: Rules, boxes: Bools, step: Floats) -> Rules:
    """Bring floors and capacities of numerators inward to the grid of the ratios they follow.

    Columns without a step (0) stay as they are.
    """
    rows = np.flatnonzero(boxes & rules.single & (rules.lower < rules.upper))
    rows = rows[step[rules.matrix.take(rows).column] > 0]
    matrix = rules.matrix.take(rows)
    value, unit = matrix.value, step[matrix.column]
    ends = rules.lower[rows] / (value * unit), rules.upper[rows] / (value * unit)
    low = np.ceil(np.minimum(*ends) - SNAP) * value * unit
    high = np.floor(np.maximum(*ends) + SNAP) * value * unit
    lower, upper = rules.lower.copy(), rules.upper.copy()
    lower[rows], upper[rows] = np.where(value > 0, (low, high), (high, low))
    return replace(rules, lower=lower, upper=upper)


def on_rates(problem: Problem, series: Sequence[Series], columns: Mapping[int, Ints]) -> Rules:
    """Bring what bounds the value of one cell inward to the grid of its published growth.

    Base quotas are kept before rounding, and have no grid there.
    """
    rules = problem.rules
    lower, upper = rules.lower.copy(), rules.upper.copy()
    for growth, step, rows, region, value in _growth_boxes(problem, series, columns):
        low = up_all(_ends(growth.rate, lower[rows] / value, region), step)
        high = down_all(_ends(growth.rate, upper[rows] / value, region), step)
        wide = (low <= high) & (lower[rows] < upper[rows])
        wide &= rules.family[rows] != FAMILY["base_quota"]
        lower[rows[wide]] = (_ends(growth.place, low, region) * value)[wide]
        upper[rows[wide]] = (_ends(growth.place, high, region) * value)[wide]
    return replace(rules, lower=lower, upper=upper)


def as_rates(problem: Problem, series: Sequence[Series], columns: Mapping[int, Ints]) -> Rules:
    """Return the rules with the bounds of growth over several years as rates."""
    rules = problem.rules
    lower, upper = rules.lower.copy(), rules.upper.copy()
    for growth, _, rows, region, value in _growth_boxes(problem, series, columns):
        lower[rows] = _ends(growth.rate, lower[rows] / value, region) * value
        upper[rows] = _ends(growth.rate, upper[rows] / value, region) * value
    return replace(rules, lower=lower, upper=upper)


def _growth_boxes(
    problem: Problem, series: Sequence[Series], columns: Mapping[int, Ints]
) -> Iterator[tuple[Growth, float, Ints, Ints, Floats]]:
    """Give the rules on one cell whose growth is published: its region, and its coefficient."""
    rules = problem.rules
    for one in series:
        if one.growth is None:
            continue
        column = columns[one.number]
        own = np.isin(np.arange(problem.size), column[column >= 0])
        rows = np.flatnonzero(rules.single)
        rows = rows[own[rules.matrix.take(rows).column]]
        matrix = rules.matrix.take(rows)
        region = problem.column_region[matrix.column]
        yield one.growth, one.step, rows, region, matrix.value


def _ends(change: Callable[[Floats, Ints], Floats], ends: Floats, region: Ints) -> Floats:
    """Change what is bounded; what is not, stays so."""
    found, finite = ends.copy(), np.isfinite(ends)
    found[finite] = change(ends[finite], region[finite])
    return found
