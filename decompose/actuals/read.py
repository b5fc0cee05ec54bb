"""A file of actuals as a frame."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pandas as pd

from decompose.actuals.entries import Entry, frame_of, gather
from decompose.actuals.files import read_tables
from decompose.actuals.shapes import read_entries
from decompose.enough import MOST_MISTAKES, all_wrong
from decompose.errors import Mistake, PlanError
from decompose.labels import Language
from decompose.reading.files import File

logger = logging.getLogger("decompose")


def read_actuals(
    path: str | os.PathLike[str],
    *,
    cumulative: bool = True,
    period: str | None = None,
    language: Language = "zh",
) -> pd.DataFrame:
    """Read what was reached.

    Parameters
    ----------
    path
        A CSV file (UTF-8 or GB18030), a workbook, or a folder of them. A number to a row under
        ``indicator, region, period, value``, or periods, indicators or regions across; what no
        column says may be the name of the file or the sheet. Headings in Chinese or English.
    cumulative
        Whether numbers are sums since January, where no heading says so; single periods are
        added up, and after one that is missing nothing is known.
    period
        The period of tables that do not say it.
    language
        Of the errors.

    Returns
    -------
    Columns ``indicator``, ``region`` (names as written), ``period`` (``2015``, ``2015-07``,
    ``2015Q3``, ``2015H1``) and ``value``, the sum since January; what is blank is no row.
    ``attrs`` keep the places, for the errors of ``track``.

    Raises
    ------
    PlanError
        With every mistake, each with file and cell: no number, no period, a cell that is said
        twice with different numbers.
    """
    place = Path(path)
    file = File(place.name, language)
    mistakes: list[Mistake] = []
    entries: list[Entry] = []
    try:
        for named in read_tables(place, file, mistakes):
            entries += read_entries(named, mistakes, period=period, alone=not cumulative)
            if len(mistakes) > MOST_MISTAKES:
                break
    except PlanError as error:  # a file that cannot be read at all
        mistakes += error.mistakes
    gathered = gather(entries)
    mistakes += gathered.mistakes
    if mistakes:
        raise all_wrong("actuals_wrong", mistakes, language)
    frame = frame_of(gathered, language)
    for note in frame.attrs["notes"]:
        logger.warning("%s: %s", note["where"], note["text"])
    return frame
