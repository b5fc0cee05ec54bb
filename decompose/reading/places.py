"""Where a path of the plan stands in the files it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decompose.figures import plain
from decompose.reading.columns import Columns
from decompose.reading.files import File
from decompose.reading.nodes import Key, Node

Path = tuple[str | int, ...]


class Places:
    """Finds the line of a path, or the cell of a table.

    Parameters
    ----------
    file, root
        The plan file and its content.
    tables
        The tables that it names.
    """

    def __init__(self, file: File, root: Node, tables: Sequence[Columns]) -> None:
        self.file = file
        self._root = root
        self._tables = tables
        self._named: dict[int, dict[str, Node]] = {}

    def __call__(self, path: Path, found: str = "") -> str:
        """Return the words for the place of a path, or of the key on it that was found wrong."""
        if path and path[0] == "tables":
            names = [plain(str(step)) for step in path[1:3]]
            for table in self._tables if names else ():
                if place := table.place(*names):
                    return place
        return self.file.line(self.node(path).line_of(found))

    def node(self, path: Path) -> Node:
        """Return the node of a path, or the last one on the way to it.

        A step that the file does not have is passed over, and taken later where it fits: the
        models write ``growth.min.X`` for what a file may say as ``growth: {X: {min: …}}``.
        """
        node, steps = self._root, list(path)
        while True:
            for step in steps:
                inner = self._inner(node, step)
                if inner is not None:
                    node = inner
                    steps.remove(step)
                    break
            else:
                return node

    def _inner(self, node: Node, step: str | int) -> Node | None:
        """Return what stands under a key, an index, an id or a name."""
        inner = node.value
        if isinstance(inner, list) and isinstance(step, int):
            return inner[step] if 0 <= step < len(inner) else None
        if isinstance(inner, dict) and step in inner:
            return inner[step]
        if not isinstance(inner, dict | list):
            return None
        if id(inner) not in self._named:
            self._named[id(inner)] = dict(_names(inner))
        return self._named[id(inner)].get(plain(str(step)))


def _names(inner: dict[Key, Node] | list[Node]) -> Iterator[tuple[str, Node]]:
    """List what is found by its name, in plain form; of one name the last counts."""
    if isinstance(inner, dict):
        yield from ((plain(str(key)), one) for key, one in reversed(inner.items()))
        return
    holders = [one.value for one in inner if isinstance(one.value, dict)]
    # a list of tables holds columns: the first of a name
    for holder in reversed(holders):
        yield from _names(holder)
    # of two items that bear one name the second is the mistake
    for one in inner:
        if isinstance(one.value, str):
            yield plain(one.value), one
        elif isinstance(one.value, dict):
            names = (one.value[key].value for key in ("id", "name") if key in one.value)
            yield from ((plain(str(name)), one) for name in names)
