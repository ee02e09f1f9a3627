"""What every test with widgets shares: one theme, and no widgets left over from the last test."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from workbench.ui.theme import theme


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application with the light theme; applying it takes a while, so only if needed.

    A widget that was told to delete itself goes when an event loop runs, which many a test
    never does: they would pile up, and each change of theme would style them all again.
    """
    if theme.changes.name != "light":
        theme.apply(qapp, "light")
    yield qapp
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if theme.changes.name != "light":
        theme.apply(qapp, "light")
