"""The point of a polyhedron that is nearest to the origin.

Source: D. Goldfarb and A. Idnani, "A numerically stable dual method for solving strictly convex
quadratic programs", Mathematical Programming 27 (1983). It takes in one broken constraint after the
other, so that it needs no first feasible point and no solver. It may start from any constraints
whose prices are not negative. These are guessed as in M. Hintermüller, K. Ito and K. Kunisch, "The
primal-dual active set strategy as a semismooth Newton method", SIAM Journal on Optimization 13
(2002), which takes in and lets go many at a time, and mostly ends at the answer itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix

BROKEN = 1e-11
"""A constraint, of length 1, that is missed by more is broken; beside the point's own length."""
SPARED = 1e-9
"""A constraint that others settle counts as met where they miss it by no more."""
DEPENDENT = 1e-8
"""A normal that is nearer than this to the space of others lies in it."""
GUESSES = 30
"""How often the constraints at the nearest point are guessed, before they are taken in singly."""
RIDGE = 1e-9
"""Added to squared lengths of normals: one that lies in the space of others does no harm then."""
REFINEMENTS = 3
"""Which free prices of what the ridge, and rounding, do to them."""
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

    def broken(self, y: Floats) -> Floats:
        """Return by how much each constraint is missed; 0 where it holds."""
        missed = self.bound - self.normals.dot(y)
        missed[self.equal] = np.abs(missed[self.equal])
        missed[missed <= BROKEN * (1.0 + np.linalg.norm(y))] = 0.0
        return missed

    def most_broken(self, y: Floats, spared: Bools) -> int | None:
        """Return the constraint that is missed the most, equalities first; None if all hold."""
        missed = np.where(spared, 0.0, self.broken(y))
        if not missed.any():
            return None
        missed[(missed > 0) & self.equal] = np.inf
        return int(missed.argmax())

    def normal(self, constraint: int) -> Floats:
        """Return the normal of a constraint, with an entry per column."""
        entries = slice(*self.normals.start[constraint : constraint + 2])
        normal = np.zeros(self.size)
        np.add.at(normal, self.normals.column[entries], self.normals.value[entries])
        return normal


def nearest_to_origin(polyhedron: Polyhedron) -> Floats | None:
    """Return the point of a polyhedron that is nearest to 0, or None where it is not found."""
    active = _Active.guessed(polyhedron)
    price = active.price
    y = active.combined(price)
    spared = np.zeros(len(polyhedron.bound), dtype=bool)
    for _ in range(ROUNDS * (len(polyhedron.bound) + polyhedron.size)):
        constraint = polyhedron.most_broken(y, spared)
        if constraint is None:
            return y
        normal, bound = polyhedron.normal(constraint), float(polyhedron.bound[constraint])
        if normal @ y > bound:  # of an equality
            normal, bound = -normal, -bound
        before = active
        while True:
            shares = active.shares(normal)
            step = normal - active.combined(shares)
            leaving, nearest = active.first_to_leave(price, shares)
            square = float(step @ step)
            full = (bound - normal @ y) / square if square > DEPENDENT**2 else np.inf
            length = min(nearest, full)
            if length == np.inf:
                negligible = bound - normal @ y <= SPARED * (1.0 + np.linalg.norm(y))
                spared[constraint] = negligible and active is before
                if not spared[constraint]:
                    return None
                break
            if full <= nearest:
                break
            price = np.delete(price - length * shares, leaving)
            active = active.without(leaving)
            if full < np.inf:
                y = y + length * step
        if spared[constraint]:
            continue
        active = active.with_one(constraint)
        price = active.price
        y = active.combined(price)
    return None


