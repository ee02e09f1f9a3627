"""Which connection a tab is on: nothing of another statement or transaction is lost by choosing."""

import contextlib
import sqlite3
from pathlib import Path

import duckdb
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.ui.window.conftest import Desk
from workbench.core.adapter.contract import Transaction


def _files(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_text(f"SELECT '{path.stem}'")
    return paths


def _database(desk: Desk, path: Path) -> None:
    """Make a database file with a table of its own name, in a tab that is closed again."""
    tab = desk.new_tab(f"duckdb:///{path}?create=1")
    desk.run(f"CREATE TABLE of_{path.stem} (i INTEGER)")
    desk.window.tabs.remove_page(tab.page)
    desk.wait(lambda: desk.runs.workers.busy() == 0)


def test_another_connection_for_a_running_tab_opens_a_tab(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.start(runaway)
    first = desk.tab
    desk.connect("duckdb:///:memory:")
    assert desk.tab is not first
    assert first.run.pool is not desk.tab.run.pool
    desk.run("SELECT 1")
    assert first.run.running
    first.run.stop()
    desk.wait(lambda: not first.run.running)
    assert first.run.last_end is not None
    assert first.run.last_end.state.value == "CANCELLED"


def test_another_connection_never_ends_an_open_transaction(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE t (i INTEGER)")
    desk.run("BEGIN; INSERT INTO t VALUES (1)", whole=True)
    first = desk.tab
    desk.connect("duckdb:///:memory:")
    assert desk.tab is not first
    assert "transaction" in desk.find(QLabel, "drawerNote").text()
    assert first.run.stake.transaction is Transaction.ACTIVE
    desk.window.deck.show(first.page.tab_id)
    assert desk.window.picker.current_key == url
    desk.action("commitAction").trigger()
    desk.wait(lambda: not first.run.running)
    assert desk.value("SELECT count(*) FROM t") == 1


def test_the_first_tab_is_followed_by_the_toolbar_also_after_all_were_closed(desk: Desk) -> None:
    assert desk.button.isEnabled()
    desk.window.tabs.remove_page(desk.tab.page)
    assert not desk.button.isEnabled()
    desk.action("newTabAction").trigger()
    assert desk.button.isEnabled()
    assert desk.combo("transactionModePicker").isEnabled()


def _drop(widget: QWidget, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(5, 5).toPoint(), *how, none)
    QApplication.sendEvent(widget, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), *how, none))


def test_scripts_dropped_anywhere_on_the_window_open_in_tabs(desk: Desk, tmp_path: Path) -> None:
    _drop(desk.window, _files(tmp_path, "one.sql", "two.sql"))
    desk.wait(lambda: len(desk.window.tabs.pages()) == 3)
    titles = {page.title for page in desk.window.tabs.pages()}
    assert {"one.sql", "two.sql"} <= titles


def test_a_dropped_database_opens_with_a_tab_of_its_own(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "dropped.duckdb"
    _database(desk, path)
    first = desk.tab
    before = first.run.pool
    _drop(desk.window, [path])
    desk.wait(lambda: desk.tab is not first and desk.tab.run.pool is not None)
    assert first.run.pool is before
    desk.run("SELECT * FROM of_dropped")


def test_several_databases_open_each_in_a_tab_of_its_own(desk: Desk, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.duckdb" for name in ("a", "b", "c")]
    for path in paths:
        _database(desk, path)
    already = set(desk.window.tabs.pages())

    async def opened() -> None:
        for path in paths:
            await desk.window.filing.opened(path, apart=True)

    done = desk.runs.spawn(opened())
    desk.wait(done.done)
    found = [tab for tab in desk.window.deck.all() if tab.page not in already]
    pools = [tab.run.pool for tab in found]
    assert [Path(pool.target.database) for pool in pools if pool is not None] == paths


def test_a_missing_file_is_named_where_it_can_be_read(desk: Desk, tmp_path: Path) -> None:
    done = desk.runs.spawn(desk.window.filing.opened(tmp_path / "no.sql", apart=True))
    desk.wait(done.done)
    assert len(desk.window.tabs.pages()) == 1
    assert "does not exist" in desk.panel.error.findChild(QLabel, "errorMessage").text()


@pytest.mark.parametrize("name", ["gone.duckdb", "gone.sqlite"])
def test_a_missing_database_can_be_made_good_and_tried_again_in_the_same_tab(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    engine = path.suffix[1:]
    desk.connect(f"{engine}:///{path}")
    desk.run("SELECT 1 AS one", state="FAILED")
    assert str(path) in desk.messages()
    tab = desk.tab
    _make_elsewhere(engine, path)
    desk.run("SELECT i FROM made_meanwhile")
    assert desk.tab is tab


def _make_elsewhere(engine: str, path: Path) -> None:
    sql = "CREATE TABLE made_meanwhile (i INTEGER)"
    if engine == "duckdb":
        with duckdb.connect(str(path)) as made:
            made.execute(sql)
    else:
        with contextlib.closing(sqlite3.connect(path)) as made_too:
            made_too.execute(sql)


def test_a_tab_closed_while_its_script_is_written_is_no_fault(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk.type("SELECT 1")
    page = desk.tab.page
    page.file_path = str(tmp_path / "kept.sql")
    saved = desk.runs.spawn(desk.window.filing.saved(page))
    QApplication.processEvents()
    desk.window.tabs.remove_page(page)
    del page
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    desk.wait(saved.done)
    assert (tmp_path / "kept.sql").read_text() == "SELECT 1"
    assert "failed" not in caplog.text
