"""What is settled before what: links tie indicators together, denominators come first.

DESIGN section 3: indicators tied by links or ratios are settled together; ``move: numerator``
settles denominators first, by their own targets and rules, and then they are data. What is
measured against the printed year before is settled one year after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from decompose.plan.content import PlanContent
from decompose.plan.models import Cumulative, Indicator
from decompose.plan.targets import RATIO_EACH_YEAR
from decompose.problem import Floats

DECIDED = ("flow", "level", "ratio")


class Batch(NamedTuple):
    """Indicators that are settled together, by their indices.

    Those that are ``yearly`` are settled one year after the other, on what is printed of the years
    before; the others with the last year.
    """

    indicators: tuple[int, ...]
    yearly: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Turn:
    """The year of a batch whose turn it is; by default, all years at once.

    Attributes
    ----------
    year
        Its index.
    yearly
        The indicators of which the years before are printed.
    loose
        Whether the cut or rise of a year against the year before may be missed.
    rates
        Published rates near which values are looked at, by id: growth over several years is no
        straight line.
    """

    year: int = 0
    yearly: frozenset[int] = frozenset()
    loose: bool = False
    rates: Mapping[str, Floats] = field(default_factory=dict)

    def first(self, number: int) -> int:
        """Return the first year of an indicator that is not printed yet."""
        return self.year if number in self.yearly else 0


def named(source: str | Cumulative | None) -> str | None:
    """Return the indicator that a numerator or denominator names."""
    return source.cumulative if isinstance(source, Cumulative) else source


def targeted(indicator: Indicator) -> bool:
    """Whether an indicator has a target of its own, or follows others that it adds up."""
    return (
        indicator.target.imposes
        or any(target.imposes for target in indicator.group_targets.values())
        or bool(indicator.sum_of or indicator.increase_of)
    )


def ratio_mode(content: PlanContent, indicator: Indicator) -> str:
    """Tell how a ratio is settled.

    Returns
    -------
    ``"free"``: the ratio itself is chosen, and its numerator follows. ``"bound"``: its numerator
    has a target of its own, and the ratio is a rule on it. ``"checked"``: numerator and
    denominator both have targets, or the numerator is data, so that the ratio is compared, not
    imposed. ``"stated"``: a city's figure without a numerator, printed only.
    """
    top = _find(content, named(indicator.numerator))
    bottom = _find(content, named(indicator.denominator))
    if top is not None and top.kind == "given":
        return "checked"
    if top is None or not (targeted(top) or isinstance(indicator.numerator, Cumulative)):
        return "free" if indicator.decompose else "stated"
    decided = bottom is not None and bottom.kind in DECIDED and targeted(bottom)
    return "checked" if decided and indicator.priority is None else "bound"


def _find(content: PlanContent, name: str | None) -> Indicator | None:
    place = content.indicator_index.get(name or "")
    return None if place is None else content.indicators[place]


def free_numerators(content: PlanContent) -> dict[str, str]:
    """Return the numerators without a target, each with the ratio that it follows."""
    return {
        numerator: one.id
        for one in content.indicators
        if one.kind == "ratio"
        and (numerator := named(one.numerator)) in content.indicator_index
        and ratio_mode(content, one) == "free"
        and numerator is not None
    }


def followed(content: PlanContent, indicator: Indicator) -> Indicator | None:
    """Return the indicator with a target that one without any makes up, and gets its numbers from.

    A sum of which it is a part, or the yearly rise of a level; of several the first by id.
    """
    if indicator.kind not in ("flow", "level") or targeted(indicator):
        return None
    naming = [
        one
        for one in content.indicators
        if one.target.imposes and (indicator.id in one.sum_of or one.increase_of == indicator.id)
    ]
    if not naming or indicator.id in free_numerators(content):
        return None
    return min(naming, key=lambda one: one.id)


def _firsts(content: PlanContent) -> dict[int, set[int]]:
    """Return the indicators that must be settled before each.

    The denominators of its ratios; and those that its links name, where growth is published of
    either: that is settled year by year, the others at once.
    """
    index = content.indicator_index
    before: dict[int, set[int]] = {number: set() for number in range(len(content.indicators))}
    for number, one in enumerate(content.indicators):
        bottom, top = index.get(named(one.denominator) or ""), index.get(named(one.numerator) or "")
        before[number] |= _linked_by_growth(content, one)
        if one.kind != "ratio" or bottom is None or ratio_mode(content, one) == "checked":
            continue
        if content.indicators[bottom].kind in DECIDED:
            before[number].add(bottom)
            if top is not None:
                before[top].add(bottom)
    return before


def _linked_by_growth(content: PlanContent, one: Indicator) -> set[int]:
    index = content.indicator_index
    names = [one.parent, *(link.part_of or link.of for link in one.links)]
    found = {index[name] for name in names if name in index and name != one.id}
    others = {number: content.indicators[number] for number in found}
    return {
        number
        for number, other in others.items()
        if other.kind in DECIDED and "growth" in (one.publish, other.publish)
    }


def _ties(content: PlanContent) -> Iterator[tuple[int, int]]:
    """List the pairs of indicators that one rule ties."""
    index = content.indicator_index
    for number, one in enumerate(content.indicators):
        others = [one.parent, one.increase_of, *one.sum_of]
        others += [link.part_of or link.of for link in one.links]
        if one.kind == "ratio" and ratio_mode(content, one) in ("free", "bound"):
            others.append(named(one.numerator))
        for name in others:
            other = index.get(name or "")
            if other is not None and content.indicators[other].kind in DECIDED:
                yield number, other


def references(indicator: Indicator) -> tuple[str, ...]:
    """Return the ids of the indicators that one names: as parts, wholes, numerator and so on."""
    names = [indicator.parent, indicator.increase_of, *indicator.sum_of]
    names += [name for link in indicator.links for name in (link.part_of, link.of)]
    names += [named(indicator.numerator), named(indicator.denominator)]
    return tuple(name for name in names if name)


def beside(content: PlanContent) -> tuple[frozenset[int], ...]:
    """Return, for each indicator, those that it names and those that name it."""
    index = content.indicator_index
    found: list[set[int]] = [set() for _ in content.indicators]
    for number, one in enumerate(content.indicators):
        for name in references(one):
            if name in index:
                found[number].add(index[name])
                found[index[name]].add(number)
    return tuple(frozenset(some) for some in found)


def batches_of(content: PlanContent) -> tuple[Batch, ...]:
    """Order the indicators that are decided: batches, settled one after the other."""
    return _ordered(content)[0]


def chained(indicator: Indicator) -> bool:
    """Whether a ratio must fall or rise by so much every year, against the year before."""
    targets = (indicator.target, *indicator.group_targets.values())
    figures = [getattr(one, key) for one in targets for key in RATIO_EACH_YEAR]
    return any(figure is not None and figure.given for figure in figures)


def _yearly(content: PlanContent, members: Sequence[int]) -> frozenset[int]:
    """Return which of the members of a batch are settled year by year.

    What publishes its growth. Of a ratio with a cut or rise for every year, itself or the numerator
    that makes it; its steps (tiers) are chosen for all years at once.
    """
    found: set[int] = set()
    for number in members:
        one = content.indicators[number]
        if one.publish == "growth":
            found.add(number)
        imposed = one.kind == "ratio" and ratio_mode(content, one) in ("free", "bound")
        if imposed and chained(one) and one.tiers is None and len(content.years) > 1:
            top = content.indicator_index.get(named(one.numerator) or "")
            found |= {number, number if top is None else top} & set(members)
    return frozenset(found)


def circle(content: PlanContent) -> tuple[str, ...]:
    """Return ids of which each waits for, or is tied to, the next; the first is the last too.

    Empty where no denominator has to be settled before itself.
    """
    if not _ordered(content)[1]:
        return ()
    before = _firsts(content)
    beside: dict[int, set[int]] = {number: set() for number in before}
    for one, other in _loose_ties(content, before):
        beside[one].add(other)
        beside[other].add(one)
    chains = [
        [number, *way]
        for number, firsts in before.items()
        for first in sorted(firsts)
        if (way := _way(first, number, before, beside))
    ]
    return tuple(content.indicators[number].id for number in min(chains, key=len))


def _way(
    start: int, end: int, before: dict[int, set[int]], beside: dict[int, set[int]]
) -> list[int]:
    """Return a shortest way from one indicator to another, by what it waits for or is tied to."""
    came: dict[int, int] = {start: start}
    reached = [start]
    for node in reached:
        for following in sorted(before[node] | beside[node]):
            if following not in came:
                came[following] = node
                reached.append(following)
    if end not in came:
        return []
    way = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]


def _loose_ties(content: PlanContent, before: dict[int, set[int]]) -> Iterator[tuple[int, int]]:
    """List the ties of indicators of which neither waits for the other."""
    for one, other in _ties(content):
        if other not in before[one] and one not in before[other]:
            yield one, other


def tied(content: PlanContent) -> tuple[int, ...]:
    """Return a number for each indicator: those that are settled together have the same."""
    return _tied(content, _firsts(content))


def _tied(content: PlanContent, before: dict[int, set[int]]) -> tuple[int, ...]:
    parent = list(range(len(content.indicators)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in _loose_ties(content, before):
        parent[root(one)] = root(other)
    return tuple(map(root, range(len(parent))))


def _ordered(content: PlanContent) -> tuple[tuple[Batch, ...], tuple[int, ...]]:
    before = _firsts(content)
    root = _tied(content, before)
    decided = [k for k, one in enumerate(content.indicators) if one.kind in DECIDED]
    waits = {
        root[k]: {root[first] for m in decided if root[m] == root[k] for first in before[m]}
        for k in decided
    }
    order: list[Batch] = []
    done: set[int] = set()
    while len(done) < len(waits):
        ready = [node for node, first in waits.items() if node not in done and first <= done]
        if not ready:
            stuck = {node for node in waits if node not in done}
            return tuple(order), tuple(k for k in decided if root[k] in stuck)
        tied = [tuple(k for k in decided if root[k] == node) for node in ready]
        batches = [Batch(members, _yearly(content, members)) for members in tied]
        at_once = sorted(k for one in batches if not one.yearly for k in one.indicators)
        order += [Batch(tuple(at_once))] if at_once else []
        order += [one for one in batches if one.yearly]
        done.update(ready)
    return tuple(order), ()
