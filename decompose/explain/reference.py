"""How a cell's reference is reckoned: what is shared out, the region's share or index."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.explain.phrases import NAN
from decompose.explain.words import Words, rate, share
from decompose.labels import Message, figure, say
from decompose.plan import Indicator, Plan
from decompose.plan.growth import Growth
from decompose.plan.models import Allocation
from decompose.plan.ratios import PERCENT, RatioNumbers, region_base
from decompose.plan.sharing import convergence, share_out
from decompose.plan.steps import SNAP
from decompose.problem import AREA, group_of
from decompose.series import RatioRow, Series, group_figures, rises_from

BY_BASE = Allocation(by="base")


@dataclass(frozen=True)
class Basis:
    """The arithmetic of a reference.

    Attributes
    ----------
    kind
        ``"share"`` (of the area's sum), ``"group"`` (of a group's), ``"none"`` (a share of 0),
        ``"reserve"``, ``"index"`` (index × factor), ``"level"`` (all alike), ``"tier"``,
        ``"pace"`` (on the way to a tier), ``"sum_of"``, ``"increase_of"``, ``"lock"``.
    scope
        Whose sum or ratio it is.
    handed
        That sum, or what the ratio must reach.
    share, index, factor, base
        The region's share; or its index and λ; its base-year number. NaN where there is none.
    part
        Which part of the way from the base year shares or indices have gone (``converge``).
    """

    kind: str
    scope: str = ""
    handed: float = NAN
    share: float = NAN
    index: float = NAN
    factor: float = NAN
    base: float = NAN
    part: float = NAN


def basis_of(plan: Plan, series: Series, region: int, year: int) -> Basis:
    """Tell how the reference of a cell was reckoned."""
    if series.ratio is not None:
        return _ratio_basis(plan, series, series.ratio, region, year)
    if series.growth is not None:
        return _growth_basis(plan, series, series.growth, region, year)
    base = _known(series.base[region])
    if np.isnan(series.handed).all() and series.indicator.sum_of:
        return Basis("sum_of", base=base)
    if np.isnan(series.handed).all() and series.indicator.increase_of is not None:
        return Basis("increase_of", base=base)
    reference, handed = float(series.reference[region, year]), handed_out(series, year)
    basis = Basis("share", plan.area, handed, base=base, part=_part(plan, series, year))
    if np.isnan(handed):
        found = _group_figure(plan, series, region, year)
        if found is None:
            return Basis("reserve" if plan.reserve[region] else "lock", base=base)
        basis = replace(basis, kind="group", scope=found[0], handed=found[1])
    if reference == 0:
        return replace(basis, kind="reserve" if plan.reserve[region] else "none", share=0.0)
    return replace(basis, share=reference / basis.handed)


def handed_out(series: Series, year: int) -> float:
    """Return what of a year's sum is shared out: the sum, or its rise; NaN where nothing is."""
    handed = series.handed[year]
    if series.indicator.kind == "level" and series.indicator.publish == "increment":
        handed = handed - rises_from(series.handed, series.base_sum)[year]
    return _known(handed)


def _group_figure(plan: Plan, series: Series, region: int, year: int) -> tuple[str, float] | None:
    """Return the group, first by name, whose figure a region without an area's figure shares."""
    groups = sorted(
        (plan.group_names[group_of(one.scope)], one.figure)
        for one in group_figures(plan, series.indicator, series.sums, series.base)
        if one.year == year and plan.members[group_of(one.scope), region]
    )
    return groups[0] if groups else None


# ---- growth --------------------------------------------------------------------------------


def _growth_basis(plan: Plan, series: Series, growth: Growth, region: int, year: int) -> Basis:
    """Tell how the reference of published growth was reckoned: index × λ."""
    before = float(np.nansum(growth.before[series.applies[:, year]]))
    part = max(float(series.handed[year]) / before, 0.0)
    handed = PERCENT * (part ** (1 / growth.gap) - 1)
    basis = Basis("level", plan.area, handed, base=float(growth.before[region]))
    if plan.reserve[region]:
        return replace(basis, kind="reserve")
    reference = float(series.reference[region, year])
    if not reference:
        return replace(basis, kind="no_growth")
    rule = series.indicator.allocate
    if rule is None or rule.by == "equal":
        return basis
    index = float(share_out(plan, series.indicator, ~plan.reserve)[region] * len(plan.regions))
    return replace(basis, kind="index", index=index, factor=reference / index)


# ---- ratios --------------------------------------------------------------------------------


def _ratio_basis(
    plan: Plan, series: Series, numbers: RatioNumbers, region: int, year: int
) -> Basis:
    base = _known(region_base(numbers)[region])
    row = _ratio_row(plan, series, region, year)
    if row is None:
        return Basis("lock", base=base)
    scope = plan.area if row.scope == AREA else plan.group_names[group_of(row.scope)]
    basis = Basis("level", scope, _known(row.handed), base=base)
    if plan.reserve[region]:
        return replace(basis, kind="reserve")
    if series.tiers is not None and not np.isnan(series.tiers[region]):
        last = year == len(plan.years) - 1
        return replace(basis, kind="tier" if last else "pace", index=float(series.tiers[region]))
    part = _part(plan, series, year)
    index = _index(plan, series.indicator, region, base)
    if not np.isnan(part):
        index = base + part * (series.base_sum - base)
    if index is None:
        return basis
    reference = float(series.reference[region, year])
    factor = reference / index if index else NAN
    kind = "index" if reference else "none"
    return replace(basis, kind=kind, index=index, factor=factor, part=part)


