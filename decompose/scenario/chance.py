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
from decompose.scenario.outcome import SOLVED
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
    """Solve a plan many times, with some of its figures drawn at random.

    Parameters
    ----------
    plan
        The plan.
    uncertain
        What is drawn, and from which distribution. A key is either a path into the plan whose
        value is replaced (``"indicators.investment.limits.growth.max"``), or the id or printed
        name of an indicator whose target's figures are multiplied by what is drawn. A
        distribution is ``("normal", mean, deviation)``, ``("uniform", low, high)``,
        ``("triangular", low, mode, high)`` or ``("lognormal", mean, deviation)``, of which mean
        and deviation are those of the logarithm.
    n
        How many scenarios are drawn.
    seed
        The same seed draws the same figures for a key, whatever other keys there are.
    executor, language
        As in ``sweep``.

    Returns
    -------
    pandas.DataFrame
        The frame of ``sweep``; scenarios are named 1, 2, … n.

    Raises
    ------
    PlanError
        There is no such distribution, or ``n`` is less than 1.

    See Also
    --------
    quota_quantiles : tells how the quotas are spread.

    Examples
    --------
    The target may turn out up to 5 % lower or higher:

    >>> drawn = dc.simulate(plan, {"investment": ("uniform", 0.95, 1.05)}, n=20)
    >>> dc.quota_quantiles(drawn).loc[:2, ["region", "year", "0.05", "0.5", "0.95"]].round(2)
      region  year   0.05    0.5   0.95
    0  North  2025  21.88  23.70  25.20
    1  North  2026  26.18  28.10  29.80
    2  South  2025  32.88  35.45  37.71
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

    Parameters
    ----------
    frame
        What ``sweep`` or ``simulate`` returned. Scenarios without quotas do not count.
    at
        The quantiles, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row per indicator × region × year: ``count`` (of scenarios), ``mean``, ``deviation``
        (with n - 1), and a column per quantile, named by it (``"0.05"``; linear between draws).
        Figures are in the printed unit.

    Examples
    --------
    >>> scenarios = [dc.Scenario(f"{k}%", scale={"investment": k / 100}) for k in (98, 102)]
    >>> frame = dc.sweep(plan, scenarios)
    >>> dc.quota_quantiles(frame, at=[0.5]).loc[:1, ["region", "year", "count", "mean", "0.5"]]
      region  year  count  mean   0.5
    0  North  2025      2  23.2  23.2
    1  North  2026      2  27.6  27.6
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
    year: int | str,
    *,
    growth: Mapping[str, Distribution] | None = None,
    capacity: Mapping[str, Distribution] | None = None,
    n: int = 10_000,
    seed: int = 0,
    language: Language = "zh",
) -> pd.DataFrame:
    """Tell how likely each region, and the area, reaches its quota of a year.

    What a region can do, X, is drawn: its capacity, or ``base × Π (1 + g)`` over the years up to
    this one, with a g for each year. It reaches its quota q where X ≥ q. Regions do no more than
    they are asked: the area reaches its target T where ``Σ min(X, q) ≥ T``. All draws are
    independent of one another.

    Parameters
    ----------
    allocation
        The quotas.
    indicator
        Id or printed name of a flow or a level.
    year
        A year of the plan.
    growth, capacity
        Region → distribution (as in :func:`simulate`): of its growth in each year, and of what it
        can do in this year. Of a region that is in both, the lesser counts; one that is in
        neither surely does what it is asked.
    n, seed, language
        As in :func:`simulate`.

    Returns
    -------
    pandas.DataFrame
        Columns ``region`` (first the area, under ``total_label``), ``quota`` (of the area: its
        target, or the sum where there is none) and ``probability``.

    Raises
    ------
    PlanError
        There is no such indicator, region, year, base or distribution, or ``n`` is less than 1.

    Examples
    --------
    >>> dc.chances(allocation, "investment", 2025, growth={"North": ("normal", 0.2, 0.05)})
      region  quota  probability
    0   City  110.0       0.7886
    1  North   23.2       0.7886
    2  South   34.8       1.0000
    3   West   52.0       1.0000
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
    """The margin that brings the probability of reaching a target to a wanted level.

    Attributes
    ----------
    margin
        The least of those tried that suffices, as a fraction; None where none does.
    probability
        That the area reaches its target with this margin; where none suffices, the highest
        probability that was found.
    tried
        One row per margin that was tried: ``margin``, ``status`` (as in ``sweep``) and
        ``probability``.
    """

    margin: float | None
    probability: float
    tried: pd.DataFrame


def margin_for(
    plan: Plan,
    indicator: str,
    year: int | str,
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

    The plan is solved with each margin; the same draws as in :func:`chances` then tell
    ``P(Σ min(X, q) ≥ T)``, where T is the target without a margin.

    Parameters
    ----------
    plan
        The plan; a margin of its own is left aside.
    indicator
        Id or printed name of a flow or a level.
    year
        A year of the plan.
    wanted
        The probability that is wanted, between 0 and 1.
    growth, capacity
        As in :func:`chances`.
    margins
        The margins that are tried, as fractions; by default 0, 0.5 %, … 30 %.
    n, seed
        As in :func:`simulate`.
    executor, language
        As in ``sweep``.

    Returns
    -------
    Margin
        The least margin that suffices, and what was found for each.

    Raises
    ------
    PlanError
        As in :func:`chances`; or ``wanted`` is no probability.
    InfeasibleError, RoundingError, SolverError
        The plan without a margin cannot be solved.

    Examples
    --------
    >>> growth = {"North": ("normal", 0.2, 0.05)}
    >>> found = dc.margin_for(plan, "investment", 2025, 0.9, growth=growth, margins=[0, 0.02, 0.05])
    >>> found.margin, found.probability
    (0.02, 0.9845)
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


def _place(plan: Plan, indicator: str, year: int | str, language: Language) -> tuple[str, int]:
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
