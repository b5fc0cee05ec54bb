"""A file as a user knows it: its name, the places in it, its text, and what is wrong with it."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from decompose.enough import MOST_MISTAKES, all_wrong
from decompose.errors import Mistake, PlanError
from decompose.figures import CONTROL
from decompose.labels import Language, Message, say

_ENCODINGS = ("utf-8-sig", "gb18030")
_ROW, _COLUMN = "\x01", "\x02"
"""Where a row and a column stand in the words for a cell; no file has such a name."""


@dataclass(frozen=True)
class File:
    """A file by the name that messages give it.

    Parameters
    ----------
    name
        As the user wrote it.
    language
        Of the places.
    """

    name: str
    language: Language = "zh"

    def line(self, line: int, column: int = 0) -> str:
        """Return the words for a line (and a column, counted from 1) of a text."""
        code = "at_line_column" if column else "at_line"
        return say(code, file=self.name, line=line, column=column).text(self.language)

    def cell(self, row: int, column: int = 0) -> str:
        """Return the words for a row (and a column) of a table; its headings are row 1."""
        if not column:
            return say("at_row", file=self.name, row=row).text(self.language)
        before, between, after = self._cell_words
        return f"{before}{row}{between}{column}{after}"

    @cached_property
    def _cell_words(self) -> tuple[str, str, str]:
        """The words for a cell, around its row and its column: a table may have millions."""
        text = say("at_cell", file=self.name, row=_ROW, column=_COLUMN).text(self.language)
        before, rest = text.rsplit(_ROW, 1)
        between, after = rest.rsplit(_COLUMN, 1)
        return before, between, after

    def error(self, message: Message, place: str = "") -> PlanError:
        """Return the error of a file that cannot be read any further."""
        return plan_error([Mistake(message, (), place or self.name)], self.language)


def plan_error(
    mistakes: Iterable[Mistake], language: Language, glossary: Message | None = None
) -> PlanError:
    """Return one error that tells every mistake, or the first of very many."""
    return all_wrong("plan_wrong", list(mistakes), language, glossary)


def stop_at_many(mistakes: Sequence[Mistake], file: File) -> None:
    """Stop reading where there are more mistakes than are told at once.

    Raises
    ------
    PlanError
        With the first of them.
    """
    if len(mistakes) > MOST_MISTAKES:
        raise plan_error(mistakes, file.language)


def read_text(path: Path, file: File, suffixes: Mapping[str, int]) -> str:
    """Read a whole text file, in UTF-8 with or without BOM, or in GB18030.

    Parameters
    ----------
    path, file
        Where it is, and how it is called.
    suffixes
        The suffixes that are known, with the most bytes of each.

    Raises
    ------
    PlanError
        Where there is no such file, its suffix is not known, it is too large, empty, or no text.
    """
    text = _decode(read_bytes(path, file, suffixes), file)
    if not text.strip():
        raise file.error(say("file_empty"))
    if control := CONTROL.search(text):
        place = file.line(text.count("\n", 0, control.start()) + 1)
        raise file.error(say("file_character", found=f"U+{ord(control[0]):04X}"), place)
    return text


def read_bytes(path: Path, file: File, suffixes: Mapping[str, int]) -> bytes:
    """Read a whole file, of whatever content.

    Parameters
    ----------
    path, file
        Where it is, and how it is called.
    suffixes
        The suffixes that are known, with the most bytes of each.

    Raises
    ------
    PlanError
        Where there is no such file, its suffix is not known, or it is too large.
    """
    most = suffixes.get(path.suffix.lower(), 0)
    named = file.name if path.is_absolute() else str(path)  # as it was written: its folder, too
    try:
        kind = path.stat().st_mode
        # one byte more than wanted tells a file that is too large
        data = _first_bytes(path, most + 1) if stat.S_ISREG(kind) else b""
    except FileNotFoundError:
        raise file.error(say("file_missing", found=named)) from None
    except (OSError, ValueError) as error:  # ValueError: a name that holds a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise file.error(say("file_unreadable", found=named, reason=reason)) from None
    if stat.S_ISDIR(kind):
        raise file.error(say("file_folder", found=named))
    if not stat.S_ISREG(kind):  # a pipe or a device may never end
        raise file.error(say("file_special", found=file.name))
    if not most:
        raise file.error(say("file_suffix", found=file.name, known=list(suffixes)))
    if len(data) > most:
        raise file.error(say("file_large", most=most // 2**20))
    return data


def _first_bytes(path: Path, count: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(count)


def _decode(data: bytes, file: File) -> str:
    first: UnicodeDecodeError | None = None
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            first = first or error
    wrong = 0 if first is None else first.start
    raise file.error(say("file_encoding"), file.line(data.count(b"\n", 0, wrong) + 1))
