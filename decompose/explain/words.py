"""An indicator's numbers as a sentence says them: decimals, signs, units."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from decompose.figures import Figure
from decompose.labels import Message, Text, figure, say, term
from decompose.labels.figures import STRIVE
from decompose.plan import Indicator
from decompose.plan.steps import SNAP, decimals_of
from decompose.tables.printed import printed_name, printed_unit

SIGNS = ("%", "‰")
"""Units that stand right behind their number."""
_LAST_NUMBER = re.compile(r"\d(?=\D*$)")
_NUMBER = re.compile(r"((?<![\d%])[-−]?)\s*(\d[\d,.]*)")

VALUE_DIGITS = 2
"""Of values whose growth is published: they have no grid of their own."""

Unit = Text


@dataclass(frozen=True)
class Words:
    """How an indicator's numbers are told.

    Attributes
    ----------
    name
        What is printed of it.
    unit
        Behind its numbers.
    digits
        Of quotas.
    """

    name: Text
    unit: Unit
    digits: int

    def quota(self, value: float) -> Message:
        """Return a published number, or a figure of the plan, with its unit: no digit is lost."""
        own = len(figure(value).partition(".")[2])
        return with_unit(_fixed(value, max(self.digits, own)), self.unit)

    def printed(self, value: float, *, signed: bool = False) -> str:
        """Return a published number, or a difference of two, without its unit."""
        return (_signed if signed else _fixed)(value, self.digits)

    def number(self, value: float) -> str:
        """Return a number before rounding: as quotas are, but that counts may have a tenth."""
        return _fixed(value, self._fine(value))

    def amount(self, value: float) -> Message:
        """Return a number before rounding, with its unit."""
        return with_unit(self.number(value), self.unit)

    def index(self, value: float) -> Message:
        """Return a number that is multiplied, one digit finer."""
        return with_unit(_fixed(value, max(self.digits, 1) + 1), self.unit)

    def difference(self, value: float) -> Message:
        """Return by how much two numbers differ; of percentages, in points."""
        return with_unit(_fixed(abs(value), self._small(value)), self._apart)

    def change(self, value: float) -> Message:
        """Return by how much a published number changes; of percentages, in points."""
        return with_unit(_fixed(value, self.digits), self._apart)

    @property
    def _apart(self) -> Unit:
        return term("points") if self.unit.zh == SIGNS[0] else self.unit

    def signed(self, value: float) -> str:
        """Return a difference with its sign."""
        return _signed(value, self._small(value))

    def seen(self, value: float) -> bool:
        """Whether a difference is told: one digit finer than quotas it is more than 0."""
        return float(_fixed(abs(value), self.digits + 1)) > 0

    def counts(self, value: float) -> bool:
        """Whether a difference is told that matters beside others: it is more than 0 in print."""
        return float(_fixed(abs(value), max(self.digits, 1))) > 0

    def _fine(self, value: float) -> int:
        whole = abs(value - round(value, self.digits)) < SNAP
        return self.digits if whole else max(self.digits, 1)

    def _small(self, value: float) -> int:
        """Return the digits of a difference: one more where it would seem to be none."""
        fine = self._fine(value)
        return fine if float(_fixed(value, fine)) else self.digits + 1

    def rounding(self, value: float) -> str:
        """Return the part of rounding, one digit finer than quotas; empty where that is 0."""
        text = _signed(value, self.digits + 1)
        return text if float(text) else ""

    def said(self, said: Figure) -> Message:
        """Return a figure in the plan's own words, with its unit; of a rate, as a percentage."""
        return said_in(said, self.unit) if said.text else self.quota(said.value)


def words_of(indicator: Indicator) -> Words:
    """Return how what is printed of an indicator is told."""
    name = Text(printed_name(indicator, "zh"), printed_name(indicator, "en"))
    unit = Text(printed_unit(indicator, "zh"), printed_unit(indicator, "en"))
    return Words(name, unit, decimals_of(indicator))


def value_words_of(indicator: Indicator) -> Words:
    """Return how an indicator's values are told: where growth is published, what grows."""
    printed = words_of(indicator)
    if indicator.publish != "growth":
        return printed
    return replace(printed, unit=Text(indicator.unit, indicator.unit), digits=VALUE_DIGITS)


def share(value: float) -> str:
    """Return a share as a percentage with two digits."""
    return f"{value:.2%}"


def rate(value: float) -> str:
    """Return a rate of the plan as a percentage, without idle zeros."""
    return f"{figure(round(value * 100, 4))}%"


def points(value: float) -> Message:
    """Return a difference of rates in points."""
    return with_unit(figure(round(value * 100, 4)), term("points"))


def quoted(names: list[Text]) -> list[Message]:
    """Put names of indicators in quotation marks."""
    return [say("quoted", name=name) for name in names]


def said_in(said: Figure, unit: Unit) -> Message:
    """Return a figure with words: in Chinese the plan's own, in English what they mean.

    A figure that is a percentage, or in points, does not take the unit.
    """
    sign = next((sign for sign in SIGNS if sign in said.text), "")
    in_points = term("points").zh in said.text
    told = said.text
    if not sign and not in_points:
        told = _LAST_NUMBER.sub(lambda found: with_unit(found[0], unit).text("zh"), said.text)
    own = term("points") if in_points else Text(sign, sign) if sign else unit
    numbers = [f"{found[1]}{found[2]}" for found in _NUMBER.finditer(said.text)]
    code = "said_strive" if said.text.startswith(STRIVE) else f"said_{said.sense}"
    meant = say(code, number=with_unit(numbers[-1], own), low=numbers[0])
    return say("said", told=Text(told, meant.text("en")))


def with_unit(number: str, unit: Unit) -> Message:
    """Put a unit behind a number."""
    if unit == term("points"):
        return say("amount_point" if number == "1" else "amount_points", number=number)
    code = "amount_sign" if unit.zh in ("", *SIGNS) else "amount"
    return say(code, number=number, unit=unit)


def _fixed(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if not float(text) else text


def _signed(value: float, digits: int) -> str:
    text = _fixed(value, digits)
    return text if text.startswith("-") else f"+{text}"
