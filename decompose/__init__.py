"""Decompose a plan's targets to every district, year and indicator, and print its annexes."""

from __future__ import annotations

import logging

import decompose.starting  # noqa: F401 # first: it tells Ctrl-C while the rest is read
from decompose.actuals import read_actuals
from decompose.adjust import adjust
from decompose.adopt import adopt
from decompose.allocation import Allocation
from decompose.audit import to_pulp
from decompose.checking import Issue, check
from decompose.comparing import compare
from decompose.engine import explain, sensitivity, solve
from decompose.errors import (
    DecomposeError,
    InfeasibleError,
    Mistake,
    PlanError,
    ReportError,
    RoundingError,
    SolverError,
)
from decompose.explain import Diagnosis, Reason, Repair, Rule, Sensitivity
from decompose.issued import read_allocation
from decompose.moves import Move
from decompose.plan import Group, Indicator, Limits, Lock, Plan, Region, Stated, Target
from decompose.progress import Progress, track
from decompose.reading import read_plan
from decompose.report import write_form, write_report
from decompose.revise import Revision, revise
from decompose.scenario import (
    Margin,
    Scenario,
    chances,
    grid,
    margin_for,
    quota_quantiles,
    read_scenarios,
    simulate,
    sweep,
)

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
    "Margin",
    "Mistake",
    "Move",
    "Plan",
    "PlanError",
    "Progress",
    "Reason",
    "Region",
    "Repair",
    "ReportError",
    "Revision",
    "RoundingError",
    "Rule",
    "Scenario",
    "Sensitivity",
    "SolverError",
    "Stated",
    "Target",
    "adjust",
    "adopt",
    "chances",
    "check",
    "compare",
    "explain",
    "grid",
    "margin_for",
    "quota_quantiles",
    "read_actuals",
    "read_allocation",
    "read_plan",
    "read_scenarios",
    "revise",
    "sensitivity",
    "simulate",
    "solve",
    "sweep",
    "to_pulp",
    "track",
    "write_form",
    "write_report",
]

logging.getLogger("decompose").addHandler(logging.NullHandler())
