"""Problems made by hand: one line per indicator, cell and rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from decompose.fairness.scaled import indicator_sizes
from decompose.problem import AREA, FAMILIES, FAMILY, TOTAL, Matrix, Problem, Rules
from tests.oracles import exact_leximin

Row = tuple[Mapping[int, float], float, float]
"""Coefficients by column, lower and upper bound."""


def rules(
    rows: Sequence[Row],
    *,
    figures: Mapping[int, float] | None = None,
    families: Mapping[int, str] | None = None,
    indicators: Mapping[int, int] | None = None,
    of_cell: Sequence[int] | None = None,
) -> Rules:
    """Make rules of rows; the other arguments give some rows, by number, what is not usual.

    A rule speaks of the indicator of its first cell (``of_cell``; else the first indicator).
    """
    count = len(rows)
    own = [
        of_cell[next(iter(parts))] if parts and of_cell is not None else 0 for parts, _, _ in rows
    ]
    indices = range(count)
    columns = [column for parts, _, _ in rows for column in parts]
    values = [float(value) for parts, _, _ in rows for value in parts.values()]
    start = np.cumsum([0, *(len(parts) for parts, _, _ in rows)])
    return Rules(
        matrix=Matrix(start, np.array(columns, dtype=np.int64), np.array(values, dtype=float)),
        lower=np.array([float(low) for _, low, _ in rows]),
        upper=np.array([float(high) for _, _, high in rows]),
        family=np.array([FAMILY[(families or {}).get(row, "target")] for row in indices], int),
        indicator=np.array(
            [(indicators or {}).get(row, first) for row, first in enumerate(own)], int
        ),
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
        Of some rows, by number; otherwise no figure, "target", that of their first cell.
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
        rules=rules(
            rows,
            figures=figures,
            families=families,
            indicators=indicators,
            of_cell=of_cell.tolist(),
        ),
        fairness=(fairness,) * count,
    )


def random_problem(seed: int, *, most: int = 7) -> Problem:
    """Make a small problem of whole numbers: sums, ties, boxes, figures; most are feasible."""
    random = np.random.default_rng(seed)
    size = int(random.integers(2, most + 1))
    indicator = np.unique(np.sort(random.integers(0, 2, size)), return_inverse=True)[1]
    reference = random.choice([0, 0, 1, 2, 3, 5, 8, 13, 40], size).astype(float)
    # Rules are laid around a point, so that it keeps (nearly) all of them.
    point = np.where(random.random(size) < 0.3, reference, random.integers(0, 12, size))
    rows: list[Row] = []
    figures = {}
    for _ in range(int(random.integers(1, 6))):
        members = np.flatnonzero(random.random(size) < 0.6).tolist()
        if not members:
            continue
        a_sum = random.random() < 0.6
        parts = {
            column: 1.0 if a_sum else float(random.choice([-2, -1, 1, 2, 3])) for column in members
        }
        value = sum(part * point[column] for column, part in parts.items())
        value += 5 * (random.random() < 0.03)
        lower, upper = (
            (value, value),
            (value - random.integers(0, 3), np.inf),
            (-np.inf, value + random.integers(0, 3)),
            (value - 2, value + 1),
        )[int(random.integers(0, 4))]
        if lower < upper and random.random() < 0.5:
            figures[len(rows)] = float(random.integers(1, 20))
        rows.append((parts, lower, upper))
    for column in np.flatnonzero(random.random(size) < 0.3).tolist():
        low = point[column] - 1 if random.random() < 0.5 else -np.inf
        rows.append(({column: 1.0}, low, point[column] + random.integers(0, 3)))
    signed = np.flatnonzero(random.random(size) < 0.15).tolist()
    return problem(
        reference.tolist(), rows, figures=figures, indicator=indicator.tolist(), signed=signed
    )


def in_fractions(asked: Problem) -> tuple[exact_leximin.Program, list[Fraction]]:
    """Return a problem for the exact oracle, and what its cells are to be multiplied by.

    Cells are divided by the size of their indicator: so cells with reference 0 are compared.
    """
    sizes = indicator_sizes(asked)
    size = [Fraction(sizes[indicator]) for indicator in asked.column_indicator]
    matrix, rows, figures = asked.rules.matrix, [], []
    for row, figure in enumerate(asked.rules.figure):
        entries = range(matrix.start[row], matrix.start[row + 1])
        columns = [(int(matrix.column[entry]), Fraction(matrix.value[entry])) for entry in entries]
        parts = {column: value * size[column] for column, value in columns}
        rows.append((parts, _exact(asked.rules.lower[row]), _exact(asked.rules.upper[row])))
        if np.isfinite(figure) and figure:
            figures.append((parts, Fraction(figure)))
    references = [
        Fraction(reference) / unit for reference, unit in zip(asked.reference, size, strict=True)
    ]
    signed = frozenset(np.flatnonzero(asked.signed).tolist())
    return exact_leximin.Program(asked.size, references, rows, figures, signed), size


def _exact(bound: float) -> Fraction | None:
    return None if np.isinf(bound) else Fraction(bound)
