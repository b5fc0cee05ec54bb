"""What the cells of one workbook may be called by: indicators by id or name, the area."""

from __future__ import annotations

from collections.abc import Iterable

from decompose.figures import plain


class Naming:
    """Finds indicators by id or name, and the words that mean the area.

    Parameters
    ----------
    indicators
        (id, name) of each; blank where a sheet has none.
    area
        The names of the area.
    """

    def __init__(self, indicators: Iterable[tuple[str, str]], area: Iterable[str] = ()) -> None:
        self.ids: list[str] = []
        self._named: dict[str, list[str]] = {}
        for identity, name in indicators:
            self.ids.append(identity)
            if name:
                self._named.setdefault(plain(name), []).append(identity)
        self._known = frozenset(self.ids)
        self._area = frozenset(map(plain, area))

    def called(self, text: str) -> list[str]:
        """Return the ids of the indicators that a text may mean; an id goes before a name."""
        key = plain(text)
        return [key] if key in self._known else self._named.get(key, [])

    def identity(self, text: str) -> str:
        """Return the id of the one indicator that a text means, or the text itself."""
        found = self.called(text)
        return found[0] if len(found) == 1 and found[0] else text

    def spoken(self, identity: str) -> str:
        """Return the name of an indicator where it means no other, or its id."""
        own = (name for name, held in self._named.items() if held == [identity])
        name = next(own, identity)
        return name if self.identity(name) == identity else identity

    @property
    def names(self) -> list[str]:
        """Everything that an indicator may be called by."""
        return [*self.ids, *self._named]

    def is_area(self, text: str) -> bool:
        """Whether a text names the whole area."""
        return plain(text) in self._area
