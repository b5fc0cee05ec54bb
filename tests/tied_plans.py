"""Random plans in provinces and cities whose indicators add up to, or are the rise of, another.

Or shares and steps from year to year tie cells of a county, far from the references.

A hidden table is drawn first; figures, floors, capacities and growth limits are laid around it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.plans import Data

YEARS = (2026, 2027, 2028)
LEVELS = ("", "provinces", "cities", "both", "groups")
WORDS = ("", "", "", "以上", "左右")


def tied_plan(seed: int, *, exact: bool = True) -> Data:
    """One plan, always the same of a seed; exact: its figures are those of the hidden table."""
    return _Drawn(np.random.default_rng(seed), exact).data()


def banded_plan(seed: int, *, exact: bool = True) -> Data:
    """One plan without equations: shares within bands, and steps that references break."""
    drawn = _Drawn(np.random.default_rng(seed), exact)
    drawn.band()
    return drawn.around()


class _Drawn:
    def __init__(self, random: np.random.Generator, exact: bool) -> None:
        self.random, self.exact = random, exact
        self.years = YEARS[: int(random.integers(1, 4))]
        cities = [int(random.integers(1, 4)) for _ in range(int(random.integers(2, 6)))]
        self.city = np.repeat(np.arange(len(cities)), cities)
        self.province = self.city % 2
        self.names = [f"county {k}" for k in range(len(self.city))]
        self.room = float(random.choice([0.02, 0.1, 0.3]))
        self.indicators: list[Data] = []
        self.hidden: Data = {}

    def data(self) -> Data:
        if self.random.random() < 0.6:
            self._sum()
        else:
            self._rise()
        return self.around()

    def around(self) -> Data:
        """Return the plan around the indicators that were drawn."""
        return {
            "format": 1,
            "title": "t",
            "area": "area",
            "base_year": 2025,
            "years": list(self.years),
            "regions": [
                {"name": name, "groups": [f"province {p}", f"city {c}"]}
                for name, p, c in zip(self.names, self.province, self.city, strict=True)
            ],
            "groups": {
                f"{kind} {k}": {}
                for kind, of in (("province", self.province), ("city", self.city))
                for k in range(of.max() + 1)
            },
            "indicators": self.indicators,
        }

    def _sum(self) -> None:
        parts = [self._table() for _ in range(int(self.random.integers(2, 4)))]
        names = [f"part{k}" for k in range(len(parts))]
        for name, (base, hidden) in zip(names, parts, strict=True):
            rest = name == names[-1] and self.random.random() < 0.4
            self._add(name, base, hidden, rest=rest)
        whole = sum(base for base, _ in parts), sum(hidden for _, hidden in parts)
        self._add("whole", *whole, sum_of=names)

    def _rise(self) -> None:
        base, level = self._table()
        rise = np.diff(np.column_stack([base, level]), axis=1).round(2)
        self._add("level", base, level, kind="level")
        self._add("rise", None, rise, growth=False, increase_of="level")

    def band(self) -> None:
        """Draw indicators that are each a share of the one before, within a band."""
        base, hidden = self._table()
        self._add("part0", base, hidden, **self._pulled())
        for k in range(1, int(self.random.integers(1, 4))):
            share = self.random.uniform(0.3, 0.5, (len(self.names), 1))
            share = share * self.random.uniform(0.97, 1.03, hidden.shape)
            shares = (hidden * share).round(2) / hidden
            base, hidden = (base * share[:, 0]).round(2), (hidden * share).round(2)
            links = [
                {"at_least_share": f"{100 * shares.min() - 0.02:.2f}%", "of": f"part{k - 1}"},
                {"at_most_share": f"{100 * shares.max() + 0.02:.2f}%", "of": f"part{k - 1}"},
            ]
            if self.random.random() < 0.3:
                links = links[1:]
            self._add(f"part{k}", base, hidden, growth=False, links=links, **self._pulled())
        for one in self.indicators:
            if self.random.random() < 0.5:
                self._steps(one)

    def _pulled(self) -> Data:
        """Draw an allocation rule away from the hidden shares."""
        far = self.random.uniform(0.8, 1.25, len(self.names)).round(3).tolist()
        return {"pull": dict(zip(self.names, far, strict=True))}

    def _steps(self, one: Data) -> None:
        """Limit the steps from year to year to a little more than the hidden ones."""
        hidden = self.hidden[one["id"]]
        levels = np.column_stack([list(one["base"].values()), hidden])
        most = (np.diff(levels, axis=1).max(axis=1) + 0.05).round(2)
        one["limits"]["ramp"] = {"max": dict(zip(self.names, most.tolist(), strict=True))}
        if (np.diff(levels, axis=1) >= 0).all():
            one["limits"]["monotone"] = "up"

    def _table(self) -> tuple[Any, Any]:
        base = self.random.uniform(5, 60, len(self.names)).round(2)
        factor = self.random.uniform(1.02, 1.14, (len(self.names), len(self.years)))
        return base, (base[:, None] * np.cumprod(factor, axis=1)).round(2)

    def _add(
        self,
        name: str,
        base: Any,
        hidden: Any,
        *,
        rest: bool = False,
        growth: bool = True,
        pull: Data | None = None,
        **more: Any,
    ) -> None:
        self.hidden[name] = hidden
        one: Data = {"id": name, "kind": "flow", "decimals": 2, "limits": {}, **more}
        if base is not None:
            one["base"] = dict(zip(self.names, base.round(2).tolist(), strict=True))
            one["allocate"] = {"by": "base"}
            if pull:
                weights = {name: round(v * pull[name], 4) for name, v in one["base"].items()}
                one["allocate"] = {"by": weights}
        if not rest:
            one["target"] = {"years": self._figures(hidden, slice(None))}
            one["group_targets"] = self._groups(hidden)
            if growth and self.random.random() < 0.6:
                one["limits"]["growth"] = {
                    "min": "1%",
                    "max": f"{self.random.uniform(14.5, 16):.1f}%",
                }
            for end in ("min", "max"):
                if self.random.random() < 0.7:
                    one["limits"][end] = self._ends(hidden, end)
        self.indicators.append(one)

    def _groups(self, hidden: Any) -> Data:
        level = self.random.choice(LEVELS)
        kinds = {"provinces": ["province"], "cities": ["city"], "both": ["province", "city"]}
        found: Data = {}
        for kind in kinds.get(level, []):
            of = self.province if kind == "province" else self.city
            for k in range(of.max() + 1 - int(kind == "city" and level == "both")):
                found[f"{kind} {k}"] = {"years": self._figures(hidden, of == k)}
        return found

    def _figures(self, hidden: Any, rows: Any) -> Data:
        sums = hidden[rows].sum(axis=0)
        word = "" if self.exact else str(self.random.choice(WORDS[1:]))
        off = 1.0 if self.exact or not word else self.random.uniform(0.99, 1.01)
        return {str(year): f"{off * v:.2f}{word}" for year, v in zip(self.years, sums, strict=True)}

    def _ends(self, hidden: Any, end: str) -> Data:
        away = self.room * self.random.uniform(0.05, 1, hidden.shape)
        values = (hidden * (1 - away if end == "min" else 1 + away)).round(2)
        values = np.minimum(values, hidden) if end == "min" else np.maximum(values, hidden)
        return {
            str(year): dict(zip(self.names, values[:, t].tolist(), strict=True))
            for t, year in enumerate(self.years)
        }
