"""Runs statements on a session as the runner does, and stops them: for the contract suite.

No sleeps: a test waits for an effect (a first batch, CPU time spent), then acts.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import psutil
import pyarrow as pa

from tests.engines.subjects import Subject
from workbench.core.adapter.contract import (
    Column,
    Connection,
    Message,
    RungName,
    Statement,
    StopReply,
)
from workbench.core.adapter.target import Target, parse_target
from workbench.core.errors import EngineError, ErrorKind

PATIENCE_S = 60.0
BUSY_CPU_S = 0.05


class Attempt:
    """A connect attempt that a test may stop."""

    def __init__(self, timeout_s: float = PATIENCE_S) -> None:
        self.timeout_s = timeout_s
        self._aborts: list[Callable[[], None]] = []
        self._stopped = False

    @property
    def stopped(self) -> bool:
        return self._stopped

    def on_stop(self, abort: Callable[[], None]) -> None:
        self._aborts.append(abort)

    def stop(self) -> None:
        self._stopped = True
        for abort in self._aborts:
            abort()


def target(subject: Subject, database: str, *, instance: str = "main", **options: str) -> Target:
    """A target for `database`, its options checked as those of a URL are."""
    spec = subject.spec
    url = Target(spec.name, spec.schemes[0], database, options=options).url
    return replace(parse_target(url, spec), instance=instance)


def connect(
    subject: Subject, database: str, *, instance: str = "main", **options: str
) -> Connection:
    return subject.spec.connect(target(subject, database, instance=instance, **options), Attempt())


@dataclass
class Result:
    """All that a statement brought."""

    columns: tuple[Column, ...] | None
    affected: int | None
    command: str
    batches: list[pa.RecordBatch] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for batch in self.batches:
            found += zip(*(column.to_pylist() for column in batch.columns), strict=True)
        return found

    @property
    def value(self) -> object:
        ((value,),) = self.rows
        return value


def run(connection: Connection, sql: str, parameters: Mapping[str, object] | None = None) -> Result:
    """One statement to its end, as nobody stops it."""
    cursor = connection.execute(Statement(sql, 0, parameters or {}))
    result = Result(cursor.columns, cursor.affected, cursor.command)
    try:
        result.batches = list(cursor.batches())
        assert not cursor.next_result()
        result.affected = cursor.affected
        result.messages = list(cursor.messages())
    finally:
        cursor.close()
    return result


def count(connection: Connection, table: str) -> object:
    return run(connection, f"SELECT count(*) FROM {table}").value


class Worker:
    """A thread that runs one attempt: arm, execute, fetch, close, disarm."""

    def __init__(
        self,
        connection: Connection,
        sql: str,
        name: str = "attempt",
        on_batch: Callable[[int], None] = lambda rows: None,
    ) -> None:
        self.name = name
        self.rows = 0
        self.error: EngineError | None = None
        self.crash: BaseException | None = None
        self._connection = connection
        self._sql = sql
        self._on_batch = on_batch
        self.armed = threading.Event()
        self.fetching = threading.Event()
        self.ended = threading.Event()
        self._cpu_before = _cpu()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        canceller = self._connection.canceller()
        canceller.arm(self.name)
        self.armed.set()
        try:
            cursor = self._connection.execute(Statement(self._sql))
            try:
                for batch in cursor.batches():
                    self.rows += batch.num_rows
                    self._on_batch(self.rows)
                    self.fetching.set()
            finally:
                cursor.close()
        except EngineError as error:
            self.error = error
        except BaseException as crash:  # handed to the test's thread by `join`
            self.crash = crash
        finally:
            canceller.disarm(self.name)
            self.ended.set()

    @property
    def was_stopped(self) -> bool:
        return self.error is not None and self.error.kind is ErrorKind.STOPPED

    def until_busy(self) -> None:
        """Wait until the engine has computed for a while."""
        assert self.armed.wait(PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while _cpu() - self._cpu_before < BUSY_CPU_S and not self.ended.wait(0.002):
            assert time.monotonic() < deadline, "the statement does not compute"
        assert not self.ended.is_set(), f"it ended by itself: {self.error or self.crash}"

    def until_fetching(self) -> None:
        assert self.fetching.wait(PATIENCE_S), f"no row came: {self.error or self.crash}"

    def stop(self) -> list[StopReply]:
        """Interrupt it as the ladder does: again, while it runs. Gives the answers."""
        canceller = self._connection.canceller()
        deadline = time.monotonic() + PATIENCE_S
        replies = [canceller.stop(RungName.INTERRUPT, self.name)]
        while not self.ended.wait(0.05):
            replies.append(canceller.stop(RungName.INTERRUPT, self.name))
            assert time.monotonic() < deadline, "it does not stop"
        self.join()
        return replies

    def join(self) -> "Worker":
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the statement did not end"
        if self.crash is not None:
            raise self.crash
        return self


def _cpu() -> float:
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)
