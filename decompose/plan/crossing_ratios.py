"""Mistakes of ratios: parts that are unknown, missing or 0; bases; tiers; what follows what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator

import numpy as np

from decompose.errors import Mistake
from decompose.figures import plain
from decompose.labels import Message, say
from decompose.plan.content import PlanContent
from decompose.plan.crossing_growth import growth_circle
from decompose.plan.hints import hint
from decompose.plan.models import Cumulative, Indicator, Series
from decompose.plan.order import circle, followed, named, ratio_mode, targeted
from decompose.plan.ratios import PERCENT, RatioNumbers, ratio_numbers, region_base, wanted
from decompose.plan.scopes import limit_grids
from decompose.plan.steps import on_grid, step_of
from decompose.plan.targets import Target

Path = tuple[str | int, ...]

ADDED = ("flow", "level", "given")
BASED = ("cut", "cut_each_year", "rise", "rise_each_year")


def ratio_mistakes(content: PlanContent) -> Iterator[Mistake]:
    """List the mistakes of every ratio, and of data that are given."""
    sound = True
    for indicator in content.indicators:
        path: Path = ("indicators", indicator.id)
        for year, series in indicator.values.items():
            yield from _year(content, year, (*path, "values", year))
            yield from _series(content, series, (*path, "values", year))
        if indicator.kind == "ratio":
            found = [*_parts(content, indicator, path), *_numbered(content, indicator, path)]
            sound = sound and not found
            yield from found
            yield from _own(content, indicator, path)
    if not sound:
        return  # what follows looks into the parts
    if chain := circle(content):
        told = say("denominator_circle", chain=" → ".join(chain))
        waiting = [
            one
            for one in content.indicators
            if one.kind == "ratio" and {named(one.denominator), one.id} & set(chain)
        ]
        if not waiting:
            yield growth_circle(content, chain)
            return
        yield Mistake(told, ("indicators", waiting[0].id, "denominator"))
        return
    yield from _followers(content)
    for indicator in content.indicators:
        if indicator.kind == "ratio" and ratio_mode(content, indicator) != "stated":
            yield from _numbers(content, indicator, ("indicators", indicator.id))


# ---- parts ------------------------------------------------------------------------------------


def _parts(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find numerators and denominators that are no indicator, or of a kind that never adds."""
    top, bottom = named(indicator.numerator), named(indicator.denominator)
    if bottom is None and (indicator.decompose or top is not None):
        yield Mistake(say("denominator_missing"), (*path, "denominator"))
    for key, source in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
        name = named(source)
        if name is None:
            continue
        where = (*path, key)
        if isinstance(source, Cumulative):
            where = (*where, "cumulative")
        if name not in content.indicator_index:
            unknown = say("indicator_unknown", found=name, hint=hint(name, content.indicator_index))
            yield Mistake(unknown, where)
            continue
        part = content.indicators[content.indicator_index[name]]
        if part.kind not in ADDED:
            told = say("ratio_of_kind", name=part.label, kind=part.kind, kinds=list(ADDED))
            yield Mistake(told, where)
        elif isinstance(source, Cumulative) and part.kind == "level":
            kinds = ["flow", "given"]
            told = say("cumulative_of_kind", name=part.label, kind=part.kind, kinds=kinds)
            yield Mistake(told, where)
    if top is not None and top == bottom and top in content.indicator_index:
        label = content.indicators[content.indicator_index[top]].label
        yield Mistake(say("ratio_itself", name=label), (*path, "denominator"))


