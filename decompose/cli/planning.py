"""The verbs of a plan: solve, check, explain, sweep, export, template."""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from itertools import count
from pathlib import Path

from decompose.allocation import Allocation
from decompose.audit import label_table, to_pulp
from decompose.checking import check
from decompose.cli.shared import DONE, UNMET, told_of
from decompose.engine import explain, solve
from decompose.errors import ReportError
from decompose.files import make_folder, write_whole
from decompose.labels import Language, say, word
from decompose.reading import read_plan
from decompose.reading.plan_file import WORKBOOK
from decompose.reading.workbook import glossary
from decompose.report import FORMATS, frame_csv, markdown, table_csv, write_report, write_template
from decompose.report.template import template
from decompose.scenario import read_scenarios, sweep


def run_solve(options: argparse.Namespace) -> int:
    """Print the annexes of a plan; write them where asked."""
    language: Language = options.language
    plan = read_plan(options.plan, language=language)
    allocation = solve(plan, solver=options.solver, language=language, gap=options.gap)
    tables = allocation.tables(language=language)
    print(markdown(tables[:2]), end="")
    if options.output is not None:
        for path in _write(allocation, options.output, language):
            print(path, file=sys.stderr)
    return DONE


def _write(allocation: Allocation, folder: Path, language: Language) -> list[Path]:
    """Write one file, or to a folder the annexes in every format, and the allocation."""
    if folder.suffix.lower() == ".json":
        allocation.save(folder)
        return [folder]
    if folder.suffix.lower() in FORMATS:
        write_report(allocation, folder, language=language)
        return [folder]
    make_folder(folder, language=language)
    name, paths = word("annexes", language), []
    for suffix in (".xlsx", ".docx", ".html", ".md"):
        try:
            write_report(allocation, folder / f"{name}{suffix}", language=language)
        except ReportError as error:
            if error.code != "report_package":
                raise
            print(error.text(language), file=sys.stderr)  # the other formats need no package
        else:
            paths.append(folder / f"{name}{suffix}")
    for table in allocation.tables(language=language):
        paths.append(folder / f"{table.name}.csv")
        write_whole(paths[-1], table_csv(table), language=language)
    paths.append(folder / "allocation.json")
    allocation.save(paths[-1])
    return paths


def run_check(options: argparse.Namespace) -> int:
    """Print what is doubtful in a plan."""
    issues = check(read_plan(options.plan, language=options.language), language=options.language)
    for issue in issues:
        print(told_of(issue, options.language))
    keys = glossary(issue.text for issue in issues)
    if options.plan.suffix.lower() == WORKBOOK and options.language == "zh" and keys is not None:
        print(keys.text("zh"))
    if not issues:
        print(say("check_clean").text(options.language))
    return UNMET if any(issue.severity == "error" for issue in issues) else DONE


def run_explain(options: argparse.Namespace) -> int:
    """Print whether a plan can be met, and what it would take."""
    language: Language = options.language
    plan = read_plan(options.plan, language=language)
    found = explain(plan, yields=options.yields, language=language)
    print(found.text())
    return DONE if found.feasible else UNMET


def run_sweep(options: argparse.Namespace) -> int:
    """Write the whole frame where it is asked for; print a line per scenario."""
    language: Language = options.language
    plan = read_plan(options.plan, language=language)
    scenarios = read_scenarios(options.scenarios, language=language)
    workers: int = options.workers
    with ProcessPoolExecutor(workers) if workers > 1 else nullcontext() as executor:
        frame = sweep(plan, scenarios, executor=executor, language=language)
    if options.output is not None:
        write_whole(options.output, frame_csv(frame), language=language)
        print(options.output, file=sys.stderr)
    told = frame.drop_duplicates("scenario")[["scenario", "status", "reason"]]
    for name, status, reason in told.itertuples(index=False):
        state = word(f"status_{status}", language)
        told_line = say("sweep_line", scenario=name, status=state, reason=reason)
        print(told_line.text(language).rstrip())
    whole = len(told) == len(scenarios) and bool((told["status"] == "solved").all())
    return DONE if whole else UNMET


def run_export(options: argparse.Namespace) -> int:
    """Write the program as a file for other solvers, and what its rows are."""
    language: Language = options.language
    plan = read_plan(options.plan, language=language)
    model: Path = options.model
    writers = {".lp": "writeLP", ".mps": "writeMPS"}
    suffix = model.suffix.lower()
    if suffix not in writers:
        known = list(writers)
        raise ReportError(
            say("report_format", path=str(model), known=known),
            language=language,
        )
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, f"model{suffix}")
        getattr(to_pulp(plan), writers[suffix])(str(written))
        write_whole(model, written.read_bytes(), language=language)
    labels = label_table(plan).to_csv(index=False).encode("utf-8-sig")
    write_whole(model.with_suffix(".labels.csv"), labels, language=language)
    return DONE


def run_template(options: argparse.Namespace) -> int:
    """Write the workbook that a plan is filled into."""
    language: Language = options.language
    plan = None if options.plan is None else read_plan(options.plan, language=language)
    years = [year for span in options.years for year in span]
    _keep_what_was_there(options.output, template(plan, years=years, language=language), language)
    write_template(options.output, plan, years=years, language=language)
    return DONE


def _keep_what_was_there(path: Path, new: bytes, language: Language) -> None:
    """Keep a workbook that a template would replace: a planner's hours may be in it."""
    if path.suffix.lower() != ".xlsx" or not path.is_file() or (held := path.read_bytes()) == new:
        return
    names = (say("old_name", stem=path.stem, number=k or "").text(language) for k in count())
    kept = next(place for name in names if not (place := path.with_stem(name)).exists())
    write_whole(kept, held, language=language)
    told = say("template_kept", path=path.name, kept=kept.name)
    print(told.text(language), file=sys.stderr)
