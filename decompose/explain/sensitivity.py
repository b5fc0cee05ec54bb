"""What a unit of relief on each binding rule would change: burdens, quotas, and how far.

Relief loosens a rule by one unit: its upper bound rises, or its lower bound falls, by one of the
indicator's unit, or by one percentage point of a rate (growth, share, cut). An exact figure (a
target, a lock) has two sides, and moves to the one on which the largest burden falls more. A
target takes its references with it. A negative change of the burden means that the plan gets
easier. All is told of exact quotas, one-sided at a kink.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from decompose.explain.binding import Binding, bindings, bound_of
from decompose.explain.effects import Effect, Reliefs, settled_digits
from decompose.labels import Language, Message, say, term
from decompose.settle import Settled

MOST = 200
"""How many rules are looked at unless said."""
SHOWN = 8
"""How many rules the sentences name."""
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
        One row per binding rule, the costliest first: ``rank``; ``path`` in the plan;
        ``family``; ``indicator`` (id); ``scope``; ``year`` (``"total"``, or ``"each"`` for every
        year); ``side`` (``"upper"`` rises, ``"lower"`` falls); ``bound`` (as the plan says it, a
        rate in percent); ``unit``. Per unit of relief: ``burden``, the change of the component's
        largest burden (negative: easier), and ``moved``, how much quota of the rule's indicators
        changes place. ``range`` is the relief up to which that holds. Rules that cost nothing
        come last, and after them those without numbers, of which ``note`` says why: ``"whole"``,
        the rule moves in whole steps only; ``"held"``, others keep it from moving alone;
        ``"jump"``, quotas jump however little it yields; ``"unsolved"``, the solver did not say;
        ``"yearly"``, what it holds is settled year by year on what is printed.
    quotas
        The quotas that change: ``rank``, ``path``, ``family``, ``scope`` and ``rule_year`` of the
        rule; ``indicator``, ``region`` and ``year`` of the quota; ``change`` of the exact quota
        per unit of relief.
    left_out
        How many binding rules were not looked at.
    most
        How many were looked at, at most.
    """

    table: pd.DataFrame
    quotas: pd.DataFrame
    left_out: int
    most: int
    _lines: tuple[Message, ...] = field(repr=False)

    def text(self, language: Language = "zh") -> str:
        """Return the costliest rules as sentences.

        Parameters
        ----------
        language
            ``"zh"`` or ``"en"``.

        Returns
        -------
        str
            A line per rule, ten at most.
        """
        return "\n".join(line.text(language) for line in self._lines)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))


def sensitivity_of(settled: Settled, *, most: int = MOST) -> Sensitivity:
    """Return what a unit of relief on each binding rule would change.

    Parameters
    ----------
    settled
        The plan with its quotas.
    most
        How many rules are looked at: those at the cells with the largest burdens first.
    """
    reliefs, found = Reliefs(settled), bindings(settled)
    found.sort(key=lambda binding: (-settled_digits(reliefs.weight(binding)), *binding.name))
    rows = [_Row.of(reliefs, binding) for binding in found[:most]]
    rows.sort(key=_Row.order)
    left_out = len(found) - len(rows)
    changes = [quota for rank, row in enumerate(rows, 1) for quota in row.quotas(rank)]
    return Sensitivity(
        pd.DataFrame([row.told(k) for k, row in enumerate(rows, 1)], columns=list(COLUMNS)),
        pd.DataFrame(changes, columns=list(QUOTAS)),
        left_out,
        most,
        _lines(rows, left_out, most),
    )


@dataclass(frozen=True, eq=False)
class _Row:
    """A rule, and what its relief does."""

    settled: Settled
    binding: Binding
    effect: Effect | None
    range: float
    note: str

    @staticmethod
    def of(reliefs: Reliefs, binding: Binding) -> _Row:
        """Make a rule yield."""
        found = reliefs.effect(binding)
        if isinstance(found, str):
            return _Row(reliefs.settled, binding, None, float("nan"), found)
        return _Row(reliefs.settled, binding, found, found.range, "")

    @cached_property
    def burden(self) -> float:
        """The change of the largest burden per unit."""
        return float("nan") if self.effect is None else settled_digits(self.effect.burden)

    @cached_property
    def moved(self) -> float:
        """How much quota of the indicators of which the rule speaks changes place per unit."""
        if self.effect is None:
            return float("nan")
        problem = self.settled.stages[self.binding.stage].problem
        cells = problem.rules.matrix.take(self.binding.rows).column
        own = np.isin(problem.column_indicator, problem.column_indicator[cells])
        gain = self.effect.gains[self.binding.stage][own]
        return settled_digits(max(gain[gain > 0].sum(), -gain[gain < 0].sum()))

    def order(self) -> tuple[bool, float, float, tuple[str, ...]]:
        """Return what rows are ranked by: what lowers the burden most, then what moves most."""
        if self.effect is None:
            return True, 0.0, 0.0, self.binding.name
        return False, self.burden, -self.moved, self.binding.name

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
            "burden": self.burden,
            "moved": self.moved,
            "range": self.range,
            "note": self.note,
        }

    def quotas(self, rank: int) -> Iterator[tuple[object, ...]]:
        """List the quotas that change."""
        binding = self.binding
        rule = (rank, binding.path, binding.family, binding.scope, binding.year)
        for number, gain in ({} if self.effect is None else self.effect.gains).items():
            problem = self.settled.stages[number].problem
            for cell in np.flatnonzero(gain).tolist():
                yield (
                    *rule,
                    problem.indicators[problem.column_indicator[cell]],
                    problem.regions[problem.column_region[cell]],
                    problem.years[problem.column_year[cell]],
                    float(gain[cell]),
                )

    def line(self, rank: int) -> Message:
        """Return the row as a sentence."""
        binding = self.binding
        indicator = self.settled.plan.indicators[binding.number]
        figure = f" {self.bound:.6g}{'%' if binding.is_rate else ''}"
        years = {"each": say("sens_every"), "total": say("all_years")}
        names = {
            "rank": rank,
            "scope": binding.scope,
            "indicator": indicator.label,
            "rule": term(binding.family),
            "bound": "" if np.isnan(self.bound) else figure,
            "year": years.get(str(binding.year), say("sens_year", year=binding.year)),
        }
        if self.effect is None:
            return say("sens_without", note=say(f"sens_{self.note}"), **names)
        return say(
            "sens_line",
            **names,
            side=say(f"sens_{self.effect.side}"),
            unit=say("sens_point") if self.unit == "%" else self.unit or say("sens_unit"),
            burden=f"{100 * self.burden:+.2f}",
            moved=f"{self.moved:.2f}",
            of=say("sens_points") if indicator.unit == "%" else indicator.unit,
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
