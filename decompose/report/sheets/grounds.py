"""What each number rests on: base, reference, bounds, and the rules that are tight at it."""

from __future__ import annotations

from collections.abc import Iterator

from decompose.allocation import Allocation
from decompose.labels import Language, say, word
from decompose.plan.steps import decimals_of
from decompose.report.sheets.heads import (
    MORE_DIGITS,
    bound_cell,
    columns_of,
    families,
    number_or_dash,
)
from decompose.tables import Cell, Row, RowKind, Table
from decompose.tables.model import number_cell, text_cell
from decompose.tables.order import status_line
from decompose.tables.printed import base_values, printed_name, printed_unit

_COLUMNS = (
    "indicator",
    "region",
    "year",
    "unit",
    "base_number",
    "reference_number",
    "quota",
    "exact_number",
    "lower_bound",
    "upper_bound",
    "decided_by",
)


def grounds(allocation: Allocation, *, stretch: bool = False, language: Language = "zh") -> Table:
    """Make the list of all quotas, a row each, in the order of ``Allocation.quotas``.

    Parameters
    ----------
    allocation
        Whose quotas; those that no table prints are left out.
    stretch
        Whether they are the stretch quotas of an allocation.
    language
        Of headings and names.
    """
    plan = allocation.plan
    name = word("grounds", language)
    if stretch:
        name = say("stretch_name", name=name).text(language)
    return Table(
        name=name,
        label="",
        title=say("sheet_title", title=plan.title, sheet=name).text(language),
        columns=tuple(
            columns_of(*_COLUMNS, language=language, optional=("lower_bound", "upper_bound"))
        ),
        rows=tuple(_rows(allocation, language)),
        status_line=status_line(plan, language),
        notes=tuple(say(code).text(language) for code in ("grounds_note", "bounds_note")),
        language=language,
        kind="grounds",
        listed=True,
    )


def _rows(allocation: Allocation, language: Language) -> Iterator[Row]:
    plan = allocation.plan
    index = {name: number for number, name in enumerate(plan.region_names)}
    shared: dict[object, Cell] = {}

    def text(value: object) -> Cell:
        return shared.setdefault(value, text_cell(str(value)))

    for indicator, rows in allocation.quotas.groupby("indicator", sort=False):
        one = plan.indicators[plan.indicator_index[str(indicator)]]
        if not one.report:
            continue
        base, decimals = base_values(plan, one), decimals_of(one)
        name, unit = text(printed_name(one, language)), text(printed_unit(one, language))
        places = [index[region] for region in rows["region"]]
        for region, year, own, quota, exact, reference, lower, upper, tight in zip(
            rows["region"],
            rows["year"],
            base[places].tolist(),
            *(rows[key].tolist() for key in ("quota", "exact", "reference", "lower", "upper")),
            rows["bound_by"],
            strict=True,
        ):
            yield Row(
                RowKind.REGION,
                (
                    name,
                    text(region),
                    number_cell(year, 0),
                    unit,
                    number_or_dash(own, decimals),
                    number_or_dash(reference, decimals + MORE_DIGITS),
                    number_cell(quota, decimals),
                    number_cell(exact, decimals + MORE_DIGITS),
                    bound_cell(lower, decimals),
                    bound_cell(upper, decimals),
                    text(families(tight, language) or word("unbound", language)),
                ),
            )
