"""The real window as a process: the tour, an orderly end, a kill, and starting again."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.core.history.store import HistoryStore
from workbench.core.paths import user_paths

PATIENCE_S = 240.0
RUNAWAY = "SELECT count(*) FROM range(1000000) a(i), range(1000000) b(j) WHERE i * j % 7 = 3"
WRITING = (
    "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
)


def _operate(said: Path, url: str, sql: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.operator", str(said), url, sql],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_until_running(process: subprocess.Popen[str], said: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not said.exists():
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.fail(f"the window ended: {process.stderr.read()}")
        assert time.monotonic() < deadline, "the query did not start"
        time.sleep(0.05)


@pytest.mark.slow
def test_the_tour_opens_runs_cancels_and_leaves_its_screenshots(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "--tour", str(tmp_path / "tour")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seen gone" in done.stdout
    assert "the same tab ran the next statement" in done.stdout
    names = [path.name.partition("-")[2] for path in sorted((tmp_path / "tour").glob("*.png"))]
    assert {"result.png", "running.png", "cancelling.png", "cancelled.png"} <= set(names)


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_query_at_the_database_and_ends_in_order(
    tmp_path: Path, ending: signal.Signals
) -> None:
    path = tmp_path / "t.duckdb"
    process = _operate(tmp_path / "said", f"duckdb:///{path}?create=1", RUNAWAY)
    _wait_until_running(process, tmp_path / "said")
    process.send_signal(ending)
    _out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    assert "Traceback" not in err, err
    run = HistoryStore(user_paths().history).search("")[0]
    assert run.status == "CANCELLED"
    assert run.stop is not None
    assert (run.stop.reason, run.stop.outcome, run.stop.verified) == ("shutdown", "stopped", True)


@pytest.mark.slow
def test_after_a_kill_the_history_says_so_and_the_file_is_whole_and_free(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (i INTEGER)")
    made.close()
    process = _operate(tmp_path / "said", f"sqlite:///{path}", WRITING)
    _wait_until_running(process, tmp_path / "said")
    process.kill()
    process.communicate(timeout=PATIENCE_S)
    run = HistoryStore(user_paths().history).search("")[0]
    assert run.shown_status == "interrupted by a crash"
    with sqlite3.connect(path) as again:
        assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert again.execute("SELECT count(*) FROM t").fetchone() == (0,)
        again.execute("INSERT INTO t VALUES (1)")
    again.close()
