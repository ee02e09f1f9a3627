"""Queries from the window's side: start them, stop them, hear of them. GUI thread only.

`Runs` is one per window. It puts a query on a worker, brings its events back over the
bridge, climbs the ladders on the event loop, and looks after timeouts. Everything that
runs goes through it - a tab's script, a commit, a catalog load - so *Cancel all* reaches
all of it. It never touches a session itself.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.core.errors import UserError
from workbench.core.query.cancellation import Policy
from workbench.core.query.events import (
    BatchArrived,
    ReceiptWritten,
    ResultOpened,
    RunEnded,
    RunEvent,
)
from workbench.core.query.handle import QueryHandle
from workbench.core.query.queries import Queries
from workbench.core.query.receipt import CancelReceipt, StopReason
from workbench.core.query.watchdog import Act, Action
from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.core.workbench import Workbench
from workbench.ui.runtime.bridge import Bridge
from workbench.ui.runtime.tasks import Workers

log = logging.getLogger(__name__)

WATCH_MS = 250

# How long shutdown waits for receipts on their way; a question left open is closed then.
LAST_WORDS_S = 2.0


@dataclass(frozen=True, slots=True)
class RowsOpened:
    """A result whose rows the worker appends to `results` from now on."""

    query: str
    opened: ResultOpened
    results: ResultSet


Listener = Callable[[object], None]


@dataclass(eq=False, slots=True)
class _Follower:
    """Who hears of one query's events, from its start until its end and receipt are told."""

    handle: QueryHandle
    listener: Listener
    before: Callable[[], None] | None = None
    results: dict[int, ResultSet] = field(default_factory=dict)
    end_heard: bool = False
    held: ReceiptWritten | None = None


