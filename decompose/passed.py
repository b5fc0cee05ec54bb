"""What is passed to a function in place of what it takes: refused in words."""

from __future__ import annotations

import os
from pathlib import Path

from decompose.errors import PlanError
from decompose.labels import Language, say


def require(verb: str, given: object, *kinds: type, language: Language = "zh") -> None:
    """Refuse what is of another kind than a function takes.

    Parameters
    ----------
    verb
        The function's name.
    given
        What was passed.
    kinds
        What it takes, one of these: ``Plan``, ``Allocation``, actuals, ``Move``.
    language
        Of the error.

    Raises
    ------
    PlanError
        It is of none of these kinds.
    """
    if not isinstance(given, kinds):
        wanted = [say(f"wanted_{one.__name__.removesuffix('Content')}") for one in kinds]
        told = say("argument_kind", verb=verb, wanted=wanted, found=type(given).__name__)
        raise PlanError(told, language=language)


def require_argument(
    verb: str,
    name: str,
    given: object,
    kinds: tuple[type, ...],
    wanted: str = "wanted_mapping",
    *,
    language: Language = "zh",
) -> None:
    """Refuse an argument of another kind, by its name.

    Parameters
    ----------
    verb, name
        The function's name, and the argument's.
    given, kinds
        What was passed, and what may be, one of these.
    wanted
        Code of the words for that.
    language
        Of the error.

    Raises
    ------
    PlanError
        It is of none of these kinds.
    """
    if not isinstance(given, kinds):
        data = {"name": name, "wanted": say(wanted), "found": type(given).__name__}
        raise PlanError(say("argument_wrong", verb=verb, **data), language=language)


def require_path(
    verb: str, given: object, name: str = "path", *, language: Language = "zh"
) -> Path:
    """Return an argument as a path; what is none is refused by its name.

    Parameters
    ----------
    verb, name
        The function's name, and the argument's.
    given
        What was passed: a text, or an object that stands for one.
    language
        Of the error.

    Raises
    ------
    PlanError
        It is neither; a path of bytes is none, since its letters are not known.
    """
    said = os.fspath(given) if isinstance(given, os.PathLike) else given
    require_argument(verb, name, said, (str,), "wanted_path", language=language)
    return Path(str(said))
