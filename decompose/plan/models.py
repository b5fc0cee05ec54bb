"""What a plan file may say, key by key: regions, groups, indicators."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
    model_validator,
)

from decompose.labels import say
from decompose.plan.assessment import Assess
from decompose.plan.limits import Limits, Link, Lock
from decompose.plan.periods import shares_of
from decompose.plan.targets import Stated, Target
from decompose.plan.values import (
    DIGIT,
    MOST_DECIMALS,
    Flag,
    FrozenDict,
    Model,
    Name,
    Names,
    Quantity,
    Rate,
    Text,
    Whole,
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


class Cumulative(Model):
    """A flow added up from the first year to each year."""

    cumulative: Name
    """The flow."""


class Tiers(Model):
    """Steps of a cut, of which each region takes one."""

    values: Annotated[tuple[Rate, ...], Field(min_length=1)]
    """The steps."""
    by: str | FrozenDict[Name, Rate] | None = None
    """A column, or a mapping, that fixes the step of each region."""


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
        if self.blend is not None and (
            not self.blend or min(self.blend.values()) < 0 or not any(self.blend.values())
        ):
            raise ValueError(say("blend_weights"))
        return self


def _series(value: object) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise ValueError(say("series_wanted", found=str(value)))
    return value


Series = Annotated[str | FrozenDict[Name, Quantity], BeforeValidator(_series)]
Source = Annotated[str | Cumulative, Field(union_mode="left_to_right")]


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
        return {str(key): [one] if isinstance(one, str) else one for key, one in value.items()}
    return {"all": value}


def _wholly(value: object) -> object:
    """Read ``true`` as 1 and ``false`` as nothing."""
    if isinstance(value, bool):
        return 1.0 if value else None
    return value


Part = Annotated[Annotated[Rate, Field(ge=0, le=1)] | None, BeforeValidator(_wholly)]


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
    kind: Literal["flow", "level", "ratio", "given", "text"]
    """flow adds over years too; level has a value at each year; ratio is a numerator over a
    denominator; given is data; text is a goal in words."""
    unit: Text = ""
    """As it is printed."""
    section: Name | None = None
    """The block of annex 1 in which it stands."""
    nature: Literal["binding", "expected"] | None = None
    """Binding or expected."""
    department: Names = ()
    """Who answers for it."""
    decimals: Annotated[Whole, Field(ge=0, le=MOST_DECIMALS)] | None = None
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
    tolerance: Rate = 0.02
    """How far "about" may be from its figure, in every target that says no tolerance of its own."""
    target: Target = Field(default=Target(), validate_default=True)
    """What the area must reach."""
    group_targets: FrozenDict[Name, Target] = Field(default_factory=FrozenDict)
    """What groups must reach."""
    stated: Stated = Stated()
    """Figures that are printed and checked, never imposed."""
    allocate: Allocation | None = None
    """How the sum is shared before limits: by base, or equally where there is none."""
    converge: Part = None
    """How far shares go from the base year's to those by ``allocate`` by the last year, in a line;
    of a ratio, each region's number from its base value to the area's. ``true``: all the way."""
    fairness: Literal["leximin", "least_squares", "least_absolute", "least_cost"] = "leximin"
    """The rule that chooses among feasible quotas. Indicators that other rules tie to it and that
    name none are chosen by it too."""
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
    years: Annotated[tuple[Year, ...], Field(min_length=1)] | None = None
    """The years in which it applies; all by default."""
    signed: Flag = False
    """Whether quotas may be negative."""
    strict: Flag = False
    """Whether growth, share and other tying limits stay hard in rounding too; what an exact mean,
    or an exact sum under published growth, is passed by goes on being listed."""
    hand_out: Literal["lower", "upper"] = "lower"
    """Which end of an interval is handed out."""
    annexes: tuple[Annotated[Literal[1, 2], DIGIT], ...] = (1, 2)
    """The annexes that print it."""
    report: Flag = True
    """Whether tables print it."""
    decompose: Flag = True
    """Whether regions receive it; otherwise annex 1 alone prints it."""
    text: Text = ""
    """The words of a goal that has no figure."""
    values: FrozenDict[Year, Series] = Field(default_factory=FrozenDict)
    """What is given, by year (the base year too)."""
    numerator: Source | None = None
    """Of a ratio; a rate has none, and one is implied: rate × denominator."""
    denominator: Source | None = None
    """Of a ratio."""
    base_numerator: Series | None = None
    """Base-year numerator of a rate, by region."""
    scale: Quantity = 1.0
    """The printed ratio is scale × numerator ÷ denominator."""
    move: Literal["numerator"] = "numerator"
    """What gives way to a ratio: the denominator is settled first, and then is data."""
    publish: Literal["value", "increment", "growth", "cut", "rise"] = "value"
    """What the tables print, and what is shared out, rounded and made fair. Growth is in percent
    on the year before, and so are decimals, step and locks."""
    tiers: Tiers | None = None
    """Steps that a cut may take."""
    sum_of: Names = ()
    """The indicators of which this one is the sum, region by region. A part without a target gets
    what the others leave."""
    increase_of: Name | None = None
    """The level whose yearly rise this flow is; a level without a target follows the flow."""
    priority: Annotated[Whole, Field(ge=1)] | None = None
    """Indicators with a priority are settled before those after it; 1 first."""
    cost: FrozenDict[Name, tuple[tuple[Quantity, Quantity], ...]] = Field(
        default_factory=FrozenDict
    )
    """Cost of each region's quota of a year for least_cost: pairs (up to, cost per unit), rising;
    the last goes on without end."""
    schedule: FrozenDict[str, Rate] = Field(default_factory=FrozenDict)
    """Share of the year's quota that is due by a month or quarter; months / 12 by default."""
    assess: Assess | None = None
    """How it counts in the assessment."""
    cut_unit: Text = "%"
    """Printed unit of a cut."""
    display: FrozenDict[str, Text] = Field(default_factory=FrozenDict)
    """Words that tables print in place of the area's figure, by year, ``total`` or ``base``."""
    notes: FrozenDict[str, Text] = Field(default_factory=FrozenDict)
    """Notes under the tables, by year; ``all`` for every year."""

    @field_validator("tolerance")
    @classmethod
    def _part_of_the_figure(cls, value: float) -> float:
        if not 0 <= value < 1:
            raise ValueError(say("tolerance_low", found=f"{100 * value:g}%"))
        return value

    @field_validator("target")
    @classmethod
    def _about(cls, value: Target, info: ValidationInfo) -> Target:
        return value.under(info.data.get("tolerance"))

    @field_validator("group_targets")
    @classmethod
    def _about_groups(
        cls, value: FrozenDict[str, Target], info: ValidationInfo
    ) -> FrozenDict[str, Target]:
        tolerance = info.data.get("tolerance")
        return FrozenDict({name: target.under(tolerance) for name, target in value.items()})

    @field_validator("locks", mode="before")
    @classmethod
    def _lock_years(cls, value: Any) -> Any:
        if not is_mapping(value):
            return value
        return {region: _year_keys(locks) for region, locks in value.items()}

    @field_validator("display", mode="before")
    @classmethod
    def _display_years(cls, value: Any) -> Any:
        return _year_keys(value)

    @field_validator("notes", mode="before")
    @classmethod
    def _note_years(cls, value: Any) -> Any:
        return {"all": value} if isinstance(value, str) else _year_keys(value)

    @field_validator("schedule")
    @classmethod
    def _points_of_a_year(cls, value: FrozenDict[str, float]) -> FrozenDict[str, float]:
        shares_of(value)
        return value

    @field_validator("step")
    @classmethod
    def _grid(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is None:
            return value
        if value <= 0:
            raise ValueError(say("step_positive"))
        decimals = info.data.get("decimals")
        digits = MOST_DECIMALS if decimals is None else decimals
        if round(value, digits) != value:
            raise ValueError(say("step_decimals", step=value, decimals=digits))
        return value

    @field_validator("integer")
    @classmethod
    def _whole_numbers(cls, value: bool, info: ValidationInfo) -> bool:
        step = info.data.get("step")
        if value and (info.data.get("decimals") or 0) > 0:
            raise ValueError(say("integer_decimals"))
        if value and step is not None and step % 1:
            raise ValueError(say("integer_step", step=step))
        return value

    @property
    def label(self) -> str:
        """The name as it is printed."""
        return self.name or self.id
