"""What a plan file may say, key by key: regions, groups, targets, limits, indicators."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, field_validator, model_validator

from decompose.labels import say
from decompose.plan.spec import QuantitySpec, RateSpec, Spec, least_and_greatest
from decompose.plan.values import (
    Flag,
    FrozenDict,
    Model,
    Name,
    Names,
    Quantity,
    QuantityFigure,
    Rate,
    RateFigure,
    Text,
    Year,
    is_mapping,
)


class Region(Model):
    """A unit that receives quotas."""

    name: Name
    """As it is printed."""
    groups: Names = ()
    """The groups to which it belongs."""
    aliases: Names = ()
    """Other names under which tables may know it."""
    reserve: Flag = False
    """Whether it takes only what locks or limits give it (the part that the city keeps)."""
    inside: Name | None = None
    """The region under which it is printed; that region's own number excludes it."""

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class Group(Model):
    """How a group of regions is printed."""

    subtotal: Flag = False
    """Whether tables print its sum."""
    label: Name | None = None
    """The words of its subtotal row; the group's name by default."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, value: Any) -> Any:
        return {} if value is None else value


class Target(Model):
    """What a scope must reach: imposed."""

    years: FrozenDict[Year, QuantityFigure] = Field(default_factory=FrozenDict)
    """The sum of each year."""
    each_year: QuantityFigure | None = None
    """The same sum for every year."""
    total: QuantityFigure | None = None
    """The sum over all years (flows)."""
    growth: RateFigure | None = None
    """Average yearly rate from the base year to the last year."""
    growth_each_year: RateFigure | None = None
    """Rate of every year on the year before."""
    increase: QuantityFigure | None = None
    """The last year's sum less the base year's."""
    increase_each_year: QuantityFigure | None = None
    """Every year's sum less that of the year before."""
    margin: Rate = 0.0
    """How much more is handed out than the figures say."""
    tolerance: Rate = 0.02
    """How far "about" may be from its figure."""


class Stated(Model):
    """Figures of the document that are printed and checked, never imposed."""

    years: FrozenDict[Year, QuantityFigure] = Field(default_factory=FrozenDict)
    """The sum of each year."""
    total: QuantityFigure | None = None
    """The sum over all years."""
    growth: FrozenDict[str, RateFigure] = Field(default_factory=FrozenDict)
    """Rates on the year before, by year; ``average`` for the yearly mean since the base year."""
    increase: FrozenDict[str, QuantityFigure] = Field(default_factory=FrozenDict)
    """Rises on the year before, by year; ``total`` for the rise since the base year."""
    groups: FrozenDict[Name, Stated] = Field(default_factory=FrozenDict)
    """The same for groups."""

    @field_validator("growth", mode="before")
    @classmethod
    def _average(cls, value: Any) -> Any:
        return _by_text(value, "average")

    @field_validator("increase", mode="before")
    @classmethod
    def _in_all(cls, value: Any) -> Any:
        return _by_text(value, "total")


def _by_text(value: Any, bare: str) -> Any:
    """Give a bare figure its key, and write year keys as text."""
    if not is_mapping(value):
        return {bare: value}
    return {str(key): figure for key, figure in value.items()}


class RateRange(Model):
    """The least and the greatest rate."""

    min: RateSpec = Spec()
    """At least."""
    max: RateSpec = Spec()
    """At most."""

    _ends = model_validator(mode="before")(least_and_greatest)


class QuantityRange(Model):
    """The least and the greatest quantity."""

    min: QuantitySpec = Spec()
    """At least."""
    max: QuantitySpec = Spec()
    """At most."""

    _ends = model_validator(mode="before")(least_and_greatest)


class Limits(Model):
    """What a scope can or must do."""

    min: QuantitySpec = Spec()
    """Floor: the least quota of a year."""
    max: QuantitySpec = Spec()
    """Capacity: the greatest quota of a year."""
    total: QuantityRange = QuantityRange()
    """Of the sum over the years."""
    growth: RateRange = RateRange()
    """On the year before (the base year for the first)."""
    ramp: QuantityRange = QuantityRange()
    """Rise on the year before, in the indicator's unit."""
    share: RateRange = RateRange()
    """Share of the area."""
    share_shift: RateSpec = Spec()
    """How far the share of the area may move from that of the base year."""
    monotone: Literal["up", "down"] | None = None
    """Whether quotas never fall, or never rise, from year to year (the base year included)."""


class Lock(Model):
    """A quota that is already settled."""

    value: Quantity
    """In the indicator's unit."""
    why: Text = ""
    """The letter that settled it."""
    signed: Flag = False
    """Whether it was signed: such a lock yields last."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return value if is_mapping(value) or isinstance(value, Lock) else {"value": value}


class Link(Model):
    """A rule that ties an indicator to another."""

    part_of: Name
    """The indicator of which this one is a part, region by region."""


class Allocation(Model):
    """How the sum is shared before limits."""

    by: str | FrozenDict[Name, Quantity] | None = None
    """``base``, ``equal``, a column, or weights by region."""
    blend: FrozenDict[Name, Quantity] | None = None
    """Several of these, with weights."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"by": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> Allocation:
        if (self.by is None) == (self.blend is None):
            raise ValueError(say("by_or_blend"))
        return self


