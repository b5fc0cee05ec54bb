"""The verbs of what is issued: track, adopt, adjust, revise, compare, report, form."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from decompose.actuals import read_actuals
from decompose.adjust import adjust
from decompose.adopt import adopt
from decompose.allocation import Allocation
from decompose.cli.shared import DONE, allocation_of, told_of
from decompose.comparing import Comparison, compare
from decompose.errors import InfeasibleError
from decompose.issued import is_allocation, read_allocation
from decompose.labels import Language
from decompose.moves import OTHERS
from decompose.progress import track
from decompose.reading import read_plan
from decompose.reading.scalars import read_scalar
from decompose.report import markdown, write_form, write_report
from decompose.revise import revise
from decompose.tables import Table
from decompose.typed import bases, move, names, pairs, parts


def _reported(options: argparse.Namespace) -> tuple[Allocation, pd.DataFrame]:
    """Return what was issued and what was reached."""
    language: Language = options.language
    actuals = read_actuals(options.actuals, cumulative=not options.single, language=language)
    return allocation_of(options.plan, language), actuals


def run_track(options: argparse.Namespace) -> int:
    """Print how far the quotas are reached; write the report where asked."""
    language: Language = options.language
    found = track(
        *_reported(options),
        as_of=options.as_of,
        low_rank=options.low_rank,
        language=language,
    )
    print(markdown(found.tables(language=language)), end="")
    for issue in found.issues:
        print(told_of(issue, language), file=sys.stderr)
    if options.output is not None:
        write_report(found, options.output, language=language)
    return DONE


def run_adopt(options: argparse.Namespace) -> int:
    """Print what changed, or of a plan file the annexes; write the allocation where asked."""
    language: Language = options.language
    path: Path = options.plan
    issued = is_allocation(path)
    said = (
        read_allocation(path, language=language) if issued else read_plan(path, language=language)
    )
    found = adopt(said, options.table, year=options.year, gap=options.gap, language=language)
    tables = found.tables(language=language)[:2]
    if isinstance(said, Allocation):
        tables = _changed(said, found, language)
    print(markdown(tables), end="")
    if options.output is not None:
        found.save(options.output)
    return DONE


def _changed(before: Allocation, after: Allocation, language: Language) -> tuple[Table, ...]:
    frame = compare(before, after, language=language)
    return Comparison(frame, before.plan, after.plan).tables(language=language)


def run_adjust(options: argparse.Namespace) -> int:
    """Print what changed; write the new allocation where it is asked for."""
    language: Language = options.language
    issued = allocation_of(options.plan, language)
    takers = OTHERS if options.to in (None, [OTHERS]) else options.to
    moves = [move(text, takers, language) for text in options.move]
    hold = [held if len(held := parts(text)) > 1 else text for text in options.hold]
    found = adjust(issued, moves, hold=hold, language=language)
    print(markdown(_changed(issued, found, language)), end="")
    if options.output is not None:
        found.save(options.output)
    return DONE


def run_revise(options: argparse.Namespace) -> int:
    """Print the table of changes; write the new allocation where it is asked for."""
    language: Language = options.language
    found = revise(
        *_reported(options),
        through=options.through,
        carry=options.carry,
        changes={path: read_scalar(value).value for path, value in pairs(options.set)},
        merge={name: names(old) for name, old in pairs(options.merge)},
        bases=bases(options.base),
        language=language,
    )
    print(markdown(found.tables(language=language)[:1]), end="")
    print(found.text, file=sys.stderr)
    if options.output is not None:
        found.allocation.save(options.output)
    if options.report is not None:
        write_report(found, options.report, language=language)
    return DONE


def run_compare(options: argparse.Namespace) -> int:
    """Print what differs between two allocations; write it where asked."""
    language: Language = options.language
    before, after = (allocation_of(path, language) for path in (options.before, options.after))
    frame = compare(before, after, all=options.all, language=language)
    found = Comparison(frame, before.plan, after.plan)
    print(markdown(found.tables(language=language)), end="")
    if options.output is not None:
        write_report(found, options.output, language=language)
    return DONE


def run_report(options: argparse.Namespace) -> int:
    """Write one file: of a plan that cannot be met, why not and what it would take."""
    language: Language = options.language
    look = {"theme": options.theme, "formulas": True if options.formulas else None}
    try:
        allocation = allocation_of(options.plan, language)
    except InfeasibleError as error:
        write_report(error.diagnosis, options.output, language=language, **look)
        print(options.output, file=sys.stderr)
        raise
    write_report(allocation, options.output, years=options.years, language=language, **look)
    print(options.output, file=sys.stderr)
    return DONE


def run_form(options: argparse.Namespace) -> int:
    """Write the blank forms of a period."""
    language: Language = options.language
    allocation = allocation_of(options.plan, language)
    folder, kind = options.folder, options.kind
    for path in write_form(allocation, folder, period=options.period, kind=kind, language=language):
        print(path, file=sys.stderr)
    return DONE
