"""sweep: many scenarios of one plan, in this process or on any executor."""

from __future__ import annotations

import hashlib
import logging
import math
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass
from functools import cache

import pandas as pd

from decompose.errors import PlanError
from decompose.labels import Language, say
from decompose.passed import require
from decompose.plan import Plan
from decompose.scenario.bar import Bar
from decompose.scenario.frame import Gathering
from decompose.scenario.model import Scenario
from decompose.scenario.outcome import LOST, Cells, Outcome
from decompose.scenario.reuse import Base
from decompose.tables.attached import attach

logger = logging.getLogger("decompose")

CHUNK = 40
"""The most scenarios that are sent, or settled, together."""
CHUNKS = 16
"""Into how many chunks a small sweep is cut, so that every worker has some."""
IN_FLIGHT = 256
"""The most chunks that are sent before the first comes back."""
PATIENCE = 60.0
"""Seconds without news, at least, after which what was sent is given up and sent again."""
ATTEMPTS = 1
"""How often a scenario is sent again."""
KEPT = 2
"""How many plans a worker keeps solved."""

_bases: dict[str, Base] = {}
_making = threading.Lock()


@dataclass(frozen=True)
class Task:
    """What a worker is sent: a plan, of which it keeps what it solved, and some scenarios.

    Attributes
    ----------
    plan
        Pickled: it is unpacked by a worker that does not know it yet.
    fingerprint
        Of the plan.
    scenarios
        With their places among all.
    language
        Of reasons.
    attempt
        How often they were sent before (executors may take equal tasks for one).
    asks
        Whether the plan's own rows are wanted, too.
    """

    plan: bytes
    fingerprint: str
    scenarios: tuple[tuple[int, Scenario], ...]
    language: Language
    attempt: int = 0
    asks: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What became of the scenarios of a task, and the plan's own rows where they were asked for."""

    outcomes: list[Outcome]
    own: Cells | None = None


@dataclass(frozen=True)
class Fault:
    """An error that is none of the scenarios': it is raised where the sweep was called."""

    error: Exception


def work(task: Task) -> Answer | Fault:
    """Solve some scenarios, in a worker."""
    try:
        base = _base(task)
        return Answer(
            base.outcomes(task.scenarios, task.language), base.cells if task.asks else None
        )
    except Exception as error:
        return Fault(error)


def _base(task: Task) -> Base:
    """Return the solved plan of a task; a process solves it once."""
    with _making:
        if task.fingerprint not in _bases:
            while len(_bases) >= KEPT:
                del _bases[next(iter(_bases))]
            _bases[task.fingerprint] = Base(pickle.loads(task.plan))
        return _bases[task.fingerprint]


def sweep(
    plan: Plan,
    scenarios: Scenario | Iterable[Scenario],
    *,
    executor: Executor | None = None,
    language: Language = "zh",
) -> pd.DataFrame:
    """Solve many scenarios of a plan.

    Indicators that a scenario does not reach keep the quotas of the plan and are not solved again.

    Parameters
    ----------
    plan
        The plan that scenarios change.
    scenarios
        Each with a name of its own; one alone is one of them.
    executor
        Where they are solved; by default one after the other in this process. A
        ``ProcessPoolExecutor``, a Dask client's ``get_executor()``, or any other
        ``concurrent.futures`` executor. It is not shut down.
    language
        Language of reasons and errors, ``"zh"`` or ``"en"``.

    Returns
    -------
    pandas.DataFrame
        Columns ``scenario`` (name), ``status`` and ``reason``, then those of
        ``Allocation.quotas``; scenarios stand in their order. ``status`` is ``solved``, or else
        the scenario has one row without quotas, whose ``reason`` says why: ``infeasible`` (its
        rules cannot hold together), ``rounding`` (no table in whole steps adds up), ``error``
        (the change is wrong, or the solver failed), ``lost`` (its worker died, twice). After
        Ctrl-C the frame has what is done.

    Raises
    ------
    PlanError
        Two scenarios have one name.

    Examples
    --------
    >>> more = dc.Scenario("more", scale={"investment": 1.05})
    >>> tight = dc.Scenario("tight", {"indicators.investment.limits.max": 30})
    >>> frame = dc.sweep(plan, [more, tight])
    >>> frame.groupby("scenario", sort=False)["status"].first().to_dict()
    {'more': 'solved', 'tight': 'infeasible'}
    """
    require("sweep", plan, Plan, language=language)
    listed = _listed(scenarios, language)
    base = cache(lambda: Base(plan))  # workers solve it, too: here only if none tells its rows
    done = Gathering(lambda: base().cells)
    with Bar(len(listed), language) as bar:
        if executor is None:
            _serial(base, listed, language, bar, done)
        else:
            _Run(plan, listed, executor, language, bar, done).finish()
    if len(done) < len(listed):
        stopped = say("sweep_stopped", count=len(listed), done=len(done))
        logger.warning("%s", stopped.text(language))
    return attach(done.frame(listed), plan)


