"""Mutation testing: ``bash scripts/mutants``.

Small mistakes are put into rounding, fairness and the certificate, one at a time, with the
operators of mutmut; a mutant that no test notices is a hole in the tests, or changes nothing. All
mutants are too many: of each file a share is taken, in an order that a hash gives, so that a
larger share holds a smaller one, and an edit moves only its own.

Tests are collected once. A fork per test finds which lines it runs; a fork per mutant puts the
mistake into the functions that live, and runs the tests that reach its line until one fails: quick
ones, those about the file, and those that killed its other mutants before the rest. A mutant
survives when all of them pass, and is unfinished when its time was over before. The mutants of
mutmut itself would each need a copy of the sources, and leave out whatever has a decorator.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import itertools
import json
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import coverage
import libcst as cst
import pytest
from hypothesis import Phase, settings
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".venv" / "mutants"
SHARES = {
    "decompose/certificate.py": 1.0,
    "decompose/rounding/": 0.05,
    "decompose/fairness/": 0.04,
}
"""What is tried of each file's mutants, unless told otherwise."""
FILES = (
    "decompose/certificate.py",
    *sorted(
        str(path.relative_to(ROOT))
        for package in ("rounding", "fairness")
        for path in (ROOT / "decompose" / package).rglob("*.py")
    ),
)
OWN = {
    "decompose/certificate.py": ("certificate",),
    "decompose/rounding/": ("rounding", "rounding_programs", "hard_rounding", "moved"),
    "decompose/rounding/least.py": ("pieces",),
    "decompose/rounding/pieces.py": ("pieces",),
    "decompose/rounding/search.py": ("pieces",),
    "decompose/rounding/shared.py": ("shared_sums",),
    "decompose/fairness/": ("closed_form", "programs", "choices", "solve_oracle"),
    "decompose/fairness/__init__.py": ("ahead", "figures", "by_ties"),
    "decompose/fairness/ahead.py": ("ahead",),
    "decompose/fairness/alike.py": ("figures", "by_ties"),
    "decompose/fairness/base_quotas.py": ("stretch",),
    "decompose/fairness/by_parts.py": ("by_parts",),
    "decompose/fairness/capped.py": ("capped",),
    "decompose/fairness/crossing.py": ("crossing",),
    "decompose/fairness/figures.py": ("figures", "gap"),
    "decompose/fairness/giving.py": ("gap",),
    "decompose/fairness/growing.py": ("ahead",),
    "decompose/fairness/levels.py": ("by_ties",),
    "decompose/fairness/nested.py": ("nested",),
    "decompose/fairness/reach.py": ("ranges",),
    "decompose/fairness/relaxed.py": ("weighted", "national"),
    "decompose/fairness/shares.py": ("shares", "margin"),
    "decompose/fairness/tied/": ("by_ties",),
    "decompose/fairness/totals.py": ("crossing",),
}
"""Tests that are about some files: tried before the others."""
TESTS = tuple(
    f"tests/test_{name}.py"
    for name in (
        *dict.fromkeys(itertools.chain.from_iterable(OWN.values())),
        *("anchor", "links", "kinds", "invariants", "same_answer", "failing_solvers"),
        *("odd_plans", "converge", "negative", "growth", "ratios", "ratio_bands", "revise"),
    )
)
"""Tests that concern these files."""
SLOW = 10.0
"""Seconds of processor after which a test is too slow to be run for every mutant."""
PATIENCE = 20.0
"""Seconds of processor that a test may take beyond ten times what it takes without a mistake:
after that, the mutant runs for ever."""
NOT_KILLED = ("survived", "unfinished")


@dataclass(frozen=True)
class Mutant:
    """One mistake: the file, its source with it, and the lines of which it is one."""

    path: str
    key: str
    lines: frozenset[int]
    change: str
    source: str


@dataclass(frozen=True)
class Reach:
    """What a test runs: lines by file, and how long it takes."""

    seconds: float
    lines: dict[str, list[int]]


