"""New database and Connect, from the dialog to the tab, and once more after a restart."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit

from tests.ui.window.conftest import Desk
from workbench.ui.runtime.connections import Connections, Origin, without_create


def _dialog(desk: Desk, action: str) -> QDialog:
    desk.action(action).trigger()
    desk.wait(lambda: desk.dialog("connectionDialog") is not None)
    dialog = desk.dialog("connectionDialog")
    assert dialog is not None
    return dialog


def _fill(desk: Desk, dialog: QDialog, url: str, name: str = "") -> None:
    address = dialog.findChild(QLineEdit, "connectionUrl")
    assert address is not None
    address.setFocus()
    address.selectAll()
    desk.qtbot.keyClicks(address, url)
    if name:
        field = dialog.findChild(QLineEdit, "connectionName")
        box = dialog.findChild(QCheckBox, "connectionSave")
        assert field is not None
        assert box is not None
        desk.qtbot.keyClicks(field, name)
        box.setChecked(True)


def _restart(desk: Desk) -> None:
    kept = desk.window.workspace()
    for page in desk.window.tabs.pages():
        desk.window.tabs.remove_page(page)
    desk.wait(lambda: desk.runs.workers.busy() == 0)
    desk.window.restore(kept)


def test_a_new_database_is_made_used_and_not_made_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "mine.duckdb"
    dialog = _dialog(desk, "newDatabaseAction")
    _fill(desk, dialog, f"duckdb:///{path}?create=1")
    desk.press(dialog, "Create")
    desk.wait(lambda: desk.tab.run.pool is not None)
    desk.run("CREATE TABLE t AS SELECT 7 AS seven")
    assert desk.window.picker.currentText() == "mine.duckdb"
    _restart(desk)
    assert desk.value("SELECT seven FROM t") == 7
    _restart(desk)
    path.unlink()
    desk.run("SELECT seven FROM t", state="FAILED")
    assert not path.exists()
    assert str(path) in desk.messages()


def test_a_new_database_that_is_saved_as_a_connection_is_made_too(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "both.duckdb"
    dialog = _dialog(desk, "newDatabaseAction")
    _fill(desk, dialog, f"duckdb:///{path}?create=1", "both")
    desk.press(dialog, "Create")
    desk.wait(lambda: desk.tab.run.pool is not None)
    desk.run("CREATE TABLE t (i INTEGER)")
    assert path.exists()
    assert [
        o.key for o in desk.window.connect_flow._connections.offers() if o.origin is Origin.SAVED
    ] == ["both"]


def test_a_saved_connection_is_offered_and_opened_again_by_its_name(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "kept.sqlite"
    desk.connect(f"sqlite:///{path}?create=1")
    desk.run("CREATE TABLE t AS SELECT 5 AS five")
    dialog = _dialog(desk, "connectAction")
    _fill(desk, dialog, f"sqlite:///{path}", "my notes")
    desk.press(dialog, "Connect")
    desk.wait(lambda: desk.tab.page.connection == "my notes")
    assert desk.value("SELECT five FROM t") == 5
    _restart(desk)
    assert desk.window.picker.current_key == "my notes"
    assert desk.value("SELECT five FROM t") == 5
    others = Connections(desk.runs)
    read = desk.runs.spawn(others.load())
    desk.wait(read.done)
    saved = [offer for offer in others.offers() if offer.origin is Origin.SAVED]
    assert [(offer.key, offer.url) for offer in saved] == [("my notes", f"sqlite:///{path}")]


@pytest.mark.parametrize(
    ("url", "again"),
    [
        ("duckdb:///a.db?create=1", "duckdb:///a.db"),
        ("duckdb:///a.db?threads=2&create=1", "duckdb:///a.db?threads=2"),
        ("duckdb:///a.db?create=1&threads=2", "duckdb:///a.db?threads=2"),
        ("duckdb:///a.db", "duckdb:///a.db"),
        ("my notes", "my notes"),
    ],
)
def test_what_is_opened_again_must_exist(url: str, again: str) -> None:
    assert without_create(url) == again
