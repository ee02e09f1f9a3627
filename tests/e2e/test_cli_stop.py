"""Stopping `workbench query`: Ctrl-C, signals, --timeout, a reader that leaves. Real signals."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command import (
    ENDLESS,
    MEMORY,
    ROOT,
    history_rows,
    query,
    started,
    stats_of,
    until,
    workbench,
)

ENGINES = pytest.mark.parametrize("on", list(ENDLESS), ids=["duckdb", "sqlite"])


@ENGINES
def test_ctrl_c_stops_at_the_database_and_waits_for_the_receipt(on: str) -> None:
    with started("query", "-c", on, "--stats", "-", ENDLESS[on]) as running:
        running.wait_until_at_work()
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.status == 130
    assert done.err.startswith("Query cancelled by user")
    assert "seen gone" in done.err
    stats = stats_of(done)
    assert stats["status"] == "CANCELLED"
    cancel = stats["cancel"]
    assert list(cancel) == ["reason", "rung", "outcome", "requested_ms", "acknowledged_ms",
                            "verified_ms", "verified", "session"]  # fmt: skip
    assert (cancel["reason"], cancel["rung"], cancel["outcome"]) == ("user", "interrupt", "stopped")
    assert cancel["verified"] is True
    assert cancel["session"] == "alive"
    assert 0 <= cancel["acknowledged_ms"] <= cancel["verified_ms"]


@ENGINES
def test_the_stop_stands_in_the_history(on: str) -> None:
    with started("query", "-c", on, ENDLESS[on]) as running:
        running.wait_until_at_work()
        running.signal(signal.SIGINT)
        running.end()
    (row,) = history_rows()
    assert (row["status"], row["stop_reason"], row["stop_outcome"]) == (
        "CANCELLED", "user", "stopped",
    )  # fmt: skip
    assert row["stop_verified"] == 1


@ENGINES
def test_a_timeout_stops_at_the_database_and_ends_with_124(on: str) -> None:
    done = query(ENDLESS[on], "--timeout", "0.5", "--stats", "-", on=on)
    assert done.status == 124
    assert done.err.startswith("Cancelled by timeout (0.5 s)")
    assert stats_of(done)["cancel"]["reason"] == "timeout"


def test_a_timeout_that_is_not_reached_changes_nothing() -> None:
    done = query("SELECT 1 AS one", "--format", "csv", "--timeout", "60")
    assert (done.status, done.text, done.err) == (0, "one\n1\n", "")


def test_two_ctrl_c_in_a_row_force_and_end_all_the_same() -> None:
    with started("query", "-c", MEMORY, "--stats", "-", ENDLESS[MEMORY]) as running:
        running.wait_until_at_work()
        running.signal(signal.SIGINT)
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.status == 130
    assert stats_of(done)["status"] == "CANCELLED"
    assert "Traceback" not in done.err


def test_sigterm_stops_at_the_database_like_a_shutdown() -> None:
    with started("query", "-c", MEMORY, "--stats", "-", ENDLESS[MEMORY]) as running:
        running.wait_until_at_work()
        running.signal(signal.SIGTERM)
        done = running.end()
    assert done.status == 128 + signal.SIGTERM
    assert stats_of(done)["cancel"]["reason"] == "shutdown"


def test_what_nohup_protects_from_a_hangup_lives_on() -> None:
    ignoring = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a child inherits it
    try:
        with started("query", "-c", MEMORY, "--stats", "-", ENDLESS[MEMORY]) as running:
            running.wait_until_at_work()
            running.signal(signal.SIGHUP)
            running.signal(signal.SIGINT)
            done = running.end()
    finally:
        signal.signal(signal.SIGHUP, ignoring)
    assert done.status == 130
    assert stats_of(done)["cancel"]["reason"] == "user"


def test_a_terminal_sees_how_far_it_is_and_keeps_no_trace_of_it() -> None:
    reader, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "query", "-c", MEMORY, "--timeout", "2",
         ENDLESS[MEMORY]],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    try:
        while piece := os.read(reader, 4096):
            shown += piece
    except OSError:  # how a terminal says that its last process has gone
        pass
    os.close(reader)
    assert process.wait(60) == 124
    assert b"0 rows" in shown
    before, _, told = shown.decode().partition("Cancelled by timeout (2 s)")
    assert told
    assert before.endswith(" \r")


def head_of(sql: str, lines: int, form: str = "csv") -> tuple[int, bytes, str]:
    """Read the first `lines` of a query's output and hang up, as `head` does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "query", "-c", MEMORY, "--format", form, sql],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    seen = b""
    while seen.count(b"\n") < lines:
        seen += process.stdout.read(1)
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    return process.wait(60), seen, err


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_a_reader_that_leaves_ends_the_query_quietly(form: str) -> None:
    status, seen, err = head_of("SELECT * FROM range(100000000)", 1, form)
    assert (status, err) == (0, "")
    assert seen
    (row,) = history_rows()
    assert row["status"] == "CANCELLED"
    assert row["rows"] < 100_000_000


def test_a_reader_that_takes_nothing_does_not_keep_a_stop_from_ending() -> None:
    # A pager: nobody reads, and Ctrl-C goes to the query.
    with started("query", "-c", MEMORY, "--format", "csv", "SELECT * FROM range(1000000000)"
                 ) as running:  # fmt: skip
        until(lambda: any(row["status"] == "RUNNING" for row in history_rows()), running.process)
        assert running.process.stdout is not None
        os.read(running.process.stdout.fileno(), 1)  # rows have begun to flow; read no further
        running.signal(signal.SIGINT)
        until_ended(running.process)
        done = running.end()
    assert done.status == 130
    assert history_rows()[0]["stop_outcome"] == "stopped"


def until_ended(process: "subprocess.Popen[bytes]") -> None:
    process.wait(60)


def test_closed_stdout_is_told_and_nothing_runs() -> None:
    command = [sys.executable, "-m", "workbench", "query", "-c", MEMORY, "SELECT 1"]
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" "$@" >&-', *command],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"stdout is closed" in done.stderr


def test_a_stopped_run_leaves_no_output_file(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with started("query", "-c", MEMORY, "--format", "csv", "--output", str(out),
                 "SELECT * FROM range(100000000000)") as running:  # fmt: skip
        running.wait_until_at_work()
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.status == 130
    assert "the output file was not made" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_leaves_nothing_under_the_outputs_name(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    with started("query", "-c", MEMORY, "--format", "csv", "--output", str(out),
                 "SELECT * FROM range(100000000000)") as running:  # fmt: skip
        running.wait_until_at_work()
        running.signal(signal.SIGKILL)
        running.end()
    assert out.read_text() == "old"


def test_a_stop_in_a_transaction_says_what_became_of_it(tmp_path: Path) -> None:
    on = f"duckdb:///{tmp_path / 'x.duckdb'}?create=1"
    script = f"CREATE TABLE t (i INT); BEGIN; INSERT INTO t VALUES (1); {ENDLESS[MEMORY]}"
    done = query(script, "--timeout", "1", on=on)
    assert done.status == 124
    assert "rolled back" in done.err
    assert query("SELECT count(*) AS n FROM t", "--format", "csv", on=on).text == "n\n0\n"


def test_a_test_of_a_connection_tells_the_server_and_how_stopping_works() -> None:
    done = workbench("connections", "test", MEMORY)
    assert done.status == 0
    assert "DuckDB v" in done.text
    assert "connection.interrupt()" in done.text
