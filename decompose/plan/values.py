"""The kinds of value that a plan's fields hold, and what reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Generic, NoReturn, TypeVar

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema, core_schema

from decompose.figures import (
    CONTROL,
    Figure,
    parse_figure,
    parse_quantity,
    parse_rate,
    plain,
    visible,
    write_rate,
)
from decompose.labels import say

MOST_OF_NAME, MOST_LETTERS = 1_000, 32_767
"""The letters of a name, and of any other text: those that a cell of a workbook holds."""
MOST_DECIMALS = 6
"""The finest step that a plan may have, in digits after the point."""
_SHOWN = 60

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V], Generic[K, V]):
    """A dictionary that cannot be changed: plans are frozen all the way down."""

    def _refuse(self, *_args: object, **_more: object) -> NoReturn:
        raise TypeError("a plan is frozen; use plan.with_changes(...)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __hash__(self) -> int:  # type: ignore[override] # a dict declares that it has none
        return hash(frozenset(self.items()))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        arguments = getattr(source, "__args__", (Any, Any))
        return core_schema.no_info_after_validator_function(
            cls,
            handler(dict.__class_getitem__(arguments)),
            serialization=core_schema.wrap_serializer_function_ser_schema(
                lambda value, serialize: serialize(dict(value)),
                schema=handler(dict.__class_getitem__(arguments)),
            ),
        )


class Model(BaseModel):
    """Frozen; unknown keys and infinities are refused; names are stripped."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
        str_strip_whitespace=True,
    )


def _text(value: object) -> object:
    """Take a number for a name (2015 for a document's number), never a truth value."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(say("not_finite", found=str(value)))  # a blank cell of a frame is no name
    return f"{value:.15g}" if isinstance(value, float) else value


def _written(value: object) -> object:
    text = _text(value)
    if isinstance(text, str) and len(text) > MOST_LETTERS:
        raise ValueError(say("text_long", found=len(text), most=MOST_LETTERS))
    if isinstance(text, str) and CONTROL.search(text):
        raise ValueError(say("text_control", found=repr(text[:_SHOWN])))
    return text


def _name(value: object) -> object:
    text = _text(value)
    if not isinstance(text, str):
        return text
    text = visible(text)
    if not plain(text):
        raise ValueError(say("name_empty"))
    if len(text) > MOST_OF_NAME:
        raise ValueError(say("text_long", found=len(text), most=MOST_OF_NAME))
    if CONTROL.search(text) or any(ord(letter) < 32 for letter in text):
        raise ValueError(say("name_control", found=repr(text[:_SHOWN])))
    return text


def _year(value: object) -> object:
    """Read a year, written as a number or as text."""
    year = value
    if isinstance(value, str):
        text = plain(value)
        year = int(text) if text.isdecimal() and len(text) == 4 else None
    if isinstance(year, bool) or not isinstance(year, (int, float, np.integer)):
        raise ValueError(say("not_a_year", found=str(value)))
    if not 1000 <= year <= 9999 or year != int(year):
        raise ValueError(say("not_a_year", found=str(value)))
    return int(year)


def _whole(value: object) -> object:
    if isinstance(value, bool | bytes):  # pydantic takes them for whole numbers
        raise ValueError(say("kind_of_value", found=str(value), wanted=say("wanted_integer")))
    return value


def _truth(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError(say("not_true_or_false", found=str(value)))
    return value


def _several(value: object) -> object:
    """Read one name where a list of names may stand."""
    return [value] if isinstance(value, str) else value


def _figure(value: object) -> Figure:
    return value if isinstance(value, Figure) else parse_figure(value)


def _rate_figure(value: object) -> Figure:
    return value if isinstance(value, Figure) else parse_figure(value, rate=True)


def _raw(figure: Figure) -> float | str:
    return figure.raw()


def _digit(value: object) -> object:
    """Read a digit where a few numbers may stand: it may be a text."""
    text = plain(value) if isinstance(value, str) else ""
    return int(text) if text.isdecimal() and len(text) == 1 else value


Name = Annotated[str, BeforeValidator(_name)]
Text = Annotated[str, BeforeValidator(_written)]
Year = Annotated[int, BeforeValidator(_year)]
Whole = Annotated[int, BeforeValidator(_whole)]
DIGIT = BeforeValidator(_digit)
Flag = Annotated[bool, BeforeValidator(_truth)]
Quantity = Annotated[float, BeforeValidator(parse_quantity)]
Rate = Annotated[
    float, BeforeValidator(parse_rate), PlainSerializer(write_rate, return_type=float | str)
]
Names = Annotated[tuple[Name, ...], BeforeValidator(_several)]
QuantityFigure = Annotated[
    Figure, BeforeValidator(_figure), PlainSerializer(_raw, return_type=float | str)
]
RateFigure = Annotated[
    Figure, BeforeValidator(_rate_figure), PlainSerializer(_raw, return_type=float | str)
]


def is_mapping(value: object) -> bool:
    """Whether a value is a mapping of keys to values."""
    return isinstance(value, Mapping)
