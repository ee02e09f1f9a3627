"""The result area of one tab: its results, messages, errors and the status line.

GUI thread only. A pure view: it is told what happened and shows it; it runs nothing, stops
nothing and knows no session. The worker appends rows to `result_set(index)` directly; while
a run is on, a 100 ms timer lets the grids see them.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.adapter.contract import Column
from workbench.core.query.state import State
from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.cards import ErrorCard, PartialBanner
from workbench.ui.panels.results.status import StatusLine
from workbench.ui.panels.results.tabs import MOST_RESULTS, Release, ResultTabs, release_in_pool

GROW_MS = 100

IDLE = ("Run a statement to see its rows here", "Ctrl+Enter runs the statement under the caret")


class ResultPanel(QWidget):
    """What one tab's run brought.

    `budget` is shared by all tabs, `spill_dir` is where rows go that have no room in it.
    Before the panel goes for good, `clear_results` closes what it holds.

    Signals: `error_activated(int)`, an offset in the script (error card or message line);
    `partial_shown()`, the held-back rows of a stopped run are being shown.
    """

    error_activated = Signal(int)
    partial_shown = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        budget: MemoryBudget | None = None,
        spill_dir: Path | None = None,
        release: Release = release_in_pool,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("resultPanel")
        self._budget = budget if budget is not None else MemoryBudget()
        self._spill_dir = spill_dir
        self._statements = 0
        self.banner = PartialBanner(self)
        self.error = ErrorCard(self)
        self.tabs = ResultTabs(self, release)
        self.setFocusProxy(self.tabs)
        self.status = StatusLine(self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        for widget in (self.banner, self.error, self.tabs, self.status):
            lines.addWidget(widget, 1 if widget is self.tabs else 0)
        self._timer = QTimer(self, interval=GROW_MS)
        self._timer.timeout.connect(self._on_time_to_grow)
        self.banner.show_wanted.connect(self._on_show_wanted)
        self.error.position_wanted.connect(self.error_activated)
        self.tabs.messages.line_activated.connect(self.error_activated)
        self.tabs.results_overflowed.connect(self._on_results_overflowed)
        self.tabs.copy_refused.connect(self._on_copy_refused)
        self.tabs.empty.say(*IDLE)

    def begin_run(self, statements: int) -> None:
        """A run of `statements` statements begins: the last one's results go."""
        self._statements = statements
        self.clear_results()
        self.tabs.empty.say("Running\u2026", "Rows appear here as they arrive")
        self.set_elapsed(0)
        self.set_progress(None, running=True)
        self.set_receipt("", "muted")
        self._timer.start()

    def open_result(
        self,
        index: int,
        columns: Sequence[Column],
        schema: pa.Schema | None = None,
        results: ResultSet | None = None,
    ) -> ResultSet:
        """Open the tab of result `index` (from 0 over the run) and give its rows' place.

        A worker that could not wait for this call hands in the `results` it has already
        begun to fill; the panel closes them when the tab goes.
        """
        if results is None:
            shown = [ResultColumn(each.name, each.type, each.numeric) for each in columns]
            results = ResultSet(shown, schema, self._budget, self._spill_dir)
        self.tabs.open_result(index, results)
        return results

    def result_set(self, index: int) -> ResultSet:
        """Where the worker appends the rows of result `index`. Raises KeyError if not open."""
        return self.tabs.results(index)

    def finish_result(self, index: int, rows: int) -> None:
        """All `rows` of result `index` have arrived."""
        self.tabs.finish_result(index)
        self.set_rows(max(rows, self.tabs.rows))

    def add_message(self, text: str, level: str, offset: int | None = None) -> None:
        """Log `text`; `level` is info, ok, warning or error, `offset` its place in the script."""
        self.tabs.messages.add(text, level, offset)

    def set_status(self, text: str, kind: str) -> None:
        """The state in words; `kind`: idle queued running cancelling success failed cancelled."""
        self.status.set_status(text, kind)

    def set_elapsed(self, ms: float) -> None:
        """Time since the run began, in milliseconds."""
        self.status.set_elapsed(ms)

    def set_rows(self, rows: int | None) -> None:
        """Rows that have arrived over all results; None shows nothing."""
        self.status.set_rows(rows)

    def set_progress(self, fraction: float | None, running: bool) -> None:
        """How far the statement is, 0 to 1; None where nobody knows."""
        self.status.set_progress(fraction, running=running)

    def set_transaction(self, text: str) -> None:
        """The open transaction ("TX open, 3 statements"), "" for none."""
        self.status.set_transaction(text)

    def set_receipt(self, text: str, kind: str) -> None:
        """The receipt of the last stop; `kind`: ok, warning, danger or muted."""
        self.status.set_receipt(text, kind)

    def show_error(self, title: str, message: str, code: str, position: int | None) -> None:
        """Show what went wrong above the results; `position` is an offset in the script."""
        self.error.show_error(title, message, code, position)

    def end_run(self, state: State) -> None:
        """The run is over: the timer stops, what has arrived is shown."""
        self._timer.stop()
        self.tabs.grow()
        self.set_progress(None, running=False)
        if state is State.SUCCESS:
            self.tabs.finish_all()
            self.tabs.empty.say("Done, without rows", "What each statement did is in Messages")
            if not self.tabs.has_results:
                self.tabs.show_messages()
        elif state is State.FAILED:
            # What came before the error is a part, and must not be taken for the whole.
            self.tabs.mark_partial()
            self.tabs.empty.say(
                "The statement failed", "It brought no rows; see above and Messages"
            )
        else:
            held = "Its rows are held back: a part is not the whole"
            self.tabs.empty.say("Cancelled", held if self.tabs.rows else "No rows had arrived")

    def offer_partial(self, after_ms: float, rows: int) -> None:
        """Hold back what a stopped run left unfinished, and offer to show it."""
        self.tabs.hold_back()
        self.banner.offer(after_ms, rows)

    def clear_results(self) -> None:
        """Close all results, the banner and the error; the messages stay."""
        self.banner.hide()
        self.error.hide()
        self.tabs.clear_results()
        self.tabs.empty.say(*IDLE)
        self.set_rows(None)

    def _on_time_to_grow(self) -> None:
        self.tabs.grow()
        if self.tabs.has_results:
            self.set_rows(self.tabs.rows)

    def _on_show_wanted(self) -> None:
        self.banner.hide()
        self.tabs.mark_partial()
        self.partial_shown.emit()

    def _on_results_overflowed(self) -> None:
        self.add_message(
            f"More than {MOST_RESULTS} results: the rows of the further ones are not kept. "
            f"Their statements run all the same.",
            "warning",
        )

    def _on_copy_refused(self, reason: str) -> None:
        self.add_message(reason, "warning")
