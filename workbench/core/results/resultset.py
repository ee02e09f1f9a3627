"""What one result brought: an append-only list of Arrow batches with bounded RAM.

The worker that fetches appends; any thread may read at the same time. When the process's
`MemoryBudget` is exceeded the oldest batches of the set that grows move to a file
(`spill.py`) and are read from there through a memory map. Never converts a value to text,
never copies rows to hand them out.
"""

import errno
import threading
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from workbench.core.errors import BugError, UserError
from workbench.core.results.budget import MemoryBudget
from workbench.core.results.spill import Spilled, SpillFile


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column as shown: its name, the engine's own type text, and whether it is numeric."""

    name: str
    type: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class RowCount:
    """How many rows are here, and whether more may come."""

    known: int
    final: bool


class ResultSet:
    """The rows of one result.

    `append` and `finish` belong to one writer thread; everything else may be called from any
    thread. Engines without fixed types may change a column's Arrow type from batch to batch;
    the number of columns is fixed. `spill_dir` is made when the first batch has to go there;
    with None everything stays in RAM.
    """

    def __init__(
        self,
        columns: Sequence[ResultColumn],
        schema: pa.Schema | None = None,
        budget: MemoryBudget | None = None,
        spill_dir: Path | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self.schema = schema
        self._budget = budget if budget is not None else MemoryBudget()
        self._spill_dir = spill_dir
        self._lock = threading.Lock()
        self._segments: list[pa.RecordBatch | Spilled] = []
        self._starts: list[int] = []
        self._count = 0
        self._in_ram = 0  # bytes
        self._oldest_in_ram = 0  # index into _segments
        self._spill: SpillFile | None = None
        self._broken: UserError | None = None
        self._finished = False
        self._writing = False
        self._closed = False

    @property
    def rows(self) -> RowCount:
        """Rows so far, and whether that is all of them."""
        return RowCount(self._count, self._finished)

    @property
    def closed(self) -> bool:
        """Was it closed? Then it has no rows any more and takes none."""
        return self._closed

    @property
    def spilled_bytes(self) -> int:
        """Bytes of this result on disk."""
        spill = self._spill
        return spill.size if spill is not None else 0

    def append(self, batch: pa.RecordBatch) -> None:
        """Add rows. Writer thread; blocks on the disk when the budget is exceeded.

        Raises UserError when rows had to go to disk and could not; `batch` is then not
        part of the set, all rows before it stay readable, and every later append raises the
        same again. After `close` a batch is dropped: nobody looks at it any more.
        """
        if batch.num_columns != len(self.columns):
            raise BugError(f"batch of {batch.num_columns} columns for {len(self.columns)}")
        if self._broken is not None:
            raise self._broken
        if batch.num_rows == 0 or self._closed:
            return
        size = _size(batch)
        self._budget.take(size)
        with self._lock:
            self._writing = True  # from here to _leave, close() leaves the file to us
        try:
            self._make_room()
            full = self._spill_dir is not None and self._budget.exceeded
            # Other results hold the budget: straight to disk with it.
            segment = self._write(batch) if full else batch
        except OSError as error:
            self._budget.give_back(size)
            self._broken = _cannot_spill(error, self._spill_dir, self._count)
            raise self._broken from error
        else:
            self._add(segment, size, batch)
        finally:
            self._leave()

    def finish(self) -> None:
        """No more rows will come. Writer thread."""
        self._finished = True

    def slice(self, start: int, count: int) -> list[pa.RecordBatch]:
        """Rows `start` to `start + count` as parts of batches, nothing copied.

        What lies outside the rows known so far is left out. Empty once closed.
        """
        with self._lock:
            stop = min(start + count, self._count)
            if start < 0 or start >= stop:
                return []
            parts = []
            for index in range(bisect_right(self._starts, start) - 1, len(self._starts)):
                begin = self._starts[index]
                if begin >= stop:
                    break
                low = max(start - begin, 0)
                parts.append(self._batch(index).slice(low, stop - begin - low))
            return parts

    def close(self) -> None:
        """Drop all rows and the file. Any thread; blocks when there is a file to remove.

        Slices handed out before stay valid.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._finished = True
            self._segments.clear()
            self._starts.clear()
            self._count = 0
            self._budget.give_back(self._in_ram)
            self._in_ram = 0
            if not self._writing:
                self._remove_file()

    def _batch(self, index: int) -> pa.RecordBatch:
        segment = self._segments[index]
        if isinstance(segment, Spilled):
            if self._spill is None:
                raise BugError("a batch is on disk, but there is no file")
            return self._spill.read(segment)
        return segment

    def _make_room(self) -> None:
        """Spill oldest first until the budget holds or nothing of this set is in RAM."""
        if self._spill_dir is None:
            return
        while self._budget.exceeded and self._oldest_in_ram < len(self._segments):
            segment = self._segments[self._oldest_in_ram]
            spilled = segment if isinstance(segment, Spilled) else self._write(segment)
            with self._lock:
                if self._closed:
                    return
                if not isinstance(segment, Spilled):
                    size = _size(segment)
                    self._in_ram -= size
                    self._budget.give_back(size)
                self._segments[self._oldest_in_ram] = spilled
                self._oldest_in_ram += 1

    def _write(self, batch: pa.RecordBatch) -> Spilled:
        if self._spill is None:
            if self._spill_dir is None:
                raise BugError("nowhere to spill to")
            spill = SpillFile(self._spill_dir)
            with self._lock:
                self._spill = spill
        return self._spill.write(batch)

    def _add(self, segment: pa.RecordBatch | Spilled, size: int, batch: pa.RecordBatch) -> None:
        with self._lock:
            if self._closed or isinstance(segment, Spilled):
                self._budget.give_back(size)
            else:
                self._in_ram += size
            if self._closed:
                return
            if self.schema is None:
                self.schema = batch.schema
            self._segments.append(segment)
            self._starts.append(self._count)
            self._count += batch.num_rows

    def _leave(self) -> None:
        with self._lock:
            self._writing = False
            if self._closed:
                self._remove_file()

    def _remove_file(self) -> None:
        if self._spill is not None:
            self._spill.close()
            self._spill = None


def _size(batch: pa.RecordBatch) -> int:
    # The objects around a batch weigh more than the values of a one-row batch.
    return int(batch.nbytes) + 500 + 200 * batch.num_columns


def _cannot_spill(error: OSError, directory: Path | None, rows: int) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        title = "The disk is full"
    else:
        title = "The result could not be written to disk"
    return UserError(
        title,
        f"This result is larger than the memory set aside for results, and writing it to "
        f"{directory} failed: {error.strerror or error}. The {rows:,} rows that arrived before are "
        f"kept and can be read; the rest was not fetched. Nothing was changed in the database by "
        f"this. Make room there, close other results, or ask for fewer rows.",
    )
