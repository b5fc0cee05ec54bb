"""A plan as a workbook to be filled in: drop-downs, a guide, and what the plan says already."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from decompose.errors import ReportError
from decompose.files import write_whole
from decompose.labels import Language, Text, say, word
from decompose.labels.workbook import CHOICES
from decompose.labels.workbook import SHEETS as SHEET_NAMES
from decompose.labels.workbook_example import example
from decompose.labels.workbook_heads import EXPLANATION, HEADS, guide_of, head_of
from decompose.passed import require_path
from decompose.plan.plan import Plan
from decompose.reading.workbook.book import letters
from decompose.reading.workbook.fields import ITEMS, MORE_INDICATORS, MORE_TARGETS, NEEDED, SHEETS
from decompose.reading.workbook.numbers import Out, Percent, shown
from decompose.reading.workbook.texts import word_of
from decompose.report.plan_sheets import Cells, plan_sheets
from decompose.report.widths import width, wrapped
from decompose.report.xlsx import new_workbook

_A4 = 9
_FONT = "SimSun"
_LINE = 16
"""Height of a line, in points."""
_NARROW, _WIDE, _GUIDE = 9, 42, (12, 22, 66, 40)
"""Widths of columns, in digits."""
_LEAST_ROWS = 300
"""How far down the drop-downs go, at least."""
_MOST_ACROSS = 15
"""How many columns are printed on one page."""
_MOST_LIST = 255
"""The letters of a list that stands in a drop-down itself."""
_HEAD, _HEAD_NEEDED = "#D9E1F2", "#FCE4D6"
_EXAMPLE_COLOUR, _LINES = "#7F7F7F", "#BFBFBF"


class _Column(NamedTuple):
    """A column: its code (a year in it), the code of its heading, and whether it is folded."""

    code: str
    general: str
    heading: str
    folded: bool = False


def write_template(
    path: str | Path,
    plan: Plan | None = None,
    *,
    years: Sequence[int] = (),
    language: Language = "zh",
) -> None:
    """Write a plan as a workbook that ``read_plan`` reads back as the same plan.

    Parameters
    ----------
    path
        Ends with ``.xlsx``. A file that is there is replaced.
    plan
        What it says; by default a small example, in grey, to be written over.
    years
        Of the example, in order; headings name them. 2015 to 2017 by default.
    language
        Of sheets, headings and guide; both are read.

    Raises
    ------
    PlanError
        The years are no years of a plan.
    ReportError
        For another suffix, a folder that is not there, a file that is locked, a package that is
        not installed. No file is left.
    """
    path = require_path("write_template", path, language=language)
    if path.suffix.lower() != ".xlsx":
        raise ReportError(say("workbook_suffix", path=str(path)), language=language)
    write_whole(path, template(plan, years=years, language=language), language=language)


def template(
    plan: Plan | None = None, *, years: Sequence[int] = (), language: Language = "zh"
) -> bytes:
    """Render a plan as a workbook; see :func:`write_template`."""
    shown_plan = plan or Plan.model_validate(example(language, years), language=language)
    file = io.BytesIO()
    with new_workbook(file, language=language) as book:
        _Template(book, shown_plan, language, example=plan is None).write()
    return file.getvalue()


class _Template:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, plan: Plan, language: Language, *, example: bool) -> None:
        self._book = book
        self._plan = plan
        self._language: Language = language
        self._example = example
        self._content = plan_sheets(plan, language)
        body = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True}
        self._grey = book.add_format({"italic": True, "font_color": _EXAMPLE_COLOUR})
        head = {**body, "bold": True, "border": 1, "align": "center"}
        self._head = book.add_format({**head, "bg_color": _HEAD})
        self._head_needed = book.add_format({**head, "bg_color": _HEAD_NEEDED})
        self._plain = book.add_format(body)
        self._title = book.add_format({"font_name": _FONT, "bold": True, "font_size": 16})
        self._blank = book.add_format({**body, "num_format": "@"})
        self._number = book.add_format({**body, "align": "right"})
        self._bordered = book.add_format({**body, "border": 1})
        self._body = {**body, "border": 1, "border_color": _LINES}
        self._made: dict[str, Any] = {}

    def _look(self, number_format: str) -> Any:
        """Return the format of a cell that is filled in."""
        if number_format not in self._made:
            look = {**self._body, "num_format": number_format}
            self._made[number_format] = self._book.add_format(look)
        return self._made[number_format]

    def _say(self, code: str) -> str:
        return say(code).text(self._language)

    def _word(self, text: Text) -> str:
        return word_of(text, self._language)

    def write(self) -> None:
        """Write the guide, then every sheet."""
        self._guide()
        for code in SHEET_NAMES:
            if code != "guide":
                self._sheet(code)

    # ---- the sheets of the plan

    def _sheet(self, code: str) -> None:
        sheet = self._book.add_worksheet(self._word(SHEET_NAMES[code]))
        columns, rows = self._columns(code), self._rows(code)
        last = max(_LEAST_ROWS, 2 * len(rows))
        for number, column in enumerate(columns):
            needed = column.general in NEEDED.get(code, ("region",))
            look = self._head_needed if needed else self._head
            sheet.write_string(0, number, column.heading, look)
            texts = [shown(row[column.code]) for row in rows if column.code in row]
            lines = (line for text in (column.heading, *texts) for line in text.split("\n"))
            size = min(max(_NARROW, *(width(line, wide="WFA") + 2 for line in lines)), _WIDE)
            folded = {"level": 1, "hidden": True} if column.folded else {}
            blank = self._number if code == "tables" and number else self._blank
            sheet.set_column(number, number, size, blank, folded)
            if code != "plan":
                self._help(sheet, code, column, number)
                self._drop_down(sheet, code, column, number, last)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                fixed = code == "plan" and column.code != "value"
                look = self._bordered if fixed else None
                self._cell(sheet, number, place, row.get(column.code), look)
            sheet.set_row(number, _LINE * max(map(_lines, row.values())))
        if columns[-1].folded:
            sheet.set_column(len(columns), len(columns), None, None, {"collapsed": True})
        held = 2 if code == "indicators" else 1
        sheet.freeze_panes(1, held)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.repeat_rows(0)
        if len(columns) > _MOST_ACROSS:
            sheet.repeat_columns(0, held - 1)
        else:
            sheet.fit_to_pages(1, 0)

    def _columns(self, code: str) -> list[_Column]:
        """Return the columns of a sheet: those in use first, then the folded."""
        if code == "tables":
            heading = self._word(head_of(code, "region"))
            series = [_Column(name, name, name) for name in self._content.series]
            return [_Column("region", "region", heading), *series]
        more = {"indicators": MORE_INDICATORS, "group_targets": MORE_TARGETS}.get(code, {})
        used = {one for row in self._content.rows[code] for one in row}
        columns = [
            _Column(one, general, heading, general in more and one not in used)
            for general in SHEETS[code]
            for one, heading in self._by_year(code, general, used)
        ]
        if code == "plan":
            columns.append(_Column("note", "note", self._word(EXPLANATION)))
        return sorted(columns, key=lambda column: column.folded)

    def _by_year(self, code: str, general: str, used: set[str]) -> list[tuple[str, str]]:
        """Return the codes and headings of a column: one, or one for each year."""
        heading = self._word(head_of(code, general))
        if "{year}" not in general:
            return [(general, heading)]
        first = (self._plan.base_year,) if general.startswith("values") else ()
        years = {*map(str, (*first, *self._plan.years))}
        before = general.removesuffix("{year}")
        others = {one for one in used if one.startswith(before) and one not in SHEETS[code]}
        years |= {one.removeprefix(before) for one in others}
        return [(f"{before}{year}", heading.replace("{year}", year)) for year in sorted(years)]

    def _rows(self, code: str) -> list[Cells]:
        """Return the rows of a sheet; the sheet of the plan has a row for every item."""
        rows = self._content.rows[code]
        if code != "plan":
            return rows
        values = {str(row["key"]): row["value"] for row in rows}
        return [
            {
                "key": self._word(head_of("items", item)),
                **({"value": values[item]} if item in values else {}),
                "note": self._word(guide_of("items", item)),
            }
            for item in ITEMS
        ]

    def _cell(self, sheet: Any, row: int, column: int, cell: Out | None, look: Any = None) -> None:
        if cell is None:
            sheet.write_blank(row, column, None, self._look("@"))
        elif isinstance(cell, Percent):
            places = len(cell.text.partition(".")[2]) - 1
            look = self._look(f"0.{'0' * places}%" if places > 0 else "0%")
            sheet.write_number(row, column, cell.value, look)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell, look or self._look("@"))
        else:
            sheet.write_number(row, column, cell, self._look("General"))
        if self._example and cell is not None and look is None:
            self._grey_while(sheet, row, column, cell)

    def _grey_while(self, sheet: Any, row: int, column: int, cell: Out) -> None:
        """Show a cell in grey while it holds the example: what is written over it is black."""
        value = cell.value if isinstance(cell, Percent) else cell
        if isinstance(value, str):
            value = '"{}"'.format(value.replace('"', '""'))
        same = {"type": "cell", "criteria": "==", "value": value, "format": self._grey}
        sheet.conditional_format(row, column, row, column, same)

    def _help(self, sheet: Any, code: str, column: _Column, number: int) -> None:
        known = column.general in SHEETS.get(code, HEADS[code])
        if known:
            text = self._word(guide_of(code, column.general))
            lines = wrapped(text, 30)
            size = {"width": 230, "height": 22 * len(lines) + 10}
            sheet.write_comment(0, number, text, {**size, "font_size": 10})

    def _drop_down(self, sheet: Any, code: str, column: _Column, number: int, last: int) -> None:
        """Offer the words that a cell takes; only where there are no others, refuse any other."""
        kind = SHEETS[code][column.general] if code in SHEETS else None
        if kind is None:
            return
        words = [self._word(text) for text in CHOICES.get(kind.choices, {}).values()]
        source = words or self._source(code, column.general, last)
        if source:
            strict = bool(words) and not kind.free
            offer = {"validate": "list", "source": source, "show_error": strict}
            sheet.data_validation(1, number, last, number, offer)

    def _source(self, code: str, general: str, last: int) -> str | list[str]:
        """Return where a column's words stand: a range of another sheet, or a list."""
        if general == "year":
            whole = [self._word(CHOICES["whole"]["total"])] if code == "locks" else []
            return [*map(str, self._plan.years), *whole]
        if general == "section":
            sections = list(self._plan.sections)
            parted = any("," in one for one in sections)
            return [] if parted or len(",".join(sections)) > _MOST_LIST else sections
        names = {
            "indicator": ("indicators", 2),
            "other": ("indicators", 2),
            "parent": ("indicators", 2),
            "numerator": ("indicators", 2),
            "denominator": ("indicators", 2),
            "region": ("regions", 1),
            "inside": ("regions", 1),
            "group": ("groups", 1),
        }
        if general in names:
            holder, column = names[general]
            place = f"${letters(column)}$2:${letters(column)}${last + 1}"
            return f"='{self._word(SHEET_NAMES[holder])}'!{place}"
        if general in ("base", "base_numerator", "tiers.by", "values.{year}"):
            end = letters(max(len(self._content.series) + 1, 2))
            return f"='{self._word(SHEET_NAMES['tables'])}'!$B$1:${end}$1"
        return []

    # ---- the guide

    def _guide(self) -> None:
        """Write how to fill in the workbook: first what holds everywhere, then every column."""
        sheet = self._book.add_worksheet(self._word(SHEET_NAMES["guide"]))
        for number, size in enumerate(_GUIDE):
            sheet.set_column(number, number, size, self._plain)
        sheet.write_string(0, 0, self._say("guide_title"), self._title)
        codes = (["guide_example"] if self._example else []) + [f"guide_{k}" for k in range(1, 8)]
        for row, code in enumerate(codes, start=1):
            text = self._say(code)
            sheet.merge_range(row, 0, row, len(_GUIDE) - 1, "", self._plain)
            sheet.write_string(row, 0, text, self._plain)
            sheet.set_row(row, _LINE * math.ceil(width(text, wide="WFA") / sum(_GUIDE)) + 4)
        first = len(codes) + 2
        heads = ("guide_sheet", "guide_head", "guide_how", "guide_choices")
        for column, code in enumerate(heads):
            sheet.write_string(first, column, self._say(code), self._head)
        for row, line in enumerate(self._guide_rows(), start=first + 1):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text, self._bordered)
            sizes = (
                width(text, wide="WFA") / size for text, size in zip(line, _GUIDE, strict=True)
            )
            sheet.set_row(row, _LINE * max(map(math.ceil, sizes)) + 2)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first)

    def _guide_rows(self) -> Sequence[tuple[str, str, str, str]]:
        """Return a row for each column: sheet, heading, how, choices."""
        rows, first = [], str(self._plan.years[0])
        for code in itertools.islice(SHEET_NAMES, 1, None):
            heads = "items" if code == "plan" else code
            for general in HEADS[heads]:
                kind = (ITEMS if code == "plan" else SHEETS.get(code, {})).get(general)
                choices = CHOICES.get(kind.choices, {}).values() if kind else ()
                needed = self._say("guide_required") if general in NEEDED.get(code, ()) else ""
                rows.append(
                    (
                        self._word(SHEET_NAMES[code]),
                        self._word(head_of(heads, general)).replace("{year}", first),
                        needed + self._word(guide_of(heads, general)),
                        word("list_separator", self._language).join(map(self._word, choices)),
                    )
                )
        return rows


def _lines(cell: Out) -> int:
    """Return how many lines a cell takes in the widest column."""
    lines = shown(cell).split("\n")
    return sum(math.ceil(width(line, wide="WFA") / (_WIDE - 2)) or 1 for line in lines)
