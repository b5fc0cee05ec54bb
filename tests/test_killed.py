"""A process that is killed while it writes leaves every file as it was, or as it should be."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

import decompose as dc
from decompose.files import write_whole
from decompose.report import write_form, write_template
from tests import plans as small

ROOT = Path(__file__).parent.parent
KINDS = (".xlsx", ".docx", ".html", ".md", ".csv")
TRIALS = 30


def allocation(total: int) -> dc.Allocation:
    return dc.solve(small.plan(small.indicator(name=f"投资{total}", target={"total": total})))


def writers(what: dc.Allocation, folder: Path) -> list[Callable[[], object]]:
    """Return what writes a file of each kind."""
    return [
        *(partial(dc.write_report, what, folder / f"report{suffix}") for suffix in KINDS),
        lambda: what.save(folder / "allocation.json"),
        lambda: write_template(folder / "template.xlsx", what.plan),
        lambda: write_form(what, folder, period="2015-03", kind="csv"),
    ]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, without what is still being written."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if not is_beside(one)}


def is_beside(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == ".tmp"


def main(root: Path) -> None:
    """Kill processes that write two allocations by turns; each file must be of one of them."""
    both = allocation(42), allocation(45)
    versions = []
    for one in both:
        folder = root / one.plan.indicators[0].label
        folder.mkdir()
        for write in writers(one, folder):
            write()
        versions.append(contents(folder))
    assert versions[0].keys() == versions[1].keys()
    assert all(versions[0][name] != versions[1][name] for name in versions[0])
    folder = root / "killed"
    folder.mkdir()
    for write in writers(both[0], folder):
        write()

    def assert_whole() -> None:
        found = contents(folder)
        assert found.keys() == versions[0].keys()
        assert [name for name in found if found[name] not in (one[name] for one in versions)] == []

    for write in writers(both[1], folder):
        for step in itertools.count(1):
            killed = killed_at(step, write)
            assert_whole()
            if not killed:
                break
        assert step > 1
    assert contents(folder) == versions[1]
    # some were killed between the first byte and the last move, or this shows nothing
    assert any(map(is_beside, folder.iterdir()))
    moments = random.Random(1)
    for _ in range(TRIALS):
        child = forked(partial(write_for_ever, both, folder, moments))
        time.sleep(moments.uniform(0.001, 0.05))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert_whole()


def forked(run: Callable[[], object]) -> int:
    """Return the number of a process that runs this and ends with 0 where it comes through."""
    child = os.fork()
    if not child:
        status = 1
        try:
            run()
            status = 0
        finally:
            os._exit(status)
    return child


def killed_at(step: int, write: Callable[[], object]) -> bool:
    """Kill a process that writes at a step of the move into place; False where it has fewer."""
    steps = itertools.count(1)

    def tick(frame: FrameType, _event: str, _what: object) -> None:
        if frame.f_code is write_whole.__code__ and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def run() -> None:
        sys.setprofile(tick)
        write()

    status = os.waitpid(forked(run), 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def write_for_ever(both: tuple[dc.Allocation, ...], folder: Path, order: random.Random) -> None:
    every = [write for one in both for write in writers(one, folder)]
    while True:
        order.choice(every)()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_killed_at_any_moment_every_file_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.test_killed", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe.json", tmp_path / "folder.json"
    os.mkfifo(pipe)
    folder.mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(pipe)
    for path in (pipe, folder, link, tmp_path / "a\0.json"):
        with pytest.raises(dc.ReportError):
            allocation(42).save(path)
    assert pipe.is_fifo()
    assert folder.is_dir()
    assert sorted(tmp_path.iterdir()) == [folder, link, pipe]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
