"""The command palette in a real window, by keys alone and by mouse alone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.dialogs.palette import CommandPalette, EntryKind, PaletteEntry

ENTRIES = (
    PaletteEntry("run", "Run statement", aside="Ctrl+Return"),
    PaletteEntry("run_all", "Run all statements", aside="Ctrl+Shift+Return"),
    PaletteEntry("commit", "Commit", enabled=False),
    PaletteEntry("tab:1", "query 1", EntryKind.TAB),
    PaletteEntry("table:orders", "orders", EntryKind.TABLE, "demo.main"),
)

Palette = Callable[..., tuple[CommandPalette, list[str]]]


@pytest.fixture
def palette(window: QWidget, qtbot: QtBot) -> Palette:
    def open_it(entries: tuple[PaletteEntry, ...] = ENTRIES) -> tuple[CommandPalette, list[str]]:
        made = CommandPalette(entries, window)
        chosen: list[str] = []
        made.chosen.connect(chosen.append)
        made.open_over(window)
        qtbot.waitExposed(made)
        return made, chosen

    return open_it


def test_it_opens_with_the_caret_in_its_line(palette: Palette, window: QWidget) -> None:
    made, _chosen = palette()
    assert made.objectName() == "commandPalette"
    assert made.focusWidget() is made.line
    assert window.frameGeometry().contains(made.geometry())


def test_typing_and_enter_choose_once_and_close(palette: Palette) -> None:
    made, chosen = palette()
    QTest.keyClicks(made.line, "ord")
    QTest.keyClick(made.line, Qt.Key.Key_Return)
    assert chosen == ["table:orders"]
    assert not made.isVisible()


def test_arrows_walk_the_list_and_come_round(palette: Palette) -> None:
    made, chosen = palette()
    QTest.keyClick(made.line, Qt.Key.Key_Down)
    assert made.current() == ENTRIES[1]
    QTest.keyClick(made.line, Qt.Key.Key_Up)
    QTest.keyClick(made.line, Qt.Key.Key_Up)
    assert made.current() == ENTRIES[-1]
    QTest.keyClick(made.line, Qt.Key.Key_PageUp)
    QTest.keyClick(made.line, Qt.Key.Key_Enter)
    assert chosen == ["run"]


def test_a_click_chooses(palette: Palette) -> None:
    made, chosen = palette()
    index = made.list.model().index(2, 0)
    place = made.list.visualRect(index).center()
    QTest.mouseClick(made.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["tab:1"]


def test_esc_closes_it_without_a_choice(palette: Palette) -> None:
    made, chosen = palette()
    QTest.keyClicks(made.line, "run")
    QTest.keyClick(made.line, Qt.Key.Key_Escape)
    assert chosen == []
    assert not made.isVisible()


def test_what_cannot_be_done_now_is_not_offered(palette: Palette) -> None:
    made, _chosen = palette()
    assert "commit" not in [entry.id for entry in made.found()]


def test_nothing_found_is_said_and_enter_does_nothing(palette: Palette) -> None:
    made, chosen = palette()
    QTest.keyClicks(made.line, "zzz")
    assert made.nothing.isVisible()
    QTest.keyClick(made.line, Qt.Key.Key_Return)
    assert chosen == []
    assert made.isVisible()
    made.line.clear()
    assert len(made.found()) == 4


def test_ten_thousand_tables_are_searched_and_few_are_shown(palette: Palette) -> None:
    tables = tuple(
        PaletteEntry(f"t{n}", f"table_{n:05}", EntryKind.TABLE, "main") for n in range(10_000)
    )
    made, chosen = palette(tables)
    QTest.keyClicks(made.line, "9999")
    assert made.found()[0].id == "t9999"
    assert len(made.found()) <= 60
    QTest.keyClick(made.line, Qt.Key.Key_Return)
    assert chosen == ["t9999"]


def test_odd_names_are_painted_as_they_are(palette: Palette) -> None:
    made, _chosen = palette(
        (
            PaletteEntry("a", "<b>İstanbul</b>\nsecond line", EntryKind.TABLE, "x" * 300),
            PaletteEntry("b", "y" * 5_000, EntryKind.TABLE),
        )
    )
    made.line.setText("i")
    assert not made.grab().isNull()


def test_it_is_as_high_as_what_was_found(palette: Palette) -> None:
    made, _chosen = palette()
    heights = []
    for text in ("", "ord", "zzz", ""):
        made.line.setText(text)
        heights.append(made.height())
        assert made.line.geometry().top() < 20
        below = made.list if made.found() else made.nothing
        assert made.rect().bottom() - below.mapTo(made, below.rect().bottomLeft()).y() < 20
    assert heights[1] < heights[0] == heights[3]
