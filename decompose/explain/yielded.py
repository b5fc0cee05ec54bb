"""The change of the plan by which a rule yields."""

from __future__ import annotations

from decompose.build import Built
from decompose.explain.changes import figure_of, moved
from decompose.explain.figures_moved import Change
from decompose.explain.rules import phrase
from decompose.plan import Plan
from decompose.problem import FAMILIES


def change_of(
    plan: Plan, built: Built, row: int, amount: float, own: float, *, up: bool
) -> Change | None:
    """Return how a rule's figure moves; None where it has none.

    Parameters
    ----------
    plan, built, row
        The rule.
    amount
        By how much its row yields.
    own
        By how much its figure moves: the same but for a rate (``own_amount``).
    up
        Whether an upper bound rises, or a lower bound falls.
    """
    to = moved(plan, built, row, own, up=up)
    if to is None:
        return None
    path, value = to
    rules = built.problem.rules
    keys = path.split(".")
    year = int(rules.year[row])
    if "target" in keys[2] and keys[-2] == "years":  # the figure's own, whose way has rows before
        year = plan.year_index[int(keys[-1])]
    return Change(
        path,
        value,
        figure_of(plan, built, row),
        FAMILIES[rules.family[row]].name,
        int(rules.indicator[row]),
        int(rules.scope[row]),
        year,
        amount,
        phrase(plan, built, row),
    )
