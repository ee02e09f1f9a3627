"""Closing a tab or the window: ask about what runs and what is open, stop, then close.

Coroutines on the window's loop. What runs is stopped at the database and its end waited
for before anything goes; text is never at stake, the journal has it. GUI thread only.
"""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from workbench.core.adapter.contract import Transaction
from workbench.core.query.receipt import StopReason
from workbench.core.query.receipt_text import rows
from workbench.core.query.registry import preview
from workbench.core.query.state import State
from workbench.ui.dialogs.asking import ask, ask_while_any_runs
from workbench.ui.dialogs.close_tab import CloseChoice, CloseDialog, Closing, Matter
from workbench.ui.runtime.runs import Runs
from workbench.ui.runtime.tabrun import TabRun

Titled = tuple[str, TabRun]

# What finished may hold a result that nobody has seen: it is not closed over.
ENDED_MEANWHILE = "What ran has finished meanwhile; nothing was stopped or closed."


class CloseFlow:
    """Asks before closing, one matter at a time, and puts each in order. `tell` shows a remark."""

    def __init__(self, runs: Runs, parent: QWidget, tell: Callable[[str], None]) -> None:
        self._runs = runs
        self._tell = tell
        self._parent = parent
        self._asking = False

    async def may_close(self, title: str, tabs: Sequence[Titled], *, window: bool) -> bool:
        """True when nothing stands in the way any more; False: keep it open.

        A second call while a question stands is answered False.
        """
        if self._asking:
            return False
        self._asking = True
        try:
            return await self._stopped(title, tabs, window) and await self._settled(
                title, tabs, window
            )
        finally:
            self._asking = False

    async def _stopped(self, title: str, tabs: Sequence[Titled], window: bool) -> bool:
        running = [(name, run) for name, run in tabs if run.handle is not None]
        if not running:
            return True
        items = tuple(f"{name}: {preview(r.handle.text)}" for name, r in running if r.handle)
        dialog = CloseDialog(Closing(Matter.RUNNING, title, items, window), self._parent)
        runs = [run for _name, run in running]
        choice = await ask_while_any_runs(dialog, runs, ENDED_MEANWHILE)
        if choice is None:
            self._tell(ENDED_MEANWHILE)
        if choice is not CloseChoice.STOP_AND_CLOSE:
            return False
        for _name, run in running:
            if run.handle is not None:
                await self._runs.stop_for_good(run.handle, StopReason.SHUTDOWN)
                # Its last events are still on their way to the tab, the transaction's state
                # among them: asked about too early, it would be the one before the stop.
                await run.at_rest()
        return True

    async def _settled(self, title: str, tabs: Sequence[Titled], window: bool) -> bool:
        opened = [(n, r) for n, r in tabs if r.stake.transaction is not Transaction.NONE]
        if not opened:
            return True
        items = tuple(
            f"{name}: {run.stake.statements} statements, {rows(run.stake.affected)} changed"
            for name, run in opened
        )
        choice = await self._ask(Closing(Matter.TRANSACTION, title, items, window))
        if choice is CloseChoice.ROLL_BACK_AND_CLOSE:
            return True  # letting the session go rolls it back
        if choice is not CloseChoice.COMMIT_AND_CLOSE:
            return False
        for _name, run in opened:
            if not await self._committed(run):
                return False
        return True

    async def _committed(self, run: TabRun) -> bool:
        """Commit and wait; False (stay open, the error shows in the tab) if it failed."""
        handle = run.commit()
        if handle is None:
            return False
        await self._runs.ended(handle)
        return handle.end is not None and handle.end.state is State.SUCCESS

    async def _ask(self, closing: Closing) -> object:
        return await ask(CloseDialog(closing, self._parent))
