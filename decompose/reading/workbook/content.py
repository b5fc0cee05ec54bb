"""A workbook as the content of a plan: what each sheet says, under the keys of a plan file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from decompose.errors import Mistake
from decompose.figures import plain
from decompose.labels import say, word
from decompose.labels.workbook import CHOICES, OWN
from decompose.labels.workbook import SHEETS as SHEET_NAMES
from decompose.labels.workbook_heads import HEADS, head_of
from decompose.plan.hints import NAMES_ALIKE, hint
from decompose.reading.files import File
from decompose.reading.nodes import Key, Node, Notes
from decompose.reading.workbook.book import number_of
from decompose.reading.workbook.cells import Sheet, Workbook
from decompose.reading.workbook.fields import ITEMS, LIMITS
from decompose.reading.workbook.kinds import Kind
from decompose.reading.workbook.naming import Naming
from decompose.reading.workbook.other import read_other
from decompose.reading.workbook.rows import Record, node_of, records, tell_far
from decompose.reading.workbook.series import read_series, series_node
from decompose.reading.workbook.texts import after
from decompose.reading.workbook.tree import Tree

Path = tuple[str, ...]


class WorkbookContent:
    """What a workbook says.

    Parameters
    ----------
    data, file
        The whole file, and its name.

    Attributes
    ----------
    book
        Knows the words for a cell by its number.
    root
        The content, as of a plan file; the line of a node is the number of its cell.
    mistakes
        What is wrong with the cells.
    unread, lost
        Whether series were lost whose names nobody knows, and the regions some of whose cells
        were lost.

    Raises
    ------
    PlanError
        Where the workbook cannot be read at all.
    """

    def __init__(self, data: bytes, file: File) -> None:
        workbook = Workbook(data, file)
        self.book = workbook.book
        self._notes = Notes(self.book)
        self._tree = Tree(self._notes)
        self._naming = Naming(())
        self._indicators: dict[str, Node] = {}
        self._unnamed = False
        self.unread = False
        self.lost: set[str] = set()
        self._sheets = self._find_sheets(workbook)
        self._read_items()
        self._read_regions()
        self._read_indicators()
        self._read_entries()
        self._read_tables()
        for record in self._records("other"):
            read_other(record, self._tree, self._naming, self._notes)
        self._tell_missing()

    @property
    def root(self) -> Node:
        """The content."""
        return self._tree.root

    @property
    def mistakes(self) -> list[Mistake]:
        """What is wrong with the cells."""
        return self._notes.mistakes

    def _find_sheets(self, workbook: Workbook) -> dict[str, Sheet]:
        """Read the sheets of a plan; tell the others that are not blank."""
        codes = {name.lower(): code for code, names in SHEET_NAMES.items() for name in names}
        found: dict[str, Sheet] = {}
        for index, name in enumerate(self.book.sheets):
            code = codes.get(plain(name).lower())
            if code == "guide" or name.startswith(OWN):
                continue
            sheet = workbook.sheet(index)
            place = number_of(index, 0)
            tell_far(sheet, self._notes)
            if not sheet.rows:
                continue
            if code is None:
                near = hint(name, codes, alike=NAMES_ALIKE)
                self._notes.tell(say("sheet_unknown", found=name, hint=near), place)
            elif code in found:
                other = found[code].name
                self._notes.tell(say("sheet_twice", found=name, other=other), place)
            else:
                found[code] = sheet
        return found

    def _records(self, code: str, notes: Notes | None = None) -> Iterator[Record]:
        """Read the rows of a sheet, if there is one."""
        if code in self._sheets:
            told = notes or self._notes
            yield from records(self._sheets[code], code, self._naming, told) or ()

    def _item(self, record: Record) -> Node:
        """Return a row as a mapping, its codes taken apart."""
        item = Node({}, record.line)
        for code, node in record.nodes.items():
            self._tree.put(tuple(code.split(".")), node, item)
        return item

    def _read_again(self, node: Node, kind: Kind) -> Node:
        """Read what was taken as a text for what it turns out to be."""
        if node.refused or isinstance(node.value, (dict, list)):
            return node
        try:
            return node_of(kind.read(node.value, self._naming), node.line)
        except ValueError as error:
            self._notes.tell(error.args[0], node.line)
            return Node(None, node.line, refused=True)

    def _read_items(self) -> None:
        """Read the sheet of the plan: an item in each row."""
        codes = {plain(name).lower(): code for code in ITEMS for name in head_of("items", code)}
        for record in self._records("plan"):
            name = record.text("key")
            code = codes.get(plain(name).lower())
            if code is not None and "value" in record.nodes:
                node = self._read_again(record.nodes["value"], ITEMS[code])
                self._tree.put(tuple(code.split(".")), node)
            elif code is None and name:
                known = [*(head.zh for head in HEADS["items"].values()), *ITEMS]
                near = hint(name, known, alike=NAMES_ALIKE)
                unknown = say("item_unknown", found=name, hint=near)
                self._notes.tell(unknown, record.nodes["key"].line)

    def _read_regions(self) -> None:
        for record in self._records("regions"):
            self._tree.append("regions", self._item(record))
        for record in self._records("groups"):
            name = record.nodes.pop("name")
            # without its name a group makes names unsure, which a text in its place tells
            item = Node("", name.line, refused=True) if name.refused else self._item(record)
            self._tree.put(("groups", str(name.value)), item)

    def _read_indicators(self) -> None:
        """Read the indicators twice: their names first, since any of them may name another."""
        quiet = Notes(self.book)  # what is wrong is told the second time
        rows = [*self._records("indicators", quiet)]
        headless = bool(quiet.mistakes) and not any("name" in row.nodes for row in rows)
        above = any(one.message.code == "row_above_heads" for one in quiet.mistakes)
        self._unnamed = (
            headless or above or any(row.refused("name") or row.refused("id") for row in rows)
        )
        area = [self._tree.scalar("area") or word("area"), "area"]
        area += [self._tree.scalar("total_label") or word("total_label")]
        named = ((row.text("id"), row.text("name")) for row in rows)
        self._naming = Naming(named, area)
        for record in self._records("indicators"):
            item = self._item(record)
            self._tree.append("indicators", item)
            self._indicators.setdefault(record.text("id"), item)

    def _read_entries(self) -> None:
        """Read the sheets whose rows belong to an indicator."""
        entries = {
            "group_targets": self._group_target,
            "stated": self._stated,
            "limits": self._limit,
            "locks": self._lock,
            "links": self._link,
            "notes": self._note,
        }
        for code, enter in entries.items():
            for record in self._records(code):
                item = self._indicator(record)
                if item is not None:
                    enter(record, item)

    def _indicator(self, record: Record) -> Node | None:
        """Return the indicator that a row belongs to, or tell why there is none."""
        name = record.text("indicator")
        found = self._naming.called(name)
        if len(found) == 1:
            return self._indicators.get(found[0]) if found[0] else None
        if name and found:
            two = say("indicator_two", found=name, ids=found)
            self._notes.tell(two, record.nodes["indicator"].line)
        elif name and self._indicators and not self._unnamed:
            near = hint(name, self._naming.names, alike=NAMES_ALIKE)
            unknown = say("indicator_not_found", found=name, hint=near)
            self._notes.tell(unknown, record.nodes["indicator"].line)
        return None

    def _group_target(self, record: Record, item: Node) -> None:
        group, level = record.text("group"), record.text("level")
        path: Path = ("group_targets", group) if group else ("target",)
        if level == "stretch":
            path = (*path, "stretch")
        figures = {code: node for code, node in record.nodes.items() if code.startswith("target.")}
        if not figures:
            self._notes.tell(say("row_no_value"), record.line)
        for code, node in figures.items():
            self._tree.put((*path, *code.split(".")[1:]), _keyed(node, record, group=group), item)

    def _stated(self, record: Record, item: Node) -> None:
        group, what, year = (record.text(code) for code in ("group", "item", "year"))
        whole = {"value": "", "growth": "average", "increase": "total"}.get(what, "")
        year = year or whole
        path: Path = ("stated", "groups", group) if group else ("stated",)
        if what == "value" and year in ("", "total"):
            path = (*path, "total")
        else:
            path = (*path, "years" if what == "value" else what, *([year] if year else []))
        if what:
            value = _keyed(record.nodes["value"], record, group=group, year=year)
            self._tree.put(path, value, item)

    def _limit(self, record: Record, item: Node) -> None:
        limit = record.text("limit")
        if not limit or record.refused("scope") or record.refused("year"):
            return
        scope, year = scope_keys(record.text("scope")), record.text("year")
        keys = [*scope, year]
        value = self._read_again(record.nodes["value"], LIMITS[limit])
        value = _keyed(value, record, scope=scope[-1] if scope else "", year=year)
        path = ("limits", *limit.split("."), *(plain(key) for key in keys if key))
        self._tree.put(path, value, item)

    def _lock(self, record: Record, item: Node) -> None:
        region, year = record.text("region"), record.text("year")
        content: dict[Key, Node] = {
            code: node for code, node in record.nodes.items() if code in ("value", "why", "signed")
        }
        if region and year:
            lock = _keyed(Node(content, record.line), record, region=region, year=year)
            self._tree.put(("locks", region, year), lock, item)

    def _link(self, record: Record, item: Node) -> None:
        relation = record.text("relation")
        other, share = record.nodes["other"], record.nodes.get("share")
        if not relation:
            return
        if relation == "part_of":
            content: dict[Key, Node] = {"part_of": other}
            content |= {"at_least_share": share} if share else {}  # the models tell it
        elif share is None:
            missing = say("cell_missing", found=head_of("links", "share"))
            self._notes.tell(missing, record.line)
            return
        else:
            content = {relation: share, "of": other}
        if "scope" in record.nodes:
            content["scope"] = record.nodes["scope"]
        link = Node(content, record.line)
        if isinstance(item.value, dict):
            links = item.value.setdefault("links", Node([], record.line))
            if isinstance(links.value, list):
                links.value.append(link)

    def _note(self, record: Record, item: Node) -> None:
        year = record.text("year")
        note = _keyed(record.nodes["text"], record, year=year)
        self._tree.put(("notes", year or "all"), note, item)

    def _read_tables(self) -> None:
        sheet = self._sheets.get("tables")
        if sheet is None:
            # a sheet that nobody knows may be the one
            self.unread = any(one.message.code == "sheet_unknown" for one in self.mistakes)
            return
        columns = read_series(sheet, self.book, self._notes)
        self.unread = columns is None or columns.unread
        if columns is not None:
            self.lost = columns.lost
            self._tree.put(("tables",), series_node(columns, sheet))

    def _tell_missing(self) -> None:
        """Tell what every plan has; a node that was told stands in for it."""
        content = self.root.value
        assert isinstance(content, dict)  # Tree makes it one
        wanted = {"years": "plan", "regions": "regions", "indicators": "indicators"}
        for key, code in wanted.items():
            if key in content:
                continue
            if code != "plan" or code not in self._sheets:
                missing = say("sheet_missing", found=SHEET_NAMES[code])
                self._notes.tell(missing, 0)
            else:
                missing = say("item_missing", found=head_of("items", key))
                self._notes.tell(missing, number_of(self._sheets[code].index, 0))
            content[key] = Node(None, 0, refused=True)


def _keyed(node: Node, record: Record, **keys: str) -> Node:
    """Return a value that knows the cells of the keys that lead to it, by code."""
    said = [(code, key) for code, key in keys.items() if key and code in record.nodes]
    return replace(node, keys=tuple((plain(key), record.nodes[code].line) for code, key in said))


def scope_keys(text: str) -> Path:
    """Return the keys of a limit's scope: none for each region, ``sum`` before a group's sum."""
    group = after("sum", text)
    if group is not None:
        return ("sum", group)
    words = CHOICES["scope"]
    return ("area",) if text in words["area"] else () if text in words["region"] else (text,)
