"""The line under the results: state, time, rows, progress, transaction, last receipt.

GUI thread only. Shows what it is told and decides nothing. Every text is plain text, every
outcome is told in words as well as in colour.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui.theme import theme, tokens

# Kind of state -> (ground, text), token names; each pair is held to its contrast by the theme.
PILL_COLOURS = {
    "idle": ("hover", "muted"),
    "queued": ("hover", "text"),
    "running": ("selection", "text"),
    "cancelling": ("warning_ground", "warning"),
    "success": ("ok_ground", "ok"),
    "failed": ("error_ground", "danger"),
    "cancelled": ("warning_ground", "warning"),
}
_PROGRESS_STEPS = 1000


def elapsed_text(ms: float) -> str:
    """Milliseconds as "00:04.2", with hours once there are any: "1:02:03.4"."""
    tenths = max(0, int(ms)) // 100
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{minutes:02d}:{tenths // 10:02d}.{tenths % 10}"
    return f"{hours}:{tail}" if hours else tail


def rows_text(rows: int) -> str:
    """A count of rows: "1 row", "120,000 rows"."""
    return "1 row" if rows == 1 else f"{rows:,} rows"


class Pill(QLabel):
    """A word on a rounded ground, coloured by its kind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(10, 3, 10, 3)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._kind = "idle"
        self._fit()
        theme.repaint_on_change(self)

    def _fit(self) -> None:
        """Wide enough for the longest of the usual states, so that the line does not jump.

        "CANCELLING" is shown within the click, before anything is laid out anew.
        """
        margins = self.contentsMargins()
        widest = self.fontMetrics().horizontalAdvance("CANCELLING")
        self.setMinimumWidth(widest + margins.left() + margins.right())

    def show_kind(self, text: str, kind: str) -> None:
        """Show `text` in the colours of `kind`, a key of PILL_COLOURS."""
        self._kind = kind if kind in PILL_COLOURS else "idle"
        self.setText(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and word."""
        ground, ink = (getattr(tokens.current(), name) for name in PILL_COLOURS[self._kind])
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            box = QRectF(self.rect())
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(QColor(ink))
            painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignCenter, self.text())


class ElidedLabel(QLabel):
    """A label that gives way: too long a text ends in "..." instead of widening the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._rank = "muted"
        theme.repaint_on_change(self)

    def show_ranked(self, text: str, rank: str) -> None:
        """Show `text` in the colour of token `rank`: muted, text, ok, warning, danger."""
        self._rank = rank if rank in ("muted", "text", "ok", "warning", "danger") else "muted"
        self.setText(text)
        self.setAccessibleDescription(text)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Narrower than the text."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much of the text as fits."""
        box = self.contentsRect()
        line = self.text().replace("\n", " ")
        fitting = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, box.width())
        with QPainter(self) as painter:
            painter.setPen(QColor(getattr(tokens.current(), self._rank)))
            painter.drawText(box, self.alignment() | Qt.AlignmentFlag.AlignVCenter, fitting)


class StatusLine(QWidget):
    """State, time, rows, progress, transaction, and at the right the last receipt."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("queryProgress")
        self.progress.setAccessibleName("Progress of the query")
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        keep = self.progress.sizePolicy()
        keep.setRetainSizeWhenHidden(True)  # the grid above must not jump
        self.progress.setSizePolicy(keep)
        self.progress.hide()
        self.status = Pill(self)
        self.elapsed = QLabel("00:00.0", self)
        self.rows = QLabel(self)
        self.percent = QLabel(self)
        self.transaction = QLabel(self)
        self.receipt = ElidedLabel(self)
        self.receipt.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for widget, name, spoken in (
            (self.status, "queryStatus", "State of the query"),
            (self.elapsed, "elapsedTime", "Elapsed time"),
            (self.rows, "rowCount", "Rows"),
            (self.percent, "progressPercent", "Progress in percent"),
            (self.transaction, "transactionText", "Transaction"),
            (self.receipt, "receiptLabel", "Receipt of the last stop"),
        ):
            widget.setObjectName(name)
            widget.setAccessibleName(spoken)
            widget.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.rows, self.percent):
            label.setProperty("rank", "muted")
        self.transaction.setProperty("rank", "warning")
        self._lay_out()
        self.set_status("READY", "idle")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 2, 4, 2)
        line.setSpacing(12)
        for widget in (self.status, self.elapsed, self.rows, self.percent, self.transaction):
            line.addWidget(widget)
            widget.setVisible(widget in (self.status, self.elapsed))
        line.addWidget(self.receipt, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(4)
        outer.addWidget(self.progress)
        outer.addLayout(line)

    def set_status(self, text: str, kind: str) -> None:
        """The state in words; `kind` picks the colours."""
        self.status.show_kind(text, kind)

    def set_elapsed(self, ms: float) -> None:
        """Time since the run began, in milliseconds."""
        self.elapsed.setText(elapsed_text(ms))

    def set_rows(self, rows: int | None) -> None:
        """Rows that have arrived; None shows nothing."""
        self._show(self.rows, "" if rows is None else rows_text(rows))

    def set_progress(self, fraction: float | None, *, running: bool) -> None:
        """Show a known `fraction` (0 to 1) as a bar, an unknown one as busy, none at rest."""
        known = fraction is not None and running
        share = min(max(fraction or 0.0, 0.0), 1.0)
        self.progress.setRange(0, _PROGRESS_STEPS if known or not running else 0)
        self.progress.setValue(round(share * _PROGRESS_STEPS) if known else 0)
        self.progress.setVisible(running)
        self._show(self.percent, f"{int(share * 100)} %" if known else "")

    def set_transaction(self, text: str) -> None:
        """The session's open transaction, "" for none."""
        self._show(self.transaction, text)

    def set_receipt(self, text: str, kind: str) -> None:
        """The last stop in words; `kind` is ok, warning, danger or muted."""
        self.receipt.show_ranked(text, kind)

    @staticmethod
    def _show(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))
