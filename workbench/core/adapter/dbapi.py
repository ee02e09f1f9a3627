"""A cursor over a driver that hands out Python rows (PEP 249), for engines with no other way.

The engine gives a function that fetches some rows more. Batches are small enough to show
soon, however slowly rows come, and large enough to be cheap: at most 1,000 rows, 50 ms or
about 8 MB. Session's thread only.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from workbench.core.adapter.contract import Column, Message

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.core.adapter.arrow import RowsToArrow

STEP_ROWS = 1_000
STEP_SECONDS = 0.05
STEP_BYTES = 8 << 20

Fetch = Callable[[int], Sequence[Sequence[Any]]]


class RowsCursor:
    """One statement's one result. Without `fetch` there are no rows.

    `close` lets go of the driver's cursor; `count` gives the rows changed once all rows have
    been read (a RETURNING), or None.
    """

    def __init__(
        self,
        command: str,
        affected: int | None = None,
        rows: "RowsToArrow | None" = None,
        fetch: Fetch | None = None,
        close: Callable[[], None] = lambda: None,
        count: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._command = command
        self._affected = affected
        self._rows = rows
        self._fetch = fetch
        self._close = close
        self._count = count
        self._step = 1
        self._first: pa.RecordBatch | None = None
        self._columns: tuple[Column, ...] | None = None

    @property
    def columns(self) -> tuple[Column, ...] | None:
        """The columns, typed by what the first rows hold."""
        return self._columns

    @property
    def affected(self) -> int | None:
        """Rows changed, None where the engine counts none."""
        return self._affected

    @property
    def command(self) -> str:
        """What was done, in the engine's words."""
        return self._command

    @property
    def is_open(self) -> bool:
        """Is there more to fetch?"""
        return self._fetch is not None

    def peek(self) -> None:
        """Read the first rows, which settle the columns. Blocks."""
        assert self._rows is not None
        try:
            self._first = self._next()
        except BaseException:
            self.close()
            raise
        self._columns = self._rows.columns()

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """The rows as they come."""
        try:
            batch, self._first = self._first, None
            while batch is not None:
                yield batch
                batch = self._next()
        finally:
            self.close()

    def next_result(self) -> bool:
        """One result for each statement."""
        return False

    def messages(self) -> tuple[Message, ...]:
        """What could not be shown as it is."""
        return () if self._rows is None else self._rows.take_notes()

    def close(self) -> None:
        """Let go of the driver's cursor, read to its end or not."""
        if self._fetch is not None:
            self._fetch = None
            self._close()

    def _next(self) -> "pa.RecordBatch | None":
        rows = self._gather()
        if not rows or self._rows is None:
            return None
        return self._rows.batch(rows)

    def _gather(self) -> list[Sequence[Any]]:
        """A batch's rows: as many as come in STEP_SECONDS, at least one."""
        rows: list[Sequence[Any]] = []
        size, deadline = 0, time.monotonic() + STEP_SECONDS
        while self._fetch is not None and len(rows) < STEP_ROWS:
            more = self._fetch(min(self._step, STEP_ROWS - len(rows)))
            if not more:
                self._affected = self._count()
                self.close()
                break
            rows += more
            size += _weight(more[-1]) * len(more)
            if size > STEP_BYTES or time.monotonic() > deadline:
                self._step = max(self._step // 4, 1)
                break
            self._step = min(self._step * 4, STEP_ROWS)
        return rows


def _weight(row: Sequence[Any]) -> int:
    return sum(len(value) for value in row if isinstance(value, str | bytes))
