"""The Run button, which becomes Cancel and then Force stop. A pure view; GUI thread only.

It never disables itself while something runs, keeps its width when it flips (nothing in
the toolbar may jump under the pointer), and says in words what its colour says.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.ui.theme import theme
from workbench.ui.theme.icons import icon

_RUN, _CANCEL, _FORCE = "Run", "Cancel", "Force stop"


class RunButton(QPushButton):
    """`objectName` runButton. `clicked` means whatever it shows at that moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_FORCE, parent)
        self.setObjectName("runButton")
        self.setIconSize(QSize(16, 16))
        # A click must not take the focus out of the editor: nobody loses their place.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_run()

    def sizeHint(self) -> QSize:
        """Wide enough for its longest text, so that it never changes its width."""
        hint = super().sizeHint()
        widest = self.fontMetrics().horizontalAdvance(_FORCE)
        own = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(hint.width() + max(0, widest - own), hint.height())

    def show_run(self) -> None:
        """Nothing runs in the tab: Run."""
        self._show(_RUN, "play", "on_accent", danger=False, tip="Run the statement (Ctrl+Enter)")

    def show_cancel(self) -> None:
        """Something runs: Cancel, red, with an X."""
        self._show(_CANCEL, "close", "on_danger", danger=True, tip="Cancel the query (Esc)")

    def show_force(self, rung: str, price: str) -> None:
        """A stop is pending: Force stop, naming the next `rung` and its `price`."""
        tip = f"Next: {rung}" + (f" - {price}" if price else "") if rung else "Stopping"
        self._show(_FORCE, "close-octagon-outline", "on_danger", danger=True, tip=tip)

    def _show(self, text: str, glyph: str, token: str, *, danger: bool, tip: str) -> None:
        self.setText(text)
        self.setIcon(icon(glyph, token))
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setAccessibleDescription(tip)
        theme.set_danger(self, danger)
        self.update()
