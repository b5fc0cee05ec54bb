"""Uncertain figures: what quotas become of them, and how likely they are reached.

Every draw is independent: of one quantity from the next, of one region and year from another.
Shocks that hit all counties at once are not in it; where there are some, the area's true
probability lies nearer to one half than the one that is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from decompose.allocation import Allocation
from decompose.engine import solve
from decompose.errors import PlanError
from decompose.figures import plain
from decompose.labels import Language, say
from decompose.plan import Plan
from decompose.problem import Floats
from decompose.scenario.model import Scenario
from decompose.scenario.reuse import SOLVED
from decompose.scenario.run import sweep

Distribution = tuple[str | float, ...]
"""Name and parameters, as numpy's Generator takes them: ``("normal", mean, deviation)``."""
KINDS = {"normal": 2, "uniform": 2, "triangular": 3, "lognormal": 2}
"""Distributions, and how many parameters each takes."""
CELL = ["indicator", "region", "year"]
MARGINS = tuple(k / 200 for k in range(61))
DIGITS = 12
"""Of a drawn number, so that it can be written down and drawn again."""


def simulate(
    plan: Plan,
    uncertain: Mapping[str, Distribution],
    *,
    n: int = 1000,
    seed: int = 0,
    executor: Executor | None = None,
    language: Language = "zh",
) -> pd.DataFrame:
    """Solve a plan for drawn figures.

    Parameters
    ----------
    plan
        The plan.
    uncertain
        What is drawn: a path whose value is replaced (``"indicators.i.limits.growth.max"``), or
        the id or printed name of an indicator whose target is multiplied. Each has a
        distribution: ``("normal", mean, deviation)``, ``("uniform", low, high)``,
        ``("triangular", low, mode, high)`` or ``("lognormal", mean, deviation)`` of the logarithm.
    n
        How many scenarios.
    seed
        The same seed draws the same figures, whatever else is uncertain, in whatever order.
    executor, language
        As in ``sweep``.

    Returns
    -------
    The frame of ``sweep``; scenarios are named 1, 2, … n. See :func:`quota_quantiles`.

    Raises
    ------
    PlanError
        There is no such distribution.
    """
    drawn = {name: _draw(said, n, seed, name, language) for name, said in uncertain.items()}
    scenarios = []
    for k in range(n):
        values = {name: float(f"{some[k]:.{DIGITS}g}") for name, some in drawn.items()}
        scale = {name: value for name, value in values.items() if plan.indicators_named(name)}
        changes = {name: value for name, value in values.items() if name not in scale}
        scenarios.append(Scenario(str(k + 1), changes, scale))
    return sweep(plan, scenarios, executor=executor, language=language)


def quota_quantiles(
    frame: pd.DataFrame, *, at: Sequence[float] = (0.05, 0.5, 0.95)
) -> pd.DataFrame:
    """Tell how quotas are spread over the solved scenarios of a sweep.

    Returns
    -------
    One row per indicator × region × year: ``count``, ``mean``, ``deviation`` (with n - 1), and a
    column per quantile (linear between draws).
    """
    solved = frame[(frame["status"] == SOLVED) & frame["year"].notna()]
    by_cell = solved.groupby(CELL, sort=False)["quota"]
    told = by_cell.agg(count="size", mean="mean", deviation="std")
    for level in at:
        told[f"{level:g}"] = by_cell.quantile(level)
    return told.reset_index()


