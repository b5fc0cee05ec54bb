"""What a plan file may say of how progress is assessed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from decompose.plan.lights import lights_of
from decompose.plan.values import Flag, FrozenDict, Model, Quantity, Rate, Text, Whole


class Assess(Model):
    """How an indicator counts in the assessment."""

    points: Annotated[Quantity, Field(ge=0)] = 0.0
    """Points for a quota that is reached."""
    cap: Annotated[Quantity, Field(ge=0)] = 1.0
    """The greatest completion that counts."""
    key: Flag = False
    """Whether missing it is missing the whole."""


class Assessment(Model):
    """How progress is assessed (DESIGN section 5, ``track``)."""

    low_rank: Annotated[Whole, Field(ge=1)] | None = None
    """How many of the last ranks count as low."""
    talk: Literal["unmet_and_low_rank", "fall_or_low_rank"] = "unmet_and_low_rank"
    """Who is called to a talk."""
    fall: Annotated[Rate, Field(ge=0)] = 0.0
    """The fall on the year before from which on it counts, for ``fall_or_low_rank``."""
    lights: FrozenDict[str, str | Quantity] = Field(default_factory=FrozenDict)
    """``preset``, or ``measure`` (gap, pace, completion) with ``yellow`` and ``red``."""
    calendar: FrozenDict[str, str | int] = Field(default_factory=FrozenDict)
    """When reports are due."""
    rules: tuple[Text, ...] = ()
    """Rules of the process, in the document's words."""

    @field_validator("lights")
    @classmethod
    def _known_lights(cls, value: FrozenDict[str, str | float]) -> FrozenDict[str, str | float]:
        lights_of(value)
        return value
