"""How the rows of a limit or lock move when its figure does: bounds, or coefficients."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.explain.binding import (
    CUTS,
    SHARES_OF,
    SHIFT,
    UPPER,
    Binding,
    bound_of,
    link_at,
    series_at,
)
from decompose.explain.changes import POINT
from decompose.explain.shift import Shift
from decompose.plan.ratios import PERCENT, values_of
from decompose.problem import AREA, Ints, Matrix, Problem, group_of
from decompose.series import Series
from decompose.settle import Settled
from decompose.stage import Stage


@dataclass(frozen=True, eq=False)
class Pace:
    """What the rows of a limit gain per unit of relief.

    Attributes
    ----------
    shift
        What the stage gains, a bound that multiplies a year's sum over several years
        (``(1 + g)^gap``) along its slope.
    factor, slope, gap
        Of such a bound: what it is, what it gains per unit, and over how many years.
    """

    shift: Shift
    factor: float = 1.0
    slope: float = 0.0
    gap: int = 1

    def relief(self, amount: float) -> float:
        """Return the relief on a yearly rate at which its factor has gained so much."""
        if self.gap == 1 or not np.isfinite(amount):
            return amount
        moved = max(self.factor + amount * self.slope, 0.0)
        rates = moved ** (1 / self.gap) - self.factor ** (1 / self.gap)
        return float(PERCENT * abs(rates))


def pace_of(settled: Settled, binding: Binding, side: str) -> Pace:
    """Return what the rows of a limit or lock gain when it yields by a unit."""
    stage = settled.stages[binding.stage]
    rules, row = stage.problem.rules, int(binding.rows[0])
    scope, year = int(rules.scope[row]), int(rules.year[row])
    series = series_at(stage, binding.number)
    if series.ratio is not None and binding.limit in (*CUTS, "max", "min"):
        return Pace(
            _outward(stage, binding, side, _ratio_pace(stage, series, binding, scope, year))
        )
    if binding.limit.startswith("ramp"):
        return Pace(_outward(stage, binding, side, float(settled.plan.gaps[year])))
    if not binding.is_rate:
        return Pace(_with_reference(stage, binding, _outward(stage, binding, side, 1.0)))
    if not binding.limit.startswith("growth"):
        places, known = _whole(settled, stage, binding, scope, year)
        return Pace(_turned(stage, binding, side, places, known, POINT))
    gap, rate = int(settled.plan.gaps[year]), bound_of(settled, binding) / PERCENT
    slope = POINT * gap * (1 + rate) ** (gap - 1)
    places, known = _before(stage, binding, scope, year)
    shift = _turned(stage, binding, side, places, known, slope)
    return Pace(shift, (1 + rate) ** gap, slope if side == UPPER else -slope, gap)


def _outward(stage: Stage, binding: Binding, side: str, gain: float) -> Shift:
    """Move bounds outward, both of an exact one to a side."""
    problem, rows = stage.problem, binding.rows
    rules = problem.rules
    lower, upper = np.zeros(len(rules)), np.zeros(len(rules))
    exact = rules.lower[rows] == rules.upper[rows]
    if binding.family == SHIFT:  # one figure keeps a share from both sides
        upper[rows] = np.where(np.isfinite(rules.upper[rows]), gain, 0.0)
        lower[rows] = np.where(np.isfinite(rules.lower[rows]), -gain, 0.0)
    elif side == UPPER:
        upper[rows], lower[rows] = gain, np.where(exact, gain, 0.0)
    else:
        lower[rows], upper[rows] = -gain, np.where(exact, -gain, 0.0)
    return Shift.of_bounds(problem, lower, upper)


def _with_reference(stage: Stage, binding: Binding, shift: Shift) -> Shift:
    """Let a lock take its cell's reference along, where nothing is handed out that year."""
    problem, row = stage.problem, int(binding.rows[0])
    rules = problem.rules
    if binding.family != "lock" or not rules.single[row]:
        return shift
    cell = int(rules.matrix.column[rules.matrix.start[row]])
    handed = series_at(stage, binding.number).handed[problem.column_year[cell]]
    if not np.isnan(handed) or problem.reference[cell] != rules.upper[row]:
        return shift
    reference = np.zeros(problem.size)
    reference[cell] = shift.upper[row]
    return replace(shift, reference=reference)


