"""Decompose a plan's targets to every district, year and indicator, and print its annexes."""

from __future__ import annotations

import logging

from decompose.allocation import Allocation
from decompose.audit import to_pulp
from decompose.checking import Issue, check
from decompose.engine import explain, solve
from decompose.errors import (
    DecomposeError,
    InfeasibleError,
    Mistake,
    PlanError,
    ReportError,
    RoundingError,
    SolverError,
)
from decompose.explain import Diagnosis, Reason, Repair, Rule
from decompose.plan import Group, Indicator, Limits, Lock, Plan, Region, Stated, Target
from decompose.reading import read_plan
from decompose.report import write_report

__all__ = [
    "Allocation",
    "DecomposeError",
    "Diagnosis",
    "Group",
    "Indicator",
    "InfeasibleError",
    "Issue",
    "Limits",
    "Lock",
    "Mistake",
    "Plan",
    "PlanError",
    "Reason",
    "Region",
    "Repair",
    "ReportError",
    "RoundingError",
    "Rule",
    "SolverError",
    "Stated",
    "Target",
    "check",
    "explain",
    "read_plan",
    "solve",
    "to_pulp",
    "write_report",
]

logging.getLogger("decompose").addHandler(logging.NullHandler())
