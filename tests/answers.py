"""Digests of what is published, plan by plan: ``python -m tests.answers`` prints them as JSON.

``scripts/matrix`` runs it under every Python and PuLP and compares: not one digit may differ.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pulp

import decompose as dc
from tests.growth_plans import growth_plan
from tests.link_plans import link_plan
from tests.ratio_plans import ratio_plan, yearly_cut_plan, yearly_rise_plan

ROOT = Path(__file__).parent.parent
SEEDS = range(20)
MADE = (growth_plan, link_plan, ratio_plan, yearly_cut_plan, yearly_rise_plan)
SOLVERS = ("highs", "cbc")


def plans() -> Iterator[tuple[str, dc.Plan]]:
    """Yield the published plans, and random ones that are the same of a seed on every Python."""
    for path in sorted(ROOT.glob("data/*/plan*.yaml")):
        yield str(path.relative_to(ROOT)), dc.read_plan(path)
    for made in MADE:
        for seed in SEEDS:
            yield f"{made.__name__}({seed})", dc.Plan.model_validate(made(seed))


def answer(plan: dc.Plan, solver: str) -> str:
    """Return the digest of every printed number, or the name of the error."""
    try:
        allocation = dc.solve(plan, solver=solver, gap="row")
    except dc.DecomposeError as error:
        return type(error).__name__
    said = "".join(
        getattr(allocation, name).to_csv(index=False, columns=columns)
        for name, columns in (
            ("quotas", ["indicator", "region", "year", "quota", "bound_by"]),
            ("values", ["indicator", "region", "year", "value"]),
            ("totals", ["indicator", "scope", "year", "quota"]),
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def main() -> None:
    """Print versions and digests."""
    found = {name: {s: answer(plan, s) for s in SOLVERS} for name, plan in plans()}
    versions = {"python": platform.python_version(), "pulp": pulp.__version__}
    json.dump({"versions": versions, "answers": found}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
