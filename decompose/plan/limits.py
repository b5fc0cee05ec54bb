"""The rules of an indicator: limits, locks and links to other indicators."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from decompose.labels import say
from decompose.plan.spec import QuantitySpec, RateSpec, Spec, least_and_greatest
from decompose.plan.values import Flag, Model, Name, Quantity, Rate, Text, is_mapping


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
    cut: RateRange = RateRange()
    """Of a region's ratio since the base year; of the last year unless a year is named."""
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

    part_of: Name | None = None
    """The indicator of which this one is a part, region by region."""
    at_least_share: Rate | None = None
    """The least share of another indicator."""
    at_most_share: Rate | None = None
    """The greatest share of another indicator."""
    of: Name | None = None
    """The other indicator."""
    scope: Name = "region"
    """``region`` (each), ``area`` (the sums), or the name of a group (its sums)."""

    @model_validator(mode="after")
    def _one(self) -> Link:
        kinds = [self.part_of, self.at_least_share, self.at_most_share]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(say("link_kind"))
        if (self.part_of is None) == (self.of is None):
            raise ValueError(say("link_of"))
        return self
