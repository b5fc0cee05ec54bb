"""A diagnosis as tables: the rules that cannot hold together, and the ways out."""

from __future__ import annotations

from collections.abc import Iterator

from decompose.bounds import families
from decompose.explain import Diagnosis
from decompose.explain.figures_moved import Change
from decompose.frames import labels
from decompose.labels import Language, say, word
from decompose.plan import Plan
from decompose.plan.steps import decimals_of
from decompose.problem import TOTAL
from decompose.report.sheets.heads import columns_of
from decompose.tables import Cell, Row, RowKind, Table
from decompose.tables.model import ABSENT, BLANK, digits, number_cell, text_cell
from decompose.tables.printed import printed_name

_RULES = ("number", "rule", "kind_of_rule", "indicator", "scope", "year", "place")
_WAYS = ("way", "kind_of_rule", "indicator", "scope", "year", "before", "after", "change", "place")


def conflict_tables(found: Diagnosis, *, language: Language = "zh") -> tuple[Table, ...]:
    """Make the table of a conflict, and that of the ways out, where there are some.

    Of a plan that can be met, the one table has a row that says so.
    """
    told = [one.text(language).strip() for one in found.messages]
    title = "" if found.plan is None else found.plan.title
    name = word("conflict", language)
    columns = columns_of(*_RULES, language=language, optional=("scope", "year"))
    rows, notes = tuple(_rules(found, language)), tuple(told[:1])
    if found.feasible:
        columns = columns_of("verdict", language=language)
        rows, notes = tuple(Row(RowKind.REGION, (text_cell(one),)) for one in notes), ()
    rules = Table(
        name=name,
        label="",
        title=say("sheet_title", title=title, sheet=name).text(language),
        columns=tuple(columns),
        rows=rows,
        notes=notes,
        language=language,
        kind="conflict",
    )
    if found.plan is None or not found.repairs:
        return (rules,)
    name = word("repairs", language)
    ways = Table(
        name=name,
        label="",
        title=say("sheet_title", title=title, sheet=name).text(language),
        columns=tuple(columns_of(*_WAYS, language=language)),
        rows=tuple(_ways(found, found.plan, language)),
        notes=(say("repairs_note").text(language),),
        language=language,
        kind="repairs",
    )
    return rules, ways


def _rules(found: Diagnosis, language: Language) -> Iterator[Row]:
    plan = found.plan
    for number, rule in enumerate(found.conflict, start=1):
        name = rule.indicator
        if plan is not None:
            name = printed_name(plan.indicators[plan.indicator_index[name]], language)
        yield Row(
            RowKind.REGION,
            (
                number_cell(number, 0),
                text_cell(rule.message.text(language)),
                text_cell(word(rule.family, language)),
                text_cell(name),
                text_cell(_scope_as_printed(found, rule.scope)),
                _year(rule.year, language),
                text_cell(rule.path),
            ),
        )


def _scope_as_printed(found: Diagnosis, scope: str) -> str:
    """Return what the rows of tables call a scope: the area goes by its total's label."""
    if found.plan is None or scope != found.plan.area:
        return scope
    return found.plan.total_label


def _ways(found: Diagnosis, plan: Plan, language: Language) -> Iterator[Row]:
    for number, repair in enumerate(found.repairs, start=1):
        head = say("way_head", number=number, family=families(repair.family, language))
        yield Row(RowKind.SECTION, (text_cell(head.text(language)), *[BLANK] * (len(_WAYS) - 1)))
        for change in repair.parts:
            yield _change(change, plan, number, language)


def _change(change: Change, plan: Plan, number: int, language: Language) -> Row:
    indicator = plan.indicators[change.indicator]
    year = "total" if change.year == TOTAL else plan.years[change.year]
    return Row(
        RowKind.REGION,
        (
            text_cell(say("way", number=number).text(language)),
            text_cell(word(change.family, language)),
            text_cell(printed_name(indicator, language)),
            text_cell(labels(plan)[0][change.scope]),
            _year(year, language),
            _said(change.before),
            _said(change.value),
            number_cell(change.amount, min(digits(change.amount), decimals_of(indicator) + 1)),
            text_cell(change.path),
        ),
    )


def _year(year: int | str, language: Language) -> Cell:
    if year == "total":
        return text_cell(word("all_years_head", language))
    return text_cell(say("year_head", year=year).text(language))


def _said(value: object) -> Cell:
    """Print what a plan says in one place; a dash where it says nothing any more."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return text_cell(str(value).lower())  # as the plan file has it
    if isinstance(value, int | float):
        return number_cell(float(value), digits(float(value)))
    return text_cell(", ".join(map(str, value)) if isinstance(value, list) else str(value))
