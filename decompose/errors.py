"""The errors that a user may catch.

::

    DecomposeError
    ├── PlanError (ValueError)    a plan, actuals or a theme are wrong: every mistake at once
    ├── InfeasibleError           a well-formed plan that cannot be met
    ├── SolverError               the solver failed, or its answer broke a rule
    ├── RoundingError             no table in whole steps adds up
    └── ReportError               a table could not be written

Each carries ``code`` and ``data``; ``str()`` is the text, in the language that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What would steer a terminal, or turn the sentence around it."""

_LONGEST = 300
"""The most letters by which a text says where something stands: a name may have thousands."""


def printable(text: str) -> str:
    """Return a text with what a wrong name may hold written as an escape."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


class Told(Protocol):
    """What an error needs of a message: a code, its data, and its text in a language."""

    @property
    def code(self) -> str:
        """The message's code."""

    @property
    def data(self) -> Mapping[str, object]:
        """The figures and names that fill the text."""

    def text(self, language: Any = "zh") -> str:
        """Return the text in a language."""


class Spoken(Protocol):
    """What an error needs of a diagnosis: its text in a language."""

    @property
    def feasible(self) -> bool:
        """Whether the rules can hold together after all."""

    def text(self, language: Any = None) -> str:
        """Return the text in a language."""


class DecomposeError(Exception):
    """Every error of this package that a user can mend.

    ``code`` and ``data`` are the same in every language; ``str()`` is the text.

    Parameters
    ----------
    message
        What happened, where, and how to mend it.
    language
        ``"zh"`` or ``"en"``: the language of ``str()``.
    """

    def __init__(self, message: Told, *, language: str = "zh") -> None:
        super().__init__(message, language)
        self.message = message
        self.language = language

    @property
    def code(self) -> str:
        """The error's code, the same in every language."""
        return self.message.code

    @property
    def data(self) -> Mapping[str, object]:
        """The figures and names that fill the text."""
        return self.message.data

    def text(self, language: str | None = None) -> str:
        """Return the whole text in a language (the error's own by default)."""
        return printable(self.message.text(language or self.language))

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _with_lines(head: Told, lines: Sequence[Told | Mistake], language: str) -> str:
    """Return a head line, and a line for each of some more texts."""
    return "\n".join(
        [printable(head.text(language)), *(f"  - {line.text(language)}" for line in lines)]
    )


def _rebuild(kind: type[DecomposeError], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    """Bring an error back in another process, whatever arguments its class takes."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


@dataclass(frozen=True)
class Mistake:
    """One mistake of a plan: where it stands, and what is wrong and how to mend it.

    Parameters
    ----------
    message
        What was found and how to mend it.
    path
        The keys that lead to it, as in ``with_changes``.
    place
        File and line, or sheet and cell; empty for a plan that was not read from a file.
    """

    message: Told
    path: tuple[str | int, ...] = ()
    place: str = ""

    @property
    def where(self) -> str:
        """The place and the path, as one string."""
        return " ".join(part for part in (self.place, ".".join(map(str, self.path))) if part)

    def text(self, language: str = "zh") -> str:
        """Return the place, and what is wrong there.

        Parameters
        ----------
        language
            ``"zh"`` or ``"en"``.

        Returns
        -------
        str
            In one line.
        """
        where = self.where
        if len(where) > _LONGEST:
            where = f"{where[:_LONGEST]}…"
        colon = "\uff1a" if language == "zh" else ": "
        told = self.message.text(language)
        return printable(f"{where}{colon}{told}" if where else told)


class PlanError(DecomposeError, ValueError):
    """A plan, a file of actuals, a theme or an argument is wrong.

    Parameters
    ----------
    message, language
        As of every error.
    mistakes
        Every mistake that was found, each with its place and how to mend it.
    glossary
        What the keys of the mistakes are called in the file; None where it has the keys themselves.
    """

    def __init__(
        self,
        message: Told,
        mistakes: Sequence[Mistake] = (),
        *,
        glossary: Told | None = None,
        language: str = "zh",
    ) -> None:
        super().__init__(message, language=language)
        self.mistakes = tuple(mistakes)
        self.glossary = glossary

    def text(self, language: str | None = None) -> str:
        """Return the head line and one line per mistake, and the glossary, in Chinese."""
        language = language or self.language
        told = _with_lines(self.message, self.mistakes, language)
        if self.glossary is None or language != "zh":  # English headings are the keys
            return told
        return f"{told}\n{printable(self.glossary.text(language))}"


class InfeasibleError(DecomposeError):
    """The plan is well formed, but its rules cannot hold together.

    Parameters
    ----------
    message, language
        As of every error.
    diagnose
        Finds out which rules cannot, and what it would take. It is called once, when ``diagnosis``
        is first asked for.
    indicators
        Ids of the indicators whose rules, together, cannot hold.
    """

    def __init__(
        self,
        message: Told,
        diagnose: Callable[[], Spoken] | None = None,
        *,
        indicators: Sequence[str] = (),
        language: str = "zh",
    ) -> None:
        super().__init__(message, language=language)
        self.indicators = tuple(indicators)
        self._diagnose = diagnose
        self._diagnosis: Spoken | None = None

    @property
    def diagnosis(self) -> Any:
        """Which rules cannot hold, and what it would take: a Diagnosis; None where unknown."""
        if self._diagnosis is None and self._diagnose is not None:
            self._diagnosis = self._diagnose()
        return self._diagnosis

    def text(self, language: str | None = None) -> str:
        """Return the diagnosis in words; where it fails, why."""
        language = language or self.language
        try:
            found = self.diagnosis
        except SolverError as error:  # the text of an error is never an error
            return f"{printable(self.message.text(language))}\n{error.text(language)}"
        told = self.message if found is None or found.feasible else found
        return str(told.text(language))


class SolverError(DecomposeError):
    """The solver is not there, failed, stopped early, or gave an answer that breaks a rule."""


class RoundingError(DecomposeError):
    """No table in whole steps adds up (``strict: true``, or groups that cross).

    Parameters
    ----------
    message, language
        As of every error.
    conflict
        The sums and rules that cannot hold together in whole steps.
    indicators
        Ids of the indicators with ``strict: true`` whose limits are among them.
    """

    def __init__(
        self,
        message: Told,
        conflict: Sequence[Told] = (),
        *,
        indicators: Sequence[str] = (),
        language: str = "zh",
    ) -> None:
        super().__init__(message, language=language)
        self.conflict = tuple(conflict)
        self.indicators = tuple(indicators)

    def text(self, language: str | None = None) -> str:
        """Return the head line and one line per sum or rule."""
        return _with_lines(self.message, self.conflict, language or self.language)


class ReportError(DecomposeError):
    """A file could not be written: its folder, its format, or a package that is not installed."""
