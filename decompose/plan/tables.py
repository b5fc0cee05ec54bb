"""Named series by region, from whatever holds them: mappings, DataFrames, lists of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from decompose.figures import plain
from decompose.labels import say
from decompose.labels.words import REGION_HEADS


class Gathered(dict[str, dict[str, Any]]):
    """Tables that are brought into one mapping already: column → region → cell."""


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
        With a message: not a table, or a column or region that stands twice.
    """
    if isinstance(tables, Gathered):
        return tables
    columns = Gathered()
    for table in _parts(tables):
        for column, cells in table.items():
            if column in columns:
                raise ValueError(say("column_twice", column=column))
            columns[column] = cells
    return columns


def _parts(tables: Any) -> list[dict[str, dict[str, Any]]]:
    if tables is None:
        return []
    if isinstance(tables, pd.DataFrame):
        return [_frame(tables)]
    if isinstance(tables, Mapping):
        if any(isinstance(inner, list) for inner in tables.values()):
            return [_frame(_of_lists(tables))]
        return [part for name, inner in tables.items() for part in _named(str(name), inner)]
    if isinstance(tables, (list, tuple)):
        return [part for table in tables for part in _parts(table)]
    raise ValueError(say("not_a_table", found=str(tables)))


def _of_lists(tables: Mapping[Any, Any]) -> pd.DataFrame:
    """Take columns as lists of one length, with a number or a text in each place."""
    columns = list(tables.values())
    for name, column in tables.items():
        uniform = isinstance(column, list) and len(column) == len(columns[0])
        if not uniform or any(isinstance(cell, (dict, list)) for cell in column):
            raise ValueError(say("not_a_table", found=str(name)))
    return pd.DataFrame(dict(tables))


def _named(name: str, inner: Any) -> list[dict[str, dict[str, Any]]]:
    """Read what stands under a name: a whole table, or the cells of one column."""
    if isinstance(inner, pd.DataFrame):
        return [_frame(inner)]
    if isinstance(inner, Mapping) and any(
        isinstance(cell, (Mapping, list, pd.Series)) for cell in inner.values()
    ):
        return _parts(inner)
    if isinstance(inner, (Mapping, pd.Series)):
        return [{plain(name): _cells(inner)}]
    raise ValueError(say("not_a_table", found=name))


def _frame(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    head = next((name for name in frame.columns if str(name).strip() in REGION_HEADS), None)
    indexed = frame if head is None else frame.set_index(head)
    if not indexed.index.is_unique:
        twice = indexed.index[indexed.index.duplicated()][0]
        raise ValueError(say("region_twice", region=str(twice)))
    if not indexed.columns.is_unique:
        twice = indexed.columns[indexed.columns.duplicated()][0]
        raise ValueError(say("column_twice", column=str(twice)))
    return {plain(str(name)): _cells(column) for name, column in indexed.items()}


def _cells(column: Any) -> dict[str, Any]:
    """Return the cells that are not blank, as plain numbers or texts."""
    return {
        plain(str(region)): cell.item() if hasattr(cell, "item") else cell
        for region, cell in column.items()
        if not _blank(cell)
    }


def _blank(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or bool(pd.isna(cell))
