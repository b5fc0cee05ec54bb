"""Rules across the fields of a plan: names that must exist, figures that must fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from decompose.errors import Mistake
from decompose.figures import plain
from decompose.labels import Message, say
from decompose.labels.words import TOTALS
from decompose.plan.content import PlanContent
from decompose.plan.crossing_converge import converge_mistakes
from decompose.plan.crossing_figures import figure_mistakes
from decompose.plan.crossing_growth import growth_mistakes
from decompose.plan.crossing_kinds import kind_mistakes
from decompose.plan.crossing_limits import limit_mistakes
from decompose.plan.crossing_ratios import ratio_mistakes
from decompose.plan.crossing_ties import fairness_mistakes, tie_mistakes
from decompose.plan.hints import hint
from decompose.plan.models import Indicator

Path = tuple[str | int, ...]


def cross_mistakes(content: PlanContent) -> Iterator[Mistake]:
    """List every mistake that shows only when the fields are seen together."""
    astray: set[str] = set()
    for mistake in chain(_names(content), _years(content), _past(content), _regions(content)):
        astray.update(_astray(mistake))
        yield mistake
    for mistake in indicator_mistakes(content):
        regions = mistake.message.data.get("regions")
        if not (regions and isinstance(regions, list) and set(map(plain, regions)) <= astray):
            yield mistake


def _astray(mistake: Mistake) -> Iterator[str]:
    """List the region whose data went astray with a wrong name: that it lacks them only follows.

    A row of a table under a misspelt name is the one of the region that its hint suggests.
    """
    code, data = mistake.message.code, mistake.message.data
    if mistake.path[0] == "regions" and code in ("name_twice", "name_of_area", "name_of_total"):
        yield plain(str(data["found"]))
    elif mistake.path[0] == "tables" and isinstance(meant := data.get("hint"), Message):
        yield plain(str(meant.data.get("close", "")))


def indicator_mistakes(content: PlanContent) -> Iterator[Mistake]:
    """List those that the indicators make, their names aside."""
    known = Counter(indicator.id for indicator in content.indicators)
    for number, indicator in enumerate(content.indicators):
        path: Path = ("indicators", indicator.id if known[indicator.id] == 1 else number)
        yield from _section(content, indicator, path)
        yield from _participants(content, indicator, path)
        yield from kind_mistakes(content, indicator, path)
        yield from _links(content, indicator, path, set(known))
        yield from tie_mistakes(content, indicator, path)
        yield from figure_mistakes(content, indicator, path)
        yield from converge_mistakes(content, indicator, path)
        yield from limit_mistakes(content, indicator, path)
        yield from growth_mistakes(content, indicator, path)
    yield from _circles(content)
    yield from fairness_mistakes(content)
    yield from ratio_mistakes(content)


def _collisions(named: Iterable[tuple[str, Path]]) -> Iterator[Mistake]:
    """Find names that are one in plain form (NFKC, trimmed)."""
    held: dict[str, str] = {}
    for name, path in named:
        key = plain(name)
        if key in held:
            yield Mistake(say("name_twice", found=name, other=held[key]), path)
        held.setdefault(key, name)


def _names(content: PlanContent) -> Iterator[Mistake]:
    regions: list[tuple[str, Path]] = []
    for region in content.regions:
        path: Path = ("regions", region.name)
        own = {plain(name): name for name in region.aliases if plain(name) != plain(region.name)}
        regions += [(region.name, path), *((alias, path) for alias in own.values())]
    groups: list[tuple[str, Path]] = [(name, ("groups", name)) for name in content.groups]
    yield from _collisions([*regions, *groups])
    yield from _collisions(
        (indicator.id, ("indicators", indicator.id)) for indicator in content.indicators
    )
    yield from _collisions(
        (indicator.label, ("indicators", indicator.id, "name"))
        for indicator in content.indicators
        if not indicator.parent
    )
    for parent in dict.fromkeys(one.parent for one in content.indicators if one.parent):
        yield from _collisions(
            (part.label, ("indicators", part.id, "name"))
            for part in content.indicators
            if part.parent == parent
        )
    for name, path in (*regions, *groups):
        if plain(name) in content.area_names:
            yield Mistake(say("name_of_area", found=name), path)
    for name, path in regions:
        # with its base a row of sums would count everything twice, and nothing would tell
        if plain(name).lower() in TOTALS - content.area_names:
            yield Mistake(say("name_of_total", found=name), path)


def _years(content: PlanContent) -> Iterator[Mistake]:
    if list(content.years) != sorted(set(content.years)):
        yield Mistake(say("years_order"), ("years",))
    elif content.base_year >= content.years[0]:
        late = say("base_year_late", base=content.base_year, first=content.years[0])
        yield Mistake(late, ("base_year",))


def _past(content: PlanContent) -> Iterator[Mistake]:
    """Find that years that are over are none of the plan's, or all of them."""
    through = content.actual_through
    if through is not None and through not in content.years[:-1]:
        known = [str(year) for year in content.years[:-1]] or "—"
        yield Mistake(say("through_unknown", found=through, known=known), ("actual_through",))


