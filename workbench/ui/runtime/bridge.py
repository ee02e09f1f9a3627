"""The one hop from workers to the GUI thread: one signal and a locked queue.

`post` may be called on any thread and never blocks; `arrived` is emitted on the GUI thread
with all that came since, at most once per frame, so that a fast query cannot flood the
event loop (a signal per batch kept it from painting for seconds).
"""

import threading
import time
from collections import deque

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

FRAME_MS = 16


class Bridge(QObject):
    """Carries frozen items from workers to the GUI thread, in order.

    Signals: `arrived(tuple)`, the items since the last one.
    """

    arrived = Signal(object)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._items: deque[object] = deque()
        self._pending = False
        self._delivered_at = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def post(self, item: object) -> None:
        """Hand `item` over. Any thread."""
        with self._lock:
            self._items.append(item)
            if self._pending:
                return
            self._pending = True
        try:
            self._woken.emit()
        except RuntimeError:
            # The window is gone (its C++ side is deleted): nobody is left to tell.
            self._items.clear()

    @Slot()
    def _on_woken(self) -> None:
        since_ms = (time.monotonic() - self._delivered_at) * 1000
        self._timer.start(max(0, int(FRAME_MS - since_ms)))

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            items = tuple(self._items)
            self._items.clear()
            self._pending = False
        self._delivered_at = time.monotonic()
        if items:
            self.arrived.emit(items)
