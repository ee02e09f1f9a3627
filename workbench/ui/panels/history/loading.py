"""Feeds the history panel: searches on the file pool, newest answer wins. GUI thread only."""

from PySide6.QtCore import QObject, QTimer

from workbench.core.errors import UserError
from workbench.ui.panels.history.panel import HistoryPanel
from workbench.ui.runtime.runs import Runs

MOST_ROWS = 500


class HistoryLoading(QObject):
    """Answers the panel's searches, and looks again when a query has begun or ended."""

    def __init__(self, panel: HistoryPanel, runs: Runs) -> None:
        super().__init__(panel)
        self._panel = panel
        self._runs = runs
        # Bursts of short queries would otherwise search once for each.
        self._again = QTimer(self, singleShot=True, interval=300)
        self._again.timeout.connect(self._on_look_again)
        panel.search_wanted.connect(self._on_search_wanted)
        runs.live_changed.connect(lambda _live: self._again.start())
        runs.receipt_written.connect(lambda _handle, _receipt: self._again.start())

    def _on_look_again(self) -> None:
        if self._panel.isVisible():
            self._panel.refresh()

    def _on_search_wanted(self, text: str, generation: int) -> None:
        self._runs.spawn(self._search(text, generation))

    async def _search(self, text: str, generation: int) -> None:
        history = self._runs.workbench.history
        try:
            found = await self._runs.workers.file_work(
                lambda: history.search(text, limit=MOST_ROWS)
            )
        except UserError as error:
            self._panel.show_error(generation, error.title, error.message)
            return
        self._panel.show_runs(generation, found, more=len(found) == MOST_ROWS)
