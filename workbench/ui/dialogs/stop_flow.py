"""What happens when a person presses Cancel: ask about a transaction, stop, offer force.

Coroutines on the window's loop, so that the query may end by itself while a question
stands (the question then closes and says so). Nothing is stopped before the answer.
GUI thread only.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.core.adapter.contract import Transaction
from workbench.core.query.receipt import StopReason
from workbench.core.query.registry import preview
from workbench.ui.dialogs.asking import ask_while_running
from workbench.ui.dialogs.force import ForceDialog
from workbench.ui.dialogs.transaction import Choice, TransactionDialog, TransactionQuestion
from workbench.ui.runtime.runs import Runs
from workbench.ui.runtime.tabrun import ButtonMode, TabRun

ENDED_MEANWHILE = "The query has finished meanwhile; nothing was cancelled."


class StopFlow:
    """The stops of one tab; at most one question at a time. `tell` shows a remark."""

    def __init__(
        self, run: TabRun, runs: Runs, parent: QWidget, tell: Callable[[str], None]
    ) -> None:
        self._run = run
        self._runs = runs
        self._parent = parent
        self._tell = tell
        self._asking = False

    def press(self) -> None:
        """The button, Esc or Ctrl+. was pressed. Ignored within a second of the last."""
        if self._asking or not self._run.press_stop():
            return
        if self._run.button.mode is ButtonMode.FORCE:
            self._runs.spawn(self._force())
        elif self._run.stake.transaction is Transaction.NONE:
            self._run.stop(StopReason.USER)
        elif self._run.waiting:
            # Nothing of it has reached the database: the transaction is not at stake.
            self._run.stop(StopReason.USER, rollback=False)
        else:
            self._runs.spawn(self._ask())

    async def _ask(self) -> None:
        run, handle = self._run, self._run.handle
        if handle is None:
            return
        spec = handle.pool.spec
        dialog = TransactionDialog(
            TransactionQuestion(
                engine=spec.title,
                stake=run.stake,
                may_keep=handle.stop_keeps_transaction,
                statement=preview(handle.text),
                connection=handle.pool.name,
                stop_note=spec.capabilities.stop_note,
            ),
            self._parent,
        )
        self._asking = True
        try:
            choice = await ask_while_running(dialog, run, ENDED_MEANWHILE)
        finally:
            self._asking = False
        if choice is None:
            self._tell(ENDED_MEANWHILE)
        elif choice is not Choice.KEEP_RUNNING and handle is run.handle:
            run.stop(StopReason.USER, rollback=choice is Choice.ROLL_BACK)

    async def _force(self) -> None:
        run, handle = self._run, self._run.handle
        rung = run.button.rung
        if handle is None or rung is None:
            return
        if rung.asks:
            dialog = ForceDialog(rung, parent=self._parent)
            self._asking = True
            try:
                force = await ask_while_running(dialog, run, ENDED_MEANWHILE)
            finally:
                self._asking = False
            if force is not True:
                return
        if handle is run.handle:
            run.force()
