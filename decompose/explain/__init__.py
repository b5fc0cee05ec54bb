"""Why a number is what it is, why a plan cannot be met, and what relief would change."""

from __future__ import annotations

from decompose.explain.diagnosis import Diagnosis, diagnose
from decompose.explain.reason import Cause, Reason, Relief, Remedy, Section, TightRule
from decompose.explain.reference import Basis
from decompose.explain.repairs import Repair
from decompose.explain.rules import Rule
from decompose.explain.sensitivity import MOST, Sensitivity, sensitivity_of
from decompose.explain.why import why

__all__ = [
    "MOST",
    "Basis",
    "Cause",
    "Diagnosis",
    "Reason",
    "Relief",
    "Remedy",
    "Repair",
    "Rule",
    "Section",
    "Sensitivity",
    "TightRule",
    "diagnose",
    "sensitivity_of",
    "why",
]
