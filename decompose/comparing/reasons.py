"""Why a number changed, in a short sentence: what is known of it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from decompose.allocation import Allocation
from decompose.bounds import SEPARATOR
from decompose.comparing.differences import (
    Difference,
    base_of,
    became,
    columns_of,
    differences,
    other_quantity,
    same,
    tied,
)
from decompose.figures import plain
from decompose.labels import Language, Message, Text, figure, say, term, word
from decompose.labels.families import FAMILY_NAMES
from decompose.labels.workbook import CHOICES
from decompose.labels.workbook_heads import TARGET_HEADS
from decompose.plan import Plan
from decompose.plan.ratios import PERCENT
from decompose.plan.steps import SNAP, step_of
from decompose.tables.printed import adds_up
from decompose.taken import BY_HAND

MOST = 2
"""How many causes a sentence tells."""
_End = tuple[float, str]
WHOLE = CHOICES["whole"]
"""The word for all years together."""
NEAR = 1e-7
"""Beside its size, a smaller change of an exact number is none."""


class Reasons:
    """Finds the reason of each changed number.

    Parameters
    ----------
    before, after
        The two allocations.
    language
        Of the sentences.
    """

    def __init__(self, before: Allocation, after: Allocation, language: Language) -> None:
        self.before = before
        self.after = after
        self.language: Language = language
        self._found: dict[str, list[Difference]] = {}
        self._columns_found: dict[str, dict[str, list[tuple[str, Any, Any]]]] = {}

    def of_cell(self, indicator: str, region: str, year: int | str) -> str:
        """Return the reason of a region's number; ``"total"`` is its sum over the years."""
        names = self._there(indicator, region, year)
        if names is not None:
            return self._told([names])
        if apart := self._apart(indicator):
            return self._told([apart])
        if year == "total":
            return self._told([say("because_of_years")])
        causes = [
            *self._moves(indicator, region, int(year)),
            *self._differences(indicator, {plain(region)}, str(year)),
            *self._base(indicator, region),
        ]
        causes = causes or self._ties(indicator)
        rules = self._rules(indicator, region, int(year))
        if not causes and self._by_hand(indicator):
            causes = [say("because_by_hand")]
        elif not causes and self._rounded(indicator, region, int(year)):
            return self._told([say("because_rounding")])
        causes = self._past(year) or causes[:MOST]
        told = [*causes, *([rules] if rules is not None else [])]
        return self._told(told or [say("because_others")])

    def of_sum(self, indicator: str, scope: str, year: int | str) -> str:
        """Return the reason of the sum of the area or of a group."""
        if indicator not in self.before.plan.indicator_index:
            return self._told([say("because_new_indicator")])
        if indicator not in self.after.plan.indicator_index:
            return self._told([say("because_lost_indicator")])
        plans = self.before.plan, self.after.plan
        if year != "total" and any(int(year) not in plan.year_index for plan in plans):
            new = int(year) in self.after.plan.year_index
            return self._told([say("because_new_year" if new else "because_lost_year")])
        if apart := self._apart(indicator):
            return self._told([apart])
        names = {plain(scope)}
        if names & self.after.plan.area_names:
            names = set(self.after.plan.area_names)
        causes = list(self._differences(indicator, names, str(year), sums=True))
        whole = say("because_of_regions" if self._adds(indicator) else "because_of_parts")
        return self._told(self._past(year) or causes[:MOST] or [whole])

    def _apart(self, indicator: str) -> Message | None:
        """Tell what is printed of an indicator where the plans differ in that."""
        found = other_quantity(self.before.plan, self.after.plan, indicator)
        if found is None:
            return None
        before, after = (CHOICES["publish"][one] for one in found)
        return say("because_published", before=before, after=after)

    def _adds(self, indicator: str) -> bool:
        """Whether what is printed of an indicator adds over regions."""
        plan = self.after.plan
        return adds_up(plan.indicators[plan.indicator_index[indicator]])

    def _told(self, causes: list[Message]) -> str:
        parted = word("clause_separator", self.language)
        texts = [cause.text(self.language) for cause in causes]
        return parted.join(dict.fromkeys(texts))

    def _there(self, indicator: str, region: str, year: int | str) -> Message | None:
        """Tell what of the names is in one plan only."""
        old, new = self.before.plan, self.after.plan
        for subject, names in (
            ("indicator", [indicator in plan.indicator_index for plan in (old, new)]),
            ("region", [bool(self._before(region)), plain(region) in new.region_index]),
            ("year", [year == "total" or year in plan.year_index for plan in (old, new)]),
        ):
            if names == [False, True]:
                return say(f"because_new_{subject}")
            if names == [True, False]:
                return say(f"because_lost_{subject}")
        parts = self._before(region)
        return say("because_merged", parts=parts, to=region) if len(parts) > 1 else None

    def _before(self, region: str) -> list[str]:
        """Return the regions that a region was before: itself, by its name then, or its parts."""
        return self._earlier.get(self._place(region), [])

    def _place(self, region: str) -> int | str:
        """Return the region of the plan after that bears a name, or the name that is gone."""
        found = became(self.before.plan, self.after.plan, region)
        return plain(region) if found is None else found

    @cached_property
    def _earlier(self) -> dict[int | str, list[str]]:
        """The names before, by what they became."""
        found: dict[int | str, list[str]] = {}
        for name in self.before.plan.region_names:
            found.setdefault(self._place(name), []).append(name)
        return found

    def _moves(self, indicator: str, region: str, year: int) -> Iterator[Message]:
        """Tell the moves agreed upon since: of the cell itself, else of its year, else others."""
        label = self._label(indicator)
        of_it = [move for move in self._fresh if str(move.get("indicator")) in (indicator, label)]
        same_year = [move for move in of_it if str(move.get("year")) == str(year)]
        own = [move for move in same_year if plain(str(move.get("region"))) == plain(region)]
        for move in own:
            yield say("because_move", why=_why(move))
        for move in () if own else same_year:
            yield say("because_move_of", region=str(move.get("region")), why=_why(move))
        for move in () if same_year else of_it or self._tied_moves(indicator):
            names = {name: str(move.get(name)) for name in ("region", "year")}
            other = self._label(str(move.get("indicator")))
            yield say("because_move_elsewhere", indicator=other, why=_why(move), **names)

    @cached_property
    def _fresh(self) -> list[dict[str, Any]]:
        """The moves that were agreed upon since."""
        earlier, later = ([dict(move) for move in one.log] for one in (self.before, self.after))
        if later[: len(earlier)] == earlier:
            return later[len(earlier) :]
        return [move for move in later if move not in earlier]

    def _tied_moves(self, indicator: str) -> list[dict[str, Any]]:
        """Return the fresh moves of what an indicator is tied to."""
        plan = self.after.plan
        names = tied(plan, plan.indicators[plan.indicator_index[indicator]])
        return [move for move in self._fresh if move.get("indicator") in names]

    def _label(self, indicator: str) -> str:
        plan = self.after.plan
        number = plan.indicator_index.get(indicator)
        return indicator if number is None else plan.indicators[number].label

    def _differences(
        self, indicator: str, names: set[str], year: str, *, sums: bool = False
    ) -> Iterator[Message]:
        """Tell what the plans say differently of a scope and year, the nearest first."""
        plan = self.after.plan
        if indicator not in self._found:
            self._found[indicator] = differences(self.before.plan, plan, indicator)
        told = [one for one in self._found[indicator] if self._concerns(one, names, year, sums)]
        whys = {one.keys[:-1] for one in told if one.keys[-1] == "why" and one.after}
        ranked: list[tuple[int, Difference]] = []
        for one in told:
            scopes, years = one.names(plan)
            if one.keys[-1] not in ("value", "signed") or one.keys[:-1] not in whys:
                ranked.append((2 * (not scopes) + (year not in years), one))
        for _, one in sorted(ranked, key=lambda pair: pair[0]):
            yield self._difference(one)
        if not sums:
            yield from self._columns(indicator, names)

    def _concerns(self, one: Difference, names: set[str], year: str, sums: bool) -> bool:
        """Whether what the plans say differently is about a scope, and about its year."""
        plan = self.after.plan
        scopes, years = one.names(plan)
        of_a_year = one.keys[0] in ("target", "group_targets", "locks") and year != "total"
        if "stretch" in one.keys or (of_a_year and years and year not in years):
            return False
        if sums:
            return bool(scopes & names or (one.keys[0] == "target" and names & plan.area_names))
        return not scopes or bool(scopes & (names | self._around(names)))

    def _around(self, names: set[str]) -> set[str]:
        """Return the plain names of the area, and of the groups that hold some regions."""
        plan = self.after.plan
        held = [
            plan.regions[plan.region_index[name]] for name in names if name in plan.region_index
        ]
        return {*plan.area_names, *(plain(group) for region in held for group in region.groups)}

    def _past(self, year: int | str) -> list[Message]:
        """Tell years that were to come before, and are over after."""
        old, new = self.before.plan.actual_through or 0, self.after.plan.actual_through or 0
        if year == "total" or new <= old or int(year) <= old:
            return []
        reached = say("revise_reached", year=year)
        return [reached if int(year) <= new else say("because_past", through=new)]

    def _difference(self, one: Difference) -> Message:
        locked = one.keys[0] == "locks" and one.keys[-1] == "why" and one.after
        if locked:
            return say("because_lock", why=str(one.after))
        of_target = one.keys[0] in ("target", "group_targets", "tolerance")
        name = _FIGURES.get(one.keys[-1]) if of_target else None
        name = name or FAMILY_NAMES.get(one.family)
        structure = (*_STRUCTURE, *one.family.split("."), *_FIGURES)
        keys = [WHOLE.get(key, key) for key in one.keys if key not in structure]
        what = ".".join(one.keys) if name is None else name
        where = say("because_where", keys=keys) if name is not None and keys else ""
        ends = [_said(end, rate=one.is_rate) for end in (one.before, one.after)]
        if one.before is None:
            return say("because_set", what=what, where=where, after=ends[1])
        if one.after is None:
            return say("because_dropped", what=what, where=where, before=ends[0])
        return say("because_changed", what=what, where=where, before=ends[0], after=ends[1])

    def _columns(self, indicator: str, names: set[str]) -> Iterator[Message]:
        if indicator not in self._columns_found:
            plans = self.before.plan, self.after.plan
            self._columns_found[indicator] = _cells_changed(*plans, indicator)
        for region in sorted(names):
            for column, before, after in self._columns_found[indicator].get(region, ()):
                told = _said(before), _said(after)
                yield say("because_changed", what=column, where="", before=told[0], after=told[1])

    def _base(self, indicator: str, region: str) -> Iterator[Message]:
        (name,) = self._before(region)
        ends = [base_of(self.before.plan, indicator, name)]
        ends.append(base_of(self.after.plan, indicator, region))
        if not same(*ends):
            told = [_said(None if np.isnan(end) else end) for end in ends]
            yield say("because_base", before=told[0], after=told[1])

    def _ties(self, indicator: str) -> list[Message]:
        """Name the indicators that it is tied to, where the plan says something else of them."""
        plan = self.after.plan
        one = plan.indicators[plan.indicator_index[indicator]]
        for name in tied(plan, one):
            if name not in self._found:
                self._found[name] = differences(self.before.plan, plan, name)
            if self._found[name]:
                return [say("because_tied", other=self._label(name))]
        return []

    @cached_property
    def _cells(self) -> tuple[dict[tuple[Any, ...], _End], ...]:
        found = []
        for one in (self.before, self.after):
            frame = one.quotas
            labels = zip(
                frame["indicator"], map(plain, frame["region"]), frame["year"].tolist(), strict=True
            )
            ends = zip(frame["exact"].tolist(), frame["bound_by"], strict=True)
            found.append(dict(zip(labels, ends, strict=True)))
        return tuple(found)

    def _both(self, indicator: str, region: str, year: int) -> tuple[_End | None, _End | None]:
        """Return the exact number of a cell, and what holds it, before and after."""
        names = self._before(region)
        before, after = self._cells
        old = before.get((indicator, plain(names[0]), year)) if len(names) == 1 else None
        return old, after.get((indicator, plain(region), year))

    def _by_hand(self, indicator: str) -> bool:
        """Whether the numbers of an indicator were taken over from a table."""
        return any(
            BY_HAND in stage.solution.route
            for stage in self.after.settled.stages
            for one in stage.built.series
            if one.indicator.id == indicator
        )

    def _rounded(self, indicator: str, region: str, year: int) -> bool:
        """Whether nothing but rounding moved the number."""
        old, new = self._both(indicator, region, year)
        if old is None or new is None:
            return False
        plan = self.after.plan
        step = step_of(plan.indicators[plan.indicator_index[indicator]])
        return abs(old[0] - new[0]) <= max(SNAP * step, NEAR * abs(new[0]))

    def _rules(self, indicator: str, region: str, year: int) -> Message | None:
        """Tell which rules hold the number now and did not before, or the other way round."""
        ends = self._both(indicator, region, year)
        old, new = (set((end or (0.0, ""))[1].split(SEPARATOR)) for end in ends)
        for code, families in (("because_bound", new - old), ("because_free", old - new)):
            named = [one for one in FAMILY_NAMES if one in families and one != "lock"]
            if named:
                return say(code, rules=[term(one) for one in named])
        return None


