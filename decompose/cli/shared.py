"""What the verbs share: their exit status, what they read, and how they tell of it."""

from __future__ import annotations

from pathlib import Path

from decompose.allocation import Allocation
from decompose.checking import Issue
from decompose.engine import solve
from decompose.issued import is_allocation, read_allocation
from decompose.labels import Language, say, word
from decompose.reading import read_plan

DONE, UNMET, BAD_INPUT = 0, 1, 2
UNREAD = 141


def allocation_of(path: Path, language: Language) -> Allocation:
    """Return an issued allocation, or that of a plan file."""
    if is_allocation(path):
        return read_allocation(path, language=language)
    return solve(read_plan(path, language=language), language=language)


def told_of(issue: Issue, language: Language) -> str:
    """Return an issue as a line."""
    severity = word(f"severity_{issue.severity}", language)
    code = "check_issue" if issue.where else "check_issue_whole"
    return say(code, severity=severity, where=issue.where, text=issue.text).text(language)
