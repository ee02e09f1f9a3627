"""Says that something unexpected went wrong, without standing in the way.

GUI thread only. Not modal: work goes on beside it. One window for all of them: a further
error is added to it, so that a failing timer can't bury the desktop under dialogs.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.ui.dialogs.question import Question, fits
from workbench.ui.theme import fonts, icons

_MOST_KEPT = 20


class ErrorDialog(Question):
    """Show it with `show()`. Signals: `answered(None)` when it was closed."""

    def __init__(
        self, title: str, message: str, details: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("errorDialog", "Workbench", None, parent)
        self.setModal(False)
        self.setMinimumWidth(560)
        self.heading = self.head(title, "alert-circle-outline", "danger")
        self.message = self.say(message)
        self.message.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.more = self.say("", "muted")
        self.details = QPlainTextEdit(self)
        self.details.setObjectName("errorDetails")
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName("Details")
        self.details.setFont(fonts.code(12))
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setMinimumHeight(140)
        self.body.addWidget(self.details, 1)
        self.copy = self.choice("Copy details", None, "copyDetails")
        self.copy.clicked.disconnect()
        self.copy.clicked.connect(self._on_copy_clicked)
        self.copy.setIcon(icons.icon("content-copy", "text"))
        self.dismiss = self.choice("Close", None, "closeError")
        self.buttons(self.copy, self.dismiss)
        self.make_default(self.dismiss)
        self._errors = [(title, message, details)]
        self._count = 1
        self._show_details()

    def add(self, title: str, message: str, details: str = "") -> None:
        """One more error while this one is still shown; the first keeps the heading."""
        self._count += 1
        if len(self._errors) < _MOST_KEPT:
            self._errors.append((title, message, details))
        others = self._count - 1
        self.more.setText("And 1 more error." if others == 1 else f"And {others:,} more errors.")
        self.more.show()
        self._show_details()

    def text(self) -> str:
        """All of it, as Copy details gives it."""
        texts = ["\n".join(part for part in error if part) for error in self._errors]
        left_out = self._count - len(self._errors)
        if left_out:
            texts.append(f"({left_out:,} more)")
        return "\n\n".join(texts)

    def _show_details(self) -> None:
        _title, message, details = self._errors[0]
        has_more = self._count > 1 or bool(details) or not fits(message)
        self.details.setVisible(has_more)
        if has_more:
            self.details.setPlainText(self.text())

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self.copy.setText("Copied")
