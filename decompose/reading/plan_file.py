"""A plan file, with the tables that it names, as a Plan."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Protocol

from decompose.errors import Mistake, PlanError
from decompose.figures import plain
from decompose.labels import Language, say
from decompose.passed import require_path
from decompose.plan.plan import Plan
from decompose.reading.files import File, plan_error, read_bytes, read_text
from decompose.reading.json_text import read_json
from decompose.reading.nodes import Node, Notes
from decompose.reading.places import Places
from decompose.reading.plan_tables import PlanTables
from decompose.reading.workbook import Book, WorkbookContent, glossary
from decompose.reading.yaml_text import read_yaml

_READERS: dict[str, Callable[[str, Notes], Node]] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
}
WORKBOOK = ".xlsx"
_MOST = {".yaml": 5 * 2**20, ".yml": 5 * 2**20, ".json": 20 * 2**20, WORKBOOK: 10 * 2**20}
"""The most bytes of a file; a YAML parser in Python takes some seconds for each MB."""


def read_plan(path: str | os.PathLike[str], *, language: Language = "zh") -> Plan:
    """Read a plan file.

    Parameters
    ----------
    path
        A file in YAML 1.2 or JSON (UTF-8 with or without BOM, or GB18030); the CSV tables that it
        names stand in its folder or below. Or a workbook (.xlsx), as ``decompose template``
        writes it.
    language
        Language of error messages, ``"zh"`` or ``"en"``.

    Returns
    -------
    Plan
        ``Plan.model_validate`` makes the same one of the same content as plain data.

    Raises
    ------
    PlanError
        Lists every mistake of the plan and its tables with file and line, row and column, or
        sheet and cell. A syntax error is told alone, since nothing after it can be read.

    Examples
    --------
    >>> dc.read_plan("data/example/plan.yaml").years
    (2015, 2016, 2017)
    """
    place = require_path("read_plan", path, language=language)
    file = File(place.name or str(place), language)
    if place.suffix.lower() == WORKBOOK:
        content = WorkbookContent(read_bytes(place, file, _MOST), file)
        places = Places(content.book, content.root, ())
        return _plan(content.root.data(), places, content.mistakes, content)
    text = read_text(place, file, _MOST)
    notes = Notes(file)
    root = _READERS[place.suffix.lower()](text, notes)
    if not isinstance(root.value, dict):
        raise file.error(say("plan_no_mapping"), file.line(root.line))
    data = root.data()
    if str(data.get("format")).startswith("decompose "):
        raise file.error(say("plan_is_kept"))
    tables = PlanTables(place.parent, file)
    if "tables" in root.value:
        data["tables"] = tables.read(root.value["tables"])
    told = [*notes.mistakes, *tables.mistakes]
    return _plan(data, Places(file, root, tables.columns), told, tables)


class _Losses(Protocol):
    """What was lost of a plan's tables: see PlanTables."""

    unread: bool
    lost: set[str]


def _plan(data: Any, places: Places, mistakes: list[Mistake], tables: _Losses) -> Plan:
    """Make the plan of what was read, or tell everything that is wrong."""
    told = list(mistakes)
    language = places.file.language
    found: list[Mistake] = []
    try:
        plan = Plan.model_validate(data, place=places, language=language)
    except PlanError as error:
        found = [one for one in error.mistakes if not _follows(one, places, tables)]
    if told or found:
        of_workbook = isinstance(places.file, Book)
        texts = (one.message.text("zh") for one in found)
        raise plan_error([*told, *found], language, glossary(texts) if of_workbook else None)
    return plan


def _follows(mistake: Mistake, places: Places, tables: _Losses) -> bool:
    """Whether a mistake of the models only repeats, or follows from, one that reading has told."""
    if places.node(mistake.path).refused:
        return True
    if mistake.message.code == "column_unknown":
        return tables.unread
    if mistake.message.code == "base_total_differs":
        return tables.unread or bool(tables.lost)
    regions = mistake.message.data.get("regions")
    if isinstance(regions, list):
        return tables.unread or {plain(name) for name in regions} <= tables.lost
    return False
