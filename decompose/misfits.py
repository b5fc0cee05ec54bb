"""What rounding could not keep, in words: sums that moved, rules that cannot hold together."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from decompose.errors import RoundingError
from decompose.labels import Message, say
from decompose.naming import rule_names, sum_names
from decompose.problem import Problem
from decompose.rounding import Shift, Tabulated, rules_of_sum
from decompose.rounding.grid import whole


def shift_message(problem: Problem, shift: Shift) -> Message:
    """Tell which sum or quota rounding moved, from where to where."""
    names = sum_names(problem, shift.indicator, shift.scope, shift.year)
    return say("rounding_moved", **names, exact=shift.exact, quota=shift.quota)


def with_names(
    error: RoundingError, problem: Problem, tabulated: Tabulated, *, strict: Collection[int]
) -> RoundingError:
    """Name the rows of an error of ``round_table``: which sums, ties and bounds conflict.

    Parameters
    ----------
    error
        With rows of the table by number.
    problem, tabulated
        What was rounded.
    strict
        Indices of the indicators with ``strict: true``: they keep sums of groups too.

    Returns
    -------
    ``data["rules"]`` has the rule of each line, as an index into the problem's; None where a line
    is of a printed sum without a rule.
    """
    sums, near, ties = (
        np.array(error.data[name], dtype=np.int64) for name in ("sums", "near", "ties")
    )
    sums, ties = tabulated.sum_rules[sums], tabulated.tie_rules[ties]
    bound = [_rule_of_sum(problem, tabulated, row) for row in near.tolist()]
    rules = [*sums.tolist(), *bound, *ties.tolist()]
    lines = [_rule_line(problem, rule) for rule in sums.tolist()]
    lines += [
        _sum_line(problem, tabulated, row) if rule is None else _rule_line(problem, rule)
        for row, rule in zip(near.tolist(), bound, strict=True)
    ]
    lines += [_rule_line(problem, rule) for rule in ties.tolist()]
    kept = {*problem.rules.indicator[ties].tolist(), *tabulated.near_indicator[near].tolist()}
    firm = sorted(kept & {*strict})
    code = "rounding_strict" if firm else "rounding_impossible"
    names = [problem.indicators[number] for number in firm]
    return RoundingError(
        say(code, count=error.data["count"], rules=tuple(rules)), lines, indicators=names
    )


def _rule_line(problem: Problem, rule: int) -> Message:
    rules = problem.rules
    names = rule_names(problem, rule)
    terms = rules.matrix.value[rules.matrix.start[rule] : rules.matrix.start[rule + 1]]
    if not np.all(terms == 1) or not (rules.whole[rule] or rules.constant[rule] == 0):
        return say("rounding_rule", **names)
    wanted = _wanted(float(rules.lower[rule]), float(rules.upper[rule]))
    return say("rounding_bound", **names, wanted=wanted)


def _wanted(lower: float, upper: float) -> Message:
    if lower == upper:
        return say("wanted_exactly", value=lower)
    if np.isinf(upper):
        return say("wanted_least", value=lower)
    if np.isinf(lower):
        return say("wanted_most", value=upper)
    return say("wanted_between", lower=lower, upper=upper)


def _rule_of_sum(problem: Problem, tabulated: Tabulated, row: int) -> int | None:
    """Return the rule that binds a printed sum."""
    _, (lower, upper), step = _ends_of_sum(problem, tabulated, row)
    for rule in rules_of_sum(problem, *_labels_of_sum(tabulated, row)).tolist():
        ends = np.array([problem.rules.lower[rule] - lower, problem.rules.upper[rule] - upper])
        if np.any(np.abs(ends) < step / 2):
            return int(rule)
    return None


def _sum_line(problem: Problem, tabulated: Tabulated, row: int) -> Message:
    """Tell of a printed sum by what it is before rounding."""
    exact, ends, _ = _ends_of_sum(problem, tabulated, row)
    names = sum_names(problem, *_labels_of_sum(tabulated, row))
    return say("rounding_sum", **names, wanted=_wanted(*ends), exact=exact)


def _ends_of_sum(
    problem: Problem, tabulated: Tabulated, row: int
) -> tuple[float, tuple[float, float], float]:
    """Return a printed sum before rounding, the steps below and above it, and the step."""
    table = tabulated.table
    cells = table.near.take(np.array([row]))
    step = float(problem.step[cells.column[0]])
    exact = cells.dot(table.exact)
    lower, upper = (float(end[0]) * step for end in whole(exact))
    return float(exact[0]) * step, (lower, upper), step


def _labels_of_sum(tabulated: Tabulated, row: int) -> tuple[int, int, int]:
    """Return the indicator, scope and year of a printed sum."""
    labels = tabulated.near_indicator, tabulated.near_scope, tabulated.near_year
    indicator, scope, year = (int(values[row]) for values in labels)
    return indicator, scope, year
