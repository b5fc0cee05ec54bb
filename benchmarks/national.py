"""A national plan in files: provinces, cities, counties; boxes, growth limits, links, ratios.

It is made up from a seed, around one hidden table of quotas in whole steps, so that it can be met.
Every province has a target for each year, and so has every city but the last of its province.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from decompose.problem import Floats, Ints

PROVINCES, CITIES, COUNTIES = 31, 333, 2844
FIRST_YEAR, YEARS = 2026, 5
PLAIN, LINKED = 12, 4
LEAST, GREATEST = 1.02, 1.15
WIDER = 0.04
"""By how much the growth limits of linked indicators are wider: their shares change a little."""
RATES = 2
STEP = 0.01
SEED = 2026


@dataclass(frozen=True)
class Tree:
    """Which city each county belongs to, and which province each city."""

    city: Ints
    province: Ints

    @staticmethod
    def of(part: float) -> Tree:
        """Return the tree of a part of the country (1: all of it)."""
        cities = max(round(CITIES * part), 2)
        counties = max(round(COUNTIES * part), 2 * cities)
        provinces = max(round(PROVINCES * part), 1)
        return Tree(_dealt(counties, cities), _dealt(cities, provinces))

    def groups(self) -> Iterator[tuple[str, Ints, bool]]:
        """Give each group: its name, its counties, and whether it has targets."""
        of_county = self.province[self.city]
        for number in range(self.province[-1] + 1):
            yield province_name(number), np.flatnonzero(of_county == number), True
        last = np.append(np.diff(self.province) > 0, True)
        for number in range(len(self.province)):
            yield city_name(number), np.flatnonzero(self.city == number), not last[number]


def province_name(number: int) -> str:
    """Return the name of a province."""
    return f"province {number + 1:02d}"


def city_name(number: int) -> str:
    """Return the name of a city."""
    return f"city {number + 1:03d}"


def _dealt(items: int, boxes: int) -> Ints:
    """Deal items to boxes in runs that are nearly of one length."""
    return np.arange(items) * boxes // items


def write_plan(folder: Path, part: float) -> Path:
    """Write the plan of a part of the country, and its tables; return the plan's file."""
    content, columns = make_content(part)
    with (folder / "series.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    plan = folder / "plan.yaml"
    plan.write_text("\n".join(_yaml(content)) + "\n", encoding="utf-8")
    return plan


def _yaml(content: dict[str, Any]) -> Iterator[str]:
    """Write a plan as it is usually written: an item of a list, or of a group, to a line."""
    for key, value in content.items():
        if key not in ("regions", "groups", "indicators"):
            yield f"{key}: {_flow(value)}"
    yield "regions:"
    yield from (f"  - {_flow(region)}" for region in content["regions"])
    yield "groups:"
    yield from (f"  {name}: {_flow(group)}" for name, group in content["groups"].items())
    yield "indicators:"
    for indicator in content["indicators"]:
        mark = "-"
        for key, value in indicator.items():
            if key == "group_targets":
                yield f"    {key}:"
                yield from (f"      {name}: {_flow(target)}" for name, target in value.items())
            else:
                yield f"  {mark} {key}: {_flow(value)}"
            mark = " "


def _flow(value: Any) -> str:
    """Write a value on one line; texts without quotes, as people do."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value if isinstance(value, str) else json.dumps(value)


def make_content(part: float) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Make the content of the plan file, and the columns of its table."""
    tree, random = Tree.of(part), np.random.default_rng(SEED)
    counties = len(tree.city)
    columns: dict[str, list[Any]] = {"region": [f"county {k + 1:04d}" for k in range(counties)]}
    indicators: list[dict[str, Any]] = []
    tables: list[Floats] = []
    for number in range(PLAIN):
        base = _steps(random.lognormal(3.0, 0.8, counties) + 5.0)
        factors = LEAST + (GREATEST - LEAST) * random.uniform(0.1, 0.9, (counties, YEARS))
        hidden = _steps(base[:, None] * np.cumprod(factors, axis=1))
        tables.append(hidden)
        kind = "level" if number % 3 == 2 else "flow"
        one = _summed(f"plain_{number}", kind, tree, hidden, (LEAST, GREATEST))
        one["limits"] |= _boxes(columns, one["id"], base, hidden, random)
        indicators.append(one)
    for number in range(LINKED):
        whole, name = 3 * (number // 2), f"linked_{number}"  # flows
        own = random.uniform(0.25, 0.4, (counties, 1))
        share = own * random.uniform(0.99, 1.01, (counties, YEARS + 1))
        base = _steps(share[:, 0] * np.array(columns[f"plain_{whole}_base"]))
        hidden = _steps(share[:, 1:] * tables[whole])
        growth = LEAST - WIDER, GREATEST + WIDER
        one = _summed(name, "flow", tree, hidden, growth)
        one["limits"] |= _boxes(columns, name, base, hidden, random)
        links: list[dict[str, Any]] = [
            {"part_of": f"plain_{whole}"},
            {"at_least_share": 0.1, "of": f"plain_{whole}"},
            {"at_most_share": 0.45, "of": f"plain_{whole}"},
            {"at_most_share": 0.5, "of": f"plain_{whole}", "scope": "area"},
        ]
        indicators.append(one | {"links": [links[number]]})
    for number in range(RATES):
        bottom = 2 + 3 * number  # a level
        indicators.append(_rate(columns, tree, number, bottom, tables[bottom], random))
    indicators += _cut(columns, tree, 8, tables[8], random)
    return {
        "format": 1,
        "title": f"{counties} counties",
        "area": "country",
        "base_year": FIRST_YEAR - 1,
        "years": [FIRST_YEAR + t for t in range(YEARS)],
        "tables": ["series.csv"],
        "regions": [
            {"name": name, "groups": [province_name(tree.province[city]), city_name(city)]}
            for name, city in zip(columns["region"], tree.city.tolist(), strict=True)
        ],
        "groups": {name: {"subtotal": True} for name, _, _ in tree.groups()},
        "indicators": indicators,
    }, columns


def _steps(values: Floats) -> Floats:
    """Return values in whole steps."""
    return np.round(values, 2)


def _by_year(values: Floats, words: str = "") -> dict[int, Any]:
    return {
        FIRST_YEAR + t: f"{value:.2f}{words}" if words else round(value, 2)
        for t, value in enumerate(values.tolist())
    }


def _summed(
    name: str, kind: str, tree: Tree, hidden: Floats, growth: tuple[float, float]
) -> dict[str, Any]:
    """Make an indicator with targets of the area and of groups, by year."""
    return {
        "id": name,
        "kind": kind,
        "base": f"{name}_base",
        "target": {"years": _by_year(hidden.sum(axis=0))},
        "group_targets": {
            group: {"years": _by_year(hidden[counties].sum(axis=0))}
            for group, counties, wanted in tree.groups()
            if wanted
        },
        "allocate": {"by": "base"},
        "limits": {
            "growth": {"min": f"{100 * (growth[0] - 1):g}%", "max": f"{100 * (growth[1] - 1):g}%"}
        },
    }


def _boxes(
    columns: dict[str, list[Any]],
    name: str,
    base: Floats,
    hidden: Floats,
    random: np.random.Generator,
) -> dict[str, Any]:
    """Write an indicator's base, floors and capacities; return the limits that name them."""
    room = (GREATEST - LEAST) * random.uniform(0.1, 1.0, (2, *hidden.shape))
    columns[f"{name}_base"] = base.tolist()
    limits: dict[str, dict[int, str]] = {"min": {}, "max": {}}
    for t in range(YEARS):
        for end, values in (("min", hidden * (1 - room[0])), ("max", hidden * (1 + room[1]))):
            head = f"{name}_{end}_{FIRST_YEAR + t}"
            columns[head] = values[:, t].round(2).tolist()
            limits[end][FIRST_YEAR + t] = head
    return limits


def _rate(
    columns: dict[str, list[Any]],
    tree: Tree,
    number: int,
    bottom: int,
    denominator: Floats,
    random: np.random.Generator,
) -> dict[str, Any]:
    """Make a rate in percent of another indicator, with targets of the area and of groups."""
    name, counties = f"rate_{number}", len(tree.city)
    base = random.uniform(8.0, 16.0, counties)
    hidden = base[:, None] + np.cumsum(random.uniform(0.2, 1.0, (counties, YEARS)), axis=1)
    columns[f"{name}_base"] = _steps(
        base / 100 * np.array(columns[f"plain_{bottom}_base"])
    ).tolist()
    columns[f"{name}_max"] = _steps(hidden[:, -1] + random.uniform(1.0, 4.0, counties)).tolist()
    columns[f"{name}_min"] = _steps(base * random.uniform(0.8, 0.99, counties)).tolist()

    def means(some: Ints) -> dict[str, Any]:
        mean = np.average(hidden[some], axis=0, weights=denominator[some])
        return {"years": {year: f"≥{value}" for year, value in _by_year(mean - STEP / 2).items()}}

    return {
        "id": name,
        "kind": "ratio",
        "unit": '"%"',
        "scale": 100,
        "denominator": f"plain_{bottom}",
        "base_numerator": f"{name}_base",
        "target": means(np.arange(counties)),
        "group_targets": _open_ended(tree, means),
        "limits": {"min": f"{name}_min", "max": f"{name}_max"},
    }


def _open_ended(tree: Tree, target: Callable[[Ints], dict[str, Any]]) -> dict[str, Any]:
    """Give groups targets, but for the last province: means in print never add up."""
    groups = [(name, some) for name, some, wanted in tree.groups() if wanted]
    last = province_name(tree.province[-1])
    return {name: target(some) for name, some in groups if name != last}


def _cut(
    columns: dict[str, list[Any]],
    tree: Tree,
    bottom: int,
    denominator: Floats,
    random: np.random.Generator,
) -> list[dict[str, Any]]:
    """Make a cut of one indicator per unit of another, and what is cut."""
    counties = len(tree.city)
    before, after = np.array(columns[f"plain_{bottom}_base"]), denominator[:, -1]
    base = _steps(before * random.uniform(0.5, 2.0, counties) + STEP)
    columns["burnt_base"] = base.tolist()
    hidden = base / before * after * (1 - random.uniform(0.08, 0.16, counties))

    def cut(some: Ints) -> dict[str, Any]:
        was, becomes = base[some].sum() / before[some].sum(), hidden[some].sum() / after[some].sum()
        return {"cut": f"≥{100 * (1 - becomes / was) - STEP / 2:.2f}%"}

    return [
        {"id": "burnt", "kind": "level", "base": "burnt_base", "report": False},
        {
            "id": "cut",
            "kind": "ratio",
            "unit": '"%"',
            "numerator": "burnt",
            "denominator": f"plain_{bottom}",
            "publish": "cut",
            "target": cut(np.arange(counties)),
            "group_targets": _open_ended(tree, cut),
            "limits": {"cut": {"min": "3%", "max": "25%"}},
        },
    ]
