"""The options of every verb, and their help."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from decompose.cli.issued import (
    run_adjust,
    run_adopt,
    run_compare,
    run_form,
    run_report,
    run_revise,
    run_track,
)
from decompose.cli.planning import (
    run_check,
    run_explain,
    run_export,
    run_solve,
    run_sweep,
    run_template,
)
from decompose.engine import GAPS
from decompose.labels import Language, say, word
from decompose.labels.typing_errors import WRONG_COMMANDS
from decompose.report.form import KINDS as FORM_KINDS
from decompose.revise import CARRIES
from decompose.typed import count, years


class _Formatter(argparse.HelpFormatter):
    """Writes the usage in the reader's language."""

    language: Language = "zh"

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add the usage, under our word for it."""
        own = word("usage", self.language) if prefix is None else prefix
        super().add_usage(usage, actions, groups, own)


class _English(_Formatter):
    language = "en"


class Parser(argparse.ArgumentParser):
    """Tells how a command is used, and what is wrong with one, in the reader's language."""

    language: Language = "zh"

    def __init__(self, *, add_help: bool = True, **keys: Any) -> None:
        """Take what argparse takes; its own words are replaced."""
        formatter = _English if self.language == "en" else _Formatter
        super().__init__(add_help=False, formatter_class=formatter, **keys)
        self._positionals.title = word("positionals", self.language)
        self._optionals.title = word("options", self.language)
        if add_help:
            told = say("command_help").text(self.language)
            self.add_argument("-h", "--help", action="help", help=told)

    def error(self, message: str) -> NoReturn:
        """End with what is wrong, and where help is."""
        found = message
        for pattern, told in WRONG_COMMANDS if self.language == "zh" else ():
            if re.fullmatch(pattern, message):
                found = re.sub(pattern, told, message)
                break
        self.print_usage(sys.stderr)
        wrong = say("command_wrong", found=found, program=self.prog)
        self.exit(2, wrong.text(self.language) + "\n")


class _EnglishParser(Parser):
    language = "en"


def make_parser(language: Language = "zh") -> argparse.ArgumentParser:
    """Return the parser; each verb sets ``run``, which takes the options.

    Parameters
    ----------
    language
        Of its own texts: help, usage, and what is wrong.
    """

    def told(code: str) -> str:
        return say(code).text(language)

    made = _EnglishParser if language == "en" else Parser
    parser = made(prog="decompose", description=told("command_about"))
    languages: dict[str, Any] = {"choices": ("zh", "en"), "help": told("command_language")}
    parser.add_argument("--language", default="zh", **languages)
    spoken = made(add_help=False)
    spoken.add_argument("--language", default=argparse.SUPPRESS, **languages)
    spoken.add_argument("-v", "--verbose", action="store_true", help=told("command_verbose"))
    common = made(add_help=False, parents=[spoken])
    common.add_argument("plan", type=Path, help=told("command_plan"))
    verbs = _Verbs(parser.add_subparsers(dest="verb", required=True), spoken, common, told)
    _add_planning(verbs)
    _add_issued(verbs)
    return parser


class _Verbs(NamedTuple):
    """The verbs; the options that all have, the same with a plan, and the text of a code."""

    added: Any  # argparse has no public name for it
    spoken: argparse.ArgumentParser
    common: argparse.ArgumentParser
    told: Callable[[str], str]


def _add_planning(to: _Verbs) -> None:
    """Add the verbs of a plan."""
    verbs, spoken, common, told = to
    solving = verbs.add_parser("solve", parents=[common], help=told("command_solve"))
    solving.add_argument("-o", "--output", type=Path, help=told("command_output"))
    solving.add_argument("--solver", default="highs", help=told("command_solver"))
    solving.add_argument("--gap", choices=GAPS, help=told("command_gap"))
    solving.set_defaults(run=run_solve)

    checking = verbs.add_parser("check", parents=[common], help=told("command_check"))
    checking.set_defaults(run=run_check)

    explaining = verbs.add_parser("explain", parents=[common], help=told("command_explain"))
    explaining.add_argument("--yields", nargs="+", metavar="FAMILY", help=told("command_yields"))
    explaining.set_defaults(run=run_explain)

    sweeping = verbs.add_parser("sweep", parents=[common], help=told("command_sweep"))
    sweeping.add_argument("scenarios", type=Path, help=told("command_scenarios"))
    sweeping.add_argument("-o", "--output", type=Path, help=told("command_sweep_output"))
    sweeping.add_argument("--workers", type=count, default=1, help=told("command_workers"))
    sweeping.set_defaults(run=run_sweep)

    exporting = verbs.add_parser("export", parents=[common], help=told("command_export"))
    exporting.add_argument("model", type=Path, help=told("command_model"))
    exporting.set_defaults(run=run_export)

    writing = verbs.add_parser("template", parents=[spoken], help=told("command_template"))
    writing.add_argument("output", type=Path, help=told("command_template_output"))
    content = writing.add_mutually_exclusive_group()
    content.add_argument("--from", dest="plan", type=Path, help=told("command_from"))
    content.add_argument("--years", type=years, nargs="+", default=(), help=told("template_years"))
    writing.set_defaults(run=run_template)


