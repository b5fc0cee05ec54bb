"""The plan: what a plan file says, frozen, with its names and figures checked."""

from __future__ import annotations

from decompose.plan.models import Group, Indicator, Limits, Lock, Region, Stated, Target
from decompose.plan.plan import Plan

__all__ = ["Group", "Indicator", "Limits", "Lock", "Plan", "Region", "Stated", "Target"]
