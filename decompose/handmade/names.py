"""What a table may call a plan's indicators, regions and years."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from decompose.actuals.heads import without_unit
from decompose.figures import plain
from decompose.handmade.grids import Head
from decompose.labels import say, word
from decompose.plan import Plan
from decompose.plan.hints import hint
from decompose.tables.printed import LANGUAGES, part_name, printed_name

_UNIT = re.compile(r"^(.+?)\s*\([^()]*\)$", re.DOTALL)
_YEAR = re.compile(r"(?<![0-9])([0-9]{4})(?![0-9])")


class Names:
    """The names of a plan's parts, in plain form.

    Parameters
    ----------
    plan
        Whose names they are.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def _indicators(self) -> dict[str, list[int]]:
        """The indicators that bear a name."""
        plan, found = self.plan, defaultdict(list)
        for number, one in enumerate(plan.indicators):
            names = {one.id, one.label}
            for language in LANGUAGES:
                printed = printed_name(one, language)
                names |= {printed, part_name(printed, language)}
                for parent in self._parents(number):
                    whole = printed_name(plan.indicators[parent], language)
                    names.add(say("part_of_name", parent=whole, name=printed).text(language))
            for name in {plain(name) for name in names}:
                found[name].append(number)
        for number, one in enumerate(plan.indicators):
            found[plain(one.id)] = [number]  # an id means nothing else
        return dict(found)

    @cached_property
    def _stretched(self) -> dict[str, list[int]]:
        """The indicators whose stretch quotas bear a name."""
        named = {
            plain(say("stretch_name", name=name).text(language)): numbers
            for name, numbers in self._indicators.items()
            for language in LANGUAGES
        }
        return {name: found for name, found in named.items() if name not in self._indicators}

    def _parents(self, number: int) -> list[int]:
        parent = plain(self.plan.indicators[number].parent or "")
        return [self.plan.indicator_index[parent]] if parent in self.plan.indicator_index else []

    @cached_property
    def _wholes(self) -> frozenset[str]:
        """Headings that say again what stands above them."""
        return _said("whole", "base_set", "stretch_set")

    def is_stretch(self, head: Head) -> bool:
        """Whether a heading is that of stretch quotas."""
        forms = _forms(head.text)
        return forms[0] in _said("stretch_set") or any(name in self._stretched for name in forms)

    def is_gap(self, text: str) -> bool:
        """Whether a heading is that of what could not be handed out."""
        return plain(text) in _said("gap")

    def indicators(self, head: Head, above: Sequence[int] = ()) -> list[int]:
        """Return the indicators that a heading may mean: none, one, or several of one name.

        Parameters
        ----------
        head
            The heading.
        above
            Indicators under which it stands; its own heading above says so by itself.
        """
        if not head.above and plain(head.text) in _said("stretch_set"):
            return list(above)
        text = head.above if head.above and plain(head.text) in self._wholes else head.text
        over = self.indicators(Head(head.above)) if head.above and text == head.text else above
        known = {**self._stretched, **self._indicators}
        for name in _forms(text):
            if name in known:
                found = known[name]
                inside = [one for one in found if set(self._parents(one)) & set(over)]
                return inside if len(found) > 1 and inside else found
        return []

    def unit_of(self, head: Head) -> str:
        """Return the unit that a heading says behind an indicator's name; blank where it has none.

        Brackets that are part of the name say no unit.
        """
        names = [plain(text).removeprefix("'") for text in (head.text, head.above)]
        bare = [name for name in names if name not in {**self._stretched, **self._indicators}]
        return next((unit for name in bare if (unit := without_unit(name)[1])), "")

    def scope(self, text: str) -> int | None:
        """Return a region's index, AREA or a group's scope; None for what bears no such name."""
        known, name = self.plan.printed_scopes, plain(text)
        return known.get(name, known.get(name.removeprefix("'")))

    def year(self, text: object) -> int | None:
        """Return the index of the only year of the plan that a text names; None where none is."""
        found = {int(year) for year in _YEAR.findall(plain(str(text)))} & {*self.plan.years}
        return self.plan.year_index[found.pop()] if len(found) == 1 else None

    def unknown_indicator(self, text: str) -> ValueError:
        """Return what to say of a name that no indicator bears."""
        known = [one.label for one in self.plan.indicators]
        return ValueError(say("adopt_indicator", found=text, hint=hint(plain(text), known)))

    def unknown_region(self, text: str) -> ValueError:
        """Return what to say of a name that no region bears."""
        known = [*self.plan.region_names, self.plan.total_label]
        return ValueError(say("adopt_region", found=text, hint=hint(plain(text), known)))


def _said(*codes: str) -> frozenset[str]:
    """Return how words are written, in plain form."""
    return frozenset(plain(word(code, one)) for code in codes for one in LANGUAGES)


def _forms(text: str) -> list[str]:
    """Return a heading as it is, and without the unit behind or below it."""
    name = plain(text).removeprefix("'")
    unit = _UNIT.match(name)
    return [name, *([plain(unit[1])] if unit else [])]
