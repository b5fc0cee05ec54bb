"""What the pages take from the sources: the plan's keys, errors, floors, tests, public names.

Each function returns Markdown (the drawing: SVG); ``conf.py`` puts it where a page says
``<!-- generated: NAME -->``.
"""

from __future__ import annotations

import ast
import functools
import html
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import decompose
from decompose import labels
from decompose.labels.families import FAMILY_NAMES
from decompose.labels.message import Text
from decompose.labels.workbook import SHEETS
from decompose.labels.workbook_heads import HEADS
from decompose.plan import models, spec, values
from decompose.plan.content import PlanContent
from decompose.problem import FAMILIES
from tests.test_floors import FLOORS, read_sources

ROOT = Path(__file__).parent.parent


# ---- the keys of a plan

KINDS: tuple[tuple[object, str], ...] = (
    (values.Name, "name"),
    (values.Text, "text"),
    (values.Year, "year"),
    (values.Flag, "true or false"),
    (values.Quantity, "number"),
    (values.Rate, "rate"),
    (values.Names, "names"),
    (values.QuantityFigure, "figure"),
    (values.RateFigure, "figure of a rate"),
    (spec.QuantitySpec, "number, column, or numbers by scope and year"),
    (spec.RateSpec, "rate, column, or rates by scope and year"),
    (models.Series, "column, or numbers by region"),
    (models.Source, "indicator, or `{cumulative: flow}`"),
    (models.Part, "rate, or true or false"),
    (models.Participants, "names, `{except: names}`, or names by year"),
    (bool, "true or false"),
    (int, "whole number"),
    (float, "number"),
    (str, "text"),
)
"""The words for a field's type, the first that is it."""


def plan_reference() -> str:
    """Tell every key of a plan, model by model, from the models themselves."""
    return "\n\n".join(_model_section(one) for one in _models(PlanContent))


def _models(model: type[BaseModel]) -> list[type[BaseModel]]:
    """List a model and those its fields hold, in the order in which they are met."""
    found = [model]
    for one in found:
        hints = typing.get_type_hints(one, include_extras=True)
        for name in one.model_fields:
            found += [other for other in _held(hints[name]) if other not in found]
    return found


