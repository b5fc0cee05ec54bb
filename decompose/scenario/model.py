"""A scenario: what is different from the plan."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from typing import Any

from decompose.errors import Mistake, PlanError
from decompose.figures import plain, written
from decompose.labels import Language, Message, say
from decompose.passed import require_argument
from decompose.plan import Plan
from decompose.plan.plan import mutable, position_of, put
from decompose.plan.targets import Figures
from decompose.plan.values import FrozenDict

TARGETS = ("target", "group_targets")
"""What holds the figures that are scaled."""
RATES = frozenset({"growth", "growth_each_year", "cut", "cut_each_year"})
"""Figures of a target that are rates: a bare number above 1 is none."""
_NUMBER = re.compile(r"(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?", re.IGNORECASE)
_DIGITS = Context(prec=12)
_DECIMALS = 9
_MOST_DIGITS = 9
"""Of a position: Python does not read whole numbers of thousands of digits."""


@dataclass(frozen=True)
class Scenario:
    """A named set of changes to a plan: first dropped, then changed, then scaled.

    Scenarios add up: of ``a + b`` the changes of b count where both change the same, and factors
    multiply.

    Parameters
    ----------
    name
        As tables show it.
    changes
        Path → new value, as in ``Plan.with_changes``.
    scale
        Id or printed name of an indicator → factor of its target's figures: those of the area and
        of groups, by year, in total, rates, stretch. Words such as "at least" stay, and so do
        ``margin`` and ``tolerance``.
    drop
        Paths of what is taken out of the plan; with a region, a group or a year
        (``"years.2017"``) goes all that the plan says of it elsewhere.

    Raises
    ------
    PlanError
        The name is empty, or a factor is not a positive number.

    Examples
    --------
    >>> more = dc.Scenario("5% more", scale={"investment": 1.05})
    >>> wide = dc.Scenario("wider", {"indicators.investment.limits.max.West": 54})
    >>> (more + wide).name
    '5% more + wider'
    >>> dc.solve(more.apply(plan)).totals["quota"].tolist()
    [115.5, 127.1, 242.6]
    """

    name: str
    changes: Mapping[str, Any] = field(default_factory=FrozenDict)
    scale: Mapping[str, float] = field(default_factory=FrozenDict)
    drop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for key in ("changes", "scale"):
            require_argument("Scenario", key, getattr(self, key), (Mapping,))
        dropped = (self.drop,) if isinstance(self.drop, str) else tuple(self.drop)
        wrong = [factor for factor in self.scale.values() if not _positive(factor)]
        if not isinstance(self.name, str) or not plain(self.name):
            raise PlanError(say("scenario_name", found=written(self.name)))
        if wrong:
            raise PlanError(say("scale_factor", scenario=self.name, found=written(wrong[0])))
        changes = {str(path): mutable(value) for path, value in self.changes.items()}
        object.__setattr__(self, "changes", FrozenDict(changes))
        object.__setattr__(self, "scale", FrozenDict(self.scale))
        object.__setattr__(self, "drop", dropped)

    def __add__(self, other: Scenario) -> Scenario:
        """Return both together; where they change the same, the second counts; factors multiply."""
        kept = {
            path: value
            for path, value in self.changes.items()
            if not any(_within(path, gone) for gone in other.drop)
        }
        both = self.scale.keys() & other.scale.keys()
        product = {name: self.scale[name] * other.scale[name] for name in both}
        return Scenario(
            f"{self.name} + {other.name}",
            {**kept, **other.changes},
            {**self.scale, **other.scale, **product},
            tuple(dict.fromkeys((*self.drop, *other.drop))),
        )

    @staticmethod
    def combine(name: str, *scenarios: Scenario) -> Scenario:
        """Return several scenarios together (``a + b + …``) under a name of their own.

        Parameters
        ----------
        name
            As tables show it.
        *scenarios
            Those that are added up, in this order.

        Returns
        -------
        Scenario
            Without any, one that changes nothing.
        """
        both = sum(scenarios[1:], scenarios[0]) if scenarios else Scenario(name)
        return replace(both, name=name)

    def changes_of(self, plan: Plan) -> dict[str, Any]:
        """Return the scenario as changes for ``plan.with_changes``.

        Parameters
        ----------
        plan
            The plan that is to be changed.

        Returns
        -------
        dict
            Path → new value.

        Raises
        ------
        PlanError
            Nothing stands where something is dropped; an indicator that is scaled is not there, is
            dropped or renamed, or has no figures; a path leads nowhere.
        """
        found: dict[str, Any] = {}
        if self.drop:
            data = plan.source()
            for path in sorted(self.drop, key=_place, reverse=True):  # later positions first
                if not _stands(data, path):
                    raise _wrong(path, say("drop_nothing", scenario=self.name, path=path))
                found |= dict(_said_of(plan, data, path))
                found[path] = None
        found |= self.changes
        if self.scale:
            factors = self.factors(plan)
            content = _changed_content(plan, found, factors)
            for name, factor in factors.items():
                if name not in content:
                    told = say("scale_dropped", scenario=self.name, found=name)
                    raise _wrong(f"scale.{name}", told)
                scaled = dict(_scaled(content[name], f"indicators.{name}", factor))
                if not scaled:
                    told = say("scale_nothing", scenario=self.name, found=name)
                    raise _wrong(f"scale.{name}", told)
                found |= scaled
        return found

    def factors(self, plan: Plan) -> dict[str, float]:
        """Return the factors by the ids of indicators.

        Parameters
        ----------
        plan
            Knows which indicator bears a name.

        Returns
        -------
        dict of str to float
            What each indicator's targets are multiplied by.

        Raises
        ------
        PlanError
            No indicator bears a name, or several do.
        """
        found: dict[str, float] = {}
        for name, factor in self.scale.items():
            ids = [plan.indicators[k].id for k in plan.indicators_named(name)]
            if not ids:
                known = [one.label for one in plan.indicators if one.target is not None]
                told = say("scale_unknown", scenario=self.name, found=name, known=known)
                raise _wrong(f"scale.{name}", told)
            if len(ids) > 1:
                raise _wrong(f"scale.{name}", say("adopt_ambiguous", found=name, known=ids))
            found[ids[0]] = found.get(ids[0], 1) * factor
        return found

    def apply(self, plan: Plan, *, language: Language = "zh") -> Plan:
        """Return the plan of this scenario, validated.

        Parameters
        ----------
        plan
            The plan that is changed; it stays as it is.
        language
            Language of error messages, ``"zh"`` or ``"en"``.

        Returns
        -------
        Plan
            The changed plan.

        Raises
        ------
        PlanError
            As of :meth:`changes_of`; or the changed plan is wrong.
        """
        return plan.with_changes(self.changes_of(plan), language=language)


def _positive(factor: object) -> bool:
    if isinstance(factor, bool) or not isinstance(factor, int | float):
        return False
    return 0 < factor <= sys.float_info.max


def _wrong(path: str, told: Message) -> PlanError:
    return PlanError(say("plan_wrong", count=1), [Mistake(told, tuple(path.split(".")))])


def _within(path: str, gone: str) -> bool:
    return path == gone or path.startswith(f"{gone}.")


def _place(path: str) -> list[tuple[int, str]]:
    return [(int(step), "") if _is_position(step) else (0, step) for step in path.split(".")]


def _is_position(step: str) -> bool:
    """Whether a step of a path may count the items of a list."""
    return step.isdecimal() and len(step) <= _MOST_DIGITS


def _stands(data: Any, path: str) -> bool:
    """Tell whether a plan's data have something at a path."""
    *steps, last = path.split(".")
    place = data
    for step in (*steps, last):
        if isinstance(place, list):
            index = position_of(place, step)
            found = None if index is None else place[index]
        elif isinstance(place, dict):
            key = next((key for key in place if plain(str(key)) == plain(step)), None)
            found = None if key is None else place[key]
        else:
            return False
        if found is None:
            return False
        place = found
    return True


