"""Sweeps on executors: processes, Dask; workers that die; Ctrl-C; memory."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pandas as pd
import pytest
from distributed import Client, LocalCluster

import decompose as dc
from decompose.scenario import frame, reuse, run
from decompose.scenario.run import Answer, Fault, Task, work
from tests import plans as small

PLAN = small.plan()
SCENARIOS = [
    *dc.grid({"indicators.investment.limits.max.甲区.2015": [6, 8, 8.5, 9, 12]}),
    *dc.grid(scale={"investment": [0.9, 1.0, 1.01, 1.2]}),
    dc.Scenario("too little", {"indicators.investment.limits.max": 1}),
    dc.Scenario("no such key", {"indicators.investment.limits.maximum": 1}),
]
FEW, MANY = 200, 600
DEADLY = SCENARIOS[3].name
REPORTED = "lost"


def statuses(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame["scenario"], frame["status"], strict=True))


@pytest.fixture(scope="module")
def serial() -> pd.DataFrame:
    frame = dc.sweep(PLAN, SCENARIOS)
    told = statuses(frame)
    assert [told[one.name] for one in SCENARIOS[-2:]] == ["infeasible", "error"]
    assert [*told.values()].count("solved") == len(SCENARIOS) - 2
    return frame


def test_two_processes_give_what_one_gives(serial: pd.DataFrame) -> None:
    with ProcessPoolExecutor(2) as executor:
        frame = dc.sweep(PLAN, SCENARIOS, executor=executor)
        assert executor.submit(abs, -1).result() == 1  # it is not shut down
    pd.testing.assert_frame_equal(frame, serial)


def test_threads_give_what_one_gives(serial: pd.DataFrame) -> None:
    with ThreadPoolExecutor(2) as executor:
        pd.testing.assert_frame_equal(dc.sweep(PLAN, SCENARIOS, executor=executor), serial)


def test_a_local_dask_cluster_gives_what_one_process_gives(serial: pd.DataFrame) -> None:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        frame = dc.sweep(PLAN, SCENARIOS, executor=client.get_executor())
        again = dc.sweep(PLAN, SCENARIOS[:2], executor=client.get_executor())
    pd.testing.assert_frame_equal(frame, serial)
    assert statuses(again) == {one.name: "solved" for one in SCENARIOS[:2]}


# ---- workers that die ------------------------------------------------------------------------


def die_at_first(task: Task) -> Answer | Fault:
    """Take the worker's process down with one scenario, the first time that it comes."""
    if not task.attempt and any(one.name == DEADLY for _, one in task.scenarios):
        os._exit(1)
    return work(task)


def die_always(task: Task) -> Answer | Fault:
    """Take the worker's process down with one scenario whenever it comes."""
    if any(one.name == DEADLY for _, one in task.scenarios):
        os._exit(1)
    return work(task)


def test_what_a_dead_worker_lost_is_solved_again(
    serial: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "work", die_at_first)
    with ProcessPoolExecutor(2) as executor:
        frame = dc.sweep(PLAN, SCENARIOS, executor=executor)
    pd.testing.assert_frame_equal(frame, serial)


def test_a_scenario_that_kills_every_worker_is_reported_alone(
    serial: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "work", die_always)
    with ProcessPoolExecutor(2) as executor:
        frame = dc.sweep(PLAN, SCENARIOS, executor=executor)
    lost = frame["scenario"] == DEADLY
    assert frame.loc[lost, "status"].tolist() == [REPORTED]
    assert "BrokenProcessPool" in frame.loc[lost, "reason"].iloc[0]
    others = serial[serial["scenario"] != DEADLY].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame[~lost].reset_index(drop=True), others)


class Here(Executor):
    """Runs at once, in this process; ``before`` may raise in a future's stead."""

    def __init__(self, before: Callable[[Task], BaseException | None]) -> None:
        self.before = before
        self.tasks: list[Task] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        (task,) = args
        self.tasks.append(task)
        future: Future[Any] = Future()
        error = self.before(task)
        if error is None:
            future.set_result(fn(task))
        else:
            future.set_exception(error)
        return future


