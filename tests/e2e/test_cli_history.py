"""The history as processes leave it: crashes, many at once, no secret in it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.command import ENDLESS, MEMORY, ROOT, history_rows, query, started, workbench


def test_the_history_tells_what_ran_newest_first() -> None:
    query("SELECT 'first'")
    query("SELECT 'second' FROM nowhere")
    done = workbench("history")
    head, second, first = done.text.splitlines()
    assert head.split()[:2] == ["when", "status"]
    assert "FAILED" in second
    assert "'second'" in second
    assert "SUCCESS" in first
    assert "'first'" in first


def test_the_history_is_searched_by_all_words() -> None:
    query("SELECT 'apple pie'")
    query("SELECT 'apple juice'")
    found = json.loads(workbench("history", "--json", "--search", "juice apple").text)
    assert [run["sql"] for run in found] == ["SELECT 'apple juice'"]


def test_the_history_is_limited() -> None:
    for number in range(3):
        query(f"SELECT {number}")
    found = json.loads(workbench("history", "--json", "--limit", "2").text)
    assert [run["sql"] for run in found] == ["SELECT 2", "SELECT 1"]


def test_a_query_whose_process_was_killed_is_shown_as_interrupted_by_a_crash() -> None:
    with started("query", "-c", MEMORY, ENDLESS[MEMORY]) as running:
        running.wait_until_at_work()
        assert "RUNNING" in workbench("history").text
        running.signal(signal.SIGKILL)
        running.end()
    assert "interrupted by a crash" in workbench("history").text
    (run,) = json.loads(workbench("history", "--json").text)
    assert run["status"] == "INTERRUPTED"
    (stats,) = json.loads(workbench("stats", "--json").text)
    assert (stats["engine"], stats["runs"], stats["orphans"]) == ("duckdb", 1, 1)


def test_statistics_count_stops_by_engine() -> None:
    query(ENDLESS[MEMORY], "--timeout", "0.3")
    query("SELECT 1", on="sqlite:///:memory:")
    duck, lite = json.loads(workbench("stats", "--json").text)
    assert (duck["engine"], duck["runs"], duck["stops"], duck["stopped"]) == ("duckdb", 1, 1, 1)
    assert duck["success_rate"] == 1.0
    assert 0 < duck["p50_ms"] <= duck["p95_ms"]
    assert (lite["engine"], lite["runs"], lite["stops"], lite["success_rate"]) == (
        "sqlite", 1, 0, None,
    )  # fmt: skip
    assert "100.0%" in workbench("stats").text


def test_many_processes_write_the_history_at_once() -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "workbench", "query", "-c", MEMORY, f"SELECT {number}"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for number in range(8)
    ]
    told = [process.communicate()[1] for process in processes]
    assert told == [b""] * 8
    assert sorted(row["sql"] for row in history_rows()) == [f"SELECT {n}" for n in range(8)]
    assert {row["status"] for row in history_rows()} == {"SUCCESS"}


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_password_is_found_anywhere(home: Path) -> None:
    secret = "hunter2hunter2"
    told = []
    for sql in (
        f"CREATE SECRET s (TYPE s3, KEY_ID 'me', SECRET '{secret}')",
        f"ATTACH 'postgres://me:{secret}@127.0.0.1:1/db' AS p (TYPE postgres)",
        f"SELECT 1 -- password={secret}",
    ):
        done = query(sql, "--stats", str(home / "stats.json"), env={"WORKBENCH_LOG": "debug"})
        told.append(done.err)
    for on in (f"duckdb://me:{secret}@/x", f"gopher://me:{secret}@host/x", f"me:{secret}@host"):
        done = query("SELECT 1", on=on, env={"WORKBENCH_PASSWORD": secret})
        assert done.status == 2
        told.append(done.err)
    add = workbench("connections", "add", "x", f"duckdb://me:{secret}@/x")
    told += [add.err, workbench("history", "--json").text, workbench("connections", "list").text]
    assert secret not in "\n".join(told)
    assert secret.encode() not in everything_in(home)
    assert os.environ["WORKBENCH_HOME"].startswith(str(home))


def test_saved_connections_are_added_listed_used_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    added = workbench(
        "connections", "add", "demo", f"sqlite:///{path}?create=1", "--folder", "mine"
    )
    assert added.status == 0
    assert query("SELECT 1 AS one", "--format", "csv", on="demo").text == "one\n1\n"
    (listed,) = json.loads(workbench("connections", "list", "--json").text)
    assert (listed["name"], listed["folder"]) == ("demo", "mine")
    assert workbench("connections", "add", "demo", MEMORY).status == 2
    assert workbench("connections", "test", "demo").status == 0
    assert workbench("connections", "remove", "demo").status == 0
    assert workbench("connections", "remove", "demo").status == 2
    assert json.loads(workbench("connections", "list", "--json").text) == []


def test_a_read_only_connection_is_enforced_by_the_database(tmp_path: Path) -> None:
    for engine in ("sqlite", "duckdb"):
        path = tmp_path / engine
        query("CREATE TABLE t (i INT)", on=f"{engine}:///{path}?create=1")
        workbench("connections", "add", engine, f"{engine}:///{path}", "--read-only")
        done = query("INSERT INTO t VALUES (1)", on=engine)
        assert done.status == 1
        assert query("SELECT count(*) AS n FROM t", "--format", "csv", on=engine).text == "n\n0\n"


def test_the_engines_are_listed_with_their_stop() -> None:
    found = {each["name"]: each for each in json.loads(workbench("engines", "--json").text)}
    assert found["duckdb"]["stop"] == "connection.interrupt()"
    assert found["duckdb"]["available"] is True
    assert found["sqlite"]["driver"] is None
    assert "connection.interrupt()" in workbench("engines").text
