"""A stop at every moment of a statement's life; the session works on after each."""

import threading

import pytest

from tests.engines.driving import PATIENCE_S, Worker, count, run
from tests.engines.subjects import Subject
from workbench.core.adapter.contract import (
    Connection,
    RungName,
    StopReply,
    Transaction,
    Verification,
)

INTERRUPT = RungName.INTERRUPT


def assert_usable(session: Connection, subject: Subject) -> None:
    """The session runs the next statements as if nothing had been."""
    assert session.transaction is Transaction.NONE
    worker = Worker(session, subject.rows.format(n=20_000), "next").join()
    assert (worker.error, worker.rows) == (None, 20_000)


def test_a_stop_before_the_start_sends_nothing(session: Connection, subject: Subject) -> None:
    canceller = session.canceller()
    assert canceller.stop(INTERRUPT, "attempt") is StopReply.FINISHED_FIRST
    worker = Worker(session, subject.rows.format(n=20_000)).join()
    assert (worker.error, worker.rows) == (None, 20_000)


def test_a_stop_right_after_arming_takes_effect(session: Connection, subject: Subject) -> None:
    worker = Worker(session, subject.busy)
    assert worker.armed.wait(PATIENCE_S)
    replies = worker.stop()
    assert replies[0] is StopReply.SENT
    assert worker.was_stopped
    assert_usable(session, subject)


def test_a_stop_while_it_computes_takes_effect(session: Connection, subject: Subject) -> None:
    worker = Worker(session, subject.busy)
    worker.until_busy()
    worker.stop()
    assert worker.was_stopped
    assert worker.error is not None
    assert worker.error.code == subject.cancel_code
    assert_usable(session, subject)


def test_a_stop_while_rows_arrive_takes_effect(session: Connection, subject: Subject) -> None:
    worker = Worker(session, subject.endless)
    worker.until_fetching()
    worker.stop()
    assert worker.was_stopped
    assert worker.rows > 0
    assert_usable(session, subject)


def test_a_stop_at_the_last_row_leaves_all_rows_or_says_stopped(
    session: Connection, subject: Subject
) -> None:
    total = 20_000
    canceller = session.canceller()

    def at_the_last(rows: int) -> None:
        if rows == total:
            assert canceller.stop(INTERRUPT, "attempt") is StopReply.SENT

    worker = Worker(session, subject.rows.format(n=total), on_batch=at_the_last).join()
    assert worker.rows == total
    assert worker.error is None or worker.was_stopped
    assert_usable(session, subject)


def test_a_stop_after_the_end_sends_nothing(session: Connection, subject: Subject) -> None:
    worker = Worker(session, subject.rows.format(n=10)).join()
    assert session.canceller().stop(INTERRUPT, worker.name) is StopReply.FINISHED_FIRST
    assert_usable(session, subject)


def test_two_stops_are_as_one(session: Connection, subject: Subject) -> None:
    worker = Worker(session, subject.busy)
    worker.until_busy()
    session.canceller().stop(INTERRUPT, worker.name)
    worker.stop()
    assert worker.was_stopped
    assert session.canceller().stop(INTERRUPT, worker.name) is StopReply.FINISHED_FIRST
    assert_usable(session, subject)


