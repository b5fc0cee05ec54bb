"""What a unit of relief on each binding rule would change: burdens, quotas, and how far.

Relief loosens a rule by one unit: its upper bound rises, or its lower bound falls, by one of the
indicator's unit, or by one percentage point of a rate (growth, share, cut). An exact figure (a
target, a lock) has two sides, and moves to the one on which the largest burden falls more. A
target takes its references with it. A negative change of the burden means that the plan gets
easier. All is told of exact quotas, one-sided at a kink.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from decompose.explain.binding import Binding, bindings, bound_of
from decompose.explain.pace import Pace, pace_of, shift_of_limit
from decompose.explain.part import Part, Split
from decompose.explain.rebuilt import Rebuilt
from decompose.explain.shift import Shift
from decompose.explain.ways import Direction, Way
from decompose.labels import Language, Message, say, term
from decompose.problem import Floats
from decompose.settle import Settled
from decompose.solvers import Highs

MOST = 200
"""How many rules are looked at unless said."""
SHOWN = 8
"""How many rules the sentences name."""
DIGITS = 9
"""Burdens that agree to so many digits are one rank."""
TIER = "tier"
HELD, WHOLE = "held", "whole"
COLUMNS = (
    "rank",
    "path",
    "family",
    "indicator",
    "scope",
    "year",
    "side",
    "bound",
    "unit",
    "burden",
    "moved",
    "range",
    "note",
)
QUOTAS = (
    "rank",
    "path",
    "family",
    "scope",
    "rule_year",
    "indicator",
    "region",
    "year",
    "change",
)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What a unit of relief on each binding rule would change.

    Attributes
    ----------
    table
        One row per binding rule, the costliest first: ``rank``, ``path`` (in the plan),
        ``family``, ``indicator`` (id), ``scope``, ``year`` (``"total"``, or ``"each"`` for every
        year), ``side`` (``"upper"`` rises, ``"lower"`` falls), ``bound`` (as the plan says it, a
        rate in percent), ``unit``; per unit of relief ``burden``, the change of the component's
        largest burden (negative: easier), and ``moved``, how much quota of the rule's indicators
        changes place; ``range``, the relief up to which that holds; ``note``: ``"whole"`` for a
        rule that moves in whole steps only, ``"held"`` for one that others keep from moving
        alone, both without numbers. Rules that cost nothing stand at the end.
    quotas
        The quotas that change: ``rank``, ``path``, ``family``, ``scope`` and ``rule_year`` of the
        rule, ``indicator``, ``region`` and ``year`` of the quota, ``change`` of the exact quota
        per unit of relief.
    left_out, most
        How many rules bind that were not looked at, and how many were at most.
    """

    table: pd.DataFrame
    quotas: pd.DataFrame
    left_out: int
    most: int
    _lines: tuple[Message, ...]

    def text(self, language: Language = "zh") -> str:
        """Return the costliest rules as sentences, ten lines at most."""
        return "\n".join(line.text(language) for line in self._lines)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))


@dataclass(frozen=True, eq=False)
class _Effect:
    """What relief on one side of a rule does: gains of columns by stage, and where it ends."""

    side: str
    burden: float
    gains: Mapping[int, Floats]
    ways: tuple[tuple[Way, Direction], ...]
    pace: Pace


def sensitivity_of(settled: Settled, *, most: int = MOST) -> Sensitivity:
    """Return what a unit of relief on each binding rule would change.

    Parameters
    ----------
    settled
        The plan with its quotas.
    most
        How many rules are looked at: those at the cells with the largest burdens first.
    """
    found = bindings(settled)
    looks = _Looks(settled)
    weight = np.array([looks.weight(binding) for binding in found])
    chosen = np.sort(np.argsort(-weight, kind="stable")[:most])
    rows = [_Row.of(looks, found[k]) for k in chosen.tolist()]
    rows.sort(key=_Row.order)
    left_out = len(found) - len(rows)
    return Sensitivity(
        pd.DataFrame([row.told(k) for k, row in enumerate(rows, 1)], columns=list(COLUMNS)),
        pd.concat(
            [pd.DataFrame(columns=list(QUOTAS)), *(row.quotas(k) for k, row in enumerate(rows, 1))],
            ignore_index=True,
        ),
        left_out,
        most,
        _lines(rows, left_out, most),
    )


