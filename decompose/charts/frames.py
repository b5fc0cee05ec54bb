"""What each picture shows, as a frame: one row per mark, with the words that tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from decompose.bounds import families
from decompose.errors import ReportError
from decompose.figures import plain
from decompose.labels import Language, say, word
from decompose.plan import Indicator, Plan
from decompose.plan.steps import decimals_of
from decompose.tables.model import ABSENT, MOST_DECIMALS
from decompose.tables.order import entries
from decompose.tables.printed import base_values

MOST_REGIONS = 40
"""More regions than this are too many for one picture: the largest are drawn."""
MORE_DIGITS = 2
"""How many more digits a reference has than a printed number."""
_SWEEP = ("scenario", "indicator", "region", "year", "quota")
_QUANTILES: Mapping[str, float] = {"low": 0, "lower": 0.25, "middle": 0.5, "upper": 0.75, "high": 1}


class HasQuotas(Protocol):
    """What has quotas: an Allocation."""

    @property
    def plan(self) -> Plan:
        """What was solved."""

    @property
    def quotas(self) -> pd.DataFrame:
        """A row per quota, as ``Allocation.quotas``."""


class HasProgress(Protocol):
    """What was reached of quotas: a Progress."""

    @property
    def table(self) -> pd.DataFrame:
        """A row per indicator and region, as ``Progress.table``."""

    @property
    def course(self) -> pd.DataFrame:
        """A row per indicator, region and month, as ``Progress.course``."""


def drawn(plan: Plan, quotas: pd.DataFrame) -> list[Indicator]:
    """List the indicators that pictures show: those of annex 2, in its order."""
    known = set(quotas.loc[quotas["quota"] != 0, "indicator"])
    return [entry.indicator for entry in entries(plan, 2) if entry.indicator.id in known]


def named(name: str, known: list[Indicator], language: Language) -> Indicator:
    """Find an indicator by its id or printed name.

    Raises
    ------
    ReportError
        None of those that are known bears that name.
    """
    wanted = plain(name)
    for one in known:
        if wanted in (one.id, plain(one.label)):
            return one
    told = say("chart_indicator", found=name, known=[one.id for one in known])
    raise ReportError(told, language=language)


def largest(names: list[str], sizes: list[float]) -> list[str]:
    """Return the names in their order; of too many, those with the largest numbers."""
    if len(names) <= MOST_REGIONS:
        return names
    order = sorted(range(len(names)), key=lambda k: (-abs(sizes[k]), k))
    return [names[k] for k in sorted(order[:MOST_REGIONS])]


def quota_frame(
    allocation: HasQuotas, indicator: Indicator, *, language: Language = "zh"
) -> pd.DataFrame:
    """Return the quotas of an indicator, regions in the plan's order.

    Returns
    -------
    Columns ``region``, ``year``, ``quota``, ``reference``, ``rules`` (those that bind, in words),
    ``shown`` (the quota as printed), ``told`` (all that as a sentence).
    """
    quotas = allocation.quotas
    own = quotas.loc[quotas["indicator"] == indicator.id]
    own = own[["region", "year", "quota", "reference", "bound_by"]].reset_index(drop=True)
    decimals = decimals_of(indicator)
    rules = [families(one, language) or word("unbound", language) for one in own.pop("bound_by")]
    own["rules"] = pd.Series(rules, dtype=object)
    own["shown"] = _shown(own["quota"], decimals)
    references = _shown(own["reference"], decimals + MORE_DIGITS)
    rows = zip(own["region"], own["year"], references, own["shown"], rules, strict=True)
    told = [
        say("picture_reference", region=region, year=year, reference=first, quota=quota, rules=why)
        for region, year, first, quota, why in rows
    ]
    own["told"] = pd.Series([one.text(language) for one in told], dtype=object)
    return own


def path_frame(
    allocation: HasQuotas, indicator: Indicator, *, language: Language = "zh"
) -> pd.DataFrame:
    """Return an indicator's numbers by region over the years, the base year first if known.

    Returns
    -------
    Columns ``region``, ``year``, ``value``, ``shown``, ``told``.
    """
    plan, quotas = allocation.plan, allocation.quotas
    own = quotas.loc[quotas["indicator"] == indicator.id, ["region", "year", "quota"]]
    own = own.rename(columns={"quota": "value"})
    takes = set(own["region"])
    bases = pd.DataFrame(
        [
            (name, plan.base_year, value)
            for name, value in zip(
                plan.region_names, base_values(plan, indicator).tolist(), strict=True
            )
            if name in takes and not np.isnan(value)
        ],
        columns=["region", "year", "value"],
    )
    whole = own if bases.empty else pd.concat([bases, own], ignore_index=True)
    place = {name: number for number, name in enumerate(plan.region_names)}
    whole = whole.sort_values(
        ["region", "year"],
        key=lambda column: column.map(place) if column.name == "region" else column,
        kind="stable",
        ignore_index=True,
    )
    whole["shown"] = _shown(whole["value"], decimals_of(indicator))
    rows = zip(whole["region"], whole["year"], whole["shown"], strict=True)
    told = [say("picture_cell", region=one, year=year, value=value) for one, year, value in rows]
    whole["told"] = pd.Series([one.text(language) for one in told], dtype=object)
    return whole


def course_of(progress: HasProgress, indicator: Indicator, language: Language) -> pd.DataFrame:
    """Return completion and due of an indicator, by region and month, with ``told``."""
    course = progress.course
    own = course.loc[course["indicator"] == indicator.id].reset_index(drop=True)
    rows = zip(own["region"], own["month"], own["completion"], own["due"], strict=True)
    told = [
        say("picture_month", region=region, month=month, completion=_rate(done), due=_rate(due))
        for region, month, done, due in rows
    ]
    own["told"] = pd.Series([one.text(language) for one in told], dtype=object)
    return own


def light_frame(
    progress: HasProgress, names: Mapping[str, str], language: Language
) -> pd.DataFrame:
    """Return the colours: ``indicator`` (as printed), ``region``, ``level``, ``told``.

    Parameters
    ----------
    progress
        What was reached.
    names
        The printed names of indicators by id; those of which nothing is known are left out.
    language
        Of the words.
    """
    table = progress.table
    reported = table.loc[table["actual"].notna(), "indicator"].unique()
    own = table[table["indicator"].isin(reported) & table["level"].notna()]
    own = own[["indicator", "region", "level", "completion"]].reset_index(drop=True)
    own["indicator"] = own["indicator"].map(names)
    rows = zip(own["region"], own["indicator"], own["level"], own["completion"], strict=True)
    told = [
        say(
            "picture_light",
            region=region,
            indicator=name,
            level=word(level, language),
            completion=_rate(done),
        )
        for region, name, level, done in rows
    ]
    own["told"] = pd.Series([one.text(language) for one in told], dtype=object)
    return own


def fan_frame(sweep: pd.DataFrame, indicator: str, *, language: Language = "zh") -> pd.DataFrame:
    """Return how far the scenarios of a sweep lie apart, by region and year.

    Returns
    -------
    Columns ``region``, ``year``, ``low``, ``lower``, ``middle``, ``upper``, ``high`` (the least,
    the quartiles, the largest), ``told``.

    Raises
    ------
    ReportError
        The frame is none of ``sweep``, or has no such indicator.
    """
    if not set(_SWEEP) <= set(sweep.columns):
        told = say("chart_sweep", found=[str(name) for name in sweep.columns])
        raise ReportError(told, language=language)
    solved = sweep[sweep["quota"].notna()]
    own = solved[solved["indicator"] == indicator]
    if own.empty:
        known = list(dict.fromkeys(solved["indicator"]))
        raise ReportError(say("chart_indicator", found=indicator, known=known), language=language)
    groups = own.groupby(["region", "year"], sort=False)["quota"]
    found = pd.DataFrame({name: groups.quantile(part) for name, part in _QUANTILES.items()})
    found = found.reset_index()
    rows = zip(*(found[name] for name in ("region", "year", "low", "high", "middle")), strict=True)
    texts = [
        say("picture_range", region=one, year=year, low=low, high=high, middle=middle)
        for one, year, low, high, middle in rows
    ]
    found["told"] = pd.Series([one.text(language) for one in texts], dtype=object)
    return found


def _shown(values: pd.Series[float], decimals: int) -> pd.Series[str]:
    """Write numbers as tables print them; a dash where there is none."""
    places = min(decimals, MOST_DECIMALS)
    texts = [
        ABSENT.text if np.isnan(value) else f"{round(value, places) + 0.0:.{places}f}"
        for value in values.tolist()
    ]
    return pd.Series(texts, index=values.index, dtype=object)


def _rate(value: float) -> str:
    return ABSENT.text if np.isnan(value) else f"{value:.1%}"
