"""read_allocation: an issued allocation from its file, checked like any other input."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from decompose.allocation import Allocation
from decompose.anchor import Anchor, Place
from decompose.errors import Mistake, PlanError, SolverError
from decompose.fingerprint import FINGERPRINT, fingerprint, intact, marks_of
from decompose.kept import (
    CELL,
    FIXED,
    FORMAT,
    HELD,
    ISSUED,
    NUMBERS,
    PLACE,
    STOOD,
    Made,
    kept,
)
from decompose.labels import Language, Message, say
from decompose.passed import require_path
from decompose.plan import Plan
from decompose.plan.order import batches_of
from decompose.plan.stretched import stretched
from decompose.problem import Floats
from decompose.reading.files import File, plan_error, read_text
from decompose.reading.json_text import read_json
from decompose.reading.nodes import Node, Notes
from decompose.reading.places import Places
from decompose.restored import Way, in_batches, restored
from decompose.settle import Settled

_MOST = {".json": 100 * 2**20}
"""The most bytes of a file: some hundred thousand quotas."""
_MOST_SEARCHED = 1_200_000
"""The most commas, colons and brackets where lines are looked for."""
_LARGEST = 1e15
"""A number beyond it has no digits left for steps."""
_LAST_DIGITS, _IN_ALL = 1e-9, 1e-12
"""How far numbers that follow from the file may lie from those in it, and as a part of them."""

_MARK, _HEAD = FORMAT.rstrip("0123456789").encode(), 200
"""What stands at the head of a kept allocation, and how far its head goes."""

Path_ = tuple[str | int, ...]


class _WrongError(Exception):
    """What is wrong with a part of the file, and where."""

    def __init__(self, message: Message, *path: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class _Numbers(NamedTuple):
    """The rows of quotas as grids, and the row of each cell."""

    grids: Mapping[str, Mapping[str, Floats]]
    rows: Mapping[tuple[str, str, int], int]


def is_allocation(path: Path) -> bool:
    """Tell whether a file is a kept allocation, of whatever version, rather than a plan."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as stream:
        return _MARK in stream.read(_HEAD)


def read_allocation(path: str | os.PathLike[str], *, language: Language = "zh") -> Allocation:
    """Bring back an allocation that ``Allocation.save`` has kept.

    Nothing is solved: the quotas are laid into their plan again and certified, and everything else
    that the file says is compared with what follows from them.

    Parameters
    ----------
    path
        The file (.json).
    language
        Language of error messages, ``"zh"`` or ``"en"``.

    Returns
    -------
    Allocation
        As good as new: it saves the same bytes.

    Raises
    ------
    PlanError
        There is no such file, it is of another version or incomplete, or it was changed since it
        was kept: what is wrong, and on which line.

    Examples
    --------
    >>> allocation.save(folder / "issued.json")
    >>> dc.read_allocation(folder / "issued.json").quotas.equals(allocation.quotas)
    True
    """
    place = require_path("read_allocation", path, language=language)
    file = File(place.name, language)
    text = read_text(place, file, _MOST)
    marks, content = marks_of(text), intact(text)
    if content is not None:
        nowhere = Places(file, Node({}, 1), ())
        try:
            return _read(content, nowhere, whole=True)
        except (_WrongError, PlanError) as error:
            if marks > _MOST_SEARCHED:
                if isinstance(error, PlanError):
                    raise
                raise file.error(error.message) from None
    if marks > _MOST_SEARCHED:
        raise file.error(say("kept_fingerprint"))
    notes = Notes(file)
    root = read_json(text, notes, most=3 * _MOST_SEARCHED)
    if notes.mistakes:
        raise plan_error(notes.mistakes, language)
    places = Places(file, root, ())
    try:
        return _read(root.data(), places)
    except _WrongError as wrong:
        raise file.error(wrong.message, places(wrong.path)) from None