class _Looks:
    """Moves the rules of a settled plan, one at a time; HiGHS goes on from one to the next."""

    def __init__(self, settled: Settled) -> None:
        self.settled = settled
        self._solver = Highs()
        self._rebuilt = Rebuilt(settled)
        self._parts: dict[tuple[int, bytes], Part] = {}

    @cached_property
    def _splits(self) -> list[Split]:
        return [Split.of(stage) for stage in self.settled.stages]

    def weight(self, binding: Binding) -> float:
        """Return the largest burden of the cells of a rule."""
        stage = self.settled.stages[binding.stage]
        cells = stage.problem.rules.matrix.take(binding.rows).column
        reference = stage.problem.reference[cells]
        some = reference > 0
        burden = np.abs(stage.solution.x[cells[some]] / reference[some] - 1)
        return float(burden.max(initial=0.0))

    def effect(self, binding: Binding) -> _Effect | None:
        """Return what relief does on the side on which more is gained; None where it cannot be."""
        found = [
            effect for side in binding.sides if (effect := self._on_side(binding, side)) is not None
        ]
        return min(found, key=lambda effect: round(effect.burden, DIGITS), default=None)

    def _on_side(self, binding: Binding, side: str) -> _Effect | None:
        if binding.is_target:
            pace = Pace(1.0)
            shift, end = self._rebuilt.by_target(binding, side)
        else:
            end = binding.end(side)
            pace = pace_of(self.settled, binding, side)
            shift = shift_of_limit(self.settled, binding, side, pace)
        gains: dict[int, Floats] = {}
        ways: list[tuple[Way, Direction]] = []
        for number in range(binding.stage, len(self.settled.stages)):
            moved = shift if number == binding.stage else self._carried(number, gains)
            if moved is None:
                continue
            way = Way(self._part(number, moved), moved)
            direction = way.direction()
            if direction is None:
                return None
            gains[number] = np.zeros(self.settled.stages[number].problem.size)
            gains[number][way.part.columns] = direction.x
            ways.append((way, direction))
        return _Effect(end, ways[0][1].largest, gains, tuple(ways), pace)

    def _carried(self, number: int, gains: Mapping[int, Floats]) -> Shift | None:
        """Return what a stage gains from what those before it do."""
        found: dict[str, Floats] = {}
        for before, gain in gains.items():
            stage = self.settled.stages[before]
            start, end = (stage.built.values(stage.solution.x + part * gain) for part in (0, 1))
            for one in stage.built.series:
                moved = np.nan_to_num(end[one.number] - start[one.number])
                if one.indicator.id in self.settled.printed and moved.any():
                    found[one.indicator.id] = moved
        return self._rebuilt.by_known(number, found) if found else None

    def _part(self, number: int, shift: Shift) -> Part:
        """Return the blocks of a stage of which a shift speaks."""
        split = self._splits[number]
        blocks = split.touched(shift)
        key = number, blocks.tobytes()
        if key not in self._parts:
            part = Part.of(split, blocks, self._solver)
            if not part.sound:  # a rule that is tight but for the solver's digits was left out
                part = Part.of(split.whole, split.whole.touched(shift), self._solver)
            self._parts[key] = part
        return self._parts[key]

    def end(self, binding: Binding, effect: _Effect) -> float:
        """Return the relief up to which an effect holds."""
        amount = np.inf
        for way, direction in effect.ways:
            amount = min(amount, way.end(direction, amount))
        stage = self.settled.stages[binding.stage]
        gain = effect.gains[binding.stage] * (amount if np.isfinite(amount) else 0.0)
        return effect.pace.relief(stage, amount, stage.solution.x + gain)


