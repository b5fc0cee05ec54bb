"""Decompose a plan's targets to every district, year and indicator, and print its annexes."""

from __future__ import annotations

from decompose.allocation import Allocation
from decompose.engine import solve
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
    "Allocation",
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
    "solve",
]
