"""The rules that bind at the exact answer, and what a table says of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from decompose.bounds import TARGETS, at_bounds
from decompose.figures import Figure
from decompose.naming import scope_name
from decompose.plan import Indicator, Target
from decompose.plan.limits import Link
from decompose.plan.ratios import PERCENT
from decompose.plan.scopes import Grid
from decompose.problem import AREA, FAMILIES, TOTAL, Bools, Ints, Rules, group_of
from decompose.series import Series
from decompose.settle import Settled
from decompose.stage import Stage

LOWER, UPPER = "lower", "upper"
EACH = "each"
"""Year of a target that speaks of every year."""
UNSAID = (["publish"], ["path"])
"""Keys of an indicator that are no rules, whatever stands there."""
IDENTITIES = ("sum_of", "increase_of")
"""Families that say what a number is: nothing in them can yield."""
SHIFT = "share_shift"
CUTS = ("cut.max", "cut.min")
SHARES_OF = ("at_least_share", "at_most_share")
RATES = ("growth.max", "growth.min", "share.max", "share.min", SHIFT, *CUTS, *SHARES_OF)
RATE_KEYS = ("growth", "growth_each_year", "cut", "cut_each_year")
WITHOUT_FIGURE = ("part_of", "monotone")


@dataclass(frozen=True, eq=False)
class Binding:
    """A rule that is tight at the exact answer.

    Attributes
    ----------
    stage
        Index of its stage.
    rows
        Its rows there: one, but for targets of several years and shifts of shares.
    sides
        The sides of its rows that bind: both of an exact figure, and of one kept within bounds.
    family, path, scope, year
        As a table shows them.
    number
        Index of its indicator.
    is_target
        Whether it is a target's figure, from which references come.
    """

    stage: int
    rows: Ints
    sides: tuple[str, ...]
    family: str
    path: str
    scope: str
    year: int | str
    number: int
    is_target: bool

    @property
    def limit(self) -> str:
        """The key of its limit: a limit on the ratio of the area or a group is a ratio rule."""
        if self.family != "ratio" or self.is_target:
            return self.family
        keys = self.path.partition(".limits.")[2]
        return next(name for name in (*CUTS, "max", "min") if f"{keys}.".startswith(f"{name}."))

    @property
    def name(self) -> tuple[str, ...]:
        """What tells it from other rules, whatever their order."""
        return self.path, self.family, self.scope, str(self.year)

    def end(self, side: str) -> str:
        """Return to which side its limit yields when its row does on a side."""
        if self.limit.endswith(("max", "at_most_share")):
            return UPPER
        return LOWER if self.limit.endswith(("min", "at_least_share")) else side

    @property
    def is_rate(self) -> bool:
        """Whether its unit is a percentage point."""
        if self.is_target:
            return self.path.rpartition(".")[2] in RATE_KEYS
        return self.limit in RATES


def bindings(settled: Settled) -> list[Binding]:
    """List the rules that bind, stage by stage, in the order of their rows.

    Identities (``sum_of``, ``increase_of``) are none, nor is what nobody said: that published
    growth is not below 0, and in open years near to the path.
    """
    return [
        binding
        for number, stage in enumerate(settled.stages)
        for binding in _of_stage(settled, number, stage)
    ]


def _of_stage(settled: Settled, number: int, stage: Stage) -> Iterator[Binding]:
    problem, rules = stage.problem, stage.problem.rules
    lower, upper, figure = at_bounds(problem, stage.solution.x)
    tight = (lower | upper | figure) & (np.diff(rules.matrix.start) > 0) & ~stage.built.waiting
    found: dict[tuple[str | int, ...], list[int]] = {}
    for row in np.flatnonzero(tight).tolist():
        path, family = problem.sources[rules.source[row]], FAMILIES[rules.family[row]].name
        if family in IDENTITIES or path.split(".")[2:] in UNSAID:
            continue
        scope = int(rules.scope[row])
        if _is_target(rules, row, path):
            found.setdefault((path, scope), []).append(row)
        elif family == SHIFT:
            found.setdefault((path, scope, int(rules.year[row])), []).append(row)
        else:
            found[row,] = [row]
    for rows in found.values():
        path = problem.sources[rules.source[rows[0]]]
        family = FAMILIES[rules.family[rows[0]]].name
        yield Binding(
            number,
            np.array(rows, dtype=np.int64),
            _sides(family, lower[rows], upper[rows]),
            family,
            path,
            scope_name(problem, int(rules.scope[rows[0]])),
            _year(settled, path, set(rules.year[rows].tolist())),
            int(rules.indicator[rows[0]]),
            _is_target(rules, rows[0], path),
        )


def _is_target(rules: Rules, row: int, path: str) -> bool:
    return bool(np.isin(rules.family[row], TARGETS)) and ".limits." not in path


def _sides(family: str, lower: Bools, upper: Bools) -> tuple[str, ...]:
    if family == SHIFT:
        return (UPPER,)  # one figure, that keeps a share from both sides
    ends = (LOWER, lower), (UPPER, upper)
    return tuple(side for side, tight in ends if tight.any()) or (LOWER, UPPER)


def _year(settled: Settled, path: str, years: set[int]) -> int | str:
    if len(years) > 1:  # a ratio's figure of a year has a way that leads there
        *_, key, last = path.split(".")
        return int(last) if key == "years" else EACH
    (year,) = years
    return "total" if year == TOTAL else settled.plan.years[year]


def series_at(stage: Stage, number: int) -> Series:
    """Return an indicator of a stage as numbers."""
    return next(one for one in stage.built.series if one.number == number)


def target_at(indicator: Indicator, path: str) -> tuple[str | None, Target, list[str]]:
    """Return a path's group (None for the area), its target, and the keys of its figure."""
    keys = path.removeprefix(f"indicators.{indicator.id}.")
    for name, target in indicator.group_targets.items():
        if keys.startswith(start := f"group_targets.{name}."):
            return name, target, keys.removeprefix(start).split(".")
    return None, indicator.target, keys.removeprefix("target.").split(".")


