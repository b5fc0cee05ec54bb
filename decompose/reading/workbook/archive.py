"""The zip archive of a workbook, opened with care, and what its XML says beside the values.

Nothing is unpacked before the declared sizes and ratios have been looked at; defusedxml refuses
entities, and formulas are never run.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any, NamedTuple

from decompose.errors import PlanError
from decompose.labels import say
from decompose.reading.files import File
from decompose.reading.workbook.book import read_cell_name

MOST_PARTS = 1000
MOST_UNPACKED = 64 * 2**20
MOST_OF_SHEET, MOST_OF_PART = 32 * 2**20, 4 * 2**20
"""The most bytes that all parts, a sheet (or the shared texts), and any other part unpack to."""
MOST_RATIO, SMALL = 100, 2**20
"""How many times a part may be compressed, unless it is small."""
MOST_TAGS = 600_000
"""The most XML tags in all: the safe parser is in Python, and takes some seconds for these."""

_STYLES, _LONGEST_FORMAT = "xl/styles.xml", 255
"""Where formats of numbers stand, and how long Excel lets them be; openpyxl searches each of them
for dates in the square of its length."""
_OLD = b"\xd0\xcf\x11\xe0"
_LARGE_PART = re.compile(r"xl/(worksheets/[^/]+|sharedStrings|media/[^/]+|drawings/[^/]+)\.\w+")
_PLAIN = re.compile(rb"(\xef\xbb\xbf)?<(\?xml [^>]*encoding=[\"'](utf-8|UTF-8)[\"'][^>]*>|\w)")
"""How XML begins that says in plain bytes what it declares."""
_MARKS = re.compile(rb"<(\w+:)?(f|mergeCell)[\s/>]")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Range = tuple[int, int, int, int]
"""First row and column, last row and column."""


class Marks(NamedTuple):
    """The merged ranges of a sheet, and its formulas without a saved result (row, column)."""

    merged: list[Range]
    unsaved: set[tuple[int, int]]


class Archive:
    """The parts of a workbook.

    Parameters
    ----------
    data
        The whole file.
    file
        Its name, for the errors.

    Raises
    ------
    PlanError
        Where it is no workbook, or unpacks to more than a plan can need.
    """

    def __init__(self, data: bytes, file: File) -> None:
        self._xml = _defused(file)
        self._file = file
        if data.startswith(_OLD):
            raise file.error(say("workbook_old"))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except Exception as error:
            raise self.broken(error) from None
        self._check()
        self.guarded(self._check_text)
        self._parts = self.guarded(self._find_parts)

    def _check(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS:
            raise self._file.error(say("workbook_parts", found=len(parts), most=MOST_PARTS))
        for part in parts:
            large = _LARGE_PART.fullmatch(part.filename)
            self._check_size(
                part.filename, part.file_size, MOST_OF_SHEET if large else MOST_OF_PART
            )
            ratio = part.file_size // max(part.compress_size, 1)
            if ratio > MOST_RATIO and part.file_size > SMALL:
                raise self._file.error(say("workbook_ratio", part=part.filename, found=ratio))
            if part.flag_bits & 1:
                raise self._file.error(say("workbook_old"))
        whole = sum(part.file_size for part in parts)
        self._check_size(say("workbook_whole"), whole, MOST_UNPACKED)

    def _check_text(self) -> None:
        """Count tags, and read with care what may declare entities: openpyxl may have lxml."""
        tags = 0
        for name in self._zip.namelist():
            if name.endswith((".xml", ".rels")):
                text = self._zip.read(name)
                tags += text.count(b"<")
                if tags > MOST_TAGS:
                    raise self._file.error(say("workbook_tags", found=tags, most=MOST_TAGS))
                if not _PLAIN.match(text) or b"<!" in text:
                    self._xml.fromstring(text)
        if _STYLES in self._zip.NameToInfo:
            for one in self._xml.fromstring(self._zip.read(_STYLES)).iter():
                if len(one.get("formatCode", "")) > _LONGEST_FORMAT:
                    raise self._file.error(say("workbook_format", most=_LONGEST_FORMAT))

    def _check_size(self, part: object, size: int, most: int) -> None:
        if size > most:
            found, limit = -(-size // 2**20), most // 2**20
            raise self._file.error(say("workbook_unpacked", part=part, found=found, most=limit))

    def broken(self, error: Exception, place: str = "") -> PlanError:
        """Return the error of a workbook that cannot be read: what a library said of it."""
        chain = [error, error.__cause__, error.__context__]
        if any(type(one).__name__ == "EntitiesForbidden" for one in chain):
            return self._file.error(say("workbook_entities"), place)
        return self._file.error(say("workbook_broken", reason=type(error).__name__), place)

    def guarded(self, read: Any, *arguments: Any, place: str = "") -> Any:
        """Call something that reads the XML; whatever a damaged part makes it do is one error."""
        try:
            return read(*arguments)
        except PlanError:
            raise
        except Exception as error:
            raise self.broken(error, place) from None

    def _find_parts(self) -> dict[str, str]:
        """Return the part of each sheet by the sheet's name."""
        book = self._xml.fromstring(self._zip.read("xl/workbook.xml"))
        links = self._xml.fromstring(self._zip.read("xl/_rels/workbook.xml.rels"))
        target = {link.get("Id"): link.get("Target") for link in links}
        sheets = [one for one in book.iter() if one.tag.rpartition("}")[2] == "sheet"]
        parts = {
            one.get("name"): posixpath.normpath(
                posixpath.join("/xl", target[one.get(_RELATIONSHIP)])
            )[1:]
            for one in sheets
        }
        # a part that is read for many sheets would take as many times as long as it is large
        if len(set(parts.values())) < len(sheets):
            raise self._file.error(say("workbook_repeats"))
        # openpyxl passes a sheet over that has no part: its locks, say, would be lost unseen
        if lost := [name for name, part in parts.items() if part not in self._zip.NameToInfo]:
            raise self._file.error(say("workbook_lost", found=lost))
        return parts

    def marks(self, sheet: str, place: str) -> Marks:
        """Return what the XML of a sheet says beside the values of its cells."""
        found: Marks = self.guarded(self._marks, sheet, place=place)
        return found

    def _marks(self, sheet: str) -> Marks:
        marks = Marks([], set())
        part = self._parts[sheet]
        if not _MARKS.search(self._zip.read(part)):
            return marks
        row = column = 0
        with self._zip.open(part) as stream:
            for event, one in self._xml.iterparse(stream, ("start", "end")):
                tag = one.tag.rpartition("}")[2]
                if event == "start" and tag == "row":
                    row, column = int(one.get("r") or row + 1), 0
                elif event == "end" and tag == "row":
                    one.clear()
                elif event == "end" and tag == "c":
                    row, column = read_cell_name(one.get("r") or "") or (row, column + 1)
                    if _unsaved(one):
                        marks.unsaved.add((row, column))
                elif event == "end" and tag == "mergeCell":
                    ends = [read_cell_name(end) for end in one.get("ref", "").split(":")]
                    if len(ends) == 2 and ends[0] and ends[1]:
                        marks.merged.append((*ends[0], *ends[1]))
        return marks


def _unsaved(cell: Any) -> bool:
    """Whether a cell has a formula and no result; a blank text is a result."""
    parts = {inner.tag.rpartition("}")[2]: inner for inner in cell}
    if "f" not in parts:
        return False
    value = parts.get("v")
    return value is None or not (value.text or cell.get("t") == "str")


def _defused(file: File) -> Any:
    try:
        from defusedxml import ElementTree
    except ImportError:
        command = 'pip install "target-decompose[excel]"'
        raise file.error(say("workbook_package", command=command)) from None
    return ElementTree
