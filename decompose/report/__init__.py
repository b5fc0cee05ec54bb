"""Write tables to files: a bureau's annexes, in the format that a file's suffix names."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from decompose.errors import ReportError
from decompose.files import write_whole
from decompose.labels import Language, say
from decompose.passed import require_path
from decompose.report.content import Document, HasTables, Reportable, document
from decompose.report.excel import excel
from decompose.report.form import write_form
from decompose.report.markdown import markdown
from decompose.report.table_csv import frame_csv, table_csv
from decompose.report.template import write_template
from decompose.report.theme import Theme, read_theme, theme_of
from decompose.report.web import web_page
from decompose.report.word import word_file

__all__ = [
    "FORMATS",
    "Document",
    "HasTables",
    "Theme",
    "document",
    "excel",
    "frame_csv",
    "markdown",
    "read_theme",
    "table_csv",
    "web_page",
    "word_file",
    "write_form",
    "write_report",
    "write_template",
]


def write_report(
    what: Reportable,
    path: str | Path,
    *,
    years: int | Sequence[int] | None = None,
    theme: Theme | Mapping[str, Any] | str | os.PathLike[str] | None = None,
    formulas: bool | None = None,
    language: Language = "zh",
) -> None:
    """Write a report to a file, whole or not at all.

    The suffix of the file chooses the format:

    - ``.xlsx``: of an allocation, the annexes and lists: who answers for what, the check of sums,
      the grounds of each number, a letter of responsibility for each region;
    - ``.html``: the same, with charts and the reason of each number;
    - ``.docx`` and ``.md``: the annexes;
    - ``.csv``: annex 2 of the first year alone; of anything but an allocation, its first table.

    Parameters
    ----------
    what
        An Allocation, Progress, Revision or Diagnosis, or a frame made by ``sweep`` or
        ``compare``.
    path
        Where to write. A file that is there is replaced.
    years
        The year, or years, whose annex 2 is written; all by default.
    theme
        How it looks, and which sheets there are: a Theme, the keys of one, or the path of a YAML
        file.
    formulas
        Whether sums over regions are formulas in ``.xlsx``, with their values; as the theme says
        by default.
    language
        Language of headings, titles and error messages, ``"zh"`` or ``"en"``.

    Raises
    ------
    ReportError
        The format is unknown, ``what`` cannot be reported, the folder is not there, the file is
        locked, or a package is not installed. No half-written file is left.
    PlanError
        The plan does not have such a year, or the theme is wrong.

    Examples
    --------
    >>> dc.write_report(allocation, folder / "annexes.md", years=[2025], language="en")
    >>> print((folder / "annexes.md").read_text(encoding="utf-8").splitlines()[0])
    Annex 1
    """
    path = require_path("write_report", path, language=language)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        unknown = say("report_format", path=str(path), known=list(_WRITERS))
        raise ReportError(unknown, language=language)
    look = _theme(theme, language)
    if formulas is not None:
        look = look.model_copy(update={"formulas": formulas})
    content = document(
        what,
        years=years,
        lists=writer.lists,
        page=writer.page,
        single=writer.single,
        theme=look,
        language=language,
    )
    write_whole(path, writer.render(content, look), language=language)


def _theme(
    said: Theme | Mapping[str, Any] | str | os.PathLike[str] | None, language: Language
) -> Theme:
    if isinstance(said, Theme):
        return said
    if isinstance(said, str | os.PathLike):
        return read_theme(said, language=language)
    return theme_of(said, language=language)


def _csv(content: Document, _: Theme) -> bytes:
    one_year = (table for table in content.tables if table.year is not None)
    return table_csv(next(one_year, content.tables[0]))


def _markdown(content: Document, _: Theme) -> bytes:
    return markdown(content.tables).encode("utf-8")


class _Writer(NamedTuple):
    """What renders a format, and what it has unasked: lists; reasons and pictures; one table."""

    render: Callable[[Document, Theme], bytes]
    lists: bool = False
    page: bool = False
    single: bool = False


_WRITERS: dict[str, _Writer] = {
    ".md": _Writer(_markdown),
    ".csv": _Writer(_csv, single=True),
    ".xlsx": _Writer(excel, lists=True),
    ".docx": _Writer(word_file),
    ".html": _Writer(web_page, lists=True, page=True),
}

FORMATS = tuple(_WRITERS)
"""The suffixes of what ``write_report`` writes."""
