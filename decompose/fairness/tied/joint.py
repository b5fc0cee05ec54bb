"""The sums over tied cells together: what prices of programs leave no choice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.chains import SIDES
from decompose.fairness.levels import PRICED, Levels, Prices
from decompose.fairness.tied.cells import Cells
from decompose.fairness.tied.spans import Layer
from decompose.fairness.tied.sums import Sums
from decompose.problem import Floats, Ints, Matrix
from decompose.solvers import Program


@dataclass(frozen=True, eq=False)
class TiedJoint:
    """The open cells of a part, with their sums and the rules of their regions.

    Attributes
    ----------
    cells, value, level
        Of the part, and the leximin of every region by itself.
    layer, row
        Where each rule between open cells stands in the layers.
    levels
        What is missed at a level.
    """

    cells: Cells
    value: Floats
    level: Floats
    layer: Ints
    row: Ints
    levels: Levels

    @staticmethod
    def of(cells: Cells, sums: Sums, value: Floats, level: Floats, scale: float) -> TiedJoint:
        """Return what is open at a stage."""
        open_, size = np.flatnonzero(~cells.settled), len(cells)
        unit = scale * cells.reference
        column = np.full(size, -1, dtype=np.int64)
        column[open_] = np.arange(len(open_))
        centre = np.where(cells.settled, cells.caps[:size], cells.reference)

        layer, row, ties, left = _ties(cells, column, centre)
        summed, demand = _summed(cells, sums, column, centre)
        rows = Matrix.stack([summed, ties])
        rows = Matrix(rows.start, rows.column, rows.value * unit[open_][rows.column])
        most = np.zeros(len(rows))
        np.maximum.at(most, rows.row, np.abs(rows.value))
        count, free = len(summed), 2 * len(summed)
        missed = np.arange(count)
        misses = Matrix.collect(
            np.tile(missed, 2),
            len(open_) + np.arange(free),
            np.repeat([1.0, -1.0], count),
            rows=len(rows),
            size=len(open_) + free,
        )
        rows = Matrix.collect(
            np.concatenate([rows.row, misses.row]),
            np.concatenate([rows.column, misses.column]),
            np.concatenate([rows.value / most[rows.row], misses.value]),
            rows=len(rows),
            size=len(open_) + free,
        )
        away = [
            ((one.reshape(2, -1) - SIDES * cells.reference) / unit)[:, open_]
            for one in (cells.caps, np.concatenate([value, -value]))
        ]
        of_sums = demand / most[:count]
        program = Program(
            cost=np.repeat([0.0, 1.0], [len(open_), free]),
            lower=np.zeros(len(open_) + free),
            upper=np.zeros(len(open_) + free),
            rows=rows,
            row_lower=np.concatenate([of_sums, np.full(len(ties), -np.inf)]),
            row_upper=np.concatenate([of_sums, left / most[count:]]),
        )
        levels = Levels(
            scale,
            caps=away[0],
            alone=away[1],
            level=level[open_] / scale,
            counts=np.ones(len(open_), dtype=bool),
            ties=len(ties),
            rules=program,
        )
        return TiedJoint(cells, value, level, layer, row, levels)

    def settled(self, prices: Prices, level: float) -> Cells:
        """Settle what has no choice where the prices prove that no lower level will do.

        Cells with a price are as far as they can go; rules with one are equalities.
        """
        cells, size = self.cells, len(self.cells)
        open_ = ~cells.settled
        held = open_ & (self.level > level * self.levels.scale)
        priced = np.zeros((2, size), dtype=bool)
        priced[:, open_] = prices.reach > PRICED
        away = level * self.levels.scale * cells.reference
        high = np.minimum(cells.reference + away, cells.caps[:size])
        low = np.maximum(cells.reference - away, -cells.caps[size:])
        value = np.where(held, self.value, np.where(priced[0], high, low))
        layers = list(cells.layers)
        for number in np.unique(self.layer[prices.ties]).tolist():
            one = layers[number]
            some = self.row[prices.ties & (self.layer == number)]
            layers.append(
                Layer(one.source[:, some], one.target[:, some], one.size[:, some], -one.bound[some])
            )
        return replace(cells, layers=layers).settle(held | priced.any(axis=0), value)


def _ties(cells: Cells, column: Ints, centre: Floats) -> tuple[Ints, Ints, Matrix, Floats]:
    """Return the rules between open cells: layer, row, terms, and what is left to the terms."""
    size = len(cells)
    found: list[Matrix] = []
    places: list[tuple[Ints, Ints]] = []
    left = [np.zeros(0)]
    for number, layer in enumerate(cells.layers):
        half, member = np.divmod(layer.source, size)
        value = np.where(half > 0, 1.0, -1.0) * layer.size
        here = column[member] >= 0
        rows = np.flatnonzero(here.any(axis=0))
        found.append(_rows(column[member][:, rows], value[:, rows], len(column)))
        left.append(layer.bound[rows] - (value * centre[member]).sum(axis=0)[rows])
        places.append((np.full(len(rows), number), rows))
    nothing = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate([nothing, *(layer for layer, _ in places)]),
        np.concatenate([nothing, *(row for _, row in places)]),
        Matrix.stack(found),
        np.concatenate(left),
    )


def _rows(column: Ints, value: Floats, size: int) -> Matrix:
    """Return rows of entries (k, m), without those that are settled."""
    entry, row = np.nonzero(column >= 0)
    return Matrix.collect(
        row, column[entry, row], value[entry, row], rows=column.shape[1], size=size
    )


def _summed(cells: Cells, sums: Sums, column: Ints, centre: Floats) -> tuple[Matrix, Floats]:
    """Return the sums that are known over open cells, and what is left to them."""
    nodes = len(sums.value)
    outer = np.append(sums.outer, -1)[cells.block]
    node = np.concatenate([cells.block, outer])
    cell = np.tile(np.arange(len(cells)), 2)
    inside = (node >= 0) & ~np.tile(cells.paired, 2)
    inside[inside] = sums.known[node[inside]]
    node, cell = node[inside], cell[inside]
    left = np.where(sums.known, sums.value, 0.0) - np.bincount(node, centre[cell], minlength=nodes)
    open_ = column[cell] >= 0
    number, row = np.unique(node[open_], return_inverse=True)
    matrix = Matrix.collect(
        row, column[cell[open_]], np.ones(len(row)), rows=len(number), size=len(column)
    )
    return matrix, left[number]
