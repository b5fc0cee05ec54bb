"""A plan laid out as the sheets of a workbook: cells that read back as the same plan.

What the columns can say is taken out of the plan's data, step by step; what is left goes to the
sheet of paths, so that every key of a plan has its place.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from decompose.errors import ReportError
from decompose.figures import plain
from decompose.labels import Language, say
from decompose.labels.words import REGION_HEADS
from decompose.labels.workbook import CHOICES
from decompose.labels.workbook_heads import REMARK
from decompose.plan.plan import Plan
from decompose.plan.spec import DEFAULT
from decompose.plan.values import MOST_LETTERS
from decompose.reading.columns import read_cell
from decompose.reading.workbook.content import scope_keys
from decompose.reading.workbook.fields import ITEMS, LIMITS, SHEETS, Fields
from decompose.reading.workbook.kinds import Kind
from decompose.reading.workbook.naming import Naming
from decompose.reading.workbook.numbers import Out, Percent, number_out, shown
from decompose.reading.workbook.other import read_path
from decompose.reading.workbook.texts import before, holds, word_of

Data = dict[Any, Any]
Path = tuple[Any, ...]
Cells = dict[str, Out]
"""The cells of a row by the code of their column, years in the codes."""

_SPOILT = re.compile(
    "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|(?<=_)x(?=[0-9A-Fa-f]{4}_)|x(?=005F_)"
)
"""What JSON keeps as it is and a workbook or YAML does not."""
_FIGURES: Fields = {
    code: kind for code, kind in SHEETS["group_targets"].items() if code.startswith("target.")
}
_PERIODS = {"growth": "average", "increase": "total"}
"""What a stated figure of the whole time is called, where years and the whole share a mapping."""


class PlanSheets(NamedTuple):
    """The rows of each sheet, and the headings of the series (the columns of ``tables``)."""

    rows: dict[str, list[Cells]]
    series: list[str]


def plan_sheets(plan: Plan, language: Language) -> PlanSheets:
    """Lay a plan out; ``language`` is that of the words in cells with a choice.

    Raises
    ------
    ReportError
        Where a text is longer than a cell holds.
    """
    layout = _Layout(plan, language)
    return PlanSheets(layout.rows, layout.series)


class _Layout:
    """Takes out of a plan's data what each sheet says."""

    def __init__(self, plan: Plan, language: Language) -> None:
        self._plan = plan
        self._language: Language = language
        self._naming = Naming(
            ((one.id, one.name) for one in plan.indicators),
            (plan.area, plan.total_label, "area"),
        )
        self.rows: dict[str, list[Cells]] = {code: [] for code in (*SHEETS, "tables")}
        data = copy.deepcopy(plan.source())
        data.pop("format", None)  # there is but one
        items = self._take(ITEMS, data)
        self.rows["plan"] = [{"key": code, "value": cell} for code, cell in items.items()]
        self._groups(data)
        self.series = self._tables(data)
        regions, indicators = data.pop("regions"), data.pop("indicators")
        if all(map(holds, plan.region_names)):
            self.rows["regions"] = [self._take(SHEETS["regions"], one) for one in regions]
        else:
            data["regions"] = regions
        for item in indicators:
            self._indicator(item)
        self._rest((), data)
        if "regions" not in data:
            for region, item in zip(plan.regions, regions, strict=True):
                self._rest(("regions", region.name), item)
        for indicator, item in zip(plan.indicators, indicators, strict=True):
            self._rest(("indicators", indicator.id), item)

    def _cell(self, kind: Kind, value: Any) -> Out | None:
        return kind.cell(value, self._naming, self._language)

    def _take(self, fields: Fields, item: Data) -> Cells:
        """Take out of an item what the columns of some fields can say."""
        cells: Cells = {}
        for code, kind in fields.items():
            *steps, last = code.split(".")
            keys = list(_get(item, steps) or ()) if last == "{year}" else [last]
            for key in keys:
                if last == "{year}" and ".".join([*steps, str(key)]) in fields:
                    continue  # it has a column of its own
                value = _get(item, [*steps, key])
                cell = None if value is None else self._cell(kind, value)
                if cell is not None:
                    cells[code.replace("{year}", str(key))] = cell
                    _drop(item, [*steps, key])
        return cells

    def _row(self, sheet: str, **values: Any) -> bool:
        """Add a row, unless one of its values is one that no cell can hold."""
        cells: Cells = {}
        for code, value in values.items():
            kind = SHEETS[sheet][code]
            cell = None if value is None else self._cell(kind, value)
            if cell is None and value is not None:
                return False
            if cell is not None:
                cells[code] = cell
        self.rows[sheet].append(cells)
        return True

    def _groups(self, data: Data) -> None:
        groups: Data = data.get("groups", {})
        for name in [name for name in groups if holds(name)]:
            group: Data = {"name": name, **groups.pop(name)}
            self.rows["groups"].append(self._take(SHEETS["groups"], group))
            if group:
                groups[name] = group
        if not groups:
            data.pop("groups", None)

    def _tables(self, data: Data) -> list[str]:
        """Take the series that columns can hold; return their headings."""
        tables: Data = data.get("tables", {})
        names = [name for name in tables if _is_series(name, tables[name])]
        regions = dict.fromkeys(map(plain, self._plan.region_names))
        regions |= dict.fromkeys(region for name in names for region in tables[name])
        for region in filter(holds, regions):
            row: Cells = {"region": region}
            for name in names:
                if region in tables[name]:
                    row[name] = _series_cell(tables[name][region])
            self.rows["tables"].append(row)
        for name in names:
            del tables[name]
        if not tables:
            data.pop("tables", None)
        return names

    def _indicator(self, item: Data) -> None:
        """Take an indicator: its own row, then what stands on other sheets."""
        identity = item["id"]
        groups = item.get("group_targets", {})
        self._figures(item, identity, ("target", "stretch"), level="stretch")
        for group in list(groups):
            path = ("group_targets", group)
            self._figures(item, identity, (*path, "stretch"), group=group, level="stretch")
            self._figures(item, identity, path, group=group)
        self._stated(item, identity, ("stated",), None)
        for group in list(_get(item, ["stated", "groups"]) or ()):
            self._stated(item, identity, ("stated", "groups", group), group)
        for limit, kind in LIMITS.items():
            self._limit(item, identity, limit, kind)
        for region, locks in list(item.get("locks", {}).items()):
            for year, lock in list(locks.items()):
                said = {"region": region, "year": year, **lock, "why": lock.get("why") or None}
                if self._row("locks", indicator=identity, **said):
                    _drop(item, ["locks", region, year])
        for year, note in list(item.get("notes", {}).items()):
            said = {"year": None if year == "all" else year, "text": note}
            if self._row("notes", indicator=identity, **said):
                _drop(item, ["notes", year])
        self._links(item, identity)
        self.rows["indicators"].append(self._take(SHEETS["indicators"], item))

    def _figures(
        self,
        item: Data,
        identity: str,
        path: Path,
        *,
        group: str | None = None,
        level: str | None = None,
    ) -> None:
        """Take the figures of a group, or of a second set, unless they cannot be named."""
        target = _get(item, path)
        count = len(self.rows["group_targets"])
        if target and self._row("group_targets", indicator=identity, group=group, level=level):
            cells = self._take(_FIGURES, {"target": target})
            self.rows["group_targets"][-1] |= cells
            if not cells:
                del self.rows["group_targets"][count:]
            elif not target:
                _drop(item, path)

    def _stated(self, item: Data, identity: str, path: Path, group: str | None) -> None:
        """Take the stated figures of the area or of a group."""
        found: list[tuple[Path, str, Any]] = []
        for key, value in (_get(item, path) or {}).items():
            if key == "years":
                found += [((*path, key, year), "value", str(year)) for year in value]
            elif key in _PERIODS:
                whole = _PERIODS[key]
                years = ((year, None if year == whole else year) for year in value)
                found += [((*path, key, year), key, said) for year, said in years]
            elif key != "groups":
                found.append(((*path, key), "value" if key == "total" else key, None))
        for where, what, year in found:
            value = _get(item, where)
            said = {"group": group, "item": what, "year": year, "value": value}
            if value is not None and self._row("stated", indicator=identity, **said):
                _drop(item, where)

    def _limit(self, item: Data, identity: str, limit: str, kind: Kind) -> None:
        """Take a limit as a whole, so that its entries keep their order."""
        path = ["limits", *limit.split(".")]
        rows: list[Cells] = []
        for keys, value in _entries(_get(item, path)):
            cell = self._cell(kind, value)
            place = self._scope(keys)
            if cell is None or place is None:
                return
            if isinstance(
                cell, Percent
            ):  # in a cell with that format a quantity would get a %, too
                cell = cell.text
            name, words = self._naming.spoken(identity), CHOICES["limit"][limit]
            rows.append(
                {"indicator": name, "limit": word_of(words, self._language), **place, "value": cell}
            )
        if rows:
            self.rows["limits"] += rows
            _drop(item, path)

    def _scope(self, keys: Path) -> Cells | None:
        """Return scope and year of a limit's entry; None where columns cannot say them."""
        cells: Cells = {}
        if keys and self._plan.year_at(keys[-1]) is not None:
            cells["year"] = int(keys[-1])
            keys = keys[:-1]
        if not keys:
            return cells
        area = word_of(CHOICES["scope"]["area"], self._language)
        spelled = before("sum", keys[-1], self._language) if keys[0] == "sum" else keys[0]
        text = area if keys == ("area",) else spelled
        if not text or scope_keys(text) != keys or not holds(text):
            return None
        return {"scope": text, **cells}

    def _links(self, item: Data, identity: str) -> None:
        """Take the links, all or none, so that they keep their order."""
        count = len(self.rows["links"])
        for link in item.get("links", ()):
            relation = next((key for key in CHOICES["relation"] if key in link), "")
            part = relation == "part_of"
            said = {
                "relation": relation,
                "other": link.get("part_of" if part else "of"),
                "share": None if part else link.get(relation),
                "scope": link.get("scope"),
            }
            others = link.keys() - {relation, "of", "scope"}
            if others or not self._row("links", indicator=identity, **said):
                del self.rows["links"][count:]
                return
        item.pop("links", None)

    def _rest(self, path: Path, data: Data) -> None:
        """Put what is left on the sheet of paths."""
        for keys, value in _leaves(data):
            steps = tuple(map(str, (*path, *keys)))
            text = ".".join(steps)
            if read_path(text) != steps or not holds(text):
                text = _json(steps)
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            cell = number_out(value) if number else _json(value)
            if len(shown(cell)) > MOST_LETTERS or len(text) > MOST_LETTERS:
                long = say("workbook_text_long", path=".".join(steps)[:80], most=MOST_LETTERS)
                raise ReportError(long, language=self._language)
            self.rows["other"].append({"path": text, "value": cell})


