"""The pictures of a report: drawn from the frames that Altair charts show too."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from decompose.charts.drawing import Bars, Light, Mark, Pair, Panel, bars, lights, pairs, panels
from decompose.charts.frames import (
    MOST_REGIONS,
    HasProgress,
    HasQuotas,
    course_of,
    drawn,
    fan_frame,
    largest,
    light_frame,
    path_frame,
    quota_frame,
)
from decompose.labels import Language, say, word
from decompose.markup import Markup
from decompose.plan import Indicator, Plan
from decompose.plan.lights import Lights
from decompose.tables.attached import attached
from decompose.tables.model import number_cell
from decompose.tables.printed import printed_name, printed_unit

_NEAR = 1e-9
_LEVELS = ("green", "yellow", "red")


class Picture(NamedTuple):
    """One picture of a report.

    Attributes
    ----------
    set
        The indicator that it shows; empty for a picture that stands by itself.
    title, note
        What it shows, and how to read it.
    drawing
        As SVG.
    across
        Whether it may be wider than a phone.
    """

    set: str
    title: str
    note: str
    drawing: Markup
    across: bool = False


def allocation_pictures(allocation: HasQuotas, *, language: Language = "zh") -> Iterator[Picture]:
    """Draw, for each indicator that regions receive: quotas, references beside quotas, paths."""
    plan, quotas = allocation.plan, allocation.quotas
    groups = dict(tuple(quotas.groupby("indicator", sort=False)))
    for one in drawn(plan, quotas):
        own = groups[one.id]
        last = own[own["year"] == own["year"].max()]
        kept = largest(last["region"].tolist(), last["quota"].tolist())
        fewer = len(kept) < len(last)
        note = say("picture_largest", count=MOST_REGIONS).text(language) if fewer else ""
        some = _Quotas(plan, own[own["region"].isin(kept)] if fewer else own)
        shown = quota_frame(some, one, language=language)
        yield from _of_indicator(
            one, shown, path_frame(some, one, language=language), note, language
        )


class _Quotas(NamedTuple):
    """The quotas of one indicator, as those of a whole allocation."""

    plan: Plan
    quotas: pd.DataFrame


def _of_indicator(
    indicator: Indicator,
    quotas: pd.DataFrame,
    paths: pd.DataFrame,
    note: str,
    language: Language,
) -> Iterator[Picture]:
    name, unit = printed_name(indicator, language), printed_unit(indicator, language)

    def titled(code: str, **data: object) -> str:
        title = say(code, **data).text(language)
        return say("picture_unit", title=title, unit=unit).text(language) if unit else title

    def alt(title: str) -> str:
        return say("picture_named", indicator=name, title=title).text(language)

    title = titled("picture_quotas")
    rows = [Bars(region, _marks(some, "quota")) for region, some in _by_region(quotas)]
    yield Picture(name, title, note, bars(rows, name=alt(title)))
    for year, some in quotas.groupby("year"):
        if some["reference"].isna().all():
            continue
        title = titled("picture_references", year=year)
        drawing = pairs(
            [_pair(row) for row in some.to_dict("records")],
            reference=word("reference_number", language),
            quota=word("quota", language),
            moved=say("picture_moved").text(language),
            name=alt(title),
        )
        yield Picture(name, title, note, drawing)
    if len(set(paths["year"])) > 1:
        title = titled("picture_paths")
        lines = [
            Panel(region, list(zip(some["year"], _marks(some, "value"), strict=True)))
            for region, some in _by_region(paths)
        ]
        remark = word("clause_separator", language).join(
            one for one in (_own_scales(language), note) if one
        )
        yield Picture(name, title, remark, panels(lines, name=alt(title)))


def _own_scales(language: Language) -> str:
    return say("picture_own_scales").text(language)


def _by_region(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for region, some in frame.groupby("region", sort=False):
        yield str(region), some


def _marks(frame: pd.DataFrame, column: str) -> list[Mark]:
    rows = zip(frame[column], frame["shown"], frame["told"], frame["year"], strict=True)
    return [Mark(float(value), shown, told, str(year)) for value, shown, told, year in rows]


def _pair(row: dict[Any, Any]) -> Pair:
    reference, quota = float(row["reference"]), float(row["quota"])
    mark = Mark(quota, row["shown"], row["told"])
    step = 10.0 ** -len(row["shown"].partition(".")[2])
    moved = not math.isnan(reference) and abs(quota - reference) > step - _NEAR
    return Pair(row["region"], reference, mark, moved)


def progress_pictures(
    progress: HasProgress, plan: Plan, rule: Lights, *, language: Language = "zh"
) -> Iterator[Picture]:
    """Draw the map of colours, and for each indicator completion beside the schedule.

    Parameters
    ----------
    progress
        What was reached.
    plan
        Names of indicators, the order of regions.
    rule
        How colours are printed.
    language
        Of the words.
    """
    names = {one.id: printed_name(one, language) for one in plan.indicators}
    table = light_frame(progress, names, language)
    if len(table):
        yield _light_map(table, plan, rule, language)
    reported = set(progress.course["indicator"])
    for one in plan.indicators:
        if one.id in reported:
            yield _course(progress, one, names[one.id], language)


def _light_map(table: pd.DataFrame, plan: Plan, rule: Lights, language: Language) -> Picture:
    have = set(table["region"])
    regions = [name for name in plan.region_names if name in have]
    rows = []
    for name, some in table.groupby("indicator", sort=False):
        found = {row["region"]: row for row in some.to_dict("records")}
        cells = [_light(found.get(region), rule, language) for region in regions]
        rows.append((str(name), cells))
    title = say("picture_lights").text(language)
    signs = [
        say("picture_level", sign=_sign(level, rule, language), level=_named(level, rule, language))
        for level in _LEVELS
    ]
    note = word("clause_separator", language).join(one.text(language) for one in signs)
    return Picture("", title, note, lights(rows, regions, name=title), across=True)


def _light(row: dict[Any, Any] | None, rule: Lights, language: Language) -> Light | None:
    if row is None:
        return None
    level = row["level"]
    if level not in _LEVELS:
        return Light("none", "", row["told"])
    return Light(level, _sign(level, rule, language), row["told"])


def _named(level: str, rule: Lights, language: Language) -> str:
    return word(f"{rule.wording}_{level}" if rule.wording else level, language)


def _sign(level: str, rule: Lights, language: Language) -> str:
    """Return the letter of a colour, for those who cannot tell colours apart."""
    return _named(level, rule, language).removeprefix("level ")[:1].upper()


def _course(progress: HasProgress, indicator: Indicator, name: str, language: Language) -> Picture:
    own = course_of(progress, indicator, language)
    lines = []
    kept = largest(list(dict.fromkeys(own["region"])), [1.0] * own["region"].nunique())
    for region, some in _by_region(own[own["region"].isin(kept)]):
        due = some.loc[some["due"].notna()]
        done = some.loc[some["completion"].notna()]
        rows = zip(done["month"], done["completion"], done["told"], strict=True)
        points = [
            (float(month), Mark(float(value), f"{value:.0%}", told)) for month, value, told in rows
        ]
        schedule = list(zip(due["month"].astype(float), due["due"].astype(float), strict=True))
        behind = len(done) > 0 and bool(done["completion"].iloc[-1] < done["due"].iloc[-1])
        lines.append(Panel(region, points, [(0.0, 0.0), *schedule], behind=behind))
    title = say("picture_course").text(language)
    told = say("picture_named", indicator=name, title=title).text(language)
    return Picture(name, title, "", panels(lines, name=told, floor=0.0))


def sweep_pictures(sweep: pd.DataFrame, *, language: Language = "zh") -> Iterator[Picture]:
    """Draw how far the scenarios of a sweep lie apart, indicator by indicator."""
    plan = attached(sweep)
    solved = sweep.loc[sweep["quota"].notna() & ~sweep["indicator"].isin(plan.unprinted)]
    for name in dict.fromkeys(solved["indicator"]) if len(set(solved["scenario"])) > 1 else ():
        found = fan_frame(sweep, name, language=language)
        if (found["low"] == found["high"]).all():
            continue
        last = found[found["year"] == found["year"].max()]
        kept = largest(last["region"].tolist(), last["middle"].tolist())
        lines = [_fan(region, some) for region, some in _by_region(found) if region in kept]
        shown, unit = plan.name(name, language), plan.unit(name, language)
        title = say("picture_fan").text(language)
        if unit:
            title = say("picture_unit", title=title, unit=unit).text(language)
        told = say("picture_named", indicator=shown, title=title).text(language)
        note = say("picture_fan_note").text(language)
        remark = word("clause_separator", language).join((note, _own_scales(language)))
        yield Picture(shown, title, remark, panels(lines, name=told))


def comparison_pictures(frame: pd.DataFrame, *, language: Language = "zh") -> Iterator[Picture]:
    """Draw, for each indicator and year of a comparison, what regions had and what they have."""
    plan = attached(frame)
    shown = ~frame["scope"].isin(plan.wholes) & ~frame["indicator"].isin(plan.unprinted)
    regions = frame[shown & frame["after"].notna()]
    for (indicator, year), some in regions.groupby(["indicator", "year"], sort=False):
        name, unit = plan.name(str(indicator), language), plan.unit(str(indicator), language)
        told = say("picture_all_years") if year == "total" else say("picture_year", year=year)
        title = say("picture_compared", year=told).text(language)
        if unit:
            title = say("picture_unit", title=title, unit=unit).text(language)
        kept = largest(some["scope"].tolist(), some["after"].tolist())
        fewer = len(kept) < len(some)
        note = say("picture_largest", count=MOST_REGIONS).text(language) if fewer else ""
        rows = some[some["scope"].isin(kept)].to_dict("records")
        decimals = plan.decimals.get(str(indicator), 0)
        drawing = pairs(
            [_change(row, decimals, language) for row in rows],
            reference=word("before", language),
            quota=word("after", language),
            moved="",
            name=say("picture_named", indicator=name, title=title).text(language),
        )
        yield Picture(name, title, note, drawing)


def _change(row: dict[Any, Any], decimals: int, language: Language) -> Pair:
    numbers = (None if math.isnan(row[end]) else row[end] for end in ("before", "after"))
    before, after = (number_cell(number, decimals).text for number in numbers)
    region, reason = row["scope"], row.get("reason", "")
    told = say("picture_change", region=region, before=before, after=after, reason=reason)
    mark = Mark(row["after"], after, told.text(language))
    return Pair(region, row["before"], mark, not math.isnan(row["before"]))


def _fan(region: str, some: pd.DataFrame) -> Panel:
    rows = some.to_dict("records")
    points = [
        (float(row["year"]), Mark(row["middle"], f"{row['middle']:.6g}", row["told"]))
        for row in rows
    ]
    outer = [(float(row["year"]), row["low"], row["high"]) for row in rows]
    inner = [(float(row["year"]), row["lower"], row["upper"]) for row in rows]
    return Panel(region, points, bands=(outer, inner))
