"""Keeps the journal: at least every 2 s while something changes, and before every run.

GUI thread, except `write`, which blocks and belongs on a worker. A journal that cannot be
written is said once; typing goes on.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.core.errors import UserError
from workbench.ui.runtime.journal import Journal, JournalWriter, Workspace
from workbench.ui.runtime.runs import Runs

log = logging.getLogger(__name__)

TICK_MS = 250


@dataclass(frozen=True, slots=True)
class _Taken:
    """A state of the window, numbered in the order in which they were taken."""

    number: int
    workspace: Workspace


class HotExit(QObject):
    """Writes what `snapshot()` gives whenever something changed.

    Signals: `failed(UserError)`, once until a write succeeds again.
    """

    failed = Signal(object)

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._journal = Journal(runs.workbench.paths.journal)
        self._snapshot: Callable[[], Workspace] | None = None
        self._lock = threading.Lock()
        self._dirty_since: float | None = None
        self._last_write: float | None = None
        self._writing = False
        self._taken = 0
        self._written = 0
        self._complained = False
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    async def load(self) -> Workspace:
        """What the last window left. Raises UserError when the folder cannot be used."""
        return await self._runs.workers.file_work(self._journal.load)

    def keep(self, snapshot: Callable[[], Workspace]) -> None:
        """From now on write what `snapshot()` gives, asked on this thread."""
        self._snapshot = snapshot
        self._timer.start()

    def note_change(self) -> None:
        """Something that the journal keeps has changed."""
        if self._dirty_since is None:
            self._dirty_since = time.monotonic()

    def before_run(self) -> Callable[[], None]:
        """What a worker calls before a statement: writes the state of this moment."""
        if self._snapshot is None:
            return lambda: None
        taken = self._take(self._snapshot)
        return lambda: self._write_quietly(taken)

    async def close(self) -> None:
        """Write the last state and let go of the journal. Raises UserError."""
        self._timer.stop()
        if self._snapshot is not None:
            taken = self._take(self._snapshot)
            await self._runs.workers.file_work(lambda: self._write(taken))
        await self._runs.workers.file_work(self._close)

    def _on_tick(self) -> None:
        now = time.monotonic()
        interval = self._runs.workbench.settings.journal_interval_s
        due = JournalWriter.due(now, self._last_write, self._dirty_since, interval)
        if due and not self._writing and self._snapshot is not None:
            self._runs.spawn(self._write_now(self._take(self._snapshot)))

    def _take(self, snapshot: Callable[[], Workspace]) -> _Taken:
        self._taken += 1
        self._dirty_since = None
        self._last_write = time.monotonic()
        return _Taken(self._taken, snapshot())

    async def _write_now(self, taken: _Taken) -> None:
        self._writing = True
        try:
            await self._runs.workers.file_work(lambda: self._write(taken))
        except UserError as error:
            self.note_change()
            if not self._complained:
                self._complained = True
                self.failed.emit(error)
        else:
            self._complained = False
        finally:
            self._writing = False

    def _write(self, taken: _Taken) -> None:
        with self._lock:
            if taken.number > self._written:  # a later state may have been faster
                self._journal.write(taken.workspace)
                self._written = taken.number

    def _write_quietly(self, taken: _Taken) -> None:
        try:
            self._write(taken)
        except UserError as error:
            # The timer's next write meets the same and tells; a run must not fail for it.
            log.warning("journal before a run: %s", error)

    def _close(self) -> None:
        with self._lock:
            self._journal.close()
