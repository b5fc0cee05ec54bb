"""Whether tests that render pages may be skipped: not where scripts/test has what they need."""

from __future__ import annotations

import os


def must_render() -> bool:
    """Whether missing programs are a failure, no reason to skip."""
    return os.environ.get("DECOMPOSE_RENDER") == "1"
