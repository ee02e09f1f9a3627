"""What the run and the ladder tell the history; a query never fails because of it.

Blocks on the history's file; called by workers and control threads only.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from workbench.core.errors import EngineError, UserError
from workbench.core.history.store import Begun, Ended, HistoryStore, Stopped
from workbench.core.query.events import RunEnded
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import CancelReceipt

log = logging.getLogger(__name__)


class Recorder(Protocol):
    """Keeps what happened to queries. None of its calls raises."""

    def begun(self, handle: QueryHandle, wall: float) -> None:
        """A worker has it, at `wall` seconds since the epoch."""
        ...

    def ended(self, handle: QueryHandle, end: RunEnded) -> None:
        """The run is over."""
        ...

    def stopped(self, handle: QueryHandle, receipt: CancelReceipt) -> None:
        """The receipt of a stop is final."""
        ...


class NoRecorder:
    """Keeps nothing: for work that is not history (catalog loads), and for tests."""

    def begun(self, handle: QueryHandle, wall: float) -> None:
        """Nothing."""

    def ended(self, handle: QueryHandle, end: RunEnded) -> None:
        """Nothing."""

    def stopped(self, handle: QueryHandle, receipt: CancelReceipt) -> None:
        """Nothing."""


class HistoryRecorder:
    """Writes to the history store. When the store fails, says so once and goes on."""

    def __init__(self, store: HistoryStore, complain: Callable[[UserError], None]) -> None:
        self._store = store
        self._complain = complain
        self._complained = False

    def begun(self, handle: QueryHandle, wall: float) -> None:
        """Enter it as running."""
        target = handle.pool.target
        self._try(
            lambda: self._store.begin(
                Begun(handle.id, target.engine, handle.pool.name, handle.text, wall)
            )
        )

    def ended(self, handle: QueryHandle, end: RunEnded) -> None:
        """Enter its end."""
        error = end.error
        code = error.code if isinstance(error, EngineError) else ""
        self._try(
            lambda: self._store.end(
                Ended(
                    handle.id,
                    end.state.value,
                    end.rows,
                    end.statements,
                    end.elapsed_ms,
                    end.first_row_ms,
                    code,
                    "" if error is None else error.message,
                )
            )
        )

    def stopped(self, handle: QueryHandle, receipt: CancelReceipt) -> None:
        """Enter its receipt."""
        self._try(
            lambda: self._store.stopped(
                Stopped(
                    handle.id,
                    receipt.reason.value,
                    receipt.rung.value if receipt.rung else "",
                    receipt.outcome.value,
                    receipt.requested_ms,
                    receipt.acknowledged_ms,
                    receipt.verified_ms,
                    receipt.verified,
                    receipt.session.value,
                )
            )
        )

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except UserError as error:
            log.warning("history: %s", error)
            if not self._complained:
                self._complained = True
                self._complain(error)
        # A bug in how the history is kept is no reason to lose the query it was to tell of.
        except Exception:
            log.exception("history: an entry was not kept")
