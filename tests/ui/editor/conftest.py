"""An editor and tabs on the screen, with the focus."""

import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor.sql_editor import SqlEditor
from workbench.ui.panels.editor.tabs import EditorTabs


@pytest.fixture
def editor(qtbot: QtBot) -> SqlEditor:
    """An empty editor that has the focus."""
    made = SqlEditor()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


@pytest.fixture
def tabs(qtbot: QtBot, qapp: QApplication) -> EditorTabs:
    """Tabs without a tab; what stands below each editor is a plain text field."""
    made = EditorTabs(QPlainTextEdit)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made
