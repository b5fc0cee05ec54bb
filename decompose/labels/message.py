"""A text for users, as a code and data, told in Chinese or English when it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Text(NamedTuple):
    """One text in both languages; braces name the data that fill it."""

    zh: str
    en: str


MOST_LISTED, MOST_LETTERS = 60, 200
"""How many names of a list, and letters of what was found, a text tells; the data have them all."""


def figure(value: float) -> str:
    """Write a number for a sentence: up to six decimals, no trailing zeros, no -0."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def shortened(text: str) -> str:
    """Return a text as far as anybody needs it to know what is meant."""
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"


def _listed(names: list[str], language: Language) -> str:
    told, more = names[:MOST_LISTED], len(names) - MOST_LISTED
    if language == "zh":
        return "、".join(told) + (f"等{len(names)}个" if more > 0 else "")
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


_MARKED = re.compile("[“”]")
_QUOTED = re.compile("“{(?!found})(\\w+)}”")
"""What is found in a file is told letter by letter."""
_INNER = str.maketrans("“”", "‘’")


_ADJOINING = re.compile(r"{(\w+)}(?={(\w+)})")
"""Two texts without a sign between them, as Chinese writes names and figures."""


def _parted(name: str, following: str, shown: Mapping[str, object]) -> str:
    """Part a name from a figure with a sign, or one that would run on from its last digit."""
    before, after = str(shown[name])[-1:], str(shown[following])
    runs_on = before.isascii() and before.isalnum() and after[:1].isascii() and after[:1].isdigit()
    signed = before.isalnum() and after[:1] in ("-", "+") and after[1:2].isdigit()
    return f"{{{name}}} " if runs_on or signed else f"{{{name}}}"


@dataclass(frozen=True)
class Message:
    """A code, the data that fill its text, and the texts themselves."""

    code: str
    template: Text
    data: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: Language = "zh") -> str:
        """Return the filled text in a language."""
        shown = {name: self._show(value, language) for name, value in self.data.items()}
        if isinstance(found := shown.get("found"), str):
            shown["found"] = shortened(found)
        template = self.template.zh if language == "zh" else self.template.en
        if any(isinstance(one, str) and _MARKED.search(one) for one in shown.values()):
            # marks within marks are single ones
            for name in set(_QUOTED.findall(template)):
                shown[name] = str(shown[name]).translate(_INNER)
        if language == "zh":
            template = _ADJOINING.sub(lambda found: _parted(found[1], found[2], shown), template)
        return template.format_map(shown)

    @staticmethod
    def _show(value: object, language: Language) -> object:
        if isinstance(value, Text):
            return value.zh if language == "zh" else value.en
        if isinstance(value, Message):
            return value.text(language)
        if isinstance(value, float):
            return figure(value)
        if isinstance(value, (list, tuple)):
            names = [shortened(str(Message._show(item, language))) for item in value]
            return _listed(names, language)
        return value

    def __str__(self) -> str:
        return self.text()
