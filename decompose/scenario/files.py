"""A YAML file of scenarios, with the line of everything that is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from decompose.errors import PlanError
from decompose.labels import Language, say
from decompose.passed import require_path
from decompose.reading.files import File, plan_error, read_text
from decompose.reading.nodes import Node, Notes
from decompose.reading.yaml_text import read_yaml
from decompose.scenario.model import Scenario

KEYS = ("name", "changes", "scale", "drop", "combine")
HEAD = "scenarios"
_MOST = dict.fromkeys((".yaml", ".yml", ".json"), 5 * 2**20)


def read_scenarios(path: str | os.PathLike[str], *, language: Language = "zh") -> list[Scenario]:
    r"""Read a file of scenarios.

    Parameters
    ----------
    path
        YAML 1.2 or JSON: a list under ``scenarios:``. Each item has a ``name`` and some of
        ``changes`` (path: value), ``scale`` (id: factor), ``drop`` (a list of paths), and
        ``combine`` (names of scenarios above it, to which its own changes are added).
    language
        Language of error messages, ``"zh"`` or ``"en"``.

    Returns
    -------
    list of Scenario
        In the order of the file.

    Raises
    ------
    PlanError
        Lists every mistake with its file and line. A syntax error is told alone.

    Examples
    --------
    >>> path = folder / "scenarios.yaml"
    >>> _ = path.write_text("scenarios:\n  - {name: more, scale: {investment: 1.05}}\n")
    >>> [one.name for one in dc.read_scenarios(path)]
    ['more']
    """
    place = require_path("read_scenarios", path, language=language)
    notes = Notes(File(place.name, language))
    root = read_yaml(read_text(place, notes.file, _MOST), notes)
    found: dict[str, Scenario] = {}
    for node in _list(root, notes):
        one = _scenario(node, found, notes)
        if one is not None and one.name in found:
            notes.tell(say("scenario_twice", found=one.name), node.line)
        elif one is not None:
            found[one.name] = one
    if notes.mistakes:
        raise plan_error(notes.mistakes, language)
    return list(found.values())


def _list(root: Node, notes: Notes) -> list[Node]:
    """Return the items of the file's one list."""
    top = root.value
    if isinstance(top, dict):
        for key, node in top.items():
            if key != HEAD:
                notes.tell(say("scenario_key", found=str(key), known=[HEAD]), node.line)
        root = top.get(HEAD, root)
    if not isinstance(root.value, list):
        notes.tell(say("scenario_list"), root.line)
        return []
    return root.value


def _scenario(node: Node, above: Mapping[str, Scenario], notes: Notes) -> Scenario | None:
    """Read one scenario, or note what is wrong with it."""
    told = len(notes.mistakes)
    said = node.value
    if not isinstance(said, dict):
        notes.tell(say("scenario_mapping", known=list(KEYS)), node.line)
        return None
    for key, inner in said.items():
        if key not in KEYS:
            notes.tell(say("scenario_key", found=str(key), known=list(KEYS)), inner.line)
    changes = _mapping(said.get("changes"), notes)
    scale = _mapping(said.get("scale"), notes)
    drop = _names(said.get("drop"), notes)
    parts = []
    for name, line in _names(said.get("combine"), notes):
        if name not in above:
            notes.tell(say("combine_unknown", found=name, known=list(above)), line)
        else:
            parts.append(above[name])
    name = said["name"].data() if "name" in said else ""
    if len(notes.mistakes) > told:
        return None
    try:
        own = Scenario(
            str(name) if isinstance(name, int | float) and not isinstance(name, bool) else name,
            changes,
            scale,
            tuple(path for path, _ in drop),
        )
    except PlanError as error:
        notes.tell(say("scenario_told", text=error.message), node.line)
        return None
    return Scenario.combine(own.name, *parts, own)


def _mapping(node: Node | None, notes: Notes) -> dict[str, Any]:
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict):
        notes.tell(say("scenario_paths"), node.line)
        return {}
    return {str(key): inner.data() for key, inner in node.value.items()}


def _names(node: Node | None, notes: Notes) -> list[tuple[str, int]]:
    if node is None or node.value is None:
        return []
    items = node.value if isinstance(node.value, list) else [node]
    if all(isinstance(one.value, str | int) for one in items):
        return [(str(one.value), one.line) for one in items]
    notes.tell(say("scenario_names"), node.line)
    return []