def _said_of(plan: Plan, data: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """List what a plan says of a region, group or year elsewhere, as changes that take it out."""
    kind, _, name = path.partition(".")
    names = {plain(name)}
    if kind == "regions" and plain(name) in plan.region_index:
        number = plan.region_index[plain(name)]
        names |= set(map(plain, plan.regions[number].aliases))
        for one in plan.indicators:
            own = plan.base(one)[number]
            if one.base_total is not None and not math.isnan(own):
                yield f"indicators.{one.id}.base_total", round(one.base_total - own, _DECIMALS)
    elif kind not in ("groups", "years") or "." in name:
        return
    elif kind == "years":
        for one in data["indicators"]:
            yield from _without(one, f"indicators.{one['id']}", names)
        return
    for one in data["regions"]:
        said = f"regions.{one['name']}"
        if plain(one.get("inside") or "") in names:
            yield f"{said}.inside", None
        if kind == "groups" and names & set(map(plain, one.get("groups", ()))):
            yield f"{said}.groups", [other for other in one["groups"] if plain(other) not in names]
    for column, cells in data.get("tables", {}).items():
        yield from _without(cells, f"tables.{column}", names)
    for one in data["indicators"]:
        yield from _without(one, f"indicators.{one['id']}", names)


def _without(said: Any, path: str, names: Collection[str]) -> Iterator[tuple[str, Any]]:
    """List the entries under some names, and the lists of regions that have them."""
    if isinstance(said, Mapping):
        for key, inner in said.items():
            if plain(str(key)) in names:
                yield f"{path}.{key}", None
            else:
                yield from _without(inner, f"{path}.{key}", names)
    elif isinstance(said, list) and ".regions" in path:
        kept = [one for one in said if plain(str(one)) not in names]
        if len(kept) < len(said):
            yield path, kept


def _changed_content(
    plan: Plan, changes: Mapping[str, Any], names: Mapping[str, float]
) -> dict[str, Any]:
    """Return what the changed plan says of some indicators, by id."""
    others = plan.indicator_index.keys() - names.keys()
    own = {path: value for path, value in changes.items() if not _inside(path, others)}
    if not own:
        here = [one for one in plan.indicators if one.id in names]
        return {one.id: one.model_dump(include=set(TARGETS), exclude_unset=True) for one in here}
    data = plan.source()
    for path, value in own.items():
        put(data, path, value)
    return {one.get("id", ""): one for one in data["indicators"] if isinstance(one, dict)}


def _inside(path: str, names: Collection[str]) -> bool:
    """Tell whether a path leads into one of some indicators."""
    first, name, *rest = [*path.split("."), ""]
    return first == "indicators" and name in names and rest != [""]


def _scaled(content: Mapping[str, Any], path: str, factor: float) -> Iterator[tuple[str, Any]]:
    """List the figures of an indicator's targets, multiplied, by path."""
    targets = [(f"{path}.target", content.get("target"))]
    groups = content.get("group_targets")
    if isinstance(groups, Mapping):
        targets += [(f"{path}.group_targets.{name}", said) for name, said in groups.items()]
    for place, target in targets:
        if isinstance(target, Mapping):
            yield from _figures(target, place, factor)
            if isinstance(target.get("stretch"), Mapping):
                yield from _figures(target["stretch"], f"{place}.stretch", factor)


def _figures(said: Mapping[str, Any], path: str, factor: float) -> Iterator[tuple[str, Any]]:
    for name in Figures.model_fields:
        value = said.get(name)
        figures = value.items() if isinstance(value, Mapping) else [("", value)]
        for year, figure in figures:
            where = f"{path}.{name}.{year}" if year != "" else f"{path}.{name}"
            if isinstance(figure, int | float | str) and not isinstance(figure, bool):
                new = times(figure, factor, rate=name in RATES)
                if new != figure or factor == 1:
                    yield where, new


def times(figure: float | str, factor: float, *, rate: bool = False) -> float | str:
    """Multiply the numbers of a figure; its words stay.

    Parameters
    ----------
    figure
        As a plan says it: a number, or a text (at least 22, 3-5, 6%).
    factor
        Of the numbers, which keep twelve digits.
    rate
        Whether a bare number is a rate, which above 1 is written as a percentage.
    """
    by = Decimal(repr(float(factor)))
    if isinstance(figure, str):
        return _NUMBER.sub(lambda text: _written(text[0].replace(",", ""), by), plain(figure))
    number = float(_DIGITS.multiply(Decimal(repr(float(figure))), by))
    return f"{_written(str(number), Decimal(100))}%" if rate and abs(number) > 1 else number


def _written(number: str, factor: Decimal) -> str:
    product = _DIGITS.multiply(Decimal(number), factor).normalize()
    return f"{product:f}"