class Runs(QObject):
    """All runs of one window.

    Signals: `live_changed(int)`, the number of live queries; `receipt_written(QueryHandle,
    CancelReceipt)`, for each stop of any query; `all_stopped(list[CancelReceipt])`, after
    Cancel all.
    """

    live_changed = Signal(int)
    receipt_written = Signal(object, object)
    all_stopped = Signal(object)

    def __init__(
        self, workbench: Workbench, workers: Workers, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self.workers = workers
        self.budget = MemoryBudget(workbench.settings.result_memory_mb << 20)
        self._bridge = Bridge(self)
        self._bridge.arrived.connect(self._on_arrived)
        self._followers: dict[str, _Follower] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._live = 0
        self._unsubscribe = workbench.registry.subscribe(self._bridge.post)
        self._timer = QTimer(self, interval=WATCH_MS)
        self._timer.timeout.connect(self._on_watch)
        self._timer.start()

    def start(
        self,
        handle: QueryHandle,
        listener: Listener,
        *,
        before: Callable[[], None] | None = None,
    ) -> None:
        """Run a registered query on a worker; `listener` gets its events on this thread.

        `before` runs on the worker first (the journal is written before every run).
        """
        follower = _Follower(handle, listener, before)
        self._followers[handle.id] = follower
        self.workers.query(lambda: self._work(follower))

    def stop(self, handle: QueryHandle, reason: StopReason, *, auto: bool = False) -> None:
        """Stop `handle` at the database; a query that is being stopped already is left to it."""
        if self.workbench.queries.ladder_of(handle.id) is None:
            self.spawn(self.stopped(handle, reason, auto=auto))

    async def stopped(
        self, handle: QueryHandle, reason: StopReason, *, auto: bool = False
    ) -> CancelReceipt | None:
        """Stop `handle` and wait for the receipt."""
        ladder = self.workbench.queries.ladder(
            handle,
            reason,
            blocking=self.workers.control,
            emit=self._bridge.post,
            policy=Policy(self.workbench.settings.stop_deadline_s, auto=auto),
        )
        receipt = await ladder.climb()
        if receipt is not None:
            self.receipt_written.emit(handle, receipt)
        return receipt

    async def ended(self, handle: QueryHandle, timeout_s: float | None = None) -> bool:
        """Wait until the run has ended; False when `timeout_s` passed first."""
        loop = asyncio.get_running_loop()
        over = asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(over.set)

        handle.when_ended(wake)
        try:
            await asyncio.wait_for(over.wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    async def stop_for_good(self, handle: QueryHandle, reason: StopReason) -> None:
        """Stop `handle`, taking every rung there is without asking; for closing."""
        if await self.stopped(handle, reason, auto=True) is not None:
            return
        # Somebody's own stop is at work and may wait for an answer: take its next rung.
        deadline_s = self.workbench.settings.stop_deadline_s
        while not await self.ended(handle, deadline_s):
            self.force(handle)

    def force(self, handle: QueryHandle) -> None:
        """Take the next rung of a stop that is under way."""
        ladder = self.workbench.queries.ladder_of(handle.id)
        if ladder is not None:
            ladder.force()

    def stop_all(self, reason: StopReason = StopReason.CANCEL_ALL) -> None:
        """Stop every live query of the app, in parallel; `all_stopped` tells how it went.

        Nobody is asked about transactions: each stays open where its engine can keep it.
        """
        live = self.workbench.queries.live()
        for handle in live:
            handle.rollback_after_stop = False
        self.spawn(self._stop_all(live, reason))

    async def _stop_all(self, live: tuple[QueryHandle, ...], reason: StopReason) -> None:
        receipts = await asyncio.gather(*(self.stopped(handle, reason) for handle in live))
        self.all_stopped.emit([receipt for receipt in receipts if receipt is not None])

    def rows_of(self, query: str) -> int | None:
        """Rows of a live query that have arrived; None where it has no result (yet)."""
        follower = self._followers.get(query)
        if follower is None or not follower.results:
            return None
        return sum(results.rows.known for results in tuple(follower.results.values()))

    def live(self) -> tuple[QueryHandle, ...]:
        """The live queries' handles, oldest first."""
        return self.workbench.queries.live()

    def spawn(self, coroutine: Coroutine[object, object, object]) -> "asyncio.Task[object]":
        """Run a coroutine on the window's loop; an exception in it is logged as a bug."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    async def shut_down(self) -> None:
        """Stop all that lives, climbing without asking, and wait for it."""
        self._timer.stop()
        stops = (self.stop_for_good(handle, StopReason.SHUTDOWN) for handle in self.live())
        for result in await asyncio.gather(*stops, return_exceptions=True):
            if isinstance(result, BaseException):
                log.error("a query could not be stopped at shutdown", exc_info=result)
        await self._finish_tasks()
        # What is still on its way over has nobody to hear it: the window goes next.
        self._bridge.arrived.disconnect(self._on_arrived)
        self._followers.clear()
        self._unsubscribe()

    async def _finish_tasks(self) -> None:
        """Let receipts be written; what still waits for a person's answer is given up."""
        others = self._tasks - {asyncio.current_task()}
        if others:
            _done, waiting = await asyncio.wait(others, timeout=LAST_WORDS_S)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    def _work(self, follower: _Follower) -> None:
        """On the worker: run to the end, keeping rows here and sending the rest over."""
        handle = follower.handle
        _do_before(follower, self.workbench.queries, self._bridge.post)
        run = self.workbench.queries.run(handle)
        told = False
        try:
            event = next(run, None)
            while event is not None:
                try:
                    self._take(follower, event)
                except UserError as error:
                    # The rows have no room any more: the run ends with that as its error.
                    event = _thrown(run, error)
                    continue
                told = isinstance(event, RunEnded)
                event = next(run, None)
        finally:
            # After a bug the run yields no end; the tab must come to rest all the same.
            run.close()
            if not told and handle.end is not None:
                self._bridge.post(handle.end)

    def _take(self, follower: _Follower, event: RunEvent) -> None:
        if isinstance(event, BatchArrived):
            follower.results[event.result].append(event.batch)
        elif isinstance(event, ResultOpened):
            self._bridge.post(RowsOpened(event.query, event, self._open(follower, event)))
        else:
            if isinstance(event, RunEnded):
                for results in follower.results.values():
                    results.finish()
            self._bridge.post(event)

    def _open(self, follower: _Follower, event: ResultOpened) -> ResultSet:
        results = ResultSet(
            [ResultColumn(c.name, c.type, c.numeric) for c in event.columns],
            budget=self.budget,
            spill_dir=self.workbench.paths.spill,
        )
        follower.results[event.result] = results
        return results

    def _on_arrived(self, items: tuple[object, ...]) -> None:
        for item in items:
            query = getattr(item, "query", None)
            if query is not None:
                self._hear(item)
        live = len(self.workbench.registry)
        if live != self._live:
            self._live = live
            self.live_changed.emit(live)

    def _hear(self, event: object) -> None:
        """Hand an event to who follows its query; a receipt never before the end it is for."""
        query: str = getattr(event, "query", "")
        follower = self._followers.get(query)
        if follower is None:
            return
        if isinstance(event, ReceiptWritten) and not follower.end_heard:
            follower.held = event
            return
        if isinstance(event, RunEnded):
            if follower.end_heard:
                return
            follower.end_heard = True
        follower.listener(event)
        if isinstance(event, RunEnded) and follower.held is not None:
            event = follower.held
            follower.listener(event)
        over = isinstance(event, ReceiptWritten) or not follower.handle.stop_requested
        if follower.end_heard and over:
            self._followers.pop(query, None)

    def _on_watch(self) -> None:
        for action in self.workbench.queries.due():
            self.spawn(self._act(action))

    async def _act(self, action: Action) -> None:
        queries = self.workbench.queries
        handle = queries.handle_of(action.query)
        if handle is None:
            return
        if action.act is Act.TIME_OUT:
            handle.rollback_after_stop = False  # nobody was asked
            await self.stopped(handle, StopReason.TIMEOUT)
            return
        end = await self.workers.control(lambda: queries.carry_out(action))
        if end is not None:
            self._bridge.post(end)
            if handle.receipt is not None:
                self._bridge.post(ReceiptWritten(handle.id, handle.receipt))
                self.receipt_written.emit(handle, handle.receipt)

    def _on_task_done(self, task: "asyncio.Task[object]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a flow of the window failed", exc_info=task.exception())


def _do_before(follower: _Follower, queries: Queries, tell: Callable[[object], None]) -> None:
    try:
        if follower.before is not None:
            follower.before()
    except BaseException:
        # A bug: it is raised and logged, yet the query must not stay QUEUED for ever.
        end = queries.refuse(follower.handle, _not_run())
        if end is not None:
            tell(end)
        raise


def _thrown(run: Generator[RunEvent], error: UserError) -> RunEvent | None:
    """What the run says to `error`; None when it was ended by force and says nothing."""
    try:
        return run.throw(error)
    except StopIteration:
        return None


def _not_run() -> UserError:
    return UserError(
        "Workbench failed", "A fault in Workbench kept the statement from being run. See the log."
    )
