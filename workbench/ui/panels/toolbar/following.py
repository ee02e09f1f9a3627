"""Makes the toolbar and the actions show the current tab's state. GUI thread only."""

from PySide6.QtCore import QObject

from workbench.core.adapter.contract import Transaction
from workbench.ui.actions import Actions
from workbench.ui.panels.toolbar.toolbar import MainToolBar
from workbench.ui.runtime.tabrun import ButtonMode, TabRun

# What is done with or in the tab in front, whatever state its run is in.
_OF_A_TAB = (
    "saveAction", "saveAsAction", "closeTabAction", "timeoutAction", "formatAction",
    "findAction", "replaceAction", "commentAction", "completeAction", "nextTabAction",
    "previousTabAction", "focusEditorAction", "focusResultAction",
)  # fmt: skip


class Following(QObject):
    """Shows one `TabRun` at a time; `follow(None)` when no tab is open."""

    def __init__(self, bar: MainToolBar, actions: Actions) -> None:
        super().__init__(bar)
        self._bar = bar
        self._actions = actions
        self._run: TabRun | None = None
        bar.mode_chosen.connect(self._on_mode_chosen)

    def follow(self, run: TabRun | None) -> None:
        """Show `run` from now on, and no other."""
        if self._run is not None:
            self._run.button_changed.disconnect(self._show)
            self._run.transaction_changed.disconnect(self._show)
            self._run.connection_changed.disconnect(self._show)
        self._run = run
        if run is not None:
            run.button_changed.connect(self._show)
            run.transaction_changed.connect(self._show)
            run.connection_changed.connect(self._show)
        self._show()

    def _show(self, *_what: object) -> None:
        run = self._run
        button = self._bar.run_button
        if run is None or run.button.mode is ButtonMode.RUN:
            button.show_run()
        elif run.button.mode is ButtonMode.CANCEL:
            button.show_cancel()
        else:
            rung = run.button.rung
            button.show_force(rung.title if rung else "", rung.price if rung else "")
        button.setEnabled(run is not None)
        for name in _OF_A_TAB:
            self._actions[name].setEnabled(run is not None)
        idle = run is not None and not run.running
        for name in ("runAction", "runAllAction", "runSelectionAction"):
            self._actions[name].setEnabled(idle)
        self._actions["cancelAction"].setEnabled(run is not None and run.running)
        pool = run.pool if run is not None else None
        can = pool.spec.capabilities if pool is not None else None
        self._actions["explainAction"].setEnabled(idle and can is not None and bool(can.explain))
        open_ = idle and run is not None and run.stake.transaction is not Transaction.NONE
        failed = run is not None and run.stake.transaction is Transaction.FAILED
        self._actions["commitAction"].setEnabled(open_ and not failed)
        self._actions["rollbackAction"].setEnabled(open_)
        transactions = can is None or can.transactions
        self._bar.mode_picker.setEnabled(idle and transactions)
        if run is not None:
            self._bar.set_mode(run.autocommit)

    def _on_mode_chosen(self, autocommit: bool) -> None:
        if self._run is not None:
            self._run.autocommit = autocommit
            self._show()
