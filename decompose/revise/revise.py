"""revise: an issued allocation once some of its years are over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from decompose.allocation import Allocation
from decompose.anchor import Anchor
from decompose.comparing.beside import COLUMNS, Side, beside
from decompose.engine import explain
from decompose.errors import DecomposeError, InfeasibleError, Mistake, PlanError
from decompose.figures import plain
from decompose.kept import Made
from decompose.labels import Language, Message, say
from decompose.passed import require, require_argument
from decompose.plan import Plan
from decompose.plan.plan import put
from decompose.plan.stretched import stretched
from decompose.revise.carry import CARRIES, Carrying
from decompose.revise.facts import Facts, facts_of
from decompose.revise.issued import Issued
from decompose.revise.model import Revision
from decompose.revise.reasons import Revised
from decompose.revise.regions import Parts, lost_locks, merged, parts_of
from decompose.revise.standing import Carried, Grids, by_region, remainders
from decompose.revise.told import Told
from decompose.settle import Settled, settle


def revise(
    allocation: Allocation,
    actuals: pd.DataFrame,
    *,
    through: int | str,
    changes: Mapping[str, Any] | None = None,
    carry: str = "area",
    merge: Mapping[str, str | Sequence[str]] | None = None,
    bases: Mapping[str, Mapping[str, float]] | None = None,
    solver: Any = "highs",
    language: Language = "zh",
) -> Revision:
    """Decompose the years to come again, from what was issued and what was reached.

    The years to come change as little as the rules allow: leximin of change ÷ what was issued
    (DESIGN section 3 "Revision").

    Parameters
    ----------
    allocation
        What was issued.
    actuals
        Columns ``indicator, region, period, value``, as ``read_actuals`` gives them: sums since
        January in the printed unit. Every number that was issued for a year that is over must be
        there; a ratio may be reported by its numerator and denominator.
    through
        The last year that is over. In the years up to it the quotas become what was reached,
        growth is measured from there, and nothing else is asked of them any more.
    changes
        Changes of the plan, as in ``Plan.with_changes``: a changed provincial target, say.
    carry
        What becomes of a cumulative target's shortfall. ``"area"``: all regions share the
        remainder. ``"region"``: each region has its own remainder, not below 0, and what is too
        much relieves the others. ``"none"``: the later years stay. Indicators without a
        cumulative target keep the targets of their later years.
    merge
        Regions that were merged or renamed: ``{"new": ["one", "other"]}``; a renamed region is a
        merge of one. What the plan says of the parts is said of their sum.
    bases
        Restated bases: ``{indicator: {region: value}}``.
    solver
        As in ``solve``; it does not change the answer.
    language
        Language of texts and errors, ``"zh"`` or ``"en"``.

    Returns
    -------
    Revision
        The new allocation, what it changes, and why.

    Raises
    ------
    PlanError
        ``through`` is no year of the plan before its last, there is no such ``carry``, a region
        has not reported, or the changed plan is wrong.
    InfeasibleError
        What is left cannot be met; its ``diagnosis`` tells which rules, and what it would take.
    RoundingError, SolverError
        As in ``solve``.

    Examples
    --------
    >>> actuals = pd.DataFrame({
    ...     "indicator": "investment",
    ...     "region": ["North", "South", "West"],
    ...     "period": "2025",
    ...     "value": [22.0, 30.0, 50.0],
    ... })
    >>> revision = dc.revise(allocation, actuals, through=2025, language="en")
    >>> print(revision.text)
    Investment: 110 million issued by 2025, 102 million reached; later years go from 121 million to
    121 million
    """
    require("revise", allocation, Allocation, language=language)
    require("revise", actuals, pd.DataFrame, language=language)
    try:
        changes, merge, bases = _mappings(changes or {}, merge or {}, bases or {})
        through = _through(allocation.plan, through, language)
        if carry not in CARRIES:
            told = say("revise_carry", found=str(carry), known=list(CARRIES))
            raise _wrong(told, "carry", language)
        parts = parts_of(allocation.plan, merge, changes.keys(), language)
        plan = _changed(allocation.plan, parts, bases, changes, language)
        if through not in plan.years[:-1]:
            known = [str(year) for year in plan.years[:-1]] or "—"
            raise _wrong(say("revise_through", found=through, known=known), "through", language)
        work = _Work(allocation, plan, parts, through, carry, changes.keys(), language)
        return work.revision(actuals, solver)
    except DecomposeError as error:
        error.language = language
        raise


def _mappings(
    changes: Mapping[str, Any],
    merge: Mapping[str, str | Sequence[str]],
    bases: Mapping[str, Mapping[str, float]],
) -> tuple[dict[str, Any], dict[str, Sequence[str]], Mapping[str, Mapping[str, float]]]:
    """Return what is asked for, a single part as a list of one; refuse what has another form."""
    for name, given in (("changes", changes), ("merge", merge), ("bases", bases)):
        require_argument("revise", name, given, (Mapping,))
    parts = {str(new): [own] if isinstance(own, str) else own for new, own in merge.items()}
    for new, own in parts.items():
        require_argument("revise", f"merge.{new}", own, (Sequence,), "wanted_list")
    for name, values in bases.items():
        require_argument("revise", f"bases.{name}", values, (Mapping,))
    return dict(changes), parts, bases


def _through(plan: Plan, through: int | str, language: Language) -> int:
    """Return the last year that is over, which may be given as text."""
    place = plan.year_at(plain(str(through)))
    if place is None:
        known = [str(year) for year in plan.years[:-1]] or "—"
        raise _wrong(say("revise_through", found=through, known=known), "through", language)
    return plan.years[place]


def _wrong(message: Message, key: str, language: Language) -> PlanError:
    told = Mistake(message, (key,))
    return PlanError(say("revise_wrong", count=1), [told], language=language)


def _changed(
    plan: Plan,
    parts: Parts,
    bases: Mapping[str, Mapping[str, float]],
    changes: Mapping[str, Any],
    language: Language,
) -> Plan:
    """Return the plan with regions merged, bases restated and changes made."""
    data = merged(plan, parts, language)
    whole = Plan.model_validate(data, language=language)
    _restate(whole, data, bases, language)
    for path, value in changes.items():
        put(data, path, value, language)
    return Plan.model_validate(data, language=language)


def _restate(
    plan: Plan,
    data: dict[str, Any],
    bases: Mapping[str, Mapping[str, float]],
    language: Language,
) -> None:
    """Write restated bases into a plan's data; every name that the plan does not know is told."""
    labels = {plain(one.label): number for number, one in enumerate(plan.indicators)}
    mistakes: list[Mistake] = []
    restated: dict[int, dict[str, float]] = {}
    for name, values in bases.items():
        number = plan.indicator_index.get(plain(name), labels.get(plain(name)))
        unknown = [one for one in values if plain(one) not in plan.region_index]
        if number is None or unknown:
            told = say("revise_base", found=unknown if number is not None else name)
            mistakes.append(Mistake(told, ("bases", name)))
            continue
        own = {plan.region_names[plan.region_index[plain(one)]]: v for one, v in values.items()}
        restated.setdefault(number, {}).update(own)
    if mistakes:
        raise PlanError(say("revise_wrong", count=len(mistakes)), mistakes, language=language)
    for number, own in restated.items():
        base = plan.base(plan.indicators[number])
        said = dict(zip(plan.region_names, base.tolist(), strict=True)) | own
        data["indicators"][number]["base"] = {
            region: value for region, value in said.items() if value == value
        }