def _numbered(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find what keeps a ratio from being put in numbers."""
    if indicator.scale <= 0:
        yield Mistake(say("scale_positive", found=indicator.scale), (*path, "scale"))
    if indicator.base_numerator is not None:
        yield from _series(content, indicator.base_numerator, (*path, "base_numerator"))


def _own(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find mistakes of a ratio that show without its parts."""
    for region, locks in indicator.locks.items():
        if "total" in locks:
            yield Mistake(say("total_of_ratio"), (*path, "locks", region, "total"))
    for name, grid in limit_grids(content, indicator).items():
        family = name.partition(".")[0]
        if family not in ("growth", "ramp"):
            continue
        sources = np.concatenate([grid.area_source, grid.groups_source.ravel()])
        for source in np.unique(sources[sources >= 0]).tolist():
            where = tuple(grid.paths[source].split("."))
            yield Mistake(say("limit_of_sum", key=family), where)
    if indicator.tiers is not None:
        yield from _tiers(content, indicator, (*path, "tiers"))


def _year(content: PlanContent, year: int, path: Path) -> Iterator[Mistake]:
    if year not in content.year_index and year != content.base_year:
        known = [str(one) for one in (content.base_year, *content.years)]
        yield Mistake(say("year_unknown", found=year, known=known), path)


def _series(content: PlanContent, series: Series, path: Path) -> Iterator[Mistake]:
    """Find a column that is unknown, or regions that are."""
    if isinstance(series, str) and plain(series) not in content.tables:
        unknown = say("column_unknown", found=series, known=list(content.tables) or "—")
        yield Mistake(unknown, path)
    for name in series if isinstance(series, dict) else ():
        if plain(name) not in content.region_index:
            unknown = say("region_unknown", found=name, hint=hint(name, content.region_index))
            yield Mistake(unknown, (*path, name))


# ---- tiers --------------------------------------------------------------------------------------


def _tiers(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    tiers, step = indicator.tiers, step_of(indicator)
    assert tiers is not None  # asked only of a ratio that has them
    cut = indicator.target.cut
    if indicator.publish != "cut" or cut is None or not cut.given:
        yield Mistake(say("tiers_cut"), path)
    if list(tiers.values) != sorted(set(tiers.values)):
        shown = [_percent(value) for value in tiers.values]
        yield Mistake(say("tiers_rise", found=shown), (*path, "values"))
    for number, value in enumerate(tiers.values):
        where = (*path, "values", number)
        if not 0 <= value < 1:
            yield Mistake(say("tier_range", found=_percent(value)), where)
        elif not on_grid(value * PERCENT, step):
            yield Mistake(say("tier_step", found=_percent(value), step=step), where)
    if tiers.by is None:
        return
    unknown = list(_series(content, tiers.by, (*path, "by")))
    yield from unknown
    if not unknown:
        yield from _tier_of_regions(content, indicator, (*path, "by"))


def _tier_of_regions(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    tiers = indicator.tiers
    assert tiers is not None
    assert tiers.by is not None
    try:
        said = content.series(tiers.by, rate=True)
    except ValueError as error:
        message: Message = error.args[0]
        yield Mistake(message, path)
        return
    takes = content.applies(indicator).any(axis=1) & ~content.reserve
    missing = np.flatnonzero(takes & np.isnan(said)).tolist()
    if missing:
        names = [content.region_names[region] for region in missing]
        yield Mistake(say("tier_missing", regions=names), path)
    near = np.asarray(np.abs(said[:, None] - np.array(tiers.values)).min(axis=1))
    strange = [content.region_names[k] for k in np.flatnonzero(near > 1e-9).tolist()]
    if strange:
        known = [_percent(value) for value in tiers.values]
        yield Mistake(say("tier_unknown", regions=strange, known=known), path)


def _percent(rate: float) -> str:
    return f"{rate * PERCENT:g}%"


# ---- what follows what -----------------------------------------------------------------------


def _followers(content: PlanContent) -> Iterator[Mistake]:
    """Find parts that never get a number, and numerators that would follow several ratios."""
    led: defaultdict[str, list[Indicator]] = defaultdict(list)
    ratios = [one for one in content.indicators if one.kind == "ratio"]
    for one in ratios:
        top = named(one.numerator)
        if top is not None and ratio_mode(content, one) == "free":
            led[top].append(one)
    for top, several in led.items():
        label = content.indicators[content.indicator_index[top]].label
        for one in several[1:]:
            told = say("numerator_twice", name=label, ratios=[one.label for one in several])
            yield Mistake(told, ("indicators", one.id, "numerator"))
    for one in ratios:
        yield from _open_parts(content, one, led)


def _open_parts(content: PlanContent, ratio: Indicator, led: Container[str]) -> Iterator[Mistake]:
    mode, path = ratio_mode(content, ratio), ("indicators", ratio.id)
    numerator, bottom = _part(content, ratio.numerator), _part(content, ratio.denominator)
    if numerator is not None:
        added_up = isinstance(ratio.numerator, Cumulative) and numerator.kind == "flow"
        if added_up and not _decided(content, numerator):
            told = say("cumulative_open", name=numerator.label)
            yield Mistake(told, (*path, "numerator", "cumulative"))
        if mode != "free" and ratio.locks:
            told = say("lock_of_numerator", name=numerator.label)
            yield Mistake(told, (*path, "locks"))
    if bottom is None or bottom.kind == "given" or mode == "stated":
        return
    if not _decided(content, bottom) and bottom.id not in led:
        yield Mistake(say("denominator_open", name=bottom.label), (*path, "denominator"))


def _decided(content: PlanContent, indicator: Indicator) -> bool:
    """Whether an indicator gets numbers from a target: its own, or that of what it makes up."""
    return targeted(indicator) or followed(content, indicator) is not None


def _part(content: PlanContent, source: str | Cumulative | None) -> Indicator | None:
    name = named(source)
    return None if name is None else content.indicators[content.indicator_index[name]]


# ---- data of regions ---------------------------------------------------------------------------


def _numbers(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find regions without a denominator or a base where the ratio needs them."""
    targets = [indicator.target, *indicator.group_targets.values()]
    if any(year not in content.year_index for target in targets for year in target.years):
        return  # told elsewhere
    if any(plain(name) not in content.group_index for name in indicator.group_targets):
        return
    numbers = ratio_numbers(content, indicator, {})
    bottom = _part(content, indicator.denominator)
    assert bottom is not None  # of a ratio that is more than stated
    years = _years_wanted(content, indicator, numbers)
    if bottom.kind == "given":
        yield from _given_denominator(content, indicator, numbers, bottom, years, path)
    else:
        yield from _decided_denominator(content, indicator, bottom, years, path)
    yield from _bases(content, indicator, numbers, path)


def _years_wanted(content: PlanContent, indicator: Indicator, numbers: RatioNumbers) -> list[int]:
    """Return the years of which some target speaks, in those in which the ratio applies."""
    everyone = np.ones(len(content.regions), dtype=bool)
    scopes = [(indicator.target, everyone)] + [
        (target, content.members[content.group_index[plain(name)]])
        for name, target in indicator.group_targets.items()
    ]
    takes = np.asarray(content.applies(indicator).any(axis=0))
    found = {
        one.year
        for target, members in scopes
        for one in wanted(content, target, numbers.base_of(members), 0.0, indicator.hand_out)
    }
    return sorted(year for year in found if takes[year])


def _given_denominator(
    content: PlanContent,
    indicator: Indicator,
    numbers: RatioNumbers,
    bottom: Indicator,
    years: list[int],
    path: Path,
) -> Iterator[Mistake]:
    takes = np.asarray(content.applies(indicator) & ~content.reserve[:, None])
    lacking: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for year in years:
        without = np.flatnonzero(takes[:, year] & np.isnan(numbers.denominator[:, year]))
        if without.size == takes[:, year].sum() and without.size:
            lacking[(content.area,)].append(str(content.years[year]))
        elif without.size:
            names = tuple(content.region_names[region] for region in without)
            lacking[names].append(str(content.years[year]))
    for regions, when in lacking.items():
        told = say("denominator_zero", years=when, name=bottom.label, regions=list(regions))
        yield Mistake(told, (*path, "denominator"))


def _decided_denominator(
    content: PlanContent, indicator: Indicator, bottom: Indicator, years: list[int], path: Path
) -> Iterator[Mistake]:
    """Find regions and years that a denominator leaves out, as far as it shows beforehand."""
    takes = np.asarray(content.applies(indicator) & ~content.reserve[:, None])
    lacking = np.asarray(takes & ~content.applies(bottom))[:, years]
    if lacking.any():
        names = [content.region_names[k] for k in np.flatnonzero(lacking.any(axis=1)).tolist()]
        found = np.array(years)[lacking.any(axis=0)].tolist()
        when = [str(content.years[year]) for year in found]
        told = say("denominator_zero", years=when, name=bottom.label, regions=names)
        yield Mistake(told, (*path, "denominator"))
    if nil := [year for year in years if _is_nil(bottom, content.years[year])]:
        when = [str(content.years[year]) for year in nil]
        told = say("denominator_nil", name=bottom.label, years=when)
        yield Mistake(told, (*path, "denominator"))
    dashed = {
        content.year_index[year]
        for year, figure in bottom.target.years.items()
        if not figure.given and year in content.year_index
    }
    if missing := sorted((dashed | _unassigned(content, bottom)) & set(years)):
        when = [str(content.years[year]) for year in missing]
        told = say("denominator_years", name=bottom.label, years=when)
        yield Mistake(told, (*path, "denominator"))


def _is_nil(bottom: Indicator, year: int) -> bool:
    """Whether a denominator's target for a year is 0."""
    figure = bottom.target.years.get(year, bottom.target.each_year)
    return figure is not None and figure.given and max(figure.bounds(0.0)) == 0


def _unassigned(content: PlanContent, bottom: Indicator) -> set[int]:
    """Return the years in which a flow has no figure of its own, where single years are all."""
    target = bottom.target
    figures = [getattr(target, name) for name in type(target).model_fields if name != "years"]
    spanning = any(getattr(figure, "given", False) for figure in figures)
    single = {content.year_index[year] for year in target.years if year in content.year_index}
    beside = bottom.group_targets or bottom.locks or bottom.sum_of or bottom.increase_of
    if bottom.kind != "flow" or not single or spanning or beside:
        return set()
    return set(range(len(content.years))) - single


def _bases(
    content: PlanContent, indicator: Indicator, numbers: RatioNumbers, path: Path
) -> Iterator[Mistake]:
    """Find regions without a base-year ratio where something is measured against it."""
    for why, where in _measured(indicator):
        base = region_base(numbers)
        takes = content.applies(indicator).any(axis=1) & ~content.reserve
        lacking = np.flatnonzero(takes & np.isnan(base)).tolist()
        everyone = np.ones(len(base), dtype=bool)
        if lacking:
            names = [content.region_names[region] for region in lacking]
            told = say("ratio_base_needed", why=why, regions=names)
            yield Mistake(told, (*path, *where))
            return  # once, whatever else needs it
        cuts = where[-1] not in ("growth", "ramp")
        if cuts and takes.any() and numbers.base_of(everyone) == 0:
            told = say("ratio_base_zero", why=why, scope=content.area)
            yield Mistake(told, (*path, *where))
            return


def _measured(indicator: Indicator) -> Iterator[tuple[Message, Path]]:
    """List what is measured against the base-year ratio, and where the plan says it."""
    targets: list[tuple[Target, Path]] = [(indicator.target, ("target",))]
    targets += [
        (target, ("group_targets", name)) for name, target in indicator.group_targets.items()
    ]
    for target, where in targets:
        for key in BASED:
            figure = getattr(target, key)
            if figure is not None and figure.given:
                yield say("why_cut"), (*where, key)
    if indicator.publish in ("cut", "rise"):
        yield say("why_publish", publish=indicator.publish), ("publish",)
    if indicator.converge is not None:
        yield say("why_converge"), ("converge",)
    limits = indicator.limits
    if limits.cut.min or limits.cut.max:
        yield say("why_cut_limit"), ("limits", "cut")
    if limits.growth.min or limits.growth.max:
        yield say("why_growth"), ("limits", "growth")
    if limits.ramp.min or limits.ramp.max:
        yield say("why_ramp"), ("limits", "ramp")
