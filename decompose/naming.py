"""The names behind a rule's numbers, for messages."""

from __future__ import annotations

from decompose.labels import say, term
from decompose.problem import AREA, FAMILIES, TOTAL, Problem, group_of


def scope_name(problem: Problem, scope: int) -> str:
    """Return a scope's printed name."""
    if scope == AREA:
        return problem.area
    return problem.groups[group_of(scope)] if scope < AREA else problem.regions[scope]


def sum_names(problem: Problem, indicator: int, scope: int, year: int) -> dict[str, object]:
    """Return what a sum or a cell is called, to fill a message: indicator, scope, year."""
    return {
        "indicator": (problem.names or problem.indicators)[indicator],
        "scope": scope_name(problem, scope),
        "year": say("all_years") if year == TOTAL else say("one_year", year=problem.years[year]),
    }


def rule_names(problem: Problem, rule: int) -> dict[str, object]:
    """Return what a rule speaks of, to fill a message: indicator, scope, year, rule, path."""
    rules = problem.rules
    labels = rules.indicator[rule], rules.scope[rule], rules.year[rule]
    return {
        **sum_names(problem, *map(int, labels)),
        "rule": term(FAMILIES[rules.family[rule]].name),
        "path": problem.sources[rules.source[rule]],
    }
