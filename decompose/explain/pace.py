"""How the row of a limit moves when its figure does: by its unit, or by what a rate multiplies."""

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
from decompose.problem import AREA, Floats, Ints, Matrix
from decompose.series import Series
from decompose.settle import Settled, Stage


@dataclass(frozen=True, eq=False)
class Whole:
    """The sum that a rate multiplies: what is known of it, or some cells of an indicator."""

    known: float = 0.0
    number: int = -1
    regions: Ints | None = None
    year: int = 0

    def at(self, stage: Stage, x: Floats) -> float:
        """Return the sum at an answer."""
        if self.number < 0:
            return self.known
        return float(np.nansum(stage.built.values(x)[self.number][self.regions, self.year]))


@dataclass(frozen=True, eq=False)
class Pace:
    """How a limit's row moves when its figure does.

    Attributes
    ----------
    per_unit
        What the row's bound gains per unit of relief, at the answer.
    whole, factor, gap, sign
        Of a rate: what it multiplies, by what, over how many years; 1 of an upper bound, else -1.
    turns
        What the row's coefficients gain per unit in place of its bound, where it is growth from
        one column to the next: such rows keep their closed form.
    """

    per_unit: float
    whole: Whole | None = None
    factor: float = 1.0
    gap: int = 1
    sign: float = 1.0
    turns: Matrix | None = None

    def relief(self, stage: Stage, amount: float, x: Floats) -> float:
        """Return the relief at which the row's bound has gained so much, and the answer is x.

        A rate is then what its row says: ``(1 + g)^gap = now / before``, ``share = part / whole``.
        """
        whole = 0.0 if self.whole is None else self.whole.at(stage, x)
        if not whole > 0 or not np.isfinite(amount):
            return amount
        factor = max(self.factor + self.sign * amount * self.per_unit / whole, 0.0)
        rates = factor ** (1 / self.gap) - self.factor ** (1 / self.gap)
        return float(self.sign * PERCENT * rates)


def shift_of_limit(settled: Settled, binding: Binding, side: str, pace: Pace) -> Shift:
    """Return what the rows gain when a limit or lock yields by a unit."""
    problem, rows = settled.stages[binding.stage].problem, binding.rows
    rules = problem.rules
    lower, upper = np.zeros(len(rules)), np.zeros(len(rules))
    exact = rules.lower[rows] == rules.upper[rows]
    gain = pace.per_unit if side == UPPER else -pace.per_unit
    if binding.family == SHIFT:
        upper[rows] = np.where(np.isfinite(rules.upper[rows]), gain, 0.0)
        lower[rows] = np.where(np.isfinite(rules.lower[rows]), -gain, 0.0)
    else:
        upper[rows] = gain if side == UPPER else np.where(exact, gain, 0.0)
        lower[rows] = gain if side != UPPER else np.where(exact, gain, 0.0)
    shift = Shift.of_bounds(problem, lower, upper)
    if pace.turns is not None:
        nothing = np.zeros(len(rules))
        return replace(shift, lower=nothing, upper=nothing, matrix=pace.turns)
    cell = _its_own_reference(settled.stages[binding.stage], binding)
    if cell < 0:
        return shift
    reference = np.zeros(problem.size)
    reference[cell] = gain
    return replace(shift, reference=reference)


def _its_own_reference(stage: Stage, binding: Binding) -> int:
    """Return the column of a lock that is its cell's reference, too; -1 elsewhere.

    So it is where nothing is handed out that year.
    """
    problem, row = stage.problem, int(binding.rows[0])
    rules = problem.rules
    if binding.family != "lock" or not rules.single[row]:
        return -1
    cell = int(rules.matrix.column[rules.matrix.start[row]])
    handed = series_at(stage, binding.number).handed[problem.column_year[cell]]
    same = problem.reference[cell] == rules.upper[row]
    return cell if np.isnan(handed) and same else -1


def pace_of(settled: Settled, binding: Binding, side: str) -> Pace:
    """Return how a limit's row moves."""
    stage, rules = settled.stages[binding.stage], settled.stages[binding.stage].problem.rules
    row = int(binding.rows[0])
    scope, year = int(rules.scope[row]), int(rules.year[row])
    series = series_at(stage, binding.number)
    if series.ratio is not None and binding.limit in (*CUTS, "max", "min"):
        return Pace(_ratio_pace(stage, series, binding.limit, scope, year))
    gap = int(settled.plan.gaps[year])
    if binding.limit.startswith("ramp"):
        return Pace(float(gap))
    if not binding.is_rate:
        return Pace(1.0)
    sign = 1.0 if binding.end(side) == UPPER else -1.0
    rate = bound_of(settled, binding) / PERCENT
    whole = _whole(settled, stage, binding, scope, year)
    size = whole.at(stage, stage.solution.x)
    if binding.limit.startswith("growth"):
        slope = gap * (1 + rate) ** (gap - 1)
        turns = None
        if year > 0:
            turns = _turns(stage, binding, sign * POINT * slope)
        return Pace(POINT * slope * size, whole, (1 + rate) ** gap, gap, sign, turns)
    return Pace(POINT * size, whole, rate, 1, sign)


def _turns(stage: Stage, binding: Binding, slope: float) -> Matrix | None:
    """Return what the coefficients of a growth limit gain; None where values are no columns."""
    problem, row = stage.problem, int(binding.rows[0])
    rules = problem.rules
    scope, year = int(rules.scope[row]), int(rules.year[row])
    before = stage.built.places[binding.number][scope_regions(stage, scope), year - 1]
    if (before >= problem.size).any():
        return None
    columns = np.sort(before[before >= 0])
    start = np.zeros(len(rules) + 1, dtype=np.int64)
    start[row + 1 :] = len(columns)
    return Matrix(start, columns, np.full(len(columns), -slope))


def _whole(settled: Settled, stage: Stage, binding: Binding, scope: int, year: int) -> Whole:
    """Return what a rate multiplies: the year before, the area, or another indicator."""
    regions, number = scope_regions(stage, scope), binding.number
    if binding.limit.startswith("growth"):
        if year > 0:
            return Whole(number=number, regions=regions, year=year - 1)
        series = series_at(stage, number)
        return Whole(series.base_sum if scope == AREA else float(np.nansum(series.base[regions])))
    if binding.limit not in SHARES_OF:
        return Whole(number=number, regions=scope_regions(stage, AREA), year=year)
    plan = settled.plan
    link = link_at(plan.indicators[number], binding.path)
    other = link.of or ""
    if plan.indicator_index[other] in stage.built.places:
        return Whole(number=plan.indicator_index[other], regions=regions, year=year)
    return Whole(float(np.nansum(values_of(plan, other, settled.printed)[0][regions, year])))


def _ratio_pace(stage: Stage, series: Series, limit: str, scope: int, year: int) -> float:
    """Return what a row on a ratio gains per unit of its limit (see constraints/ratios.py).

    A free ratio's row is a mean of what is published, a bound one's a sum of numerators.
    """
    numbers = series.ratio
    assert numbers is not None  # the caller has looked
    members = np.zeros(len(stage.problem.regions), dtype=bool)
    members[scope_regions(stage, scope)] = True
    of_cut = limit in CUTS or series.indicator.publish == "cut"
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
        return np.flatnonzero(stage.problem.members[-2 - scope])
    return np.array([scope])
