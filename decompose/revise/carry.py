"""What a plan says once years are over: facts in their place, cumulative targets carried on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from decompose.explain.written import handed_out_as
from decompose.figures import Figure, Sense, plain
from decompose.labels import Language, Message, say
from decompose.labels import figures as words
from decompose.plan import Indicator, Plan
from decompose.plan.ratios import scope_ratio
from decompose.plan.steps import as_printed, decimals_of, down, nearest, step_of, up, value_step_of
from decompose.plan.targets import Figures
from decompose.problem import Floats
from decompose.revise.facts import Facts
from decompose.revise.spent import put_spent
from decompose.revise.standing import Grids, level_of, scope_sums, values_of_all

CARRIES = ("area", "region", "none")
SAME = 1e-9
"""Sums nearer than this, beside their size, are one."""


@dataclass
class Carrying:
    """Rewrites the plain data of a plan.

    Attributes
    ----------
    plan
        The plan with its regions merged and its changes made, years not yet over.
    facts
        What was reached.
    issued, stretch
        What was issued, and the stretch quotas, over that plan.
    fresh
        Ids of the indicators that the issued plan did not have: theirs are the years to come.
    through, carry, changed
        The last year that is over; how shortfalls are carried; the paths that were changed.
    language
        Of the reasons of locks.
    """

    plan: Plan
    facts: Facts
    issued: Grids
    stretch: Grids | None
    fresh: Collection[str]
    through: int
    carry: str
    changed: Collection[str]
    language: Language
    handed: set[str] = field(default_factory=set)
    """Ids of the indicators whose cumulative sums are handed out as the data says."""
    bounding: set[str] = field(default_factory=set)
    """Paths of their figures of later years: where more was issued, they only bound."""
    carried: set[str] = field(default_factory=set)
    """Those among them whose cumulative targets are carried."""
    rests: dict[str, float] = field(default_factory=dict)
    """What is left of each cumulative target that is carried, by its path."""
    notes: list[Message] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """Return the plain data of the revised plan."""
        data = self.plan.source()
        data["actual_through"] = self.through
        for number, one in enumerate(self.plan.indicators):
            said = data["indicators"][number]
            if one.id in self.facts.published:
                self._put_locks(one, said)
                self._put_targets(one, said)
                level = level_of(self.plan, one, self.facts.published[one.id])
                self.notes += put_spent(self.plan, one, said, level, self.through)
                self._put_display(said)
            elif one.id in self.facts.given:
                self._put_given(one, said)
            elif one.id in self.fresh and one.years is None:
                said["years"] = [year for year in self.plan.years if year > self.through]
        return data

    @property
    def _past(self) -> list[int]:
        return [year for year in self.plan.years if year <= self.through]

    def _put_locks(self, one: Indicator, said: dict[str, Any]) -> None:
        """Lock what was reached; other locks of those years are over."""
        index = self.plan.region_index
        locks: dict[str, dict[str, Any]] = {}
        for name, own in said.get("locks", {}).items():
            kept = {key: lock for key, lock in own.items() if self._open(str(key))}
            if kept:
                held = self.plan.region_names[index[plain(name)]]
                locks.setdefault(held, {}).update(kept)
        published = self.facts.published[one.id]
        grown = one.publish == "growth"  # growth is what is locked then
        values = published if grown else as_printed(level_of(self.plan, one, published))
        for region, year in np.argwhere(~np.isnan(published)).tolist():
            when = self.plan.years[year]
            why = say("revise_reached", year=when).text(self.language)
            lock = {"value": float(values[region, year]), "why": why}
            locks.setdefault(self.plan.region_names[region], {})[str(when)] = lock
        if locks:
            said["locks"] = locks
        if (np.nan_to_num(published) < 0).any() and not one.signed:
            self._allow_less(one, said)

    def _open(self, key: str) -> bool:
        """Whether a lock of a year, or of the total, still speaks of what is to come."""
        return int(key) > self.through if key.isdecimal() else self.carry != "none"

    def _allow_less(self, one: Indicator, said: dict[str, Any]) -> None:
        """Let numbers below 0 be reached, and none be handed out."""
        said["signed"] = True
        limits = said.setdefault("limits", {})
        name = {"cut": "cut", "increment": "ramp", "growth": "growth"}.get(one.publish)
        place: Any = limits if name is None else limits.setdefault(name, {})
        if "min" not in place:
            place["min"] = {str(year): 0 for year in self.plan.years if year > self.through}

    def _put_given(self, one: Indicator, said: dict[str, Any]) -> None:
        """Put data as reported in the place of what was expected."""
        grid = self.facts.given[one.id]
        for year in self._past:
            column = grid[:, self.plan.year_index[year]]
            if np.isnan(column).any():
                continue
            values = said.setdefault("values", {})
            for key in [key for key in values if int(key) == year]:
                del values[key]
            values[year] = dict(zip(self.plan.region_names, column.tolist(), strict=True))

    def _put_display(self, said: dict[str, Any]) -> None:
        """Take out words that stood in the place of figures of which some are over."""
        kept = {
            key: words
            for key, words in said.get("display", {}).items()
            if str(key).isdecimal() and int(key) > self.through
        }
        said.pop("display", None)
        if kept:
            said["display"] = kept

    def _put_targets(self, one: Indicator, said: dict[str, Any]) -> None:
        """Put what was reached in the targets of the area and of groups, and carry the rest."""
        everyone = np.ones(len(self.plan.regions), dtype=bool)
        scopes = [("target", one.target, said.get("target"), everyone, self.plan.total_label)]
        groups = said.get("group_targets", {})
        for name, target in one.group_targets.items():
            members = self.plan.members[self.plan.group_index[plain(name)]]
            scopes.append((f"group_targets.{name}", target, groups.get(name), members, name))
        for path, target, content, members, label in scopes:
            root, margin = f"indicators.{one.id}.{path}", target.margin_under(one.target)
            if content and target.imposes:
                scope = _Scope(one, root, label, members, margin, self.issued)
                self._put_target(scope, target, content)
                self._bound(root, content)
            if content and target.stretch is not None and self.stretch is not None:
                root = f"{root}.stretch"
                scope = _Scope(one, root, label, members, margin, self.stretch)
                self._put_target(scope, target.stretch, content["stretch"])
                self._bound(root, content["stretch"])

    def _bound(self, root: str, content: Mapping[str, Any]) -> None:
        """Note the figures of later years that stay as they were."""
        later = [f"years.{year}" for year in content.get("years", {}) if int(year) > self.through]
        plain_keys = [key for key in ("each_year", "per_region") if key in content]
        kept = {f"{root}.{key}" for key in later + plain_keys}
        if root not in self.changed:
            self.bounding |= kept - {*self.changed}

    def _put_target(self, scope: _Scope, target: Figures, content: dict[str, Any]) -> None:
        if scope.indicator.kind == "ratio":
            self._put_ratio(scope, content)
            return
        years = {int(key): one for key, one in content.get("years", {}).items()}
        name, stands = scope.indicator.id, scope.issued
        reached = self._sums(scope, self.facts.published[name])
        for year in self._past:
            value = reached[self.plan.year_index[year]]
            if not np.isnan(value) and self._of_all(scope, self.plan.year_index[year]):
                years[year] = float(value)
        content["years"] = years
        rates = [f"{scope.path}.{key}" for key, _ in target.given() if key.endswith("_each_year")]
        if rates and not self._goes_on(scope, rates, reached):
            self.handed.add(name)  # rates go on from what was reached
        total = target.total
        if total is None or not total.given or name not in stands:
            return
        self._carry(scope, total, content, self._sums(scope, stands[name]), reached)

    def _of_all(self, scope: _Scope, year: int) -> bool:
        """Whether all of a scope have numbers in a year: a figure would hand some to the others."""
        one = scope.indicator
        takes = self.plan.applies(one)[:, year] & ~self.plan.reserve & scope.members
        known = ~np.isnan(self.facts.published[one.id][:, year])
        if one.id in scope.issued:
            known |= ~np.isnan(scope.issued[one.id][:, year])
        return bool(known[takes].all())

    def _goes_on(self, scope: _Scope, rates: Collection[str], reached: Floats) -> bool:
        """Tell whether what was issued goes on from what was reached, at the same rates."""
        changed = {scope.path, f"{scope.path}.margin", *rates} & {*self.changed}
        stands = scope.issued.get(scope.indicator.id)
        if changed or stands is None:
            return False
        last = self.plan.year_index[self._past[-1]]
        issued = float(self._sums(scope, stands)[last])
        return bool(np.isclose(reached[last], issued, rtol=SAME, atol=0.0))

    def _put_ratio(self, scope: _Scope, content: dict[str, Any]) -> None:
        """Put what was reached of a ratio in the place of its figures of years that are over."""
        if scope.indicator.publish != "value" or "years" not in content:
            return
        known = values_of_all(self.plan, self.facts.published)
        reached = scope_ratio(self.plan, scope.indicator, known, scope.members)
        for key in content["years"]:
            value = reached[self.plan.year_index[int(key)]]
            if int(key) <= self.through and not np.isnan(value):
                content["years"][key] = float(value)

    def _sums(self, scope: _Scope, grid: Floats) -> Floats:
        values = level_of(self.plan, scope.indicator, grid)
        if scope.indicator.publish == "growth":  # values are no whole steps: no digit is lost
            return np.asarray(values[scope.members].sum(axis=0))
        return scope_sums(values, scope.members)

    def _carry(
        self,
        scope: _Scope,
        total: Figure,
        content: dict[str, Any],
        issued: Floats,
        reached: Floats,
    ) -> None:
        """Carry a cumulative target: open the later years, or keep them and let it go."""
        years, root = content["years"], scope.path
        whole_changed = {root, f"{root}.total"} & {*self.changed}
        later = [year for year in self.plan.years if year > self.through]
        margin = 1 + scope.margin
        if self.carry == "none" and not whole_changed:
            del content["total"]
            for year in later:
                value = issued[self.plan.year_index[year]]
                if year not in years and not np.isnan(value):
                    years[year] = _before_margin(value, margin, scope.indicator)
            return
        if root not in self.changed:
            for year in later:
                if f"{root}.years.{year}" not in self.changed:
                    years.pop(year, None)
            for key in ("each_year", "per_region"):
                if f"{root}.{key}" not in self.changed:
                    content.pop(key, None)
        step = step_of(scope.indicator)
        handed = _handed(total.times(margin), step)
        stood = float(as_printed(np.asarray(np.nansum(issued))))
        known = not np.isnan(issued).any()
        figure = handed
        if not whole_changed and known and abs(stood - handed) > step / 2:
            figure = stood
            wanted = _before_margin(stood, margin, scope.indicator, total.sense)
            content["total"] = _worded(total, wanted)
        over = float(as_printed(np.asarray(np.nansum(reached))))
        if figure - over < -step / 2:
            least = _before_margin(figure, margin, scope.indicator, Sense.AT_LEAST)
            content["total"] = f"{least:.15g}{words.AT_LEAST_AFTER[1]}"
            unit, label = scope.indicator.unit, scope.indicator.label
            told = {"scope": scope.label, "indicator": label, "unit": unit}
            self.notes.append(
                say("revise_negative", **told, through=self.through, reached=over, total=figure)
            )
        self.handed.add(scope.indicator.id)
        self.carried.add(scope.indicator.id)
        self.rests[root] = max(figure - over, 0.0)


@dataclass(frozen=True, eq=False)
class _Scope:
    """The area or a group, as a target of an indicator speaks of it."""

    indicator: Indicator
    path: str
    label: str
    members: np.ndarray
    margin: float
    issued: Grids


_INWARD = {Sense.AT_LEAST: up, Sense.AT_MOST: down}


def _handed(figure: Figure, step: float) -> float:
    """Return what is handed out of a figure: whole steps, inward."""
    return _INWARD.get(figure.sense, nearest)(figure.value, step)


def _before_margin(
    handed: float, margin: float, indicator: Indicator, sense: Sense = Sense.EXACT
) -> float:
    """Return the figure of which so much is handed out, with as few digits as it takes."""
    digits, inward = decimals_of(indicator), _INWARD.get(sense, nearest)
    found = handed_out_as(handed, margin, value_step_of(indicator), digits, inward)
    return float(f"{handed / margin:.15g}") if found is None else found[0]


def _worded(figure: Figure, value: float) -> float | str:
    """Write a figure of another amount in the sense of one."""
    ends = {Sense.AT_LEAST: words.AT_LEAST_AFTER, Sense.AT_MOST: words.AT_MOST_AFTER}
    end = ends.get(figure.sense)
    return float(f"{value:.15g}") if end is None else f"{value:.15g}{end[1]}"