def test_chunks_that_an_executor_loses_are_sent_again_one_by_one(serial: pd.DataFrame) -> None:
    def losing(task: Task) -> BaseException | None:
        return None if task.attempt else RuntimeError("the worker was killed")

    executor = Here(losing)
    pd.testing.assert_frame_equal(dc.sweep(PLAN, SCENARIOS, executor=executor), serial)
    assert all(len(task.scenarios) == 1 for task in executor.tasks if task.attempt)


def test_what_does_not_come_back_is_sent_again(
    serial: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PATIENCE", 0.2)

    class Forgetful(Here):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
            task = args[0]
            numbers = [number for number, _ in task.scenarios]
            forgets = 5 in numbers or (3 in numbers and not task.attempt)
            return Future() if forgets else super().submit(fn, *args, **more)

    frame = dc.sweep(PLAN, SCENARIOS, executor=Forgetful(lambda _: None))
    lost = frame["scenario"] == SCENARIOS[5].name
    assert frame.loc[lost, "status"].tolist() == ["lost"]
    others = serial[serial["scenario"] != SCENARIOS[5].name].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame[~lost].reset_index(drop=True), others)


def test_an_error_of_the_package_itself_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(reuse.Base, "outcomes", broken)
    with pytest.raises(ZeroDivisionError):
        dc.sweep(PLAN, SCENARIOS, executor=Here(lambda _: None))


# ---- Ctrl-C ----------------------------------------------------------------------------------


def test_ctrl_c_returns_what_is_done(
    serial: pd.DataFrame, caplog: pytest.LogCaptureFixture
) -> None:
    executor = Here(lambda task: KeyboardInterrupt() if task.scenarios[0][0] == 4 else None)
    frame = dc.sweep(PLAN, SCENARIOS, executor=executor)
    done = set(frame["scenario"])
    assert SCENARIOS[4].name not in done
    pd.testing.assert_frame_equal(
        frame, serial[serial["scenario"].isin(done)].reset_index(drop=True)
    )
    assert f"{len(SCENARIOS)} 个情景完成了 {len(done)} 个" in caplog.text


def test_ctrl_c_in_one_process_returns_what_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcomes = reuse.Base.outcomes

    def until_the_fourth(self: Any, scenarios: Any, *more: Any) -> Any:
        if scenarios[0][0] == 3:
            raise KeyboardInterrupt
        return outcomes(self, scenarios, *more)

    monkeypatch.setattr(run, "CHUNK", 3)
    monkeypatch.setattr(reuse.Base, "outcomes", until_the_fourth)
    frame = dc.sweep(PLAN, SCENARIOS)
    done = [one.name for one in SCENARIOS[:3]]
    assert list(dict.fromkeys(frame["scenario"])) == done


# ---- memory ----------------------------------------------------------------------------------


def test_memory_grows_by_the_result_alone() -> None:
    assert run.CHUNK + frame.BATCH < FEW  # so many are under way at once
    # a process of its own: what threads of other tests allocate meanwhile would count, too
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        few, many = executor.submit(_beyond_the_results, FEW, MANY).result()
    # its rows once more, while they are put together: an outcome that is kept takes 2,000 and more
    assert many < few + (MANY - FEW) * 1000


def _beyond_the_results(*counts: int) -> list[int]:
    """Return the peaks of sweeps, less what their frames take."""
    reuse.REMEMBERED = 10
    dc.sweep(PLAN, SCENARIOS)  # it finds what is kept for good, such as modules
    found = []
    for count in counts:
        scenarios = dc.grid(scale={"investment": [1 + k / 10_000 for k in range(count)]})
        tracemalloc.start()
        frame = dc.sweep(PLAN, scenarios)
        found.append(tracemalloc.get_traced_memory()[1] - int(frame.memory_usage().sum()))
        tracemalloc.stop()
    return found