def _part(plan: Plan, series: Series, year: int) -> float:
    way = convergence(plan, series.indicator)
    return NAN if way is None else float(way[year])


def _ratio_row(plan: Plan, series: Series, region: int, year: int) -> RatioRow | None:
    """Return the target by which a region's reference was scaled."""
    rows = [
        ("" if row.scope == AREA else plan.group_names[group_of(row.scope)], row)
        for row in series.ratio_rows
        if row.year == year
        and not np.isnan(row.figure)
        and (row.scope == AREA or plan.members[group_of(row.scope), region])
    ]
    return min(rows, key=lambda one: one[0])[1] if rows else None


def _index(plan: Plan, indicator: Indicator, region: int, base: float) -> float | None:
    """Return a region's own index as the plan has it; None where all have the same."""
    rule = indicator.allocate
    if rule is None or rule.by == "equal":
        return None
    if rule == BY_BASE:
        return base
    if rule.by is not None:
        return float(np.nan_to_num(plan.series(rule.by)[region]))
    return float(share_out(plan, indicator, ~plan.reserve)[region] * len(plan.regions))


# ---- words ---------------------------------------------------------------------------------


def reference_message(
    plan: Plan,
    words: Words,
    indicator: Indicator,
    basis: Basis,
    reference: float,
    fine: Words | None = None,
) -> Message:
    """Say how a reference was reckoned (the beginning of a sentence), it itself in other digits."""
    fine = fine or words
    by = rule_name(indicator)
    if not np.isnan(basis.part):
        by = say("by_converging", by=by, part=share(basis.part))
    told = {
        "by": by,
        "scope": basis.scope,
        "reference": fine.amount(reference),
    }
    if basis.kind in ("share", "group"):
        return say(f"basis_{basis.kind}", **told, **_product(words, basis, fine.number(reference)))
    target = (fine if basis.kind == "level" else words).amount(basis.handed)
    if basis.kind == "index":
        by = _index_name(indicator)
        if indicator.publish == "growth":
            by = say("index_share", by=rule_name(indicator))
        if not np.isnan(basis.part):
            by = say("index_converging", area=plan.area, part=share(basis.part))
        told |= {"by": by, "factor": f"{basis.factor:.4f}", "target": target}
        of_base = indicator.allocate == BY_BASE or not np.isnan(basis.part)
        own = indicator.publish == "value" and of_base
        index = words.index(basis.index) if own else figure(basis.index)
        return say("basis_index", index=index, **told)
    if basis.kind == "level":
        return say("basis_level", target=target, **told)
    if basis.kind == "pace":
        told |= {"tier": rate(basis.index / PERCENT), "last": plan.years[-1]}
    if basis.kind == "increase_of":
        number = plan.indicator_index[indicator.increase_of or ""]
        told["other"] = plan.indicators[number].label
    return say(f"basis_{basis.kind}", **told)


def _product(words: Words, basis: Basis, told: str) -> dict[str, str]:
    """Write a sum and a share with the digits that their product, as it is told, needs."""
    half = 0.5 * 10.0 ** -len(told.partition(".")[2]) + SNAP
    handed, part = words.number(basis.handed), share(basis.share)
    ways = [(handed, part)]
    for more in (1, 2):
        finer = f"{basis.handed:.{words.digits + more}f}", f"{basis.share:.{2 + more}%}"
        ways += [(finer[0], part), (handed, finer[1]), finer]
    for first, second in ways:
        if abs(float(first) * float(second[:-1]) / PERCENT - float(told)) <= half:
            return {"handed": first, "share": second}
    return {"handed": handed, "share": part}


def rule_name(indicator: Indicator) -> Message:
    """Say by which rule an indicator is shared out."""
    rule = indicator.allocate
    if rule is None:
        return say("by_base" if indicator.base is not None else "by_equal")
    if rule.blend is not None:
        return say("by_blend", names=[_source_name(name) for name in rule.blend])
    if rule.by in ("base", "equal"):
        return say(f"by_{rule.by}")
    if isinstance(rule.by, str):
        return say("by_column", name=_source_name(rule.by))
    return say("by_weights")


def _source_name(name: str) -> Message:
    return say(f"source_{name}") if name in ("base", "equal") else say("quoted", name=name)


def _index_name(indicator: Indicator) -> Message:
    """Say what of each region a ratio's references are multiples of."""
    rule = indicator.allocate or BY_BASE
    if rule == BY_BASE:
        return say("index_base")
    if rule.blend is not None:
        return say("index_blend", names=[_source_name(name) for name in rule.blend])
    return say("quoted", name=rule.by) if isinstance(rule.by, str) else say("index_weights")


def _known(value: float) -> float:
    return NAN if np.isnan(value) else float(value)
