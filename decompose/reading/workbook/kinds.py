"""What the cells of a column hold: read into what a plan file says, and written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from decompose.figures import parse_number, parse_rate, plain
from decompose.labels import Language, say
from decompose.labels.figures import RANGE
from decompose.labels.workbook import CHOICES, YEAR_WORD
from decompose.reading.nodes import Scalar
from decompose.reading.workbook.naming import Naming
from decompose.reading.workbook.numbers import Out, number_out, percent_out, shown
from decompose.reading.workbook.texts import after, before, holds, join, split, word_of


@dataclass(frozen=True)
class Kind:
    """How the cells of a column are read and written.

    Attributes
    ----------
    read
        Returns what a plan file would say; ValueError with a Message where it cannot.
    write
        Returns a cell for a value, or None where there is none.
    choices, free
        The name of its words in CHOICES, where it has a list of them, and whether other texts
        are possible too.
    """

    read: Callable[[Scalar, Naming], Any]
    write: Callable[[Any, Naming, Language], Out | None]
    choices: str = ""
    free: bool = False

    def cell(self, value: Any, naming: Naming, language: Language) -> Out | None:
        """Write a value, or return None where no cell would read back as the same."""
        cell = self.write(value, naming, language)
        if cell is None:
            return None
        try:
            back = self.read(cell if isinstance(cell, (str, int, float)) else cell.text, naming)
        except ValueError:
            return None
        return cell if _same(back, value) else None


def _same(one: Any, other: Any) -> bool:
    """Whether two values say the same: keys as texts, rates with or without %."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        left, right = ({str(key): inner for key, inner in each.items()} for each in (one, other))
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, float) and "%" in one:
        return parse_rate(one) == other
    if isinstance(one, str) and isinstance(other, float):
        return float(parse_number(one)[0]) == other
    kinds = {type(one), type(other)}
    return one == other and (len(kinds) == 1 or kinds == {int, float})


