"""The command's first moments: its language, and Ctrl-C while the package is still being read.

Reading it takes a second, in which no part of the command can catch an interrupt.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from decompose.labels import Language, say

INTERRUPTED = 130
STDERR = 2
NAME = "decompose"
_OPTION = "--language"


def spoken(arguments: Iterable[str]) -> Language:
    """Return the language that a command asks for, before its options are read.

    Parameters
    ----------
    arguments
        As they were typed; the option may be written shorter, as argparse allows.
    """
    words = [part for word in arguments for part in word.split("=", 1)]
    pairs = [word for option, word in pairwise(words) if option[:4] == _OPTION[:4]]
    return "en" if "en" in pairs else "zh"


def ready() -> None:
    """Let Ctrl-C be caught again, as main does."""
    if signal.getsignal(signal.SIGINT) is _stop:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def is_command(arguments: list[str], typed: list[str]) -> bool:
    """Tell whether the package is read as the command: ``decompose`` or ``python -m decompose``.

    Parameters
    ----------
    arguments, typed
        As in ``sys.argv`` and ``sys.orig_argv``.
    """
    by_name = ("-m", NAME) in pairwise(typed) and arguments[:1] == ["-m"]
    return by_name or (Path(arguments[0] if arguments else "").stem == NAME and "-c" not in typed)


def _stop(*_: object) -> None:
    """End at once with a word: what is being read half-way need not be told."""
    text = say("command_interrupted").text(spoken(sys.argv[1:]))
    os.write(STDERR, f"{text}\n".encode(os.device_encoding(STDERR) or "utf-8", "replace"))
    os._exit(INTERRUPTED)


if is_command(sys.argv, sys.orig_argv):
    signal.signal(signal.SIGINT, _stop)
