"""What `workbench query` says of work that it did not keep, and where a script ends early."""

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.command import MEMORY, history_rows, query, started, stats_of, until
from tests.e2e.test_cli_faults import held, make
from tests.e2e.test_cli_stop import head_of

ENGINES = pytest.mark.parametrize("engine", ["duckdb", "sqlite"])


@pytest.fixture
def on(engine: str, tmp_path: Path) -> str:
    """The URL of a database file with the empty table t."""
    url = f"{engine}:///{tmp_path / 'base.db'}"
    done = query("CREATE TABLE t (x INTEGER)", on=f"{url}?create=1")
    assert done.status == 0, done.err
    return url


def rows_of(on: str) -> list[str]:
    done = query("SELECT x FROM t ORDER BY x", "--format", "csv", on=on)
    return done.text.splitlines()[1:]


@ENGINES
def test_a_transaction_left_open_by_a_script_is_rolled_back_and_that_is_said(on: str) -> None:
    done = query("BEGIN; INSERT INTO t VALUES (1), (2)", on=on)
    assert done.status == 0
    assert "still open at the end and is rolled back (1 statement, 2 rows changed)" in done.err
    assert rows_of(on) == []


@ENGINES
def test_a_transaction_that_an_error_leaves_open_is_not_said_to_be_open_still(on: str) -> None:
    done = query("BEGIN; INSERT INTO t VALUES (1); SELECT nosuch", on=on)
    assert done.status == 1
    assert "is rolled back (" in done.err
    assert "The transaction is still open" not in done.err
    assert "roll back to go on" not in done.err
    assert rows_of(on) == []


@ENGINES
def test_a_transaction_that_ends_is_not_spoken_of(on: str) -> None:
    done = query("BEGIN; INSERT INTO t VALUES (1); COMMIT", on=on)
    assert (done.status, done.err) == (0, "INSERT 1 row\n")
    assert rows_of(on) == ["1"]


@ENGINES
def test_what_stands_before_an_error_is_kept(on: str) -> None:
    done = query("INSERT INTO t VALUES (1); SELECT nosuch; INSERT INTO t VALUES (2)", on=on)
    assert done.status == 1
    assert rows_of(on) == ["1"]


@ENGINES
def test_nothing_runs_after_the_most_rows(on: str) -> None:
    script = "SELECT 1 AS x UNION ALL SELECT 2; INSERT INTO t VALUES (1)"
    done = query(script, "--max-rows", "1", "--format", "csv", on=on)
    assert (done.status, done.text) == (0, "x\n1\n")
    assert "Stopped after 1 row (--max-rows)" in done.err
    assert rows_of(on) == []


@ENGINES
def test_rows_of_a_change_that_were_not_written_are_counted(on: str) -> None:
    script = "INSERT INTO t VALUES (1), (2), (3) RETURNING x"
    done = query(script, "--max-rows", "1", "--format", "csv", on=on)
    assert (done.status, done.text) == (0, "x\n1\n")
    assert "1 row of 3 written (--max-rows)" in done.err
    assert rows_of(on) == ["1", "2", "3"]


def test_nothing_runs_after_the_output_failed(tmp_path: Path) -> None:
    on = f"duckdb:///{tmp_path / 'base.db'}"
    script = "CREATE TABLE t (x INT); SELECT 1; SELECT 2; INSERT INTO t VALUES (1)"
    out = str(tmp_path / "out.parquet")
    done = query(script, "--format", "parquet", "--output", out, on=f"{on}?create=1")
    assert done.status == 2
    assert "One result only" in done.err
    assert "cancelled by user" not in done.err
    assert rows_of(on) == []


@pytest.mark.parametrize("value", ["map {}", "union_value(k := 1)", "INTERVAL 1 DAY"])
def test_a_type_that_parquet_has_not_is_told_and_leaves_no_file(value: str, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    done = query(f"SELECT {value} AS v", "--format", "parquet", "--output", str(out))
    assert done.status == 2
    assert "Type not supported: parquet cannot hold" in done.err
    assert not out.exists()


def test_what_a_reader_who_leaves_undoes_is_said() -> None:
    script = (
        "CREATE TABLE t (x INT); BEGIN; INSERT INTO t VALUES (1); "
        "SELECT * FROM range(100000000); COMMIT"
    )
    status, _, err = head_of(script, 1)
    assert status == 0
    assert "The transaction was rolled back (1 statement, 1 row changed)" in err


@ENGINES
def test_the_output_never_replaces_the_database_that_is_read(on: str, tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    link = tmp_path / "link"
    link.symlink_to(path)
    for output in (path, link):
        done = query("SELECT 1", "--output", str(output), on=on)
        assert done.status == 2
        assert "Not over the database" in done.err
    assert rows_of(on) == []


@pytest.mark.parametrize("form", ["parquet", "arrow", "json"])
def test_a_stop_ends_a_writer_whose_reader_takes_nothing(form: str) -> None:
    with started(
        "query", "-c", MEMORY, "--format", form, "SELECT * FROM range(1000000000)"
    ) as running:
        assert running.process.stdout is not None
        until(lambda: any(row["status"] == "RUNNING" for row in history_rows()), running.process)
        os.read(running.process.stdout.fileno(), 1)  # rows have begun to flow
        running.signal(signal.SIGINT)
        assert running.process.wait(60) == 130
        done = running.end()  # complains if the driver does
    assert history_rows()[0]["stop_outcome"] == "stopped"
    assert "no effect after" not in done.err


def test_a_pipe_is_no_database_and_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = query("SELECT 1", on=str(pipe))
    assert done.status == 3
    assert str(pipe) in done.err


def test_an_empty_name_of_a_connection_is_told_as_such() -> None:
    done = query("SELECT 1", on="")
    assert done.status == 2
    assert "-c names none" in done.err


def test_a_database_of_another_engine_is_refused_and_nothing_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    assert query("CREATE TABLE t (x)", on=f"sqlite:///{path}?create=1").status == 0
    done = query("SELECT 1", on=f"duckdb:///{path}")
    assert done.status == 3
    assert "is not a DuckDB database" in done.err
    assert "extension" not in done.err


def test_waiting_for_a_locked_file_is_stopped_by_ctrl_c_and_by_a_timeout(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    make("sqlite", path)
    on = f"sqlite:///{path}?busy_timeout=600000"
    with held("sqlite", path):
        with started("query", "-c", on, "--stats", "-", "SELECT 1") as running:
            until(lambda: history_rows()[-1]["status"] == "RUNNING", running.process)
            running.signal(signal.SIGINT)
            done = running.end()
        late = query("SELECT 1", "--timeout", "0.5", "--stats", "-", on=on)
    assert done.status == 130
    assert late.status == 124
    for stats in (stats_of(done), stats_of(late)):
        assert stats["cancel"]["outcome"] == "stopped"
        assert stats["cancel"]["rung"] == "interrupt"


def test_a_timeout_ends_a_query_whose_reader_takes_nothing() -> None:
    with started(
        "query",
        "-c",
        MEMORY,
        "--format",
        "csv",
        "--timeout",
        "1",
        "SELECT * FROM range(1000000000)",
    ) as running:
        assert running.process.wait(60) == 124
        running.end()
    assert history_rows()[0]["stop_outcome"] == "stopped"
