"""Whole steps: exact quotas become a table of whole numbers that adds up.

Each cell becomes the floor or the ceiling of its exact value, and so does each printed sum;
targets, locks, floors, capacities and part_of hold exactly. Values within 1e-6 of a whole step
are that step. Where no table does all that, :func:`round_table` lets give way, each only where
what stands before it does not help and as little as possible: regions' totals over the years (by
as few steps as possible in all), movable sums (the fewest, by one step), cells (the fewest, by
one step beyond floor and ceiling; never in a part with strict ties). Beside coarser steps (a part
in hundredths of a whole in units), cells and movable sums may first go as many of their own steps
as lie within one of the coarsest, in all as short a way as possible.

Among the tables that are left, part by part (cells that no row joins are parts of their own), it
takes the one with

1. the least worst excess over the ties (growth, ramp, share, links), in steps, to 1e-8;
2. then the least Σ |quota - exact|, each fraction counted in 252,000ths of a step;
3. then the least sum of weights of the cells rounded up. Weights rise with ``Table.order``: of
   equal fractions the one with the lower order goes up. They are below 0: a half goes up. Beyond
   the decimal point they are scrambled: hardly ever do two tables weigh the same.

Nothing but floors, ceilings and counted fractions, in an order of its own, goes to a solver: the
answer depends on values, order and rules, not on how they are passed, nor on noise of 1e-9 (but
where a fraction lies on an edge of the grid and two tables within a grid unit of one another).

Sums that form two nested families (groups, years) make a network matrix, so that the linear
program's vertices are whole [1]_. Blocks of tied cells are put in as the patterns they can take
(:mod:`decompose.rounding.patterns`), which makes nearly all other programs whole too; what is
left is searched in whole numbers among columns of small reduced cost. At the end every row is
counted in int64.

References
----------
.. [1] L. H. Cox, L. R. Ernst, "Controlled rounding", INFOR 20 (1982); a flow through nested sums
   on both sides has a whole solution next to every fractional one.
"""

from __future__ import annotations

from decompose.rounding.round import counted, round_table
from decompose.rounding.rows import components
from decompose.rounding.shifts import Shift, shifts_of
from decompose.rounding.table import Rounded, Table
from decompose.rounding.tabulate import Tabulated, out_of_reach, rules_of_sum, tabulate
from decompose.rounding.together import round_together

__all__ = [
    "Rounded",
    "Shift",
    "Table",
    "Tabulated",
    "components",
    "counted",
    "out_of_reach",
    "round_table",
    "round_together",
    "rules_of_sum",
    "shifts_of",
    "tabulate",
]
