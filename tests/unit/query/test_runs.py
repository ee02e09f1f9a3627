"""A run from its start to its end, on every engine of this process."""

from collections.abc import Generator
from typing import cast

import pyarrow as pa
import pytest

from tests.harness import Bench, end_of, snippets, values
from workbench.core.adapter.contract import Connection, EngineSpec, Transaction
from workbench.core.errors import EngineError, UserError
from workbench.core.query.events import (
    BatchArrived,
    ResultFinished,
    ResultOpened,
    RunEvent,
    RunStarted,
    StatementFinished,
    StatementStarted,
    TransactionChanged,
)
from workbench.core.query.pool import SessionPool
from workbench.core.query.registry import Kind
from workbench.core.query.state import State


def kinds(events: list[RunEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_query_tells_its_life_in_order(desk: Bench, pool: SessionPool) -> None:
    assert kinds(desk.run(pool, "SELECT 1")) == [
        "RunStarted",
        "StatementStarted",
        "ResultOpened",
        "BatchArrived",
        "ResultFinished",
        "StatementFinished",
        "TransactionChanged",
        "TransactionChanged",
        "RunEnded",
    ]


def test_a_script_brings_each_result_under_its_own_number(desk: Bench, pool: SessionPool) -> None:
    events = desk.run(pool, "SELECT 1; INSERT INTO t VALUES (1), (2); SELECT x FROM t ORDER BY x")
    opened = [(e.result, e.statement) for e in events if isinstance(e, ResultOpened)]
    finished = [(e.index, e.affected, e.rows) for e in events if isinstance(e, StatementFinished)]
    totals = [(e.result, e.rows) for e in events if isinstance(e, ResultFinished)]
    assert opened == [(0, 0), (1, 2)]
    assert finished == [(0, None, 1), (1, 2, 0), (2, None, 2)]
    assert totals == [(0, 1), (1, 2)]
    assert (end_of(events).statements, end_of(events).rows) == (3, 3)


def test_an_empty_script_runs_nothing_and_succeeds(desk: Bench, pool: SessionPool) -> None:
    events = desk.run(pool, " -- nothing\n;;")
    assert cast(RunStarted, events[0]).statements == 0
    assert end_of(events).state is State.SUCCESS


def test_an_error_ends_the_script_and_what_follows_does_not_run(
    desk: Bench, pool: SessionPool
) -> None:
    events = desk.run(pool, "INSERT INTO t VALUES (1); SELECT nope FROM t; DELETE FROM t")
    end = end_of(events)
    assert end.state is State.FAILED
    assert end.statements == 1
    assert isinstance(end.error, EngineError)
    assert values(desk.run(pool, "SELECT x FROM t")) == [1]


def test_an_error_is_placed_in_the_tabs_script(desk: Bench, pool: SessionPool) -> None:
    before = "-- the tab begins before the selection\n"
    text = "SELECT 1;\n  SELECT x, nope FROM t"
    handle = desk.queries.script(pool, text, tab="tab", offset=len(before))
    end = end_of(list(desk.queries.run(handle)))
    if isinstance(end.error, EngineError) and end.error.position is None:
        pytest.skip("the engine places no error")
    assert end.error_offset == len(before) + text.index("nope")


def test_statements_are_placed_in_the_tabs_script(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "SELECT 1;\nSELECT 22", tab="tab", offset=100)
    events = list(desk.queries.run(handle))
    placed = [(e.offset, e.length) for e in events if isinstance(e, StatementStarted)]
    assert placed == [(100, 8), (110, 9)]


def test_the_session_goes_on_after_an_error(desk: Bench, pool: SessionPool) -> None:
    desk.run(pool, "SELECT nope")
    session = pool.session_of("tab")
    assert values(desk.run(pool, "SELECT 7")) == [7]
    assert pool.session_of("tab") is session


def test_a_parameter_that_a_statement_does_not_use_does_no_harm(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    if spec.capabilities.parameters != "named":
        pytest.skip("no named parameters")
    sign = "$" if spec.dialect == "duckdb" else ":"
    text = f"SELECT {sign}a; SELECT 5; SELECT {sign}b"
    events = desk.run(pool, text, parameters={"a": 1, "b": 2, "c": 3})
    assert end_of(events).state is State.SUCCESS
    assert values(events) == [1, 5, 2]


def test_a_missing_parameter_fails_by_name(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    sign = "$" if spec.dialect == "duckdb" else ":"
    end = end_of(desk.run(pool, f"SELECT {sign}wanted", parameters={"other": 1}))
    assert end.state is State.FAILED
    assert "wanted" in str(end.error)


def test_rows_arrive_in_small_batches(desk: Bench, pool: SessionPool, spec: EngineSpec) -> None:
    events = desk.run(pool, snippets(spec).many.format(count=100_000))
    batches = [e.batch for e in events if isinstance(e, BatchArrived)]
    assert all(isinstance(batch, pa.RecordBatch) for batch in batches)
    assert max(batch.num_rows for batch in batches) <= 16_384
    assert end_of(events).rows == 100_000


def test_the_end_says_when_the_first_row_came(desk: Bench, pool: SessionPool) -> None:
    end = end_of(desk.run(pool, "SELECT 1"))
    assert end.first_row_ms is not None
    assert 0 <= end.first_row_ms <= end.elapsed_ms
    assert end_of(desk.run(pool, "INSERT INTO t VALUES (1)")).first_row_ms is None


def test_a_connection_that_does_not_come_about_fails_the_run(
    desk: Bench, spec: EngineSpec, tmp_path: object
) -> None:
    from workbench.core.adapter.target import parse_target

    missing = parse_target(f"{spec.schemes[0]}:///{tmp_path}/missing.db", spec)
    end = end_of(desk.run(desk.pool(spec, target=missing), "SELECT 1"))
    assert end.state is State.FAILED
    assert "missing.db" in str(end.error)


def test_a_closed_connection_fails_the_run_and_says_so(desk: Bench, pool: SessionPool) -> None:
    pool.close()
    end = end_of(desk.run(pool, "SELECT 1"))
    assert end.state is State.FAILED
    assert isinstance(end.error, UserError)
    assert "nothing was run" in end.error.message


def test_work_gives_back_what_it_returned(desk: Bench, pool: SessionPool) -> None:
    def load(connection: Connection) -> object:
        return connection.server

    handle = desk.queries.work(pool, "Load", load, tab="schema", kind=Kind.CATALOG)
    assert end_of(list(desk.queries.run(handle))).state is State.SUCCESS
    assert handle.outcome


def test_a_commit_by_button_ends_the_transaction(desk: Bench, pool: SessionPool) -> None:
    desk.run(pool, "INSERT INTO t VALUES (1)", autocommit=False)
    handle = desk.queries.work(
        pool, "COMMIT", lambda c: c.commit(), tab="tab", kind=Kind.TRANSACTION, autocommit=False
    )
    events = list(desk.queries.run(handle))
    last = [e for e in events if isinstance(e, TransactionChanged)][-1]
    assert last.stake.transaction is Transaction.NONE
    assert values(desk.run(pool, "SELECT count(*) FROM t")) == [1]


def test_a_transaction_counts_what_it_holds(desk: Bench, pool: SessionPool) -> None:
    script = "BEGIN; INSERT INTO t VALUES (1), (2), (3); SELECT 1"
    stakes = [e.stake for e in desk.run(pool, script) if isinstance(e, TransactionChanged)]
    assert [(s.transaction, s.statements, s.affected) for s in stakes] == [
        (Transaction.ACTIVE, 0, 0),
        (Transaction.ACTIVE, 1, 3),
        (Transaction.ACTIVE, 2, 3),
        (Transaction.ACTIVE, 2, 3),
    ]
    desk.run(pool, "ROLLBACK")


def test_without_autocommit_the_first_statement_counts(desk: Bench, pool: SessionPool) -> None:
    events = desk.run(pool, "INSERT INTO t VALUES (1)", autocommit=False)
    stake = [e.stake for e in events if isinstance(e, TransactionChanged)][-1]
    assert (stake.transaction, stake.statements, stake.affected) == (Transaction.ACTIVE, 1, 1)
    desk.run(pool, "ROLLBACK")


# --- a reader that goes away, and bugs -----------------------------------------------


def read_until(run: Generator[RunEvent], kind: type) -> None:
    while not isinstance(next(run), kind):
        pass


@pytest.mark.parametrize("kind", [RunStarted, StatementStarted, ResultOpened, BatchArrived])
def test_a_reader_that_leaves_half_way_ends_the_run(
    kind: type, desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    handle = desk.queries.script(pool, snippets(spec).rows, tab="tab")
    run = desk.queries.run(handle)
    read_until(run, kind)
    run.close()
    assert desk.registry.live() == ()
    assert handle.end is not None
    assert handle.end.state is State.FAILED
    # The session is free, its statement over: the same tab goes on at once.
    assert values(desk.run(pool, "SELECT 8")) == [8]


def test_a_reader_that_leaves_does_not_end_the_transaction(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    desk.run(pool, "BEGIN; INSERT INTO t VALUES (1)")
    run = desk.queries.run(desk.queries.script(pool, snippets(spec).rows, tab="tab"))
    read_until(run, BatchArrived)
    run.close()
    session = pool.session_of("tab")
    assert session is not None
    assert session.stake.transaction is session.connection.transaction is Transaction.ACTIVE
    desk.run(pool, "ROLLBACK")


def test_an_error_of_the_reader_fails_the_run_with_it(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    handle = desk.queries.script(pool, snippets(spec).rows, tab="tab")
    run = desk.queries.run(handle)
    read_until(run, BatchArrived)
    full = UserError("Disk full", "No room for the rows.")
    events = [run.throw(full), *run]
    end = end_of(events)
    assert end.state is State.FAILED
    assert end.error is full
    assert values(desk.run(pool, "SELECT 8")) == [8]


def test_a_bug_fails_the_run_and_goes_on_to_the_caller(desk: Bench, pool: SessionPool) -> None:
    def breaks(_: Connection) -> object:
        raise ZeroDivisionError("a bug")

    handle = desk.queries.work(pool, "Load", breaks, tab="tab", kind=Kind.CATALOG)
    with pytest.raises(ZeroDivisionError):
        list(desk.queries.run(handle))
    assert handle.end is not None
    assert handle.end.state is State.FAILED
    assert isinstance(handle.end.error, UserError)
    assert values(desk.run(pool, "SELECT 8")) == [8]


def test_a_run_that_was_never_read_can_still_be_stopped(desk: Bench, pool: SessionPool) -> None:
    handle = desk.queries.script(pool, "SELECT 1", tab="tab")
    desk.queries.run(handle).close()
    assert desk.stop(handle).written.verified
    assert desk.registry.live() == ()
