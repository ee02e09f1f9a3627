"""`workbench query`: runs SQL, writes the result, says how it ended.

Main thread; the query itself runs on a worker. stdout carries data only.
"""

import argparse
import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from workbench.cli.attendant import Attendant
from workbench.cli.connecting import connect_to
from workbench.cli.ending import Ending
from workbench.cli.exits import Exit
from workbench.cli.output import Stdout, leave, progress, say_error, stderr_is_terminal
from workbench.cli.printing import Printer
from workbench.cli.receipts import StatsSink, stats_object
from workbench.cli.sql_source import read_parameters, read_sql
from workbench.cli.starting import start
from workbench.core.errors import EngineError, UserError
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import StopReason
from workbench.core.query.receipt_text import duration, rows
from workbench.core.results.export import Format, writer
from workbench.core.results.export_file import OutputFile
from workbench.core.workbench import Workbench

_PROGRESS_S = 0.25


def run(options: argparse.Namespace) -> int:
    """Run the command; its exit status. Blocks. Raises UserError, EngineError before the run."""
    sink = StatsSink(options.stats) if options.stats else None
    try:
        prepared = _Prepared(options)
    except (UserError, EngineError) as error:
        if sink is not None:
            sink.write(stats_object(error=error))
        raise
    return _run(prepared, sink)


class _Prepared:
    """All that can be wrong before anything runs, looked at: the rest is the query's."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.format = Format(options.format)
        self.max_rows: int | None = options.max_rows
        sql = read_sql(options.sql, options.file)
        parameters = read_parameters(options.param)
        self.bench: Workbench = start()
        place = connect_to(self.bench, options.connection)
        if parameters and not place.pool.spec.capabilities.parameters:
            raise UserError("No parameters", f"{place.pool.spec.title} binds none.")
        timeout_s = options.timeout
        if timeout_s is None:
            timeout_s = place.timeout_s or self.bench.settings.query_timeout_s
        self.handle: QueryHandle | None = None
        self.stdout: Stdout | None = None
        self.output: OutputFile | None = None
        if options.output and options.output != "-":
            _refuse_overwriting(Path(options.output), place.pool)
            self.output = OutputFile(Path(options.output))
        else:
            self.stdout = Stdout(self._stopping)
            if self.format.binary and self.stdout.is_terminal:
                raise UserError("No text", f"{self.format} is nothing for a terminal: --output.")
        self.handle = self.bench.queries.script(
            place.pool, sql, tab="command line", parameters=parameters, timeout_s=timeout_s
        )
        self.sql = sql

    @property
    def stream(self) -> BinaryIO:
        if self.output is not None:
            return self.output.as_binary()
        assert self.stdout is not None
        return self.stdout.as_binary()

    def _stopping(self) -> bool:
        return self.handle is not None and self.handle.stop_requested


def _refuse_overwriting(output: Path, pool: SessionPool) -> None:
    """Raises UserError if `output` is the database itself: the rows would replace it."""
    if not pool.spec.capabilities.in_process or not pool.target.database:
        return
    with suppress(OSError, ValueError):  # one of them is not there, or is no name of a file
        if output.samefile(Path(pool.target.database).expanduser()):
            raise UserError("Not over the database", f"{output} is the database that is read.")


def _run(prepared: _Prepared, sink: StatsSink | None) -> int:
    try:
        ending = asyncio.run(_attend(prepared))
    except BaseException:
        if prepared.output is not None:
            prepared.output.drop()
        raise
    status = ending.conclude(prepared.output)
    if sink is not None:
        try:
            sink.write(ending.stats())
        except UserError as error:
            say_error(error)
            status = status or Exit.USAGE
    if ending.let_go:
        # A thread of ours is still inside the database's library: it cannot be waited for.
        leave(status)
    return status


async def _attend(prepared: _Prepared) -> Ending:
    bench, handle = prepared.bench, prepared.handle
    assert handle is not None
    attendant = Attendant(bench.queries, handle, deadline_s=bench.settings.stop_deadline_s)
    printer = Printer(
        writer(prepared.format, prepared.stream),
        max_rows=prepared.max_rows,
        enough=lambda: attendant.stop(StopReason.USER),
    )
    line = _ProgressLine(prepared, handle, printer)
    try:
        await attendant.attend(lambda: printer.run(bench.queries.run(handle)), line.show)
    finally:
        line.hide()
    if attendant.let_go:
        printer.give_up()
    else:
        await attendant.blocking(lambda: _tidy(bench))
        attendant.join()
    return Ending(prepared.sql, handle, printer, attendant)


def _tidy(bench: Workbench) -> None:
    with suppress(UserError):  # what is wrong with the history was said during the run
        bench.history.prune(bench.settings.history_keep_days)
    bench.close()


class _ProgressLine:
    """The one line on a terminal that tells how far it is."""

    def __init__(self, prepared: _Prepared, handle: QueryHandle, printer: Printer) -> None:
        self._handle = handle
        self._tally = printer.tally
        rows_on_screen = prepared.stdout is not None and prepared.stdout.is_terminal
        self._wanted = stderr_is_terminal()
        self._until_rows = rows_on_screen  # the rows themselves show that it lives
        self._shown_at = time.monotonic()

    def show(self) -> None:
        now = time.monotonic()
        if not self._wanted or now - self._shown_at < _PROGRESS_S:
            return
        self._shown_at = now
        if self._until_rows and self._tally.rows:
            self._wanted = False
            return
        handle = self._handle
        since = handle.created_at if handle.started_at is None else handle.started_at
        text = f"{duration((now - since) * 1000)}, {rows(self._tally.rows)}"
        session = handle.session
        share = None if session is None else session.connection.progress()
        if share is not None:
            text += f", {share:.0%}"
        progress(f"Cancelling... {text}" if handle.stop_requested else text)

    def hide(self) -> None:
        progress("")