def _get(item: Any, path: Sequence[Any]) -> Any:
    """Return the value at a path; None where there is none."""
    for step in path:
        item = item.get(step) if isinstance(item, dict) else None
    return item


def _drop(item: Data, path: Sequence[Any]) -> None:
    """Remove the value at a path, and the mappings that are empty without it."""
    *steps, last = path
    holder = _get(item, steps)
    del holder[last]
    if not holder and steps:
        _drop(item, steps)


def _entries(value: Any, keys: Path = ()) -> Iterator[tuple[Path, Any]]:
    """List the entries of a limit: the keys that lead to each figure."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _entries(inner, keys if key == DEFAULT else (*keys, str(key)))
    elif value is not None:
        yield keys, value


def _leaves(value: Any, keys: Path = ()) -> Iterator[tuple[Path, Any]]:
    """List the values that are no mappings (or empty ones), with the keys that lead to them."""
    if isinstance(value, dict) and (value or not keys):
        for key, inner in value.items():
            yield from _leaves(inner, (*keys, key))
    else:
        yield keys, value


def _is_series(name: str, cells: Data) -> bool:
    """Whether a column can hold a series and its heading."""
    heading = holds(name) and name.lower() not in REGION_HEADS and name not in REMARK
    return heading and all(
        holds(region) and read_cell(shown(_series_cell(value))) == value
        for region, value in cells.items()
    )


def _series_cell(value: float | str) -> Out:
    """Return a cell for a number, or for a percentage that is kept as a text."""
    if not isinstance(value, str):
        return number_out(value)
    try:
        percent = Percent(float(value.removesuffix("%")) / 100)
    except ValueError:
        return value
    return percent if percent.text == value else value


def _json(value: Any) -> str:
    """Return JSON that a cell gives back as it is, and that is YAML too."""
    text = json.dumps(value, ensure_ascii=False)
    return _SPOILT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
