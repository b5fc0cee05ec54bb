"""Many plans at once: scenarios of one plan, solved by the thousand."""

from __future__ import annotations

from decompose.scenario.model import Scenario
from decompose.scenario.sweep import sweep

__all__ = ["Scenario", "sweep"]
