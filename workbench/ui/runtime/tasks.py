"""Worker threads of the window: queries, stops and files each have a pool of their own.

A stop never waits behind a query, and a slow disk never delays a stop. `query` and `files`
may be called on any thread; `control` and `file_work` give futures of the running event
loop and belong to its thread. Nothing here knows what it runs.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QRunnable, QThreadPool

log = logging.getLogger(__name__)

T = TypeVar("T")

# A running query holds its thread to its end; more than these wait as QUEUED.
MOST_QUERIES = 64
MOST_STOPS = 32
MOST_FILES = 2


class Task(QRunnable):
    """One call on a pool's thread. An exception is a bug: it is logged with its traceback."""

    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__()
        self._call: Callable[[], None] | None = call

    def run(self) -> None:
        """Called by the pool, once. Lets go of the call: the wrapper outlives the task."""
        call, self._call = self._call, None
        if call is None:
            return
        try:
            call()
        except Exception:
            # A worker has no caller to raise to; Qt would only print and go on.
            log.exception("a worker's task failed")


class Workers:
    """The pools of one window."""

    def __init__(self) -> None:
        self._queries = _pool("queries", MOST_QUERIES)
        self._control = _pool("control", MOST_STOPS)
        self._files = _pool("files", MOST_FILES)

    def query(self, call: Callable[[], None]) -> None:
        """Run `call` on the query pool."""
        self._queries.start(Task(call))

    def control(self, call: Callable[[], T], /) -> "asyncio.Future[T]":
        """Run `call` on the control pool; await what it returns or raises."""
        return _future(self._control, call)

    def file_work(self, call: Callable[[], T], /) -> "asyncio.Future[T]":
        """Run `call` on the file pool; await what it returns or raises."""
        return _future(self._files, call)

    def busy(self) -> int:
        """How many tasks run now."""
        return sum(p.activeThreadCount() for p in (self._queries, self._control, self._files))

    def close(self, timeout_ms: int) -> bool:
        """Drop what has not started and wait for the rest; False if some is still running.

        Blocks up to `timeout_ms`; for shutdown, after the live queries were stopped.
        """
        done = True
        for pool in (self._files, self._control, self._queries):
            pool.clear()
            done = pool.waitForDone(timeout_ms) and done
        return done


def _pool(name: str, most: int) -> QThreadPool:
    pool = QThreadPool()
    pool.setObjectName(name)
    pool.setMaxThreadCount(most)
    # Idle threads go after 5 s: a window left alone keeps none.
    pool.setExpiryTimeout(5_000)
    return pool


def _future(pool: QThreadPool, call: Callable[[], T]) -> "asyncio.Future[T]":
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return  # the waiter gave up (a deadline); the call itself could not be stopped
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = call()
        except Exception as caught:  # handed over: raised where the future is awaited
            error = caught
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    pool.start(Task(run))
    return future
