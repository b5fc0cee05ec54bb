"""The command ``decompose``: results to files or stdout, progress and logs to stderr.

Exit status: 0 done (warnings too), 1 infeasible or unmet, 2 bad input, 130 interrupted, 141 where
nobody reads on (``| head``).
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence

from decompose.cli.parser import make_parser
from decompose.cli.shared import BAD_INPUT, DONE, UNMET, UNREAD
from decompose.errors import DecomposeError, InfeasibleError, RoundingError
from decompose.labels import say
from decompose.starting import INTERRUPTED, ready, spoken

__all__ = ["BAD_INPUT", "DONE", "INTERRUPTED", "UNMET", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    language = spoken(given)
    try:
        ready()
        _escape_what_stdout_lacks()
        return _run(make_parser(language).parse_args(given))
    except KeyboardInterrupt:
        print(say("command_interrupted").text(language), file=sys.stderr)
        return INTERRUPTED


def _escape_what_stdout_lacks() -> None:
    """Write a letter that its encoding lacks as a code, as stderr does, and go on."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _run(options: argparse.Namespace) -> int:
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(message)s",
    )
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Python would try once more to write what is left when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except (InfeasibleError, RoundingError) as error:
        print(error.text(options.language), file=sys.stderr)
        return UNMET
    except DecomposeError as error:
        print(error.text(options.language), file=sys.stderr)
        return BAD_INPUT
