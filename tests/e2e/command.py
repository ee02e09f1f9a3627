"""The real `workbench` process for the tests in this folder: run it, watch it, signal it."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
MEMORY = "duckdb:///:memory:"
# Minutes of work for either engine, with nothing to fetch until the end.
ENDLESS = {
    MEMORY: "SELECT count(*) FROM range(200000000000) r(i) WHERE (i * 7919) % 1000003 = 11",
    "sqlite:///:memory:": "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c "
    "WHERE i < 100000000000) SELECT count(*) FROM c WHERE i % 7 = 3",
}
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Done:
    """A process that has ended."""

    status: int
    out: bytes
    err: str

    def __post_init__(self) -> None:
        assert "leaked" not in self.err, "a driver complains at the interpreter's end"

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")


def workbench(
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
    stdout: "int | IO[bytes]" = subprocess.PIPE,
) -> Done:
    """Run it to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *arguments],
        cwd=ROOT,
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
        preexec_fn=before,
        timeout=PATIENCE_S * 3,
        check=False,
    )
    return Done(done.returncode, done.stdout or b"", done.stderr.decode("utf-8"))


def query(sql: str, *options: str, on: str = MEMORY, **more: Any) -> Done:
    """Run `workbench query` to its end."""
    return workbench("query", "-c", on, *options, sql, **more)


@contextmanager
def started(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator["Running"]:
    """Start it; whatever happens, it is gone afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
    )
    try:
        yield Running(process)
    finally:
        process.kill()
        process.communicate()


class Running:
    """A process that runs."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def wait_until_at_work(self) -> None:
        """Wait until the history shows its query running and it has worked on it since."""
        until(lambda: any(row["status"] == "RUNNING" for row in history_rows()), self.process)
        worker = psutil.Process(self.process.pid)
        began = worker.cpu_times().user
        until(lambda: worker.cpu_times().user >= began + 0.2, self.process)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> Done:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return Done(self.process.returncode, out, err.decode("utf-8"))


def until(holds: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait for an effect; the process's early end is a failure, told with its words."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if process.poll() is not None:
            assert process.stderr is not None
            raise AssertionError(f"it ended early: {process.stderr.read().decode()}")
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)


def history_path() -> Path:
    return Path(os.environ["WORKBENCH_HOME"]) / "data" / "history.sqlite"


def history_rows() -> list[dict[str, Any]]:
    """The rows of the history file, oldest first, read past Workbench's own code."""
    if not history_path().exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{history_path()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute("SELECT * FROM runs ORDER BY n")]
    except sqlite3.OperationalError:  # it is being made
        return []


def stats_of(done: Done) -> dict[str, Any]:
    """The --stats object among the lines of stderr."""
    (line,) = [line for line in done.err.splitlines() if line.startswith("{")]
    found: dict[str, Any] = json.loads(line)
    return found


def lines(text: str) -> Sequence[str]:
    return text.splitlines()
