"""The toolbar: connection, Run, transaction, Cancel all. A pure view; GUI thread only.

It shows the current tab's state and tells what was pressed; it runs nothing. The picker of
connections is made elsewhere and handed in.
"""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from workbench.ui.actions import MENUS, Actions
from workbench.ui.theme import theme
from workbench.ui.theme.icons import icon
from workbench.ui.widgets.run_button import RunButton

AUTO, MANUAL = "Auto-commit", "Manual commit"
_PICKER_WIDTH, _PICKER_WIDTH_TIGHT = 200, 140
# Narrower than this, all buttons with their words do not fit side by side.
_WIDE_ENOUGH = 1200
_SHORTENED = ("runAllAction", "explainAction", "commitAction", "rollbackAction")


class MainToolBar(QToolBar):
    """The window's one toolbar.

    Signals: `run_pressed()`, whatever the Run button shows; `mode_chosen(bool)`, True for
    auto-commit.
    """

    run_pressed = Signal()
    mode_chosen = Signal(bool)

    def __init__(self, actions: Actions, picker: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self.setObjectName("mainToolBar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions = actions
        picker.setMinimumWidth(_PICKER_WIDTH)
        self.addWidget(picker)
        self.run_button = RunButton(self)
        self.run_button.clicked.connect(self.run_pressed)
        self.addWidget(self.run_button)
        for name in ("runAllAction", "explainAction"):
            self.addAction(actions[name])
        self.addSeparator()
        for name in ("commitAction", "rollbackAction"):
            self.addAction(actions[name])
        self.mode_picker = self._mode_picker()
        self.addWidget(self.mode_picker)
        self.addWidget(_spring())
        self.addAction(actions["cancelAllAction"])
        for name in ("paletteAction", "themeAction"):
            self.addAction(actions[name])
        self._finish_buttons()
        self.addWidget(self._menu_button())
        self._picker = picker
        self._tight = False
        self.set_live(0)

    def set_live(self, live: int) -> None:
        """The number of live queries: on the Cancel all button, disabled at zero."""
        action = self._actions["cancelAllAction"]
        action.setText(f"Cancel all ({live})" if live else "Cancel all")
        action.setEnabled(live > 0)

    def set_mode(self, autocommit: bool) -> None:
        """Show the current tab's transaction mode."""
        with QSignalBlocker(self.mode_picker):
            self.mode_picker.setCurrentIndex(0 if autocommit else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window icons alone: Cancel all and the menu are never pushed out."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        tight = self.width() < _WIDE_ENOUGH
        if tight == self._tight:
            return
        self._tight = tight
        self._picker.setMinimumWidth(_PICKER_WIDTH_TIGHT if tight else _PICKER_WIDTH)
        style = Qt.ToolButtonStyle
        for name in _SHORTENED:
            button = self.widgetForAction(self._actions[name])
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(
                    style.ToolButtonIconOnly if tight else style.ToolButtonTextBesideIcon
                )
                theme.set_property(button, "compact", tight)

    def _mode_picker(self) -> QComboBox:
        picker = QComboBox(self)
        picker.setObjectName("transactionModePicker")
        picker.setAccessibleName("Transaction mode")
        picker.addItems([AUTO, MANUAL])
        picker.setItemData(0, "Each statement commits by itself", Qt.ItemDataRole.ToolTipRole)
        picker.setItemData(
            1, "A statement opens a transaction that you commit", Qt.ItemDataRole.ToolTipRole
        )
        picker.activated.connect(lambda index: self.mode_chosen.emit(index == 0))
        return picker

    def _menu_button(self) -> QToolButton:
        """All actions for the mouse; a menu bar would cost a line of every window."""
        button = QToolButton(self)
        button.setObjectName("menuButton")
        button.setAccessibleName("Menu")
        button.setToolTip("All actions")
        button.setProperty("compact", True)
        button.setIcon(icon("menu"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(button)
        for title in MENUS:
            menu.addMenu(title).addActions(self._actions.of_menu(title))
        button.setMenu(menu)
        return button

    def _finish_buttons(self) -> None:
        """Name the buttons that Qt made for the actions; icons alone where the icon says it."""
        for action in self.actions():
            button = self.widgetForAction(action)
            if not isinstance(button, QToolButton):
                continue
            button.setObjectName(action.objectName().replace("Action", "Button"))
            button.setAccessibleName(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if action.objectName() in ("paletteAction", "themeAction"):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
                button.setProperty("compact", True)
        more = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if more is not None:  # what a very narrow window has no room for; Qt's own icon is dark
            more.setIcon(icon("chevron-double-right"))
            more.setAccessibleName("More actions")


def _spring() -> QWidget:
    spring = QWidget()
    spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spring
