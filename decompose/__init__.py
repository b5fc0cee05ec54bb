"""Decompose a plan's targets to every district, year and indicator, and print its annexes."""

from __future__ import annotations

from decompose.errors import (
    DecomposeError,
    InfeasibleError,
    Mistake,
    PlanError,
    ReportError,
    RoundingError,
    SolverError,
)
from decompose.plan import Group, Indicator, Limits, Lock, Plan, Region, Stated, Target

__all__ = [
    "DecomposeError",
    "Group",
    "Indicator",
    "InfeasibleError",
    "Limits",
    "Lock",
    "Mistake",
    "Plan",
    "PlanError",
    "Region",
    "ReportError",
    "RoundingError",
    "SolverError",
    "Stated",
    "Target",
]
