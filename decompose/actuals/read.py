"""A file of actuals as a frame."""

from __future__ import annotations

import logging
import os

import pandas as pd

from decompose.actuals.entries import Entry, frame_of, gather
from decompose.actuals.files import read_tables
from decompose.actuals.shapes import read_entries
from decompose.enough import MOST_MISTAKES, all_wrong
from decompose.errors import Mistake, PlanError
from decompose.labels import Language
from decompose.passed import require_path
from decompose.reading.files import File

logger = logging.getLogger("decompose")


def read_actuals(
    path: str | os.PathLike[str],
    *,
    cumulative: bool = True,
    period: str | None = None,
    language: Language = "zh",
) -> pd.DataFrame:
    r"""Read actual figures, what regions really did, from a file or a folder of files.

    Parameters
    ----------
    path
        A CSV file (UTF-8 or GB18030), a workbook, or a folder of them. Tables may have one number
        per row, in columns ``indicator, region, period, value``, or may have periods, indicators
        or regions as columns. What no column says may be the name of the file or of the sheet.
        Headings are in Chinese or English.
    cumulative
        Whether numbers are sums since January where no heading says so. With False, the numbers
        of single periods are added up; after a period that is missing, the sum is not known.
    period
        The period of tables that do not say it: ``"2015"``, ``"2015-07"``, ``"2015Q3"``.
    language
        Language of error messages, ``"zh"`` or ``"en"``.

    Returns
    -------
    pandas.DataFrame
        Columns ``indicator`` and ``region`` (names as written), ``period`` (``2015``,
        ``2015-07``, ``2015Q3`` or ``2015H1``) and ``value``, the sum since January in the unit of
        the file. A blank cell is no row: not reported. ``attrs`` keep the place of each number,
        for the errors of ``track`` and ``revise``.

    Raises
    ------
    PlanError
        Lists every mistake with its file and cell: what is no number, a row without a period, a
        cell that is given twice with different numbers.

    Examples
    --------
    >>> path = folder / "june.csv"
    >>> _ = path.write_text("indicator,region,period,value\ninvestment,North,2025-06,12.0\n")
    >>> dc.read_actuals(path)
        indicator region   period  value
    0  investment  North  2025-06   12.0
    """
    place = require_path("read_actuals", path, language=language)
    file = File(place.name, language)
    mistakes: list[Mistake] = []
    entries: list[Entry] = []
    try:
        for named in read_tables(place, file, mistakes):
            entries += read_entries(named, mistakes, period=period, alone=not cumulative)
            del named  # a large table takes more memory than what it says
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
