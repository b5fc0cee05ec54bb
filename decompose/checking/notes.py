"""What may surprise in a plan that is sound: notes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from decompose.checking.issue import Found
from decompose.checking.printed import percent, words
from decompose.checking.reach import ABSENT, Reach
from decompose.checking.view import View
from decompose.figures import Figure, Sense, plain
from decompose.labels import Message, say
from decompose.plan.steps import SNAP
from decompose.problem import AREA, FAMILY, TOTAL, Bools, group_scope
from decompose.series import Sum

_PLAIN = ("years", "each_year", "total")
"""The figures of a target that do not follow from the bases."""
_APART = 1000
"""How many times a base may be a figure: beyond it another unit is the better reason."""


def check_figures(view: View) -> Iterator[Found]:
    """Note an indicator that no figure decomposes."""
    if not view.cells.any() and not view.series.sums:
        yield Found("note", view, say("no_figure", name=view.indicator.label))


def check_sharing(view: View) -> Iterator[Found]:
    """Note regions that share equally only because nothing says otherwise."""
    indicator = view.indicator
    if indicator.sum_of or indicator.increase_of:
        return  # it follows the indicators that it adds up
    if view.cells.any() and indicator.allocate is None and indicator.base is None:
        yield Found("note", view, say("equal_shares", name=indicator.label))


def check_base(view: View) -> Iterator[Found]:
    """Tell bases brought to the area's own, or beside another row of sums; and of reserves."""
    indicator, plan = view.indicator, view.plan
    given = plan.base(indicator)
    total, wanted = float(np.nansum(given)), indicator.base_total
    negligible = SNAP * view.series.step * len(given)
    if wanted is not None and indicator.mismatch is not None and abs(total - wanted) > negligible:
        scaled = indicator.mismatch == "scale"
        taker = "" if scaled else plan.region_names[int(np.flatnonzero(plan.reserve)[0])]
        gap = abs(total - wanted)
        message = say(
            "base_scaled" if scaled else "base_reserved",
            name=indicator.label,
            sum=view.amount(total, 6),
            total=view.amount(wanted, 6),
            gap=view.amount(gap, 6),
            region=taker,
        )
        numbers = {"sum": total, "base_total": wanted, "gap": gap}
        yield Found("note", view, message, AREA, numbers=numbers)
    elif indicator.base is not None:
        row = plan.row_of_sums(indicator.base)
        if abs(total - row) > negligible:
            sums = {"sum": total, "row": row, "gap": abs(total - row)}
            told = {name: view.amount(value, 6) for name, value in sums.items()}
            message = say("base_row", name=indicator.label, **told)
            yield Found("warning", view, message, AREA, numbers=sums)
    for region in np.flatnonzero(plan.reserve & (given > 0) & view.cells.any(axis=1)).tolist():
        message = say(
            "reserve_base",
            name=indicator.label,
            region=plan.region_names[region],
            base=view.amount(float(given[region]), 6),
        )
        yield Found("note", view, message, region, numbers={"base": float(given[region])})


def check_size(view: View) -> Iterator[Found]:
    """Warn of bases so far from the area's figures that they must be in another unit."""
    figures = [
        one.figure / (view.years if one.year == TOTAL else 1)
        for one in view.series.sums
        if one.scope == AREA and one.path.split(".")[3] in _PLAIN and one.figure > 0
    ]
    total = view.series.base_sum
    if not figures or not total > 0 or view.indicator.publish != "value":
        return
    figure = float(np.median(figures))
    times = max(total / figure, figure / total)
    if times >= _APART:
        message = say(
            "base_size",
            name=view.indicator.label,
            base=view.amount(total),
            figure=view.amount(figure),
            times=round(times),
        )
        yield Found("warning", view, message, AREA, numbers={"base": total, "figure": figure})
        return
    base = view.base[view.regions]
    usual = float(np.nanmedian(np.where(base > 0, base, np.nan)))
    for region in np.flatnonzero((base > figure) & (base >= _APART * usual)).tolist():
        message = say(
            "base_size_of",
            name=view.indicator.label,
            region=view.plan.region_names[region],
            base=view.amount(float(base[region])),
            figure=view.amount(figure),
        )
        yield Found("warning", view, message, region, numbers={"base": float(base[region])})


def check_zero_bases(view: View) -> Iterator[Found]:
    """Note regions that no growth limit binds in their first year."""
    grids = view.series.grids
    limited = np.zeros(len(view.plan.regions), dtype=bool)
    for family in ("growth.min", "growth.max"):
        if family in grids:
            limited |= ~np.isnan(grids[family].value[:, 0])
    free = np.flatnonzero(limited & view.cells[:, 0] & (view.series.base == 0))
    if free.size:
        names = [view.plan.region_names[region] for region in free]
        year = view.plan.years[0]
        message = say("zero_base", name=view.indicator.label, regions=names, year=year)
        yield Found("note", view, message, year=0, numbers={"regions": names})


def check_grid(view: View) -> Iterator[Found]:
    """Note figures that were moved to the grid of printed numbers."""
    margins = _margins(view)
    for one in view.series.sums:
        *_, before, key = one.path.split(".")
        if key not in ("total", "each_year") and not (before == "years" and key.isdecimal()):
            continue
        margin = margins[one.scope]
        wanted = _wanted(view, one.said.times(1 + margin))
        handed = one.lower if np.isnan(one.figure) else one.figure
        if abs(handed - wanted) <= SNAP * view.series.step:
            continue
        message = say(
            "moved_to_grid",
            name=view.indicator.label,
            scope=view.scope_name(one.scope),
            year=view.year_name(one.year),
            figure=_told(view, one, margin),
            step=view.amount(view.series.step, 6),
            handed=view.amount(handed),
        )
        numbers = {"wanted": wanted, "handed": handed, "gap": abs(handed - wanted)}
        yield Found("note", view, message, one.scope, one.year, numbers)


