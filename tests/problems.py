"""Problems made by hand: one line per indicator, cell and rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from decompose.problem import AREA, FAMILIES, FAMILY, TOTAL, Matrix, Problem, Rules

Row = tuple[Mapping[int, float], float, float]
"""Coefficients by column, lower and upper bound."""


def rules(
    rows: Sequence[Row],
    *,
    figures: Mapping[int, float] | None = None,
    families: Mapping[int, str] | None = None,
    indicators: Mapping[int, int] | None = None,
) -> Rules:
    """Make rules of rows; the other arguments give some rows, by number, what is not usual."""
    count = len(rows)
    indices = range(count)
    columns = [column for parts, _, _ in rows for column in parts]
    values = [float(value) for parts, _, _ in rows for value in parts.values()]
    start = np.cumsum([0, *(len(parts) for parts, _, _ in rows)])
    return Rules(
        matrix=Matrix(start, np.array(columns, dtype=np.int64), np.array(values, dtype=float)),
        lower=np.array([float(low) for _, low, _ in rows]),
        upper=np.array([float(high) for _, _, high in rows]),
        family=np.array([FAMILY[(families or {}).get(row, "target")] for row in indices], int),
        indicator=np.array([(indicators or {}).get(row, 0) for row in indices], int),
        scope=np.full(count, AREA),
        year=np.full(count, TOTAL),
        source=np.zeros(count, dtype=np.int64),
        figure=np.array([(figures or {}).get(row, np.nan) for row in indices], float),
        whole=np.array(
            [FAMILIES[FAMILY[(families or {}).get(row, "target")]].whole for row in indices]
        ),
    )


def problem(
    reference: Sequence[float],
    rows: Sequence[Row] = (),
    *,
    figures: Mapping[int, float] | None = None,
    families: Mapping[int, str] | None = None,
    indicators: Mapping[int, int] | None = None,
    indicator: Sequence[int] | None = None,
    signed: Sequence[int] = (),
    fairness: str = "leximin",
) -> Problem:
    """Make a problem of cells (one region each) and rules.

    Parameters
    ----------
    reference
        One number per cell.
    rows
        The rules: ``({0: 1, 1: 1}, 60, 60)`` is that the first two cells add up to 60.
    figures, families, indicators
        Of some rows, by number; otherwise no figure, "target", the first indicator.
    indicator
        The indicator of each cell; otherwise all belong to the first.
    signed
        Cells that may be negative.
    """
    size = len(reference)
    of_cell = np.zeros(size, int) if indicator is None else np.array(indicator, int)
    count = int(of_cell.max(initial=0)) + 1
    return Problem(
        indicators=tuple(f"i{number}" for number in range(count)),
        regions=tuple(f"r{number}" for number in range(size)),
        groups=(),
        members=np.zeros((0, size), dtype=bool),
        years=(2015,),
        area="area",
        sources=("",),
        column_indicator=of_cell,
        column_region=np.arange(size),
        column_year=np.zeros(size, int),
        signed=np.isin(np.arange(size), list(signed)),
        step=np.ones(size),
        reference=np.array(reference, float),
        rules=rules(rows, figures=figures, families=families, indicators=indicators),
        fairness=(fairness,) * count,
    )
