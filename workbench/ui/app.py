"""The program with a window: application, event loop, order of start and of shutdown.

`main` is called once, on the main thread. Before the first paint only PySide6 and qasync
are imported (all drivers at once would take a second more). At the end every query was
stopped at the database, the journal written, every session closed and every thread gone.
"""

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType

import qasync
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from workbench.core import settings as settings_file
from workbench.core.errors import UserError
from workbench.core.history.logfile import configure_logging
from workbench.core.paths import user_paths
from workbench.core.results.spill import sweep
from workbench.core.settings import Settings
from workbench.core.workbench import Workbench
from workbench.ui.dialogs.message import ErrorDialog
from workbench.ui.mainwindow import MainWindow
from workbench.ui.runtime.collector import Collector
from workbench.ui.runtime.connections import Connections
from workbench.ui.runtime.hotexit import HotExit
from workbench.ui.runtime.runs import Runs
from workbench.ui.runtime.tasks import Workers
from workbench.ui.runtime.tour import Tour
from workbench.ui.theme import theme

log = logging.getLogger(__name__)

# How long shutdown waits for worker threads once every query has been stopped or let go.
THREADS_MS = 3_000

FIRST_SQL = """-- Revenue by month and segment (Ctrl+Enter runs the statement under the caret)
SELECT strftime(o.ordered_at, '%Y-%m') AS month,
       c.segment,
       count(*)     AS orders,
       sum(o.amount) AS revenue
FROM orders o
JOIN customers c USING (customer_id)
GROUP BY ALL
ORDER BY month, revenue DESC;

-- A runaway query: run it, then press Cancel (Esc)
SELECT count(*)
FROM orders a, orders b
WHERE a.amount * b.amount % 7 = 3;
"""


@dataclass(frozen=True, slots=True)
class Start:
    """What the command line asked for.

    `targets` are files, URLs and scripts to open; `tour` is where a tour leaves its
    screenshots, None for an ordinary start.
    """

    targets: tuple[str, ...] = ()
    tour: Path | None = None
    say: Callable[[str], None] = lambda _text: None


def main(arguments: Sequence[str]) -> int:
    """Run the window to its end; gives the exit status. Blocks. Main thread."""
    start = _start_of(arguments)
    sys.setswitchinterval(0.0005)  # halves the window's stalls, no throughput lost
    qInstallMessageHandler(_log_qt)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("workbench")
    app.setApplicationDisplayName("Workbench")
    app.setQuitOnLastWindowClosed(False)  # quitting is the end of shutdown, not its start
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        status: int = loop.run_until_complete(_Program(app, start).run())
    # Closures of the window's signals keep sessions alive in cycles; freed only at the
    # interpreter's end, DuckDB's driver prints a page of "leaked" warnings.
    gc.collect()
    return status


class _Program:
    """One run of the program."""

    def __init__(self, app: QApplication, start: Start) -> None:
        self._app = app
        self._start = start
        self._over = asyncio.Event()
        self._error_dialog: ErrorDialog | None = None

    async def run(self) -> int:
        collector = Collector()
        workers = Workers()
        settings, trouble = await workers.file_work(_load_settings)
        theme.apply(self._app, settings.theme)
        workbench = Workbench(settings=settings, complain=trouble.append)
        runs = Runs(workbench, workers)
        workers.file_work(lambda: sweep(workbench.paths.spill))  # of processes that died
        connections = Connections(runs)
        hot_exit = HotExit(runs)
        window = MainWindow(runs, connections, hot_exit)
        self._catch_the_unexpected(window)
        window.close_agreed.connect(self._over.set)
        await self._open(window, runs, connections, hot_exit, trouble)
        window.show()
        hot_exit.keep(window.workspace)
        status = 0
        if self._start.tour is not None:
            status = await Tour(window, self._start.tour, self._start.say).run()
        else:
            with self._signals():
                await self._over.wait()
        await self._shut_down(window, runs, hot_exit, workers)
        collector.stop()
        return status

    async def _open(
        self,
        window: MainWindow,
        runs: Runs,
        connections: Connections,
        hot_exit: HotExit,
        trouble: list[UserError],
    ) -> None:
        """Bring back the last workspace, then what the command line names, in front of it."""
        try:
            await connections.load()
        except UserError as error:
            trouble.append(error)
        window.restore(await hot_exit.load())
        for target in self._start.targets:
            await self._open_target(window, target)
        if not window.tabs.pages():
            window.deck.open_text(FIRST_SQL, "welcome")
            window.choosing.open(runs.workbench.samples()[0][0])
        for each in trouble:
            window.fail(each)

    async def _open_target(self, window: MainWindow, target: str) -> None:
        if "://" in target:
            window.deck.open_text("")
            window.choosing.open(target)
        else:
            await window.filing.opened(Path(target), apart=True)

    async def _shut_down(
        self, window: MainWindow, runs: Runs, hot_exit: HotExit, workers: Workers
    ) -> None:
        """Stop, then write, then close: in this order nothing is lost if a later step hangs."""
        await runs.shut_down()
        try:
            await hot_exit.close()
        except UserError as error:
            log.warning("journal at shutdown: %s", error)
        await workers.file_work(runs.workbench.close)
        window.close_for_good()
        window.deleteLater()
        await asyncio.sleep(0.01)  # some turns of the loop, in which it goes
        if not workers.close(THREADS_MS):
            # A statement that was let go still runs in this process and no thread can be
            # killed: everything is written, so the process ends here, and it with it.
            log.warning("leaving a statement that could not be stopped")
            logging.shutdown()
            os._exit(0)

    def _catch_the_unexpected(self, window: MainWindow) -> None:
        """A bug is shown with its traceback and logged; the window stays usable."""

        def unexpected(
            kind: type[BaseException], error: BaseException, trace: TracebackType | None
        ) -> None:
            details = "".join(traceback.format_exception(kind, error, trace))
            log.error("unexpected: %s", details)
            if self._error_dialog is not None and not self._error_dialog.closed:
                self._error_dialog.add(kind.__name__, str(error), details)
                return
            self._error_dialog = ErrorDialog(
                "Something unexpected went wrong",
                "Your text is safe. What you were doing may not have happened: look before "
                "you repeat it. The details help whoever mends it.",
                details,
                window,
            )
            self._error_dialog.show()

        sys.excepthook = unexpected

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT close the window as Quit does, without asking."""

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            self._over.set()

        before = {n: signal.signal(n, on_signal) for n in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _log_qt(level: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's own remarks go to the log: what it writes to stderr helps nobody there."""
    bad = level in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    logging.getLogger("workbench.qt").log(logging.ERROR if bad else logging.DEBUG, "%s", text)


def _load_settings() -> tuple[Settings, list[UserError]]:
    paths, trouble = user_paths(), list[UserError]()
    try:
        configure_logging(paths.state)
    except UserError as error:
        trouble.append(error)
    try:
        return settings_file.load(paths.settings), trouble
    except UserError as error:
        return Settings(), [*trouble, error]


def _start_of(arguments: Sequence[str]) -> Start:
    parser = argparse.ArgumentParser("workbench", allow_abbrev=False)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--tour", type=Path)
    given = parser.parse_args(arguments)
    return Start(tuple(given.targets), given.tour, _say)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