_STRUCTURE = (
    *("target", "group_targets", "limits", "locks", "tiers", "years", "value", "values"),
    *("default", "sum"),
)


_FIGURES = {
    key: Text(head.zh, key.replace("_", " "))
    for key, head in ((code.removeprefix("target."), head) for code, head in TARGET_HEADS.items())
    if key not in ("years.{year}", "total")
}
"""Figures of a target that have a name of their own."""


def _cells_changed(
    before: Plan, after: Plan, indicator: str
) -> dict[str, list[tuple[str, Any, Any]]]:
    """Return cells of columns that say something else, by region: column, before and after."""
    old, found = columns_of(before, indicator), dict[str, list[tuple[str, Any, Any]]]()
    for column, cells in columns_of(after, indicator).items():
        for region, cell in cells.items():
            was = old.get(column, {}).get(region)
            if was != cell and was is not None and cell is not None:
                found.setdefault(region, []).append((column, was, cell))
    return found


def _why(move: Any) -> Message | str:
    return say("because_why", why=str(move["why"])) if move.get("why") else ""


def _said(value: Any, *, rate: bool = False) -> str:
    if value is None:
        return "—"
    if isinstance(value, list):
        return "/".join(_said(one, rate=rate) for one in value)
    if isinstance(value, float):
        return f"{figure(PERCENT * value)}%" if rate else figure(value)
    return str(value)
