"""A bureau's own look, as a small file: titles, sheets, columns, fonts, sizes, colours."""

from __future__ import annotations

import difflib
import os
import string
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, ValidationError, field_validator

from decompose.enough import MOST_MISTAKES, all_wrong
from decompose.errors import Mistake, PlanError
from decompose.labels import Language, say
from decompose.labels.reporting import SIZES
from decompose.passed import require_path
from decompose.plan.mistakes import mistake_of, walk
from decompose.plan.values import Flag, FrozenDict, Model, Name
from decompose.reading.files import File, read_text
from decompose.reading.nodes import Node, Notes
from decompose.reading.yaml_text import read_yaml
from decompose.report.kinds import KINDS, PLACES

_MOST = {".yaml": 2**20, ".yml": 2**20}
_HEX = set(string.hexdigits)


def _points(value: Any) -> Any:
    """Read a size in points, or by its Chinese name."""
    if isinstance(value, str) and value.strip() in SIZES:
        return SIZES[value.strip()]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(say("theme_size", found=str(value), known=list(SIZES)))
    return value


def _colour(value: Any) -> Any:
    """Read a colour such as #C00000."""
    text = str(value).strip()
    if len(text) != 7 or text[0] != "#" or not set(text[1:]) <= _HEX:
        raise ValueError(say("theme_colour", found=text))
    return text.upper()


Points = Annotated[float, BeforeValidator(_points), Field(ge=5, le=72)]
Colour = Annotated[str, BeforeValidator(_colour)]
Millimetres = Annotated[float, Field(ge=0, le=100)]


class Fonts(Model):
    """Which fonts; where nothing is said, each writer has its own."""

    label: Name | None = None
    """Of the label at the top left."""
    title: Name | None = None
    """Of the title."""
    head: Name | None = None
    """Of headings."""
    body: Name | None = None
    """Of cells and notes."""
    latin: Name | None = None
    """Of Latin letters and digits, in Word."""


class Sizes(Model):
    """How large, in points or by their Chinese names."""

    label: Points | None = None
    """Of the label at the top left."""
    title: Points | None = None
    """Of the title."""
    body: Points | None = None
    """Of cells and notes; in Word the most that they have, where a table is wide less."""
    page: Points | None = None
    """Of page numbers, in Word."""


class Colours(Model):
    """Backgrounds of cells."""

    head: Colour = "#F2F2F2"
    """Of headings."""
    green: Colour = "#C6E0B4"
    """Of what is on schedule."""
    yellow: Colour = "#FFE699"
    """Of what is somewhat behind."""
    red: Colour = "#F4B084"
    """Of what is far behind."""


class Margins(Model):
    """Margins of a page in Word, upright, in millimetres."""

    top: Millimetres = 37.0
    """Above the text."""
    bottom: Millimetres = 35.0
    """Below it."""
    left: Millimetres = 28.0
    """On the bound side."""
    right: Millimetres = 26.0
    """On the other."""


