"""Why a number is what it is, and why a plan cannot be met."""

from __future__ import annotations

from decompose.explain.diagnosis import Diagnosis, diagnose
from decompose.explain.repairs import Repair
from decompose.explain.rules import Rule
from decompose.explain.why import Reason, Relief, TightRule, why

__all__ = [
    "Diagnosis",
    "Reason",
    "Relief",
    "Repair",
    "Rule",
    "TightRule",
    "diagnose",
    "why",
]
