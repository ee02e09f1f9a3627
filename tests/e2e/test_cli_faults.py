"""`workbench query` where something is wrong around it: files, locks, homes, disks.

Each is a clear message and the right status, and nothing is lost.
"""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.e2e.command import MEMORY, history_path, query, workbench

HOLD = {
    "duckdb": "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); "
    "sys.stdin.read()",
    "sqlite": "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
    "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()",
}


@contextmanager
def held(engine: str, path: Path) -> Iterator[None]:
    """Another process holds the file `path` locked."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD[engine], str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            process.kill()


def make(engine: str, path: Path) -> None:
    done = query("CREATE TABLE t AS SELECT 5 AS x", on=f"{engine}:///{path}?create=1")
    assert done.status == 0, done.err


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_a_missing_file_ends_with_3_and_is_not_made(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "missing.db"
    for on in (f"{engine}:///{path}", str(path)):
        done = query("SELECT 1", on=on)
        assert done.status == 3
        assert "No such file" in done.err
        assert str(path) in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_a_file_that_is_no_database_ends_with_3_and_stays_as_it_was(
    engine: str, tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("This is a text, and it is longer than any header.\n" * 100)
    before = path.read_bytes()
    for on in (f"{engine}:///{path}", str(path)):
        done = query("SELECT 1", on=on)
        assert done.status == 3
        assert str(path) in done.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_a_folder_ends_with_3(engine: str, tmp_path: Path) -> None:
    for on in (f"{engine}:///{tmp_path}", str(tmp_path)):
        done = query("SELECT 1", on=on)
        assert done.status == 3
        assert "folder" in done.err


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_a_file_locked_by_another_process_ends_with_3(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    make(engine, path)
    option = "?busy_timeout=50" if engine == "sqlite" else ""
    with held(engine, path):
        done = query("SELECT * FROM t", on=f"{engine}:///{path}{option}")
    assert done.status == 3
    assert "another p" in done.err  # process, program
    assert query("SELECT x FROM t", "--format", "csv", on=str(path)).text == "x\n5\n"


def a_file_in_its_place(tmp_path: Path) -> Path:
    home = tmp_path / "file"
    home.write_text("I am no folder")
    return home


def below_proc(tmp_path: Path) -> Path:
    """A place where even root makes nothing."""
    return Path("/proc/workbench")


@pytest.mark.parametrize("place", [a_file_in_its_place, below_proc])
def test_in_an_unwritable_home_the_query_runs_with_one_warning(
    place: Callable[[Path], Path], tmp_path: Path
) -> None:
    done = query("SELECT 1 AS one", "--format", "csv", env={"WORKBENCH_HOME": str(place(tmp_path))})
    assert (done.status, done.text) == (0, "one\n1\n")
    assert done.err.count("Warning") == 1
    assert "only not recorded" in done.err
    assert "Traceback" not in done.err


def test_the_history_of_an_unwritable_home_is_an_error_that_names_it(tmp_path: Path) -> None:
    home = a_file_in_its_place(tmp_path)
    done = workbench("connections", "add", "x", MEMORY, env={"WORKBENCH_HOME": str(home)})
    assert done.status == 2
    assert str(home) in done.err
    assert "Traceback" not in done.err


def test_a_locked_history_costs_a_warning_and_not_the_query() -> None:
    assert query("SELECT 1").status == 0
    with closing(sqlite3.connect(history_path(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = query("SELECT 2 AS two", "--format", "csv")
    assert (done.status, done.text) == (0, "two\n2\n")
    assert done.err.count("Warning") == 1
    assert "locked" in done.err


def test_a_damaged_history_is_set_aside_and_a_new_one_begun() -> None:
    history_path().parent.mkdir(parents=True)
    history_path().write_bytes(b"this was a history once" * 1000)
    done = query("SELECT 1 AS one", "--format", "csv")
    assert (done.status, done.text) == (0, "one\n1\n")
    assert "damaged" in done.err
    (aside,) = history_path().parent.glob("history.sqlite.damaged-*")
    assert aside.read_bytes() == b"this was a history once" * 1000
    assert "SELECT 1 AS one" in workbench("history").text


def small_files_only() -> None:
    """What a full disk is like: no file of this process grows past 200,000 bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


@pytest.mark.parametrize("form", ["csv", "json", "table", "parquet", "arrow"])
def test_a_full_disk_leaves_no_torn_output(form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("old")
    done = query(
        "SELECT range, md5(range::VARCHAR) FROM range(1000000)",
        "--format", form, "--output", str(out),
        before=small_files_only,
    )  # fmt: skip
    assert done.status == 2
    assert str(out) in done.err
    assert "Traceback" not in done.err
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_stdout_on_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = query("SELECT 1", stdout=full)
    assert done.status == 2
    assert "No space left" in done.err
    assert "Traceback" not in done.err


def no_file_grows() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_on_a_full_disk_the_query_runs_unrecorded() -> None:
    done = query("SELECT 1 AS one", "--format", "csv", before=no_file_grows)
    assert (done.status, done.text) == (0, "one\n1\n")
    assert done.err.count("Warning") == 1


def test_broken_settings_cost_a_warning(home: Path) -> None:
    settings = home / "workbench" / "config" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("theme = \n")
    done = query("SELECT 1 AS one", "--format", "csv")
    assert (done.status, done.text) == (0, "one\n1\n")
    assert str(settings) in done.err


def test_broken_connections_are_an_error_that_names_the_line_and_are_left_alone(
    home: Path,
) -> None:
    place = home / "workbench" / "config" / "connections.toml"
    place.parent.mkdir(parents=True)
    place.write_text('[[connections]]\nname = "a"\nurl = "sqlite:///x\n')
    before = place.read_bytes()
    for arguments in (["list"], ["add", "b", MEMORY], ["remove", "a"]):
        done = workbench("connections", *arguments)
        assert done.status == 2
        assert "line 3" in done.err
        assert "Traceback" not in done.err
    assert place.read_bytes() == before