def _listed(scenarios: Scenario | Iterable[Scenario], language: Language) -> list[Scenario]:
    found = list(scenarios) if isinstance(scenarios, Iterable) else [scenarios]
    names: set[str] = set()
    for one in found:
        if not isinstance(one, Scenario):
            raise PlanError(say("scenario_kind", found=type(one).__name__), language=language)
        if one.name in names:
            raise PlanError(say("scenario_twice", found=one.name), language=language)
        names.add(one.name)
    return found


def _serial(
    made: Callable[[], Base],
    scenarios: Sequence[Scenario],
    language: Language,
    bar: Bar,
    done: Gathering,
) -> None:
    try:
        base = made()
        done.know(base.cells)
        numbered = list(enumerate(scenarios))
        for first in range(0, len(numbered), CHUNK):
            some = numbered[first : first + CHUNK]
            done.add(base.outcomes(some, language))
            bar.add(len(some))
    except KeyboardInterrupt:
        pass


class _Run:
    """One sweep on an executor: sends chunks, takes what comes back, sends again what was lost."""

    def __init__(
        self,
        plan: Plan,
        scenarios: Sequence[Scenario],
        executor: Executor,
        language: Language,
        bar: Bar,
        done: Gathering,
    ) -> None:
        self._plan = pickle.dumps(plan)
        self._fingerprint = hashlib.sha256(self._plan).hexdigest()
        self._scenarios = scenarios
        self._executor = executor
        self._language = language
        self._bar = bar
        self._done = done
        self._sent: dict[Future[Answer | Fault], float] = {}
        self._slowest = math.inf  # until a first chunk is back
        self._flying: dict[Future[Answer | Fault], Task] = {}
        self._broken: list[int] = []

    def finish(self) -> None:
        """Solve everything, or as much as there is time for."""
        size = max(1, min(CHUNK, len(self._scenarios) // CHUNKS))
        every = range(len(self._scenarios))
        chunks = [every[first : first + size] for first in every[::size]]
        waiting = deque(self._task(chunk, asks=chunk[0] == 0) for chunk in chunks)
        try:
            self._send_all(waiting)
            if self._broken:
                again = say("sweep_again", count=len(self._broken))
                logger.warning("%s", again.text(self._language))
                self._in_pools_of_our_own(sorted(self._broken))
        except KeyboardInterrupt:
            for future in self._flying:
                future.cancel()
            for future in self._flying:
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._keep(future.result())

    def _task(self, numbers: Sequence[int], attempt: int = 0, *, asks: bool = False) -> Task:
        some = tuple((number, self._scenarios[number]) for number in numbers)
        return Task(self._plan, self._fingerprint, some, self._language, attempt, asks)

    def _send_all(self, waiting: deque[Task]) -> None:
        while waiting or self._flying:
            while waiting and len(self._flying) < IN_FLIGHT:
                task = waiting.popleft()
                try:
                    future = self._executor.submit(work, task)
                except BrokenExecutor:
                    self._broken += [number for number, _ in task.scenarios]
                else:
                    self._flying[future], self._sent[future] = task, time.monotonic()
            patience = max(PATIENCE, 10 * self._slowest)
            timeout = None if patience == math.inf else patience
            done = wait(self._flying, timeout, return_when=FIRST_COMPLETED).done
            for future in done:
                self._slowest = max(
                    self._slowest if self._slowest < math.inf else 0.0,
                    time.monotonic() - self._sent.pop(future),
                )
                waiting.extend(self._taken(future))
            if not done:
                waiting.extend(self._given_up())

    def _given_up(self) -> list[Task]:
        """Give up what does not come back: a cluster may forget what its dead workers held."""
        again = []
        for future, task in self._flying.items():
            future.cancel()
            again += self._once_more(task, TimeoutError())
        self._flying.clear()
        self._sent.clear()
        return again

    def _taken(self, future: Future[Answer | Fault]) -> list[Task]:
        """Take what came back; return what must be sent again, each scenario alone."""
        try:
            result = future.result()
        except BrokenExecutor:
            self._broken += [number for number, _ in self._flying.pop(future).scenarios]
            return []
        except Exception as error:
            return self._once_more(self._flying.pop(future), error)
        del self._flying[future]
        self._keep(result)
        return []

    def _once_more(self, task: Task, error: Exception) -> list[Task]:
        """Return what is sent again of a lost task; what was lost before is reported."""
        numbers = [number for number, _ in task.scenarios]
        if task.attempt >= ATTEMPTS:
            self._lose(numbers, error)
            return []
        again = say("sweep_again", count=len(numbers))
        logger.warning("%s", again.text(self._language))
        return [self._task([number], task.attempt + 1) for number in numbers]

    def _keep(self, result: Answer | Fault) -> None:
        if isinstance(result, Fault):
            raise result.error
        if result.own is not None:
            self._done.know(result.own)
        self._done.add(result.outcomes)
        self._bar.add(len(result.outcomes))

    def _lose(self, numbers: Sequence[int], error: BaseException) -> None:
        told = say("scenario_lost", reason=f"{type(error).__name__} {error}".strip())
        lost = [Outcome(number, LOST, told.text(self._language)) for number in numbers]
        self._done.add(lost)
        self._bar.add(len(numbers))

    def _in_pools_of_our_own(self, numbers: Sequence[int]) -> None:
        """Solve what a broken pool left: it takes no more, and does not say who broke it.

        A few scenarios are under way at a time. Where that breaks again, those are tried once
        more, each alone.
        """
        workers = getattr(self._executor, "_max_workers", 1)
        context = getattr(self._executor, "_mp_context", None)
        waiting = deque(self._task([number], 1) for number in numbers)
        while waiting:
            with ProcessPoolExecutor(workers, mp_context=context) as pool:
                suspects = self._until_broken(pool, waiting, workers)
            for task in suspects:
                with ProcessPoolExecutor(1, mp_context=context) as pool:
                    try:
                        self._keep(pool.submit(work, task).result())
                    except BrokenExecutor as error:
                        self._lose([number for number, _ in task.scenarios], error)

    def _until_broken(
        self, pool: ProcessPoolExecutor, waiting: deque[Task], workers: int
    ) -> list[Task]:
        """Solve what waits; return what was under way when the pool broke."""
        try:
            while waiting or self._flying:
                while waiting and len(self._flying) < workers:
                    self._flying[pool.submit(work, waiting[0])] = waiting[0]
                    waiting.popleft()
                for future in wait(self._flying, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    del self._flying[future]
                    self._keep(result)
        except BrokenExecutor:
            pass
        suspects = list(self._flying.values())
        self._flying.clear()
        return suspects
