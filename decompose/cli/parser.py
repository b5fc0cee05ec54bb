"""The options of every verb, and their help."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

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

    def _help(code: str) -> str:
        return say(code).text(language)

    made = _EnglishParser if language == "en" else Parser
    parser = made(prog="decompose", description=_help("command_about"))
    languages: dict[str, Any] = {"choices": ("zh", "en"), "help": _help("command_language")}
    parser.add_argument("--language", default="zh", **languages)
    spoken = made(add_help=False)
    spoken.add_argument("--language", default=argparse.SUPPRESS, **languages)
    spoken.add_argument("-v", "--verbose", action="store_true", help=_help("command_verbose"))
    common = made(add_help=False, parents=[spoken])
    common.add_argument("plan", type=Path, help=_help("command_plan"))
    verbs = parser.add_subparsers(dest="verb", required=True)

    solving = verbs.add_parser("solve", parents=[common], help=_help("command_solve"))
    solving.add_argument("-o", "--output", type=Path, help=_help("command_output"))
    solving.add_argument("--solver", default="highs", help=_help("command_solver"))
    solving.add_argument("--gap", choices=GAPS, help=_help("command_gap"))
    solving.set_defaults(run=run_solve)

    checking = verbs.add_parser("check", parents=[common], help=_help("command_check"))
    checking.set_defaults(run=run_check)

    explaining = verbs.add_parser("explain", parents=[common], help=_help("command_explain"))
    explaining.add_argument("--yields", nargs="+", metavar="FAMILY", help=_help("command_yields"))
    explaining.set_defaults(run=run_explain)

    sweeping = verbs.add_parser("sweep", parents=[common], help=_help("command_sweep"))
    sweeping.add_argument("scenarios", type=Path, help=_help("command_scenarios"))
    sweeping.add_argument("-o", "--output", type=Path, help=_help("command_sweep_output"))
    sweeping.add_argument("--workers", type=count, default=1, help=_help("command_workers"))
    sweeping.set_defaults(run=run_sweep)

    exporting = verbs.add_parser("export", parents=[common], help=_help("command_export"))
    exporting.add_argument("model", type=Path, help=_help("command_model"))
    exporting.set_defaults(run=run_export)

    writing = verbs.add_parser("template", parents=[spoken], help=_help("command_template"))
    writing.add_argument("output", type=Path, help=_help("command_template_output"))
    content = writing.add_mutually_exclusive_group()
    content.add_argument("--from", dest="plan", type=Path, help=_help("command_from"))
    content.add_argument("--years", type=years, nargs="+", default=(), help=_help("template_years"))
    writing.set_defaults(run=run_template)

    tracking = verbs.add_parser("track", parents=[common], help=_help("command_track"))
    tracking.add_argument("actuals", type=Path, help=_help("command_actuals"))
    tracking.add_argument("--as-of", required=True, help=_help("command_as_of"))
    tracking.add_argument("--single", action="store_true", help=_help("command_single"))
    tracking.add_argument("--low-rank", type=int, help=_help("command_low_rank"))
    tracking.add_argument("-o", "--output", type=Path, help=_help("command_report"))
    tracking.set_defaults(run=run_track)

    moving = verbs.add_parser("adjust", parents=[spoken], help=_help("command_adjust"))
    moving.add_argument("plan", type=Path, help=_help("command_issued"))
    many: dict[str, Any] = {"nargs": "+", "action": "extend"}  # written once or several times
    moving.add_argument("--move", required=True, help=_help("command_move"), **many)
    moving.add_argument("--to", help=_help("command_to"), **many)
    moving.add_argument("--hold", default=[], help=_help("command_hold"), **many)
    moving.add_argument("-o", "--output", type=Path, help=_help("command_new"))
    moving.set_defaults(run=run_adjust)

    adopting = verbs.add_parser("adopt", parents=[spoken], help=_help("command_adopt"))
    adopting.add_argument("plan", type=Path, help=_help("command_issued"))
    adopting.add_argument("table", type=Path, help=_help("command_table"))
    adopting.add_argument("--year", type=int, help=_help("command_table_year"))
    adopting.add_argument("--gap", choices=GAPS, help=_help("command_adopt_gap"))
    adopting.add_argument("-o", "--output", type=Path, help=_help("command_new"))
    adopting.set_defaults(run=run_adopt)

    revising = verbs.add_parser("revise", parents=[spoken], help=_help("command_revise"))
    revising.add_argument("plan", type=Path, help=_help("command_issued"))
    revising.add_argument("actuals", type=Path, help=_help("command_actuals"))
    revising.add_argument("--through", type=int, required=True, help=_help("command_through"))
    revising.add_argument("--carry", choices=CARRIES, default="area", help=_help("command_carry"))
    written = {"set": "PATH=VALUE", "merge": "NEW=A,B", "base": "INDICATOR,REGION=VALUE"}
    for name, form in written.items():
        told = _help(f"command_{name}")
        revising.add_argument(f"--{name}", default=[], metavar=form, help=told, **many)
    revising.add_argument("--single", action="store_true", help=_help("command_single"))
    revising.add_argument("-o", "--output", type=Path, help=_help("command_new"))
    revising.add_argument("--report", type=Path, help=_help("command_report"))
    revising.set_defaults(run=run_revise)

    comparing = verbs.add_parser("compare", parents=[spoken], help=_help("command_compare"))
    comparing.add_argument("before", type=Path, help=_help("command_issued"))
    comparing.add_argument("after", type=Path, help=_help("command_issued"))
    comparing.add_argument("--all", action="store_true", help=_help("command_all"))
    comparing.add_argument("-o", "--output", type=Path, help=_help("command_report"))
    comparing.set_defaults(run=run_compare)

    reporting = verbs.add_parser("report", parents=[common], help=_help("command_write"))
    reporting.add_argument("output", type=Path, help=_help("command_report"))
    reporting.add_argument("--years", type=int, nargs="+", help=_help("command_years"))
    reporting.add_argument("--theme", type=Path, help=_help("command_theme"))
    reporting.add_argument("--formulas", action="store_true", help=_help("command_formulas"))
    reporting.set_defaults(run=run_report)

    forms = verbs.add_parser("form", parents=[common], help=_help("command_form"))
    forms.add_argument("folder", type=Path, help=_help("command_form_folder"))
    forms.add_argument("--period", required=True, help=_help("command_period"))
    forms.add_argument("--kind", choices=FORM_KINDS, default="xlsx", help=_help("command_kind"))
    forms.set_defaults(run=run_form)
    return parser
