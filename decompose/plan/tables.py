"""Named series by region, from whatever holds them: mappings, DataFrames, lists of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from decompose.figures import plain, written
from decompose.labels import say
from decompose.labels.words import REGION_HEADS

MOST_CELLS = 2_000_000
"""The most cells of all tables of a plan."""


class Gathered(dict[str, dict[str, Any]]):
    """Tables in their one form: column → region → cell."""


def gather(tables: Any) -> Gathered:
    """Bring tables into one mapping: column → region → cell; blank cells are left out.

    Parameters
    ----------
    tables
        ``{column: {region: number}}``; a DataFrame, or ``{"region": […], column: […]}``, with
        regions in a column ``region`` or in its index; a list of these; or a mapping from a
        name to any of these.

    Raises
    ------
    ValueError
        With a message: not a table, too large, or a column or region that stands twice.
    """
    columns = tables if isinstance(tables, Gathered) else Gathered()
    for table in () if columns is tables else _parts(tables):
        for column, cells in table.items():
            if column in columns:
                raise ValueError(say("column_twice", column=column))
            columns[column] = cells
    _refuse_large(sum(map(len, columns.values())))
    return columns


def _parts(tables: Any) -> list[dict[str, dict[str, Any]]]:
    if tables is None:
        return []
    if isinstance(tables, pd.DataFrame):
        return [_frame(tables)]
    if isinstance(tables, Mapping):
        if any(_is_column(inner) for inner in tables.values()):
            return [_frame(_of_lists(tables))]
        return [part for name, inner in tables.items() for part in _named(name, inner)]
    if isinstance(tables, (list, tuple)):
        return [part for table in tables for part in _parts(table)]
    found = tables if isinstance(tables, str) else type(tables).__name__
    raise ValueError(say("not_a_table", found=found))


def _is_column(inner: Any) -> bool:
    return isinstance(inner, list) or (isinstance(inner, np.ndarray) and inner.ndim == 1)


def _of_lists(tables: Mapping[Any, Any]) -> pd.DataFrame:
    """Take columns as lists of one length, with a number or a text in each place."""
    columns = list(tables.values())
    for name, column in tables.items():
        uniform = _is_column(column) and len(column) == len(columns[0])
        if not uniform or any(isinstance(cell, (dict, list)) for cell in column):
            raise ValueError(say("not_a_table", found=written(name)))
    return pd.DataFrame({name: pd.Series(list(column)) for name, column in tables.items()})


def _named(name: object, inner: Any) -> list[dict[str, dict[str, Any]]]:
    """Read what stands under a name: a whole table, or the cells of one column."""
    if isinstance(inner, pd.DataFrame):
        return [_frame(inner)]
    if isinstance(inner, Mapping) and any(
        isinstance(cell, (Mapping, list, pd.Series)) for cell in inner.values()
    ):
        return _parts(inner)
    if isinstance(inner, (Mapping, pd.Series)):
        _refuse_large(len(inner))
        column = list(inner.items())
        regions = _once((region for region, _ in column), "region_twice", "region")
        return [{_name(name): _cells(regions, [cell for _, cell in column])}]
    raise ValueError(say("not_a_table", found=written(name)))


def _frame(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    _refuse_large(frame.size)
    names = _once(frame.columns, "column_twice", "column")
    head = next((name for name in names if name in REGION_HEADS), None)
    values = frame.to_numpy(dtype=object)
    if head is None and unnamed(frame.index):
        texts = (name for name, column in zip(names, values.T, strict=True) if _all_text(column))
        if (likely := next(texts, None)) is not None:
            raise ValueError(say("frame_no_regions", found=likely))
    rows = frame.index if head is None else values[:, names.index(head)]
    regions = _once(rows, "region_twice", "region")
    columns = zip(names, values.T, strict=True)
    return {name: _cells(regions, column) for name, column in columns if name != head}


def unnamed(index: pd.Index) -> bool:
    """Whether rows are only counted from 0, as pandas does where nobody names them."""
    return isinstance(index, pd.RangeIndex) and index.start == 0


def _all_text(column: Iterable[Any]) -> bool:
    """Whether every cell of a column is a word, as names of regions are."""
    cells = list(column)
    return bool(cells) and all(isinstance(one, str) and any(map(str.isalpha, one)) for one in cells)


def _name(found: object) -> str:
    return plain(written(found))


def _once(found: Iterable[object], code: str, what: str) -> list[str]:
    """Return names in plain form, no two of which are alike."""
    names = [_name(one) for one in found]
    known: set[str] = set()
    for name in names:
        if name in known:
            raise ValueError(say(code, **{what: name}))
        known.add(name)
    return names


def _cells(regions: Sequence[str], column: Iterable[Any]) -> dict[str, Any]:
    """Return the cells that are not blank, as plain numbers or texts."""
    return {
        region: cell.item() if isinstance(cell, np.generic) else cell
        for region, cell in zip(regions, column, strict=True)
        if not _blank(cell)
    }


def _blank(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    try:
        return cell is None or pd.isna(cell) is True
    except ArithmeticError:  # a signalling NaN
        return False


def _refuse_large(cells: int) -> None:
    if cells > MOST_CELLS:
        raise ValueError(say("table_large", most=MOST_CELLS))
