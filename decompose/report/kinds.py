"""The sheets that a report may have, by the names that a theme gives them."""

from __future__ import annotations

KINDS = (
    "annex1",
    "annex2",
    "changes",
    "departments",
    "sums",
    "grounds",
    "letters",
    "progress",
    "ranking",
    "talks",
    "late",
    "conflict",
    "repairs",
    "scenarios",
    "scenario_quotas",
    "compared",
)
"""In the order of a report."""
ANNEXES = ("annex1", "annex2")
LISTS = ("departments", "sums", "grounds", "letters")
"""The other sheets of an allocation."""
PLACES = ("title", "year", "region")
"""What stands in braces in the pattern of a title."""
