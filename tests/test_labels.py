"""Texts for users: every code that is used is there, in both languages, with the same data."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import decompose
from decompose import labels
from decompose.labels import (
    checking,
    commands,
    comparing,
    diagnosing,
    explaining,
    figures,
    limiting,
    periods,
    planning,
    progress,
    ratios,
    reading,
    reporting,
    sensitivity,
    solving,
    workbook,
)
from decompose.labels.families import FAMILY_NAMES
from decompose.labels.message import Message, Text
from decompose.labels.words import WORDS
from decompose.problem import FAMILIES

PACKAGE = Path(decompose.__file__).parent
SUBJECTS = [
    checking.CHECKING,
    commands.COMMANDS,
    comparing.COMPARING,
    diagnosing.DIAGNOSING,
    explaining.EXPLAINING,
    figures.FIGURES,
    limiting.LIMITING,
    periods.PERIODS,
    planning.PLANNING,
    progress.PROGRESS,
    ratios.RATIOS,
    reading.READING,
    reporting.REPORTING,
    sensitivity.SENSITIVITY,
    solving.SOLVING,
    workbook.WORKBOOK,
]
KNOWN = {code for subject in SUBJECTS for code in subject}


def used_codes() -> dict[str, str]:
    """The codes that stand literally in calls of ``say``, with the file of each."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "say" and node.args and isinstance(node.args[0], ast.Constant):
                found[str(node.args[0].value)] = path.name
    return found


def test_every_code_that_is_used_has_its_text() -> None:
    assert {code: file for code, file in used_codes().items() if code not in labels._TEXTS} == {}


def test_no_code_stands_in_two_subjects() -> None:
    assert sum(len(subject) for subject in SUBJECTS) == len(KNOWN)


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_both_languages_are_filled_by_the_same_data(code: str) -> None:
    text = labels._TEXTS[code]
    fields = [{field for _, field, _, _ in string.Formatter().parse(one) if field} for one in text]
    assert fields[0] == fields[1]


WIDE = [
    checking.CHECKING,
    comparing.COMPARING,
    diagnosing.DIAGNOSING,
    figures.FIGURES,
    periods.PERIODS,
    planning.PLANNING,
    progress.PROGRESS,
    ratios.RATIOS,
    reading.READING,
    workbook.WORKBOOK,
]
AS_WRITTEN = re.compile(r"""\{\{.*?\}\}|\[[^]]*\]|"[^"]*"|“[^“”]{1,3}”|: """)
"""What a plan file says, letter by letter."""


@pytest.mark.parametrize("code", sorted(code for subject in WIDE for code in subject))
def test_chinese_is_told_in_full_width_punctuation(code: str) -> None:
    prose = AS_WRITTEN.sub("", labels._TEXTS[code].zh)
    assert re.findall(r"[\u4e00-\u9fff”）}][,;:()?]|[,;:()?][\u4e00-\u9fff“（]", prose) == []


def test_every_family_has_its_name() -> None:
    assert [family.name for family in FAMILIES if family.name not in FAMILY_NAMES] == []
    assert not set(FAMILY_NAMES) & set(WORDS)


def test_data_are_told_in_the_language_of_the_text() -> None:
    inner = Message("unit", Text("万元", "10,000 yuan"))
    text = Text("{a}、{b}、{c}", "{a}, {b}, {c}")
    message = Message("all", text, {"a": 3.20, "b": inner, "c": [Text("甲", "A"), 2.5]})
    assert message.text() == "3.2、万元、甲、2.5"
    assert message.text("en") == "3.2, 10,000 yuan, A, 2.5"


def test_of_thousands_of_names_a_text_tells_some_and_how_many_there_are() -> None:
    names = [f"县{number}" for number in range(2844)]
    message = Message("lacking", Text("缺：{names}", "missing: {names}"), {"names": names})
    assert message.text().endswith("、县59等2844个")
    assert message.text("en").endswith(", 县59 and 2784 more")
    assert message.data["names"] == names
    few = Message("lacking", message.template, {"names": names[:60]})
    assert few.text().endswith("、县59")


def test_marks_within_quotation_marks_are_single_ones() -> None:
    told = Text("没有“{name}”，{other}；写着“{found}”", "no “{name}”, {other}; found “{found}”")
    message = Message("none", told, dict.fromkeys(("name", "other", "found"), "“粤港”项目"))
    assert message.text() == "没有“‘粤港’项目”，“粤港”项目；写着““粤港”项目”"
    assert message.text("en").startswith("no “‘粤港’项目”")
