"""The plan: what a plan file says, frozen, with its names and figures checked."""

from __future__ import annotations

from decompose.plan.limits import Limits, Lock
from decompose.plan.models import Group, Indicator, Region
from decompose.plan.plan import Plan
from decompose.plan.targets import Stated, Target

__all__ = ["Group", "Indicator", "Limits", "Lock", "Plan", "Region", "Stated", "Target"]
