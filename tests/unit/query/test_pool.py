"""Sessions lent, given back, discarded, replaced; on real engines."""

import threading
from collections.abc import Callable

import pytest

from tests.harness import Bench
from tests.injectors import injected
from workbench.core.adapter.contract import Connection, EngineSpec, Statement
from workbench.core.errors import EngineError, ErrorKind, UserError
from workbench.core.query.gate import ConnectGate
from workbench.core.query.pool import LendStopped, Session, SessionPool


def answers(session: Session) -> bool:
    """Does the session still run statements?"""
    try:
        session.connection.execute(Statement("SELECT 1")).close()
    except EngineError as error:
        return error.kind is not ErrorKind.CONNECTION_LOST
    return True


class Waiting:
    """A `lend` on a thread of its own."""

    def __init__(self, pool: SessionPool, owner: str, gate: ConnectGate | None = None) -> None:
        self.session: Session | None = None
        self.error: Exception | None = None
        gate = gate or ConnectGate(3600.0)  # woken, or the test fails
        self._call: Callable[[], Session] = lambda: pool.lend(owner, gate)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def join(self) -> Session | None:
        self._thread.join(30)
        assert not self._thread.is_alive(), "still waiting for a session"
        return self.session

    def _run(self) -> None:
        try:
            self.session = self._call()
        except (LendStopped, UserError) as error:
            self.error = error


def test_a_tab_gets_its_own_session_again(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec)
    first = pool.lend("tab")
    pool.give_back(first)
    assert pool.lend("tab") is first
    assert len(pool) == 1


def test_no_tab_gets_the_session_of_another(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec)
    first = pool.lend("one")
    pool.give_back(first)
    assert pool.lend("two") is not first


def test_a_discarded_session_is_closed_and_gone(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec)
    session = pool.lend("tab")
    pool.discard(session)
    assert len(pool) == 0
    assert pool.session_of("tab") is None
    pool.give_back(session)
    assert not answers(session)


def test_an_idle_session_is_closed_as_it_is_discarded(desk: Bench, spec: EngineSpec) -> None:
    closed: list[bool] = []

    def watch(connection: Connection) -> Connection:
        close = connection.close

        def note_and_close() -> None:
            closed.append(True)
            close()

        connection.close = note_and_close  # type: ignore[method-assign]
        return connection

    pool = desk.pool(injected(spec, watch))
    session = pool.lend("tab")
    pool.give_back(session)
    pool.discard(session)
    assert closed == [True]


def test_giving_a_discarded_session_back_changes_nothing(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec)
    old = pool.lend("tab")
    pool.discard(old)
    new = pool.lend("tab")
    pool.give_back(old)
    pool.give_back(old)
    assert len(pool) == 1
    assert pool.session_of("tab") is new
    assert new.lent
    assert answers(new)


def test_discarding_twice_is_once(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, minimum=1)
    session = pool.lend("tab")
    pool.discard(session)
    pool.discard(session)
    assert len(pool) == 1


def test_below_the_minimum_a_discarded_session_is_replaced(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, minimum=2)
    one, two = pool.lend("one"), pool.lend("two")
    pool.discard(one)
    assert len(pool) == 2
    spare = pool.lend("three")
    assert spare not in (one, two)
    assert answers(spare)
    assert len(pool) == 2, "the spare one was lent, none opened"


def test_above_the_minimum_it_is_not(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, minimum=1)
    one = pool.lend("one")
    pool.lend("two")
    pool.discard(one)
    assert len(pool) == 1


def test_discarding_without_replacement_opens_nothing(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, minimum=1)
    pool.discard(pool.lend("tab"), replace=False)
    assert len(pool) == 0
    pool.replenish()
    assert len(pool) == 1


def test_a_replacement_that_fails_is_left_to_the_next_lend(desk: Bench, spec: EngineSpec) -> None:
    broken: list[bool] = []

    def breaks(connection: Connection) -> Connection:
        if broken:
            connection.close()
            raise EngineError("no more", kind=ErrorKind.CONNECT_FAILED)
        return connection

    pool = desk.pool(injected(spec, breaks), minimum=1)
    session = pool.lend("tab")
    broken.append(True)
    pool.discard(session)
    assert len(pool) == 0
    with pytest.raises(EngineError, match="no more"):
        pool.lend("tab")
    broken.clear()
    assert answers(pool.lend("tab"))


