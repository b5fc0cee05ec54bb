"""Mistakes of ``converge``: where shares or numbers have no base year to come from, or no end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from decompose.errors import Mistake
from decompose.labels import say
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.order import free_numerators, ratio_mode

Path = tuple[str | int, ...]


def converge_mistakes(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """List the mistakes of an indicator's ``converge``.

    A ratio's missing bases are told with whatever else is measured against them.
    """
    if indicator.converge is None or indicator.kind in ("given", "text"):
        return
    where, rule = (*path, "converge"), indicator.allocate
    if indicator.kind == "ratio":
        if indicator.publish != "value" or ratio_mode(content, indicator) != "free":
            yield Mistake(say("converge_publish"), where)
        elif rule is not None and rule.by != "base":
            yield Mistake(say("converge_of_ratio"), where)
        return
    if rule is None or rule.by == "base" or indicator.id in free_numerators(content):
        yield Mistake(say("converge_allocate"), where)
        return
    takes = content.applies(indicator).any(axis=1) & ~content.reserve
    base = content.base(indicator)
    lacking = [content.region_names[k] for k in np.flatnonzero(takes & np.isnan(base))]
    below = [content.region_names[k] for k in np.flatnonzero(takes & (base < 0))]
    if lacking:
        yield Mistake(say("base_needed", why=say("why_converge"), regions=lacking), where)
    elif below:
        yield Mistake(say("converge_negative", regions=below), where)
    elif takes.any() and not base[takes].any():
        yield Mistake(say("converge_zero"), where)
