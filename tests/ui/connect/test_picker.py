"""The connection picker in a real window: it changes the connection on purpose only."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.ui.panels.connect.items import ConnectionItem, ItemKind
from workbench.ui.panels.connect.picker import COMMANDS, ConnectionPicker
from workbench.ui.theme import tokens

DEMO = ConnectionItem("demo", "demo", "DuckDB", ItemKind.OPEN)
LIVE = ConnectionItem("live", "warehouse", "PostgreSQL", ItemKind.SAVED, production=True)
SHOP = ConnectionItem("shop", "shop", "SQLite", ItemKind.SAVED, read_only=True)
SAMPLE = ConnectionItem("sample", "Shop", "sample", ItemKind.SAMPLE)
ITEMS = (DEMO, LIVE, SHOP, SAMPLE)


@pytest.fixture
def picker(qtbot: QtBot, app: QApplication) -> Iterator[ConnectionPicker]:
    interval = app.doubleClickInterval()
    app.setDoubleClickInterval(0)
    picker = ConnectionPicker()
    qtbot.addWidget(picker)
    picker.set_items(ITEMS)
    picker.show()
    qtbot.waitExposed(picker)
    yield picker
    app.setDoubleClickInterval(interval)


@pytest.fixture
def chosen(picker: ConnectionPicker) -> list[str]:
    keys: list[str] = []
    picker.connection_chosen.connect(keys.append)
    return keys


def click(picker: ConnectionPicker, text: str) -> None:
    """Open the list with the mouse and click on a line of it."""
    QTest.mouseClick(picker, Qt.MouseButton.LeftButton)
    assert picker.view().isVisible()
    # A list takes no release within the double-click time of having opened.
    QTest.qWait(0)
    place = picker.view().visualRect(picker.model().index(picker.findText(text), 0)).center()
    QTest.mouseMove(picker.view().viewport(), place)
    QTest.mouseClick(picker.view().viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not picker.view().isVisible()


def test_the_list_has_headings_connections_and_commands(picker: ConnectionPicker) -> None:
    texts = [picker.itemText(line) for line in range(picker.count())]
    assert texts == [
        "Open",
        "demo",
        "Saved connections",
        "warehouse",
        "shop",
        "Sample databases",
        "Shop",
        "",
        *(text for _name, text, _icon in COMMANDS),
    ]


def test_a_connection_is_chosen_from_the_list(picker: ConnectionPicker, chosen: list[str]) -> None:
    picker.set_current("demo")
    click(picker, "shop")
    assert chosen == ["shop"]
    assert picker.current_key == "shop"


def test_choosing_the_current_connection_changes_nothing(
    picker: ConnectionPicker, chosen: list[str]
) -> None:
    picker.set_current("demo")
    click(picker, "demo")
    assert chosen == []


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Open database file…", "open_file_wanted"),
        ("New database…", "new_database_wanted"),
        ("Connect to a URL…", "url_wanted"),
    ],
)
def test_a_command_asks_and_leaves_the_connection_shown(
    picker: ConnectionPicker, chosen: list[str], qtbot: QtBot, text: str, signal: str
) -> None:
    picker.set_current("demo")
    with qtbot.waitSignal(getattr(picker, signal)):
        click(picker, text)
    assert chosen == []
    assert picker.currentText() == "demo"


def test_by_keys_alone_the_list_opens_and_a_connection_is_chosen(
    picker: ConnectionPicker, chosen: list[str], qtbot: QtBot
) -> None:
    picker.set_current("demo")
    picker.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_Down)
    qtbot.waitUntil(picker.view().isVisible)
    QTest.keyClick(picker.view(), Qt.Key.Key_Down)  # over the heading to the next connection
    QTest.keyClick(picker.view(), Qt.Key.Key_Return)
    assert chosen == ["live"]


def test_esc_shuts_the_list_and_changes_nothing(
    picker: ConnectionPicker, chosen: list[str], qtbot: QtBot
) -> None:
    picker.set_current("demo")
    QTest.keyClick(picker, Qt.Key.Key_Space)
    qtbot.waitUntil(picker.view().isVisible)
    QTest.keyClick(picker.view(), Qt.Key.Key_Down)
    QTest.keyClick(picker.view(), Qt.Key.Key_Escape)
    assert not picker.view().isVisible()
    assert chosen == []
    assert picker.currentText() == "demo"


def test_a_letter_over_the_shut_picker_changes_no_connection(
    picker: ConnectionPicker, chosen: list[str]
) -> None:
    picker.set_current("demo")
    for letter in (Qt.Key.Key_S, Qt.Key.Key_W):
        QTest.keyClick(picker, letter)
        picker.hidePopup()
    assert chosen == []
    assert picker.current_key == "demo"


def test_the_wheel_over_it_changes_no_connection(
    picker: ConnectionPicker, chosen: list[str]
) -> None:
    picker.set_current("demo")
    picker.setFocus()
    middle = QPointF(picker.rect().center())
    wheel = QWheelEvent(
        middle,
        picker.mapToGlobal(middle),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picker, wheel)
    assert chosen == []
    assert picker.current_key == "demo"


def test_set_current_emits_nothing_and_says_all_in_words(
    picker: ConnectionPicker, chosen: list[str]
) -> None:
    picker.set_current("live")
    assert chosen == []
    assert picker.accessibleName() == "Connection"
    assert picker.accessibleDescription() == "warehouse, PostgreSQL, production"


def test_a_connection_that_is_not_offered_shows_none(picker: ConnectionPicker) -> None:
    picker.set_current("gone")
    assert picker.currentIndex() == -1
    assert picker.accessibleDescription() == "Choose a connection"


def test_what_is_current_survives_a_new_list(picker: ConnectionPicker, chosen: list[str]) -> None:
    picker.set_current("shop")
    picker.set_items((SHOP,))
    assert picker.currentText() == "shop"
    picker.set_items((DEMO,))
    picker.set_items(ITEMS)
    assert picker.currentText() == "shop"
    assert chosen == []


def test_production_is_told_by_a_bar_and_by_its_word(picker: ConnectionPicker) -> None:
    danger = QColor(tokens.current().danger)

    def bar() -> QColor:
        picker.repaint()
        return picker.grab().toImage().pixelColor(2, picker.height() // 2)

    picker.set_current("live")
    assert bar() == danger
    assert "production" in picker.accessibleDescription()
    picker.set_current("demo")
    assert bar() != danger


def test_a_name_that_looks_like_markup_stays_text(picker: ConnectionPicker) -> None:
    picker.set_items((ConnectionItem("x", "<img src=x>"),))
    picker.set_current("x")
    assert "<img" not in picker.toolTip()
    assert "&lt;img" in picker.toolTip()


def test_a_very_long_name_does_not_widen_the_toolbar(picker: ConnectionPicker) -> None:
    before = picker.sizeHint().width()
    picker.set_items((ConnectionItem("x", "a" * 500),))
    picker.set_current("x")
    assert picker.sizeHint().width() == before
