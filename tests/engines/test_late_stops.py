"""Races: a late stop never hits the next statement, and what is reported is what happened."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.engines.driving import PATIENCE_S, Worker, count, run
from tests.engines.subjects import Subject
from workbench.core.adapter.contract import Connection, RungName, Statement, StopReply
from workbench.core.errors import EngineError, ErrorKind

ROWS = 3_000


class Stopper:
    """A thread that fires one stop for each round, some time after its start."""

    def __init__(self, session: Connection) -> None:
        self._session = session
        self._go = threading.Semaphore(0)
        self._done = threading.Semaphore(0)
        self._order: tuple[str, float] | None = ("", 0.0)
        self.replies: Counter[StopReply] = Counter()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            self._go.acquire()
            if self._order is None:
                return
            attempt, at = self._order
            while time.perf_counter() < at:
                pass
            self.replies[self._session.canceller().stop(RungName.INTERRUPT, attempt)] += 1
            self._done.release()

    def fire(self, attempt: str, after_s: float) -> None:
        self._order = (attempt, time.perf_counter() + after_s)
        self._go.release()

    def wait(self) -> None:
        assert self._done.acquire(timeout=PATIENCE_S)

    def end(self) -> None:
        self._order = None
        self._go.release()
        self._thread.join(PATIENCE_S)


def attempt(session: Connection, name: str, sql: str) -> tuple[int, EngineError | None]:
    """One armed attempt on this thread: the rows that came, and how it failed."""
    rows = 0
    canceller = session.canceller()
    canceller.arm(name)
    try:
        cursor = session.execute(Statement(sql))
        try:
            for batch in cursor.batches():
                rows += batch.num_rows
        finally:
            cursor.close()
    except EngineError as error:
        return rows, error
    finally:
        canceller.disarm(name)
    return rows, None


@pytest.mark.soak
@pytest.mark.serial
def test_a_late_stop_never_hits_the_next_statement(
    session: Connection, subject: Subject, rounds: Callable[[int], int]
) -> None:
    sql = subject.rows.format(n=ROWS)
    began = time.perf_counter()
    for _ in range(10):
        assert attempt(session, "warm", sql) == (ROWS, None)
    usual = (time.perf_counter() - began) / 10
    stopper = Stopper(session)
    moment = random.Random(4711)
    wrong: list[str] = []
    for number in range(rounds(300)):
        stopper.fire(f"meant-{number}", moment.uniform(0, usual * 2))
        rows, error = attempt(session, f"meant-{number}", sql)
        if error is None:
            assert rows == ROWS
        else:
            assert error.kind is ErrorKind.STOPPED, error
        # At once, while the stop may still be under way:
        rows, error = attempt(session, f"next-{number}", sql)
        if error is not None or rows != ROWS:
            wrong.append(f"round {number}: {rows} rows, {error}")
        stopper.wait()
    stopper.end()
    assert not wrong, f"{len(wrong)} wrong hits: {wrong[:3]}"
    assert stopper.replies[StopReply.SENT], "no stop came in time: this proves nothing"
    assert stopper.replies[StopReply.FINISHED_FIRST], "no stop came late: this proves nothing"


@pytest.mark.soak
@pytest.mark.serial
@pytest.mark.parametrize("returning", ["", " RETURNING x"], ids=["count", "returning"])
def test_a_write_reported_stopped_left_nothing_and_one_reported_done_left_all(
    session: Connection, subject: Subject, rounds: Callable[[int], int], returning: str
) -> None:
    run(session, "CREATE TABLE filled (x BIGINT)")
    sql = subject.fill.format(n=ROWS, table="filled") + returning
    began = time.perf_counter()
    for _ in range(5):
        attempt(session, "warm", sql)
    usual = (time.perf_counter() - began) / 5
    run(session, "DELETE FROM filled")
    stopper = Stopper(session)
    moment = random.Random(4712)
    expected = 0
    for number in range(rounds(60)):
        stopper.fire(f"write-{number}", moment.uniform(0, usual * 1.5))
        _, error = attempt(session, f"write-{number}", sql)
        stopper.wait()
        assert error is None or error.kind is ErrorKind.STOPPED, error
        expected += 0 if error else ROWS
        assert count(session, "filled") == expected, f"round {number}, reported {error}"
    stopper.end()


@pytest.mark.soak
def test_run_and_stop_many_times_on_one_session(
    session: Connection, subject: Subject, rounds: Callable[[int], int]
) -> None:
    for number in range(rounds(20)):
        worker = Worker(session, subject.endless if number % 2 else subject.busy, f"run-{number}")
        assert worker.armed.wait(PATIENCE_S)
        worker.stop()
        assert worker.was_stopped
        assert run(session, "SELECT 1").value == 1
