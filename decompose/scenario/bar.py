"""How far a sweep is: a bar on a terminal where tqdm is installed, lines in the log elsewhere."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any, Self

from decompose.labels import Language, say

logger = logging.getLogger("decompose")
LINES = 10
"""How many lines a whole sweep writes to the log."""


class Bar:
    """Counts what is done.

    Parameters
    ----------
    total
        How many there are.
    language
        Of the words.
    """

    def __init__(self, total: int, language: Language) -> None:
        self._total, self._done = total, 0
        self._bar = _tqdm(total, say("sweep_bar").text(language))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def add(self, count: int) -> None:
        """Count some more."""
        before, self._done = self._done, self._done + count
        if self._bar is not None:
            self._bar.update(count)
        if self._done * LINES // self._total > before * LINES // self._total:
            logger.info("%d / %d", self._done, self._total)


def _tqdm(total: int, words: str) -> Any:
    """Return a bar that shows itself on terminals only, or None."""
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm(total=total, desc=words, disable=None, leave=False)
