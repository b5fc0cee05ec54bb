"""Mistakes of targets, bases and the allocation rule: years, signs, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from decompose.errors import Mistake
from decompose.figures import Figure, plain
from decompose.labels import say
from decompose.plan.content import PlanContent
from decompose.plan.hints import hint
from decompose.plan.models import Indicator
from decompose.plan.order import free_numerators, named
from decompose.plan.ratios import ratio_numbers, region_base
from decompose.plan.sharing import RULES, shares
from decompose.plan.steps import PERCENT_SIGN, SNAP, step_of
from decompose.plan.targets import Figures, Stated, Target
from decompose.problem import Bools, Floats

Path = tuple[str | int, ...]

SUMS = ("each_year", "per_region", "total", "increase", "increase_each_year")
"""Figures of a flow or level that are in its unit, beside those of years."""
DISPLAYED = ("total", "base")
"""What ``display`` speaks of beside years."""


def figure_mistakes(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """List the mistakes of an indicator's figures."""
    everywhere = np.ones(len(content.regions), dtype=bool)
    needing = everywhere if indicator.base_total is None else ~everywhere
    yield from _target(content, indicator, indicator.target, (*path, "target"), needing)
    for group, target in indicator.group_targets.items():
        where = (*path, "group_targets", group)
        number = content.group_index.get(plain(group))
        if number is None:
            yield Mistake(
                say("group_unknown", found=group, hint=hint(group, content.group_index)), where
            )
        needing = everywhere if number is None else content.members[number]
        yield from _target(content, indicator, target, where, needing)
    yield from _stated(content, indicator, indicator.stated, (*path, "stated"))
    yield from _base(content, indicator, path)
    if indicator.id not in free_numerators(content):  # which are shared out as their ratio is
        yield from _sharing(content, indicator, path)
    yield from _cost(content, indicator, path)
    yield from _display(content, indicator, path)
    yield from _notes(content, indicator, path)
    if not isinstance(indicator.path, str):
        weights = list(indicator.path.values())
        if min(weights, default=0) < 0 or sum(weights) <= 0:
            yield Mistake(say("path_total"), (*path, "path"))
        yield from _known_years(content, indicator.path, (*path, "path"))


