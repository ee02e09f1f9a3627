"""The row of the connection form that tries the connection, and says what came of it.

GUI thread only. It asks by signal and waits; it connects nowhere. Each try has a number, and
an answer to an older one is dropped.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from workbench.ui.dialogs.question import plain
from workbench.ui.theme import icons, theme


class TestRow(QWidget):
    """A button that tries, and while it tries stops; the result beside it.

    Signals: `test_wanted()`, to be followed by `begin`; `stop_wanted(try)`; `said()` when
    other words stand in it.
    """

    __test__ = False  # not a pytest class, whatever its name looks like

    test_wanted = Signal()
    stop_wanted = Signal(int)
    said = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = 0
        self.testing = False
        self.button = QPushButton(self)
        self.button.setObjectName("connectionTest")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_clicked)
        self.result: QLabel = plain("", self)
        self.result.setObjectName("connectionTestResult")
        self.result.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.result, 1, Qt.AlignmentFlag.AlignVCenter)
        self._show_idle()

    def begin(self) -> int:
        """A try begins: its number."""
        self.number += 1
        self.testing = True
        self.button.setText("Stop")
        self.button.setAccessibleName("Stop testing the connection")
        self.button.setIcon(icons.icon("close", "danger"))
        self._say("Testing…", "muted")
        return self.number

    def passed(self, number: int, text: str) -> None:
        """Try `number` connected; `text` is what answered."""
        self._end(number, f"✓  {text}", "ok")

    def failed(self, number: int, title: str, message: str) -> None:
        """Try `number` came to nothing."""
        same = message == title or not message
        self._end(number, f"✕  {title}" if same else f"✕  {title}: {message}", "danger")

    def stopped(self, number: int) -> None:
        """Try `number` was given up."""
        self._end(number, "The test was stopped.", "warning")

    def forget(self) -> None:
        """What was tried is no longer what the form says: stop a try, clear its result."""
        self.give_up()
        self._show_idle()
        self._say("", "muted")

    def give_up(self) -> None:
        """Stop a try that is under way; its answer will be dropped."""
        if self.testing:
            self.testing = False
            self.stop_wanted.emit(self.number)
            self.number += 1

    def _end(self, number: int, text: str, rank: str) -> None:
        if number != self.number or not self.testing:
            return
        self.testing = False
        self._show_idle()
        self._say(text, rank)

    def _show_idle(self) -> None:
        self.button.setText("Test connection")
        self.button.setAccessibleName("Test the connection")
        self.button.setIcon(icons.icon("connection", "text"))

    def _say(self, text: str, rank: str) -> None:
        self.result.setText(text)
        self.result.setAccessibleName(text or "Result of the test")
        theme.set_property(self.result, "rank", rank)
        self.said.emit()

    def _on_clicked(self) -> None:
        if self.testing:
            number = self.number
            self._say("Stopping…", "muted")
            self.stop_wanted.emit(number)
        else:
            self.test_wanted.emit()
