"""A sum and its parts whose figures do not add up: each as near to its own as the others allow."""

from __future__ import annotations

import numpy as np

from decompose.problem import Floats


def agree(
    figures: Floats,
    lower: Floats,
    upper: Floats,
    whole: tuple[float, float, float],
    *,
    apart: float = 0.0,
) -> Floats | None:
    """Return the leximin of |sum / figure - 1| over some sums and the sum of them all.

    With z = 2 F - S in place of the whole sum S (F its figure), |z / F - 1| is |S / F - 1|, and
    the parts and z add up to 2 F: a sum of boxes, of which the leximin is clip(level · figure).
    What the whole has beside its parts is no part of that sum.

    Parameters
    ----------
    figures, lower, upper
        Of each part: its figure, and what it can be.
    whole
        The same of the whole sum.
    apart
        What the whole has beside its parts.

    Returns
    -------
    The parts' sums; None where they cannot add up, or a figure is not above 0.
    """
    figure, least, most = whole
    demand = 2 * figure - apart
    reference = np.append(figures, figure)
    low, high = np.append(lower, 2 * figure - most), np.append(upper, 2 * figure - least)
    if not (reference > 0).all() or (low > high).any():
        return None
    ends = np.concatenate([low, high]) / np.concatenate([reference, reference])
    levels = np.unique(np.append(ends[np.isfinite(ends)], 1.0))
    levels = np.concatenate([[levels[0] - 1], levels, [levels[-1] + 1]])
    totals = np.clip(levels[:, None] * reference, low, high).sum(axis=1)
    after = int(np.searchsorted(totals, demand))
    if after in (0, len(totals)):
        return None
    rise = totals[after] - totals[after - 1]
    part = (demand - totals[after - 1]) / rise
    level = levels[after - 1] + part * (levels[after] - levels[after - 1])
    return np.asarray(np.clip(level * figures, lower, upper))
