"""Progress: what was reached of the quotas, who leads, who is called to a talk, who is late."""

from __future__ import annotations

from decompose.progress.model import Progress
from decompose.progress.track import track

__all__ = ["Progress", "track"]
