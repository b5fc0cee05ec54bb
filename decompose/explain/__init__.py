"""Why a number is what it is, and why a plan cannot be met."""

from __future__ import annotations

from decompose.explain.why import Reason, Relief, TightRule, why

__all__ = ["Reason", "Relief", "TightRule", "why"]
