"""The connection dialog in a real window: form and URL in step, tests that stop, clear errors."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.dialogs.conftest import Opened
from tests.ui.dialogs.engines import FILES, SERVER
from workbench.core.adapter.target import Secret
from workbench.ui.dialogs.connection import ConnectionDialog, Mode
from workbench.ui.dialogs.connection_draft import ConnectionDraft
from workbench.ui.dialogs.connection_fields import FieldEditor

ENGINES = (FILES, SERVER)


@pytest.fixture
def dialog(window: QWidget, opened: Opened) -> ConnectionDialog:
    dialog = ConnectionDialog(ENGINES, taken=("shop",), parent=window)
    opened(dialog)
    return dialog


def field(dialog: ConnectionDialog, where: str) -> FieldEditor:
    return dialog.address.form.editors[where]


def line(dialog: ConnectionDialog, where: str) -> QLineEdit:
    found = field(dialog, where).line
    assert found is not None
    return found


def retype(edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)


def type_url(dialog: ConnectionDialog, url: str) -> None:
    retype(dialog.address.url, url)


def test_typing_into_the_form_writes_the_url(dialog: ConnectionDialog) -> None:
    retype(line(dialog, "database"), "/data/my shop.fdb")
    retype(line(dialog, "threads"), "4")
    box = field(dialog, "readonly").box
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert dialog.address.url.text() == "files:////data/my%20shop.fdb?threads=4&readonly=1"


def test_typing_a_url_fills_the_form_and_changes_the_engine(dialog: ConnectionDialog) -> None:
    type_url(dialog, "server://me@db1:99/shop?ssl=require")
    assert dialog.address.spec is SERVER
    assert dialog.address.engine.currentText() == "Server"
    assert line(dialog, "host").text() == "db1"
    assert line(dialog, "port").text() == "99"
    assert line(dialog, "user").text() == "me"
    assert field(dialog, "ssl").text == "require"
    assert dialog.name.placeholderText() == "shop on db1"
    assert dialog.address.url.text() == "server://me@db1:99/shop?ssl=require"


def test_a_password_in_the_url_moves_to_its_field(dialog: ConnectionDialog) -> None:
    type_url(dialog, "server://me:s3cret@db1/shop")
    dialog.name.setFocus()
    assert "s3cret" not in dialog.address.url.text()
    assert line(dialog, "password").text() == "s3cret"
    assert line(dialog, "password").echoMode() is QLineEdit.EchoMode.Password
    draft = dialog.draft()
    assert draft.password is not None
    assert draft.password.reveal() == "s3cret"
    assert "s3cret" not in repr(draft)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("files:///a?colour=1", "'colour'"),
        ("nonsense", "A URL begins with one of: files://, server://"),
        ("server://db:99999/x", "ort"),
        ("files://a.fdb", "three slashes"),
        ("", "A URL begins with"),
    ],
)
def test_what_is_wrong_with_a_url_is_said_beside_it(
    dialog: ConnectionDialog, url: str, said: str
) -> None:
    dialog.address.url.setFocus()
    dialog.address.url.selectAll()
    QTest.keyClick(dialog.address.url, Qt.Key.Key_Delete)
    QTest.keyClicks(dialog.address.url, url)
    assert dialog.address.problem.isVisible()
    assert said in dialog.address.problem.text()
    assert dialog.address.url.property("invalid")
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert said in dialog.address.problem.text()


def test_choosing_another_engine_keeps_what_both_know(dialog: ConnectionDialog) -> None:
    retype(line(dialog, "database"), "shop")
    dialog.address.engine.setFocus()
    QTest.keyClick(dialog.address.engine, Qt.Key.Key_Down)
    assert dialog.address.spec is SERVER
    assert line(dialog, "database").text() == "shop"
    assert line(dialog, "port").text() == "5432"
    assert dialog.address.url.text() == "server://:5432/shop"


def test_by_keys_alone_a_connection_is_described(window: QWidget, opened: Opened) -> None:
    dialog = ConnectionDialog(ENGINES, parent=window)
    answers = opened(dialog)
    assert dialog.focusWidget() is line(dialog, "database")
    QTest.keyClicks(dialog.focusWidget(), "/data/shop.fdb")
    order = []
    while dialog.focusWidget() is not dialog.save:
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        order.append(dialog.focusWidget().objectName())
        assert len(order) < 20
    assert order == [
        "browse_database",
        "field_readonly",
        "field_threads",
        "connectionUrl",
        "connectionName",
        "connectionSave",
    ]
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    QTest.keyClicks(dialog.name, "mine")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert answers == [ConnectionDraft("files:////data/shop.fdb", "mine", save=True)]


def test_the_tab_order_holds_for_an_engine_chosen_later(dialog: ConnectionDialog) -> None:
    type_url(dialog, "server://db/x")
    dialog.address.engine.setFocus()
    order = []
    while dialog.focusWidget() is not dialog.address.url:
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        order.append(dialog.focusWidget().objectName())
        assert len(order) < 20
    assert order[:3] == ["field_host", "field_port", "field_database"]


def test_esc_answers_none(window: QWidget, opened: Opened) -> None:
    dialog = ConnectionDialog(ENGINES, parent=window)
    answers = opened(dialog)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert answers == [None]


def test_a_missing_field_is_named_and_gets_the_caret(dialog: ConnectionDialog) -> None:
    type_url(dialog, "server:///x")
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert dialog.address.problem.text() == "Host is needed."
    assert dialog.focusWidget() is line(dialog, "host")


def test_saving_needs_a_name_of_its_own(dialog: ConnectionDialog) -> None:
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton, pos=dialog.save.rect().center())
    dialog.save.setChecked(True)
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert dialog.address.problem.text() == "A connection that is saved needs a name."
    assert dialog.focusWidget() is dialog.name
    QTest.keyClicks(dialog.name, "shop")
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert "“shop” already" in dialog.address.problem.text()
    assert dialog.isVisible()


def test_a_new_database_needs_a_place_and_wants_to_be_made(window: QWidget, opened: Opened) -> None:
    dialog = ConnectionDialog(ENGINES, mode=Mode.NEW_DATABASE, parent=window)
    answers = opened(dialog)
    assert dialog.address.engine.count() == 1  # the server cannot make one from a URL
    assert "readonly" not in dialog.address.form.editors
    assert not dialog.test.isVisible()
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert dialog.address.problem.text() == "File is needed."
    QTest.keyClicks(line(dialog, "database"), "/data/new.fdb")
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert answers == [ConnectionDraft("files:////data/new.fdb?create=1", "new")]


def test_editing_starts_with_what_is_saved(window: QWidget, opened: Opened) -> None:
    draft = ConnectionDraft("server://me@db/shop", "shop", Secret("x"), save=True, production=True)
    dialog = ConnectionDialog(
        ENGINES, mode=Mode.EDIT, draft=draft, taken=("shop", "b"), parent=window
    )
    answers = opened(dialog)
    assert dialog.name.text() == "shop"
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    (answer,) = answers
    assert isinstance(answer, ConnectionDraft)
    assert (answer.url, answer.name, answer.production) == (draft.url, "shop", True)
    assert answer.password is not None
    assert answer.password.reveal() == "x"


def test_a_test_asks_shows_that_it_runs_and_what_came_of_it(
    dialog: ConnectionDialog, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(dialog.test_wanted) as asked:
        QTest.mouseClick(dialog.test.button, Qt.MouseButton.LeftButton)
    draft, number = asked.args
    assert isinstance(draft, ConnectionDraft)
    assert dialog.test.button.text() == "Stop"
    assert dialog.test.result.text() == "Testing…"
    dialog.test_passed(number, "Files 1.0")
    assert dialog.test.result.text() == "✓  Files 1.0"
    assert dialog.test.button.text() == "Test connection"


def test_a_test_can_be_stopped(dialog: ConnectionDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.test_wanted) as asked:
        QTest.mouseClick(dialog.test.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.test_stop_wanted) as stopped:
        QTest.mouseClick(dialog.test.button, Qt.MouseButton.LeftButton)
    assert stopped.args == [asked.args[1]]
    dialog.test_stopped(asked.args[1])
    assert dialog.test.result.text() == "The test was stopped."


def test_a_change_stops_a_test_and_drops_its_answer(dialog: ConnectionDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.test_wanted) as asked:
        QTest.mouseClick(dialog.test.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.test_stop_wanted):
        QTest.keyClicks(line(dialog, "database"), "x")
    dialog.test_passed(asked.args[1], "the old address")
    assert dialog.test.result.text() == ""
    assert not dialog.test.testing


def test_closing_stops_a_test(dialog: ConnectionDialog, qtbot: QtBot) -> None:
    QTest.mouseClick(dialog.test.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.test_stop_wanted):
        dialog.reject()


def test_a_failed_test_says_why_and_the_dialog_grows_with_it(dialog: ConnectionDialog) -> None:
    QTest.mouseClick(dialog.test.button, Qt.MouseButton.LeftButton)
    before = dialog.height()
    dialog.test_failed(dialog.test.number, "No such file", "it is not there. " * 30)
    result = dialog.test.result
    assert result.text().startswith("✕  No such file: it is not there.")
    assert dialog.height() > before
    assert result.height() >= result.heightForWidth(result.width())


def test_a_file_is_found_by_browsing(
    dialog: ConnectionDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "shop.fdb"
    path.touch()
    browse = field(dialog, "database").browse
    assert browse is not None
    QTest.mouseClick(browse, Qt.MouseButton.LeftButton)
    files = dialog.findChild(QFileDialog, "browseDialog")
    assert files is not None
    assert files.isVisible()  # and we are still running: it was not exec()uted
    with qtbot.waitSignal(files.fileSelected):
        files.selectFile(str(path))
        files.accept()
    assert line(dialog, "database").text() == str(path)
    assert dialog.address.url.text() == f"files:///{path}"
