"""A report as data: its tables in order, as a theme wants them; every writer renders this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from decompose.allocation import Allocation
from decompose.charts import (
    Picture,
    allocation_pictures,
    comparison_pictures,
    progress_pictures,
    sweep_pictures,
)
from decompose.comparing import Comparison
from decompose.errors import ReportError
from decompose.explain import Diagnosis
from decompose.labels import Language, say
from decompose.progress import Progress
from decompose.report.kinds import ANNEXES, KINDS, LISTS
from decompose.report.reasons import MOST_REASONS, reasons_of
from decompose.report.sheets import conflict_tables, frame_tables, grounds, sums
from decompose.report.sheets.frames import CHANGED, SWEEP
from decompose.report.theme import Theme
from decompose.revise import Revision
from decompose.tables import ColumnKind, Table, by_department, letter
from decompose.tables.attached import attached
from decompose.tables.model import Place

MOST_LETTERS, MOST_GROUNDS = 60, 50_000
"""Of more regions, or quotas, letters and grounds are written only where they are asked for."""


@runtime_checkable
class HasTables(Protocol):
    """What makes tables of itself: Progress."""

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return its tables, of these years (all by default)."""


Reportable = HasTables | Diagnosis | pd.DataFrame
"""What can be reported: an Allocation, Progress, Revision, Diagnosis, a frame of sweep, compare."""


@dataclass(frozen=True)
class Document:
    """A report as data.

    Attributes
    ----------
    title
        What it is about.
    tables
        Its sheets, or sections, in order: each with its label, title, unit line, headings, cells
        (numbers with their format and words, or texts), kinds of rows, and notes.
    language
        Of its words.
    reasons
        Why each quota is what it is, in sentences; of a page only.
    pictures
        Of a page only.
    remarks
        What a reader of the whole should know.
    """

    title: str
    tables: tuple[Table, ...]
    language: Language = "zh"
    reasons: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    remarks: tuple[str, ...] = ()


def document(
    what: Reportable,
    *,
    years: int | Sequence[int] | None = None,
    lists: bool = True,
    page: bool = False,
    single: bool = False,
    theme: Theme | None = None,
    language: Language = "zh",
) -> Document:
    """Make the content of a report.

    Parameters
    ----------
    what
        An Allocation, Progress, Revision, Diagnosis, or a frame of ``sweep`` or ``compare``.
    years
        Those whose annex 2 is written; all by default.
    lists
        Whether an allocation has more sheets than the annexes, where the theme does not say.
    page
        Whether reasons and pictures are made too.
    single
        Whether one table is written: of a sweep, one that tells all.
    theme
        Which sheets and columns, and the titles.
    language
        Of headings and titles.

    Raises
    ------
    ReportError
        ``what`` is nothing that can be reported, or the theme leaves out a column that is not
        there.
    PlanError
        For a year that the plan does not have.
    """
    theme = Theme() if theme is None else theme
    chosen = None if years is None else _listed(years)
    if isinstance(what, pd.DataFrame):
        tables = list(frame_tables(what, single=single, language=language))
    else:
        tables = _tables(what, chosen, theme.sheets, lists=lists, language=language)
    named = [table for table in tables if theme.sheets and table.kind in theme.sheets]
    shown = tuple(_without(table, theme, language) for table in named or tables)
    title = _plan_title(what) or shown[0].title
    made = Document(title, tuple(_titled(one, title, theme) for one in shown), language)
    return _with_reasons(made, what) if page else made


def _with_reasons(made: Document, what: Reportable) -> Document:
    """Add the reasons of numbers and the pictures, where there are some."""
    language = made.language
    if isinstance(what, pd.DataFrame | Comparison):
        frame = what.frame if isinstance(what, Comparison) else what
        return replace(made, pictures=_frame_pictures(frame, language))
    allocation = what.allocation if isinstance(what, Progress | Revision) else what
    if not isinstance(allocation, Allocation):
        return made
    if isinstance(what, Progress):
        drawn = progress_pictures(what, allocation.plan, what.lights, language=language)
    else:
        drawn = allocation_pictures(allocation, language=language)
    made = replace(made, pictures=tuple(drawn))
    if len(allocation.quotas) > MOST_REASONS:
        remark = say("web_no_reasons", most=MOST_REASONS).text(language)
        return replace(made, remarks=(remark,))
    shown = {cell.about for table in made.tables for row in table.rows for cell in row.cells}
    told = reasons_of(allocation, language=language) if shown - {None} else {}
    return replace(made, reasons={place: one for place, one in told.items() if place in shown})