def check_margins(view: View) -> Iterator[Found]:
    """Warn of margins with which more is handed out than "at most" allows, or less than asked."""
    area, plan = view.indicator.target, view.plan
    of_groups = view.indicator.group_targets.items()
    targets = {AREA: area, **{group_scope(plan.group_index[plain(k)]): one for k, one in of_groups}}
    for scope, margin in _margins(view).items():
        for _, said in targets[scope].given():
            further = (
                margin * said.value * {Sense.AT_MOST: 1, Sense.AT_LEAST: -1}.get(said.sense, 0)
            )
            if further > 0:
                message = say(
                    "margin_beyond",
                    name=view.indicator.label,
                    scope=view.scope_name(scope),
                    figure=said.text or f"{said.value:g}",
                    margin=percent(margin),
                    handed=f"{said.value * (1 + margin):.6g}",
                    other=percent(-margin),
                )
                numbers = {"wanted": said.value, "handed": said.value * (1 + margin)}
                yield Found("warning", view, message, scope, numbers=numbers)
                break


def check_tiers(view: View) -> Iterator[Found]:
    """Warn of a cut that is just one number where regions take steps of their own choice."""
    indicator = view.indicator
    cut = indicator.target.cut
    if indicator.tiers is None or indicator.tiers.by is not None or cut is None:
        return
    if cut.sense is Sense.EXACT and cut.value > 0:
        message = say("tiers_exact", name=indicator.label, figure=percent(cut.value))
        yield Found("warning", view, message, AREA)


def check_stretch(view: View) -> Iterator[Found]:
    """Note groups that keep to their base figures while the area's stretch figures ask for more."""
    indicator = view.indicator
    if indicator.target.stretch is None:
        return
    names = [
        view.scope_name(group_scope(view.plan.group_index[plain(name)]))
        for name, target in indicator.group_targets.items()
        if target.stretch is None
        and any(said.sense is not Sense.AT_MOST for _, said in target.given())
    ]
    if names:
        yield Found("note", view, say("stretch_groups", name=indicator.label, groups=names))


def _margins(view: View) -> dict[int, float]:
    """Return the margins with which the figures of each scope are handed out."""
    area = view.indicator.target
    found = {AREA: area.margin_under(area)}
    for name, target in view.indicator.group_targets.items():
        found[group_scope(view.plan.group_index[plain(name)])] = target.margin_under(area)
    return found


def _wanted(view: View, said: Figure) -> float:
    ends_high = said.sense is Sense.INTERVAL and view.indicator.hand_out == "upper"
    return said.upper if ends_high and said.upper is not None else said.value


def _told(view: View, one: Sum, margin: float) -> str | Message:
    value = words(view, one.said)
    return say("told_with_margin", value=value, margin=percent(margin)) if margin else value


def check_idle_limits(view: View) -> Iterator[Found]:
    """Note entries of limits that bind no cell and no sum."""
    if not view.cells.any():
        return
    for family, grid in view.series.grids.items():
        value, source = view.laid(grid)
        used = set(source[~np.isnan(value) & _binding(view, family)].tolist())
        for number, path in enumerate(grid.paths):
            if number not in used:
                yield _idle(view, path)
    if view.indicator.limits.monotone is not None and not view.follows[view.regions].any():
        yield _idle(view, f"indicators.{view.indicator.id}.limits.monotone")


def _binding(view: View, family: str) -> Bools:
    """Return where a limit of a family can bind (as its figures are laid)."""
    if family.startswith("total"):
        return view.there[:, -1:]
    if family.startswith("growth"):
        return view.grows
    if family.startswith("ramp"):
        return view.follows
    if family == "share_shift":
        regions = np.arange(len(view.base)) < len(view.plan.regions)
        return np.asarray(view.present & (regions & ~np.isnan(view.base))[:, None])
    return view.present


def _idle(view: View, path: str) -> Found:
    message = say("limit_idle", name=view.indicator.label, path=path)
    return Found("note", view, message, numbers={"path": path})


def check_fixed(view: View) -> Iterator[Found]:
    """Note regions to which limits, without any lock, leave a single value."""
    reach = Reach.of(view)
    reach.run(view.regions)
    regions = len(view.regions)
    low, high = -reach.lower.bound[:regions, :-1], reach.upper.bound[:regions, :-1]
    by = reach.lower.by[:regions, :-1], reach.upper.by[:regions, :-1]
    settled = np.isin(by, (FAMILY["lock"], ABSENT)).any(axis=0)
    with np.errstate(invalid="ignore"):
        fixed = (np.abs(high - low) <= SNAP * view.series.step) & (high > 0) & ~settled
    for year in np.flatnonzero(fixed.any(axis=0)).tolist():
        rows = np.flatnonzero(fixed[:, year]).tolist()
        names = [f"{view.plan.region_names[row]} {view.amount(high[row, year])}" for row in rows]
        message = say(
            "one_value_left",
            name=view.indicator.label,
            year=view.year_name(year),
            regions=names,
        )
        values = {view.plan.region_names[row]: float(high[row, year]) for row in rows}
        yield Found("note", view, message, year=year, numbers={"values": values})


CHECKS = (
    check_figures,
    check_sharing,
    check_base,
    check_size,
    check_zero_bases,
    check_grid,
    check_margins,
    check_stretch,
    check_idle_limits,
    check_fixed,
)
"""Every note that an indicator may need."""


def check_notes(view: View) -> Iterator[Found]:
    """List what the author of an indicator should know."""
    for check in CHECKS:
        yield from check(view)
