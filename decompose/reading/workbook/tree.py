"""The content of a plan, put together path by path from cells that stand anywhere."""

from __future__ import annotations

from decompose.figures import plain
from decompose.labels import say
from decompose.plan.spec import DEFAULT
from decompose.reading.nodes import Key, Node, Notes

LISTS = ("regions", "indicators")
"""The lists of a plan whose items have names."""


class Tree:
    """A plan's content under way.

    Parameters
    ----------
    notes
        Takes what is said twice.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._content: dict[Key, Node] = {}
        self.root = Node(self._content, 0)

    def append(self, key: str, item: Node) -> None:
        """Add an item to a list."""
        held = self._content.setdefault(key, Node([], item.line))
        if isinstance(held.value, list):
            held.value.append(item)

    def put(self, path: tuple[str, ...], node: Node, under: Node | None = None) -> None:
        """Put a value at a path, making the mappings that lead to it.

        A figure that stands where keys go on becomes their default, as in ``with_changes``.
        """
        content = self._mapping(under or self.root)
        *steps, last = path
        for step in steps:
            inner = content.setdefault(step, Node({}, node.line_of(step)))
            if not isinstance(inner.value, dict):
                inner = content[step] = Node({DEFAULT: inner}, inner.line)
            content = self._mapping(inner)
        held = content.get(last)
        if held is None:
            content[last] = node
        elif isinstance(held.value, dict) and isinstance(node.value, dict):
            for key, inner in node.value.items():
                self.put((str(key),), inner, held)
        elif isinstance(held.value, dict) and DEFAULT not in held.value:
            held.value[DEFAULT] = node
        elif isinstance(node.value, dict) and not isinstance(held.value, (dict, list)):
            content[last] = Node({DEFAULT: held, **node.value}, node.line)
        else:
            other = self._notes.file.line(held.line)
            self._notes.tell(say("said_twice", found=".".join(path), other=other), node.line)

    @staticmethod
    def _mapping(node: Node) -> dict[Key, Node]:
        assert isinstance(node.value, dict)  # lists are left by their items
        return node.value

    def item(self, key: str, name: str) -> Node | None:
        """Return the item of a list that bears a name, as its id or name."""
        held = self._content.get(key)
        for item in held.value if held is not None and isinstance(held.value, list) else ():
            if isinstance(item.value, dict):
                names = (item.value[one].value for one in ("id", "name") if one in item.value)
                if any(plain(str(one)) == plain(name) for one in names):
                    return item
        return None

    def scalar(self, key: str) -> str:
        """Return a text at the top; blank where there is none."""
        held = self._content.get(key)
        plain_text = held is not None and isinstance(held.value, (str, int, float))
        return str(held.value) if held is not None and plain_text else ""