def _add_issued(to: _Verbs) -> None:
    """Add the verbs of what is issued."""
    verbs, spoken, common, told = to
    tracking = verbs.add_parser("track", parents=[common], help=told("command_track"))
    tracking.add_argument("actuals", type=Path, help=told("command_actuals"))
    tracking.add_argument("--as-of", required=True, help=told("command_as_of"))
    tracking.add_argument("--single", action="store_true", help=told("command_single"))
    tracking.add_argument("--low-rank", type=int, help=told("command_low_rank"))
    tracking.add_argument("-o", "--output", type=Path, help=told("command_report"))
    tracking.set_defaults(run=run_track)

    moving = verbs.add_parser("adjust", parents=[spoken], help=told("command_adjust"))
    moving.add_argument("plan", type=Path, help=told("command_issued"))
    many: dict[str, Any] = {"nargs": "+", "action": "extend"}  # written once or several times
    moving.add_argument("--move", required=True, help=told("command_move"), **many)
    moving.add_argument("--to", help=told("command_to"), **many)
    moving.add_argument("--hold", default=[], help=told("command_hold"), **many)
    moving.add_argument("-o", "--output", type=Path, help=told("command_new"))
    moving.set_defaults(run=run_adjust)

    adopting = verbs.add_parser("adopt", parents=[spoken], help=told("command_adopt"))
    adopting.add_argument("plan", type=Path, help=told("command_issued"))
    adopting.add_argument("table", type=Path, help=told("command_table"))
    adopting.add_argument("--year", type=int, help=told("command_table_year"))
    adopting.add_argument("--gap", choices=GAPS, help=told("command_adopt_gap"))
    adopting.add_argument("-o", "--output", type=Path, help=told("command_new"))
    adopting.set_defaults(run=run_adopt)

    revising = verbs.add_parser("revise", parents=[spoken], help=told("command_revise"))
    revising.add_argument("plan", type=Path, help=told("command_issued"))
    revising.add_argument("actuals", type=Path, help=told("command_actuals"))
    revising.add_argument("--through", type=int, required=True, help=told("command_through"))
    revising.add_argument("--carry", choices=CARRIES, default="area", help=told("command_carry"))
    written = {"set": "PATH=VALUE", "merge": "NEW=A,B", "base": "INDICATOR,REGION=VALUE"}
    for name, form in written.items():
        asked = told(f"command_{name}")
        revising.add_argument(f"--{name}", default=[], metavar=form, help=asked, **many)
    revising.add_argument("--single", action="store_true", help=told("command_single"))
    revising.add_argument("-o", "--output", type=Path, help=told("command_new"))
    revising.add_argument("--report", type=Path, help=told("command_report"))
    revising.set_defaults(run=run_revise)

    comparing = verbs.add_parser("compare", parents=[spoken], help=told("command_compare"))
    comparing.add_argument("before", type=Path, help=told("command_issued"))
    comparing.add_argument("after", type=Path, help=told("command_issued"))
    comparing.add_argument("--all", action="store_true", help=told("command_all"))
    comparing.add_argument("-o", "--output", type=Path, help=told("command_report"))
    comparing.set_defaults(run=run_compare)

    reporting = verbs.add_parser("report", parents=[common], help=told("command_write"))
    reporting.add_argument("output", type=Path, help=told("command_report"))
    reporting.add_argument("--years", type=int, nargs="+", help=told("command_years"))
    reporting.add_argument("--theme", type=Path, help=told("command_theme"))
    reporting.add_argument("--formulas", action="store_true", help=told("command_formulas"))
    reporting.set_defaults(run=run_report)

    forms = verbs.add_parser("form", parents=[common], help=told("command_form"))
    forms.add_argument("folder", type=Path, help=told("command_form_folder"))
    forms.add_argument("--period", required=True, help=told("command_period"))
    forms.add_argument("--kind", choices=FORM_KINDS, default="xlsx", help=told("command_kind"))
    forms.set_defaults(run=run_form)
