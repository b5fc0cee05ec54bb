"""The tables of goals: every row is numbered, its keys are in the plan, and the index counts it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import decompose as dc

ROOT = Path(__file__).parent.parent
INDEX = ROOT / "docs" / "goals.md"
CITIES = ("qingyuan", "shiyan", "pingdingshan", "zhongshan", "ruian")
FOUND = ("met", "contradictory", "printed", "kept as data", "in words")


def rows_of(city: str) -> list[list[str]]:
    """Return the numbered rows of a city's page: number, goal, figures, key, …, found."""
    text = (ROOT / "docs" / "goals" / f"{city}.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def plans_of(city: str) -> list[dict[str, Any]]:
    """Return the city's plans as ``with_changes`` spells them, indicators by id."""
    plans = []
    for path in sorted((ROOT / "data" / city).glob("*.yaml")):
        plan = dc.read_plan(path).source()
        plan |= {one["id"]: one for one in plan.pop("indicators")}
        plans.append(plan)
    return plans


def keys_of(cell: str) -> list[str]:
    """Return the keys in a cell; one that begins with target speaks of the one before it."""
    keys: list[str] = []
    for key in re.findall(r"`([^`]+)`", cell):
        own = key.startswith("target.") and keys
        keys.append(f"{keys[-1].partition('.')[0]}.{key}" if own else key)
    return keys


def stands(plan: Any, key: str) -> bool:
    """Whether a dotted key is in a plan (year keys may be numbers)."""
    place = plan
    for step in key.split("."):
        named = (
            {str(name): inner for name, inner in place.items()} if isinstance(place, dict) else {}
        )
        if step not in named:
            return False
        place = named[step]
    return True


@pytest.mark.parametrize("city", CITIES)
def test_goals_are_numbered_and_judged(city: str) -> None:
    rows = rows_of(city)
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert [row for row in rows if not row[-1].startswith(FOUND)] == []


@pytest.mark.parametrize("city", CITIES)
def test_keys_of_goals_are_in_the_plan(city: str) -> None:
    plans = plans_of(city)
    rows = rows_of(city)
    keys = [key for row in rows for key in keys_of(row[3])]
    assert [row for row in rows if not keys_of(row[3])] == []
    assert [key for key in keys if not any(stands(plan, key) for plan in plans)] == []


def test_the_index_counts_every_row() -> None:
    lines = INDEX.read_text(encoding="utf-8").splitlines()
    counted = {}
    for line in lines:
        if found := re.match(r"\| \[.+\]\(goals/(\w+)\.md\) \|(.+)\|", line):
            counted[found[1]] = [int(cell) for cell in found[2].split("|")]
    wanted = {}
    for city in CITIES:
        judged = [row[-1] for row in rows_of(city)]
        kinds = [sum(one.startswith(kind) for one in judged) for kind in FOUND]
        wanted[city] = [len(judged), *kinds]
    assert counted == wanted
    total = next(line for line in lines if line.startswith("| all |"))
    sums = [sum(column) for column in zip(*wanted.values(), strict=True)]
    assert [int(cell) for cell in total.strip("|").split("|")[1:]] == sums