def _turned(
    stage: Stage, binding: Binding, side: str, places: Ints, known: float, slope: float
) -> Shift:
    """Move what a rate multiplies: the values at some places, and what is known of their sum."""
    shift = _outward(stage, binding, side, slope)
    outward = shift.upper[binding.rows] + shift.lower[binding.rows]
    rows = np.repeat(binding.rows, len(places))
    column = np.tile(places, len(binding.rows))
    problem, built = stage.problem, stage.built
    of_values = Matrix.collect(
        rows,
        column,
        -np.repeat(outward, len(places)),
        rows=len(problem.rules),
        size=problem.size + len(built.follows),
    )
    constant = of_values.dot(np.concatenate([np.zeros(problem.size), built.offset]))
    shift = replace(
        shift,
        lower=np.where(shift.lower != 0, shift.lower * known - constant, 0.0),
        upper=np.where(shift.upper != 0, shift.upper * known - constant, 0.0),
    )
    return replace(shift, matrix=_in_columns(problem, of_values, built.follows))


def _in_columns(problem: Problem, of_values: Matrix, follows: Matrix) -> Matrix:
    """Write rows on values as rows on columns, as ``build`` does."""
    size = problem.size
    same = Matrix(np.arange(size + 1), np.arange(size), np.ones(size))
    return of_values.times(Matrix.stack([same, follows]), size=size)


def _before(stage: Stage, binding: Binding, scope: int, year: int) -> tuple[Ints, float]:
    """Return the places of the year before, or the sum of the base year."""
    regions = scope_regions(stage, scope)
    if year > 0:
        return _places(stage, binding.number, regions, year - 1), 0.0
    series = series_at(stage, binding.number)
    base = series.base_sum if scope == AREA else float(np.nansum(series.base[regions]))
    return np.zeros(0, dtype=np.int64), base


def _whole(
    settled: Settled, stage: Stage, binding: Binding, scope: int, year: int
) -> tuple[Ints, float]:
    """Return the places of that of which a rate is a share, or their sum where it is settled."""
    if binding.limit not in SHARES_OF:
        return _places(stage, binding.number, scope_regions(stage, AREA), year), 0.0
    plan, regions = settled.plan, scope_regions(stage, scope)
    other = link_at(plan.indicators[binding.number], binding.path).of or ""
    if plan.indicator_index[other] in stage.built.places:
        return _places(stage, plan.indicator_index[other], regions, year), 0.0
    known = values_of(plan, other, settled.printed)[0][regions, year]
    return np.zeros(0, dtype=np.int64), float(np.nansum(known))


def _places(stage: Stage, number: int, regions: Ints, year: int) -> Ints:
    found = stage.built.places[number][regions, year]
    return np.asarray(found[found >= 0])


def _ratio_pace(stage: Stage, series: Series, binding: Binding, scope: int, year: int) -> float:
    """Return what a row on a ratio gains per unit of its limit (see constraints/ratios.py).

    A free ratio's row is a mean of what is published, a bound one's a sum of numerators.
    """
    numbers = series.ratio
    assert numbers is not None  # the caller has looked
    members = np.zeros(len(stage.problem.regions), dtype=bool)
    members[scope_regions(stage, scope)] = True
    of_cut = binding.limit in CUTS or series.indicator.publish == "cut"
    value = POINT * numbers.base_of(members) if of_cut else 1.0
    if (stage.built.columns[series.number] >= 0).any():
        return abs(value / float(numbers.weights(members, year)[0].sum()))
    cells = members & ~np.isnan(numbers.factor[:, year])
    return abs(value) * float(numbers.denominator[cells, year].sum()) / numbers.scale


def scope_regions(stage: Stage, scope: int) -> Ints:
    """Return the regions of a scope."""
    if scope == AREA:
        return np.arange(len(stage.problem.regions))
    if scope < AREA:
        return np.flatnonzero(stage.problem.members[group_of(scope)])
    return np.array([scope])
