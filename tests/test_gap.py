from __future__ import annotations
from typing import Any
import pytest
from hypothesis import given, settings, assume
import decompose as dc
from tests.gap_plans import tight_plans
from tests.oracles.gap_program import hand_out
from tests.oracles.plan_program import PlanProgram
from tests.solved import Data, column, solved
CLOSE = 1e-6
N=[0,0,0,0,0]
@settings(max_examples=500)
@given(tight_plans())
def test_oracle(data: Data) -> None:
    oracle = PlanProgram(data)
    allocation, exact = solved(data, gap="row"), hand_out(oracle)
    N[0]+=1
    N[1]+= exact is None
    N[2]+= exact is not None and any(exact.misses.values()); N.append(0) if len(N)<5 else 0; N[3]+= exact is not None and any(v for m,v in exact.misses.items() if m.label.family!="target"); N[4] += exact is not None and any(v and m.way<0 for m,v in exact.misses.items())
    assert (allocation is None) == (exact is None)
    if allocation is None or exact is None:
        return
    found = column(allocation, "exact")
    assert found.keys() == exact.values.keys()
    for cell, value in exact.values.items():
        near = CLOSE * float(max(oracle.sizes[cell.indicator], abs(value)))
        assert found[cell] == pytest.approx(float(value), abs=near)
def test_n():
    print(N)