def test_who_waits_is_woken_by_a_discarded_session(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, maximum=1)
    held = pool.lend("one")
    waiting = Waiting(pool, "two")
    pool.discard(held)
    session = waiting.join()
    assert session is not None
    assert session is not held


def test_who_waits_is_woken_by_a_released_owner(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, maximum=1)
    pool.give_back(pool.lend("one"))
    waiting = Waiting(pool, "two")
    pool.release("one")
    assert waiting.join() is not None


def test_who_waits_too_long_is_told_what_to_do(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, maximum=1)
    pool.lend("one")
    with pytest.raises(UserError, match="All 1 sessions of test did not come free"):
        pool.lend("two", ConnectGate(0.01))
    with pytest.raises(UserError, match="The session of this tab"):
        pool.lend("one", ConnectGate(0.01))


def test_a_stop_ends_the_waiting(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, maximum=1)
    pool.lend("one")
    gate = ConnectGate(60.0)
    waiting = Waiting(pool, "two", gate)
    gate.stop()
    assert waiting.join() is None
    assert isinstance(waiting.error, LendStopped)


def test_closing_ends_the_waiting(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, maximum=1)
    pool.lend("one")
    waiting = Waiting(pool, "two")
    pool.close()
    assert waiting.join() is None
    assert isinstance(waiting.error, UserError)


def test_a_session_lent_while_the_pool_closes_is_closed_when_given_back(
    desk: Bench, spec: EngineSpec
) -> None:
    pool = desk.pool(spec)
    session = pool.lend("tab")
    pool.close()
    assert len(pool) == 0
    pool.give_back(session)
    assert not answers(session)
    with pytest.raises(UserError, match="nothing was run"):
        pool.lend("tab")


def test_a_session_that_connects_while_the_pool_closes_is_closed(
    desk: Bench, spec: EngineSpec
) -> None:
    made: list[Connection] = []
    connecting, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> Connection:
        made.append(connection)
        connecting.set()
        assert go_on.wait(30)
        return connection

    pool = desk.pool(injected(spec, slow))
    waiting = Waiting(pool, "tab")
    assert connecting.wait(30)
    pool.close()
    go_on.set()
    assert waiting.join() is None
    assert isinstance(waiting.error, UserError)
    assert not answers(Session(made[0], "tab"))
    assert len(pool) == 0


def test_a_session_whose_attempt_was_stopped_is_closed(desk: Bench, spec: EngineSpec) -> None:
    made: list[Connection] = []
    gate = ConnectGate(60.0)

    def stopped(connection: Connection) -> Connection:
        made.append(connection)
        gate.stop()
        return connection

    pool = desk.pool(injected(spec, stopped))
    with pytest.raises(LendStopped):
        pool.lend("tab", gate)
    assert not answers(Session(made[0], "tab"))
    assert len(pool) == 0


def test_a_stop_of_the_attempt_no_longer_reaches_the_session(desk: Bench, spec: EngineSpec) -> None:
    """What an engine leaves with `on_stop` knows no attempt: it would hit what runs now."""
    hits: list[bool] = []
    gate = ConnectGate(60.0)

    def leaves(connection: Connection) -> Connection:
        gate.on_stop(lambda: hits.append(True))
        return connection

    desk.pool(injected(spec, leaves)).lend("tab", gate)
    gate.stop()
    assert hits == []


def test_a_stop_before_the_attempt_is_passed_on_at_once() -> None:
    gate = ConnectGate(1.0)
    gate.stop()
    hits: list[bool] = []
    gate.on_stop(lambda: hits.append(True))
    assert hits == [True]
    assert not gate.over()


def test_an_abort_that_fails_does_not_keep_the_others_from_running() -> None:
    gate = ConnectGate(1.0)
    hits: list[bool] = []

    def fails() -> None:
        raise RuntimeError("closed meanwhile")

    gate.on_stop(fails)
    gate.on_stop(lambda: hits.append(True))
    gate.stop()
    assert hits == [True]
