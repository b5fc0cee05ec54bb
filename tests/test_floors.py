"""The floors of the package, read from its sources.

A module imports only from floors below its own, and never from another module of its floor.
The files of a package are floored in the same way: their imports make no cycle, and the
package's ``__init__`` is the top of them.
"""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest

import decompose

ROOT = Path(__file__).parent.parent

FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "labels"),
    ("figures", "problem", "files", "markup", "enough", "passed", "starting", "fingerprint"),
    ("plan",),
    ("series", "reading", "solvers"),
    ("checking", "constraints", "following"),
    ("build", "rounding", "naming"),
    ("fairness", "certificate", "bounds", "misfits", "printed", "anchor"),
    ("choosing",),
    ("stage",),
    ("settle",),
    ("taken",),
    ("tables", "audit", "stretch", "gaps", "frames", "totals", "restored"),
    ("actuals",),
    ("charts", "explain", "kept", "handmade", "moves"),
    ("allocation", "breaches", "stopped", "typed"),
    ("engine", "issued", "comparing"),
    ("adjust", "adopt", "scenario", "revise", "progress"),
    ("report",),
    ("cli",),
    ("__main__",),
)
"""Modules and packages of ``decompose``, lowest first; ``decompose`` itself is above them all."""

OPTIONAL: dict[str, dict[str, str]] = {
    "decompose.charts.altair_charts": {
        "altair": "the extra `charts`: pages draw their own pictures",
        "vl_convert": "the extra `charts`: only what writes a chart to a file needs it",
    },
    "decompose.scenario.bar": {
        "tqdm": "the extra `progress`: a sweep tells the log how far it is without it",
    },
    "decompose.report.docx_file": {
        "docx": "the extra `word`: tables can be written in other formats without it",
    },
    "decompose.report.xlsx": {
        "xlsxwriter": "the extra `excel`: a plan can be read, solved and printed without it",
    },
    "decompose.reading.workbook.archive": {
        "defusedxml": "the extra `excel`: only a plan in .xlsx is XML",
    },
    "decompose.reading.workbook.cells": {
        "openpyxl": "the extra `excel`: a plan in YAML or JSON is read without it",
    },
}
"""Imports that stand inside a function: the file that wraps an optional package, and why."""

MOST_LINES = 420
HAN = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
"""Chinese characters and punctuation, full-width forms."""

Sources = Mapping[str, str]
"""The source of each module by its dotted name; a package has the name of its ``__init__``."""


def read_sources(package: Path) -> dict[str, str]:
    """Read every module of a package."""
    sources = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        sources[name] = path.read_text(encoding="utf-8")
    return sources


def imports(name: str, sources: Sources) -> set[str]:
    """Return the modules among the sources that a module imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(sources[name])):
        if isinstance(node, ast.Import):
            found |= {_module(alias.name, sources) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, name, sources)
            found |= {_module(f"{origin}.{alias.name}", sources) for alias in node.names}
    return found - {""}


def _origin(node: ast.ImportFrom, name: str, sources: Sources) -> str:
    """Return the dotted name that ``from … import`` speaks of, dots resolved."""
    if not node.level:
        return node.module or ""
    is_package = any(other.startswith(f"{name}.") for other in sources)
    parents = name.split(".")
    package = parents[: len(parents) - node.level + is_package]
    return ".".join([*package, *([node.module] if node.module else [])])


def _module(dotted: str, sources: Sources) -> str:
    """Return the longest part of a dotted name that is a module; "" for other packages."""
    while dotted and dotted not in sources:
        dotted = dotted.rpartition(".")[0]
    return dotted


def floor(name: str) -> int | None:
    """Return the floor of a module, or None where the table has none."""
    unit = name.split(".")[1:2]
    if not unit:
        return len(FLOORS)
    return next((number for number, units in enumerate(FLOORS) if unit[0] in units), None)


def without_floor(sources: Sources) -> list[str]:
    """Return the modules that are not in the table."""
    return [name for name in sources if floor(name) is None]


def imports_upward(sources: Sources) -> list[str]:
    """Return the imports, as ``importer -> imported``, that do not go to a lower floor."""
    return [
        f"{name} -> {other}"
        for name in sources
        for other in sorted(imports(name, sources))
        if name.split(".")[:2] != other.split(".")[:2] and (floor(name) or 0) <= (floor(other) or 0)
    ]


def cycle(sources: Sources) -> list[str]:
    """Return the modules of a cycle of imports, or nothing.

    A package's ``__init__`` imports, in effect, whatever is in the package, so that no file in
    a package can import its own ``__init__``.
    """
    needs = {name: imports(name, sources) for name in sources}
    for name in sources:
        package = name.rpartition(".")[0]
        if package in needs:
            needs[package].add(name)
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def imports_in_functions(sources: Sources) -> dict[str, set[str]]:
    """Return, by module, the packages that are imported inside a function."""
    found: dict[str, set[str]] = {}
    for name, source in sources.items():
        for function in ast.walk(ast.parse(source)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for package in _imported_packages(function):
                    found.setdefault(name, set()).add(package)
    return found


def _imported_packages(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            yield ast.unparse(node)


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def prints(sources: Sources) -> list[str]:
    """Return the places where a module other than the command line writes to a terminal."""
    return [
        f"{name}:{node.lineno}"
        for name, source in sources.items()
        if name.split(".")[1:2] != ["cli"]
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr"))
    ]


def chinese(sources: Sources) -> list[str]:
    """Return the lines with Chinese characters outside labels, comments included."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name, source in sources.items()
        if name.split(".")[1:2] != ["labels"]
        for number, line in enumerate(source.splitlines(), start=1)
        if HAN.search(line)
    ]


