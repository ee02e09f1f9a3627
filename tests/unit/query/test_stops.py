"""A stop at every moment of a run: the end, the receipt, and the session afterwards."""

import threading
from collections.abc import Callable

import pytest

from tests.harness import Bench, Running, Stop, end_of, snippets, values
from workbench.core.adapter.contract import EngineSpec, RungName
from workbench.core.query.events import (
    BatchArrived,
    ReceiptWritten,
    ResultOpened,
    RunEnded,
    RunEvent,
    RungClimbed,
    StatementFinished,
    StatementStarted,
)
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import CancelReceipt, SessionFate, StopOutcome, StopReason
from workbench.core.query.state import State
from workbench.core.query.watchdog import Action


def assert_stopped(receipt: CancelReceipt) -> None:
    """What a receipt of a stop that took effect says, whatever the moment."""
    assert receipt.outcome is StopOutcome.STOPPED
    assert receipt.verified is True
    assert receipt.session is SessionFate.ALIVE
    assert receipt.requested_ms >= 0
    assert receipt.acknowledged_ms is not None
    assert receipt.verified_ms is not None
    assert 0 <= receipt.acknowledged_ms <= receipt.verified_ms


def assert_goes_on(desk: Bench, pool: SessionPool) -> None:
    """The same session runs the next statement."""
    session = pool.session_of("tab")
    assert session is not None
    assert values(desk.run(pool, "SELECT 41 + 1")) == [42]
    assert pool.session_of("tab") is session
    assert not session.discarded


def consistent(end: RunEnded, receipt: CancelReceipt) -> bool:
    """Do an end and its receipt tell the same story?"""
    return {
        State.CANCELLED: StopOutcome.STOPPED,
        State.SUCCESS: StopOutcome.FINISHED_FIRST,
    }.get(end.state) is receipt.outcome


def test_a_query_stopped_before_its_start_never_runs(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "INSERT INTO t VALUES (1)", tab="tab")
    stop = desk.stop(handle)
    assert_stopped(stop.written)
    assert stop.written.rung is None
    assert [type(event) for event in stop.said] == [RunEnded, ReceiptWritten]
    assert list(desk.queries.run(handle)) == []
    assert values(desk.run(pool, "SELECT count(*) FROM t")) == [0]


def test_a_stop_seen_by_the_first_event_runs_nothing(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "INSERT INTO t VALUES (1)", tab="tab")
    run = desk.queries.run(handle)
    next(run)
    stopped = desk.stop_beside(handle)
    events = list(run)
    assert_stopped(stopped().written)
    assert end_of(events).state is State.CANCELLED
    assert values(desk.run(pool, "SELECT count(*) FROM t")) == [0]


def test_a_stop_in_the_instant_before_a_statement_keeps_it_from_running(
    desk: Bench, pool: SessionPool
) -> None:
    """Between the look at the flag and the arming nothing can be sent: it is looked at again."""
    handle = desk.queries.script(pool, "INSERT INTO t VALUES (1)", tab="tab")
    run = desk.queries.run(handle)
    while not isinstance(next(run), StatementStarted):
        pass
    stopped = desk.stop_beside(handle)
    assert end_of(list(run)).state is State.CANCELLED
    assert_stopped(stopped().written)
    assert values(desk.run(pool, "SELECT count(*) FROM t")) == [0]