def test_stops_from_many_threads_are_as_one(session: Connection, subject: Subject) -> None:
    worker = Worker(session, subject.endless)
    worker.until_fetching()
    start = threading.Barrier(16)
    replies: list[StopReply] = []

    def stop() -> None:
        start.wait(PATIENCE_S)
        replies.append(session.canceller().stop(INTERRUPT, worker.name))

    threads = [threading.Thread(target=stop) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    worker.stop()
    assert worker.was_stopped
    assert len(replies) == 16
    assert set(replies) <= {StopReply.SENT, StopReply.FINISHED_FIRST}
    assert StopReply.SENT in replies
    assert_usable(session, subject)


def test_a_stop_hits_only_the_session_it_means(
    session: Connection, open_session: "object", subject: Subject, instance: str
) -> None:
    assert callable(open_session)
    other: Connection = open_session(instance=instance)
    stopped, spared = Worker(session, subject.busy), Worker(other, subject.busy)
    stopped.until_busy()
    spared.until_busy()
    stopped.stop()
    assert stopped.was_stopped
    assert other.canceller().still_running(spared.name)
    assert not spared.ended.is_set()
    spared.stop()
    assert spared.was_stopped


def test_a_catalog_question_can_be_stopped_like_a_statement(
    session: Connection, table: str
) -> None:
    canceller = session.canceller()
    canceller.arm("catalog")
    assert session.children(None)
    assert canceller.stop(INTERRUPT, "catalog") is StopReply.SENT
    canceller.disarm("catalog")
    assert count(session, table) == 2


def test_whether_it_runs_is_known_from_arming_to_disarming(
    session: Connection, subject: Subject
) -> None:
    canceller = session.canceller()
    assert canceller.still_running("attempt") is False
    worker = Worker(session, subject.busy)
    worker.until_busy()
    assert canceller.still_running("attempt") is True
    worker.stop()
    assert canceller.still_running("attempt") is False


def test_the_rungs_climb_from_interrupt_to_letting_go(
    session: Connection, subject: Subject
) -> None:
    rungs = session.canceller().rungs
    assert rungs[0].name is INTERRUPT
    assert not rungs[0].asks
    assert rungs[-1].name is RungName.ABANDON
    assert rungs[-1].asks
    assert all(rung.title and rung.price for rung in rungs)
    if subject.spec.capabilities.in_process:
        assert subject.spec.capabilities.verification is Verification.RETURNED
        assert "inside Workbench" in rungs[-1].price


def test_the_last_rung_lets_go_and_the_session_is_no_more(
    session: Connection, subject: Subject
) -> None:
    worker = Worker(session, subject.busy)
    worker.until_busy()
    assert session.canceller().stop(RungName.ABANDON, worker.name) is StopReply.SENT
    worker.join()
    assert worker.error is not None
    after = Worker(session, "SELECT 1", "after").join()
    assert after.error is not None
    assert after.error.kind == "connection_lost"
    session.close()


def test_abandoning_an_idle_session_does_not_block_and_ends_it(session: Connection) -> None:
    session.abandon()
    session.abandon()
    after = Worker(session, "SELECT 1").join()
    assert after.error is not None
    assert after.error.kind == "connection_lost"


def test_a_stop_after_the_session_was_closed_does_no_harm(
    session: Connection, subject: Subject
) -> None:
    session.canceller().arm("late")
    session.close()
    assert session.canceller().stop(INTERRUPT, "late") is StopReply.SENT
    assert session.progress() is None


def test_progress_grows_while_a_statement_computes(session: Connection, subject: Subject) -> None:
    if not subject.spec.capabilities.progress:
        assert session.progress() is None
        return
    assert session.progress() is None
    worker = Worker(session, subject.busy)
    worker.until_busy()
    seen = session.progress()
    while not seen and not worker.ended.wait(0.01):
        seen = session.progress()
    assert seen is not None
    assert 0 < seen <= 1
    worker.stop()
    assert session.progress() is None


@pytest.mark.parametrize("sql", ["CREATE TABLE made AS {endless}"])
def test_a_stopped_create_table_as_leaves_no_table(
    session: Connection, subject: Subject, sql: str
) -> None:
    worker = Worker(session, sql.format(endless=subject.endless))
    worker.until_busy()
    worker.stop()
    assert worker.was_stopped
    run(session, "CREATE TABLE made (x INTEGER)")
    assert count(session, "made") == 0


def test_a_wait_for_a_lock_can_be_stopped(
    open_session: "object", instance: str, subject: Subject
) -> None:
    if not subject.waits_for_locks:
        pytest.skip("writers do not wait for each other here")
    assert callable(open_session)
    holder = open_session(instance=instance)
    waiting = open_session(instance=instance, busy_timeout="3600000")
    run(holder, "CREATE TABLE kept (x INTEGER)")
    run(holder, "BEGIN")
    run(holder, "INSERT INTO kept VALUES (1)")
    worker = Worker(waiting, "INSERT INTO kept VALUES (2)")
    assert worker.armed.wait(PATIENCE_S)
    worker.stop()
    assert worker.was_stopped
    holder.commit()
    run(waiting, "INSERT INTO kept VALUES (3)")
    assert [row[0] for row in run(holder, "SELECT x FROM kept").rows] == [1, 3]
