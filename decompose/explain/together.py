"""Families that yield together where none of them is enough: as few as are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decompose.explain.below_zero import Freed
from decompose.explain.feasibility import Part
from decompose.explain.stuck import Stuck
from decompose.explain.yields import SIGNED, Several, Yield
from decompose.solvers import Solver


def together(
    stuck: Stuck, part: Part, own: Freed | None, by: Several, solver: Solver
) -> Iterator[Several]:
    """Yield sets of families with which the others can hold, the best one first.

    Families come in their order until they are enough; then those of them stay as they are without
    which it is enough all the same, the last one first unless the other way leaves fewer. Then
    come sets with nothing left out, in case that no figures can be written for the first.

    Parameters
    ----------
    stuck, part
        The stage, and rules of it that cannot hold together.
    own
        The part in which published changes may be below 0, if some are held there.
    by
        The families, the first one first.
    solver
        From ``open_solver``.
    """

    def enough(yields: Sequence[Yield]) -> bool:
        here = part if own is None or SIGNED not in yields else own.part
        rows = Several(tuple(yields)).rows(stuck.plan, here.problem, here.rows)
        return here.can_hold(solver, ~rows)

    there = [one for one in by.yields if _has_some(stuck, part, own, one)]
    if len(there) < 2 or not enough(there):
        return
    low, high = 0, len(there)  # so few are not enough, so many are
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(there[:middle]) else (middle, high)

    def without(order: Sequence[Yield]) -> list[Yield]:
        fewest = there[:high]
        for one in order:
            less = [other for other in fewest if other != one]
            if enough(less):
                fewest = less
        return fewest

    early = there[: high - 1]  # without the last of them it is not enough
    fewest = min(without(early[::-1]), without(early), key=len)
    yield Several(tuple(fewest))
    for count in range(max(high, len(fewest) + 1), len(there) + 1):
        yield Several(tuple(there[:count]))


def _has_some(stuck: Stuck, part: Part, own: Freed | None, one: Yield) -> bool:
    if one == SIGNED:
        return own is not None
    return bool(one.rows(stuck.plan, part.problem, part.rows).any())