def _no_truth(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        raise ValueError(say("cell_truth", found=str(value).upper()))
    return value


def _write_text(value: Any, _naming: Naming, _language: Language) -> Out | None:
    return value if isinstance(value, str) and holds(value) else None


TEXT = Kind(lambda value, _: _no_truth(value), _write_text)
"""A text, or a number that is a name."""
ANYTHING = Kind(lambda value, _: value, _write_text)


def number(*, rate: bool = False) -> Kind:
    """Return the kind of a number; one that is stored as a text counts too."""

    def read(value: Scalar, _: Naming) -> Any:
        if rate or not isinstance(value, str):
            return _no_truth(value)
        try:
            found, percent = parse_number(value)
        except ValueError:
            return value
        return value if percent else int(found) if found == int(found) else float(found)

    def write(value: Any, _naming: Naming, _language: Language) -> Out | None:
        if rate and isinstance(value, str):
            value = parse_rate(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return percent_out(value) if rate else number_out(value)

    return Kind(read, write)


def figure(*, rate: bool = False) -> Kind:
    """Return the kind of a figure with its words, or of a limit: a number or a column.

    ``rate`` shows a number as a percentage; a target's bare rate stays bare, as it is printed.
    """
    bare = number(rate=rate)

    def write(value: Any, naming: Naming, language: Language) -> Out | None:
        return (TEXT if isinstance(value, str) else bare).write(value, naming, language)

    return Kind(TEXT.read, write)


def choice(name: str) -> Kind:
    """Return the kind of one of a few words, in either language."""
    words = CHOICES[name]

    def read(value: Scalar, _: Naming) -> Any:
        found = plain(str(value)).lower()
        for said, word in words.items():
            if found in (said, plain(word.zh), word.en):
                return said
        shown_value = str(value).upper() if isinstance(value, bool) else value
        raise ValueError(say("choice_wrong", found=shown_value, known=list(words.values())))

    def write(value: Any, _: Naming, language: Language) -> Out | None:
        known = isinstance(value, str) and value in words
        return word_of(words[value], language) if known else None

    return Kind(read, write, name)


_FLAG = choice("flag")
FLAG = Kind(
    lambda value, naming: _FLAG.read(value, naming) == "true",
    lambda value, naming, language: _FLAG.write(str(value).lower(), naming, language),
    "flag",
)
"""Yes or no; Excel's own truth values are read too."""


def _read_part(value: Scalar, naming: Naming) -> Any:
    try:
        return FLAG.read(value, naming)
    except ValueError:
        return _PART.read(value, naming)


_PART = number(rate=True)
PART = Kind(_read_part, _PART.write)
"""A rate, or yes for the whole."""


def word_or_text(name: str) -> Kind:
    """Return the kind of a text that stands for itself unless it is one of a few words."""
    words = CHOICES[name]

    def read(value: Scalar, naming: Naming) -> Any:
        if not isinstance(value, str):
            return _no_truth(value)
        if name == "scope" and naming.is_area(value):
            return "area"
        return next((said for said in words if plain(value) in words[said]), value)

    def write(value: Any, naming: Naming, language: Language) -> Out | None:
        known = isinstance(value, str) and value in words
        return word_of(words[value], language) if known else TEXT.write(value, naming, language)

    return Kind(read, write, name, free=True)


def _read_indicator(value: Scalar, naming: Naming) -> Any:
    return naming.identity(value) if isinstance(value, str) else _no_truth(value)


def _write_indicator(value: Any, naming: Naming, _: Language) -> Out | None:
    return naming.spoken(value) if isinstance(value, str) else None


INDICATOR = Kind(_read_indicator, _write_indicator)
"""An indicator by id or name."""


def _read_source(value: Scalar, naming: Naming) -> Any:
    flow = after("cumulative", value) if isinstance(value, str) else None
    if flow is None:
        return _read_indicator(value, naming)
    return {"cumulative": naming.identity(flow)}


def _write_source(value: Any, naming: Naming, language: Language) -> Out | None:
    if isinstance(value, dict) and set(value) == {"cumulative"}:
        return before("cumulative", naming.spoken(value["cumulative"]), language)
    return _write_indicator(value, naming, language)


SOURCE = Kind(_read_source, _write_source)
"""An indicator, or a flow added up from the first year."""


def listing(item: Kind) -> Kind:
    """Return the kind of several items in one cell."""

    def read(value: Scalar, naming: Naming) -> Any:
        parts = split(value) if isinstance(value, str) else [_no_truth(value)]
        return [item.read(part, naming) for part in parts]

    def write(value: Any, naming: Naming, language: Language) -> Out | None:
        if not isinstance(value, list):
            return None
        cells = [item.write(one, naming, language) for one in value]
        return join([shown(cell) for cell in cells if cell is not None])

    return Kind(read, write)


NAMES = listing(TEXT)


def _read_participants(value: Scalar, naming: Naming) -> Any:
    text = str(_no_truth(value))
    left_out = after("except", text)
    if left_out is not None:
        return {"except": split(left_out)}
    lines = [_YEARLY.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    if lines and all(lines):
        return {found[1]: split(found[2]) for found in lines if found}
    return NAMES.read(value, naming)


def _write_participants(value: Any, naming: Naming, language: Language) -> Out | None:
    if not isinstance(value, dict):
        return NAMES.write(value, naming, language)
    lists = {key: NAMES.write(names, naming, language) for key, names in value.items()}
    if set(lists) == {"except"}:
        names = lists["except"]
        return before("except", names if isinstance(names, str) else None, language)
    lines = [f"{year}:{names}" for year, names in lists.items()]
    return TEXT.write("\n".join(lines), naming, language)


_YEARLY = re.compile("([0-9]{4})[:\uff1a](.*)")
PARTICIPANTS = Kind(_read_participants, _write_participants)
"""Regions that take part, all except some, or those of each year on a line of their own."""


def pairs(numbers: Kind, names: Kind = TEXT) -> Kind:
    """Return the kind of names with numbers (Q1:15%, Q2:45%)."""

    def read(value: Scalar, naming: Naming) -> Any:
        found: dict[Any, Any] = {}
        for part in split(str(_no_truth(value))):
            name, _, amount = plain(part).rpartition(":")
            key = names.read(name.strip(), naming)
            if not key or key in found:
                raise ValueError(say("not_a_number", found=part))
            found[key] = numbers.read(amount.strip(), naming)
        return found

    def write(value: Any, naming: Naming, language: Language) -> Out | None:
        if not isinstance(value, dict):
            return None
        parts = []
        for key, amount in value.items():
            name = names.write(str(key), naming, language)
            cell = numbers.write(amount, naming, language)
            parts += [] if name is None or cell is None else [f"{name}:{shown(cell)}"]
        return join(parts)

    return Kind(read, write)


def _read_sharing(value: Scalar, naming: Naming) -> Any:
    several = isinstance(value, str) and ":" in plain(value)
    return {"blend": _BLEND.read(value, naming)} if several else {"by": _BY.read(value, naming)}


def _write_sharing(value: Any, naming: Naming, language: Language) -> Out | None:
    kinds = {"by": _BY, "blend": _BLEND}
    key = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
    return kinds[key].write(value[key], naming, language) if key in kinds else None


_BY = word_or_text("sharing")
_BLEND = pairs(number(), _BY)
SHARING = Kind(_read_sharing, _write_sharing, "sharing", free=True)
"""Base, equal or a column, or several of these with weights."""


def _read_path(value: Scalar, naming: Naming) -> Any:
    weights = isinstance(value, str) and ":" in plain(value)
    return (_WEIGHTS if weights else _COURSE).read(value, naming)


def _write_path(value: Any, naming: Naming, language: Language) -> Out | None:
    return (_WEIGHTS if isinstance(value, dict) else _COURSE).write(value, naming, language)


_COURSE = choice("path")
_WEIGHTS = pairs(number())
PATH = Kind(_read_path, _write_path, "path", free=True)
"""How open years run, or weights by year."""


def _read_year(value: Scalar, _: Naming) -> Any:
    value = _no_truth(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = plain(str(value)).removesuffix(YEAR_WORD)
    return next((said for said, word in CHOICES["whole"].items() if text in word), text)


def _write_year(value: Any, _: Naming, language: Language) -> Out | None:
    text = str(value)
    if text in CHOICES["whole"]:
        return word_of(CHOICES["whole"][text], language)
    return int(text) if len(text) == 4 and text.isdecimal() and text.isascii() else None


YEAR = Kind(_read_year, _write_year)
"""A year as a key, or the word for all years."""


def _calendar_year(value: Scalar, naming: Naming) -> Any:
    """Read a year as a number, with or without the word for year behind it."""
    text = value if not isinstance(value, str) else plain(value).removesuffix(YEAR_WORD)
    return number().read(text, naming)


CALENDAR_YEAR = Kind(_calendar_year, number().write)
"""A year as a number."""


def _read_years(value: Scalar, naming: Naming) -> Any:
    years: list[Any] = []
    for part in split(value) if isinstance(value, str) else [_no_truth(value)]:
        found = _SPAN.fullmatch(plain(str(part)))
        if found and 0 < (count := int(found[2]) - int(found[1])) < _MOST_YEARS:
            years += range(int(found[1]), int(found[1]) + count + 1)
        else:
            years.append(_calendar_year(part, naming))
    return years


_MOST_YEARS = 100
_SPAN = re.compile(f"([0-9]{{4}}){YEAR_WORD}? ?(?:{'|'.join(RANGE)}) ?([0-9]{{4}}){YEAR_WORD}?")
YEARS = Kind(_read_years, listing(number()).write)
"""Years: one by one, or from the first to the last (2015-2017)."""
