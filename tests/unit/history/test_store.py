"""What the history keeps and gives back."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbench.core.adapter import discovery
from workbench.core.errors import UserError
from workbench.core.history.store import SQL_CHARS, Begun, Ended, HistoryStore, Stopped


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[HistoryStore]:
    made = HistoryStore(path)
    yield made
    made.close()


def begun(name: str, sql: str = "SELECT 1", at: float = 1.0, engine: str = "duckdb") -> Begun:
    return Begun(name, engine, "demo", sql, at)


def ended(name: str, status: str = "SUCCESS") -> Ended:
    return Ended(name, status, 5, 1, 12.5, 3.5, "", "")


def stopped(name: str, ms: float | None = 40.0, outcome: str = "stopped") -> Stopped:
    return Stopped(name, "user", "interrupt", outcome, 100.0, 2.0, ms, True, "alive")


def test_a_run_comes_back_as_it_was_told(store: HistoryStore) -> None:
    store.begin(begun("a", "SELECT 'é'", at=7.25))
    store.end(Ended("a", "FAILED", 5, 2, 12.5, None, "CATALOG", "no such table"))
    store.stopped(stopped("a"))
    (run,) = store.search()
    assert (run.id, run.engine, run.connection, run.sql) == ("a", "duckdb", "demo", "SELECT 'é'")
    assert (run.started_at, run.status, run.rows, run.statements) == (7.25, "FAILED", 5, 2)
    assert (run.elapsed_ms, run.first_row_ms) == (12.5, None)
    assert (run.error_code, run.error_message) == ("CATALOG", "no such table")
    assert run.stop == stopped("a")


@pytest.mark.parametrize("verified", [True, False, None])
def test_verified_is_yes_no_or_unknown(store: HistoryStore, verified: bool | None) -> None:
    store.begin(begun("a"))
    stop = Stopped("a", "timeout", "", "unconfirmed", 1.0, None, None, verified, "replaced")
    store.stopped(stop)
    assert store.search()[0].stop == stop


def test_runs_come_newest_first_page_by_page(store: HistoryStore) -> None:
    for number in range(5):
        store.begin(begun(f"q{number}", at=float(number)))
    page = store.search(limit=2)
    assert [run.id for run in page] == ["q4", "q3"]
    rest = store.search(limit=9, before=page[-1].started_at)
    assert [run.id for run in rest] == ["q2", "q1", "q0"]


def test_a_running_query_of_this_process_is_running(store: HistoryStore) -> None:
    store.begin(begun("a"))
    (run,) = store.search()
    assert (run.status, run.shown_status) == ("RUNNING", "RUNNING")


def test_a_running_query_of_a_dead_process_is_interrupted(store: HistoryStore, path: Path) -> None:
    store.begin(begun("a"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE runs SET process = process || '0'")  # begun at another time
        other.commit()
    (run,) = store.search()
    assert (run.status, run.shown_status) == ("INTERRUPTED", "interrupted by a crash")
    (stats,) = store.stats()
    assert stats.orphans == 1


def test_one_interrupted_query_that_ends_after_all_is_what_it_became(
    store: HistoryStore, path: Path
) -> None:
    store.begin(begun("a"))
    store.end(ended("a"))
    assert store.search()[0].status == "SUCCESS"
    assert store.stats()[0].orphans == 0


def test_passwords_are_not_stored(store: HistoryStore, path: Path) -> None:
    store.begin(begun("a", "CREATE USER x PASSWORD 'hunter2'"))
    store.end(Ended("a", "FAILED", 0, 0, 1.0, None, "X", "near \"'hunter2'\" at hunter2"))
    store.close()
    assert b"hunter2" not in path.read_bytes()


def test_a_huge_script_is_cut_and_says_so(store: HistoryStore) -> None:
    store.begin(begun("a", "SELECT 1; " * (SQL_CHARS // 5)))
    (run,) = store.search()
    assert len(run.sql) < SQL_CHARS + 100
    assert "100,000 more characters not kept" in run.sql


@pytest.mark.parametrize("sql", ["a \0 b", "\udcff broken", "\U0001f600", ""])
def test_odd_text_is_stored(store: HistoryStore, sql: str) -> None:
    store.begin(begun("a", sql))
    assert len(store.search()) == 1
    assert store.search("demo")[0].id == "a"


def test_nothing_is_made_by_reading(store: HistoryStore, path: Path) -> None:
    assert store.search() == ()
    assert store.stats() == ()
    assert store.prune(1) == 0
    store.close()
    assert not path.parent.exists()


def test_a_closed_store_opens_again(store: HistoryStore) -> None:
    store.begin(begun("a"))
    store.close()
    store.close()
    assert [run.id for run in store.search()] == ["a"]


def test_the_file_is_the_users_alone(store: HistoryStore, path: Path) -> None:
    store.begin(begun("a"))
    assert {p.stat().st_mode & 0o077 for p in path.parent.iterdir()} == {0}


def is_locked(path: Path) -> bool:
    """Does another process find a lock on the file?"""
    code = (
        "import fcntl, sys\nwith open(sys.argv[1], 'r+b') as file:\n"
        "    try: fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "    except OSError: sys.exit(7)\n"
    )
    return subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 7


def test_a_look_at_the_file_leaves_its_locks(store: HistoryStore, path: Path) -> None:
    store.begin(begun("a"))
    assert is_locked(path)
    found = discovery.for_file(path)
    assert found is not None
    assert found.dialect == "sqlite"
    other = HistoryStore(path)
    assert len(other.search()) == 1
    assert is_locked(path)
    other.close()
    store.close()
    assert not is_locked(path)


def test_old_runs_are_forgotten_with_their_text(store: HistoryStore) -> None:
    import time

    store.begin(begun("old", "SELECT 'ancient'", at=time.time() - 3 * 86_400))
    store.begin(begun("new", at=time.time()))
    assert store.prune(0) == 0
    assert store.prune(2) == 1
    assert [run.id for run in store.search()] == ["new"]
    assert store.search("ancient") == ()


def test_many_threads_write_at_once(store: HistoryStore) -> None:
    def write(number: int) -> None:
        for index in range(20):
            store.begin(begun(f"{number}-{index}"))
            store.end(ended(f"{number}-{index}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runs = store.search(limit=1000)
    assert len(runs) == 120
    assert {run.status for run in runs} == {"SUCCESS"}


def test_statistics_count_outcomes_and_take_measured_percentiles(store: HistoryStore) -> None:
    for number in range(20):
        store.begin(begun(f"s{number}"))
        store.stopped(stopped(f"s{number}", ms=float(number + 1)))
    for name in ("finished_first", "denied", "unconfirmed", "failed"):
        store.begin(begun(name))
        store.stopped(stopped(name, ms=999.0, outcome=name))
    store.begin(begun("plain"))
    store.begin(begun("other", engine="sqlite"))
    duck, lite = store.stats()
    assert (duck.engine, duck.runs, duck.stops, duck.stopped) == ("duckdb", 25, 24, 20)
    assert (duck.finished_first, duck.denied, duck.unconfirmed, duck.failed) == (1, 1, 1, 1)
    assert duck.success_rate == 20 / 23
    assert (duck.p50_ms, duck.p95_ms) == (10.0, 19.0)
    assert (lite.stops, lite.success_rate, lite.p50_ms) == (0, None, None)


def test_a_file_of_a_newer_workbench_is_left_alone(store: HistoryStore, path: Path) -> None:
    store.begin(begun("a"))
    store.close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for call in (lambda: store.begin(begun("b")), store.search):
        with pytest.raises(UserError, match="newer Workbench"):
            call()
    assert path.read_bytes() == before


def test_what_cannot_be_written_is_an_error_that_says_what_it_means(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the folder's place")
    store = HistoryStore(tmp_path / "data" / "history.sqlite")
    with pytest.raises(UserError) as caught:
        store.begin(begun("a"))
    assert str(tmp_path) in caught.value.message
    assert "only not recorded" in caught.value.message


def test_a_damaged_file_is_set_aside_whole_and_told_once(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 999)
    told: list[UserError] = []
    store = HistoryStore(path, told.append)
    store.begin(begun("a"))
    assert [run.id for run in store.search()] == ["a"]
    store.close()
    (error,) = told
    (aside,) = path.parent.glob("*.damaged-*")
    assert aside.name in error.message
    assert aside.read_bytes() == b"no database" * 999


def use_much(store: HistoryStore) -> None:
    for number in range(50):
        store.begin(begun(f"b{number}"))
        store.search("x")


def test_damage_that_comes_later_is_an_error_once_and_then_a_new_history(path: Path) -> None:
    told: list[UserError] = []
    store = HistoryStore(path, told.append)
    store.begin(begun("a", "x" * 50_000))
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)  # the first page is whole: it opens
    path.write_bytes(data)
    with pytest.raises(UserError, match="not available"):
        use_much(store)
    store.begin(begun("c"))
    assert [run.id for run in store.search()] == ["c"]
    assert len(told) == 1
    store.close()


def test_two_stores_that_meet_the_same_damage_lose_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 999)
    first, second = HistoryStore(path), HistoryStore(path)
    barrier = threading.Barrier(2)

    def write(store: HistoryStore, name: str) -> None:
        barrier.wait()
        store.begin(begun(name))

    threads = [threading.Thread(target=write, args=pair) for pair in ((first, "a"), (second, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = {run.id for run in first.search()} | {run.id for run in second.search()}
    assert {run.id for run in first.search()} == names == {"a", "b"}
    assert len(list(path.parent.glob("*.damaged-*"))) == 1
    first.close()
    second.close()
