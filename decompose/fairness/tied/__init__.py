"""Rules that tie cells within regions (sums, rises, shares, steps), settled without programs."""

from __future__ import annotations

from decompose.fairness.tied.by_ties import by_ties

__all__ = ["by_ties"]
