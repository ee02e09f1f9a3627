"""Watches over one running query from the main thread: Ctrl-C, signals, the timeout, progress.

The query runs on one worker thread; here an asyncio loop waits for it, climbs the stop ladder
when asked, and lets go of a worker that cannot be stopped. Calls that may block run on
threads of their own, which never keep the process from ending.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from workbench.cli.output import leave, say
from workbench.core.query.cancellation import Ladder, Policy
from workbench.core.query.events import RunEnded, RungClimbed, RungExpired
from workbench.core.query.handle import QueryHandle
from workbench.core.query.queries import Queries
from workbench.core.query.receipt import CancelReceipt, StopReason
from workbench.core.query.watchdog import Act

T = TypeVar("T")

_TICK_S = 0.05
# An abandoned worker gets so long to notice before the process goes on without it.
_GRACE_S = 0.5
_LAST_S = 5.0  # for the last instants of a thread whose work is done
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Attendant:
    """Runs `work` on a worker and attends to `handle`, which it runs. Await `attend` once.

    Afterwards: `receipt` of a stop, if there was one; `forced`, the end that the ladder
    wrote; `let_go`, whether the worker was left behind; `signal`, the number of the one that
    ended it, 0 for none.
    """

    def __init__(
        self,
        queries: Queries,
        handle: QueryHandle,
        *,
        deadline_s: float,
    ) -> None:
        self._queries = queries
        self._handle = handle
        self._deadline_s = deadline_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ladder: Ladder | None = None
        self._climb: asyncio.Task[CancelReceipt | None] | None = None
        self._threads: list[threading.Thread] = []
        self._forced_once = False
        self._climbing = False  # the first rung has been taken
        self.receipt: CancelReceipt | None = None
        self.forced: RunEnded | None = None
        self.let_go = False
        self.signal = 0

    async def attend(
        self, work: Callable[[], None], tick: Callable[[], None] = lambda: None
    ) -> None:
        """Run `work` to its end, or until it was let go. Raises what `work` raises.

        `tick` is called every 50 ms on the loop's thread.
        """
        self._loop = asyncio.get_running_loop()
        self._listen()
        worker = self.blocking(work)
        while not worker.done():
            await asyncio.wait((worker,), timeout=_TICK_S)
            self._look_after()
            tick()
            if self._climb is not None and self._climb.done() and not worker.done():
                await asyncio.wait((worker,), timeout=_GRACE_S)
                self.let_go = not worker.done() and self.forced is not None
                if self.let_go:
                    break
        if self._climb is not None:
            self.receipt = await self._climb
        if worker.done():
            worker.result()

    def stop(self, reason: StopReason) -> None:
        """Stop the query at the database, as the user would. The worker's thread. Blocks.

        Returns when the query knows of it, so that its worker begins nothing more.
        """
        loop, flagged = self._loop, threading.Event()
        assert loop is not None

        def stop() -> None:
            self._stop(reason, False)
            loop.call_soon(flagged.set)  # after the ladder's first step, which raises the flag

        loop.call_soon_threadsafe(stop)
        flagged.wait(_LAST_S)

    def blocking(self, call: Callable[[], T], /) -> "asyncio.Future[T]":
        """Run `call` on a thread of its own; the loop's thread awaits its result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            try:
                result = call()
            # Whatever it is, whoever awaits the future is to have it.
            except BaseException as error:
                _deliver(loop, partial(_fail, future, error))
            else:
                _deliver(loop, partial(_succeed, future, result))

        thread = threading.Thread(target=run, daemon=True, name="workbench")
        self._threads.append(thread)
        thread.start()
        return future

    def join(self) -> None:
        """Wait for the last instants of the threads whose work is done. Blocks.

        One that the interpreter's end cuts off would leave a driver's objects alive, and a
        driver may complain of that on stderr. Not after a worker was let go.
        """
        for thread in self._threads:
            thread.join(_LAST_S)

    def _listen(self) -> None:
        assert self._loop is not None
        self._loop.add_signal_handler(signal.SIGINT, self._on_interrupt)
        for number in _SIGNALS:
            if signal.getsignal(number) is signal.SIG_IGN:
                continue  # nohup: it is to live on
            self._loop.add_signal_handler(number, self._on_signal, number)

    def _on_interrupt(self) -> None:
        if self._ladder is None:
            self._stop(StopReason.USER, False)
        elif not self._forced_once:
            self._forced_once = True
            if self._climbing:
                self._ladder.force()
        else:
            say("Left without waiting: whether the query still runs is unknown.")
            leave(128 + signal.SIGINT)

    def _on_signal(self, number: int) -> None:
        self.signal = number
        if self._ladder is None:
            self._stop(StopReason.SHUTDOWN, True)
        else:
            self._force()

    def _stop(self, reason: StopReason, auto: bool) -> None:
        if self._ladder is not None:
            return
        self._ladder = self._queries.ladder(
            self._handle,
            reason,
            blocking=self.blocking,
            emit=self._on_stop_event,
            policy=Policy(deadline_s=self._deadline_s, auto=auto),
        )
        self._climb = asyncio.ensure_future(self._ladder.climb())

    def _on_stop_event(self, event: object) -> None:
        match event:
            case RungExpired(rung=rung, next=after) if after is not None:
                price = f" ({after.price})" if after.price else ""
                say(
                    f"{rung.title}: no effect after {self._deadline_s:g} s. "
                    f"Ctrl-C again: {after.title}{price}."
                )
            case RungClimbed():
                if self._forced_once and not self._climbing:
                    # A second Ctrl-C that came before the first rung: it must not be lost.
                    asyncio.get_running_loop().call_soon(self._force)
                self._climbing = True
            case RunEnded():
                self.forced = event

    def _force(self) -> None:
        if self._ladder is not None:
            self._ladder.force()

    def _look_after(self) -> None:
        for action in self._queries.due():
            if action.act is Act.TIME_OUT:
                self._stop(StopReason.TIMEOUT, True)
            else:
                self.blocking(partial(self._queries.carry_out, action))


def _deliver(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:  # the loop is closed: the process is leaving and nobody waits
        return


def _succeed(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[T]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
