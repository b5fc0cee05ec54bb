"""Mistakes of growth that is published: what it is measured on, and what it cannot go with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from decompose.errors import Mistake
from decompose.figures import Figure
from decompose.labels import say
from decompose.plan.bases import settled_bases
from decompose.plan.content import PlanContent
from decompose.plan.crossing_figures import base_unknown
from decompose.plan.models import Indicator
from decompose.plan.ratios import PERCENT
from decompose.plan.targets import Figures

Path = tuple[str | int, ...]


def growth_mistakes(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """List what published growth lacks, or cannot go with.

    It is settled year by year on the printed year before: every region needs a value above 0 in the
    base year and in every year, and the area a sum in every year.
    """
    if indicator.publish != "growth" or indicator.kind not in ("flow", "level"):
        return
    if not indicator.target.imposes:
        yield Mistake(say("growth_target"), (*path, "target"))
        return
    yield from _bases(content, indicator, path)
    yield from _years(content, indicator, path)
    if indicator.fairness != "leximin":
        yield Mistake(say("growth_fairness", found=indicator.fairness), (*path, "fairness"))
    for key, names in (("sum_of", indicator.sum_of), ("increase_of", (indicator.increase_of,))):
        if any(names):
            yield Mistake(say("growth_sum", name=indicator.label), (*path, key))
    for other in content.indicators:
        for key, named in (("sum_of", other.sum_of), ("increase_of", (other.increase_of,))):
            if indicator.id in named and other is not indicator:
                told = say("growth_sum", name=other.label)
                yield Mistake(told, ("indicators", other.id, key))
    for region, locks in indicator.locks.items():
        if "total" in locks:
            yield Mistake(say("growth_lock_total"), (*path, "locks", region, "total"))
        for year, lock in locks.items():
            if year != "total" and lock.value <= -PERCENT:
                told = say("growth_lock_low", found=f"{lock.value:g}")
                yield Mistake(told, (*path, "locks", region, year))


def _bases(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find regions whose growth would be measured on nothing."""
    if base_unknown(content, indicator):
        return
    base = settled_bases(content, indicator)[0]
    takes = content.applies(indicator).any(axis=1)
    lacking = takes & ~content.reserve & ~(base > 0)
    lacking |= takes & (base < 0)
    if lacking.any():
        names = [content.region_names[region] for region in np.flatnonzero(lacking).tolist()]
        yield Mistake(say("growth_base", regions=names), (*path, "base"))


def _years(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """Find years that have no growth before a year that has, and those without a sum."""
    applies = content.applies(indicator)
    for year, figure in indicator.target.years.items():
        if not figure.given and year in content.year_index:
            applies[:, content.year_index[year]] = False
    begins = applies[:, 1:] & ~applies[:, :-1]
    if begins.any():
        regions, years = np.nonzero(begins)
        names = [content.region_names[region] for region in dict.fromkeys(regions.tolist())]
        when = [str(content.years[1 + year]) for year in dict.fromkeys(years.tolist())]
        yield Mistake(say("growth_gap", regions=names, years=when), (*path, "years"))
    years_taken = [content.years[k] for k in np.flatnonzero(applies.any(axis=0)).tolist()]
    target = indicator.target
    yearly = [target.growth_each_year, target.increase_each_year]
    for figures, where in ((target, ("target",)), (target.stretch, ("target", "stretch"))):
        if figures is None or indicator.kind == "level":
            continue  # a level's open years follow its path
        if open_years := _without_sum(figures, yearly, years_taken):
            told = say("growth_years", years=[str(year) for year in open_years])
            yield Mistake(told, (*path, *where))


def _without_sum(
    figures: Figures, yearly: Sequence[Figure | None], years: Sequence[int]
) -> list[int]:
    """Return the years of a flow of which figures say nothing, nor do rates of every year."""
    spanning = [figures.total, figures.each_year, figures.per_region, *yearly]
    spanning += [figures.growth_each_year, figures.increase_each_year]
    if any(one is not None and one.given for one in spanning):
        return []
    said = {year for year, figure in figures.years.items() if figure.given}
    if any(one is not None and one.given for one in (figures.growth, figures.increase)):
        said |= set(years[-1:])
    return [year for year in years if year not in said]


def growth_circle(content: PlanContent, chain: tuple[str, ...]) -> Mistake:
    """Tell that indicators linked to published growth wait for one another."""
    first = next(
        one.id for one in content.indicators if one.id in chain and one.publish == "growth"
    )
    return Mistake(say("growth_circle", chain=" → ".join(chain)), ("indicators", first, "publish"))
