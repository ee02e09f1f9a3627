"""What a transaction is after each thing that can happen to it, as the database has it."""

from functools import partial

import pytest

from tests.engines.conftest import Open
from tests.engines.driving import Worker, connect, count, run
from tests.engines.subjects import Subject
from workbench.core.adapter.contract import Connection, Transaction
from workbench.core.errors import EngineError

NONE, ACTIVE, FAILED = Transaction.NONE, Transaction.ACTIVE, Transaction.FAILED


def test_the_state_follows_what_is_typed(session: Connection, table: str) -> None:
    assert session.transaction is NONE
    run(session, "BEGIN")
    assert session.transaction is ACTIVE
    run(session, f"INSERT INTO {table} VALUES (3)")
    assert session.transaction is ACTIVE
    assert session.transaction is ACTIVE  # reading it changes nothing
    run(session, "COMMIT")
    assert session.transaction is NONE
    assert count(session, table) == 3


def test_a_commit_keeps_and_a_rollback_undoes(session: Connection, table: str) -> None:
    for end, rows in ((session.commit, 3), (session.rollback, 3)):
        run(session, "BEGIN")
        run(session, f"INSERT INTO {table} VALUES (3)")
        end()
        assert session.transaction is NONE
        assert count(session, table) == rows


def test_without_a_transaction_commit_and_rollback_do_nothing(session: Connection) -> None:
    session.commit()
    session.rollback()
    assert session.transaction is NONE


def test_with_autocommit_off_the_first_statement_begins_a_transaction(
    session: Connection, table: str
) -> None:
    session.set_autocommit(False)
    assert session.transaction is NONE
    run(session, f"INSERT INTO {table} VALUES (3)")
    assert session.transaction is ACTIVE
    session.rollback()
    assert session.transaction is NONE
    session.set_autocommit(True)
    assert count(session, table) == 2
    assert session.transaction is NONE


