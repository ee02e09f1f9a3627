"""Tells a tab's result panel what the tab's run says. GUI thread only.

The one place that turns a run's events into words and widgets: the panel stays a pure
view, the run knows no widget.
"""

from PySide6.QtCore import QObject

from workbench.core.adapter.contract import MessageLevel
from workbench.core.errors import EngineError
from workbench.core.query import receipt_text as say
from workbench.core.query.events import (
    MessageArrived,
    ReceiptWritten,
    ResultFinished,
    RunEnded,
    RungClimbed,
    RungExpired,
    RunStarted,
    Stake,
    StatementFinished,
    StatementStarted,
)
from workbench.core.query.receipt import CancelReceipt, StopOutcome
from workbench.core.query.state import State
from workbench.ui.panels.results.panel import ResultPanel
from workbench.ui.runtime.runs import RowsOpened
from workbench.ui.runtime.tabrun import TabRun

_RECEIPT_KIND = {
    StopOutcome.STOPPED: "ok",
    StopOutcome.FINISHED_FIRST: "muted",
    StopOutcome.DENIED: "danger",
    StopOutcome.UNCONFIRMED: "warning",
    StopOutcome.FAILED: "danger",
}


class ResultBinding(QObject):
    """Joins one `TabRun` with one `ResultPanel`; lives as long as the panel."""

    def __init__(self, run: TabRun, panel: ResultPanel) -> None:
        super().__init__(panel)
        self._run = run
        self._panel = panel
        self._offset: int | None = None
        run.state_changed.connect(self._on_state_changed)
        run.event_arrived.connect(self._on_event)
        run.ticked.connect(self._on_ticked)
        run.transaction_changed.connect(self._on_transaction_changed)

    def _on_state_changed(self, state: State) -> None:
        if state is State.QUEUED:
            self._offset = None
            handle = self._run.handle
            if handle is None or handle.work is None:
                self._panel.begin_run(0)
        reason = self._run.last_end.reason if self._run.last_end else None
        self._panel.set_status(say.state_text(state, reason), state.value.lower())

    def _on_ticked(self, elapsed_ms: float, fraction: object) -> None:
        self._panel.set_elapsed(elapsed_ms)
        if self._run.running:
            known = fraction if isinstance(fraction, float) else None
            self._panel.set_progress(known, running=True)

    def _on_transaction_changed(self, stake: Stake) -> None:
        self._panel.set_transaction(say.stake_text(stake))

    def _on_event(self, event: object) -> None:
        panel = self._panel
        match event:
            case RunStarted(statements=0) if self._run.handle and not self._run.handle.work:
                panel.add_message("Nothing to run: the text holds no statement.", "info")
            case StatementStarted(offset=offset):
                self._offset = offset
            case RowsOpened(opened=opened, results=results):
                panel.open_result(opened.result, opened.columns, None, results)
            case ResultFinished(result=result, rows=rows):
                panel.finish_result(result, rows)
            case MessageArrived(message=message):
                warn = message.level is MessageLevel.WARNING
                panel.add_message(message.text, "warning" if warn else "info", self._offset)
            case StatementFinished():
                panel.add_message(_finished_text(event), "ok", self._offset)
            case RungClimbed(rung=rung):
                panel.set_receipt(f"{rung.title}…", "warning")
            case RungExpired(detail=detail) if detail:
                panel.set_receipt(f"Cannot cancel: {detail}", "danger")
                panel.add_message(f"Cannot cancel: {detail}", "error", self._offset)
            case RungExpired(rung=rung, next=following):
                title = f" - next: {following.title.lower()}" if following else ""
                panel.set_receipt(f"{rung.title}: no end seen yet{title}", "warning")
            case RunEnded():
                self._on_run_ended(event)
            case ReceiptWritten(receipt=receipt):
                self._on_receipt(receipt)

    def _on_run_ended(self, end: RunEnded) -> None:
        panel = self._panel
        text = say.end_text(end, self._run.timeout_s)
        level = {State.SUCCESS: "ok", State.CANCELLED: "warning"}.get(end.state, "error")
        panel.add_message(text, level, end.error_offset)
        panel.set_elapsed(end.elapsed_ms)
        panel.end_run(end.state)
        if end.state is State.CANCELLED:
            panel.offer_partial(end.elapsed_ms, end.rows)
        elif end.state is State.FAILED and end.error is not None:
            code = end.error.code if isinstance(end.error, EngineError) else ""
            panel.show_error(
                "The database refused the statement"
                if isinstance(end.error, EngineError)
                else end.error.title,
                _with_meaning(end),
                code,
                end.error_offset,
            )

    def _on_receipt(self, receipt: CancelReceipt) -> None:
        pool = self._run.pool
        if pool is None:
            return
        text = say.receipt_text(receipt, pool.spec.capabilities.verification)
        kind = _RECEIPT_KIND[receipt.outcome]
        self._panel.set_receipt(f"Last stop: {text}", kind)
        self._panel.add_message(f"Receipt: {text}", "warning" if kind != "ok" else "ok")


def _finished_text(event: StatementFinished) -> str:
    took = say.duration(event.elapsed_ms)
    if event.affected is not None:
        what = f"{event.command or 'Done'}: {say.rows(event.affected)} changed"
    elif event.rows or not event.command:
        what = f"{event.command or 'Done'}: {say.rows(event.rows)}"
    else:
        what = event.command
    return f"{what} in {took}"


def _with_meaning(end: RunEnded) -> str:
    """The error, what it means for the data, and what to do next."""
    assert end.error is not None
    lines = [end.error.message]
    if isinstance(end.error, EngineError) and end.error.hint:
        lines.append(end.error.hint)
    if end.statements:
        one = end.statements == 1
        done = "1 statement" if one else f"{end.statements:,} statements"
        lines.append(f"{done} before it had run and {'stands' if one else 'stand'}.")
    if end.note:
        lines.append(end.note)
    return "\n".join(lines)