def _series(value: object) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise ValueError(say("series_wanted", found=str(value)))
    return value


Series = Annotated[str | FrozenDict[Name, Quantity], BeforeValidator(_series)]


def _year_keys(value: Any) -> Any:
    if is_mapping(value):
        return {str(key): inner for key, inner in value.items()}
    return value


def _regions(value: Any) -> Any:
    """Read a list, ``{except: […]}`` or ``{2016: […]}``; years as text, ``all`` for a list."""
    if value is None or isinstance(value, FrozenDict):
        return value
    if isinstance(value, str):
        value = [value]
    if is_mapping(value):
        return {
            str(key): [inner] if isinstance(inner, str) else inner for key, inner in value.items()
        }
    return {"all": value}


Participants = Annotated[
    FrozenDict[str, tuple[Name, ...]],
    BeforeValidator(_regions),
    PlainSerializer(lambda value: value["all"] if set(value) == {"all"} else dict(value)),
]


class Indicator(Model):
    """A quantity with a unit, decomposed over regions and years."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    """Name in scripts."""
    name: Name = ""
    """As it is printed; the id by default."""
    kind: Literal["flow", "level"]
    """flow adds over years too; level has a value at each year."""
    unit: Text = ""
    """As it is printed."""
    section: Name | None = None
    """The block of annex 1 in which it stands."""
    nature: Literal["binding", "expected"] | None = None
    """Binding or expected."""
    department: Names = ()
    """Who answers for it."""
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    """Digits after the point: 2 unless said."""
    step: Quantity | None = None
    """What quotas are whole multiples of; 10^-decimals by default."""
    integer: Flag = False
    """Whether quotas are whole numbers."""
    base: Series | None = None
    """The base year's value of each region."""
    base_total: Quantity | None = None
    """The area's own base-year value."""
    mismatch: Literal["scale", "reserve"] | None = None
    """What to do where the regions' bases do not add to the area's."""
    target: Target = Target()
    """What the area must reach."""
    group_targets: FrozenDict[Name, Target] = Field(default_factory=FrozenDict)
    """What groups must reach."""
    stated: Stated = Stated()
    """Figures that are printed and checked, never imposed."""
    allocate: Allocation | None = None
    """How the sum is shared before limits: by base, or equally where there is none."""
    fairness: Literal["leximin", "least_squares", "least_absolute"] = "leximin"
    """The rule that chooses among feasible quotas."""
    path: Literal["constant_growth", "linear", "equal"] | FrozenDict[Year, Quantity] = (
        "constant_growth"
    )
    """How open years are filled."""
    limits: Limits = Limits()
    """Capacities, floors, growth, shares."""
    locks: FrozenDict[Name, FrozenDict[str, Lock]] = Field(default_factory=FrozenDict)
    """Settled quotas: region, then year or ``total``."""
    links: tuple[Link, ...] = ()
    """Rules that tie it to other indicators."""
    parent: str | None = None
    """The indicator of which it is a part, and under whose row it is printed."""
    regions: Participants | None = None
    """Where it applies: names, ``{except: […]}`` or ``{2016: […]}``; everywhere by default."""
    years: tuple[Year, ...] | None = None
    """The years in which it applies; all by default."""
    signed: Flag = False
    """Whether quotas may be negative."""
    strict: Flag = False
    """Whether growth, share and other tying limits stay hard in rounding too."""
    hand_out: Literal["lower", "upper"] = "lower"
    """Which end of an interval is handed out."""
    annexes: tuple[Literal[1, 2], ...] = (1, 2)
    """The annexes that print it."""
    report: Flag = True
    """Whether tables print it."""
    notes: FrozenDict[str, Text] = Field(default_factory=FrozenDict)
    """Notes under the tables, by year; ``all`` for every year."""

    @field_validator("locks", mode="before")
    @classmethod
    def _lock_years(cls, value: Any) -> Any:
        if not is_mapping(value):
            return value
        return {region: _year_keys(locks) for region, locks in value.items()}

    @field_validator("notes", mode="before")
    @classmethod
    def _note_years(cls, value: Any) -> Any:
        return {"all": value} if isinstance(value, str) else _year_keys(value)

    @model_validator(mode="after")
    def _steps(self) -> Indicator:
        if self.step is not None and self.step <= 0:
            raise ValueError(say("step_positive"))
        if self.integer and (self.decimals or 0) > 0:
            raise ValueError(say("integer_decimals"))
        if self.integer and self.step is not None and self.step % 1:
            raise ValueError(say("integer_step", step=self.step))
        digits = 0 if self.integer else self.decimals
        if self.step is not None and digits is not None and round(self.step, digits) != self.step:
            raise ValueError(say("step_decimals", step=self.step, decimals=digits))
        if self.step is not None and round(self.step, 6) != self.step:
            raise ValueError(say("step_decimals", step=self.step, decimals=6))
        return self

    @property
    def label(self) -> str:
        """The name as it is printed."""
        return self.name or self.id