def long_files(sources: Sources) -> dict[str, int]:
    """Return the modules with too many lines, and how many they have."""
    lines = {name: len(source.splitlines()) for name, source in sources.items()}
    return {name: count for name, count in lines.items() if count > MOST_LINES}


# The package.


@pytest.fixture(scope="module")
def package() -> dict[str, str]:
    return read_sources(ROOT / "decompose")


def test_every_module_has_a_floor(package: Sources) -> None:
    assert "decompose.problem" in package
    assert without_floor(package) == []


def test_modules_import_only_from_floors_below(package: Sources) -> None:
    assert imports_upward(package) == []


def test_imports_make_no_cycle(package: Sources) -> None:
    assert cycle(package) == []


def test_functions_import_only_optional_packages(package: Sources) -> None:
    allowed = {name: set(packages) for name, packages in OPTIONAL.items()}
    assert imports_in_functions(package) == allowed


def test_only_the_command_line_prints(package: Sources) -> None:
    assert prints(package) == []


def test_chinese_stands_in_labels_only(package: Sources) -> None:
    assert chinese(package) == []


def test_files_are_short(package: Sources) -> None:
    assert long_files(package) == {}


def test_public_names_are_sorted_and_complete() -> None:
    public = {
        name
        for name, value in vars(decompose).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert list(decompose.__all__) == sorted(set(decompose.__all__))
    assert set(decompose.__all__) - {"__version__"} == public - {"annotations"}


# The checks themselves, on sources made up to break them.


def made_up(**sources: str) -> dict[str, str]:
    """Name modules of a made-up package; two underscores stand for a dot."""
    return {
        "decompose": "",
        **{f"decompose.{name.replace('__', '.')}": source for name, source in sources.items()},
    }


@pytest.mark.parametrize(
    "source",
    [
        "import decompose.plan",
        "import decompose.plan.model as model",
        "from decompose.plan import Plan",
        "from decompose import plan",
        "from . import plan",
        "from .plan.model import Plan",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from decompose.plan import Plan",
        "def read():\n    from decompose.plan import Plan",
    ],
)
def test_finds_an_import_from_a_floor_above(source: str) -> None:
    sources = made_up(problem=source, plan="", plan__model="")
    assert [line.split(" -> ")[0] for line in imports_upward(sources)] == ["decompose.problem"]


def test_finds_an_import_from_the_same_floor() -> None:
    sources = made_up(errors="", labels="import decompose.errors", labels__words="")
    assert imports_upward(sources) == ["decompose.labels -> decompose.errors"]


def test_finds_an_import_of_the_whole_package() -> None:
    sources = made_up(cli="import decompose", problem="from decompose import solve")
    assert imports_upward(sources) == [
        "decompose.cli -> decompose",
        "decompose.problem -> decompose",
    ]


def test_allows_imports_from_floors_below() -> None:
    sources = made_up(
        errors="import numpy",
        labels="from decompose.labels.words import WORDS",
        labels__words="",
        plan="from decompose.plan.model import Plan",
        plan__model="from ..errors import PlanError\nfrom .. import labels",
    )
    sources["decompose"] = "from decompose.plan import Plan"
    assert imports_upward(sources) == []
    assert cycle(sources) == []


def test_finds_a_module_without_floor() -> None:
    assert without_floor(made_up(problem="", helpers="", utilities__text="")) == [
        "decompose.helpers",
        "decompose.utilities.text",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from decompose.plan.other import B", "from decompose.plan.one import A"),
        ("from .other import B", "from . import one"),
        ("from decompose.plan import B", ""),
        ("from . import B", ""),
    ],
)
def test_finds_a_cycle(one: str, other: str) -> None:
    sources = made_up(plan="from .one import A", plan__one=one, plan__other=other)
    assert "decompose.plan.one" in cycle(sources)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    import xlsxwriter.format", {"xlsxwriter"}),
        ("class A:\n    async def f(self):\n        from pandas import DataFrame", {"pandas"}),
        ("def f():\n    importlib.import_module('pandas')", {"importlib.import_module('pandas')"}),
    ],
)
def test_finds_an_import_in_a_function(source: str, found: set[str]) -> None:
    sources = made_up(problem="import numpy", figures=source)
    assert imports_in_functions(sources) == {"decompose.figures": found}


def test_finds_printing() -> None:
    sources = made_up(cli="print(1)", problem="x = 1\nprint(x)", plan="sys.stderr.write('a')")
    assert prints(sources) == ["decompose.problem:2", "decompose.plan:1"]


@pytest.mark.parametrize("line", ["x = '合计'", "# 合计", '"""Of 合计."""', "x = '：'", "x = '３'"])
def test_finds_chinese(line: str) -> None:
    sources = made_up(labels__words=line, problem=f"y = 1\n{line}", plan="x = '—≤ö'")
    assert chinese(sources) == [f"decompose.problem:2: {line}"]


def test_finds_a_long_file() -> None:
    sources = made_up(problem="x = 1\n" * 420, plan="x = 1\n" * 421)
    assert long_files(sources) == {"decompose.plan": 421}
