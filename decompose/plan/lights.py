"""The colours of progress: which measure, and from where it is yellow or red."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from decompose.figures import parse_quantity
from decompose.labels import say

Measure = Literal["gap", "pace", "completion"]
MEASURES: tuple[Measure, ...] = ("gap", "pace", "completion")
_KEYS = ("preset", "measure", "yellow", "red")


@dataclass(frozen=True)
class Lights:
    """When progress is yellow or red; otherwise it is green.

    Attributes
    ----------
    measure
        ``gap``: completion less what is due, in percentage points; ``pace``: completion ÷ due,
        in %; ``completion``, in %.
    yellow, red
        Of ``gap``: how many points behind are yellow, or red. Of the others: below how many %.
    wording
        ``"national"`` where colours are printed as levels of warning; empty for colours.
    """

    measure: Measure
    yellow: float
    red: float
    wording: str = ""


PRESETS: dict[str, Lights] = {
    # National Development and Reform Commission, first half of 2021: on schedule is level three
    # (green); behind by no more than 10 % of what is due, level two; by more, level one (red).
    "national_2021": Lights("pace", 100, 90, "national"),
    "municipal_90_50": Lights("pace", 90, 50),
}
DEFAULT = "national_2021"


def lights_of(said: Mapping[str, str | float]) -> Lights:
    """Return the rule that a plan states; the national one where it states none.

    A ``measure`` of its own needs both thresholds; beside a preset, keys replace what it says.

    Raises
    ------
    ValueError
        With a message: an unknown key, preset or measure, or thresholds in the wrong order.
    """
    for key in said:
        if key not in _KEYS:
            raise ValueError(say("lights_key", found=key))
    name = str(said.get("preset", DEFAULT))
    if name not in PRESETS:
        raise ValueError(say("lights_preset", found=name, known=list(PRESETS)))
    preset = PRESETS[name]
    measure = next((one for one in MEASURES if one == said.get("measure", preset.measure)), None)
    if measure is None:
        raise ValueError(say("lights_measure", found=said["measure"], known=list(MEASURES)))
    if "measure" in said and "preset" not in said:
        yellow, red = _number(said.get("yellow"), "yellow"), _number(said.get("red"), "red")
    else:
        yellow = _number(said.get("yellow", preset.yellow), "yellow")
        red = _number(said.get("red", preset.red), "red")
    if (red < yellow) if measure == "gap" else (yellow < red):
        raise ValueError(say("lights_order", yellow=yellow, red=red))
    wording = preset.wording if "preset" in said or "measure" not in said else ""
    return Lights(measure, yellow, red, wording)


def _number(value: str | float | None, key: str) -> float:
    try:
        return parse_quantity(value)
    except ValueError:
        found = "" if value is None else str(value)
        raise ValueError(say("lights_number", key=key, found=found)) from None
