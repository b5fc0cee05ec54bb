"""Why a number is what it is: its reference, the rules that stopped it, who took the difference."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.bounds import tight_rules
from decompose.errors import DecomposeError, PlanError
from decompose.explain.changes import moved, one_step
from decompose.figures import plain
from decompose.labels import Language, Message, say, term
from decompose.naming import scope_name
from decompose.plan import Indicator, Plan
from decompose.plan.steps import decimals_of, unit_of
from decompose.problem import AREA, FAMILIES, TOTAL, Ints
from decompose.settle import Settled, settle
from decompose.stage import Stage

SHOWN = 3
"""How many regions a sentence names; the data name all."""
NOTHING = 1e-9
"""A difference that is smaller, relative to the reference, is none."""


@dataclass(frozen=True)
class TightRule:
    """A rule that holds with equality at a cell.

    Attributes
    ----------
    path
        Where the plan says it, as in ``with_changes``.
    family, scope, year
        What kind of rule it is, and what it speaks of (``"total"`` for all years).
    bound
        The cell's own bound in the printed unit where the rule is a box; else NaN.
    side
        ``"upper"``, ``"lower"`` or ``"both"``.
    """

    path: str
    family: str
    scope: str
    year: int | str
    bound: float
    side: str
    message: Message
    moved: tuple[str, float | str, float] | None = None
    """Path, value and step of one step of relief; None where the rule has no figure."""


@dataclass(frozen=True)
class Relief:
    """What one step of relief on a rule would change, found by solving again."""

    path: str
    family: str
    step: float
    change: float
    message: Message


@dataclass(frozen=True)
class Reason:
    """Why a number is what it is, as data and as a sentence.

    Attributes
    ----------
    indicator, region, year
        The cell: the indicator's id, the region's name.
    quota, exact, reference
        The published number, before rounding, and by the allocation rule alone.
    handed, share
        The area's sum of the year, and the region's share of it by the allocation rule (NaN for a
        ratio, and for growth).
    tight
        Every rule that holds with equality at the cell, in a fixed order of families.
    others
        How far the other regions of the same year are from their references, largest first.
    rounding
        The part of rounding: quota less exact.
    relief
        What one step of relief on each tight rule would change, where that was asked for.
    parts
        Of a county or an indicator as a whole: the reasons of its cells.
    """

    indicator: str
    region: str | None
    year: int | None
    quota: float = float("nan")
    exact: float = float("nan")
    reference: float = float("nan")
    handed: float = float("nan")
    share: float = float("nan")
    tight: tuple[TightRule, ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    rounding: float = 0.0
    relief: tuple[Relief, ...] = ()
    parts: tuple[Reason, ...] = ()
    messages: tuple[Message, ...] = ()

    def text(self, language: Language = "zh") -> str:
        """Return the sentences; of a whole county or indicator, a line per cell."""
        if self.parts:
            lines = [message.text(language) for message in self.messages]
            return "\n".join([*lines, *(part.text(language) for part in self.parts)])
        joiner = "" if language == "zh" else " "
        return joiner.join(message.text(language) for message in self.messages)

    def __str__(self) -> str:
        return self.text()


def reason_of(settled: Settled, indicator: Indicator, region: int, year: int) -> Reason | None:
    """Return the reason of one cell; None where it has no quota."""
    number = settled.plan.indicator_index[indicator.id]
    for stage in settled.stages:
        column = stage.columns.get(number)
        if column is not None and column[region, year] >= 0:
            return _cell_reason(settled.plan, stage, indicator, region, year)
    return None


def _cell_reason(plan: Plan, stage: Stage, indicator: Indicator, region: int, year: int) -> Reason:
    problem, x = stage.problem, stage.solution.x
    series = next(one for one in stage.built.series if one.indicator.id == indicator.id)
    columns = stage.columns[series.number]
    cell = int(columns[region, year])
    quota, exact = float(stage.printed[cell]), float(x[cell])
    reference, handed = float(problem.reference[cell]), float(series.handed[year])
    tight = _tight_at(plan, stage, cell)
    others = _others(plan, stage, columns[:, year], region)
    shared = series.ratio is None and series.growth is None
    share = reference / handed if shared and handed else float("nan")
    reason = Reason(
        indicator.id,
        plan.region_names[region],
        plan.years[year],
        quota,
        exact,
        reference,
        handed,
        share,
        tight,
        others,
        quota - exact,
    )
    return _told(indicator, reason)


def _tight_at(plan: Plan, stage: Stage, cell: int) -> tuple[TightRule, ...]:
    """List the rules that are tight at a cell, families in their fixed order."""
    problem, rules = stage.problem, stage.problem.rules
    tight = tight_rules(problem, stage.solution.x)
    rows = np.unique(rules.matrix.row[rules.matrix.column == cell])
    rows = rows[tight[rows]]
    region = int(problem.column_region[cell])
    rows = rows[(rules.scope[rows] <= AREA) | (rules.scope[rows] == region)]
    rows = rows[np.argsort(rules.family[rows], kind="stable")]
    return tuple(_tight_rule(plan, stage, int(row), cell) for row in rows)


def _tight_rule(plan: Plan, stage: Stage, row: int, cell: int) -> TightRule:
    problem, rules, x = stage.problem, stage.problem.rules, stage.solution.x
    part = rules.matrix.take(np.array([row]))
    value = float(part.dot(x)[0])
    near_lower = abs(value - rules.lower[row]) <= abs(value - rules.upper[row])
    both = bool(rules.lower[row] == rules.upper[row])
    single = bool(rules.single[row])
    end = float(rules.lower[row] if near_lower else rules.upper[row])
    bound = end / float(part.value[0]) if single else float("nan")
    falls = single and bool(part.value[0] < 0)  # what bounds a value from above, bounds a cut below
    side = "both" if both else "lower" if near_lower != falls else "upper"
    family = FAMILIES[rules.family[row]].name
    year = int(rules.year[row])
    shown_year: int | str = "total" if year == TOTAL else plan.years[year]
    scope = scope_name(problem, int(rules.scope[row]))
    code = "why_box" if single else "why_tie"
    indicator = plan.indicators[problem.column_indicator[cell]]
    message = say(code, rule=term(family), bound=_shown(bound, indicator), scope=scope)
    step = one_step(plan, stage.built, row)
    to = moved(plan, stage.built, row, step, up=not near_lower)
    return TightRule(
        problem.sources[rules.source[row]],
        family,
        scope,
        shown_year,
        bound,
        side,
        message,
        None if to is None or to[1] is None else (to[0], to[1], step),
    )


def _others(plan: Plan, stage: Stage, columns: Ints, region: int) -> tuple[tuple[str, float], ...]:
    """Return how far the other regions of a year are from their references, largest first."""
    here = np.flatnonzero(columns >= 0)
    here = here[here != region]
    gap = stage.solution.x[columns[here]] - stage.problem.reference[columns[here]]
    size = float(np.abs(stage.problem.reference[columns[columns >= 0]]).max(initial=0.0))
    order = np.argsort(-np.abs(gap), kind="stable")
    return tuple(
        (plan.region_names[here[k]], float(gap[k]))
        for k in order.tolist()
        if abs(gap[k]) > NOTHING * size
    )


def _shown(value: float, indicator: Indicator) -> str:
    return f"{value + 0.0:.{decimals_of(indicator)}f}"


def _signed(value: float, indicator: Indicator) -> str:
    return f"{value + 0.0:+.{decimals_of(indicator)}f}"


def _told(indicator: Indicator, reason: Reason) -> Reason:
    """Write the sentences of a cell: number, reference, what stopped it, who took it, rounding."""
    messages = [
        say(
            "why_quota",
            quota=_shown(reason.quota, indicator),
            region=reason.region,
            year=reason.year,
            indicator=indicator.label,
            unit=unit_of(indicator),
        )
    ]
    messages.append(_reference_message(indicator, reason))
    gap = reason.exact - reason.reference
    moved = abs(gap) > 10.0 ** -(decimals_of(indicator) + 1)
    own = [rule for rule in reason.tight if rule.side != "both" or rule.family == "lock"]
    if own:
        rules = [rule.message for rule in own]
        code = "why_stopped" if moved else "why_touches"
        messages.append(say(code, rules=rules, gap=_signed(gap, indicator)))
    if moved:
        messages += _taken(indicator, reason, gap, stopped=bool(own))
    elif not own:
        messages.append(say("why_at_reference"))
    if abs(reason.rounding) > NOTHING:
        rounding = f"{reason.rounding:+.{decimals_of(indicator) + 2}f}"
        messages.append(say("why_rounding", rounding=rounding))
    return replace(reason, messages=tuple(messages))


def _reference_message(indicator: Indicator, reason: Reason) -> Message:
    shown = _shown(reason.reference, indicator)
    if np.isnan(reason.share):
        return say("why_index", reference=shown)
    by = _rule_name(indicator)
    handed = _shown(reason.handed, indicator)
    return say("why_share", by=by, handed=handed, share=f"{reason.share:.2%}", reference=shown)


def _rule_name(indicator: Indicator) -> Message:
    rule = indicator.allocate
    if rule is None:
        return say("by_base" if indicator.base is not None else "by_equal")
    if rule.blend is not None:
        return say("by_blend", names=list(rule.blend))
    if rule.by in ("base", "equal"):
        return say(f"by_{rule.by}")
    return say("by_column", name=rule.by if isinstance(rule.by, str) else say("by_weights"))


def _taken(indicator: Indicator, reason: Reason, gap: float, *, stopped: bool) -> list[Message]:
    """Say who took what the cell lost, or from whom it took more."""
    across = [one for one in reason.others if one[1] * gap < 0]
    if not across:
        return []
    shown = [f"{name} {_signed(amount, indicator)}" for name, amount in across[:SHOWN]]
    more = len(across) > SHOWN
    code = "why_went" if stopped else "why_came"
    return [
        say(code, gap=_signed(gap, indicator), others=shown, more=say("why_more") if more else "")
    ]


def with_relief(settled: Settled, reason: Reason) -> Reason:
    """Solve again for each tight rule, moved by one step, and tell what that would change."""
    plan = settled.plan
    indicator = plan.indicators[plan.indicator_index[reason.indicator]]
    place = plan.region_index[plain(reason.region or "")], plan.year_index[reason.year or 0]
    found: list[Relief] = []
    for rule in reason.tight:
        if rule.moved is None:
            continue
        path, value, step = rule.moved
        try:
            again = settle(plan.with_changes({path: value}), gap=settled.gap)
            after = reason_of(again, indicator, *place)
        except DecomposeError:
            continue  # relief in that direction cannot be had
        change = after.quota - reason.quota if after is not None else float("nan")
        told = say(
            "why_relief",
            rule=rule.message,
            value=value,
            change=_signed(change, indicator),
        )
        found.append(Relief(path, rule.family, step, change, told))
    messages = (*reason.messages, *(relief.message for relief in found))
    return replace(reason, relief=tuple(found), messages=messages)


def find(
    plan: Plan, indicator: str | None, region: str | None, year: int | None
) -> tuple[list[Indicator], list[int], list[int]]:
    """Find what is asked about: by id, printed name or alias.

    Raises
    ------
    PlanError
        Nothing bears that name.
    """
    indicators = [one for one in plan.indicators if one.kind not in ("given", "text")]
    if indicator is not None:
        wanted = plain(indicator)
        indicators = [one for one in indicators if wanted in (one.id, plain(one.label))]
        if not indicators:
            known = [one.id for one in plan.indicators]
            raise PlanError(say("why_unknown", found=indicator, known=known))
    regions = list(range(len(plan.regions)))
    if region is not None:
        if plain(region) not in plan.region_index:
            raise PlanError(say("why_unknown", found=region, known=list(plan.region_names)))
        regions = [plan.region_index[plain(region)]]
    years = list(range(len(plan.years)))
    if year is not None:
        if year not in plan.year_index:
            raise PlanError(say("why_unknown", found=year, known=list(map(str, plan.years))))
        years = [plan.year_index[year]]
    return indicators, regions, years


def why(
    settled: Settled,
    indicator: str | None,
    region: str | None,
    year: int | None,
    *,
    relief: bool = False,
) -> Reason:
    """Return why a number, a county's numbers or an indicator's numbers are what they are.

    Parameters
    ----------
    settled
        The plan with its quotas.
    indicator, region, year
        What is asked about: ids, printed names or aliases; all of them where None.
    relief
        Whether to solve again for every tight rule, moved by one step.
    """
    indicators, regions, years = find(settled.plan, indicator, region, year)
    parts = [
        reason
        for one in indicators
        for place in regions
        for when in years
        if (reason := reason_of(settled, one, place, when)) is not None
    ]
    if indicator is not None and region is not None and year is not None:
        if not parts:
            raise PlanError(
                say("why_no_quota", indicator=indicators[0].label, region=region, year=year)
            )
        return with_relief(settled, parts[0]) if relief else parts[0]
    title = say(
        "why_title",
        indicator=indicators[0].label if indicator is not None else "",
        region=settled.plan.region_names[regions[0]] if region is not None else "",
        count=len(parts),
    )
    name = indicators[0].id if indicator is not None else ""
    place_name = settled.plan.region_names[regions[0]] if region is not None else None
    return Reason(name, place_name, year, parts=tuple(parts), messages=(title,))
