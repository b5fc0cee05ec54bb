"""Why a number is what it is, why a plan cannot be met, and what relief would change."""

from __future__ import annotations

from decompose.explain.sensitivity import MOST, Sensitivity, sensitivity_of
from decompose.explain.why import Reason, Relief, TightRule, why

__all__ = ["MOST", "Reason", "Relief", "Sensitivity", "TightRule", "sensitivity_of", "why"]
