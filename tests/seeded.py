"""Property tests over seeds: how they run, and plans that say the same in another way."""

from __future__ import annotations

import random
import re
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st

SEEDS = st.integers(0, 10**9)


def seeded(times: float) -> settings:
    """Run a test on so many times the usual number of random plans; seeds cannot be shrunk."""
    phases = (Phase.explicit, Phase.generate)
    return settings(max_examples=int(times * settings().max_examples), phases=phases)


def shuffled(said: Any, rng: random.Random) -> Any:
    """Put regions, groups, indicators, links and keys in another order."""
    if isinstance(said, dict):
        return {key: shuffled(said[key], rng) for key in rng.sample(list(said), len(said))}
    if isinstance(said, list) and said and isinstance(said[0], dict):
        return [shuffled(one, rng) for one in rng.sample(said, len(said))]
    return said


def multiplied(said: Any, factor: float) -> Any:
    """Multiply every number of a value, a figure with words, or a mapping of them."""
    if isinstance(said, dict):
        return {key: multiplied(inner, factor) for key, inner in said.items()}
    if isinstance(said, str):
        return re.sub(r"[\d.]+", lambda text: f"{float(text[0]) * factor:.9g}", said)
    return float(f"{said * factor:.12g}")