def _settled(
    plan: Plan, anchor: Anchor | None, solver: Any, base: Settled | None = None, *, gap: bool
) -> Settled:
    """Settle a plan from what stands; where that leaves no room, hand out what can be.

    Targets give way only where they were allowed to, and then nothing stands.
    """
    try:
        return settle(plan, solver=solver, base=base, anchor=anchor)
    except InfeasibleError:
        if not gap:
            raise
    return settle(plan, solver=solver, base=base, gap=True)


@dataclass(frozen=True, eq=False)
class _Work:
    """One revision: what was issued, and the plan with its changes made."""

    issued: Allocation
    plan: Plan
    parts: Parts
    through: int
    carry: str
    changed: Collection[str]
    language: Language

    def revision(self, actuals: pd.DataFrame, solver: Any) -> Revision:
        """Solve the revised plan, and tell what changed."""
        settled = self.issued.settled
        carried = Carried(self.issued.plan, self.plan, self.parts)
        facts = facts_of(carried, settled.quotas(), actuals, self.through, self.language)
        stands = carried.over(settled.quotas())
        higher = self.issued.stretch
        stretch = None if higher is None else carried.over(higher.settled.quotas())
        fresh = self.plan.indicator_index.keys() - self.issued.plan.indicator_index.keys()
        carrying = Carrying(
            self.plan,
            facts,
            stands,
            stretch,
            fresh,
            self.through,
            self.carry,
            self.changed,
            self.language,
        )
        plan = Plan.model_validate(carrying.data(), language=self.language)
        anchor = self._anchor(settled, facts, stands, carrying)
        made = Made.by(solver)
        try:
            found = _settled(plan, anchor, solver, gap=settled.gap)
            above = self._stretch(plan, found, stretch, facts, carrying, solver)
        except InfeasibleError as error:
            diagnose = partial(explain, plan, language=self.language)
            raise InfeasibleError(
                error.message, diagnose, indicators=error.indicators, language=self.language
            ) from None
        revised = Allocation(
            found, None if above is None else Allocation(above, made=made), made, self.issued.log
        )
        before = Issued.of(self.issued, self.plan, self.parts)
        frame = self._changes(before, revised, facts, stands)
        lost = lost_locks(self.issued.plan, self.parts, self.through)
        told = Told(self.plan, facts, self.through, self.language).all(stands, before, revised)
        notes = (*told, *carrying.notes, *lost)
        return Revision(self.issued, revised, self.through, frame, notes, self.language)

    def _stretch(
        self,
        plan: Plan,
        base: Settled,
        stands: Grids | None,
        facts: Facts,
        carrying: Carrying,
        solver: Any,
    ) -> Settled | None:
        """Settle stretch figures again, from the stretch quotas that were issued.

        Where they are out of reach by now, what can be handed out is.
        """
        higher, issued = stretched(plan), self.issued.stretch
        if higher is None:
            return None
        anchor = None
        if issued is not None and stands is not None:
            anchor = self._anchor(issued.settled, facts, stands, carrying, level=".stretch")
        return _settled(higher, anchor, solver, base, gap=True)

    def _anchor(
        self, settled: Settled, facts: Facts, stands: Grids, carrying: Carrying, *, level: str = ""
    ) -> Anchor:
        """Return what stands: what was reached, and what was issued for the years to come.

        Where each region carries its own remainder, it is to have that over the years to come.
        """
        numbers: Grids = {}
        wanted: list[tuple[str, int, tuple[int, ...], float]] = []
        over = self.plan.year_index[self.through] + 1
        years = tuple(range(over, len(self.plan.years)))
        for name, grid in stands.items():
            reached, laid = facts.published[name], grid
            if self.carry == "region" and name in carrying.carried:
                whole = carrying.rests.get(f"indicators.{name}.target{level}")
                rest = remainders(grid, reached, whole)
                laid = by_region(grid, rest, over)
                if self._adds(name):
                    wanted += [(name, k, years, one) for k, one in enumerate(rest.tolist()) if one]
            numbers[name] = np.where(np.isnan(reached), laid, reached)
        return replace(
            settled.standing(),
            numbers=numbers,
            handed=frozenset(carrying.handed),
            bounding=frozenset(carrying.bounding),
            wanted=tuple(wanted),
            issued=stands,
        )

    def _adds(self, name: str) -> bool:
        """Whether an indicator's published numbers add over the years."""
        one = self.plan.indicators[self.plan.indicator_index[name]]
        return one.kind == "flow" and one.publish != "growth"

    def _changes(
        self, before: Side, revised: Allocation, facts: Facts, stands: Grids
    ) -> pd.DataFrame:
        """Lay the two beside each other; years that are over stand there whole."""
        names = self.issued.plan.region_names
        reasons = Revised(
            self.issued,
            revised,
            self.plan,
            facts,
            stands,
            through=self.through,
            carry=self.carry,
            parts={name: [names[one] for one in own] for name, own in self.parts.items()},
            language=self.language,
        )
        frame = beside(before, revised, reasons, whole=True)
        over = pd.Series([year != "total" and year <= self.through for year in frame["year"]])
        same = (frame["before"] == frame["after"]) | (
            frame["before"].isna() & frame["after"].isna()
        )
        told = frame["indicator"].isin(list(facts.published)) & over & (frame["reason"] == "")
        frame.loc[told, "reason"] = [
            facts.reason(name, year).text(self.language)
            for name, year in frame.loc[told, ["indicator", "year"]].itertuples(index=False)
        ]
        kept = frame[over.to_numpy(dtype=bool) | ~same.to_numpy(dtype=bool)]
        return kept[list(COLUMNS)].reset_index(drop=True)
