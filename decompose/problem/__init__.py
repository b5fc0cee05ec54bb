"""A plan as arrays: one column per cell, one row per rule, a label on each.

A :class:`Problem` is what ``build`` makes of a Plan and what ``fairness`` solves into a
:class:`Solution`. Numbers are in the units of the plan; whoever solves scales for itself.
"""

from decompose.problem.families import AREA, FAMILIES, FAMILY, TOTAL, Family, group_of, group_scope
from decompose.problem.matrix import Bools, Floats, Ints, Matrix, Shared
from decompose.problem.model import Costs, Problem, Solution, Status
from decompose.problem.rules import Rules

__all__ = [
    "AREA",
    "FAMILIES",
    "FAMILY",
    "TOTAL",
    "Bools",
    "Costs",
    "Family",
    "Floats",
    "Ints",
    "Matrix",
    "Problem",
    "Rules",
    "Shared",
    "Solution",
    "Status",
    "group_of",
    "group_scope",
]
