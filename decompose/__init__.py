"""Decompose a plan's targets to every district, year and indicator, and print its annexes."""

from __future__ import annotations

import logging

from decompose.allocation import Allocation
from decompose.audit import to_pulp
from decompose.checking import Issue, check
from decompose.engine import sensitivity, solve
from decompose.errors import (
    DecomposeError,
    InfeasibleError,
    Mistake,
    PlanError,
    ReportError,
    RoundingError,
    SolverError,
)
from decompose.explain import Sensitivity
from decompose.plan import Group, Indicator, Limits, Lock, Plan, Region, Stated, Target
from decompose.reading import read_plan
from decompose.report import write_report

__all__ = [
    "Allocation",
    "DecomposeError",
    "Group",
    "Indicator",
    "InfeasibleError",
    "Issue",
    "Limits",
    "Lock",
    "Mistake",
    "Plan",
    "PlanError",
    "Region",
    "ReportError",
    "RoundingError",
    "Sensitivity",
    "SolverError",
    "Stated",
    "Target",
    "check",
    "read_plan",
    "sensitivity",
    "solve",
    "to_pulp",
    "write_report",
]

logging.getLogger("decompose").addHandler(logging.NullHandler())
