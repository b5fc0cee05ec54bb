"""Many plans at once: scenarios of one plan, solved by the thousand."""

from __future__ import annotations

from decompose.scenario.chance import Margin, chances, margin_for, quota_quantiles, simulate
from decompose.scenario.files import read_scenarios
from decompose.scenario.grid import grid
from decompose.scenario.model import Scenario
from decompose.scenario.run import sweep

__all__ = [
    "Margin",
    "Scenario",
    "chances",
    "grid",
    "margin_for",
    "quota_quantiles",
    "read_scenarios",
    "simulate",
    "sweep",
]
