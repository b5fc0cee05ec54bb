"""Every sum by itself, with the regions that have cells of it: all of them at the same time.

A region has cells of several sums, each of which is met at a level of its own. So each sum gets a
view, with cells of its own for all that its regions tie. Where most sums have cells of most
regions, they wait for one another anyway: those of a part then share a view.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.tied.cells import Cells
from decompose.fairness.tied.spans import Layer
from decompose.fairness.tied.sums import Least, Sums
from decompose.problem import Bools, Floats, Ints

SHARED = 2
"""Stages that views take, for each view that a region is in, where sums share none."""


@dataclass(frozen=True, eq=False)
class Views:
    """Cells and sums of every view; a view is a part.

    Attributes
    ----------
    cells, sums
        What is in the views. Only the first nodes, those of the whole, have to be met.
    own
        The view of each of the first nodes: the number of one of them.
    cell, node
        Which cell and which node of the whole each of them stands for.
    view, region
        The regions of each view, as pairs.
    """

    cells: Cells
    sums: Sums
    own: Ints
    cell: Ints
    node: Ints
    view: Ints
    region: Ints

    @staticmethod
    def of(cells: Cells, sums: Sums) -> Views:
        """Return the views of all sums, those within others included."""
        count, nodes = len(cells), len(sums.value)
        view, region = _pairs(cells, sums, np.arange(nodes))
        own = _own(cells, sums, view, region)
        view, region = _pairs(cells, sums, own)

        of_cell, cell = _spread(cells.local, region)
        place = _Places(view[of_cell] * count + cell)

        def copied(layer: Layer) -> Layer:
            of_row, row = _spread(cells.local[layer.target[0] % count], region)
            return _copied(layer, row, view[of_row], place, count)

        inside = cells.block[cell] >= 0
        key = (view[of_cell] * nodes + cells.block[cell])[inside]
        first = own * nodes + np.arange(nodes)
        keys = _Places(np.concatenate([first, np.setdiff1d(key, first)]))
        block = np.full(len(cell), -1, dtype=np.int64)
        block[inside] = keys.of(key)
        of_node, node = np.divmod(keys.keys, nodes)
        ties = []
        for layer in sums.layers:
            of_entry = sums.outer[layer.target % nodes]
            for one in of_entry:
                row = np.flatnonzero(one >= 0)
                ties.append(_copied(layer, row, own[one[row]], keys, nodes))
        around = sums.outer[node]
        inner = (around >= 0) & (own[around] == of_node)
        return Views(
            replace(
                cells.take_each(cell),
                part=view[of_cell],
                block=block,
                layers=[copied(layer) for layer in cells.layers],
                pairs=[copied(layer) for layer in cells.pairs],
            ),
            Sums.of(
                sums.value[node],
                sums.known[node],
                np.where(inner, around, -1),
                of_node,
                ties,
            ),
            own,
            cell,
            node,
            view,
            region,
        )

    def least(
        self, cells: Cells, sums: Sums, value: Floats, level: Floats, short: Bools
    ) -> tuple[Views, Least]:
        """Return the least level of each view with a sum that is short, and these views alone."""
        nodes, size = len(sums.value), len(self.node)
        wanted = self.short(short)
        open_ = np.zeros(int(cells.local.max(initial=-1)) + 1, dtype=bool)
        open_[cells.local[~cells.settled]] = True
        here = wanted[self.cells.part]
        done = here & ~open_[self.cells.local]
        fixed = np.bincount(self.cells.block[done] + 1, value[self.cell[done]], minlength=size + 1)[
            1:
        ]
        here &= ~done
        cell = self.cell[here]
        some = replace(self.cells.take(here), caps=cells.caps_of(cell), settled=cells.settled[cell])
        own = replace(
            self.sums,
            value=sums.value[self.node],
            known=sums.known[self.node],
            open=np.arange(size) < nodes,
            demand=sums.demand[np.concatenate([self.node, self.node + nodes])],
            beside=np.concatenate([fixed, -fixed]),
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

    def short(self, short: Bools) -> Bools:
        """Tell which views have a sum with either flag (2m,) up."""
        found = np.zeros(len(self.own), dtype=bool)
        found[self.own[short.reshape(2, -1).any(axis=0)]] = True
        return found


def _pairs(cells: Cells, sums: Sums, own: Ints) -> tuple[Ints, Ints]:
    """Return each view with each of its regions."""
    regions = int(cells.local.max(initial=-1)) + 1
    outer = np.append(sums.outer, -1)[cells.block]
    inside = [(one[one >= 0], cells.local[one >= 0]) for one in (cells.block, outer)]
    pair = np.concatenate([own[one] * regions + region for one, region in inside])
    view, region = np.divmod(np.unique(pair), regions)
    return view, region


def _own(cells: Cells, sums: Sums, view: Ints, region: Ints) -> Ints:
    """Return the view of each sum: its own, or one of its part where that is less work."""
    nodes, part = len(sums.value), sums.part
    parts = int(part.max(initial=-1)) + 1
    of_part, first = np.unique(part, return_index=True)
    shared = np.zeros(parts, dtype=np.int64)
    shared[of_part] = first
    of_region = np.zeros(int(cells.local.max(initial=-1)) + 1, dtype=np.int64)
    of_region[cells.local] = cells.part
    regions = np.bincount(of_region[np.unique(region)], minlength=parts)
    each = np.bincount(part[view], minlength=parts) / np.maximum(regions, 1)
    apart = np.bincount(part, minlength=parts) > SHARED * each**2
    return np.where(apart[part], np.arange(nodes), shared[part])


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
        target[:, inside],
        source[:, inside],
        layer.size[:, row][:, inside],
        layer.bound[row][inside],
    )
