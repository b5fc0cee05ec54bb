"""What a frame tells of its plan: frames hold ids, and reports of them print names and units."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from decompose.labels import Language
from decompose.plan import Plan
from decompose.tables.order import status_line
from decompose.tables.printed import printed_decimals, printed_name, printed_unit

_KEY = "plan"
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True)
class Attached:
    """The words of a plan; of a frame that has none, ids stand for names.

    Attributes
    ----------
    title
        Of the plan.
    status
        The status of its data, as printed under a title, by language.
    names, units
        Of indicators as printed, by language and id.
    decimals
        Of indicators, by id.
    wholes
        What is no region: the names of the area and of groups.
    unprinted
        The ids of indicators that no table prints.
    """

    title: str = ""
    status: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    wholes: Sequence[str] = ()
    unprinted: Sequence[str] = ()

    def name(self, indicator: str, language: Language) -> str:
        """Return the printed name of an indicator."""
        return self.names.get(language, {}).get(indicator, indicator)

    def unit(self, indicator: str, language: Language) -> str:
        """Return the printed unit of an indicator."""
        return self.units.get(language, {}).get(indicator, "")


def attach(frame: pd.DataFrame, *plans: Plan) -> pd.DataFrame:
    """Put the words of plans into ``frame.attrs``; the last one's stand where several have some.

    They are one text: pandas copies ``attrs`` with every column, and files of frames hold texts.
    """
    told: dict[str, object] = {"title": plans[-1].title}
    told["status"] = {language: status_line(plans[-1], language) for language in _LANGUAGES}
    known = {one.id: (plan, one) for plan in plans for one in plan.indicators}
    for what, word_of in (("names", printed_name), ("units", printed_unit)):
        told[what] = {
            language: {name: word_of(one, language) for name, (_, one) in known.items()}
            for language in _LANGUAGES
        }
    told["decimals"] = {name: printed_decimals(plan, one) for name, (plan, one) in known.items()}
    told["wholes"] = [name for plan in plans for name in (plan.total_label, *plan.group_names)]
    told["unprinted"] = [name for name, (_, one) in known.items() if not one.report]
    frame.attrs[_KEY] = json.dumps(told, ensure_ascii=False)
    return frame


def attached(frame: pd.DataFrame) -> Attached:
    """Return the words that a frame holds."""
    text = frame.attrs.get(_KEY)
    return Attached(**json.loads(text)) if isinstance(text, str) else Attached()
