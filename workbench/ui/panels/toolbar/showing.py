"""Shows and hides the panels around the tabs, by actions whose check says what is shown.

GUI thread only. A panel that goes while the focus is in it gives the focus back to where one
types: Qt would hand it to whatever comes next, the connection picker for one.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workbench.ui.panels.toolbar.drawer import Drawer


class Showing(QObject):
    """Joins a side panel and the drawer with their actions; `focus_back` is called as said."""

    def __init__(
        self,
        side: QWidget,
        side_action: QAction,
        drawer: Drawer,
        drawer_action: QAction,
        focus_back: Callable[[], object],
    ) -> None:
        super().__init__(drawer)
        self._side = side
        self._drawer_action = drawer_action
        self._focus_back = focus_back
        side_action.setChecked(not side.isHidden())
        side_action.toggled.connect(self._on_side_toggled)
        drawer_action.triggered.connect(drawer.toggle)
        drawer.opened.connect(self._on_drawer_opened)
        drawer.focus_left.connect(focus_back)

    def _on_side_toggled(self, shown: bool) -> None:
        inside = self._side.isAncestorOf(self._side.window().focusWidget())
        self._side.setVisible(shown)
        if inside:
            self._focus_back()

    def _on_drawer_opened(self, panel: QWidget | None) -> None:
        self._drawer_action.setChecked(panel is not None)
