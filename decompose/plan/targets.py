"""What scopes must reach, and what a document states of them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import Field, field_validator

from decompose.figures import Figure
from decompose.plan.values import (
    FrozenDict,
    Model,
    Name,
    QuantityFigure,
    Rate,
    RateFigure,
    Year,
    is_mapping,
)

RATIO_EACH_YEAR = ("cut_each_year", "rise_each_year")
"""What a ratio must be in every year, against the year before."""


class Figures(Model):
    """Figures that a scope must reach."""

    years: FrozenDict[Year, QuantityFigure] = Field(default_factory=FrozenDict)
    """The sum of each year; of a ratio its value, in the printed unit."""
    each_year: QuantityFigure | None = None
    """The same sum for every year."""
    per_region: QuantityFigure | None = None
    """Each year's sum, per region that takes part: multiplied by their number."""
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
    cut: RateFigure | None = None
    """How much lower the last year's ratio is than the base year's."""
    cut_each_year: RateFigure | None = None
    """How much lower every year's ratio is than that of the year before."""
    rise: QuantityFigure | None = None
    """How much higher the last year's ratio is than the base year's, in its printed unit."""
    rise_each_year: QuantityFigure | None = None
    """How much higher every year's ratio is than that of the year before, in its printed unit."""

    def given(self) -> list[tuple[str, Figure]]:
        """List the figures that are given, each with its key (``years`` for those of years)."""
        named = [(name, getattr(self, name)) for name in Figures.model_fields if name != "years"]
        named += [("years", figure) for figure in self.years.values()]
        return [(name, figure) for name, figure in named if figure is not None and figure.given]

    @cached_property
    def imposes(self) -> bool:
        """Whether any figure is given."""
        return bool(self.given())


class Target(Figures):
    """What a scope must reach: imposed."""

    margin: Rate = 0.0
    """How much more is handed out than the figures say."""
    tolerance: Rate = 0.02
    """How far "about" may be from its figure: as the indicator says, unless said here."""
    stretch: Figures | None = None
    """The figures of a second, higher set of quotas: they replace the target's own."""

    def margin_under(self, area: Target) -> float:
        """Return the margin of a group's target: its own, or else that of the area's target."""
        return self.margin if "margin" in self.model_fields_set else area.margin

    def under(self, tolerance: float | None) -> Target:
        """Return the target with its indicator's tolerance where it says none itself."""
        if tolerance is None or tolerance == self.tolerance or "tolerance" in self.model_fields_set:
            return self
        found = self.model_copy(update={"tolerance": tolerance})
        found.model_fields_set.discard("tolerance")  # written plans say it once, where it was said
        return found


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
    cut: RateFigure | None = None
    """How much lower the last year's ratio is than the base year's."""
    rise: QuantityFigure | None = None
    """How much higher the last year's ratio is than the base year's."""
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
