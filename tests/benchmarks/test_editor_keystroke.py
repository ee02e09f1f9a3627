"""What a keystroke costs in a 5 MB script, against a bare QPlainTextEdit with the same text.

The ratio is what counts: both are measured in turns, in the same process, on the same
machine. The assertions only catch a cost that grows with the script.
"""

import statistics
import time

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor.sql_editor import SqlEditor
from workbench.ui.theme import fonts

_LINE = "SELECT date_trunc('month', o.placed_at) AS month, count(*) FROM orders o; -- note\n"
_TEXT = _LINE * (5_000_000 // len(_LINE))
_SMALL = _LINE * 200
_KEYS = "select x, y from t where a = 1 "


def _show(qtbot: QtBot, widget: QPlainTextEdit) -> None:
    qtbot.addWidget(widget)
    widget.resize(1000, 700)
    widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def _open_ms(widget: QPlainTextEdit, text: str) -> float:
    start = time.perf_counter()
    if isinstance(widget, SqlEditor):
        widget.set_text(text)
    else:
        widget.setPlainText(text)
    QApplication.processEvents()
    return (time.perf_counter() - start) * 1000


def _keystroke_ms(widget: QPlainTextEdit) -> float:
    """The median of a keystroke in the middle, with all it sets off, repainting included."""
    block = widget.document().findBlockByNumber(widget.blockCount() // 2)
    widget.setFocus()
    widget.setTextCursor(QTextCursor(block))
    widget.centerCursor()
    QApplication.processEvents()
    took = []
    for key in _KEYS * 4:
        start = time.perf_counter()
        QTest.keyClicks(widget, key)
        QApplication.processEvents()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


@pytest.mark.serial
def test_a_keystroke_in_5_mb_costs_little_more_than_in_a_bare_editor(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    bare, ours = QPlainTextEdit(), SqlEditor()
    bare.setFont(fonts.code())
    bare.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    for widget in (bare, ours):
        _show(qtbot, widget)
    small = _open_ms(ours, _SMALL), _keystroke_ms(ours)
    opened = _open_ms(bare, _TEXT), _open_ms(ours, _TEXT)
    typed = _keystroke_ms(bare), _keystroke_ms(ours)
    with capsys.disabled():
        print(
            f"\n5 MB script, bare / ours: open {opened[0]:.0f} / {opened[1]:.0f} ms "
            f"(x{opened[1] / opened[0]:.2f}), keystroke {typed[0]:.2f} / {typed[1]:.2f} ms "
            f"(x{typed[1] / typed[0]:.1f}; {small[1]:.2f} ms in 16 kB)"
        )
    assert opened[1] < opened[0] * 5 + 500
    assert typed[1] < typed[0] * 20 + 20
    assert typed[1] < small[1] * 10 + 10
