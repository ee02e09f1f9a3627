"""The worker's side of `workbench query`: runs it and writes what comes, batch by batch.

One worker thread; blocks. Holds no more than the batch at hand. When the output fails or has
had enough rows it asks for a stop at the database, and then waits for the end like any run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from workbench.cli.output import OutputCut, OutputGone, first_rows, say
from workbench.core.adapter.contract import MessageLevel
from workbench.core.errors import UserError, WorkbenchError
from workbench.core.query import events as ev
from workbench.core.results.export import Writer
from workbench.core.results.resultset import ResultColumn


@dataclass(slots=True)
class Tally:
    """What a run brought. Written by the worker, read by all."""

    started_at: float | None = None  # wall clock, seconds
    scripts: int = 0  # statements that the script holds
    rows: int = 0
    written: int = 0
    end: ev.RunEnded | None = None
    stake: ev.Stake = field(default_factory=ev.Stake)  # what its session's transaction holds


class Printer:
    """Writes the events of one run.

    `enough` asks for a stop, once at most, and returns when the run knows of it: what follows
    in the script must not run.
    """

    def __init__(self, writer: Writer, *, max_rows: int | None, enough: Callable[[], None]) -> None:
        self._writer = writer
        self._max_rows = max_rows
        self._enough = enough
        self._open = False
        self._deaf = False  # nothing more is written
        self.tally = Tally()
        self.trouble: WorkbenchError | None = None
        self.has_enough = False

    def run(self, events: Iterator[ev.RunEvent]) -> None:
        """Take all events to the end. Blocks. Trouble with the output is kept in `trouble`."""
        for event in events:
            self._count(event)
            if self._deaf:
                continue
            try:
                self._show(event)
            except (OutputGone, OutputCut, UserError) as error:
                # Its traceback would keep the run, and with it the driver's objects, to the end.
                self.trouble = error.with_traceback(None)
                self._stop_writing()

    def give_up(self) -> None:
        """The query was let go: write nothing more, whatever still comes. Any thread."""
        self._deaf = True
        self._writer.discard()

    def _count(self, event: ev.RunEvent) -> None:
        match event:
            case ev.RunStarted():
                self.tally.started_at, self.tally.scripts = event.wall, event.statements
            case ev.BatchArrived():
                self.tally.rows += event.batch.num_rows
            case ev.TransactionChanged():
                self.tally.stake = event.stake
            case ev.RunEnded():
                self.tally.end = event

    def _show(self, event: ev.RunEvent) -> None:
        match event:
            case ev.ResultOpened():
                columns = [ResultColumn(c.name, c.type, c.numeric) for c in event.columns]
                self._writer.open(columns, event.schema)
                self._open = True
            case ev.BatchArrived():
                self._write(event)
            case ev.ResultFinished():
                self._close()
            case ev.MessageArrived():
                level = "Warning: " if event.message.level is MessageLevel.WARNING else ""
                say(f"{level}{event.message.text}")
            case ev.StatementFinished():
                _say_count(event)
            case ev.RunEnded() if self._open:
                # It ended within a result: no reader may take that for all of it.
                self._writer.discard()

    def _write(self, event: ev.BatchArrived) -> None:
        batch = event.batch
        if self._max_rows is not None:
            batch = first_rows(batch, self._max_rows - self.tally.written)
        self._writer.write(batch)
        self.tally.written += batch.num_rows
        if self._max_rows is not None and self.tally.written >= self._max_rows:
            self.has_enough = True
            self._close()
            self._deaf = True
            self._enough()

    def _close(self) -> None:
        self._writer.close()
        self._open = False

    def _stop_writing(self) -> None:
        self._deaf = True
        self._writer.discard()
        self._enough()


def _say_count(event: ev.StatementFinished) -> None:
    """Say "INSERT 3 rows" of a statement that counted what it changed."""
    if event.affected is not None:
        rows = "1 row" if event.affected == 1 else f"{event.affected:,} rows"
        say(f"{event.command or 'Done:'} {rows}")