@dataclass(frozen=True, eq=False)
class _Active:
    """Constraints that the nearest point lies on, ``members``; equalities never leave.

    The point is their normals times their prices. Where a normal has a single column it fixes
    that column, and only the other normals, over the columns that are left, need equations.
    """

    polyhedron: Polyhedron
    members: Ints

    @staticmethod
    def guessed(polyhedron: Polyhedron) -> _Active:
        """Return constraints whose prices are not negative, most of them those of the answer."""
        equal = polyhedron.equal
        active, tried = _Active(polyhedron, np.flatnonzero(equal)), set[bytes]()
        for _ in range(GUESSES):
            likely = equal | (polyhedron.broken(active.combined(active.price)) > 0)
            likely[active.members] = active.pays
            if likely.tobytes() in tried:
                break
            tried.add(likely.tobytes())
            active = _Active(polyhedron, np.flatnonzero(likely))
        while not active.pays.all():
            active = replace(active, members=active.members[active.pays])
        return active

    @cached_property
    def price(self) -> Floats:
        """The price of each member where all of them are met."""
        return self._solved(self.polyhedron.bound[self.members])

    @cached_property
    def pays(self) -> Bools:
        """Which members have a price that they may have."""
        return (self.price >= 0) | self.polyhedron.equal[self.members]

    def combined(self, price: Floats) -> Floats:
        """Return the members' normals, each times its price, added up."""
        normals = self._normals
        return np.bincount(
            normals.column, normals.value * price[normals.row], minlength=self.polyhedron.size
        ).astype(np.float64)

    def shares(self, normal: Floats) -> Floats:
        """Return the combination of the members' normals that is nearest to another one."""
        return self._solved(self._normals.dot(normal))

    def first_to_leave(self, price: Floats, shares: Floats) -> tuple[int, float]:
        """Return the member whose price falls to 0 first, and after what step."""
        falls = (shares > DEPENDENT) & ~self.polyhedron.equal[self.members]
        if not falls.any():
            return 0, np.inf
        steps = np.full(len(shares), np.inf)
        steps[falls] = np.maximum(price[falls], 0.0) / shares[falls]
        leaving = int(steps.argmin())
        return leaving, float(steps[leaving])

    def without(self, leaving: int) -> _Active:
        return replace(self, members=np.delete(self.members, leaving))

    def with_one(self, constraint: int) -> _Active:
        return replace(self, members=np.append(self.members, constraint))

    @cached_property
    def _normals(self) -> Matrix:
        return self.polyhedron.normals.take(self.members)

    @cached_property
    def _fixing(self) -> tuple[Ints, Ints, Floats]:
        """The members that fix a column, these columns, and their coefficients."""
        normals = self._normals
        single = np.flatnonzero(normals.counts == 1)
        column, first = np.unique(normals.column[normals.start[single]], return_index=True)
        member = single[first]
        return member, column, normals.value[normals.start[member]]

    @cached_property
    def _others(self) -> Ints:
        return np.setdiff1d(np.arange(len(self.members)), self._fixing[0])

    @cached_property
    def _products(self) -> tuple[Floats, Floats]:
        """The products of the other members' normals over columns not fixed, and their inverse."""
        rows = self._normals.take(self._others)
        free = np.ones(self.polyhedron.size)
        free[self._fixing[1]] = 0.0
        over = rows.in_units(free)
        count = len(rows)
        turned = Matrix.collect(
            over.column, over.row, over.value, rows=self.polyhedron.size, size=count
        )
        product = over.times(turned, size=count)
        dense = np.zeros((count, count))
        dense[product.row, product.column] = product.value
        return dense, np.asarray(np.linalg.inv(dense + RIDGE * np.eye(count)), dtype=np.float64)

    def _solved(self, wanted: Floats) -> Floats:
        """Return the prices at which the members' normals times the point are what is wanted."""
        member, column, coefficient = self._fixing
        fixed = np.zeros(self.polyhedron.size)
        fixed[column] = wanted[member] / coefficient
        rows, (products, inverse) = self._normals.take(self._others), self._products
        left = wanted[self._others] - rows.dot(fixed)
        price = np.zeros(len(self.members))
        own = np.zeros(len(rows))
        for _ in range(1 + REFINEMENTS):
            own += inverse @ (left - products @ own)
        price[self._others] = own
        price[member] = (fixed - self.combined(price))[column] / coefficient
        return price