def _regions(content: PlanContent) -> Iterator[Mistake]:
    for region in content.regions:
        path = ("regions", region.name)
        for group in region.groups:
            if plain(group) not in content.group_index:
                unknown = say("group_unknown", found=group, hint=hint(group, content.groups))
                yield Mistake(unknown, (*path, "groups"))
        if region.inside is not None:
            holder = content.region_index.get(plain(region.inside))
            if holder is None or content.regions[holder] is region:
                yield Mistake(say("inside_regions"), (*path, "inside"))
    told: set[str] = set()  # a row that is too many stands in every column
    for column, cells in content.tables.items():
        for name in cells:
            total = plain(name) in content.area_names  # a total under the regions says nothing new
            if plain(name) not in content.region_index and not total and name not in told:
                told.add(name)
                unknown = say("region_unknown", found=name, hint=hint(name, content.region_index))
                yield Mistake(unknown, ("tables", column, name))


def _section(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    name = indicator.section
    if name is not None and content.sections and name not in content.sections:
        unknown = say("section_unknown", found=name, hint=hint(name, content.sections))
        yield Mistake(unknown, (*path, "section"))


def _participants(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    known = {**content.region_index, **content.group_index}
    for key, names in (indicator.regions or {}).items():
        if key not in ("all", "except") and content.year_at(key) is None:
            yield Mistake(
                say("year_unknown", found=key, known=list(map(str, content.years))),
                (*path, "regions", key),
            )
        for name in names:
            if plain(name) not in known:
                unknown = say("region_unknown", found=name, hint=hint(name, known))
                yield Mistake(unknown, (*path, "regions"))
    for year in indicator.years or ():
        if year not in content.year_index:
            unknown = say("year_unknown", found=year, known=list(map(str, content.years)))
            yield Mistake(unknown, (*path, "years"))


def wholes(indicator: Indicator) -> list[tuple[str, tuple[str | int, ...]]]:
    """List the indicators of which this one is a part, and where the plan says so."""
    found: list[tuple[str, tuple[str | int, ...]]] = []
    if indicator.parent is not None:
        found.append((indicator.parent, ("parent",)))
    return found + [
        (link.part_of, ("links", number, "part_of"))
        for number, link in enumerate(indicator.links)
        if link.part_of is not None
    ]


def _links(
    content: PlanContent, indicator: Indicator, path: Path, known: set[str]
) -> Iterator[Mistake]:
    for name, where in wholes(indicator):
        if name == indicator.id:
            yield Mistake(say("itself", found=name), (*path, *where))
        elif name not in known:
            unknown = say("indicator_unknown", found=name, hint=hint(name, known))
            yield Mistake(unknown, (*path, *where))
        else:
            whole = content.indicators[content.indicator_index[name]]
            if whole.unit and indicator.unit and plain(whole.unit) != plain(indicator.unit):
                differs = say(
                    "part_unit", unit=indicator.unit, other=whole.unit, parent=whole.label
                )
                yield Mistake(differs, (*path, *where))
            if whole.kind not in (indicator.kind, "given"):
                differs = say(
                    "part_kind", kind=indicator.kind, other=whole.kind, parent=whole.label
                )
                yield Mistake(differs, (*path, *where))


def _circles(content: PlanContent) -> Iterator[Mistake]:
    """Find indicators that are, step by step, a part or a sum of themselves."""
    wholes_of = {one.id: [name for name, _ in wholes(one)] for one in content.indicators}
    parts_of = {one.id: list(one.sum_of) for one in content.indicators}
    for code, above in (("circle", wholes_of), ("sum_circle", parts_of)):
        others = {one: [name for name in names if name != one] for one, names in above.items()}
        left = _in_circles(others)
        while left:
            chain = [next(iter(left))]
            while (after := next(one for one in left[chain[-1]] if one in left)) not in chain:
                chain.append(after)
            circle = [*chain[chain.index(after) :], after]
            yield Mistake(say(code, chain=" → ".join(circle)), ("indicators", after))
            left = _in_circles({name: left[name] for name in left if name not in chain})


def _in_circles(above: dict[str, list[str]]) -> dict[str, list[str]]:
    """Leave out what leads nowhere, again and again: what stays is in a circle, or leads to one."""
    left = dict(above)
    while done := [name for name, wanted in left.items() if not any(one in left for one in wanted)]:
        for name in done:
            del left[name]
    return left