def test_with_autocommit_off_a_typed_begin_and_commit_still_work(
    session: Connection, table: str
) -> None:
    session.set_autocommit(False)
    run(session, "-- one\nBEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    run(session, "COMMIT")
    assert session.transaction is NONE
    assert run(session, f"SELECT count(*) FROM {table}").value == 3
    assert session.transaction is ACTIVE


def test_work_is_unseen_by_others_until_committed(open_session: Open, instance: str) -> None:
    one = open_session(instance=instance)
    run(one, "CREATE TABLE kept (x INTEGER)")
    one.set_autocommit(False)
    run(one, "INSERT INTO kept VALUES (1)")
    one.commit()
    two = open_session(instance=instance)
    assert count(two, "kept") == 1


def test_an_error_leaves_a_state_that_the_database_confirms(
    session: Connection, table: str
) -> None:
    run(session, "BEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    with pytest.raises(EngineError):
        run(session, "SELECT * FROM nosuch")
    if session.transaction is FAILED:
        with pytest.raises(EngineError):
            run(session, f"SELECT count(*) FROM {table}")
        session.rollback()
        assert count(session, table) == 2
    else:
        assert count(session, table) == 3
        session.commit()
        assert count(session, table) == 3
    assert session.transaction is NONE


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "by button"])
def test_a_commit_of_a_failed_transaction_says_that_the_work_is_lost(
    session: Connection, table: str, typed: bool
) -> None:
    run(session, "BEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    with pytest.raises(EngineError):
        run(session, "SELECT * FROM nosuch")
    if session.transaction is not FAILED:
        pytest.skip("an error does not fail a transaction here")
    commit = partial(run, session, "/* at last */ COMMIT") if typed else session.commit
    with pytest.raises(EngineError, match="lost"):
        commit()
    assert session.transaction is NONE
    assert count(session, table) == 2


@pytest.mark.parametrize("writes", [False, True], ids=["reading", "writing"])
def test_a_stop_and_rollback_leaves_the_table_as_before_the_transaction(
    session: Connection, subject: Subject, table: str, writes: bool
) -> None:
    run(session, "BEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    worker = Worker(session, subject.endless_fill.format(table=table) if writes else subject.busy)
    worker.until_busy()
    worker.stop()
    assert worker.was_stopped
    session.rollback()
    assert session.transaction is NONE
    assert count(session, table) == 2


@pytest.mark.parametrize("writes", [False, True], ids=["reading", "writing"])
def test_a_stop_keeps_the_transaction_exactly_where_the_session_said_so(
    session: Connection, subject: Subject, table: str, writes: bool
) -> None:
    run(session, "BEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    worker = Worker(session, subject.endless_fill.format(table=table) if writes else subject.busy)
    worker.until_busy()
    keeps = session.stop_keeps_transaction
    worker.stop()
    assert worker.was_stopped
    if keeps:
        assert session.transaction is ACTIVE
        session.commit()
        assert count(session, table) == 3
    else:
        assert session.transaction in (NONE, FAILED)
        with pytest.raises(EngineError, match="lost"):
            session.commit()
        assert session.transaction is NONE
        assert count(session, table) == 2


def test_a_stop_while_rows_arrive_leaves_what_the_session_said(
    session: Connection, subject: Subject, table: str
) -> None:
    run(session, "BEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    worker = Worker(session, subject.endless)
    worker.until_fetching()
    keeps = session.stop_keeps_transaction
    worker.stop()
    assert (session.transaction is ACTIVE) == keeps
    session.rollback()
    assert count(session, table) == 2


def test_a_stopped_write_outside_a_transaction_leaves_nothing(
    session: Connection, subject: Subject, table: str
) -> None:
    worker = Worker(session, subject.endless_fill.format(table=table))
    worker.until_busy()
    worker.stop()
    assert worker.was_stopped
    assert session.transaction is NONE
    assert count(session, table) == 2


def test_a_stopped_create_table_as_in_a_transaction_leaves_no_table(
    session: Connection, subject: Subject, table: str
) -> None:
    run(session, "BEGIN")
    worker = Worker(session, f"CREATE TABLE made AS {subject.endless}")
    worker.until_busy()
    worker.stop()
    session.rollback()
    with pytest.raises(EngineError, match="made"):
        count(session, "made")


def test_after_an_aborted_transaction_the_next_one_commits(
    session: Connection, subject: Subject, table: str
) -> None:
    run(session, "BEGIN")
    worker = Worker(session, subject.endless_fill.format(table=table))
    worker.until_busy()
    worker.stop()
    session.rollback()
    run(session, "BEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    session.commit()
    assert count(session, table) == 3


def test_closing_rolls_back_what_is_open(subject: Subject, instance: str) -> None:
    keeper = connect(subject, ":memory:", instance=instance)
    run(keeper, "CREATE TABLE kept (x INTEGER)")
    session = connect(subject, ":memory:", instance=instance)
    run(session, "BEGIN")
    run(session, "INSERT INTO kept VALUES (1)")
    session.close()
    assert count(keeper, "kept") == 0
    keeper.close()


def test_savepoints_undo_a_part_where_they_exist(
    session: Connection, subject: Subject, table: str
) -> None:
    if not subject.spec.capabilities.savepoints:
        with pytest.raises(EngineError):
            run(session, "SAVEPOINT here")
        return
    run(session, "BEGIN")
    run(session, "SAVEPOINT here")
    run(session, f"INSERT INTO {table} VALUES (3)")
    run(session, "ROLLBACK TO here")
    session.commit()
    assert count(session, table) == 2


def test_the_catalog_leaves_the_transaction_as_it_is(session: Connection, table: str) -> None:
    run(session, "BEGIN")
    run(session, f"INSERT INTO {table} VALUES (3)")
    (root, *_) = session.children(None)
    assert session.children(root)
    assert session.transaction is ACTIVE
    session.commit()
    assert count(session, table) == 3
