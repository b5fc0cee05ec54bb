"""What all tests share: how property tests run, and how wide a terminal is.

``ci`` tries the same bounded examples every time and never fails for being slow. To search for
new counterexamples: ``HYPOTHESIS_PROFILE=search python -m pytest``.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ["COLUMNS"] = "80"  # pandas leaves columns out, and help is broken, as a terminal is wide

settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of the code
)
settings.register_profile(
    "search", settings.get_profile("ci"), derandomize=False, max_examples=2000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
