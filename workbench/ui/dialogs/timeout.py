"""Asks for the timeout of a tab's queries, in seconds.

GUI thread only. Sets nothing; the owner does.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QWidget

from workbench.ui.dialogs.question import Question, plain

LONGEST_S = 604_800.0  # a week


class TimeoutDialog(Question):
    """Signals: `answered(float | None)`, seconds, 0 for never; None: leave it as it is."""

    def __init__(self, seconds: float, parent: QWidget | None = None) -> None:
        super().__init__("timeoutDialog", "Timeout", None, parent)
        self.head("Stop this tab's queries after", "timer-outline")
        self.seconds = QDoubleSpinBox(self)
        self.seconds.setObjectName("timeoutSeconds")
        self.seconds.setAccessibleName("Timeout in seconds")
        self.seconds.setRange(0, LONGEST_S)
        self.seconds.setDecimals(1)
        self.seconds.setSuffix(" s")
        self.seconds.setSpecialValueText("never")  # at 0
        self.seconds.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.seconds.setMinimumWidth(160)
        self.seconds.setValue(seconds)
        self.seconds.setFocus(Qt.FocusReason.OtherFocusReason)
        self.seconds.selectAll()
        line = QHBoxLayout()
        line.addWidget(self.seconds)
        line.addWidget(plain("0 is never.", self, "muted"), 1)
        self.body.addLayout(line)
        self.say("They are stopped at the database, as Cancel does it.", "muted")
        cancel = self.choice("Cancel", None, "timeoutCancel")
        cancel.setAutoDefault(False)
        self.set = self.choice("Set timeout", None, "timeoutSet")
        self.set.clicked.disconnect()
        self.set.clicked.connect(self._on_set)
        self.buttons(cancel, self.set)
        self.set.setProperty("primary", True)
        self.set.setDefault(True)

    def _on_set(self) -> None:
        self.seconds.interpretText()
        self.answer(self.seconds.value())