def chances(
    allocation: Allocation,
    indicator: str,
    year: int,
    *,
    growth: Mapping[str, Distribution] | None = None,
    capacity: Mapping[str, Distribution] | None = None,
    n: int = 10_000,
    seed: int = 0,
    language: Language = "zh",
) -> pd.DataFrame:
    """Tell how likely each region, and the area, reaches its quota of a year.

    A region can do X: its capacity as drawn, or ``base × Π (1 + g)`` over the years up to this
    one, g drawn for each. It reaches its quota q where X ≥ q. Regions do no more than they are
    asked: the area reaches its target T where ``Σ min(X, q) ≥ T``.

    Parameters
    ----------
    allocation
        The quotas.
    indicator, year
        Which ones; the indicator's id or printed name.
    growth, capacity
        By region: of the yearly rate, or of what it can do in this year. A region that is not
        named surely does what it is asked.
    n, seed, language
        As in :func:`simulate`.

    Returns
    -------
    Columns ``region`` (the area's row first, under ``total_label``), ``quota`` (the area's: its
    target, or the sum where there is none) and ``probability``.

    Raises
    ------
    PlanError
        There is no such indicator, region, year, base or distribution.
    """
    plan = allocation.plan
    indicator, place = _place(plan, indicator, year, language)
    year = plan.years[place]
    able = _able(plan, indicator, year, growth or {}, capacity or {}, n, seed, language)
    quota = allocation.region_values(indicator)[:, place]
    target = _target(allocation, indicator, year)
    here = ~np.isnan(quota)
    rows = [(plan.total_label, target, _reached(able, quota, target))]
    rows += [
        (plan.region_names[k], quota[k], float(np.mean(able[k] >= quota[k] - _SLACK)))
        for k in np.flatnonzero(here)
    ]
    return pd.DataFrame(rows, columns=["region", "quota", "probability"])


@dataclass(frozen=True, eq=False)
class Margin:
    """The margin that brings a probability to a wanted level.

    Attributes
    ----------
    margin
        The least that was tried and suffices; None where none does.
    probability
        Of the area with it; of the best that was tried where none suffices.
    tried
        Columns ``margin``, ``status``, ``probability``.
    """

    margin: float | None
    probability: float
    tried: pd.DataFrame


def margin_for(
    plan: Plan,
    indicator: str,
    year: int,
    wanted: float,
    *,
    growth: Mapping[str, Distribution] | None = None,
    capacity: Mapping[str, Distribution] | None = None,
    margins: Sequence[float] = MARGINS,
    n: int = 10_000,
    seed: int = 0,
    executor: Executor | None = None,
    language: Language = "zh",
) -> Margin:
    """Find how much more must be handed out for the area to reach its target as likely as wanted.

    For each margin the plan is solved; the same draws as in :func:`chances` then tell
    ``P(Σ min(X, q) ≥ T)``, T being the target without the margin.

    Parameters
    ----------
    plan, indicator, year
        Whose target: the indicator's id or printed name.
    wanted
        The probability, between 0 and 1.
    growth, capacity, n, seed
        As in :func:`chances`.
    margins
        What is tried; by default 0, 0.5 %, … 30 %.
    executor, language
        As in ``sweep``.

    Raises
    ------
    PlanError
        As :func:`chances`, ``wanted`` is no probability, or the plan without a margin cannot be
        solved.
    """
    indicator, place = _place(plan, indicator, year, language)
    year = plan.years[place]
    if not 0 <= wanted <= 1:
        raise PlanError(say("chance_wanted", found=wanted), language=language)
    able = _able(plan, indicator, year, growth or {}, capacity or {}, n, seed, language)
    path = f"indicators.{indicator}.target.margin"
    bare = solve(plan.with_changes({path: 0}), language=language)
    target = _target(bare, indicator, year)
    scenarios = [Scenario(f"{margin:.6g}", {path: margin}) for margin in sorted(set(margins))]
    frame = sweep(plan, scenarios, executor=executor, language=language)
    rows = []
    for one in scenarios:
        own = frame[frame["scenario"] == one.name]
        cells = own[(own["indicator"] == indicator) & (own["year"] == year)]
        status = own["status"].iloc[0] if len(own) else ""
        quota = np.full(len(plan.regions), np.nan)
        quota[[plan.region_index[plain(name)] for name in cells["region"]]] = cells["quota"]
        found = _reached(able, quota, target) if status == SOLVED else float("nan")
        rows.append((float(one.name), status, found))
    tried = pd.DataFrame(rows, columns=["margin", "status", "probability"])
    enough = tried[tried["probability"] >= wanted]
    if len(enough):
        return Margin(float(enough["margin"].iloc[0]), float(enough["probability"].iloc[0]), tried)
    return Margin(None, float(tried["probability"].max()), tried)


