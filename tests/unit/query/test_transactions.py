"""A stop inside a transaction: what the dialog's choice leaves in the table, and says."""

import pytest

from tests.harness import Bench, end_of, snippets, values
from workbench.core.adapter.contract import EngineSpec, Transaction
from workbench.core.query.events import (
    BatchArrived,
    RunEnded,
    RunEvent,
    StatementStarted,
    TransactionChanged,
)
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import SessionFate, StopOutcome
from workbench.core.query.state import State


def count(desk: Bench, pool: SessionPool) -> object:
    (found,) = values(desk.run(pool, "SELECT count(*) FROM t"))
    return found


def stop_in_transaction(
    desk: Bench, pool: SessionPool, text: str, *, rollback: bool
) -> tuple[bool, RunEnded, list[RunEvent]]:
    """Open a transaction with one row in it, stop `text` in it with the dialog's choice.

    Gives whether the engine had promised to keep the transaction, and the end.
    """
    desk.run(pool, "BEGIN; INSERT INTO t VALUES (1)")
    running = desk.start(pool, text)
    running.until(BatchArrived if text == snippets(pool.spec).rows else StatementStarted)
    keeps = running.handle.stop_keeps_transaction
    running.handle.rollback_after_stop = rollback
    receipt = desk.stop(running.handle).written
    events = running.join()
    assert receipt.outcome is StopOutcome.STOPPED
    assert receipt.session is SessionFate.ALIVE
    end = end_of(events)
    assert end.state is State.CANCELLED
    assert receipt.note == end.note
    return keeps, end, events


def last_transaction(events: list[RunEvent]) -> Transaction:
    return [e.stake for e in events if isinstance(e, TransactionChanged)][-1].transaction


@pytest.mark.parametrize("which", ["rows", "busy", "write"])
def test_cancel_and_roll_back_leaves_nothing_of_the_transaction(
    which: str, desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    text = getattr(snippets(spec), which)
    _, end, events = stop_in_transaction(desk, pool, text, rollback=True)
    assert last_transaction(events) is Transaction.NONE
    assert "1 statement, 1 row changed" in end.note
    assert count(desk, pool) == 0


def test_cancel_and_keep_keeps_it_where_the_engine_promised(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    """Where it promised nothing it may still be kept: the note, the state, the table agree."""
    keeps, end, events = stop_in_transaction(desk, pool, snippets(spec).rows, rollback=False)
    kept = last_transaction(events) is Transaction.ACTIVE
    assert kept or not keeps
    if kept:
        assert end.note == "The transaction is still open (1 statement, 1 row changed)."
        assert end_of(desk.run(pool, "COMMIT")).state is State.SUCCESS
    else:
        assert last_transaction(events) is Transaction.NONE
        assert "rolled back" in end.note
    assert count(desk, pool) == (1 if kept else 0)


def test_a_stopped_write_says_that_the_transaction_is_gone_even_if_it_was_to_be_kept(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    _, end, events = stop_in_transaction(desk, pool, snippets(spec).write, rollback=False)
    assert last_transaction(events) is Transaction.NONE
    assert "undid the whole transaction" in end.note or "rolled back" in end.note
    assert count(desk, pool) == 0


def test_without_a_transaction_there_is_nothing_to_say(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    running = desk.start(pool, snippets(spec).rows)
    running.until(BatchArrived)
    desk.stop(running.handle)
    assert end_of(running.join()).note == ""


def test_a_stop_between_statements_of_a_transaction_keeps_it_if_chosen(
    desk: Bench, pool: SessionPool
) -> None:
    """No statement is stopped then: every engine keeps what the ones before did."""
    desk.run(pool, "BEGIN; INSERT INTO t VALUES (1)")
    handle = desk.queries.script(pool, "INSERT INTO t VALUES (2)", tab="tab")
    handle.rollback_after_stop = False
    run = desk.queries.run(handle)
    next(run)
    with_stop = desk.stop_beside(handle)
    events = list(run)
    assert with_stop().written.outcome is StopOutcome.STOPPED
    assert last_transaction(events) is Transaction.ACTIVE
    desk.run(pool, "COMMIT")
    assert count(desk, pool) == 1


def test_a_stop_without_autocommit_ends_the_transaction_that_the_statement_began(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    running = desk.start(pool, snippets(spec).rows, autocommit=False)
    running.until(BatchArrived)
    desk.stop(running.handle)
    assert last_transaction(running.join()) is Transaction.NONE


def test_what_is_at_stake_is_known_while_the_query_runs(
    desk: Bench, pool: SessionPool, spec: EngineSpec
) -> None:
    desk.run(pool, "BEGIN; INSERT INTO t VALUES (1), (2)")
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    stake = running.handle.stake
    desk.stop(running.handle)
    running.join()
    assert (stake.transaction, stake.statements, stake.affected) == (Transaction.ACTIVE, 1, 2)


def test_an_own_error_in_a_transaction_says_what_became_of_it(
    desk: Bench, pool: SessionPool
) -> None:
    desk.run(pool, "BEGIN; INSERT INTO t VALUES (1)")
    end = end_of(desk.run(pool, "SELECT nope FROM t"))
    session = pool.session_of("tab")
    assert session is not None
    if session.stake.transaction is Transaction.FAILED:
        assert end.note == "The transaction is aborted: roll back to go on."
    else:
        assert end.note == "The transaction is still open (1 statement, 1 row changed)."
    desk.run(pool, "ROLLBACK")
