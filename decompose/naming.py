"""The names behind a rule's numbers, for messages."""

from __future__ import annotations

from decompose.labels import say, term
from decompose.problem import AREA, FAMILIES, TOTAL, Problem


def scope_name(problem: Problem, scope: int) -> str:
    """Return a scope's printed name."""
    if scope == AREA:
        return problem.area
    return problem.groups[-2 - scope] if scope < AREA else problem.regions[scope]


def rule_names(problem: Problem, rule: int) -> dict[str, object]:
    """Return what a rule speaks of, to fill a message: indicator, scope, year, rule, path."""
    rules = problem.rules
    indicator, year = int(rules.indicator[rule]), int(rules.year[rule])
    return {
        "indicator": (problem.names or problem.indicators)[indicator],
        "scope": scope_name(problem, int(rules.scope[rule])),
        "year": say("all_years") if year == TOTAL else say("one_year", year=problem.years[year]),
        "rule": term(FAMILIES[rules.family[rule]].name),
        "path": problem.sources[rules.source[rule]],
    }
