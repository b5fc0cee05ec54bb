"""What was reached: files of actuals as a frame, and a frame beside its plan."""

from __future__ import annotations

from decompose.actuals.match import Actuals, match_actuals
from decompose.actuals.read import read_actuals

__all__ = ["Actuals", "match_actuals", "read_actuals"]
