"""Plain data of a plan that is read in rounds: each takes out what is wrong, to look for more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from decompose.errors import Mistake
from decompose.figures import plain, written
from decompose.plan.mistakes import Loc, meant, mistake_of, name_of, walk

_NAMES = frozenset({"area", "total_label", "base_year", "years", "regions", "groups"})
"""The keys without which rules across fields would find mistakes that are none."""
_NAMED = ("regions", "indicators")
"""The keys of lists whose items are called by their names."""
_LACKING = frozenset({"link_kind", "link_of", "by_or_blend", "blend_weights"})
"""What the models say of a mapping in which a key lacks."""


class Draft:
    """Data from which what is wrong is taken out, and what must be known of it afterwards.

    Parameters
    ----------
    data
        The content of a plan file; it is changed.

    Attributes
    ----------
    data
        What is left; None where there is nothing to look at.
    whole
        Whether that is enough for rules across fields: names and years are all there.
    """

    def __init__(self, data: Any) -> None:
        self.data = data
        self.whole = True
        self._twins = {name for key in _NAMED for name in _twice(data, key)}
        self._touched: dict[int, Any] = {}
        self._numbers: dict[int, list[int]] = {}
        self._lost: set[str] = set()
        self._no_tables = False
        self._no_cells: set[str] = set()

    def mistakes(self, details: Sequence[Any]) -> list[Mistake]:
        """Tell pydantic's errors, without those that follow from what was taken out."""
        found: list[Mistake] = []
        for detail in details:
            steps = walk(self.data, tuple(detail["loc"]))
            told = mistake_of(detail, self._path(steps))
            lacks = detail["type"] in ("missing", "too_short") and bool(self._touched)
            if steps and told.message.code in _LACKING:
                container, key = steps[-1]
                lacks = id(container[key]) in self._touched
            found += [] if lacks else [told]
        return found

    def placed(self, mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
        """Give mistakes across fields the positions of the file, without those that follow."""
        return (
            Mistake(one.message, self._original(one.path), one.place)
            for one in mistakes
            if not self._follows(one)
        )

    def _follows(self, mistake: Mistake) -> bool:
        """Whether a mistake only follows from an indicator, or cells of tables, taken out."""
        code, data = mistake.message.code, mistake.message.data
        if code == "indicator_unknown":
            return data["found"] in self._lost
        if code == "column_unknown":
            return self._no_tables
        if code == "base_total_differs":
            return self._no_tables or bool(self._no_cells)
        regions = data.get("regions")
        lost = isinstance(regions, list) and set(map(plain, regions)) <= self._no_cells
        return lost or (self._no_tables and isinstance(regions, list))

    def take_out(self, details: Sequence[Any]) -> None:
        """Take the values out that pydantic complains of; a misspelt choice is put right."""
        marked: list[tuple[Any, str | int]] = []
        for detail in details:
            loc = tuple(detail["loc"])
            steps = walk(self.data, loc)
            if steps and (choice := meant(detail)):
                container, key = steps[-1]
                container[key] = choice
                continue
            missing = bool(steps) and len(steps) < len(loc) and isinstance(loc[-1], str)
            alone = missing and len(steps) == 1 and isinstance(steps[0][0][steps[0][1]], dict)
            if not steps or alone:
                self.data, self.whole = None, False
                return
            marked.append(steps[-1])
            if loc[0] == "tables":
                self._no_tables = self._no_tables or len(steps) < 3
                self._no_cells |= {str(key) for _, key in steps[2:]}
            self._touched |= {id(container): container for container, _ in steps}
            self.whole = self.whole and str(loc[0]) not in _NAMES
        for container, key in sorted(marked, key=lambda pair: str(pair[1]).zfill(9), reverse=True):
            if isinstance(container, list):
                self._drop(container, key)
            else:
                lost = container.pop(key, None)
                self._lost |= {written(lost)} if key == "id" else set()
        if not isinstance(self.data, dict) or not self.data:
            self.data, self.whole = None, False

    def _drop(self, items: list[Any], number: str | int) -> None:
        """Take an item out of a list, remembering where the others stood."""
        if isinstance(number, int) and number < len(items):
            numbers = self._numbers.setdefault(id(items), list(range(len(items))))
            del numbers[number]
            name = name_of(items.pop(number))
            self._lost |= {name} if name else set()

    def _number(self, container: Any, key: str | int) -> str | int:
        """Return where an item of a list stood in the file; other keys are what they were."""
        numbers = self._numbers.get(id(container), [])
        return numbers[key] if isinstance(key, int) and 0 <= key < len(numbers) else key

    def _path(self, steps: Sequence[tuple[Any, Any]]) -> Loc:
        """Name the way to a value as ``with_changes`` does: indicators by id, regions by name."""
        found: list[str | int] = []
        for container, key in steps:
            name = name_of(container[key]) if isinstance(container, list) else None
            numbered = name is None or name in self._twins
            found.append(self._number(container, key) if numbered else str(name))
        return tuple(found)

    def _original(self, path: Loc) -> Loc:
        """Return a path with its numbers of items as they were in the file."""
        found: list[str | int] = []
        place = self.data
        for step in path:
            key = self._only(place, step) if step in self._twins else step
            found.append(self._number(place, key))
            place = _inner(place, key)
        return tuple(found)

    def _only(self, place: Any, name: str | int) -> str | int:
        """Return the number of the one item that is left of several with a name."""
        items = place if isinstance(place, list) else []
        left = [number for number, item in enumerate(items) if name_of(item) == name]
        return left[0] if len(left) == 1 else name


def _twice(data: Any, key: str) -> Iterator[str]:
    """List the names that several items of a list bear: only their positions tell them apart."""
    items = data.get(key) if isinstance(data, dict) else None
    names = Counter(map(name_of, items if isinstance(items, list) else ()))
    return (name for name, times in names.items() if name is not None and times > 1)


def _inner(place: Any, step: str | int) -> Any:
    """Return what stands under a key, a number or a name; None where there is nothing."""
    if isinstance(place, dict):
        return next((inner for key, inner in place.items() if str(key) == str(step)), None)
    if isinstance(place, list) and isinstance(step, int):
        return place[step] if 0 <= step < len(place) else None
    items = place if isinstance(place, list) else []
    return next((item for item in items if name_of(item) == step), None)
