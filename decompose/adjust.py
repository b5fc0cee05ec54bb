"""adjust: what is agreed upon is fixed, and everything else moves as little as it can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from decompose.allocation import Allocation
from decompose.anchor import Anchor
from decompose.errors import DecomposeError, InfeasibleError, PlanError, RoundingError, SolverError
from decompose.kept import Made
from decompose.labels import Language, say
from decompose.moves import Hold, Move, Placed, Placing, held_items
from decompose.passed import require
from decompose.problem import Bools, Floats
from decompose.settle import Settled, settle
from decompose.stopped import most_told, stopped_by
from decompose.stretch import going_with

SAME = 1e-9


def adjust(
    allocation: Allocation,
    moves: Move | Sequence[Move],
    *,
    hold: Hold | Sequence[Hold] = (),
    language: Language = "zh",
    solver: Any = "highs",
) -> Allocation:
    """Change some quotas as agreed, and the others as little as the rules allow.

    Each moved quota becomes what stands plus the amount. The area's sums of every year stay as
    they are, and every rule of the plan is kept. Among all tables that do so, the one is taken in
    which the largest relative change to what stands is least, then the next largest, and so on
    (leximin of change ÷ quota; quotas of 0 come first). Where rounding has already put what stands
    beyond a rule, that rule holds as far as what stands goes.

    Parameters
    ----------
    allocation
        What stands: solved, adopted, or adjusted before.
    moves
        What was agreed upon, one move or several. Where a move names who takes the difference
        (``to``), no other region's quota of that indicator and year changes.
    hold
        What must not change, one item or several: a region, a group, an indicator, or
        ``(indicator, region or group, year)``.
    language
        Language of error messages, ``"zh"`` or ``"en"``.
    solver
        As in ``solve``; it does not change the answer.

    Returns
    -------
    Allocation
        Certified as any other. ``log`` lists the moves, and ``why`` tells what became of each
        number. Stretch quotas follow with the least change of their own.

    Raises
    ------
    PlanError
        Lists every mistake: names that are unknown, amounts off the grid, moves that contradict
        each other or ``hold``.
    InfeasibleError
        The rules do not allow the moves: which ones stop them, and the most that can be moved.
    RoundingError
        No table in whole steps has the numbers that were agreed upon.

    Examples
    --------
    >>> agreed = dc.adjust(allocation, dc.Move("investment", 2025, "North", 2), hold="West")
    >>> agreed.annex2(2025, language="en")["Investment"].tolist()
    [110.0, 25.2, 32.8, 52.0]
    """
    require("adjust", allocation, Allocation, language=language)
    settled = allocation.settled
    if settled.base is not None:
        raise PlanError(say("adjust_stretch"), language=language)
    agreed = tuple(moves) if isinstance(moves, Iterable) else (moves,)
    for move in agreed:
        require("adjust", move, Move, language=language)
    placing = Placing(settled, agreed, held_items(hold))
    placed, held = placing.placed(language)
    negotiation = _Negotiation(placing, held, solver)
    try:
        found = negotiation.settled(placed)
        stretch = _stretch(allocation, found, solver)
    except InfeasibleError:
        raise InfeasibleError(negotiation.stopped(placed), language=language) from None
    except DecomposeError as error:
        error.language = language
        raise
    made = Made.by(solver)
    higher = None if stretch is None else Allocation(stretch, made=made)
    return Allocation(found, higher, made, (*allocation.log, *map(placing.entry, placed)))


def _stretch(allocation: Allocation, base: Settled, solver: Any) -> Settled | None:
    """Let stretch quotas follow: not below the base quotas, else as they stand.

    In years in which they were the base quotas they go with these, also downwards: an indicator
    without stretch figures has no others.
    """
    if allocation.stretch is None:
        return None
    stood = allocation.stretch.settled
    anchor, beside = stood.standing(), base.standing()
    numbers = going_with(beside.numbers, allocation.settled.quotas(), anchor.numbers)
    excess = {
        place: max(anchor.excess.get(place, 0.0), beside.excess.get(place, 0.0))
        for place in {**anchor.excess, **beside.excess}
    }
    anchor = replace(anchor, numbers=numbers, excess=excess)
    return settle(stood.plan, solver=solver, base=base, gap=stood.gap, anchor=anchor)


@dataclass(frozen=True, eq=False)
class _Negotiation:
    """What stands, and what of it must not change."""

    placing: Placing
    held: Mapping[str, Bools]
    solver: Any

    def anchor(self, placed: Sequence[Placed]) -> Anchor:
        """Return what stands, with the moved quotas fixed, and those that nobody may touch."""
        placing = self.placing
        fixed: dict[str, Floats] = {
            name: np.where(self.held[name], grid, np.nan) for name, grid in placing.numbers.items()
        }
        sums: list[tuple[str, tuple[int, ...], int]] = []
        for beside in _by_year(placed):
            indicator, _, year = beside[0].cell
            one = placing.plan.indicators[indicator]
            takers = [placing.takers(move, beside, self.held) for move in beside]
            free = {move.cell.region for move in beside}.union(*takers)
            idle = [k for k in range(len(placing.plan.regions)) if k not in free]
            fixed[one.id][idle, year] = placing.numbers[one.id][idle, year]
            for move in beside:
                fixed[one.id][move.cell.region, year] = move.value
            if one.kind != "ratio" and len(beside) > 1:
                sums += [(one.id, own, year) for own in _apart(beside, takers)]
        totals = [one for one in placing.plan.indicators if one.kind != "ratio"]
        return replace(
            placing.settled.standing(),
            fixed=fixed,
            totals=frozenset(one.id for one in totals if one.id in placing.numbers),
            sums=tuple(sums),
        )

    def settled(self, placed: Sequence[Placed]) -> Settled:
        """Settle the plan with some moves.

        Raises
        ------
        InfeasibleError, RoundingError, SolverError
            As ``settle``; also where rounding would move what is fixed.
        """
        stood, anchor = self.placing.settled, self.anchor(placed)
        found = settle(stood.plan, solver=self.solver, gap=stood.gap, anchor=anchor)
        numbers = found.quotas()
        for name, grid in anchor.fixed.items():
            off = np.argwhere(np.abs(numbers[name] - grid) > SAME * np.maximum(1.0, np.abs(grid)))
            for region, year in off.tolist():
                data = {
                    "indicator": stood.plan.indicators[stood.plan.indicator_index[name]].label,
                    "region": stood.plan.region_names[region],
                    "year": stood.plan.years[year],
                }
                raise RoundingError(
                    say("adjust_rounding", amount=float(grid[region, year]), **data)
                )
        return found

    def can(self, placed: Sequence[Placed]) -> bool:
        """Whether some moves can be made."""
        try:
            self.settled(placed)
        except SolverError:
            raise
        except DecomposeError:
            return False
        return True

    def stopped(self, placed: Sequence[Placed]) -> Any:
        """Tell what stops moves, and the most of one that can be moved."""
        alone = next((one for one in placed if not self.can([one])), None)
        anchor = self.anchor(placed if alone is None else [alone])
        reason = stopped_by(self.placing, anchor)
        if alone is None:
            return say("adjust_together", count=len(placed), reason=reason)
        return most_told(self.placing, alone, reason, lambda one: self.can([one]))


def _by_year(placed: Iterable[Placed]) -> list[list[Placed]]:
    """Put the moves of an indicator and year together."""
    found: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for one in placed:
        found[one.cell.indicator, one.cell.year].append(one)
    return list(found.values())


def _apart(beside: Sequence[Placed], takers: Sequence[frozenset[int]]) -> list[tuple[int, ...]]:
    """Return, of moves of one year, the regions that make up among themselves.

    Moves that share takers are one, and so are moves without: they make up for each other.
    """
    sets: list[set[int]] = []
    for move, own in zip(beside, takers, strict=True):
        joined = {move.cell.region, *own}
        apart = [other for other in sets if not other & joined]
        sets = [*apart, joined.union(*(other for other in sets if other & joined))]
    alone = [one for one in sets if len(one) == 1]
    return [] if alone else [tuple(sorted(one)) for one in sets]