def _held(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in typing.get_args(kind):
        yield from _held(inner)


def _model_section(model: type[BaseModel]) -> str:
    hints = typing.get_type_hints(model, include_extras=True)
    rows = [
        "| key | value | by default | meaning | 工作簿 |",
        "|-|-|-|-|-|",
    ]
    for name, field in model.model_fields.items():
        cells = (
            f"`{name}`",
            _kind(hints[name]),
            _default(field),
            " ".join((field.description or "").split()).replace("``", "`"),
            _heading(model, name),
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    title = "The plan" if model is PlanContent else model.__name__
    about = (inspect.getdoc(model) or "").splitlines()[0].replace("``", "`")
    return f"## {title}\n\n{about}\n\n" + "\n".join(rows)


def _kind(kind: Any) -> str:
    """Return the words for a type."""
    known = next((words for one, words in KINDS if _is_kind(kind, one)), None)
    if known is not None:
        return known
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _kind(inner[0])
    if origin is typing.Literal:
        return ", ".join(f"`{one}`" for one in inner)
    if origin in (typing.Union, types.UnionType):
        return ", or ".join(_kind(one) for one in inner if one is not type(None))
    if origin is tuple:
        return f"list: {_kind(inner[0])}"
    if isinstance(origin, type) and issubclass(origin, dict):
        return f"{_kind(inner[0])} → {_kind(inner[1])}"
    raise TypeError(f"docs/generated.py has no words for {kind}")


def _is_kind(kind: Any, known: Any) -> bool:
    """Whether a type is a known one, or the known one with more said of it (its bounds)."""
    args, others = typing.get_args(kind), typing.get_args(known)
    annotated = typing.get_origin(kind) is typing.get_origin(known) is typing.Annotated
    return kind == known or (annotated and args[: len(others)] == others)


def _default(field: Any) -> str:
    if field.is_required():
        return "" if "by default" in (field.description or "") else "**required**"
    given = field.default
    if given is None or given is PydanticUndefined or given in ((), ""):
        return ""
    if isinstance(given, bool):
        return f"`{str(given).lower()}`"
    if isinstance(given, (int, float, str)):
        return f"`{given:g}`" if isinstance(given, float) else f"`{given}`"
    if isinstance(given, tuple) and not isinstance(given, spec.Spec):
        return ", ".join(f"`{one}`" for one in given)
    return ""


SHEETS_OF: dict[str, tuple[str, ...]] = {
    "PlanContent": ("items",),
    "Region": ("regions",),
    "Group": ("groups",),
    "Indicator": ("indicators",),
    "Target": ("indicators",),
    "Figures": ("indicators",),
    "Assess": ("indicators",),
    "Tiers": ("indicators",),
    "Assessment": ("items",),
    "Lock": ("locks",),
    "Link": ("links",),
}
"""The sheets of a workbook in which a model's keys have headings."""
BEFORE = {
    "Target": "target.",
    "Figures": "target.",
    "Assess": "assess.",
    "Tiers": "tiers.",
    "Assessment": "assessment.",
}
WHOLE_SHEETS = {
    "regions": "regions",
    "groups": "groups",
    "indicators": "indicators",
    "group_targets": "group_targets",
    "stated": "stated",
    "limits": "limits",
    "locks": "locks",
    "links": "links",
    "notes": "notes",
    "tables": "tables",
}
"""Keys that have a sheet of their own."""


def _heading(model: type[BaseModel], key: str) -> str:
    """Return sheet and heading of a key in the Chinese workbook, where it has one."""
    if key in WHOLE_SHEETS and model.__name__ in ("PlanContent", "Indicator") and key != "regions":
        return f"表“{SHEETS[WHOLE_SHEETS[key]].zh}”"
    code = BEFORE.get(model.__name__, "") + key
    for sheet in SHEETS_OF.get(model.__name__, ()):
        head = HEADS[sheet].get(code) or HEADS[sheet].get(code + ".{year}")
        if head is not None:
            name = SHEETS["plan" if sheet == "items" else sheet].zh
            return f"{name}·{head.zh.replace('{year}', '2015')}"
    return f"表“{SHEETS['regions'].zh}”" if key == "regions" and model is PlanContent else ""


def families() -> str:
    """List the families of rules in the order in which ``bound_by`` lists them."""
    rows = ["| family | 中文 | English | after rounding |", "|-|-|-|-|"]
    for family in FAMILIES:
        name = FAMILY_NAMES.get(family.name, Text("", ""))
        kept = "exact" if family.whole else "excess listed"
        rows.append(f"| `{family.name}` | {name.zh} | {name.en} | {kept} |")
    return "\n".join(rows)


# ---- the errors

SINKS = {
    "Mistake": "PlanError",
    "PlanError": "PlanError",
    "ValueError": "PlanError",
    "tell": "PlanError",
    "_tell": "PlanError",
    "error": "PlanError",
    "_error": "PlanError",
    "_wrong": "PlanError",
    "Hint": "PlanError",
    "_WrongError": "PlanError",
    "InfeasibleError": "InfeasibleError",
    "SolverError": "SolverError",
    "RoundingError": "RoundingError",
    "ReportError": "ReportError",
    "Found": "check",
}
"""Calls that make an error of the message they are given, and which."""
SUBJECTS = {
    "reading": "Files, syntax, tables · 文件与格式",
    "figures": "Figures · 数字的写法",
    "planning": "The plan's keys · 计划的各项",
    "ratios": "Ratios and links · 比率与关联",
    "growth": "Published growth · 发布增速",
    "workbook": "The workbook · 工作簿",
    "checking": "Found by check · 求解前检查",
    "comparing": "Ratios and sums, found by check · 比率与合计的检查",
    "solving": "Solving and rounding · 求解与取整",
    "diagnosing": "Conflicts · 冲突",
    "keeping": "Kept allocations · 存档",
    "adopting": "Tables changed by hand · 手工改过的表",
    "adjusting": "Negotiation · 协商调整",
    "revising": "Revision · 年度调整",
    "sweeping": "Scenarios · 情景",
    "periods": "Periods · 时期",
    "progress": "Actuals and progress · 实际数与进度",
    "reporting": "Reports · 写文件",
    "web": "Charts · 图",
}
"""Subjects of the texts, in the order of the page."""
MENDING = "请"
COMPLAINTS = ("不", "没有", "须", "应", "错误", "缺少", "失败", "语法", "只能", "可写", "不符")
"""What is no complaint is a part of one, and has no row of its own."""
GUIDE = "guide_"


class Seen(NamedTuple):
    """What a piece of source says: codes of messages, and names that it refers to."""

    codes: frozenset[str]
    names: frozenset[str]


def error_list() -> str:
    """List every text that may reach a user as an error or as a finding of ``check``."""
    classes = error_codes(read_sources(ROOT / "decompose"))
    parts = []
    for subject, title in SUBJECTS.items():
        rows = [
            f"| `{code}` | {', '.join(sorted(classes.get(code) or {_class(subject, code)}))} "
            f"| {_cell(one.zh)} | {_cell(one.en)} |"
            for code, one in _texts(subject).items()
            if _tells_error(code, one, classes)
        ]
        head = "| code | raised as | 中文 | English |\n|-|-|-|-|\n"
        parts.append(f"## {title}\n\n{head}" + "\n".join(rows))
    return "\n\n".join(parts)


def _tells_error(code: str, text: Text, classes: Mapping[str, set[str]]) -> bool:
    """Whether a text says what to mend, or is raised and complains."""
    mends = MENDING in text.zh and not code.startswith(GUIDE)
    return mends or (code in classes and any(word in text.zh for word in COMPLAINTS))


def _class(subject: str, code: str) -> str:
    """Return what an error is that reaches its raise by other ways than ``error_codes`` sees."""
    if subject in ("checking", "comparing"):
        return "check"
    if subject == "solving":
        return "RoundingError" if code.startswith("rounding") else "SolverError"
    return "ReportError" if subject == "web" else "PlanError"


def _texts(subject: str) -> dict[str, Text]:
    module = getattr(labels, subject)
    found: dict[str, Text] = {}
    for one in vars(module).values():
        if isinstance(one, dict):
            found |= {key: text for key, text in one.items() if isinstance(text, Text)}
    return found


def _cell(text: str) -> str:
    """Write a text with its braces as code, for a table."""
    return "`" + " ".join(text.split()).replace("|", "\\|").replace("`", "'") + "`"


def error_codes(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the codes that sources tell as errors, and as which.

    A code counts where it stands in a call of ``SINKS``, or reaches one: by a variable of the
    function, or as what a function returns that is called there.
    """
    found: dict[str, set[str]] = {}
    returned: dict[str, set[str]] = {}
    wanted: list[tuple[str, str]] = []
    for source in sources.values():
        tree = ast.parse(source)
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            given = {
                target.id: _seen(node.value)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            own = returned.setdefault(function.name, set())
            for node in ast.walk(function):
                if isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
                    own |= _with_given(_seen(node.value), given).codes
                if isinstance(node, ast.Call) and (kind := SINKS.get(_name(node.func), "")):
                    here = _with_given(_seen(node), given)
                    for code in here.codes:
                        found.setdefault(code, set()).add(kind)
                    wanted += [(name, kind) for name in here.names]
    for name, kind in wanted:
        for code in returned.get(name, ()):
            found.setdefault(code, set()).add(kind)
    return found


def _seen(node: ast.AST) -> Seen:
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    codes = {
        part.value
        for call in calls
        if _name(call.func) == "say" and call.args
        for part in ast.walk(call.args[0])
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return Seen(frozenset(codes), frozenset(names | {_name(call.func) for call in calls}))


def _with_given(seen: Seen, given: Mapping[str, Seen]) -> Seen:
    """Add what variables hold."""
    held = [given[name] for name in seen.names if name in given]
    return Seen(
        seen.codes.union(*(one.codes for one in held)),
        seen.names.union(*(one.names for one in held)),
    )


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


# ---- the floors

WIDE, HIGH, LEFT, GAP = 860, 34, 74, 6


def architecture() -> str:
    """Draw the floors, lowest at the bottom, as SVG in a page."""
    top = [["decompose"], *([*floor] for floor in reversed(FLOORS))]
    height = len(top) * (HIGH + GAP) + GAP
    style = "max-width:100%;height:auto;font:14px sans-serif"
    parts = [
        f'<svg viewBox="0 0 {WIDE} {height}" role="img" style="{style}">',
        "<title>The floors of the package: a module imports only from floors below it</title>",
    ]
    for row, names in enumerate(top):
        y = GAP + row * (HIGH + GAP)
        number = len(top) - 1 - row
        middle = y + HIGH / 2 + 5
        parts.append(
            f'<text x="{LEFT - 14}" y="{middle:g}" text-anchor="end" fill="currentColor" '
            f'opacity="0.6">{number}</text>'
        )
        wide = (WIDE - LEFT - GAP * (len(names) - 1)) / len(names)
        for place, name in enumerate(names):
            x = LEFT + place * (wide + GAP)
            parts.append(
                f'<rect x="{x:g}" y="{y}" width="{wide:g}" height="{HIGH}" rx="4" '
                'fill="currentColor" fill-opacity="0.07" stroke="currentColor" '
                'stroke-opacity="0.35"/>'
                f'<text x="{x + wide / 2:g}" y="{middle:g}" text-anchor="middle" '
                f'fill="currentColor">{html.escape(name)}</text>'
            )
    return "\n".join([*parts, "</svg>"])


def floors() -> str:
    """List the modules, top floor first, with the first line of what each says of itself."""
    sources = read_sources(ROOT / "decompose")
    rows = ["| floor | module | what it does |", "|-|-|-|"]
    for number in reversed(range(len(FLOORS))):
        for name in FLOORS[number]:
            about = ast.get_docstring(ast.parse(sources[f"decompose.{name}"])) or ""
            told = " ".join(about.partition("\n\n")[0].split()).replace("``", "`")
            told = told.replace(":func:", "").replace(":class:", "").replace("|", "\\|")
            rows.append(f"| {number} | `{name}` | {told} |")
    return "\n".join(rows)


def tests() -> str:
    """List the files of tests, with the first line of what each says of itself."""
    rows = ["| file | what it tests |", "|-|-|"]
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        about = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        told = about.partition("\n")[0].replace("``", "`").replace("|", "\\|")
        rows.append(f"| `{path.stem}` | {told} |")
    return "\n".join(rows)


# ---- public names


MEMBERS = (
    types.FunctionType,
    classmethod,
    staticmethod,
    property,
    functools.cached_property,
)


def public_names() -> str:
    """Tell every public name, with its signature and its docstring."""
    parts = []
    for name in decompose.__all__:
        one = getattr(decompose, name)
        if not callable(one):
            continue
        parts.append(f"## `{name}`\n\n{_documented(name, one)}")
        if inspect.isclass(one) and not issubclass(one, (BaseModel, BaseException)):
            parts += [
                f"### `{name}.{own}`\n\n{_documented(own, getattr(one, own))}"
                for own, member in vars(one).items()
                if not own.startswith("_")
                and isinstance(member, MEMBERS)
                and inspect.getdoc(member)
            ]
    return "\n\n".join(parts)


def _documented(name: str, one: Any) -> str:
    """Return signature and docstring as one block of text."""
    head = ""
    if inspect.isfunction(one) or (inspect.isclass(one) and not issubclass(one, BaseModel)):
        head = f"{name}{_signature(one)}\n\n"
    return f"```text\n{head}{inspect.getdoc(one) or ''}\n```"


def _signature(one: Any) -> str:
    signature = inspect.signature(one)
    short = [
        value.replace(annotation=inspect.Parameter.empty) for value in signature.parameters.values()
    ]
    told = str(signature.replace(parameters=short, return_annotation=inspect.Signature.empty))
    return "" if "<factory>" in told else told


GENERATED: dict[str, Callable[[], str]] = {
    "plan-reference": plan_reference,
    "families": families,
    "error-list": error_list,
    "architecture": architecture,
    "floors": floors,
    "tests": tests,
    "public-names": public_names,
}
"""What a page may ask for, by name."""