def _cost(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find costs that are missing, or do not rise: then the least cost is no linear program."""
    if indicator.fairness != "least_cost":
        return
    costed = {content.region_index.get(plain(name), -1) for name in indicator.cost}
    takes = content.applies(indicator).any(axis=1) & ~content.reserve
    lacking = [content.region_names[k] for k in np.flatnonzero(takes).tolist() if k not in costed]
    if lacking:
        yield Mistake(say("cost_missing", regions=lacking), (*path, "cost"))
    for name, steps in indicator.cost.items():
        where = (*path, "cost", name)
        if plain(name) not in content.region_index:
            yield Mistake(
                say("region_unknown", found=name, hint=hint(name, content.region_index)), where
            )
        ends, units = [end for end, _ in steps], [unit for _, unit in steps]
        if not steps or ends != sorted(set(ends)) or ends[0] <= 0 or units != sorted(units):
            yield Mistake(say("cost_rises"), where)


def _display(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    known = [*map(str, content.years), *DISPLAYED]
    for key, text in indicator.display.items():
        if key not in known:
            yield Mistake(say("display_key", found=key, known=known), (*path, "display", key))
        elif not plain(text):
            yield Mistake(say("display_empty"), (*path, "display", key))


def _notes(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find notes that no table would print."""
    known = [*map(str, content.years), "all"]
    for key in indicator.notes:
        if key not in known:
            yield Mistake(say("note_year", found=key, known=known), (*path, "notes", key))


def _known_years(content: PlanContent, years: object, path: Path) -> Iterator[Mistake]:
    known = list(map(str, content.years))
    for year in years if isinstance(years, dict) else ():
        if int(year) not in content.year_index:
            yield Mistake(say("year_unknown", found=year, known=known), (*path, year))


def _target(
    content: PlanContent,
    indicator: Indicator,
    target: Target,
    path: Path,
    needing: Bools,
) -> Iterator[Mistake]:
    """List the mistakes of a target; of the regions needing a base, all that take part have one."""
    yield from _known_years(content, target.years, (*path, "years"))
    yield from _percentages(indicator, target, path)
    if target.stretch is not None:
        yield from _percentages(indicator, target.stretch, (*path, "stretch"))
    if target.total is not None and target.total.given and indicator.kind == "level":
        yield Mistake(say("total_of_level"), (*path, "total"))
    shared = path[-1] == "target" and indicator.kind in ("flow", "level")
    if shared or not indicator.signed:
        code = "negative_target" if shared else "negative_figure"
        past = content.years[: content.past]  # what was reached may have been negative
        yield from _below_zero(target, path, code, past)
        if target.stretch is not None:
            yield from _below_zero(target.stretch, (*path, "stretch"), code, past)
    rates = ("growth", "growth_each_year", "increase", "increase_each_year")
    wanting = [name for name in rates if (found := getattr(target, name)) and found.given]
    if wanting and indicator.kind != "ratio" and not base_unknown(content, indicator):
        lacking = np.isnan(content.base(indicator)) & content.applies(indicator).any(axis=1)
        lacking &= needing & ~content.reserve
        if lacking.any():
            names = [content.region_names[index] for index in np.flatnonzero(lacking)]
            needed = say("base_needed", why=say("why_target"), regions=names)
            yield Mistake(needed, (*path, wanting[0]))


def _below_zero(
    figures: Figures, path: Path, code: str, past: Collection[int]
) -> Iterator[Mistake]:
    """Find sums that are negative, but for those of years that are over."""
    sums: list[tuple[Path, Figure | None]] = [
        ((key,), getattr(figures, key)) for key in ("each_year", "per_region", "total")
    ]
    open_years = {year: one for year, one in figures.years.items() if int(year) not in past}
    sums += [(("years", year), figure) for year, figure in open_years.items()]
    for keys, figure in sums:
        if figure is not None and figure.value < 0:
            yield Mistake(say(code, found=figure.raw()), (*path, *keys))


def _percentages(indicator: Indicator, figures: Figures, path: Path) -> Iterator[Mistake]:
    """Find percentages in place of sums that are not counted in percent: growth was meant."""
    if indicator.kind not in ("flow", "level") or PERCENT_SIGN in plain(indicator.unit):
        return
    sums: list[tuple[Path, Figure | None]] = [
        *(((name,), getattr(figures, name)) for name in SUMS),
        *((("years", year), figure) for year, figure in figures.years.items()),
    ]
    for where, figure in sums:
        if figure is not None and PERCENT_SIGN in figure.text:
            yield Mistake(say("percent_not_expected", found=figure.text), (*path, *where))


def _stated(
    content: PlanContent, indicator: Indicator, stated: Stated, path: Path
) -> Iterator[Mistake]:
    yield from _known_years(content, stated.years, (*path, "years"))
    for name, other in (("growth", "average"), ("increase", "total")):
        for key in getattr(stated, name):
            if key != other and content.year_at(key) is None:
                yield Mistake(say("stated_key", found=key, other=other), (*path, name, key))
    for group, inner in stated.groups.items():
        where = (*path, "groups", group)
        if plain(group) not in content.group_index:
            yield Mistake(
                say("group_unknown", found=group, hint=hint(group, content.group_index)), where
            )
        yield from _stated(content, indicator, inner, where)


def base_unknown(content: PlanContent, indicator: Indicator) -> bool:
    """Whether the base names a column that is not there: told once, not for every region."""
    return isinstance(indicator.base, str) and plain(indicator.base) not in content.tables


def _base(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    if base_unknown(content, indicator):
        unknown = say("column_unknown", found=indicator.base, known=list(content.tables) or "—")
        yield Mistake(unknown, (*path, "base"))
        return
    rises = indicator.kind == "level" and indicator.publish == "increment"
    targets = (indicator.target, *indicator.group_targets.values())
    imposed = any(target.imposes for target in targets)
    if rises and imposed and np.isnan(content.base(indicator)).all():
        needed = say("base_needed", why=say("why_increment"), regions=list(content.region_names))
        yield Mistake(needed, (*path, "base"))
    if isinstance(indicator.base, dict):
        for name in indicator.base:
            if plain(name) not in content.region_index:
                unknown = say("region_unknown", found=name, hint=hint(name, content.region_index))
                yield Mistake(unknown, (*path, "base", name))
    if indicator.base_total is None or indicator.base is None:
        return
    total = float(np.nansum(content.base(indicator)))
    gap = total - indicator.base_total
    of_all = float(np.nansum(content.series(indicator.base))) - indicator.base_total
    near = SNAP * step_of(indicator) * len(content.regions)
    if indicator.mismatch is None and min(abs(gap), abs(of_all)) > near:
        differs = say("base_total_differs", total=total, stated=indicator.base_total, gap=gap)
        yield Mistake(differs, (*path, "base_total"))
    if indicator.mismatch == "reserve" and not content.reserve.any():
        yield Mistake(say("no_reserve"), (*path, "mismatch"))


def _sharing(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    rule = indicator.allocate
    where = (*path, "allocate")
    by = (
        [rule.by] if rule is not None and rule.by is not None else list((rule and rule.blend) or ())
    )
    for source in by:
        if isinstance(source, str) and source not in RULES and plain(source) not in content.tables:
            unknown = say("column_unknown", found=source, known=[*RULES, *content.tables])
            yield Mistake(unknown, where)
            return
        if isinstance(source, dict):
            for name in source:
                if plain(name) not in content.region_index:
                    unknown = say(
                        "region_unknown", found=name, hint=hint(name, content.region_index)
                    )
                    yield Mistake(unknown, (*where, "by", name))
    takes = content.applies(indicator).any(axis=1) & ~content.reserve
    if not takes.any():
        return
    for source, share in shares(content, indicator):
        name = source if isinstance(source, str) else "allocate"
        if source == "base" and indicator.kind == "ratio" and indicator.base is not None:
            continue  # a base that it cannot have is told by itself
        if source == "base" and indicator.kind == "ratio":
            share = _base_ratio(content, indicator)
        elif source == "base" and indicator.base is None:
            names = [content.region_names[index] for index in np.flatnonzero(takes)]
            needed = say("base_needed", why=say("why_allocate_base"), regions=names)
            yield Mistake(needed, (*path, "base"))
            continue
        missing = [content.region_names[k] for k in np.flatnonzero(takes & np.isnan(share))]
        below = [content.region_names[k] for k in np.flatnonzero(takes & (share < 0))]
        if source == "base" and base_unknown(content, indicator):
            continue
        if missing and source == "base":
            needed = say("base_needed", why=say("why_allocate_base"), regions=missing)
            yield Mistake(needed, (*path, "base"))
        elif missing:
            yield Mistake(say("reference_missing", by=name, regions=missing), where)
        if below:
            yield Mistake(say("reference_negative", regions=below), where)
        if not missing and not below and not share[takes].any():
            yield Mistake(say("reference_none", by=name), where)


def _base_ratio(content: PlanContent, indicator: Indicator) -> Floats:
    """Return each region's base-year ratio; NaN where a part of it is unknown."""
    parts = (named(indicator.numerator), named(indicator.denominator))
    if any(name is not None and name not in content.indicator_index for name in parts):
        return np.full(len(content.regions), np.nan)
    return region_base(ratio_numbers(content, indicator, {}))
