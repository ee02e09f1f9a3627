"""Sessions under many threads: never too many, never lent twice, none forgotten.

Real sessions on real engines; the order of things is the machine's own and Hypothesis'.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.harness import Bench, bench, embedded
from workbench.core.adapter.contract import ConnectAttempt, Connection, EngineSpec
from workbench.core.adapter.target import Target
from workbench.core.errors import UserError
from workbench.core.query.gate import ConnectGate
from workbench.core.query.pool import LendStopped, Session, SessionPool

MAXIMUM = 3
THREADS = 6


class Counted:
    """How many sessions of one spec are open."""

    def __init__(self, spec: EngineSpec) -> None:
        self._lock = threading.Lock()
        self.open = 0
        connect = spec.connect

        def count(target: Target, attempt: ConnectAttempt) -> Connection:
            connection = connect(target, attempt)
            close = connection.close
            with self._lock:
                self.open += 1
            closed = threading.Event()

            def close_once() -> None:
                close()
                with self._lock:
                    if not closed.is_set():
                        closed.set()
                        self.open -= 1

            connection.close = close_once  # type: ignore[method-assign]
            return connection

        self.spec = replace(spec, connect=count)


class Borrower(threading.Thread):
    """Lends, uses, gives back, discards and is stopped, as its dice fall."""

    def __init__(self, pool: SessionPool, name: str, seed: int, turns: int) -> None:
        super().__init__(name=name)
        self.trouble: list[str] = []
        self._pool = pool
        self._dice = random.Random(seed)
        self._turns = turns

    def run(self) -> None:
        for _ in range(self._turns):
            gate = ConnectGate(0.2)
            if self._dice.random() < 0.1:
                threading.Timer(0.0, gate.stop).start()
            try:
                session = self._pool.lend(self.name, gate)
            except (LendStopped, UserError):
                continue
            self._use(session)

    def _use(self, session: Session) -> None:
        if session.owner != self.name or not session.lent:
            self.trouble.append(f"{self.name} got the session of {session.owner!r}")
        if session.discarded:
            self.trouble.append("a discarded session was lent")
        dice = self._dice.random()
        if dice < 0.25:
            self._pool.discard(session)
        self._pool.give_back(session)
        if dice > 0.6:
            self._pool.release(self.name)


@pytest.mark.soak
@pytest.mark.parametrize("spec", embedded(), ids=lambda spec: str(spec.name))
@pytest.mark.parametrize("minimum", [0, 2])
def test_threads_never_share_a_session_nor_open_too_many(
    minimum: int, spec: EngineSpec, rounds: Callable[[int], int], no_leaked_threads: None
) -> None:
    counted = Counted(spec)
    with bench() as desk:
        for seed in range(max(1, rounds(400) // 200)):
            _borrow(desk, counted, minimum, seed)
            assert counted.open == 0, "a session was left open"


def _borrow(desk: Bench, counted: Counted, minimum: int, seed: int) -> None:
    pool = desk.pool(counted.spec, minimum=minimum, maximum=MAXIMUM)
    threads = [Borrower(pool, f"tab {n}", seed * THREADS + n, 40) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        with pool._changed:
            places = len(pool._sessions) + pool._opening
        assert places <= MAXIMUM
        threads[0].join(0.001)
    for thread in threads:
        thread.join()
        assert thread.trouble == []
    assert pool._opening == 0
    for thread in threads:
        pool.release(thread.name)
    # Only what is discarded is replaced, not what its owner released.
    last = pool.lend("last")
    pool.discard(last)
    pool.give_back(last)
    assert len(pool) >= minimum
    pool.close()
