"""The tabs of the result area: one per result, the message log, and what is said when empty.

GUI thread only. Owns the result sets it shows: they are closed when their tabs go, on a
pool thread, because removing a large file takes time. Starts no query.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QThreadPool, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from workbench.core.results.resultset import ResultSet
from workbench.ui.panels.results.cards import EmptyState
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.messages import MessageLog
from workbench.ui.panels.results.status import Pill
from workbench.ui.panels.results.summary_label import SummaryLabel

MOST_RESULTS = 50

Release = Callable[[ResultSet], None]


def release_in_pool(results: ResultSet) -> None:
    """Close `results`; on a pool thread where there is a file to remove."""
    if results.spilled_bytes:
        QThreadPool.globalInstance().start(results.close)
    else:
        results.close()


@dataclass(slots=True)
class OpenResult:
    """One result and the page that shows it; `page` is None past the most that get a tab."""

    results: ResultSet
    page: "ResultPage | None"
    complete: bool = False


class ResultPage(QWidget):
    """A grid, and over it the badge of a result that was cut short."""

    def __init__(self, results: ResultSet, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.grid = ResultGrid(results, self)
        self.grid.setAccessibleName(f"Result {number}")
        self.title = f"Result {number}"
        self.partial = False
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 6, 0, 0)
        lines.addWidget(self.grid)


class ResultTabs(QTabWidget):
    """Result tabs, then Messages.

    Signals: `results_overflowed()`, once per run; `copy_refused(str)`, why.
    """

    results_overflowed = Signal()
    copy_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None, release: Release = release_in_pool) -> None:
        super().__init__(parent)
        self.setObjectName("resultTabs")
        self.setAccessibleName("Results")
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.tabBar().setExpanding(False)
        self.tabBar().setElideMode(Qt.TextElideMode.ElideNone)
        self._release = release
        self._open: dict[int, OpenResult] = {}
        self._owes_focus = False  # a grid that had the focus went; the next one gets it
        self.empty = EmptyState(self)
        self.messages = MessageLog(self)
        self.summary = SummaryLabel(self)
        self.badge = Pill(self)
        self.badge.setObjectName("partialBadge")
        self.badge.setAccessibleName("This result is partial")
        self.badge.show_kind("PARTIAL", "cancelled")
        self.badge.hide()
        corner = QWidget(self)
        line = QHBoxLayout(corner)
        line.setContentsMargins(0, 0, 4, 8)  # level with the words of the tabs
        line.addWidget(self.summary)
        line.addWidget(self.badge)
        self.setCornerWidget(corner, Qt.Corner.TopRightCorner)
        self.addTab(self.empty, "Result")
        self.addTab(_padded(self.messages, self), "Messages")
        self.currentChanged.connect(self._on_current_changed)
        self._on_current_changed()

    @property
    def rows(self) -> int:
        """Rows of all results so far."""
        return sum(each.results.rows.known for each in self._open.values())

    @property
    def has_results(self) -> bool:
        """Is any result open, shown or held back?"""
        return bool(self._open)

    def results(self, index: int) -> ResultSet:
        """The rows of result `index`. Raises KeyError when there is no such result."""
        return self._open[index].results

    def open_result(self, index: int, results: ResultSet) -> None:
        """Give result `index` a tab, or none past the 50th: its rows are then dropped."""
        shown = sum(each.page is not None for each in self._open.values())
        if shown >= MOST_RESULTS:
            results.close()
            self._open[index] = OpenResult(results, None)
            if shown == len(self._open) - 1:
                self.results_overflowed.emit()
            return
        page = ResultPage(results, index + 1, self)
        self._open[index] = OpenResult(results, page)
        page.grid.selection_changed.connect(self._on_selection_changed)
        page.grid.copy_refused.connect(self.copy_refused)
        place = self.insertTab(self.count() - 1, page, page.title)
        self.setTabVisible(self.indexOf(self.empty), False)
        if shown == 0:
            self.setCurrentIndex(place)
            if self._owes_focus and self.tabBar().hasFocus():
                page.grid.setFocus()
            self._owes_focus = False

    def finish_result(self, index: int) -> None:
        """Result `index` is complete: a stop of the rest will not hold it back."""
        opened = self._open[index]
        opened.complete = True
        opened.results.finish()
        if opened.page is not None:
            opened.page.grid.grow()

    def finish_all(self) -> None:
        """Nothing more comes to any result."""
        for index, each in self._open.items():
            if not each.complete:
                self.finish_result(index)

    def grow(self) -> None:
        """Let the visible grids see what has arrived since."""
        for each in self._open.values():
            if each.page is not None and not each.complete:
                each.page.grid.grow()

    def hold_back(self) -> None:
        """Hide what is not complete."""
        for each in self._incomplete():
            self.setTabVisible(self.indexOf(each), False)
        self._show_empty_if_alone()

    def mark_partial(self) -> None:
        """Show what is not complete, held back or not, marked as partial as long as it lives."""
        pages = self._incomplete()
        for page in pages:
            place = self.indexOf(page)
            self.setTabText(place, f"{page.title} \u00b7 PARTIAL")
            self.setTabVisible(place, True)
            page.partial = True
            page.grid.setAccessibleName(f"{page.title}, partial")
        self._show_empty_if_alone()
        if pages:
            self.setCurrentWidget(pages[0])
        self._on_current_changed()

    def show_messages(self) -> None:
        """Bring the message log to the front."""
        self.setCurrentIndex(self.count() - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the summary gives way to the tabs."""
        self.summary.setMaximumWidth(max(80, self.width() - 260))
        super().resizeEvent(event)

    def clear_results(self) -> None:
        """Close all results and their tabs; the messages stay."""
        opened = list(self._open.values())
        self._open.clear()
        focused = self.window().focusWidget()
        if any(each.page is not None and each.page.isAncestorOf(focused) for each in opened):
            self._owes_focus = True
            self.tabBar().setFocus()  # else Qt gives it to the next widget, wherever that is
        for each in opened:
            if each.page is not None:
                self.removeTab(self.indexOf(each.page))
                each.page.deleteLater()
            self._release(each.results)
        self.summary.clear()
        self._show_empty_if_alone()

    def _incomplete(self) -> list[ResultPage]:
        return [e.page for e in self._open.values() if e.page is not None and not e.complete]

    def _show_empty_if_alone(self) -> None:
        alone = not any(
            each.page is not None and self.isTabVisible(self.indexOf(each.page))
            for each in self._open.values()
        )
        self.setTabVisible(self.indexOf(self.empty), alone)
        if alone:
            self.setCurrentWidget(self.empty)

    def _focused_in(self, page: QWidget) -> QWidget:
        """What has the keys when `page` is gone to: the grid, the messages, or the tabs."""
        if isinstance(page, ResultPage):
            return page.grid
        return self.tabBar() if page is self.empty else self.messages

    def _on_selection_changed(self) -> None:
        page = self.currentWidget()
        if isinstance(page, ResultPage):
            self.summary.show_selection(page.grid)

    def _on_current_changed(self) -> None:
        page = self.currentWidget()
        self.badge.setVisible(isinstance(page, ResultPage) and page.partial)
        self.setFocusProxy(self._focused_in(page))
        if isinstance(page, ResultPage):
            page.grid.grow()
            self.summary.show_selection(page.grid)
        else:
            self.summary.clear()


def _padded(widget: QWidget, parent: QWidget) -> QWidget:
    holder = QWidget(parent)
    lines = QVBoxLayout(holder)
    lines.setContentsMargins(0, 6, 0, 0)
    lines.addWidget(widget)
    return holder
