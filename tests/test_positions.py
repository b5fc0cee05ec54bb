"""Each of many mistakes is told where it stands, whatever was taken out of the lists before it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from decompose import PlanError
from decompose.reading import read_plan
from tests.workbooks import as_bytes, edited

Data = dict[str, Any]
MARK = re.compile(r"mark\d+")

AT_ONCE = ("part", "share", "no number", "unknown key", "nothing else", "two kinds")
ACROSS = ("unknown part", "unknown scope")
"""Wrong beside other fields: found last, and only in an indicator that is one."""
CELLS = ("no number", "a list", "fine")


class Marks:
    """Gives every wrong value a text of its own, by which its message and its place are known."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"mark{self.count:03d}"

    def link(self, kind: str) -> Data:
        """Return a link that is right, or wrong in a way that some round finds."""
        links: dict[str, Callable[[], Data]] = {
            "part": lambda: {"part_of": "whole"},
            "share": lambda: {"at_most_share": "90%", "of": "whole"},
            "no number": lambda: {"at_least_share": self(), "of": "whole"},
            "unknown key": lambda: {"part_of": "whole", self(): 1},
            "nothing else": lambda: {self(): 1},
            "unknown part": lambda: {"part_of": self()},
            "unknown scope": lambda: {"at_most_share": "90%", "of": "whole", "scope": self()},
            "two kinds": lambda: {"part_of": "whole", "of": "whole"},
        }
        return links[kind]()


@st.composite
def wrong_plans(draw: st.DrawFn) -> Data:
    """Plans with right and wrong items in the lists of several indicators."""
    marks = Marks()
    indicators: list[Data] = [{"id": "whole", "kind": "flow", "target": {"total": 3}}]
    for number in range(draw(st.integers(1, 5))):
        one: Data = {"id": f"i{number}", "name": f"n{number}", "kind": "flow"}
        one["target"] = {"total": 2, "years": {}}
        for year in draw(st.lists(st.sampled_from([2015, 2016]), unique=True)):
            one["target"]["years"][year] = draw(st.sampled_from([1, marks()]))
        lost = draw(st.sampled_from(["", "", "", "kind", "id"]))
        kinds = draw(st.lists(st.sampled_from(AT_ONCE if lost else AT_ONCE + ACROSS), max_size=5))
        one["links"] = [marks.link(kind) for kind in kinds]
        cells = draw(st.lists(st.sampled_from(CELLS), max_size=3))
        if cells:
            steps: list[Any] = [[k + 1, k] for k in range(len(cells))]
            for step, kind in zip(steps, cells, strict=True):
                step[1] = marks() if kind == "no number" else [] if kind == "a list" else 0
            one["cost"] = {"甲区": steps, "乙县": [[1, 1]]}
        one.pop(lost, None)
        indicators.append(one)
        if lost == "kind":  # what is said of it elsewhere is no news
            indicators[0].setdefault("links", []).append({"at_most_share": "9%", "of": one["id"]})
    if draw(st.booleans()):
        indicators[0]["links"] = [marks.link("no number"), *indicators[0].get("links", [])]
    return {"years": [2015, 2016], "regions": ["甲区", "乙县"], "indicators": indicators}


def as_yaml(data: Data) -> str:
    """One key or item a line."""
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, stream)
    return stream.getvalue()


def as_json(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


def told(path: Path) -> list[tuple[str, str]]:
    """Return place and text of the mistakes of a plan that cannot be read."""
    try:
        read_plan(path, language="en")
    except PlanError as error:
        return [(one.place, one.text("en")) for one in error.mistakes]
    return []


@pytest.mark.parametrize(("kind", "write"), [("yaml", as_yaml), ("json", as_json)])
@given(wrong_plans())
def test_every_message_names_the_line_of_its_mistake(
    tmp_path_factory: pytest.TempPathFactory,
    kind: str,
    write: Callable[[Data], str],
    data: Data,
) -> None:
    text = write(data)
    path = tmp_path_factory.mktemp("plan") / f"plan.{kind}"
    path.write_text(text, encoding="utf-8")
    lines = {mark: k for k, line in enumerate(text.splitlines(), 1) for mark in MARK.findall(line)}
    seen: set[str] = set()
    for place, message in told(path):
        (line,) = (int(number) for number in re.findall(r"line (\d+)", place))
        for mark in MARK.findall(message):
            assert lines[mark] == line, message
            seen.add(mark)
    assert seen == set(lines)


NAMES = ("规模以上工业增加值", "工业技术改造投资", "完成技术改造企业")


def row_of(cell: str) -> str:
    return re.sub(r"![A-Z]+", "!", cell)


@given(st.data())
def test_every_message_names_the_row_of_its_mistake(
    tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    marks = Marks()

    def some(kinds: dict[str, Callable[[], list[Any]]]) -> list[list[Any]]:
        chosen = draw.draw(st.lists(st.sampled_from(sorted(kinds)), max_size=5))
        return [[draw.draw(st.sampled_from(NAMES)), *kinds[kind]()] for kind in chosen]

    links = some(
        {
            "fine": lambda: ["不高于其比重", "完成技术改造企业", 0.9, "全市"],
            "no number": lambda: ["不低于其比重", "工业技术改造投资", marks(), None],
            "unknown other": lambda: ["不高于其比重", marks(), 0.9, None],
            "unknown scope": lambda: ["不高于其比重", "工业技术改造投资", 0.9, marks()],
            "unknown kind": lambda: [marks(), "工业技术改造投资", 0.9, None],
        }
    )
    limits = some(
        {
            "no number": lambda: ["上限", "甲区", None, marks()],
            "unknown scope": lambda: ["上限", marks(), 2016, 5],
            "unknown kind": lambda: [marks(), "甲区", 2016, 5],
        }
    )
    for number, row in enumerate(limits):  # no limit twice
        row[2] = row[2] if MARK.match(row[2]) else ("甲区", "乙县")[number // 3]
        row[3] = 2015 + number % 3
    edits: dict[str, Any] = {}
    for sheet, lines in (("关联", links), ("限制", limits)):
        for number, line in enumerate(lines, start=20):
            edits |= {f"{sheet}!{'ABCDE'[k]}{number}": cell for k, cell in enumerate(line)}
    rows = {str(cell): row_of(place) for place, cell in edits.items() if MARK.match(str(cell))}
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    path.write_bytes(as_bytes(edited(edits)))
    seen: set[str] = set()
    for place, message in told(path):
        for mark in MARK.findall(message):
            assert row_of(place.split()[-1]) == rows[mark], message
            seen.add(mark)
    assert seen == set(rows)
