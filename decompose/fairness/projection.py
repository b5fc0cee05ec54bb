"""The point of a polyhedron that is nearest to the origin.

Source: D. Goldfarb and A. Idnani, "A numerically stable dual method for solving strictly convex
quadratic programs", Mathematical Programming 27 (1983). It starts from the origin and takes in
one broken constraint after the other, so that it needs no first feasible point and no solver.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.problem import Bools, Floats, Matrix

BROKEN = 1e-11
"""A constraint, of length 1, that is missed by more is broken; beside the point's own length."""
DEPENDENT = 1e-8
"""A normal that is nearer than this to the space of others lies in it."""
ROUNDS = 50
"""Constraints taken in or let go, per constraint and column, before it is given up."""


@dataclass(frozen=True, eq=False)
class Polyhedron:
    """The points y with ``normals · y ≥ bound``, and ``=`` where ``equal``."""

    normals: Matrix
    bound: Floats
    equal: Bools
    size: int

    @staticmethod
    def within(rows: Matrix, row_lower: Floats, row_upper: Floats, size: int) -> Polyhedron:
        """Return the polyhedron of rows with bounds; each row is brought to length 1."""
        length = np.sqrt(np.bincount(rows.row, rows.value**2, minlength=len(rows)))
        length[length == 0] = 1.0
        unit = Matrix(rows.start, rows.column, rows.value / length[rows.row])
        lower, upper = row_lower / length, row_upper / length
        equal = lower == upper
        at_least = np.flatnonzero(np.isfinite(lower))
        at_most = np.flatnonzero(np.isfinite(upper) & ~equal)
        opposite = Matrix(unit.start, unit.column, -unit.value)
        return Polyhedron(
            Matrix.stack([unit.take(at_least), opposite.take(at_most)]),
            np.concatenate([lower[at_least], -upper[at_most]]),
            np.concatenate([equal[at_least], np.zeros(len(at_most), dtype=bool)]),
            size,
        )

    def most_broken(self, y: Floats) -> int | None:
        """Return the constraint that is missed the most, equalities first; None if all hold."""
        slack = self.normals.dot(y) - self.bound
        slack[self.equal] = -np.abs(slack[self.equal])
        broken = slack < -BROKEN * (1.0 + np.linalg.norm(y))
        if not broken.any():
            return None
        slack[broken & self.equal] = -np.inf
        return int(slack.argmin())

    def normal(self, constraint: int, y: Floats) -> tuple[Floats, float]:
        """Return a constraint as ``normal · y ≥ bound``, turned so that y misses it."""
        entries = slice(*self.normals.start[constraint : constraint + 2])
        normal = np.zeros(self.size)
        np.add.at(normal, self.normals.column[entries], self.normals.value[entries])
        bound = float(self.bound[constraint])
        return (normal, bound) if normal @ y < bound else (-normal, -bound)


def nearest_to_origin(polyhedron: Polyhedron) -> Floats | None:
    """Return the point of a polyhedron that is nearest to 0, or None where it is not found."""
    active = _Active.none(polyhedron.size)
    y = np.zeros(polyhedron.size)
    for _ in range(ROUNDS * (len(polyhedron.bound) + polyhedron.size)):
        constraint = polyhedron.most_broken(y)
        if constraint is None:
            return y
        normal, bound = polyhedron.normal(constraint, y)
        while True:
            shares = active.shares(normal)
            step = normal - active.normals @ shares
            leaving, nearest = active.first_to_leave(shares)
            square = float(step @ step)
            full = (bound - normal @ y) / square if square > DEPENDENT**2 else np.inf
            length = min(nearest, full)
            if length == np.inf:
                return None
            active = active.paying(length * shares)
            if full <= nearest:
                break
            if full < np.inf:
                y = y + length * step
            active = active.without(leaving)
        active = active.with_one(normal, bound, shares, square, bool(polyhedron.equal[constraint]))
        y = active.point()
    return None


@dataclass(frozen=True, eq=False)
class _Active:
    """Constraints that the nearest point lies on.

    ``inverse`` is that of the normals' products with one another; the point is the normals
    times ``price``. Equalities never leave.
    """

    normals: Floats
    bound: Floats
    price: Floats
    inverse: Floats
    equal: Bools

    @staticmethod
    def none(size: int) -> _Active:
        nothing = np.zeros(0)
        return _Active(np.zeros((size, 0)), nothing, nothing, np.zeros((0, 0)), nothing > 0)

    def shares(self, normal: Floats) -> Floats:
        """Return the combination of the normals that is nearest to another one."""
        return np.asarray(self.inverse @ (self.normals.T @ normal))

    def first_to_leave(self, shares: Floats) -> tuple[int, float]:
        """Return the constraint whose price falls to 0 first, and after what step."""
        falls = (shares > DEPENDENT) & ~self.equal
        if not falls.any():
            return 0, np.inf
        steps = np.full(len(shares), np.inf)
        steps[falls] = np.maximum(self.price[falls], 0.0) / shares[falls]
        leaving = int(steps.argmin())
        return leaving, float(steps[leaving])

    def paying(self, fall: Floats) -> _Active:
        return replace(self, price=self.price - fall)

    def without(self, leaving: int) -> _Active:
        kept = np.arange(len(self.price)) != leaving
        column = self.inverse[:, leaving]
        inverse = self.inverse - np.outer(column, column) / column[leaving]
        return _Active(
            self.normals[:, kept],
            self.bound[kept],
            self.price[kept],
            inverse[np.ix_(kept, kept)],
            self.equal[kept],
        )

    def with_one(
        self, normal: Floats, bound: float, shares: Floats, square: float, equal: bool
    ) -> _Active:
        """Take in a constraint, and set the prices to those of the point that lies on all."""
        column = np.append(-shares, 1.0)
        inverse = np.outer(column, column) / square
        inverse[:-1, :-1] += self.inverse
        normals = np.column_stack([self.normals, normal])
        bounds = np.append(self.bound, bound)
        price = inverse @ bounds
        price += inverse @ (bounds - normals.T @ (normals @ price))  # frees it of rounding
        return _Active(normals, bounds, price, inverse, np.append(self.equal, equal))

    def point(self) -> Floats:
        return np.asarray(self.normals @ self.price)
