"""The tables that a plan file names, or holds, brought into one mapping."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any

from decompose.errors import Mistake, PlanError
from decompose.labels import Message, say
from decompose.plan.tables import MOST_CELLS, Gathered, gather
from decompose.reading.columns import Columns, read_columns
from decompose.reading.files import File, stop_at_many
from decompose.reading.nodes import Node
from decompose.reading.table import scan_table


class PlanTables:
    """Reads what a plan says under ``tables``: CSV files beside it, and mappings.

    Attributes
    ----------
    columns
        The files that could be read.
    mistakes
        What is wrong with them.
    unread
        Whether columns or rows were lost whose names nobody knows.
    lost
        The regions some of whose cells were lost.
    """

    def __init__(self, folder: Path, file: File) -> None:
        self._folder = folder
        self._file = file
        self._series = Gathered()
        self._places: dict[str, str] = {}
        self._paths: set[Path] = set()
        self._cells = 0
        self.columns: list[Columns] = []
        self.mistakes: list[Mistake] = []
        self.unread = False
        self.lost: set[str] = set()

    def read(self, node: Node) -> Gathered:
        """Return all tables as one mapping."""
        for part in node.value if isinstance(node.value, list) else [node]:
            if isinstance(part.value, str):
                self._read_file(part.value, part.line)
            elif isinstance(part.value, dict):
                self._read_mapping(part)
            elif part.value is not None or part is not node:
                self._tell(say("table_wanted"), part.line)
                self.unread = True
            stop_at_many(self.mistakes, self._file)
        return self._series

    def _tell(self, message: Message, line: int) -> None:
        self.mistakes.append(Mistake(message, ("tables",), self._file.line(line)))

    def _add(self, column: str, cells: dict[str, Any], place: str) -> None:
        other = self._places.setdefault(column, place)
        if column in self._series:
            twice = say("head_twice", found=column, other=other)
            self.mistakes.append(Mistake(twice, ("tables", column), place))
        else:
            self._series[column] = cells

    def _read_mapping(self, part: Node) -> None:
        try:
            series = gather(part.data())
        except ValueError as error:
            cause = error.args[0]
            self._tell(cause if isinstance(cause, Message) else say("table_wanted"), part.line)
            self.unread = True
            return
        for column, cells in series.items():
            self._add(column, cells, self._file.line(part.line))

    def _read_file(self, name: str, line: int) -> None:
        path = self._inside(name)
        if path is None:
            self._tell(say("table_path", found=name), line)
            self.unread = True
            return
        if path in self._paths:
            self._tell(say("table_listed_twice", found=name), line)
            return
        self._paths.add(path)
        file = File(name, self._file.language)
        try:
            columns = read_columns(scan_table(path, file))
        except PlanError as error:
            self.unread = True
            for one in error.mistakes:
                # a file that never opened has no place of its own
                place = one.place if one.place != name else f"{self._file.line(line)} {name}"
                self.mistakes.append(Mistake(one.message, (), place))
            return
        self._cells += len(columns.table.rows) * len(columns.table.heads)
        columns = replace(columns, table=replace(columns.table, rows=()))  # places need none
        if self._cells > MOST_CELLS:
            raise self._file.error(say("table_large", most=MOST_CELLS), self._file.line(line))
        self.columns.append(columns)
        self.mistakes += columns.mistakes
        self.lost |= columns.lost
        self.unread = self.unread or columns.unread
        for column, cells in columns.cells.items():
            self._add(column, cells, columns.place(column) or name)

    def _inside(self, name: str) -> Path | None:
        """Return where a table stands, or None where that is outside the plan's folder."""
        if PureWindowsPath(name).anchor or "\0" in name:
            return None
        folder = Path(os.path.realpath(self._folder))
        path = Path(os.path.realpath(folder / name.replace("\\", "/")))
        return path if path.is_relative_to(folder) else None
