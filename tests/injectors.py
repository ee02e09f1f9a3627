"""Faults around real sessions, each named as one; nothing here stands in for a database.

`Held` is a real statement that does not stop: a Python function that waits inside SQLite,
whose interrupt is not looked at until it returns.
"""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from tests.harness import PATIENCE_S, Bench, Running, embedded
from workbench.core.adapter.contract import (
    Canceller,
    ConnectAttempt,
    Connection,
    EngineSpec,
    Rung,
    RungName,
    StopReply,
)
from workbench.core.adapter.target import Target
from workbench.core.errors import EngineError, ErrorKind
from workbench.core.query.cancellation import Ladder
from workbench.core.query.events import RunEnded, RungExpired, StopEvent
from workbench.core.query.pool import SessionPool

SQLITE = next(spec for spec in embedded() if spec.dialect == "sqlite")


class InjectedConnection:
    """A real session whose canceller is another; everything else is the real one's."""

    def __init__(self, real: Connection, canceller: Canceller) -> None:
        self._real = real
        self._canceller = canceller

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def canceller(self) -> Canceller:
        return self._canceller


class InjectedCanceller:
    """A fault injector around a real canceller: `before_stop` runs first, and may raise."""

    def __init__(
        self,
        real: Canceller,
        before_stop: Callable[[RungName], None],
        rungs: tuple[Rung, ...] | None = None,
        reply: Callable[[RungName, StopReply], StopReply] | None = None,
    ) -> None:
        self._real = real
        self._before_stop = before_stop
        self._rungs = rungs
        self._reply = reply

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return self._rungs or self._real.rungs

    def arm(self, attempt: str) -> None:
        self._real.arm(attempt)

    def disarm(self, attempt: str) -> None:
        self._real.disarm(attempt)

    def stop(self, rung: RungName, attempt: str) -> StopReply:
        self._before_stop(rung)
        reply = self._real.stop(rung, attempt)
        return self._reply(rung, reply) if self._reply else reply

    def still_running(self, attempt: str) -> bool | None:
        return self._real.still_running(attempt)


def injected(spec: EngineSpec, inject: Callable[[Connection], Connection]) -> EngineSpec:
    """`spec` whose sessions pass through `inject` once they are connected."""
    connect = spec.connect

    def connect_injected(target: Target, attempt: ConnectAttempt) -> Connection:
        return inject(connect(target, attempt))

    return replace(spec, connect=connect_injected)


class Held:
    """The SQL function hold(): returns when `let_go` is set, whatever anybody interrupts."""

    def __init__(self) -> None:
        self.inside = threading.Event()
        self.let_go = threading.Event()
        self.connections: list[sqlite3.Connection] = []

    def __call__(self) -> int:
        self.inside.set()
        assert self.let_go.wait(PATIENCE_S)
        return 1

    def inject(self, connection: Connection) -> Connection:
        raw = cast(sqlite3.Connection, connection._con)  # type: ignore[attr-defined]
        raw.create_function("hold", 0, self)
        self.connections.append(raw)
        return connection


def hold(desk: Bench, held: Held, text: str = "SELECT hold()") -> tuple[SessionPool, Running]:
    """A run that nothing ends but `held.let_go`."""
    pool = desk.pool(injected(SQLITE, held.inject))
    desk.run(pool, "CREATE TABLE t (x INTEGER)")
    running = desk.start(pool, text)
    assert held.inside.wait(PATIENCE_S)
    return pool, running


def force_when_expired(ladder: Ladder, event: StopEvent | RunEnded) -> None:
    """What a person does who agrees to each next rung."""
    if isinstance(event, RungExpired):
        ladder.force()


def injecting(
    spec: EngineSpec,
    before_stop: Callable[[RungName], None] = lambda _: None,
    *,
    rungs: tuple[Rung, ...] | None = None,
    reply: Callable[[RungName, StopReply], StopReply] | None = None,
) -> EngineSpec:
    """`spec` with a fault injector around each session's canceller."""

    def inject(connection: Connection) -> Connection:
        canceller = InjectedCanceller(connection.canceller(), before_stop, rungs, reply)
        return cast(Connection, InjectedConnection(connection, canceller))

    return injected(spec, inject)


def denied(_: RungName) -> None:
    raise EngineError("insufficient privilege (needs CONNECTION ADMIN)", kind=ErrorKind.DENIED)
