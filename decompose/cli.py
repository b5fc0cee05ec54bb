"""The command ``decompose``: results to files or stdout, progress and logs to stderr.

Exit status: 0 done (warnings too), 1 infeasible or unmet, 2 bad input.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from decompose.actuals import read_actuals
from decompose.adjust import adjust
from decompose.adopt import adopt
from decompose.allocation import Allocation
from decompose.audit import label_table, to_pulp
from decompose.checking import Issue, check
from decompose.comparing import Comparison, compare
from decompose.engine import GAPS, explain, solve
from decompose.errors import (
    DecomposeError,
    InfeasibleError,
    ReportError,
    RoundingError,
)
from decompose.files import make_folder, write_whole
from decompose.issued import is_allocation, read_allocation
from decompose.labels import Language, say, word
from decompose.moves import OTHERS
from decompose.progress import track
from decompose.reading import read_plan
from decompose.reading.scalars import read_scalar
from decompose.report import (
    FORMATS,
    frame_csv,
    markdown,
    table_csv,
    write_form,
    write_report,
    write_template,
)
from decompose.report.form import KINDS as FORM_KINDS
from decompose.revise import CARRIES, revise
from decompose.scenario import read_scenarios, sweep
from decompose.tables import Table
from decompose.typed import count, move, names, pairs, parts

DONE, UNMET, BAD_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(message)s",
    )
    try:
        return int(options.run(options))
    except (InfeasibleError, RoundingError) as error:
        print(error.text(options.language), file=sys.stderr)
        return UNMET
    except DecomposeError as error:
        print(error.text(options.language), file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="decompose", description=say("command_about").text(_spoken())
    )
    spoken = argparse.ArgumentParser(add_help=False)
    spoken.add_argument(
        "--language", choices=("zh", "en"), default="zh", help=_help("command_language")
    )
    spoken.add_argument("-v", "--verbose", action="store_true", help=_help("command_verbose"))
    common = argparse.ArgumentParser(add_help=False, parents=[spoken])
    common.add_argument("plan", type=Path, help=_help("command_plan"))
    verbs = parser.add_subparsers(dest="verb", required=True)

    solving = verbs.add_parser("solve", parents=[common], help=_help("command_solve"))
    solving.add_argument("-o", "--output", type=Path, help=_help("command_output"))
    solving.add_argument("--solver", default="highs", help=_help("command_solver"))
    solving.add_argument("--gap", choices=GAPS, help=_help("command_gap"))
    solving.set_defaults(run=_solve)

    checking = verbs.add_parser("check", parents=[common], help=_help("command_check"))
    checking.set_defaults(run=_check)

    explaining = verbs.add_parser("explain", parents=[common], help=_help("command_explain"))
    explaining.add_argument("--yields", nargs="+", metavar="FAMILY", help=_help("command_yields"))
    explaining.set_defaults(run=_explain)

    sweeping = verbs.add_parser("sweep", parents=[common], help=_help("command_sweep"))
    sweeping.add_argument("scenarios", type=Path, help=_help("command_scenarios"))
    sweeping.add_argument("-o", "--output", type=Path, help=_help("command_sweep_output"))
    sweeping.add_argument("--workers", type=count, default=1, help=_help("command_workers"))
    sweeping.set_defaults(run=_sweep)

    exporting = verbs.add_parser("export", parents=[common], help=_help("command_export"))
    exporting.add_argument("model", type=Path, help=_help("command_model"))
    exporting.set_defaults(run=_export)

    writing = verbs.add_parser("template", parents=[spoken], help=_help("command_template"))
    writing.add_argument("output", type=Path, help=_help("command_template_output"))
    content = writing.add_mutually_exclusive_group()
    content.add_argument("--from", dest="plan", type=Path, help=_help("command_from"))
    content.add_argument("--years", type=int, nargs="+", default=(), help=_help("template_years"))
    writing.set_defaults(run=_template)

    tracking = verbs.add_parser("track", parents=[common], help=_help("command_track"))
    tracking.add_argument("actuals", type=Path, help=_help("command_actuals"))
    tracking.add_argument("--as-of", required=True, help=_help("command_as_of"))
    tracking.add_argument("--single", action="store_true", help=_help("command_single"))
    tracking.add_argument("--low-rank", type=int, help=_help("command_low_rank"))
    tracking.add_argument("-o", "--output", type=Path, help=_help("command_report"))
    tracking.set_defaults(run=_track)

    moving = verbs.add_parser("adjust", parents=[spoken], help=_help("command_adjust"))
    moving.add_argument("plan", type=Path, help=_help("command_issued"))
    many: dict[str, Any] = {"nargs": "+", "action": "extend"}  # written once or several times
    moving.add_argument("--move", required=True, help=_help("command_move"), **many)
    moving.add_argument("--to", help=_help("command_to"), **many)
    moving.add_argument("--hold", default=[], help=_help("command_hold"), **many)
    moving.add_argument("-o", "--output", type=Path, help=_help("command_new"))
    moving.set_defaults(run=_adjust)

    adopting = verbs.add_parser("adopt", parents=[spoken], help=_help("command_adopt"))
    adopting.add_argument("plan", type=Path, help=_help("command_issued"))
    adopting.add_argument("table", type=Path, help=_help("command_table"))
    adopting.add_argument("--year", type=int, help=_help("command_table_year"))
    adopting.add_argument("--gap", choices=GAPS, help=_help("command_adopt_gap"))
    adopting.add_argument("-o", "--output", type=Path, help=_help("command_new"))
    adopting.set_defaults(run=_adopt)

    revising = verbs.add_parser("revise", parents=[spoken], help=_help("command_revise"))
    revising.add_argument("plan", type=Path, help=_help("command_issued"))
    revising.add_argument("actuals", type=Path, help=_help("command_actuals"))
    revising.add_argument("--through", type=int, required=True, help=_help("command_through"))
    revising.add_argument("--carry", choices=CARRIES, default="area", help=_help("command_carry"))
    for name, form in (("set", "PATH=VALUE"), ("merge", "NEW=A,B")):
        told = _help(f"command_{name}")
        revising.add_argument(f"--{name}", default=[], metavar=form, help=told, **many)
    revising.add_argument("--single", action="store_true", help=_help("command_single"))
    revising.add_argument("-o", "--output", type=Path, help=_help("command_new"))
    revising.add_argument("--report", type=Path, help=_help("command_report"))
    revising.set_defaults(run=_revise)

    comparing = verbs.add_parser("compare", parents=[spoken], help=_help("command_compare"))
    comparing.add_argument("before", type=Path, help=_help("command_issued"))
    comparing.add_argument("after", type=Path, help=_help("command_issued"))
    comparing.add_argument("--all", action="store_true", help=_help("command_all"))
    comparing.add_argument("-o", "--output", type=Path, help=_help("command_report"))
    comparing.set_defaults(run=_compare)

    reporting = verbs.add_parser("report", parents=[common], help=_help("command_write"))
    reporting.add_argument("output", type=Path, help=_help("command_report"))
    reporting.add_argument("--years", type=int, nargs="+", help=_help("command_years"))
    reporting.add_argument("--theme", type=Path, help=_help("command_theme"))
    reporting.add_argument("--formulas", action="store_true", help=_help("command_formulas"))
    reporting.set_defaults(run=_report)

    forms = verbs.add_parser("form", parents=[common], help=_help("command_form"))
    forms.add_argument("folder", type=Path, help=_help("command_form_folder"))
    forms.add_argument("--period", required=True, help=_help("command_period"))
    forms.add_argument("--kind", choices=FORM_KINDS, default="xlsx", help=_help("command_kind"))
    forms.set_defaults(run=_form)
    return parser


def _spoken() -> Language:
    """Return the language of ``--help``, which is needed before the options are read."""
    given = sys.argv[1:]
    english = "--language=en" in given or ("--language", "en") in itertools.pairwise(given)
    return "en" if english else "zh"


def _help(code: str) -> str:
    return say(code).text(_spoken())


def _solve(options: argparse.Namespace) -> int:
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


def _check(options: argparse.Namespace) -> int:
    issues = check(read_plan(options.plan, language=options.language), language=options.language)
    for issue in issues:
        print(_told(issue, options.language))
    if not issues:
        print(say("check_clean").text(options.language))
    return UNMET if any(issue.severity == "error" for issue in issues) else DONE


def _told(issue: Issue, language: Language) -> str:
    severity = word(f"severity_{issue.severity}", language)
    code = "check_issue" if issue.where else "check_issue_whole"
    return say(code, severity=severity, where=issue.where, text=issue.text).text(language)


def _explain(options: argparse.Namespace) -> int:
    language: Language = options.language
    plan = read_plan(options.plan, language=language)
    found = explain(plan, yields=options.yields, language=language)
    print(found.text())
    return DONE if found.feasible else UNMET


def _sweep(options: argparse.Namespace) -> int:
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


def _export(options: argparse.Namespace) -> int:
    language: Language = options.language
    plan = read_plan(options.plan, language=language)
    model: Path = options.model
    writers = {".lp": "writeLP", ".mps": "writeMPS"}
    if model.suffix not in writers:
        known = list(writers)
        raise ReportError(
            say("report_format", suffix=model.suffix, path=str(model), known=known),
            language=language,
        )
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, f"model{model.suffix}")
        getattr(to_pulp(plan), writers[model.suffix])(str(written))
        write_whole(model, written.read_bytes(), language=language)
    labels = label_table(plan).to_csv(index=False).encode("utf-8-sig")
    write_whole(model.with_suffix(".labels.csv"), labels, language=language)
    return DONE


def _template(options: argparse.Namespace) -> int:
    language: Language = options.language
    plan = None if options.plan is None else read_plan(options.plan, language=language)
    write_template(options.output, plan, years=options.years, language=language)
    return DONE


def _allocation(path: Path, language: Language) -> Allocation:
    """Return an issued allocation, or that of a plan file."""
    if is_allocation(path):
        return read_allocation(path, language=language)
    return solve(read_plan(path, language=language), language=language)


def _track(options: argparse.Namespace) -> int:
    language: Language = options.language
    found = track(
        _allocation(options.plan, language),
        read_actuals(options.actuals, cumulative=not options.single, language=language),
        as_of=options.as_of,
        low_rank=options.low_rank,
        language=language,
    )
    print(markdown(found.tables(language=language)), end="")
    for issue in found.issues:
        print(_told(issue, language), file=sys.stderr)
    if options.output is not None:
        write_report(found, options.output, language=language)
    return DONE


def _adopt(options: argparse.Namespace) -> int:
    """Print what changed, or of a plan file the annexes; write the allocation where asked."""
    language: Language = options.language
    path, issued = options.plan, None
    if is_allocation(path):
        issued = read_allocation(path, language=language)
    plan = read_plan(path, language=language) if issued is None else issued.plan
    found = adopt(plan, options.table, year=options.year, gap=options.gap, language=language)
    tables = found.tables(language=language)[:2]
    if issued is not None:
        tables = _changed(issued, found, language)
    print(markdown(tables), end="")
    if options.output is not None:
        found.save(options.output)
    return DONE


def _changed(before: Allocation, after: Allocation, language: Language) -> tuple[Table, ...]:
    frame = compare(before, after, language=language)
    return Comparison(frame, before.plan, after.plan).tables(language=language)


def _adjust(options: argparse.Namespace) -> int:
    """Print what changed; write the new allocation where it is asked for."""
    language: Language = options.language
    issued = _allocation(options.plan, language)
    moves = [move(text, options.to or OTHERS, language) for text in options.move]
    hold = [held if len(held := parts(text)) > 1 else text for text in options.hold]
    found = adjust(issued, moves, hold=hold, language=language)
    print(markdown(_changed(issued, found, language)), end="")
    if options.output is not None:
        found.save(options.output)
    return DONE


def _revise(options: argparse.Namespace) -> int:
    """Print the table of changes; write the new allocation where it is asked for."""
    language: Language = options.language
    found = revise(
        _allocation(options.plan, language),
        read_actuals(options.actuals, cumulative=not options.single, language=language),
        through=options.through,
        carry=options.carry,
        changes={path: read_scalar(value).value for path, value in pairs(options.set)},
        merge={name: names(old) for name, old in pairs(options.merge)},
        language=language,
    )
    print(markdown(found.tables(language=language)[:1]), end="")
    print(found.text, file=sys.stderr)
    if options.output is not None:
        found.allocation.save(options.output)
    if options.report is not None:
        write_report(found, options.report, language=language)
    return DONE


def _compare(options: argparse.Namespace) -> int:
    language: Language = options.language
    before, after = (_allocation(path, language) for path in (options.before, options.after))
    frame = compare(before, after, all=options.all, language=language)
    found = Comparison(frame, before.plan, after.plan)
    print(markdown(found.tables(language=language)), end="")
    if options.output is not None:
        write_report(found, options.output, language=language)
    return DONE


def _report(options: argparse.Namespace) -> int:
    """Write one file: of a plan that cannot be met, why not and what it would take."""
    language: Language = options.language
    look = {"theme": options.theme, "formulas": True if options.formulas else None}
    try:
        allocation = _allocation(options.plan, language)
    except InfeasibleError as error:
        write_report(error.diagnosis, options.output, language=language, **look)
        print(options.output, file=sys.stderr)
        raise
    write_report(allocation, options.output, years=options.years, language=language, **look)
    print(options.output, file=sys.stderr)
    return DONE


def _form(options: argparse.Namespace) -> int:
    language: Language = options.language
    allocation = _allocation(options.plan, language)
    folder, kind = options.folder, options.kind
    for path in write_form(allocation, folder, period=options.period, kind=kind, language=language):
        print(path, file=sys.stderr)
    return DONE
