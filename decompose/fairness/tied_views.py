"""Every sum by itself, with the regions that have cells of it: all of them at the same time.

A region has cells of several sums, each of which is met at a level of its own. So each sum gets a
view, with cells of its own for all that its regions tie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.spans import Layer
from decompose.fairness.tied_cells import Cells
from decompose.fairness.tied_sums import Least, Sums
from decompose.problem import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Views:
    """Cells and sums of every view; a view is a part.

    Attributes
    ----------
    cells, sums
        What is in the views. Only the first nodes, one for each view, have to be met.
    cell, node
        Which cell and which node of the whole each of them stands for.
    view, region
        The regions of each view, as pairs.
    """

    cells: Cells
    sums: Sums
    cell: Ints
    node: Ints
    view: Ints
    region: Ints

    @staticmethod
    def of(cells: Cells, sums: Sums) -> Views:
        """Return a view of each sum, those within others included."""
        count, nodes = len(cells), len(sums.value)
        regions = int(cells.local.max(initial=-1)) + 1
        outer = np.append(sums.outer, -1)[cells.block]
        pair = np.concatenate(
            [(one * regions + cells.local)[one >= 0] for one in (cells.block, outer)]
        )
        view, region = np.divmod(np.unique(pair), regions)

        of_cell, cell = _spread(cells.local, region)
        place = _Places(view[of_cell] * count + cell)
        layers = []
        for layer in cells.layers:
            of_row, row = _spread(cells.local[layer.target[0] % count], region)
            layers.append(_copied(layer, row, view[of_row], place, count))

        inside = cells.block[cell] >= 0
        key = (view[of_cell] * nodes + cells.block[cell])[inside]
        own = np.arange(nodes) * (nodes + 1)
        keys = _Places(np.concatenate([own, np.setdiff1d(key, own)]))
        block = np.full(len(cell), -1, dtype=np.int64)
        block[inside] = keys.of(key)
        of_node, node = np.divmod(keys.keys, nodes)
        ties = []
        for layer in sums.layers:
            of_entry = sums.outer[layer.target % nodes]
            for one in of_entry:
                row = np.flatnonzero(one >= 0)
                ties.append(_copied(layer, row, one[row], keys, nodes))
        around = sums.outer[node]
        return Views(
            replace(
                cells.take_each(cell),
                part=view[of_cell],
                block=block,
                layers=layers,
            ),
            Sums.of(
                sums.value[node],
                sums.known[node],
                np.where(around == of_node, around, -1),
                of_node,
                ties,
            ),
            cell,
            node,
            view,
            region,
        )

    def least(
        self, cells: Cells, sums: Sums, value: Floats, level: Floats, short: Bools
    ) -> tuple[Views, Least]:
        """Return the least level of each sum that is short, and the views of these alone."""
        nodes, size = len(sums.value), len(self.node)
        wanted = short.reshape(2, -1).any(axis=0)
        here = wanted[self.cells.part]
        cell = self.cell[here]
        some = replace(
            self.cells.take(here), caps=cells.caps_of(cell), settled=cells.settled[cell]
        )
        own = replace(
            self.sums,
            value=sums.value[self.node],
            known=sums.known[self.node],
            open=np.arange(size) < nodes,
            demand=sums.demand[np.concatenate([self.node, self.node + nodes])],
        )
        halves = np.zeros((2, size), dtype=bool)
        halves[:, :nodes] = short.reshape(2, -1)
        least = own.least(some, value[cell], level[cell], halves.ravel(), nodes)
        pairs = wanted[self.view]
        return (
            replace(
                self,
                cells=some,
                sums=own,
                cell=cell,
                view=self.view[pairs],
                region=self.region[pairs],
            ),
            least,
        )


class _Places:
    """Where keys stand in a list."""

    def __init__(self, keys: Ints) -> None:
        self.keys = keys
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def of(self, keys: Ints) -> Ints:
        """Return the place of each key, -1 where it is missing."""
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self.keys) - 1)
        return np.where(self._sorted[at] == keys, self._order[at], -1)


def _spread(group: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return the members of each group that is wanted: the place of the wish, and the member."""
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=int(wanted.max(initial=-1)) + 1)
    start = np.cumsum(counts) - counts
    number = counts[wanted]
    of_wish = np.repeat(np.arange(len(wanted)), number)
    begin = np.cumsum(number) - number
    return of_wish, order[start[wanted][of_wish] + np.arange(len(of_wish)) - begin[of_wish]]


def _copied(layer: Layer, row: Ints, view: Ints, places: _Places, count: int) -> Layer:
    """Return rules of a layer, each in a view; those that look beyond their view are left out."""

    def placed(caps: Ints) -> Ints:
        half, member = np.divmod(caps[:, row], count)
        at = places.of(view * count + member)
        return np.where(at >= 0, at + half * len(places.keys), -1)

    target, source = placed(layer.target), placed(layer.source)
    inside = (target >= 0).all(axis=0)
    return Layer(
        target[:, inside], source[:, inside], layer.size[:, row][:, inside], layer.bound[row][inside]
    )
