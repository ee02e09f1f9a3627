"""How a run of `workbench query` ended: the words on stderr, the exit status, the statistics.

Main thread, after the run. Finishes or drops the output file.
"""

from workbench.cli.attendant import Attendant
from workbench.cli.exits import Exit
from workbench.cli.output import OutputCut, OutputGone, say, say_error
from workbench.cli.printing import Printer
from workbench.cli.receipts import Json, stats_object
from workbench.core.adapter.contract import Transaction
from workbench.core.errors import EngineError, ErrorKind, UserError
from workbench.core.query.events import RunEnded
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import CancelReceipt, StopOutcome, StopReason
from workbench.core.query.receipt_text import end_text, receipt_text, rows
from workbench.core.query.settlement import held_text
from workbench.core.query.state import State
from workbench.core.results.export_file import OutputFile


class Ending:
    """One run's end. Call `conclude` once, then `stats`."""

    def __init__(
        self, sql: str, handle: QueryHandle, printer: Printer, attendant: Attendant
    ) -> None:
        self._sql = sql
        self._handle = handle
        self._printer = printer
        self._receipt: CancelReceipt | None = attendant.receipt
        self._signal = attendant.signal
        self.let_go = attendant.let_go
        end = printer.tally.end or attendant.forced or handle.end
        assert end is not None, "a run without an end"
        self._end: RunEnded = end

    def conclude(self, output: OutputFile | None) -> int:
        """Finish or drop the output, say how it ended; the exit status. Blocks."""
        status = self._status()
        trouble = self._printer.trouble
        whole = trouble is None and (self._end.state is State.SUCCESS or self._printer.has_enough)
        if output is not None and whole:
            try:
                output.keep()
            except UserError as error:
                say_error(error)
                return status or Exit.USAGE
        elif output is not None:
            output.drop()
        self._tell(output, whole)
        return status

    def stats(self) -> Json:
        """The --stats object."""
        end, tally = self._end, self._printer.tally
        return stats_object(
            query=self._handle.id,
            engine=self._handle.pool.target.engine,
            status=end.state.value,
            statements=end.statements,
            rows=max(end.rows, tally.rows),
            started_at=tally.started_at,
            first_row_ms=end.first_row_ms,
            elapsed_ms=end.elapsed_ms,
            receipt=self._receipt,
            error=end.error,
            position=end.error_offset,
        )

    def _status(self) -> int:
        end, trouble = self._end, self._printer.trouble
        if isinstance(trouble, UserError):
            return Exit.USAGE
        if isinstance(trouble, OutputGone) or self._printer.has_enough:
            return Exit.OK
        if end.state is State.FAILED:
            return self._failure()
        if end.state is State.SUCCESS and not isinstance(trouble, OutputCut):
            return Exit.OK if self._printer.tally.scripts else Exit.USAGE
        if end.reason is StopReason.TIMEOUT:
            return Exit.TIMEOUT
        return 128 + self._signal if self._signal else Exit.INTERRUPTED

    def _failure(self) -> int:
        error = self._end.error
        lost = isinstance(error, EngineError) and error.kind in (
            ErrorKind.CONNECT_FAILED,
            ErrorKind.CONNECTION_LOST,
        )
        return Exit.NO_CONNECTION if lost or self._handle.session is None else Exit.REFUSED

    def _tell(self, output: OutputFile | None, whole: bool) -> None:
        end, trouble = self._end, self._printer.trouble
        if isinstance(trouble, OutputGone):
            self._tell_undone()
            return
        if isinstance(trouble, UserError):
            say_error(trouble)
        if self._printer.has_enough:
            self._tell_enough()
            return
        if end.state is State.FAILED:
            self._tell_error()
        elif end.state is State.CANCELLED and isinstance(trouble, UserError):
            say(f"The query was stopped for it. {end.note}".rstrip())  # nobody cancelled it
        elif end.state is State.CANCELLED:
            say(end_text(end, self._handle.timeout_s))
        else:
            self._tell_left_open()
        if end.state is State.SUCCESS and not self._printer.tally.scripts:
            say("Error: No SQL: there is no statement in it, only blanks and comments.")
        if self._receipt is not None:
            self._tell_receipt(self._receipt)
        if isinstance(trouble, OutputCut):
            say("The reader of the output took nothing: the output is not complete.")
        elif not whole and trouble is None and self._printer.tally.written:
            kept = "the output file was not made" if output else "the output is not complete"
            say(f"{rows(self._printer.tally.written)} had arrived; {kept}.")

    def _tell_undone(self) -> None:
        """What the reader of the output who left did not ask for: work that is undone."""
        if self._end.note:
            say(self._end.note)
        else:
            self._tell_left_open()

    def _tell_left_open(self) -> bool:
        """A transaction that is open at the end goes with its session: that is said."""
        stake = self._printer.tally.stake
        if self.let_go or stake.transaction is Transaction.NONE:
            return False
        say(
            "Warning: The transaction was still open at the end and is rolled back"
            f"{held_text(stake)}; only a COMMIT keeps its work."
        )
        return True

    def _tell_receipt(self, receipt: CancelReceipt) -> None:
        text = receipt_text(receipt, self._handle.pool.spec.capabilities.verification)
        say(text[:1].upper() + text[1:])

    def _tell_enough(self) -> None:
        tally = self._printer.tally
        self._tell_left_open()
        late = self._receipt is None or self._receipt.outcome is StopOutcome.FINISHED_FIRST
        if late:
            # Else there were just as many rows as asked for.
            if tally.rows > tally.written:
                say(f"{rows(tally.written)} of {tally.rows:,} written (--max-rows).")
            return
        note = f" {self._end.note}" if self._end.note else ""
        say(f"Stopped after {rows(self._printer.tally.written)} (--max-rows).{note}")
        assert self._receipt is not None
        self._tell_receipt(self._receipt)

    def _tell_error(self) -> None:
        error, offset = self._end.error, self._end.error_offset
        if error is None:
            return
        where = "" if offset is None else f" (line {_line(self._sql, offset)})"
        if isinstance(error, UserError):
            say_error(error)
        else:
            text, _, hint = str(error).partition("\n") if error.hint else (str(error), "", "")
            say(f"Error{where}: {text}" + (f"\n{hint}" if hint else ""))
        if not self._tell_left_open() and self._end.note:
            say(self._end.note)


def _line(sql: str, offset: int) -> str:
    line = sql.count("\n", 0, offset) + 1
    column = offset - sql.rfind("\n", 0, offset)
    return f"{line}, column {column}"