def _read(data: Any, places: Places, *, whole: bool = False) -> Allocation:
    """Read what a file says; a whole one has the fingerprint of all that it says."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format", "—") if isinstance(data, dict) else "—"
        raise _WrongError(say("kept_format", found=str(found), known=FORMAT), "format")
    made, log = _made(data.get("made")), _log(data.get("log", []))
    language = places.file.language
    plan = Plan.model_validate(
        data.get("plan"),
        place=lambda path, found: places(("plan", *path), found),
        language=language,
    )
    settled = _settled(plan, data, (), places)
    higher, stretch = stretched(plan), None
    if higher is not None:
        part = data.get("stretch")
        if not isinstance(part, dict):
            raise _WrongError(say("kept_absent", key="stretch"))
        stretch = _settled(higher, part, ("stretch",), places, base=settled)
    expected = kept(settled, stretch, made, log)
    kept_as = data.get(FINGERPRINT)
    same = whole and kept_as == expected[FINGERPRINT]
    differs = None if same else _difference({**expected, FINGERPRINT: kept_as}, data, ())
    if differs is not None:
        told = [Mistake(differs.message, (), places(differs.path))]
        if made.decompose != Made().decompose:
            other = say("kept_version", found=made.decompose, known=Made().decompose)
            told.append(Mistake(other, (), places(("made",))))
        raise plan_error(told, language)
    if kept_as not in (expected[FINGERPRINT], fingerprint(data)):
        raise _WrongError(say("kept_fingerprint"), FINGERPRINT)
    higher_part = None if stretch is None else Allocation(stretch, made=made)
    return Allocation(settled, higher_part, made, tuple(log))


def _made(part: Any) -> Made:
    names = {one.name for one in fields(Made)}
    whole = isinstance(part, dict) and set(part) == names
    if not whole or not all(isinstance(value, str) for value in part.values()):
        raise _WrongError(say("kept_absent", key="made"), "made")
    return Made(**part)


def _log(part: Any) -> list[dict[str, Any]]:
    """Take the log as it is: a list of moves, none of which nests any further."""
    flat = isinstance(part, list) and all(
        isinstance(move, dict) and not any(isinstance(one, dict) for one in move.values())
        for move in part
    )
    if not flat:
        raise _WrongError(say("kept_absent", key="log"), "log")
    return list(part)


def _settled(
    plan: Plan, data: dict[str, Any], path: Path_, places: Places, base: Settled | None = None
) -> Settled:
    """Lay one set of quotas into the plan again."""
    anchored = "anchor" in data
    numbers = _numbers(plan, data.get("quotas"), (*path, "quotas"), anchored=anchored)
    anchor = _anchor(plan, data["anchor"], numbers, (*path, "anchor")) if anchored else None
    ways = _ways(plan, data.get("stages"), (*path, "stages"))
    try:
        return restored(
            plan,
            numbers.grids["exact"],
            numbers.grids["quota"],
            ways=ways,
            base=base,
            instead=numbers.grids[HELD],
            anchor=anchor,
        )
    except SolverError as error:
        broken = error.code == "certificate_broken"
        told = say("kept_breaks", **error.data) if broken else say("kept_uncertified")
        raise _WrongError(told, *path, "quotas") from None
    except PlanError as error:
        mistakes = [_placed(one, numbers, path, places) for one in error.mistakes]
        raise plan_error(mistakes, places.file.language) from None


def _placed(mistake: Mistake, numbers: _Numbers, path: Path_, places: Places) -> Mistake:
    """Find the line of a mistake of a quota; where its row is not there, that of them all."""
    cell = tuple(map(str, mistake.path[1:]))
    found = {tuple(map(str, known)): row for known, row in numbers.rows.items()}.get(cell)
    steps = (*path, "quotas") if found is None else (*path, "quotas", found)
    return Mistake(mistake.message, (), places(steps))


def _ways(plan: Plan, part: Any, path: Path_) -> list[Way]:
    names = set(plan.indicator_index)
    if not isinstance(part, list):
        raise _WrongError(say("kept_stages", count=len(batches_of(plan))), *path)
    found = []
    for number, one in enumerate(part):
        whole = isinstance(one, dict) and set(one) == {own.name for own in fields(Way)}
        if (
            not whole
            or not _texts(one["route"])
            or not _texts(one["gave_way"])
            or not names.issuperset(one["gave_way"])
            or type(one["programs"]) is not int
            or type(one["loose"]) is not bool
            or one["year"] not in (None, *plan.years)
        ):
            raise _WrongError(
                say("kept_stage", keys=[own.name for own in fields(Way)]), *path, number
            )
        turn = one["year"], one["loose"]
        found.append(Way(tuple(one["route"]), one["programs"], tuple(one["gave_way"]), *turn))
    try:
        in_batches(plan, found)
    except ValueError:
        raise _WrongError(say("kept_stages", count=len(batches_of(plan))), *path) from None
    return found


def _texts(part: Any) -> bool:
    return isinstance(part, list) and all(isinstance(one, str) for one in part)


def _anchor(plan: Plan, part: Any, numbers: _Numbers, path: Path_) -> Anchor:
    """Read what stood: its numbers are in the rows of quotas."""
    needed = {"excess", "totals", "handed", "sums"}
    whole = isinstance(part, dict) and set(part) - {"bounding"} == needed
    lists = whole and all(isinstance(one, list) for one in part.values())
    bounding = part.get("bounding", []) if lists else []
    if not lists or not _texts([*part["totals"], *part["handed"], *bounding]):
        raise _WrongError(say("kept_absent", key="anchor"), *path)
    excess: dict[Place, float] = {}
    for number, row in enumerate(part["excess"]):
        if (
            not isinstance(row, dict)
            or set(row) != {*PLACE, "steps"}
            or not _texts([row[name] for name in PLACE[:-1]])
            or type(row["year"]) is not int
            or type(row["steps"]) not in (int, float, type(None))
        ):
            keys = [*PLACE, "steps"]
            raise _WrongError(say("kept_row", keys=keys), *path, "excess", number)
        rule, family, indicator, scope, year = (row[name] for name in PLACE)
        steps = np.inf if row["steps"] is None else float(row["steps"])
        excess[rule, family, indicator, scope, year] = steps
    sums = [_sum(plan, row, (*path, "sums", k)) for k, row in enumerate(part["sums"])]
    unknown = [*part["totals"], *part["handed"], *(place[2] for place in excess)]
    for name in unknown:
        if name not in plan.indicator_index:
            raise _WrongError(say("kept_name", found=name), *path)
    totals, handed = frozenset(part["totals"]), frozenset(part["handed"])
    stood, fixed, issued = (numbers.grids[name] for name in (STOOD, FIXED, ISSUED))
    bounds = frozenset(bounding)
    return Anchor(stood, excess, fixed, totals, handed, bounds, tuple(sums), issued=issued)


def _sum(plan: Plan, row: Any, path: Path_) -> tuple[str, tuple[int, ...], int]:
    """Read a sum that stands: of an indicator, some regions, a year."""
    if not isinstance(row, dict) or set(row) != {"indicator", "regions", "year"}:
        raise _WrongError(say("kept_row", keys=["indicator", "regions", "year"]), *path)
    whole = _texts(row["regions"]) and isinstance(row["indicator"], str)
    names = {name: index for index, name in enumerate(plan.region_names)}
    if (
        not whole
        or row["indicator"] not in plan.indicator_index
        or not set(row["regions"]) <= names.keys()
        or row["year"] not in plan.years
    ):
        raise _WrongError(say("kept_name", found=str(row)), *path)
    regions = tuple(names[name] for name in row["regions"])
    return row["indicator"], regions, plan.year_index[row["year"]]


def _numbers(plan: Plan, part: Any, path: Path_, *, anchored: bool) -> _Numbers:
    """Read the rows of quotas: each cell of the plan at most once, and its numbers."""
    if not isinstance(part, list):
        raise _WrongError(say("kept_absent", key="quotas"), *path[:-1])
    shape = len(plan.regions), len(plan.years)
    regions = {name: index for index, name in enumerate(plan.region_names)}
    needed = {*CELL, *NUMBERS}
    more = {STOOD, FIXED, HELD, ISSUED}
    allowed = needed | (more if anchored else {HELD})
    grids: dict[str, dict[str, Floats]] = {name: {} for name in (*NUMBERS, *more)}
    rows: dict[tuple[str, str, int], int] = {}
    for number, row in enumerate(part):
        if not isinstance(row, dict) or not needed <= set(row) <= allowed:
            raise _WrongError(say("kept_row", keys=[*CELL, *NUMBERS]), *path, number)
        indicator, region, year = (row[name] for name in CELL)
        known: tuple[tuple[Any, Mapping[Any, int]], ...] = (
            (indicator, plan.indicator_index),
            (region, regions),
            (year, plan.year_index),
        )
        for name, names in known:
            if type(name) not in (str, int) or name not in names:
                raise _WrongError(say("kept_name", found=str(name)), *path, number)
        if (indicator, region, year) in rows:
            twice = say("kept_twice", indicator=indicator, region=region, year=year)
            raise _WrongError(twice, *path, number)
        rows[indicator, region, year] = number
        for name in (one for one in row if one not in CELL):
            if type(row[name]) not in (int, float) or not abs(row[name]) < _LARGEST:
                told = say("kept_number", key=name, found=str(row[name]))
                raise _WrongError(told, *path, number)
            if indicator not in grids[name]:
                grids[name][indicator] = np.full(shape, np.nan)
            grids[name][indicator][regions[region], plan.year_index[year]] = row[name]
    return _Numbers(grids, rows)


def _difference(expected: Any, found: Any, path: Path_) -> _WrongError | None:
    """Return the first place at which the file says something else than follows from it."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in [*expected, *(one for one in found if one not in expected)]:
            if name not in found:
                return _WrongError(say("kept_absent", key=name), *path)
            if name not in expected:
                return _WrongError(say("kept_unknown", key=str(name)), *path, name)
            inner = _difference(expected[name], found[name], (*path, name))
            if inner is not None:
                return inner
        return None
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            told = say("kept_count", found=len(found), expected=len(expected), key=str(path[-1]))
            return _WrongError(told, *path)
        inners = (
            _difference(*pair, (*path, number))
            for number, pair in enumerate(zip(expected, found, strict=True))
        )
        return next((inner for inner in inners if inner is not None), None)
    if type(expected) is float and type(found) is float:
        # Other releases add in another order; that nothing was changed the fingerprint tells.
        close = math.isclose(expected, found, rel_tol=_IN_ALL, abs_tol=_LAST_DIGITS)
        return None if close else _differs(expected, found, path)
    if type(expected) in (int, float) and type(found) in (int, float):
        return None if expected == found else _differs(expected, found, path)
    same = type(expected) is type(found) and expected == found
    return None if same else _differs(expected, found, path)


def _differs(expected: Any, found: Any, path: Path_) -> _WrongError:
    told = say("kept_differs", key=str(path[-1]), found=str(found), expected=str(expected))
    return _WrongError(told, *path)
