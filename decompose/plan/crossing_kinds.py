"""Mistakes of kinds: keys that say nothing of a flow, level, ratio, given or text; margins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decompose.errors import Mistake
from decompose.labels import say
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.targets import Figures, Stated, Target
from decompose.plan.values import Model

Path = tuple[str | int, ...]
Kinds = tuple[str, ...]

FLOW, LEVEL, RATIO, GIVEN, TEXT = "flow", "level", "ratio", "given", "text"
ADDED: Kinds = (FLOW, LEVEL)
DECIDED: Kinds = (FLOW, LEVEL, RATIO)

_KEYS: Mapping[str, Kinds] = {
    **dict.fromkeys(("base_total", "mismatch", "path", "sum_of", "cost"), ADDED),
    **dict.fromkeys(("target", "group_targets", "stated", "allocate", "fairness"), DECIDED),
    **dict.fromkeys(("limits", "locks", "links", "signed", "strict"), DECIDED),
    **dict.fromkeys(("hand_out", "tolerance"), DECIDED),
    **dict.fromkeys(("priority", "schedule", "converge"), DECIDED),
    **dict.fromkeys(("numerator", "denominator", "base_numerator", "scale"), (RATIO,)),
    **dict.fromkeys(("tiers", "cut_unit"), (RATIO,)),
    **dict.fromkeys(("decimals", "step", "integer", "display"), (*DECIDED, GIVEN)),
    "base": (*ADDED, GIVEN),
    "increase_of": (FLOW,),
    "values": (GIVEN,),
    "text": (TEXT,),
}
"""The kinds of which a key speaks; keys that are not here speak of all."""

_FIGURES: Mapping[str, Kinds] = {
    **dict.fromkeys(("growth", "growth_each_year", "increase", "increase_each_year"), ADDED),
    **dict.fromkeys(("cut", "cut_each_year", "rise", "rise_each_year"), (RATIO,)),
    "total": ADDED,  # that a level has none is told by its own text
    "per_region": ADDED,
}
_STATED: Mapping[str, Kinds] = {"cut": (RATIO,), "rise": (RATIO,), "total": ADDED}
_LIMITS: Mapping[str, Kinds] = {
    "cut": (RATIO,),
    **dict.fromkeys(("total", "share", "share_shift"), ADDED),
}
_PUBLISH: Mapping[str, Kinds] = {
    "increment": (LEVEL,),
    "growth": ADDED,
    "cut": (RATIO,),
    "rise": (RATIO,),
}


def kind_mistakes(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """List the keys that do not belong to an indicator's kind, and what its kind needs."""
    kind = indicator.kind
    unfit = list(_unfit(indicator, kind, _KEYS))
    yield from _told(unfit, kind, _KEYS, path)
    kinds = _PUBLISH.get(indicator.publish, DECIDED)
    if kind not in kinds and indicator.publish != "value":
        told = say("publish_of_kind", publish=indicator.publish, kind=kind, kinds=list(kinds))
        yield Mistake(told, (*path, "publish"))
    if kind == TEXT and not indicator.text:
        yield Mistake(say("text_missing"), (*path, "text"))
    if kind == GIVEN and not indicator.values:
        yield Mistake(say("values_missing"), (*path, "values"))
    if "limits" not in unfit:
        yield from _told(_unfit(indicator.limits, kind, _LIMITS), kind, _LIMITS, (*path, "limits"))
    if "target" not in unfit:
        yield from _target(content, indicator, indicator.target, (*path, "target"))
    for group, target in indicator.group_targets.items() if "group_targets" not in unfit else ():
        yield from _target(content, indicator, target, (*path, "group_targets", group))
    if "stated" not in unfit:
        yield from _stated(indicator.stated, kind, (*path, "stated"))


def _unfit(model: Model, kind: str, kinds: Mapping[str, Kinds]) -> Iterator[str]:
    """List the keys that are written, and do not speak of the kind."""
    for key in kinds:
        unfit = kind not in kinds[key] and key in model.model_fields_set
        if unfit and not _empty(model, key):
            yield key


def _empty(model: Model, key: str) -> bool:
    """Whether a key says no more than its default."""
    return bool(
        getattr(model, key) == type(model).model_fields[key].get_default(call_default_factory=True)
    )


def _told(
    unfit: Iterator[str] | list[str], kind: str, kinds: Mapping[str, Kinds], path: Path
) -> Iterator[Mistake]:
    for key in unfit:
        told = say("key_of_kind", key=key, kind=kind, kinds=list(kinds[key]))
        yield Mistake(told, (*path, key))


def _target(
    content: PlanContent, indicator: Indicator, target: Target, path: Path
) -> Iterator[Mistake]:
    yield from _told(_unfit(target, indicator.kind, _FIGURES), indicator.kind, _FIGURES, path)
    for key in ("cut", "cut_each_year"):
        cut = getattr(target, key)
        if cut is not None and cut.given and max(cut.value, cut.value * (1 + target.margin)) > 1:
            yield Mistake(say("cut_above_one", found=cut.raw()), (*path, key))
    if target.margin <= -1:
        yield Mistake(say("margin_low", found=_percent(target.margin)), (*path, "margin"))
    if not 0 <= target.tolerance < 1:
        yield Mistake(say("tolerance_low", found=_percent(target.tolerance)), (*path, "tolerance"))
    if target.stretch is not None:
        yield from _stretch(content, indicator, target, target.stretch, (*path, "stretch"))


def _stretch(
    content: PlanContent, indicator: Indicator, target: Target, stretch: Figures, path: Path
) -> Iterator[Mistake]:
    if not target.imposes:
        yield Mistake(say("stretch_alone"), path)
    yield from _told(_unfit(stretch, indicator.kind, _FIGURES), indicator.kind, _FIGURES, path)
    for year in stretch.years:
        if year not in content.year_index:
            known = list(map(str, content.years))
            yield Mistake(say("year_unknown", found=year, known=known), (*path, "years", year))


def _stated(stated: Stated, kind: str, path: Path) -> Iterator[Mistake]:
    yield from _told(_unfit(stated, kind, _STATED), kind, _STATED, path)
    for group, inner in stated.groups.items():
        yield from _stated(inner, kind, (*path, "groups", group))


def _percent(rate: float) -> str:
    return f"{100 * rate:g}%"
