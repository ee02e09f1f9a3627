"""The front door: registering, the watchdog's actions, the history that never breaks a query."""

import logging
from pathlib import Path

import pytest

from tests.harness import Bench, bench, embedded, end_of, snippets, values
from workbench.core.adapter.contract import EngineSpec
from workbench.core.clock import ManualClock
from workbench.core.errors import UserError
from workbench.core.history.store import HistoryStore
from workbench.core.query.events import StatementStarted
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.queries import Queries
from workbench.core.query.receipt import StopOutcome, StopReason
from workbench.core.query.recorder import HistoryRecorder, NoRecorder
from workbench.core.query.registry import Entry, Kind, Registry
from workbench.core.query.state import State
from workbench.core.query.watchdog import Act, Action, Limits

SPEC = embedded()[0]


def test_a_query_is_live_from_the_moment_it_is_asked_for(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "SELECT 1", tab="tab")
    assert desk.queries.live() == (handle,)
    assert desk.queries.handle_of(handle.id) is handle
    entry = desk.registry.get(handle.id)
    assert entry is not None
    assert (entry.tab, entry.connection, entry.preview) == ("tab", "test", "SELECT 1")
    list(desk.queries.run(handle))
    assert desk.queries.live() == ()


def test_a_query_stopped_while_it_is_registered_never_starts(desk: Bench, spec: EngineSpec) -> None:
    """Whoever lists the live handles may see one an instant before its entry."""
    pool = desk.pool(spec)
    seen: list[QueryHandle] = []

    class Impatient(Registry):
        def register(self, entry: Entry) -> bool:
            seen.extend(queries.live())
            self.request_stop(seen[0].id, StopReason.CANCEL_ALL)
            return super().register(entry)

    registry = Impatient()
    queries = Queries(registry, NoRecorder())
    handle = queries.script(pool, "SELECT 1", tab="tab")
    assert seen == [handle]
    assert handle.end is not None
    assert handle.end.state is State.CANCELLED
    assert list(queries.run(handle)) == []
    assert queries.live() == ()
    assert registry.live() == ()


def test_a_query_that_will_not_be_run_can_be_refused(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "SELECT 1", tab="tab")
    why = UserError("Not run", "A reason.")
    end = desk.queries.refuse(handle, why)
    assert end is not None
    assert (end.state, end.error) == (State.FAILED, why)
    assert desk.queries.refuse(handle, why) is None
    assert list(desk.queries.run(handle)) == []


def test_a_long_run_is_pointed_out_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    with bench(clock=clock, limits=Limits(long_run_s=60.0)) as desk:
        running = desk.start(desk.pool(SPEC), snippets(SPEC).rows)
        running.until(StatementStarted)
        assert desk.queries.due() == ()
        clock.advance(61.0)
        (action,) = desk.queries.due()
        assert action.act is Act.ALERT
        assert desk.queries.carry_out(action) is None
        assert "has run for over 60 s" in caplog.text
        assert desk.queries.due() == ()
        desk.stop(running.handle)
        running.join()


def test_a_stop_that_somebody_attends_to_is_left_to_them(desk: Bench, pool: SessionPool) -> None:
    """As long as its ladder climbs, however long that takes."""
    running = desk.start(pool, snippets(pool.spec).busy)
    running.until(StatementStarted)
    due: list[tuple[Action, ...]] = []
    desk.stop(running.handle, on=lambda _ladder, _event: due.append(desk.queries.due()))
    running.join()
    assert set(due) == {()}


def test_what_is_due_for_a_query_that_ended_meanwhile_is_not_handed_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with bench() as desk:
        handle = desk.queries.script(desk.pool(SPEC), "SELECT 1", tab="tab")
        list(desk.queries.run(handle))
        for act in Act:
            assert desk.queries.carry_out(Action(act, handle.id)) is None


# --- history -------------------------------------------------------------------------------


def test_the_history_has_the_end_and_the_receipt(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path / "history.db")
    with bench(recorder=HistoryRecorder(store, lambda error: pytest.fail(str(error)))) as desk:
        pool = desk.pool(SPEC)
        desk.run(pool, "SELECT 1 AS one")
        desk.run(pool, "SELECT nope")
        running = desk.start(pool, snippets(SPEC).busy)
        running.until(StatementStarted)
        receipt = desk.stop(running.handle).written
        running.join()
    stopped, failed, done = store.search()
    store.close()
    assert (done.status, done.rows, done.stop) == ("SUCCESS", 1, None)
    assert (failed.status, bool(failed.error_message)) == ("FAILED", True)
    assert stopped.status == "CANCELLED"
    assert stopped.stop is not None
    assert (stopped.stop.outcome, stopped.stop.verified) == ("stopped", True)
    assert stopped.stop.verified_ms == receipt.verified_ms


def test_work_that_is_no_query_is_not_history(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path / "history.db")
    with bench(recorder=HistoryRecorder(store, lambda error: pytest.fail(str(error)))) as desk:
        pool = desk.pool(SPEC)
        handle = desk.queries.work(
            pool, "Load", lambda c: c.children(None), tab="schema", kind=Kind.CATALOG
        )
        assert end_of(list(desk.queries.run(handle))).state is State.SUCCESS
    assert store.search() == ()
    store.close()


def test_a_history_that_cannot_be_written_breaks_no_query(
    tmp_path: Path, spec: EngineSpec, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    store = HistoryStore(tmp_path / "file" / "history.db")
    complaints: list[UserError] = []
    with bench(recorder=HistoryRecorder(store, complaints.append)) as desk:
        pool = desk.pool(spec)
        assert values(desk.run(pool, "SELECT 42")) == [42]
        running = desk.start(pool, snippets(spec).busy)
        running.until(StatementStarted)
        assert desk.stop(running.handle).written.outcome is StopOutcome.STOPPED
        assert end_of(running.join()).state is State.CANCELLED
    assert len(complaints) == 1, "the user is told once"


def test_a_bug_of_the_history_breaks_no_query(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(HistoryStore):
        def begin(self, begun: object) -> None:
            raise ZeroDivisionError("a bug of the history")

    store = Broken(tmp_path / "history.db")
    with bench(recorder=HistoryRecorder(store, lambda _: None)) as desk:
        assert values(desk.run(desk.pool(SPEC), "SELECT 42")) == [42]
    store.close()
    assert "a bug of the history" in caplog.text


def test_a_stop_does_not_wait_for_the_history(tmp_path: Path) -> None:
    """The end is known before it is written: a slow disk makes no stop slower."""
    known: list[bool] = []

    class Watched(NoRecorder):
        def ended(self, handle: QueryHandle, end: object) -> None:
            known.append(handle.ended)

    with bench(recorder=Watched()) as desk:
        desk.run(desk.pool(SPEC), "SELECT 42")
    assert known == [True]


def test_a_run_is_logged_from_its_registration_to_its_receipt(
    desk: Bench, pool: SessionPool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "workbench.core.query")
    running = desk.start(pool, snippets(pool.spec).busy)
    running.until(StatementStarted)
    desk.stop(running.handle)
    running.join()
    mine = [r for r in caplog.records if running.handle.id in r.getMessage()]
    assert [r.getMessage().split()[0] for r in mine] == ["register", "stop", "end", "receipt"]
    assert {r.levelname for r in mine} == {"INFO"}
