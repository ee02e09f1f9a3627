"""Feeds the activity panel: every live query of the app, twice a second. GUI thread only.

Reads the registry's snapshot (no lock held while painting, no I/O) and asks for stops; a
stop from here is the same ladder as a stop from the tab.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from workbench.core.query.receipt import StopReason
from workbench.core.query.registry import Entry
from workbench.core.query.state import State
from workbench.ui.panels.activity.entries import ActivityRow
from workbench.ui.panels.activity.panel import ActivityPanel
from workbench.ui.runtime.runs import Runs

LOOK_MS = 250


class LiveActivity(QObject):
    """Joins the registry with the panel.

    `title_of(tab)` names a tab, "" for none; `press_stop(query)` is the Cancel of the tab that
    runs the query (which asks about a transaction), False when no tab does.
    """

    def __init__(
        self,
        panel: ActivityPanel,
        runs: Runs,
        title_of: Callable[[str], str],
        press_stop: Callable[[str], bool],
    ) -> None:
        super().__init__(panel)
        self._press_stop = press_stop
        self._panel = panel
        self._runs = runs
        self._title_of = title_of
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        runs.live_changed.connect(self._on_live_changed)
        panel.stop_requested.connect(self._on_stop_requested)

    def look(self) -> None:
        """Show what lives now."""
        now = time.monotonic()
        entries = self._runs.workbench.registry.live()
        self._panel.show_entries(tuple(self._row(entry, now) for entry in entries))
        if not entries:
            self._timer.stop()

    def _on_live_changed(self, live: int) -> None:
        if live and not self._timer.isActive():
            self._timer.start()
        self.look()

    def _on_stop_requested(self, query: str) -> None:
        handle = self._runs.workbench.queries.handle_of(query)
        if handle is None or self._press_stop(query):
            return
        if handle.stop_requested:
            self._runs.force(handle)
        else:
            self._runs.stop(handle, StopReason.USER)

    def _row(self, entry: Entry, now: float) -> ActivityRow:
        since = entry.queued_at if entry.started_at is None else entry.started_at
        return ActivityRow(
            entry.id,
            entry.tab,
            self._title_of(entry.tab),
            entry.connection,
            entry.state,
            (now - since) * 1000,
            rows=self._runs.rows_of(entry.id),
            statement=entry.preview,
            kind=entry.kind,
            stoppable=entry.state in (State.QUEUED, State.RUNNING, State.CANCELLING),
        )