@dataclass(frozen=True, eq=False)
class _Row:
    """A rule, and what its relief does."""

    settled: Settled
    binding: Binding
    effect: _Effect | None
    range: float
    note: str

    @staticmethod
    def of(looks: _Looks, binding: Binding) -> _Row:
        whole = binding.family == TIER
        effect = None if whole else looks.effect(binding)
        if effect is None:
            note = WHOLE if whole else HELD
            return _Row(looks.settled, binding, None, float("nan"), note)
        return _Row(looks.settled, binding, effect, looks.end(binding, effect), "")

    @cached_property
    def burden(self) -> float:
        """The change of the largest burden per unit."""
        return float("nan") if self.effect is None else self.effect.burden

    @cached_property
    def moved(self) -> float:
        """How much quota of the indicators of which the rule speaks changes place per unit."""
        if self.effect is None:
            return float("nan")
        problem = self.settled.stages[self.binding.stage].problem
        cells = problem.rules.matrix.take(self.binding.rows).column
        own = np.isin(problem.column_indicator, problem.column_indicator[cells])
        gain = self.effect.gains[self.binding.stage][own]
        return float(max(gain[gain > 0].sum(), -gain[gain < 0].sum()))

    def order(self) -> tuple[bool, float, float]:
        """Return what rows are ranked by: what lowers the burden most, then what moves most."""
        if self.effect is None:
            return True, 0.0, 0.0
        return False, round(self.burden, DIGITS), -round(self.moved, DIGITS)

    @property
    def unit(self) -> str:
        """The unit of the rule."""
        if self.binding.is_rate:
            return "%"
        return self.settled.plan.indicators[self.binding.number].unit

    @cached_property
    def bound(self) -> float:
        """The figure that the plan says."""
        return bound_of(self.settled, self.binding)

    def told(self, rank: int) -> dict[str, object]:
        """Return the row of the table."""
        binding = self.binding
        return {
            "rank": rank,
            "path": binding.path,
            "family": binding.family,
            "indicator": self.settled.plan.indicators[binding.number].id,
            "scope": binding.scope,
            "year": binding.year,
            "side": "" if self.effect is None else self.effect.side,
            "bound": self.bound,
            "unit": self.unit,
            "burden": self.burden + 0.0,
            "moved": self.moved + 0.0,
            "range": self.range,
            "note": self.note,
        }

    def quotas(self, rank: int) -> pd.DataFrame:
        """Return the quotas that change."""
        frames = []
        for number, gain in ({} if self.effect is None else self.effect.gains).items():
            problem = self.settled.stages[number].problem
            cells = np.flatnonzero(gain)
            frame = {
                "rank": rank,
                "path": self.binding.path,
                "family": self.binding.family,
                "scope": self.binding.scope,
                "rule_year": self.binding.year,
                "indicator": [problem.indicators[k] for k in problem.column_indicator[cells]],
                "region": [problem.regions[k] for k in problem.column_region[cells]],
                "year": [problem.years[k] for k in problem.column_year[cells]],
                "change": gain[cells],
            }
            frames.append(pd.DataFrame(frame, columns=list(QUOTAS)))
        return pd.concat(frames) if frames else pd.DataFrame(columns=list(QUOTAS))

    def line(self, rank: int) -> Message:
        """Return the row as a sentence."""
        indicator = self.settled.plan.indicators[self.binding.number]
        year = self.binding.year
        names = {
            "rank": rank,
            "scope": self.binding.scope,
            "indicator": indicator.label,
            "rule": term(self.binding.family),
            "bound": ""
            if np.isnan(self.bound)
            else f" {self.bound:.6g}{'%' * self.binding.is_rate}",
            "year": say("sens_every")
            if year == "each"
            else say("all_years")
            if year == "total"
            else say("sens_year", year=year),
        }
        if self.effect is None:
            return say(f"sens_{self.note}", **names)
        return say(
            "sens_line",
            **names,
            side=say(f"sens_{self.effect.side}"),
            unit=say("sens_point") if self.binding.is_rate else self.unit or say("sens_unit"),
            burden=f"{100 * self.burden:+.2f}",
            moved=f"{self.moved:.2f}",
            of=indicator.unit,
            range=say("sens_range", range=f"{self.range:.4g}") if np.isfinite(self.range) else "",
        )


def _lines(rows: list[_Row], left_out: int, most: int) -> tuple[Message, ...]:
    if not rows:
        return (say("sens_none"),)
    lines = [say("sens_title", count=len(rows) + left_out)]
    lines += [row.line(rank) for rank, row in enumerate(rows[:SHOWN], 1)]
    if left_out:
        lines.append(say("sens_left", count=left_out, most=most))
    elif len(rows) > SHOWN:
        lines.append(say("sens_more", count=len(rows) - SHOWN))
    return tuple(lines)