_SLACK = 1e-9
"""What floats may add to a quota."""


def _reached(able: Floats, quota: Floats, target: float) -> float:
    """Return the share of draws in which the regions' sum reaches the target."""
    done = np.minimum(able, quota[:, None])[~np.isnan(quota)]
    return float(np.mean(done.sum(axis=0) >= target - _SLACK * max(1.0, abs(target))))


def _target(allocation: Allocation, indicator: str, year: int) -> float:
    totals = allocation.totals
    area = totals["scope"] == allocation.plan.total_label
    row = totals[area & (totals["indicator"] == indicator) & (totals["year"] == year)].iloc[0]
    return float(row["quota"] if np.isnan(row["target"]) else row["target"])


def _place(plan: Plan, indicator: str, year: int, language: Language) -> tuple[str, int]:
    """Return the id of the one flow or level that bears a name, and the index of a year."""
    added = [k for k, one in enumerate(plan.indicators) if one.kind in ("flow", "level")]
    found = [plan.indicators[k].id for k in plan.indicators_named(str(indicator)) if k in added]
    if len(found) > 1:
        raise PlanError(say("adopt_ambiguous", found=indicator, known=found), language=language)
    if not found:
        known = [plan.indicators[k].label for k in added]
        raise PlanError(say("chance_indicator", found=indicator, known=known), language=language)
    place = plan.year_at(plain(str(year)))
    if place is None:
        known_years = list(map(str, plan.years))
        raise PlanError(say("chance_year", found=str(year), known=known_years), language=language)
    return found[0], place


def _able(
    plan: Plan,
    indicator: str,
    year: int,
    growth: Mapping[str, Distribution],
    capacity: Mapping[str, Distribution],
    n: int,
    seed: int,
    language: Language,
) -> Floats:
    """Draw what regions can do (regions × n); infinite where nothing is uncertain."""
    able = np.full((len(plan.regions), n), np.inf)
    base = plan.base(plan.indicators[plan.indicator_index[indicator]])
    for name in (*growth, *capacity):
        if plain(name) not in plan.region_index:
            known = list(plan.region_names)
            raise PlanError(say("chance_region", found=name, known=known), language=language)
    for name, said in growth.items():
        region = plan.region_index[plain(name)]
        if np.isnan(base[region]):
            raise PlanError(say("chance_base", region=name), language=language)
        able[region] = base[region]
        for past in range(plan.base_year + 1, year + 1):
            able[region] *= 1 + _draw(said, n, seed, f"{indicator} {name} {past}", language)
    for name, said in capacity.items():
        region = plan.region_index[plain(name)]
        drawn = _draw(said, n, seed, f"{indicator} {name} capacity {year}", language)
        able[region] = np.minimum(able[region], drawn)
    return able


def _draw(said: Distribution, n: int, seed: int, name: str, language: Language) -> Floats:
    """Draw from a stream that belongs to the seed and the name."""
    if n < 1:
        raise PlanError(say("chance_draws", found=n), language=language)
    kind, *parameters = said
    if KINDS.get(str(kind)) != len(parameters):
        known = list(KINDS)
        raise PlanError(say("chance_kind", found=str(said), known=known), language=language)
    random = np.random.default_rng([seed, *name.encode()])
    try:
        return np.asarray(getattr(random, str(kind))(*parameters, size=n), dtype=np.float64)
    except (TypeError, ValueError) as error:
        told = say("chance_parameters", found=str(said), reason=str(error))
        raise PlanError(told, language=language) from None
