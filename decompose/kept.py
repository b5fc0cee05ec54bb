"""An allocation as a file: versioned JSON that a person can read, the same bytes every time.

What can be found again from the plan and the exact quotas stands in the file all the same, for
those who read it; whoever brings it back compares (``read_allocation``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from decompose.anchor import Anchor
from decompose.fingerprint import FINGERPRINT, fingerprint
from decompose.frames import (
    EXCESS,
    MOVED,
    QUOTAS,
    in_plan_order,
    labels,
    stage_excess,
    stage_moved,
    stage_quotas,
)
from decompose.gaps import gaps_of
from decompose.plan import Plan
from decompose.problem import FAMILY
from decompose.restored import Way
from decompose.settle import Settled
from decompose.stage import Stage

FORMAT = "decompose allocation 1"
CELL = ("indicator", "region", "year")
NUMBERS = ("quota", "exact")
STOOD, FIXED, HELD, ISSUED = "stood", "fixed", "held", "issued"
"""Of a quota: what stood before, what had to come out, what is in a base quota's place, what was
issued before the revision."""
PLACE = ("rule", "family", "indicator", "scope", "year")
"""Of a rule that what stood may go on breaking: see ``anchor.Place``."""
MOVE = ("indicator", "year", "region", "amount", "to", "why")
"""What the log tells of a move."""


@dataclass(frozen=True)
class Made:
    """With what an allocation was made.

    Attributes
    ----------
    solver
        Its name.
    decompose, pulp, highspy
        Versions.
    """

    solver: str = "highs"
    decompose: str = field(default_factory=lambda: version("target-decompose"))
    pulp: str = field(default_factory=lambda: version("pulp"))
    highspy: str = field(default_factory=lambda: version("highspy"))

    @staticmethod
    def by(solver: Any) -> Made:
        """Return what is made with a solver, by its name or as an object, today."""
        name = solver if isinstance(solver, str) else getattr(solver, "name", type(solver).__name__)
        return Made(str(name))


def kept(
    settled: Settled,
    stretch: Settled | None,
    made: Made,
    log: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what a file says of an allocation: nothing but JSON's own kinds.

    Parameters
    ----------
    settled, stretch
        The quotas; stretch quotas, where there are some.
    made
        With what they were made.
    log
        Moves that were agreed upon, each with the keys of ``MOVE``.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "made": asdict(made),
        "plan": settled.plan.source(),
        **_kept(settled),
    }
    if stretch is not None:
        content["stretch"] = _kept(stretch)
    if log:
        content["log"] = [dict(move) for move in log]
    plain: dict[str, Any] = json.loads(json.dumps(content, allow_nan=False))
    head = {"format": plain.pop("format"), FINGERPRINT: ""}
    whole = {**head, **plain}
    whole[FINGERPRINT] = fingerprint(whole)
    return whole


def _kept(settled: Settled) -> dict[str, Any]:
    """Return one set of quotas, how it was found, and what rounding did to it."""
    plan, stages, anchor = settled.plan, settled.stages, settled.anchor
    frames = {
        "quotas": in_plan_order(plan, [_quotas(one, anchor) for one in stages], QUOTAS),
        "excess": in_plan_order(plan, [stage_excess(one, plan) for one in stages], EXCESS),
        "moved": in_plan_order(plan, [stage_moved(one, plan) for one in stages], MOVED),
    }
    content: dict[str, Any] = {"stages": [asdict(Way.of(stage)) for stage in stages]}
    content |= {name: _rows(frame) for name, frame in frames.items()}
    if anchor is not None:
        content["anchor"] = _anchor(plan, anchor)
    gaps = gaps_of(settled)
    if gaps:
        scopes, years = labels(plan)
        content["gaps"] = [
            {**one._asdict(), "scope": scopes[one.scope], "year": years[one.year]} for one in gaps
        ]
    return content


def _quotas(stage: Stage, anchor: Anchor | None) -> pd.DataFrame:
    """Return the quotas of a stage, beside what stood before, what was fixed, and what is held.

    What is held is in the place of base quotas that stretch quotas cannot keep.
    """
    frame = stage_quotas(stage)[[*CELL, *NUMBERS]]
    rules = stage.problem.rules
    exact = rules.single & (rules.lower == rules.upper)
    rows = np.flatnonzero((rules.family == FAMILY["base_quota"]) & exact)
    matrix = rules.matrix.take(rows)
    held = np.full(stage.problem.size, np.nan)
    held[matrix.column] = rules.lower[rows] / matrix.value
    final = stage.built.final
    frame = frame.assign(**{HELD: held[final]})
    if anchor is None:
        return frame
    stood = {STOOD: anchor.numbers, FIXED: anchor.fixed}
    stood |= {ISSUED: anchor.issued} if anchor.issued else {}
    return frame.assign(
        **{name: stage.built.columns_of(grids)[final] for name, grids in stood.items()}
    )


def _anchor(plan: Plan, anchor: Anchor) -> dict[str, Any]:
    """Return how far what stood reaches beyond the rules, and which sums it keeps."""
    excess = [
        {**dict(zip(PLACE, place, strict=True)), "steps": None if np.isinf(steps) else steps}
        for place, steps in sorted(anchor.excess.items())
    ]
    sums = [
        {"indicator": name, "regions": [plan.region_names[k] for k in regions], "year": year}
        for name, regions, year in ((*one[:2], plan.years[one[2]]) for one in anchor.sums)
    ]
    kept_sums = {"totals": sorted(anchor.totals), "handed": sorted(anchor.handed), "sums": sums}
    bounding = {"bounding": sorted(anchor.bounding)} if anchor.bounding else {}
    return {"excess": excess, **kept_sums, **bounding}


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    columns = (frame[name].tolist() for name in frame)
    return [
        {name: value for name, value in zip(frame, row, strict=True) if value == value}
        for row in zip(*columns, strict=True)
    ]


def text_of(content: Mapping[str, Any]) -> str:
    """Write a file: a line for every row of quotas, other parts indented."""
    return _written(content, "") + "\n"


def _written(part: Any, indent: str) -> str:
    inner = indent + " "
    if not part or not isinstance(part, (list, dict)) or (isinstance(part, list) and _flat(part)):
        return _line(part)
    if isinstance(part, dict):
        lines = [f"{inner}{_line(name)}: {_written(value, inner)}" for name, value in part.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    lines = [
        inner + (_line(row) if isinstance(row, dict) and _flat(row) else _written(row, inner))
        for row in part
    ]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]"


def _flat(part: Any) -> bool:
    """Whether a list or a mapping holds none of these again."""
    values = part.values() if isinstance(part, dict) else part
    return not any(isinstance(value, (list, dict)) for value in values)


_line = json.JSONEncoder(ensure_ascii=False).encode
