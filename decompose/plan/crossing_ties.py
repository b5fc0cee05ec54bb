"""Mistakes of what ties indicators together: shares of another, sums of others, yearly rises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator

import numpy as np

from decompose.errors import Mistake
from decompose.figures import percent, plain
from decompose.labels import say
from decompose.plan.content import PlanContent
from decompose.plan.hints import hint
from decompose.plan.limits import Link
from decompose.plan.models import Indicator
from decompose.plan.order import tied
from decompose.plan.steps import on_grid, step_of

Path = tuple[str | int, ...]

ADDED = ("flow", "level", "given")
EACH, AREA = "region", "area"


def tie_mistakes(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """List the mistakes of an indicator's shares, sums and rises."""
    shares: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for number, link in enumerate(indicator.links):
        where = (*path, "links", number)
        yield from _scope(content, link, where)
        if link.of is None:
            continue
        yield from _share(content, indicator, link, where)
        ends = shares[link.of, plain(link.scope)]
        if link.at_least_share is not None:
            ends["lower"] = max(link.at_least_share, ends.get("lower", 0.0))
        if link.at_most_share is not None:
            ends["upper"] = min(link.at_most_share, ends.get("upper", np.inf))
        if ends.get("lower", 0.0) > ends.get("upper", np.inf):
            lower, upper = (percent(ends[end]) for end in ("lower", "upper"))
            place = content.indicator_index.get(link.of)
            other = link.of if place is None else content.indicators[place].label
            yield Mistake(say("shares_cross", other=other, lower=lower, upper=upper), where)
    yield from _sum(content, indicator, (*path, "sum_of"))
    yield from _increase(content, indicator, (*path, "increase_of"))


def _scope(content: PlanContent, link: Link, where: Path) -> Iterator[Mistake]:
    name = plain(link.scope)
    known = {*content.group_index, *content.region_index, *content.area_names, EACH}
    if name not in known:
        names = [content.area, *content.group_names, *content.region_names]
        yield Mistake(say("link_scope", found=link.scope, known=names), (*where, "scope"))


def _share(
    content: PlanContent, indicator: Indicator, link: Link, where: Path
) -> Iterator[Mistake]:
    key = "at_most_share" if link.at_least_share is None else "at_least_share"
    share = link.at_most_share if link.at_least_share is None else link.at_least_share
    if share is not None and share < 0:
        yield Mistake(say("share_negative", found=f"{100 * share:g}%"), (*where, key))
    other = yield from _named(content, indicator, link.of or "", (*where, "of"))
    for one in (indicator, other):
        if one is not None and one.kind not in ADDED:
            told = say("share_of_kind", name=one.label, kind=one.kind, kinds=list(ADDED))
            yield Mistake(told, (*where, key if one is indicator else "of"))
            return
    if other is not None and _apart(indicator.unit, other.unit):
        told = say("share_unit", unit=indicator.unit, other=other.label, of_unit=other.unit)
        yield Mistake(told, (*where, "of"))


def fairness_mistakes(content: PlanContent) -> Iterator[Mistake]:
    """List rules of fairness that differ from another's that is settled together with it."""
    named: dict[int, Indicator] = {}
    for number, one in zip(tied(content), content.indicators, strict=True):
        if "fairness" in one.model_fields_set:
            other = named.setdefault(number, one)
            if other.fairness != one.fairness:
                found = {"found": one.fairness, "known": other.fairness, "other": other.label}
                yield Mistake(say("fairness_mixed", **found), ("indicators", one.id, "fairness"))


def _sum(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    seen: set[str] = set()
    for name in indicator.sum_of:
        if name in seen:
            yield Mistake(say("sum_twice", name=name), path)
            continue
        seen.add(name)
        part = yield from _named(content, indicator, name, path)
        if part is None:
            continue
        if part.kind not in (indicator.kind, "given"):
            told = say("sum_kind", name=part.label, kind=part.kind, own=indicator.kind)
            yield Mistake(told, path)
        elif _apart(part.unit, indicator.unit):
            told = say("sum_unit", name=part.label, unit=part.unit, own=indicator.unit)
            yield Mistake(told, path)
        elif (off := _off_grid(content, part, indicator)) is not None:
            told = say("sum_step", name=part.label, found=off, step=step_of(indicator))
            yield Mistake(told, path)


def _increase(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    if indicator.increase_of is None:
        return
    level = yield from _named(content, indicator, indicator.increase_of, path)
    if level is None:
        return
    if level.kind != "level":
        yield Mistake(say("increase_kind", name=level.label, kind=level.kind), path)
        return
    if _apart(level.unit, indicator.unit):
        told = say("increase_unit", own=indicator.unit, name=level.label, unit=level.unit)
        yield Mistake(told, path)
    if (off := _off_grid(content, level, indicator)) is not None:
        told = say("increase_step", name=level.label, found=off, step=step_of(indicator))
        yield Mistake(told, path)
    first = content.applies(indicator)[:, 0] & content.applies(level)[:, 0] & ~content.reserve
    lacking = np.flatnonzero(first & np.isnan(content.base(level))).tolist()
    if lacking:
        names = [content.region_names[region] for region in lacking]
        told = say("base_needed", why=say("why_increase"), regions=names)
        yield Mistake(told, ("indicators", level.id, "base"))


def _off_grid(content: PlanContent, part: Indicator, own: Indicator) -> float | None:
    """Return a number that a sum or a rise cannot be made of in whole steps: a step, a base, data.

    None where there is none.
    """
    numbers = [] if part.kind == "given" else [step_of(part)]
    numbers += content.base(part).tolist() if own.increase_of == part.id else []
    for series in part.values.values():
        known = not isinstance(series, str) or plain(series) in content.tables
        numbers += content.series(series).tolist() if known else []
    return next(
        (one for one in numbers if not np.isnan(one) and not on_grid(one, step_of(own))), None
    )


def _named(
    content: PlanContent, indicator: Indicator, name: str, path: Path
) -> Generator[Mistake, None, Indicator | None]:
    """Tell a name that is unknown, or the indicator's own; return the indicator that it names."""
    if name == indicator.id:
        yield Mistake(say("itself", found=name), path)
        return None
    if name not in content.indicator_index:
        unknown = say("indicator_unknown", found=name, hint=hint(name, content.indicator_index))
        yield Mistake(unknown, path)
        return None
    return content.indicators[content.indicator_index[name]]


def _apart(one: str, other: str) -> bool:
    """Whether two units are known, and differ."""
    return bool(one and other) and plain(one) != plain(other)