def target_figure(target: Target, keys: list[str]) -> Figure:
    """Return the figure at the keys of a target."""
    found = target.years[int(keys[1])] if keys[0] == "years" else getattr(target, keys[0])
    assert isinstance(found, Figure)  # a rule has a figure
    return found


def bound_of(settled: Settled, binding: Binding) -> float:
    """Return the figure that the plan says, a rate in percent; NaN where a rule has none."""
    value = _bound(settled, binding)
    return value * PERCENT if binding.is_rate else value


def _bound(settled: Settled, binding: Binding) -> float:
    indicator, stage = settled.plan.indicators[binding.number], settled.stages[binding.stage]
    rules, row = stage.problem.rules, int(binding.rows[0])
    if binding.is_target:
        _, target, keys = target_at(indicator, binding.path)
        figure = target_figure(target, keys)
        at_upper = binding.sides == (UPPER,) and figure.upper is not None
        return float(figure.upper if at_upper and figure.upper is not None else figure.value)
    if binding.limit in SHARES_OF:
        return float(getattr(link_at(indicator, binding.path), binding.limit))
    grid = series_at(stage, binding.number).grids.get(binding.limit)
    if grid is not None and ".limits." in binding.path:
        return _in_grid(grid, int(rules.scope[row]), int(rules.year[row]))
    if binding.limit in CUTS:  # a cut is at least 0 and at most 1 where nothing is said
        return float(binding.limit == "cut.max")
    if binding.limit in WITHOUT_FIGURE:
        return float("nan")
    if binding.family == "lock":  # its row speaks of what is published
        *_, region, when = binding.path.split(".")
        return indicator.locks[region][when].value
    return float(rules.upper[row] if UPPER in binding.sides else rules.lower[row])


def link_at(indicator: Indicator, path: str) -> Link:
    """Return the link at a path that ends in its number and family."""
    return indicator.links[int(path.split(".")[-2])]


def _in_grid(grid: Grid, scope: int, year: int) -> float:
    column = max(year, 0)  # what speaks of totals has one column
    if scope == AREA:
        return float(grid.area[column])
    return float(
        grid.groups[group_of(scope), column] if scope < AREA else grid.value[scope, column]
    )
