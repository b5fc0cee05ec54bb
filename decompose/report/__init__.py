"""Write tables to files: a bureau's annexes, in the format that a file's suffix names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from decompose.errors import ReportError
from decompose.files import write_whole
from decompose.labels import Language, say
from decompose.report.excel import excel
from decompose.report.form import write_form
from decompose.report.markdown import markdown
from decompose.report.table_csv import frame_csv, table_csv
from decompose.report.template import write_template
from decompose.tables import Table

__all__ = [
    "HasTables",
    "excel",
    "frame_csv",
    "markdown",
    "table_csv",
    "write_form",
    "write_report",
    "write_template",
]


class HasTables(Protocol):
    """What can be reported: something that makes tables of itself."""

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return its tables, of these years (all by default)."""


def write_report(
    what: HasTables,
    path: str | Path,
    *,
    years: Sequence[int] | None = None,
    language: Language = "zh",
) -> None:
    """Write the tables of an allocation, or of progress, to a file, whole or not at all.

    Parameters
    ----------
    what
        An Allocation or a Progress.
    path
        Ends with ``.md``, ``.xlsx`` (annex 1, and annex 2 of every year), or ``.csv`` (annex 2
        of the first year alone); of a Progress every table, in ``.csv`` the first alone. A file
        that is there is replaced.
    years
        Those whose annex 2 is written; all by default.
    language
        Of headings, titles and errors.

    Raises
    ------
    ReportError
        For a format that cannot be written, a folder that is not there, a file that is locked,
        a package that is not installed. No file is left.
    PlanError
        For a year that the plan does not have.
    """
    path = Path(path)
    render = _WRITERS.get(path.suffix.lower())
    if render is None:
        unknown = say("report_format", suffix=path.suffix, path=str(path), known=list(_WRITERS))
        raise ReportError(unknown, language=language)
    if not callable(getattr(what, "tables", None)):
        raise ReportError(say("report_nothing", kind=type(what).__name__), language=language)
    tables = what.tables(years=None if years is None else tuple(years), language=language)
    write_whole(path, render(tables, language), language=language)


def _csv(tables: Sequence[Table], _: Language) -> bytes:
    one_year = (table for table in tables if table.year is not None)
    return table_csv(next(one_year, tables[0]))


def _markdown(tables: Sequence[Table], _: Language) -> bytes:
    return markdown(tables).encode("utf-8")


def _excel(tables: Sequence[Table], language: Language) -> bytes:
    return excel(tables, language=language)


_WRITERS: dict[str, Callable[[Sequence[Table], Language], bytes]] = {
    ".md": _markdown,
    ".csv": _csv,
    ".xlsx": _excel,
}
