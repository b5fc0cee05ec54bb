"""Leximin without programs where rules tie a few cells of a region: relax, force, verify.

As in the closed form, each stage looks at two relaxations of what is still open: every region
without the sums, and every sum without the other sums. Here a region's cells are tied by rules of
any shape (a sum of other indicators, the rise of a level, growth), and how far a cell can go at a
level is found by carrying bounds from rule to rule. Whatever is left out makes a level a lower
bound; the cells that have no choice at it are settled. Where the point that is built in this way
keeps every rule, and levels never rise, every bound was attained: it is the exact leximin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.closed_form import HUGE
from decompose.fairness.sums import rises
from decompose.fairness.tied_cells import Cells
from decompose.fairness.tied_sums import Least, Sums
from decompose.fairness.tied_views import Views
from decompose.problem import Bools, Floats


@dataclass(frozen=True, eq=False)
class Stage:
    """What is open at a stage, and the leximin of every region by itself.

    Attributes
    ----------
    cells, sums
        The cells with their rules, and their sums.
    value, level
        Of each cell in the leximin of its region alone, (n,).
    failed
        Cells of regions where none was found, (n,).
    """

    cells: Cells
    sums: Sums
    value: Floats
    level: Floats
    failed: Bools

    @staticmethod
    def of(cells: Cells, sums: Sums) -> Stage:
        """Return the stage of these cells."""
        return Stage(cells, sums, *cells.alone())

    def after(self, views: Views, least: Least, chosen: Bools, highest: Floats) -> Stage:
        """Settle what has no choice at the least levels of the sums that are chosen."""
        cells, nodes, size = self.cells, len(self.sums.value), len(views.node)
        binding = least.binding.reshape(2, -1)[:, :nodes] & chosen
        high, low = (
            np.append(half, False)[np.where(views.cells.block < nodes, views.cells.block, -1)]
            for half in binding
        )
        count = len(views.cell)
        value, settled = self.value.copy(), np.zeros(len(cells), dtype=bool)
        value[views.cell[high]] = least.caps[:count][high]
        value[views.cell[low]] = -least.caps[count:][low]
        settled[views.cell[high | low]] = True
        regions = np.zeros(len(highest), dtype=bool)
        regions[views.region[chosen[views.view]]] = True
        settled |= regions[cells.local] & (self.level > highest[cells.local])
        settled &= ~cells.settled
        inner = views.sums.outer >= 0
        high, low = (np.append(half, False)[views.sums.outer] & inner for half in binding)
        at = np.where(high, least.nodes[:size], -least.nodes[size:])
        found = high | low
        return self.with_settled(
            cells.settle(settled, value),
            self.sums.after(binding.any(axis=0), views.node[found], at[found]),
        )

    def with_settled(self, cells: Cells, sums: Sums) -> Stage:
        """Return the stage once more cells are settled: their regions are looked at again."""
        again = np.zeros(int(cells.local.max(initial=-1)) + 1, dtype=bool)
        again[cells.local[cells.settled & ~self.cells.settled]] = True
        here = again[cells.local]
        value, level, failed = self.value.copy(), self.level.copy(), self.failed.copy()
        value[here], level[here], failed[here] = cells.take(here).alone()
        return Stage(cells, sums, value, level, failed)


def tied_form(cells: Cells, sums: Sums) -> tuple[Floats, Bools]:
    """Return the exact leximin of the parts that are found to have one here.

    Parameters
    ----------
    cells, sums
        The cells with the rules of each region, and what they add up to.

    Returns
    -------
    x : (n,)
        Values; without meaning in parts not solved.
    solved : (k,)
        Whether the bounds of the part's stages never rose, and its sums are met.
    """
    parts = int(max(cells.part.max(initial=-1), sums.part.max(initial=-1))) + 1
    tight = np.ones(parts, dtype=bool)
    last = np.full(int(cells.local.max(initial=-1)) + 1, HUGE)
    stage, views = Stage.of(cells, sums), Views.of(cells, sums)
    while True:
        cells = stage.cells
        wrong = stage.failed | (rises(stage.level, last[cells.local]) & ~cells.settled)
        tight[cells.part[wrong]] = False
        sums = stage.sums.within_reach(cells)
        short = sums.short(cells, stage.value) & np.tile(tight[sums.part], 2)
        if not short.any():
            return stage.value, tight
        some, least = views.least(cells, sums, stage.value, stage.level, short)
        level = np.where(short.reshape(2, -1).any(axis=0), least.level, -np.inf)
        # A sum waits for those with a higher level that have cells of the same regions.
        highest = np.full(len(last), -np.inf)
        np.maximum.at(highest, some.region, level[some.view])
        chosen = np.isfinite(level)
        chosen[some.view[level[some.view] < highest[some.region]]] = False
        of_chosen = chosen[some.view]
        region, at = some.region[of_chosen], level[some.view[of_chosen]]
        late = rises(at, last[region])
        tight[sums.part[some.view[of_chosen][late]]] = False
        tight[sums.part[np.isinf(level) & (level > 0)]] = False
        np.minimum.at(last, region, at)
        stage = stage.after(some, least, chosen, highest)
