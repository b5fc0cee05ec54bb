"""The form that a region fills in every month: its indicators, its quotas, a blank beside each."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from decompose.allocation import Allocation
from decompose.errors import Mistake, PlanError, ReportError
from decompose.files import file_names, make_folder, write_whole
from decompose.labels import Language, say, word
from decompose.passed import require, require_path
from decompose.plan import Indicator, Plan
from decompose.plan.periods import MONTHS, Period, parse_period
from decompose.plan.steps import decimals_of
from decompose.problem import Floats
from decompose.progress.standing import quota_grids
from decompose.report.table_csv import safe_text
from decompose.report.widths import width
from decompose.report.xlsx import new_workbook
from decompose.tables.order import local_title
from decompose.tables.printed import printed_name, printed_unit

KINDS = ("xlsx", "csv")
_FONT, _A4 = "SimSun", 9
_WIDTHS = (6, 14, 44, 10, 14, 22, 20)
_LINE = 18
_GREY = "#F2F2F2"


class _Line(NamedTuple):
    """One indicator of a form, and its quota."""

    indicator: Indicator
    quota: float


def write_form(
    what: Plan | Allocation,
    folder: str | Path,
    *,
    period: str,
    kind: str = "xlsx",
    language: Language = "zh",
) -> list[Path]:
    """Write, for each region, a blank form in which it reports a period: one file each.

    Once filled in, ``read_actuals(folder)`` reads them back. Reserve regions get no form.

    Parameters
    ----------
    what
        An Allocation; or a Plan, whose forms do not show quotas.
    folder
        Where to write. It is made where it is not there; files of the same names are replaced.
    period
        What is to be reported: ``"2015-06"`` asks for the sum since January.
    kind
        ``"xlsx"`` (everything but the blanks is protected) or ``"csv"``.
    language
        Language of headings and notes, ``"zh"`` or ``"en"``.

    Returns
    -------
    list of pathlib.Path
        The files, in the order of the regions.

    Raises
    ------
    PlanError
        ``period`` is no period of the plan, or nothing is handed out in its year.
    ReportError
        There is no such ``kind``, or a file cannot be written.

    Examples
    --------
    >>> files = dc.write_form(allocation, folder / "forms", period="2025-06", kind="csv")
    >>> len(files)
    3
    """
    require("write_form", what, Plan, Allocation, language=language)
    if kind not in KINDS:
        raise ReportError(say("form_kind", found=kind, known=list(KINDS)), language=language)
    plan = what if isinstance(what, Plan) else what.plan
    when = _period(plan, period, language)
    forms = {
        number: lines
        for number, region in enumerate(plan.regions)
        if not region.reserve and (lines := _lines(plan, _grids(what), number, when))
    }
    if not forms:
        told = say("form_nothing", year=when.year)
        raise PlanError(told, [Mistake(told, ("period",))], language=language)
    folder = require_path("write_form", folder, "folder", language=language)
    make_folder(folder, language=language)
    names = file_names(plan.region_names)
    paths = []
    for number, lines in forms.items():
        form = _Form(plan, plan.region_names[number], lines, when, language)
        paths.append(folder / f"{names[number]}.{kind}")
        write_whole(paths[-1], form.xlsx() if kind == "xlsx" else form.csv(), language=language)
    return paths


def _period(plan: Plan, period: str, language: Language) -> Period:
    try:
        found = parse_period(period)
    except ValueError as error:
        told = error.args[0]
        raise PlanError(told, [Mistake(told, ("period",))], language=language) from None
    if found.year not in plan.year_index:
        known = [str(year) for year in plan.years]
        told = say("track_year", as_of=found.name, known=known)
        raise PlanError(told, [Mistake(told, ("period",))], language=language)
    return found


def _grids(what: Plan | Allocation) -> dict[str, Floats]:
    """Return the quotas by indicator; of a plan, zeros where there will be one."""
    if isinstance(what, Allocation):
        return quota_grids(what)
    decided = [one for one in what.indicators if one.kind in ("flow", "level", "ratio")]
    return {
        one.id: np.where(what.applies(one), 0.0, np.nan)
        for one in decided
        if one.report and one.decompose and 2 in one.annexes
    }


def _lines(plan: Plan, grids: dict[str, Floats], region: int, period: Period) -> list[_Line]:
    lines = (
        _Line(
            plan.indicators[plan.indicator_index[name]],
            float(grid[region, plan.year_index[period.year]]),
        )
        for name, grid in grids.items()
    )
    return [line for line in lines if not np.isnan(line.quota)]


class _Form:
    """One region's form."""

    def __init__(
        self, plan: Plan, region: str, lines: Sequence[_Line], period: Period, language: Language
    ) -> None:
        self._plan = plan
        self._region = region
        self._lines = lines
        self._period = period
        self._language: Language = language

    def _say(self, code: str, **data: object) -> str:
        return say(code, **data).text(self._language)

    @property
    def _heads(self) -> list[str]:
        codes = ("number", "region", "indicator", "unit")
        year, month = self._period.year, self._period.last
        return [
            *(word(code, self._language) for code in codes),
            self._say("form_quota", year=year),
            self._say("form_actual", year=year, month=month),
            self._say("form_remark"),
        ]

    def _row(self, number: int, line: _Line) -> list[str | float]:
        """Return what is printed of a row: all but the blank, and a remark where it needs one."""
        quota: str | float = "—" if self._without_quotas else line.quota + 0.0
        if not isinstance(quota, str) and not decimals_of(line.indicator):
            quota = round(quota)
        name = printed_name(line.indicator, self._language)
        label = line.indicator.label
        remark = name if name != label else ""
        unit = printed_unit(line.indicator, self._language)
        return [number, self._region, label, unit, quota, "", remark]

    @property
    def _without_quotas(self) -> bool:
        return not any(line.quota for line in self._lines)

    @property
    def _title(self) -> str:
        period = self._period.so_far
        return self._say(
            "form_title", region=self._region, title=local_title(self._plan), period=period
        )

    @property
    def _notes(self) -> list[str]:
        """What stands above the headings: how to fill the form in, and by when."""
        when = self._deadline()
        due = [self._say("form_deadline", when=when)] if when else []
        return [self._say("form_units"), *due]

    def _deadline(self) -> list[str]:
        """Return when the form is due, as the calendar says it."""
        assessment, month = self._plan.assessment, self._period.last
        calendar = {} if assessment is None else assessment.calendar
        asked = {"monthly": True, "quarterly": month % 3 == 0}
        asked |= {"half_yearly": month == MONTHS // 2, "yearly": month == MONTHS}
        said = [calendar[key] for key, now in asked.items() if now and key in calendar]
        return [self._day(one) if isinstance(one, int) else one for one in said]

    def _day(self, day: int) -> str:
        """Return a day of the month after the period."""
        year, month = divmod(12 * self._period.year + self._period.last, 12)
        return self._say("form_by", year=year, month=month + 1, day=day)

    def csv(self) -> bytes:
        """Render the form as CSV; notes have no place in it."""
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(self._heads)
        for number, line in enumerate(self._lines, start=1):
            row = self._row(number, line)
            writer.writerow([safe_text(one) if isinstance(one, str) else one for one in row])
        return file.getvalue().encode("utf-8-sig")

    def xlsx(self) -> bytes:
        """Render the form as a workbook."""
        file = io.BytesIO()
        with new_workbook(file, language=self._language) as book:
            self._write(book, book.add_worksheet())
        return file.getvalue()

    def _write(self, book: Any, sheet: Any) -> None:
        body = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
        cell = {**body, "border": 1, "text_wrap": True}
        head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": _GREY})
        last = len(_WIDTHS) - 1
        title = book.add_format({**body, "bold": True, "font_size": 16, "align": "center"})
        sheet.merge_range(0, 0, 0, last, "", title)
        sheet.write_string(0, 0, self._title, title)
        sheet.set_row(0, 2 * _LINE)
        row = 1
        for note in self._notes:
            sheet.write_string(row, 0, note, book.add_format(body))
            row += 1
        for column, text in enumerate(self._heads):
            sheet.write_string(row, column, text, head)
        sheet.set_row(row, 2 * _LINE)
        self._write_body(book, sheet, row + 1, cell)
        for column, size in enumerate(_WIDTHS):
            sheet.set_column(column, column, size)
        sheet.freeze_panes(row + 1, 3)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(row)
        sheet.protect()

    def _write_body(self, book: Any, sheet: Any, first: int, cell: dict[str, Any]) -> None:
        text, remark = book.add_format(cell), book.add_format({**cell, "locked": False})
        for number, line in enumerate(self._lines, start=1):
            row = first + number - 1
            decimals = decimals_of(line.indicator)
            shown = {**cell, "num_format": f"0.{'0' * decimals}" if decimals else "0"}
            looks = {4: book.add_format(shown), 5: book.add_format({**cell, "locked": False})}
            for column, value in enumerate(self._row(number, line)):
                look = remark if column == len(_WIDTHS) - 1 else looks.get(column, text)
                if value == "":
                    sheet.write_blank(row, column, None, look)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value, look)
                else:
                    sheet.write_number(row, column, value, look)
            lines = -(-width(line.indicator.label, wide="WFA") // _WIDTHS[2])
            sheet.set_row(row, _LINE * lines)
        limits = {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15}
        told = {"error_message": self._say("form_number")}
        sheet.data_validation(first, 5, first + len(self._lines) - 1, 5, {**limits, **told})
