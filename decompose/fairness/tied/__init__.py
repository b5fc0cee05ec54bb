"""Indicators that are sums or rises of others, settled region by region without programs."""

from __future__ import annotations

from decompose.fairness.tied.by_ties import by_ties

__all__ = ["by_ties"]
