"""The scopes of an indicator that have rows in annex 1: the area, and groups with figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.figures import plain
from decompose.labels import Language
from decompose.plan import Indicator, Plan, Stated, Target
from decompose.problem import AREA, group_scope
from decompose.tables.printed import Printed, printed_name, stretch_of
from decompose.tables.scope import Scope


def scopes(printed: Printed, indicator: Indicator, language: Language) -> list[Scope]:
    """List the area, then the groups with rows of their own."""
    found = _scopes(printed, indicator, language)
    stretch = stretch_of(printed, indicator)
    if stretch is None:
        return found
    number = printed.plan.indicator_index[indicator.id]
    higher = _scopes(stretch, stretch.plan.indicators[number], language)
    return [
        replace(base, stretch=_own(base, other)) for base, other in zip(found, higher, strict=True)
    ]


def _own(base: Scope, other: Scope) -> Scope | None:
    """Return the stretch of a scope; None where neither its figures nor its numbers are its own.

    Where only its numbers are (others' stretch figures moved them), they alone are printed. What
    the document states, it states of the base figures.
    """
    if base.target.stretch is not None:
        return replace(other, stated=Stated())
    if np.array_equal(base.numbers, other.numbers, equal_nan=True):
        return None
    return replace(other, target=Target(), stated=Stated())


def _scopes(printed: Printed, indicator: Indicator, language: Language) -> list[Scope]:
    plan = printed.plan
    targets = {plain(name): target for name, target in indicator.group_targets.items()}
    stated = {plain(name): figures for name, figures in indicator.stated.groups.items()}
    area = Scope(
        printed,
        indicator,
        printed_name(indicator, language),
        np.ones(len(plan.regions), dtype=bool),
        AREA,
        indicator.target,
        indicator.stated,
        language,
        display=indicator.display,
    )
    found = [area]
    for number in group_rows(plan, indicator):
        name = plan.group_names[number]
        group = replace(
            area,
            label=plan.groups[name].label or name,
            members=plan.members[number],
            number=group_scope(number),
            target=targets.get(plain(name), Target()),
            stated=stated.get(plain(name), Stated()),
            display={},
        )
        found.append(group)
    return found


def group_rows(plan: Plan, indicator: Indicator) -> list[int]:
    """List the groups (by index) that have rows of their own under an indicator.

    Those for which the plan gives figures and, where there are some, all with a subtotal.
    """
    named = {plain(name) for name in (*indicator.group_targets, *indicator.stated.groups)}
    return [
        number
        for number, (name, group) in enumerate(plan.groups.items())
        if plain(name) in named or (named and group.subtotal)
    ]
