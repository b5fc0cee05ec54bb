"""The columns of each sheet: what a plan file calls them, and what their cells hold.

A code is the path of keys under the row's item, joined by dots (``target.total``); ``{year}`` in
it makes a column for each year.
"""

from __future__ import annotations

from decompose.labels.workbook import CHOICES
from decompose.problem import FAMILIES
from decompose.reading.workbook.kinds import (
    ANYTHING,
    CALENDAR_YEAR,
    FLAG,
    INDICATOR,
    NAMES,
    PART,
    PARTICIPANTS,
    PATH,
    SHARING,
    SOURCE,
    TEXT,
    YEAR,
    YEARS,
    Kind,
    choice,
    figure,
    listing,
    number,
    pairs,
    word_or_text,
)

Fields = dict[str, Kind]

NUMBERS = listing(number())

TARGETS: Fields = {
    "target.years.{year}": figure(),
    "target.total": figure(),
    "target.each_year": figure(),
    "target.growth": figure(),
    "target.increase": figure(),
    "target.cut": figure(),
    "target.rise": figure(),
}
MORE_TARGETS: Fields = {
    "target.per_region": figure(),
    "target.growth_each_year": figure(),
    "target.increase_each_year": figure(),
    "target.cut_each_year": figure(),
    "target.rise_each_year": figure(),
    "target.margin": number(rate=True),
    "target.tolerance": number(rate=True),
}

ITEMS: Fields = {
    "title": TEXT,
    "area": TEXT,
    "total_label": TEXT,
    "base_year": CALENDAR_YEAR,
    "years": YEARS,
    "actual_through": CALENDAR_YEAR,
    "sections": NAMES,
    "data_status": TEXT,
    "assessment.low_rank": number(),
    "assessment.talk": choice("talk"),
    "assessment.lights.measure": TEXT,
    "assessment.lights.yellow": number(),
    "assessment.lights.red": number(),
    "assessment.calendar": pairs(Kind(number().read, figure().write)),
    "assessment.rules": NAMES,
}
"""The rows of the sheet ``plan``."""

REGIONS: Fields = {
    "name": TEXT,
    "groups": NAMES,
    "aliases": NAMES,
    "reserve": FLAG,
    "inside": TEXT,
}
GROUPS: Fields = {"name": TEXT, "subtotal": FLAG, "label": TEXT}

INDICATORS: Fields = {
    "id": TEXT,
    "name": TEXT,
    "kind": choice("kind"),
    "unit": TEXT,
    "section": TEXT,
    "nature": choice("nature"),
    "department": NAMES,
    "decimals": number(),
    "integer": FLAG,
    "base": TEXT,
    "base_total": number(),
    **TARGETS,
    "allocate": SHARING,
    "path": PATH,
    "fairness": choice("fairness"),
    "parent": INDICATOR,
    "numerator": SOURCE,
    "denominator": SOURCE,
    "scale": number(),
    "publish": choice("publish"),
    "text": TEXT,
}
MORE_INDICATORS: Fields = {
    "regions": PARTICIPANTS,
    "years": NUMBERS,
    **MORE_TARGETS,
    "values.{year}": TEXT,
    "base_numerator": TEXT,
    "step": number(),
    "mismatch": choice("mismatch"),
    "hand_out": choice("hand_out"),
    "tiers.values": listing(number(rate=True)),
    "tiers.by": TEXT,
    "tolerance": number(rate=True),
    "sum_of": listing(INDICATOR),
    "increase_of": INDICATOR,
    "priority": number(),
    "signed": FLAG,
    "strict": FLAG,
    "report": FLAG,
    "decompose": FLAG,
    "annexes": NUMBERS,
    "cut_unit": TEXT,
    "move": choice("move"),
    "schedule": pairs(number(rate=True)),
    "assess.points": number(),
    "assess.cap": number(),
    "assess.key": FLAG,
    "converge": PART,
    "display.base": TEXT,
    "display.{year}": TEXT,
    "display.total": TEXT,
}
"""Columns of the sheet ``indicators`` that few plans need: a template folds them away."""

_RATES = {family.name for family in FAMILIES if family.rate}
LIMITS = {
    name: choice("monotone") if name == "monotone" else figure(rate=name in _RATES)
    for name in CHOICES["limit"]
}
"""What a row of the sheet ``limits`` holds, by its limit."""

SHEETS: dict[str, Fields] = {
    "plan": {"key": TEXT, "value": TEXT},
    "regions": REGIONS,
    "groups": GROUPS,
    "indicators": {**INDICATORS, **MORE_INDICATORS},
    "group_targets": {
        "indicator": INDICATOR,
        "group": TEXT,
        "level": choice("level"),
        **TARGETS,
        **MORE_TARGETS,
    },
    "stated": {
        "indicator": INDICATOR,
        "group": TEXT,
        "item": choice("item"),
        "year": YEAR,
        "value": figure(),
    },
    "limits": {
        "indicator": INDICATOR,
        "limit": choice("limit"),
        "scope": TEXT,
        "year": YEAR,
        "value": TEXT,
    },
    "locks": {
        "indicator": INDICATOR,
        "region": TEXT,
        "year": YEAR,
        "value": number(),
        "why": TEXT,
        "signed": FLAG,
    },
    "links": {
        "indicator": INDICATOR,
        "relation": choice("relation"),
        "other": INDICATOR,
        "share": number(rate=True),
        "scope": word_or_text("scope"),
    },
    "notes": {"indicator": INDICATOR, "year": YEAR, "text": TEXT},
    "other": {"path": TEXT, "value": ANYTHING},
}
"""The columns of every sheet but ``tables``, whose columns are a plan's own."""

NEEDED: dict[str, tuple[str, ...]] = {
    "plan": ("key",),
    "regions": ("name",),
    "groups": ("name",),
    "indicators": ("id", "kind"),
    "group_targets": ("indicator",),
    "stated": ("indicator", "item", "value"),
    "limits": ("indicator", "limit", "value"),
    "locks": ("indicator", "region", "year", "value"),
    "links": ("indicator", "relation", "other"),
    "notes": ("indicator", "text"),
    "other": ("path", "value"),
}
"""What every row of a sheet must say; the first of them marks the row of headings."""

SAME: dict[str, tuple[str, ...]] = {
    "plan": ("key",),
    "groups": ("name",),
    "group_targets": ("indicator", "group", "level"),
    "stated": ("indicator", "group", "item", "year"),
    "limits": ("indicator", "limit", "scope", "year"),
    "locks": ("indicator", "region", "year"),
    "notes": ("indicator", "year"),
}
"""Two rows that agree in these say one thing twice."""
