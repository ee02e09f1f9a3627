"""Python's cyclic garbage, collected on the GUI thread only.

Left to itself the collector runs on whatever thread allocates, workers included; a QObject
in a cycle (a dialog, its slots) is then destroyed on a thread it does not live on, while
its timers may fire: the interpreter died in QTimerInfoList::activateTimers in several runs
of the window's tests. So automatic collection is off while the window
lives, and a timer does the same work, generation by generation, on the GUI thread.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


class Collector(QObject):
    """Collects while it lives; `stop` gives collection back to Python. GUI thread only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        # What start-up made lives as long as the window: not looked at again each time.
        gc.freeze()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, as Python itself would."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """No more: collect everything once, and let Python do it from now on."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        if self._was_on:
            gc.enable()