def _frame_pictures(frame: pd.DataFrame, language: Language) -> tuple[Picture, ...]:
    if set(SWEEP) <= set(frame.columns):
        return tuple(sweep_pictures(frame, language=language))
    if set(CHANGED) <= set(frame.columns):
        return tuple(comparison_pictures(frame, language=language))
    return ()


def _listed(years: Any) -> tuple[int, ...]:
    """Return years as several; one may be given alone, as a number or as text."""
    return tuple([years] if isinstance(years, int | str) else years)


def _tables(
    what: HasTables | Diagnosis,
    years: tuple[int, ...] | None,
    sheets: tuple[str, ...] | None,
    *,
    lists: bool,
    language: Language,
) -> list[Table]:
    if isinstance(what, Diagnosis):
        return list(conflict_tables(what, language=language))
    # a plan has tables too, but they are no method
    if not isinstance(what, HasTables) or not callable(what.tables):
        raise ReportError(say("report_nothing", kind=type(what).__name__), language=language)
    allocation: object = what
    found = list(what.tables(years=years, language=language))
    if isinstance(what, Revision):
        allocation = what.allocation
    if isinstance(allocation, Allocation):
        found += _more(allocation, sheets, lists=lists, language=language)
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(found, key=lambda table: order.get(table.kind, -1))


def _more(
    allocation: Allocation, sheets: tuple[str, ...] | None, *, lists: bool, language: Language
) -> Iterator[Table]:
    """Make the sheets of an allocation beside the annexes: those asked for, or all."""
    plan = allocation.plan
    wanted = set(sheets or ())
    if not wanted & {*ANNEXES, *LISTS}:  # the sheets that are named are those of other reports
        wanted = set(LISTS) if lists else set()
        if len(plan.regions) > MOST_LETTERS:
            wanted.discard("letters")
        if len(allocation.quotas) > MOST_GROUNDS:
            wanted.discard("grounds")
    if "departments" in wanted and (table := by_department(allocation, language=language)):
        yield table
    long = []
    if "sums" in wanted:
        long.append(sums(allocation, language=language))
    if "grounds" in wanted:
        long.append(grounds(allocation, language=language))
        if allocation.stretch is not None:
            long.append(grounds(allocation.stretch, stretch=True, language=language))
    yield from (table for table in long if table.rows)
    for region in range(len(plan.regions)) if "letters" in wanted else ():
        if table := letter(allocation, region, language=language):
            yield table


def _plan_title(what: Reportable) -> str:
    """Return the title of the plan that is spoken of; empty where there is none."""
    if isinstance(what, pd.DataFrame):  # whose columns would answer to these names
        return attached(what).title
    if isinstance(what, Comparison):
        return what.after.title
    plan = getattr(what, "plan", None) or getattr(getattr(what, "allocation", None), "plan", None)
    return "" if plan is None else str(plan.title)


def _titled(table: Table, title: str, theme: Theme) -> Table:
    """Give a table the title that the theme wants for its sheet; a letter, lines to be signed."""
    year = "" if table.year is None else table.year
    places = {"title": title, "year": year, "region": table.region}
    pattern = theme.titles.get(table.kind)
    if pattern is not None:
        table = replace(table, title=pattern.format(**places))
    if table.kind == "letters" and theme.signatures:
        table = replace(table, signatures=tuple(one.format(**places) for one in theme.signatures))
    return table


def _without(table: Table, theme: Theme, language: Language) -> Table:
    """Leave out the columns that the theme does not want."""
    names = theme.leave_out.get(table.kind, ())
    heads = [column.key for column in table.columns]
    free = [one.key for one in table.columns if one.kind is not ColumnKind.LABEL]
    for name in names:
        if name not in free:
            told = say("theme_column", key=f"leave_out.{table.kind}", found=name, known=free)
            raise ReportError(told, language=language)
    kept = [k for k, head in enumerate(heads) if head not in names]
    if len(kept) == len(heads):
        return table
    columns = tuple(table.columns[k] for k in kept)
    rows = (replace(row, cells=tuple(row.cells[k] for k in kept)) for row in table.rows)
    return replace(table, columns=columns, rows=tuple(rows))
