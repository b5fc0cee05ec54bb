"""Pictures of what was decided and of what was reached: frames, drawings, Altair charts."""

from __future__ import annotations

from decompose.charts.altair_charts import Plot, ProgressPlot, fan, save_chart
from decompose.charts.pictures import (
    Picture,
    allocation_pictures,
    comparison_pictures,
    progress_pictures,
    sweep_pictures,
)

__all__ = [
    "Picture",
    "Plot",
    "ProgressPlot",
    "allocation_pictures",
    "comparison_pictures",
    "fan",
    "progress_pictures",
    "save_chart",
    "sweep_pictures",
]
