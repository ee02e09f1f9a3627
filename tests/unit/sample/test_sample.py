"""The sample databases are whole or not there at all, and the same each time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import Connection, Statement
from workbench.core.errors import EngineError, ErrorKind, UserError
from workbench.core.profiles.sample import (
    SAMPLES,
    ensure_sample,
    sample_path,
    sample_script,
    sample_target,
)
from workbench.core.sql.split import split

ENGINES = [sample.engine for sample in SAMPLES]


class Attempt:
    """A connection attempt that can be stopped from another thread, as the window does it."""

    timeout_s = 60.0

    def __init__(self) -> None:
        self.stopped = False
        self._abort: Callable[[], None] = lambda: None

    def on_stop(self, abort: Callable[[], None]) -> None:
        self._abort = abort
        if self.stopped:
            abort()

    def stop(self) -> None:
        self.stopped = True
        self._abort()


@pytest.fixture(scope="module", params=ENGINES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one sample in it, made once for all tests of this file."""
    folder = tmp_path_factory.mktemp("samples")
    ensure_sample(folder, request.param, Attempt())
    return folder


def engine_of(made: Path) -> str:
    return next(each for each in ENGINES if sample_path(made, each).exists())


def rows(made: Path, sql: str) -> list[tuple[object, ...]]:
    engine = engine_of(made)
    connection = discovery.find(engine).connect(
        sample_target(sample_path(made, engine), engine), Attempt()
    )
    try:
        return query(connection, sql)
    finally:
        connection.close()


def query(connection: Connection, sql: str) -> list[tuple[object, ...]]:
    cursor = connection.execute(Statement(sql))
    found = [tuple(row.values()) for batch in cursor.batches() for row in batch.to_pylist()]
    cursor.close()
    return found


@pytest.mark.parametrize(
    ("table", "least"),
    [("customers", 50_000), ("products", 1_800), ("orders", 1_000_000), ("types", 6)],
)
def test_it_has_enough_rows_to_try_everything(made: Path, table: str, least: int) -> None:
    ((count,),) = rows(made, f"select count(*) from {table}")
    assert isinstance(count, int)
    assert count >= least


def test_its_references_hold(made: Path) -> None:
    orphans = rows(
        made,
        "select (select count(*) from orders o left join customers c using (customer_id)"
        " where c.customer_id is null), (select count(*) from orders o left join products p"
        " using (product_id) where p.product_id is null), (select count(*) from customers c"
        " left join regions r using (region_id) where r.region_id is null)",
    )
    assert orphans == [(0, 0, 0)]


def test_its_views_and_odd_names_can_be_read(made: Path) -> None:
    assert len(rows(made, "select * from monthly_revenue")) >= 53
    assert rows(made, 'select "select", "Größe" from "Odd names, quoted" order by 1') == [
        (1, 1.86),
        (2, None),
    ]
    assert rows(made, "select count(*) from wishlist") == [(0,)]


def test_its_text_has_many_scripts(made: Path) -> None:
    (text,) = [
        str(row[0]) for row in rows(made, "select a_text from types where label like 'نص%'")
    ] if engine_of(made) == "sqlite" else [
        str(row[0]) for row in rows(made, "select a_varchar from types where label like 'نص%'")
    ]  # fmt: skip
    assert "漢字" in text
    assert "עברית" in text
    assert "👩🏽‍🚀" in text


def test_nothing_but_the_sample_is_left(made: Path) -> None:
    assert list(made.iterdir()) == [sample_path(made, engine_of(made))]


def test_the_second_time_it_is_there_at_once(made: Path) -> None:
    path = sample_path(made, engine_of(made))
    before = path.stat()
    told: list[str] = []
    assert ensure_sample(made, engine_of(made), Attempt(), told.append) == path
    assert path.stat() == before
    assert told == []


@pytest.mark.parametrize("engine", ENGINES)
def test_the_script_draws_no_chance(engine: str) -> None:
    script = sample_script(engine).lower()
    assert "random" not in script
    assert "current_" not in script.replace("default current_timestamp", "")
    assert "now()" not in script


@pytest.mark.parametrize("made", ["sqlite"], indirect=True)  # each costs seconds: one is enough
def test_the_same_script_makes_the_same_rows(made: Path, tmp_path: Path) -> None:
    ensure_sample(tmp_path, "sqlite", Attempt())
    check = "select sum(amount), sum(customer_id * order_id % 1000), max(ordered_at) from orders"
    assert rows(made, check) == rows(tmp_path, check)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_statement_says_what_it_makes(engine: str, tmp_path: Path) -> None:
    attempt = Attempt()
    told: list[str] = []

    def progress(text: str) -> None:
        told.append(text)
        if len(told) == 6:
            attempt.stop()

    with pytest.raises(EngineError):
        ensure_sample(tmp_path, engine, attempt, progress)
    assert all(told)
    assert told[0] == "Preparing"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stop_interrupts_the_statement_and_leaves_nothing(engine: str, tmp_path: Path) -> None:
    attempt = Attempt()
    big = threading.Event()
    pieces = split(sample_script(engine), engine)
    longest = next(text for text in (piece.text for piece in pieces) if "000,000 orders" in text
                   or "200,000 orders" in text)  # fmt: skip
    label = longest.splitlines()[0].lstrip("- ")

    def progress(text: str) -> None:
        if text == label:
            big.set()

    errors: list[EngineError] = []

    def make() -> None:
        try:
            ensure_sample(tmp_path, engine, attempt, progress)
        except EngineError as error:
            errors.append(error)

    worker = threading.Thread(target=make)
    worker.start()
    assert big.wait(60)
    while worker.is_alive():  # a stop in the instants before the statement starts is lost there
        attempt.stop()
        worker.join(0.02)
    assert [error.kind for error in errors] == [ErrorKind.STOPPED]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stop_that_came_before_makes_nothing(engine: str, tmp_path: Path) -> None:
    attempt = Attempt()
    attempt.stop()
    with pytest.raises(EngineError) as caught:
        ensure_sample(tmp_path / "new", engine, attempt)
    assert caught.value.kind is ErrorKind.STOPPED
    assert not sample_path(tmp_path / "new", engine).exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_process_killed_half_way_leaves_nothing_that_is_taken_for_whole(
    engine: str, tmp_path: Path
) -> None:
    command = [sys.executable, "resources/make_sample.py", "--out", str(tmp_path)]
    process = subprocess.Popen(
        [*command, "--engine", engine], stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "orders" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not sample_path(tmp_path, engine).exists()
    left = list(tmp_path.iterdir())
    assert left
    for each in left:  # as if it had been an hour and a half ago
        os.utime(each, (time.time() - 5400, time.time() - 5400))
    attempt = Attempt()
    with pytest.raises(EngineError):  # the next one sweeps up, and is stopped at once
        ensure_sample(tmp_path, engine, attempt, lambda text: attempt.stop())
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_make_it_once(tmp_path: Path) -> None:
    told: list[str] = []
    made: list[Path] = []
    workers = [
        threading.Thread(
            target=lambda: made.append(ensure_sample(tmp_path, "sqlite", Attempt(), told.append))
        )
        for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert made == [sample_path(tmp_path, "sqlite")] * 3
    assert told.count("1,000,000 orders") == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError) as caught:
        ensure_sample(tmp_path / "file" / "samples", "duckdb", Attempt())
    assert str(tmp_path / "file") in caught.value.message


def test_an_engine_without_a_sample_is_named() -> None:
    with pytest.raises(UserError, match="redis"):
        sample_script("redis")