@pytest.mark.parametrize("which", ["busy", "rows", "write"])
def test_a_statement_is_stopped_while_it_executes_or_brings_rows(
    which: str, desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    running = desk.start(pool, getattr(snippets(spec), which))
    running.until(BatchArrived if which == "rows" else StatementStarted)
    stop = desk.stop(running.handle)
    end = end_of(running.join())
    assert_stopped(stop.written)
    assert stop.written.rung is RungName.INTERRUPT
    assert (end.state, end.reason, end.error) == (State.CANCELLED, StopReason.USER, None)
    assert [type(event) for event in stop.said] == [RungClimbed, ReceiptWritten]
    assert running.handle.receipt is stop.receipt
    assert_goes_on(desk, pool)


def test_a_stopped_write_leaves_nothing(desk: Bench, pool: SessionPool, spec: EngineSpec) -> None:
    desk.run(pool, "INSERT INTO t VALUES (1)")
    running = desk.start(pool, snippets(spec).write)
    running.until(StatementStarted)
    desk.stop(running.handle)
    running.join()
    assert values(desk.run(pool, "SELECT count(*) FROM t")) == [1]


def test_create_table_as_leaves_no_table(desk: Bench, pool: SessionPool, spec: EngineSpec) -> None:
    running = desk.start(pool, f"CREATE TABLE made AS {snippets(spec).busy}")
    running.until(StatementStarted)
    assert_stopped(desk.stop(running.handle).written)
    running.join()
    assert end_of(desk.run(pool, "SELECT * FROM made")).state is State.FAILED


def test_a_change_that_returns_rows_says_of_itself_what_is_in_the_table(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    """Its rows may all be in the table when the first one is read: then it is no cancel."""
    insert = f"INSERT INTO t {snippets(spec).many.format(count=200_000)} RETURNING x"
    for _ in range(8):
        desk.run(pool, "DELETE FROM t")
        handle = desk.queries.script(pool, insert, tab="tab")
        events: list[RunEvent] = []
        stopped: Callable[[], Stop] | None = None
        for event in desk.queries.run(handle):
            events.append(event)
            if isinstance(event, BatchArrived) and stopped is None:
                stopped = desk.stop_beside(handle)
        assert stopped is not None
        receipt = stopped().written
        (left,) = values(desk.run(pool, "SELECT count(*) FROM t"))
        end = end_of(events)
        assert (end.state is State.CANCELLED) == (receipt.outcome is StopOutcome.STOPPED)
        assert left == (0 if end.state is State.CANCELLED else 200_000)


def test_stops_from_the_first_millisecond_on(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    """Around the engine's own start a stop may be lost there: it is sent again."""
    for step in range(24):
        running = desk.start(pool, snippets(spec).busy)
        threading.Event().wait(step * 0.000_25)  # the moment itself is what is tried
        stop = desk.stop(running.handle)
        running.join()
        assert running.handle.end is not None
        assert running.handle.end.state is State.CANCELLED
        assert_stopped(stop.written)
    assert_goes_on(desk, pool)


def test_a_stop_at_the_last_row_agrees_with_the_end(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    for count in (1, 1_000, 1_001, 16_384, 20_000):
        running = desk.start(pool, snippets(spec).many.format(count=count))
        running.until(BatchArrived)
        receipt = desk.stop(running.handle).written
        end = end_of(running.join())
        assert consistent(end, receipt), (end, receipt)
        assert end.state is State.CANCELLED or end.rows == count
    assert_goes_on(desk, pool)


def test_a_stop_after_the_end_says_that_it_had_finished(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "SELECT 1", tab="tab")
    events = list(desk.queries.run(handle))
    stop = desk.stop(handle)
    assert end_of(events).state is State.SUCCESS
    assert stop.written.outcome is StopOutcome.FINISHED_FIRST
    assert stop.written.verified is True
    assert stop.written.rung is None
    assert desk.queries.ladder_of(handle.id) is None
    assert_goes_on(desk, pool)


def test_a_stop_after_a_failure_says_that_it_had_finished(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "SELECT nope", tab="tab")
    list(desk.queries.run(handle))
    assert desk.stop(handle).written.outcome is StopOutcome.FINISHED_FIRST


def test_a_second_stop_leaves_it_to_the_first(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    second: list[object] = []
    stop = desk.stop(
        running.handle,
        on=lambda _, event: (
            second.append(_in_thread(lambda: desk.stop(running.handle).receipt))
            if isinstance(event, RungClimbed)
            else None
        ),
    )
    running.join()
    assert second == [None]
    assert_stopped(stop.written)


def test_of_many_stops_at_once_one_writes_the_receipt(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    receipts: list[CancelReceipt | None] = []
    gate = threading.Barrier(8)

    def stop() -> None:
        gate.wait()
        receipts.append(desk.stop(running.handle).receipt)

    threads = [threading.Thread(target=stop) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert end_of(running.join()).state is State.CANCELLED
    written = [receipt for receipt in receipts if receipt is not None]
    # Who comes after the end finds it finished; nobody else may claim the stop.
    assert [r.outcome for r in written].count(StopOutcome.STOPPED) >= 1
    assert running.handle.receipt in written
    assert_goes_on(desk, pool)


def test_the_reason_of_the_stop_is_told(desk: Bench, pool: SessionPool, spec: EngineSpec) -> None:
    for reason in StopReason:
        running = desk.start(pool, snippets(spec).busy)
        running.until(StatementStarted)
        receipt = desk.stop(running.handle, reason).written
        assert end_of(running.join()).reason is reason
        assert receipt.reason is reason


def test_a_script_stopped_between_statements_runs_nothing_later(
    desk: Bench, pool: SessionPool
) -> None:
    handle = desk.queries.script(
        pool, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); SELECT 1", tab="tab"
    )
    run = desk.queries.run(handle)
    events = []
    for event in run:
        events.append(event)
        if isinstance(event, StatementFinished) and event.index == 0:
            stopped = desk.stop_beside(handle)
    end = end_of(events)
    assert (end.state, end.statements) == (State.CANCELLED, 1)
    assert_stopped(stopped().written)
    assert values(desk.run(pool, "SELECT x FROM t")) == [1]


def test_a_script_stopped_within_a_statement_runs_nothing_later(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    script = f"INSERT INTO t VALUES (1); {snippets(spec).busy}; INSERT INTO t VALUES (2)"
    running = desk.start(pool, script)
    running.until(StatementStarted, 2)
    desk.stop(running.handle)
    assert end_of(running.join()).statements == 1
    assert values(desk.run(pool, "SELECT x FROM t")) == [1]


def test_rows_that_came_before_the_stop_are_counted(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    running = desk.start(pool, snippets(spec).rows)
    first = running.until(BatchArrived)
    desk.stop(running.handle)
    assert end_of(running.join()).rows >= first.batch.num_rows


def test_two_tabs_stop_apart(desk: Bench, pool: SessionPool, spec: EngineSpec) -> None:
    one = desk.start(pool, snippets(spec).busy, tab="one")
    two = desk.start(pool, snippets(spec).rows, tab="two")
    one.until(StatementStarted)
    two.until(ResultOpened)
    assert_stopped(desk.stop(one.handle).written)
    one.join()
    assert two.alive
    assert_stopped(desk.stop(two.handle).written)
    two.join()


def test_eight_queries_stop_side_by_side(desk: Bench, pool: SessionPool, spec: EngineSpec) -> None:
    runs = [desk.start(pool, snippets(spec).busy, tab=f"tab {n}") for n in range(8)]
    for running in runs:
        running.until(StatementStarted)
    threads = [
        threading.Thread(target=desk.stop, args=(r.handle, StopReason.CANCEL_ALL)) for r in runs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for running in runs:
        assert end_of(running.join()).state is State.CANCELLED
        assert running.handle.receipt is not None
        assert_stopped(running.handle.receipt)


def test_a_timeout_goes_up_the_same_ladder(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    running = desk.start(pool, snippets(spec).busy, timeout_s=0.05)
    running.until(StatementStarted)
    actions = _due(desk, running)
    assert [action.act.value for action in actions] == ["time_out"]
    assert desk.queries.due() == ()
    receipt = desk.stop(running.handle, StopReason.TIMEOUT).written
    end = end_of(running.join())
    assert (end.state, end.reason) == (State.CANCELLED, StopReason.TIMEOUT)
    assert (receipt.reason, receipt.timeout_s) == (StopReason.TIMEOUT, 0.05)
    assert_stopped(receipt)


def _due(desk: Bench, running: Running) -> tuple[Action, ...]:
    while running.alive:
        actions = desk.queries.due()
        if actions:
            return actions
    raise AssertionError("it ended by itself")


def _in_thread(call: object) -> object:
    assert callable(call)
    result: list[object] = []
    thread = threading.Thread(target=lambda: result.append(call()))
    thread.start()
    thread.join()
    return result[0]
