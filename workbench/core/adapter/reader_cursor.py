"""A cursor over a driver that streams Arrow by itself.

The engine gives a function that makes the reader (which begins the work), one that turns
the driver's errors into EngineError, and the session's gate. A reader of small batches
shows rows soon where they come slowly; they are joined here where they come fast. Session's
thread only.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from workbench.core.adapter.contract import Column, Message
from workbench.core.errors import EngineError

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 16_384
BATCH_SECONDS = 0.05
BATCH_BYTES = 32 << 20


class ReaderCursor:
    """One statement's one result. Without `start` there are no rows.

    `translate` gives the EngineError for an exception of the driver, or None for one that
    is not the driver's, which then goes on as it is.
    """

    def __init__(
        self,
        gate: AbstractContextManager[None],
        command: str,
        columns: tuple[Column, ...] | None = None,
        start: "Callable[[], pa.RecordBatchReader | None] | None" = None,
        translate: Callable[[Exception], EngineError | None] = lambda _: None,
        affected: int | None = None,
        notes: tuple[Message, ...] = (),
    ) -> None:
        self._gate = gate
        self._start = start
        self._translate = translate
        self._reader: pa.RecordBatchReader | None = None
        self._command = command.replace("_", " ")
        self._columns = columns
        self._affected = affected
        self._notes = notes
        self._fresh = True
        self._late: EngineError | None = None

    @property
    def columns(self) -> tuple[Column, ...] | None:
        """The result's columns, None if it has no rows by nature."""
        return self._columns

    @property
    def affected(self) -> int | None:
        """Rows changed, None where the engine counts none."""
        return self._affected

    @property
    def command(self) -> str:
        """What the statement did, in the engine's words."""
        return self._command

    @property
    def is_open(self) -> bool:
        """Does a half-read result hold the connection?"""
        return self._reader is not None

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """Stream the rows; each step waits inside the driver for the next ones."""
        if self._start is None:
            return
        try:
            while (batch := self._next()) is not None:
                if batch.num_rows:
                    yield batch
        finally:
            self.close()

    def next_result(self) -> bool:
        """One result for each statement."""
        return False

    def messages(self) -> tuple[Message, ...]:
        """What the engine's file had to say about this result, once."""
        notes, self._notes = self._notes, ()
        return notes

    def close(self) -> None:
        """Drop the reader, half-read or not; the driver then gives up the rest."""
        self._start = None
        if self._reader is not None:
            reader, self._reader = self._reader, None
            reader.close()

    def _next(self) -> "pa.RecordBatch | None":
        """What the driver has soon: joined up to BATCH_ROWS, at most BATCH_SECONDS after."""
        parts: list[pa.RecordBatch] = []
        rows, size, deadline = 0, 0, 0.0
        try:
            while (part := self._read()) is not None:
                parts.append(part)
                rows += part.num_rows
                size += part.nbytes
                # The first part is handed on at once, so that something shows.
                if self._fresh or rows + part.num_rows > BATCH_ROWS or size > BATCH_BYTES:
                    break
                deadline = deadline or time.monotonic() + BATCH_SECONDS
                if time.monotonic() > deadline:
                    break
        except EngineError as error:
            if not parts:
                raise
            self._late = error  # after the rows that came before it
        self._fresh = False
        return _joined(parts) if len(parts) > 1 else parts[0] if parts else None

    def _read(self) -> "pa.RecordBatch | None":
        if self._late is not None:
            raise self._late
        with self._gate:
            try:
                if self._reader is None and self._start is not None:
                    self._reader = self._start()
                return None if self._reader is None else self._named(self._reader)
            except StopIteration:
                return None
            # Any class: which ones are the driver's is for the engine's translate to say.
            except Exception as error:
                told = self._translate(error)
                if told is None:
                    raise
                raise told from error

    def _named(self, reader: "pa.RecordBatchReader") -> "pa.RecordBatch":
        """The next batch under the columns' own names; a driver may have made them unique."""
        batch = reader.read_next_batch()
        names = [column.name for column in self._columns or ()]
        return batch if batch.schema.names == names else batch.rename_columns(names)


def _joined(parts: "list[pa.RecordBatch]") -> "pa.RecordBatch":
    import pyarrow

    (batch,) = pyarrow.Table.from_batches(parts).combine_chunks().to_batches()
    return batch