class Theme(Model):
    """How reports look."""

    titles: FrozenDict[str, Name] = Field(default_factory=FrozenDict)
    """Pattern of the title by sheet; {title}, {year} and {region} stand for the plan's title, the
    table's year and its region."""
    sheets: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Which sheets, in any order; by default those of the format."""
    leave_out: FrozenDict[str, tuple[Name, ...]] = Field(default_factory=FrozenDict)
    """Headings of columns that are not printed, by sheet."""
    fonts: Fonts = Fonts()
    """Names of fonts."""
    sizes: Sizes = Sizes()
    """Sizes of letters."""
    colours: Colours = Colours()
    """Backgrounds."""
    margins: Margins = Margins()
    """Of a page in Word."""
    signatures: tuple[Name, ...] = ()
    """Lines to be signed under each letter; the places of a title may stand in them."""
    formulas: Flag = False
    """Whether sums in .xlsx are formulas that add up the cells of the table."""

    @field_validator("sheets")
    @classmethod
    def _known_sheets(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in value or ():
            _known(name)
        return value

    @field_validator("titles")
    @classmethod
    def _known_places_of_titles(cls, value: FrozenDict[str, str]) -> FrozenDict[str, str]:
        for name, pattern in value.items():
            _known(name)
            _known_places(pattern)
        return value

    @field_validator("signatures")
    @classmethod
    def _known_places_of_lines(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for line in value:
            _known_places(line)
        return value

    @field_validator("leave_out")
    @classmethod
    def _known_tables(
        cls, value: FrozenDict[str, tuple[str, ...]]
    ) -> FrozenDict[str, tuple[str, ...]]:
        for name in value:
            _known(name)
        return value


def _known_places(pattern: str) -> None:
    if unknown := _unknown_places(pattern):
        known = [f"{{{one}}}" for one in PLACES]
        raise ValueError(say("theme_place", found=unknown[0], known=known))


def _unknown_places(pattern: str) -> list[str]:
    """List what stands in braces and is no name alone: widths and conversions are none of these."""
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError:
        return [pattern]
    return [
        "".join((field, f"!{conversion}" if conversion else "", f":{width}" if width else ""))
        for _, field, width, conversion in parts
        if field is not None and (field not in PLACES or width or conversion)
    ]


def _known(name: str) -> None:
    if name not in KINDS:
        raise ValueError(say("theme_sheet", found=name, known=list(KINDS)))


def read_theme(path: str | os.PathLike[str], *, language: Language = "zh") -> Theme:
    """Read a theme from a YAML file.

    Raises
    ------
    PlanError
        With every mistake, its key and line; a syntax error stands alone.
    """
    place = require_path("read_theme", path, language=language)
    notes = Notes(File(place.name, language))
    root = read_yaml(read_text(place, notes.file, _MOST), notes)
    if notes.mistakes:
        raise _error(notes.mistakes, language)
    return theme_of(root.data(), language=language, root=root, file=notes.file)


def theme_of(
    said: Any, *, language: Language = "zh", root: Node | None = None, file: File | None = None
) -> Theme:
    """Make a theme of a mapping.

    Parameters
    ----------
    said
        The keys of a theme file; None for nothing.
    language
        Of the error.
    root, file
        Where the mapping stands, for the lines of its mistakes.

    Raises
    ------
    PlanError
        With every mistake and its key.
    """
    said = {} if said is None else said
    try:
        return Theme.model_validate(said)
    except ValidationError as error:
        mistakes = [
            _mistake(detail, said, root, file) for detail in error.errors()[: MOST_MISTAKES + 1]
        ]
    raise _error(mistakes, language)


def _error(mistakes: list[Mistake], language: Language) -> PlanError:
    return all_wrong("theme_wrong", mistakes, language)


def _mistake(detail: Any, said: Any, root: Node | None, file: File | None) -> Mistake:
    """Tell one of pydantic's errors: its key, its line, what was found."""
    loc = tuple(detail["loc"])
    path = tuple(key for _, key in walk(said, loc))
    place = ""
    if root is not None and file is not None:
        place = file.line(_node(root, path).line)
    if detail["type"] == "extra_forbidden":
        known = list(_fields(path[:-1]))
        close = difflib.get_close_matches(str(path[-1]), known, n=1)
        told = say("theme_key", found=str(path[-1]), known=close or known)
        return Mistake(told, path, place)
    return replace(mistake_of(detail, path), place=place)


def _node(root: Node, path: tuple[str | int, ...]) -> Node:
    """Return the node at a path, as far as it goes."""
    for key in path:
        inner = root.value
        if isinstance(inner, dict):
            root = inner.get(key, root)
        elif isinstance(inner, list) and isinstance(key, int) and key < len(inner):
            root = inner[key]
    return root


def _fields(path: tuple[str | int, ...]) -> Mapping[str, Any]:
    """Return the keys that may stand at a path."""
    model: type[Model] = Theme
    for key in path:
        field = model.model_fields.get(str(key))
        inner = None if field is None else field.annotation
        found = [one for one in (inner, *get_args(inner)) if isinstance(one, type)]
        model = next((one for one in found if issubclass(one, Model)), model)
    return model.model_fields
