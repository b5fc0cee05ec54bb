"""Where a path of the plan stands in the files it was read from."""

from __future__ import annotations

from collections.abc import Sequence

from decompose.figures import plain
from decompose.reading.columns import Columns
from decompose.reading.files import File
from decompose.reading.nodes import Node

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

    def __call__(self, path: Path) -> str:
        """Return the words for the place of a path."""
        if path and path[0] == "tables":
            names = [plain(str(step)) for step in path[1:3]]
            for table in self._tables if names else ():
                if place := table.place(*names):
                    return place
        return self.file.line(self.node(path).line)

    def node(self, path: Path) -> Node:
        """Return the node of a path, or the last one on the way to it.

        A step that the file does not have is passed over, and taken later where it fits: the
        models write ``growth.min.X`` for what a file may say as ``growth: {X: {min: …}}``.
        """
        node, steps = self._root, list(path)
        while True:
            for step in steps:
                inner = _inner(node, step)
                if inner is not None:
                    node = inner
                    steps.remove(step)
                    break
            else:
                return node


def _inner(node: Node, step: str | int) -> Node | None:
    """Return what stands under a key, an index, an id or a name."""
    if isinstance(node.value, dict):
        if step in node.value:
            return node.value[step]
        name = plain(str(step))
        return next((one for key, one in node.value.items() if plain(str(key)) == name), None)
    if isinstance(node.value, list):
        if isinstance(step, int):
            return node.value[step] if 0 <= step < len(node.value) else None
        # of two that bear one name the second is the mistake; a list of tables holds columns
        named = [one for one in node.value if _called(one, step)]
        holders = (one.value for one in node.value if isinstance(one.value, dict))
        return named[-1] if named else next((one[step] for one in holders if step in one), None)
    return None


def _called(node: Node, step: str) -> bool:
    """Whether an item of a list bears a name: as its id, its name, or its whole text."""
    if not isinstance(node.value, dict):
        return isinstance(node.value, str) and plain(node.value) == plain(step)
    names = (node.value[key].value for key in ("id", "name") if key in node.value)
    return any(plain(str(name)) == plain(step) for name in names)