# Mistakes.


def mutants_of(path: str, *, share: float, seed: int) -> list[Mutant]:
    """Return the first share of a file's mutants, in the order of their hashes."""
    text = (ROOT / path).read_text("utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    places = wrapper.resolve(PositionProvider)
    found: list[tuple[str, Any, Any, frozenset[int]]] = []
    seen: Counter[str] = Counter()
    for node, inside, lines in _nodes(wrapper.module, places, "", range(0)):
        for kind, operator in mutation_operators:
            for other in operator(node) if isinstance(node, kind) else ():
                said = (wrapper.module.code_for_node(one) for one in (node, other))
                name = "\n".join([str(seed), path, inside, operator.__name__, *said])
                seen[name] += 1
                key = hashlib.sha256(f"{name}\n{seen[name]}".encode()).hexdigest()[:12]
                found.append((key, node, other, frozenset(lines)))
    found.sort(key=lambda one: one[0])
    taken = found[: -int(-share * len(found) // 1)]
    return [
        _mutant(path, text, key, lines, wrapper.module.deep_replace(node, other))
        for key, node, other, lines in taken
    ]


def _mutant(path: str, text: str, key: str, lines: frozenset[int], changed: Any) -> Mutant:
    found = list(
        difflib.unified_diff(text.splitlines(), changed.code.splitlines(), lineterm="", n=0)
    )
    line = found[2].split()[1].lstrip("-").partition(",")[0]
    said = [one for one in found[2:] if not one.startswith("@@")]
    return Mutant(path, key, lines, "\n".join([f"{line}:", *said]), changed.code)


def _nodes(node: Any, places: Any, inside: str, lines: range) -> Iterator[tuple[Any, str, range]]:
    """Yield nodes that may be wrong, with their function and the lines of their statement.

    Without annotations, decorators, imports, docstrings, fields of classes, and what stands in a
    module beside functions and plain constants.
    """
    if isinstance(node, (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)):
        return
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString):
        return
    if isinstance(node, cst.SimpleStatementLine) and not (
        inside.endswith(")") or (not inside and _is_constant(node.body[0]))
    ):
        return
    if isinstance(node, cst.BaseStatement):
        lines = _lines(node, places, everywhere=not inside)
    if isinstance(node, cst.ClassDef):
        inside = f"{inside}{node.name.value}."
    elif isinstance(node, cst.FunctionDef):
        inside = f"{inside}{node.name.value}()"
    yield node, inside, lines
    for child in node.children:
        yield from _nodes(child, places, inside, lines)


def _lines(statement: Any, places: Any, *, everywhere: bool) -> range:
    """Return the lines of a statement without its block.

    Of what is run on import, those where it matters: the function's, for what stands in its head;
    all, for a constant.
    """
    place = places[statement]
    first, last = place.start.line, place.end.line
    if isinstance(statement, cst.SimpleStatementLine) and everywhere:
        return range(1, 10_000)
    if isinstance(statement.body, cst.IndentedBlock) and not isinstance(statement, cst.FunctionDef):
        last = max(first, places[statement.body].start.line - 1)
    return range(first, last + 1)


def _is_constant(statement: Any) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(value, (cst.BaseNumber, cst.BinaryOperation, cst.Tuple, cst.SimpleString))


def put_in(mutant: Mutant) -> None:
    """Put a mistake into the module that lives: code of functions, defaults, constants.

    Raises whatever the changed module raises when it is run.
    """
    name = mutant.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    module = sys.modules[name]
    wrong: dict[str, Any] = {"__name__": name, "__file__": module.__file__}
    exec(compile(mutant.source, str(module.__file__), "exec"), wrong)
    users = [vars(one) for key, one in sys.modules.items() if key.split(".")[0] == "decompose"]
    for key, old in list(vars(module).items()):
        new = wrong.get(key)
        if isinstance(old, (int, float, str, tuple)) and old != new:
            for user in users:
                if user.get(key) is old:
                    user[key] = new
        elif getattr(old, "__module__", None) == name:
            _replace(old, new)


def _replace(old: Any, new: Any) -> None:
    if isinstance(old, type):
        for key, own in vars(old).items():
            _replace(own, vars(new).get(key))
    inner = ("__func__", "__wrapped__", "fget", "func")
    one = next((getattr(old, name) for name in inner if hasattr(old, name)), old)
    other = next((getattr(new, name) for name in inner if hasattr(new, name)), new)
    if isinstance(one, FunctionType) and isinstance(other, FunctionType):
        one.__code__, one.__defaults__ = other.__code__, other.__defaults__
        one.__kwdefaults__ = other.__kwdefaults__


# Runs.


class Runner:
    """Forks of a session in which tests are collected."""

    def __init__(self, todo: Callable[[Runner], None]) -> None:
        self.todo = todo
        self.items: dict[str, pytest.Item] = {}
        self.kills: Counter[tuple[str, str]] = Counter()
        self.session: pytest.Session

    def pytest_configure(self) -> None:
        """Look for no smaller example of a failure."""
        only = settings(settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate))
        settings.register_profile("mutants", only)
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do what there is to do instead of running the tests."""
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        self.todo(self)
        return True

    def run(self, name: str, following: str | None = None) -> bool:
        """Run a test; return whether it passed."""
        failed = self.session.testsfailed
        nextitem = None if following is None else self.items[following]
        item = self.items[name]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        return self.session.testsfailed == failed

    def reach(self, name: str) -> Reach | None:
        """Return what a test runs; None where it does not pass, or is too slow."""

        def watched() -> dict[str, Any] | None:
            signal.setitimer(signal.ITIMER_PROF, SLOW)
            start = time.process_time()
            folders = [str(ROOT / "decompose" / one) for one in ("rounding", "fairness")]
            watch = coverage.Coverage(
                data_file=None,
                config_file=False,
                include=[*(f"{one}/*" for one in folders), str(ROOT / FILES[0])],
            )
            watch.set_option("run:disable_warnings", ["no-data-collected"])
            watch.start()
            passed = self.run(name)
            watch.stop()
            data = watch.get_data()
            lines = {
                str(Path(file).relative_to(ROOT)): sorted(data.lines(file) or ())
                for file in data.measured_files()
            }
            return {"seconds": time.process_time() - start, "lines": lines} if passed else None

        said, _ = forked(watched)
        return Reach(**said) if said else None

    def fate(self, mutant: Mutant, reached: dict[str, Reach], most: float) -> dict[str, Any]:
        """Return what becomes of a mutant, and by which test."""
        tests = sorted(
            (
                name
                for name, reach in reached.items()
                if mutant.lines & set(reach.lines.get(mutant.path, ()))
            ),
            key=lambda name: (
                reached[name].seconds
                * (1 if _is_own(name, mutant.path) else 4)
                / (1 + self.kills[mutant.path, name])
            ),
        )

        def tried() -> dict[str, Any]:
            try:
                put_in(mutant)
            except Exception as error:  # whatever the mistake brings about
                return {"fate": "killed", "test": repr(error)}
            start = time.process_time()
            for name, following in itertools.zip_longest(tests, tests[1:]):
                if time.process_time() - start > most:
                    return {"fate": "unfinished", "test": f"{tests.index(name)} of {len(tests)}"}
                signal.setitimer(signal.ITIMER_PROF, 10 * reached[name].seconds + PATIENCE)
                if not self.run(name, following):
                    return {"fate": "killed", "test": name}
            return {"fate": "survived", "test": f"all {len(tests)}"}

        start = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        said, status = forked(tried)
        if said is None:
            ended = signal.Signals(os.WTERMSIG(status))  # it never ends, or brings Python down
            for_ever = ended is signal.SIGPROF
            said = {"fate": "for ever" if for_ever else "killed", "test": ended.name}
        seconds = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - start
        self.kills[mutant.path, said["test"]] += said["fate"] == "killed"
        return {**said, "seconds": round(seconds, 1)}


def _share(path: str) -> float:
    return next(share for start, share in SHARES.items() if path.startswith(start))


def _is_own(test: str, path: str) -> bool:
    name = test.partition("::")[0].removeprefix("tests/test_").removesuffix(".py")
    return any(name in names for files, names in OWN.items() if path.startswith(files))


def forked(work: Callable[[], dict[str, Any] | None]) -> tuple[Any, int]:
    """Do some work in a child; return what it says (None where it says nothing), and its end."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        try:
            os.write(writer, json.dumps(work()).encode())
        except BaseException as error:
            os.write(writer, json.dumps({"broken": repr(error)}).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = json.loads(answer.read() or "null")
    if said and "broken" in said:
        raise RuntimeError(said["broken"])
    return said, os.waitpid(child, 0)[1]


def reached_by(runner: Runner) -> dict[str, Reach]:
    """Return what each test runs, as kept from the last time, or found now.

    A test that ran nothing of the files that were edited since runs what it ran.
    """
    kept = KEPT / "reach.json"
    stamp = {path: _stamp(path) for path in (*FILES, *TESTS)}
    before = json.loads(kept.read_text("utf-8")) if kept.exists() else {"stamp": {}, "reach": {}}
    edited = {path for path in FILES if before["stamp"].get(path) != stamp[path]}
    found: dict[str, Any] = before["reach"]
    for name in runner.items:
        file = name.partition("::")[0]
        old = None if before["stamp"].get(file) != stamp[file] else found.get(name)
        if old is None or any(old["lines"].get(path) for path in edited):
            reach = runner.reach(name)
            found[name] = None if reach is None else vars(reach)
    kept.write_text(json.dumps({"stamp": stamp, "reach": found}), "utf-8")
    return {name: Reach(**found[name]) for name in runner.items if found[name]}


def _stamp(path: str) -> str:
    file = ROOT / path
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def main() -> int:
    """Try the mutants that were not tried yet; tell which survive."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("files", nargs="*", default=FILES)
    asked.add_argument("--share", type=float, help="of each file's mutants (see SHARES)")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--most", type=float, default=300, help="seconds of tests per mutant (300)")
    asked.add_argument("--again", action="store_true", help="try those not killed once more")
    given = asked.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / "fates.json"
    fates: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    chosen = {
        path: mutants_of(path, share=given.share or _share(path), seed=given.seed)
        for path in given.files
    }

    terminal = sys.stdout  # the tests' own is captured

    def todo(runner: Runner) -> None:
        reached = reached_by(runner)
        for mutant in (one for some in chosen.values() for one in some):
            before = fates.get(mutant.key, {}).get("fate")
            if before is None or (given.again and before in NOT_KILLED):
                fates[mutant.key] = runner.fate(mutant, reached, given.most)
                kept.write_text(json.dumps(fates), "utf-8")
                if fates[mutant.key]["fate"] in NOT_KILLED:
                    print(_told(mutant, fates), file=terminal, flush=True)

    tests = [path for path in TESTS if (ROOT / path).exists()]
    imported = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
    said = ["-q", "-p", "no:cacheprovider", "-W", imported]
    pytest.main([*said, *tests], plugins=[Runner(todo)])
    for path, some in chosen.items():
        counts = Counter(fates[one.key]["fate"] for one in some if one.key in fates)
        print(path, len(some), dict(counts))
    return 0


def _told(mutant: Mutant, fates: dict[str, Any]) -> str:
    return f"{mutant.path}:{mutant.change}\n  {mutant.key} {fates[mutant.key]}"


if __name__ == "__main__":
    sys.exit(main())
