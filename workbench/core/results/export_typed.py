"""Results as Parquet and as an Arrow stream: with their types, one result to a file.

One thread at a time; blocks on the stream. Types are those of the first rows. A column that
is NULL throughout the first rows gets its type from later ones, as long as they can be held;
later rows of another type are converted where nothing is lost, else refused by name.
"""

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.types as kinds

from workbench.core.errors import UserError
from workbench.core.results.arrays import AnyArray
from workbench.core.results.export_text import different_names, text_array
from workbench.core.results.resultset import ResultColumn

_HELD_ROWS = 1_000_000
_HELD_BYTES = 64 * 1024 * 1024
_GROUP_ROWS = 131_072  # rows of a Parquet row group: 8 batches, so that groups are no crumbs


class _TypedWriter:
    """What both formats share: the schema found, rows brought to it."""

    format = ""

    def __init__(self, stream: BinaryIO) -> None:
        self._sink = _Sink(stream)
        self._columns: tuple[ResultColumn, ...] = ()
        self._results = 0
        self._rows = 0
        self._held: list[pa.RecordBatch] = []
        self._schema: pa.Schema | None = None
        self._out: Any = None

    def open(self, columns: Sequence[ResultColumn], schema: pa.Schema | None = None) -> None:
        """Begin the result. Raises UserError for a second one."""
        if self._results:
            raise UserError(
                "One result only",
                f"{self.format} holds one result, and the script brings a second one. Run the "
                "statements one by one, or choose another format (json and csv take several).",
            )
        self._results += 1
        self._columns = tuple(columns)
        if schema is not None:
            self._begin(schema)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows, or hold them while a type is unknown. Blocks."""
        if self._schema is None:
            self._held.append(batch)
            types = [_known([b.column(i).type for b in self._held]) for i in self._indexes()]
            rows = sum(held.num_rows for held in self._held)
            size = sum(held.nbytes for held in self._held)
            if None in types and rows < _HELD_ROWS and size < _HELD_BYTES:
                return
            self._begin_with(types)
            return
        self._put(self._fitted(batch))

    def close(self) -> None:
        """End the file."""
        if self._schema is None:
            held = self._held
            self._begin_with([_known([b.column(i).type for b in held]) for i in self._indexes()])
        self._finish()
        self._out.close()
        self._sink.flush()

    def discard(self) -> None:
        """Write nothing more, not even what Arrow writes when its writer goes."""
        self._sink.shut = True
        self._held = []
        self._out = None  # it keeps the error of a failed write, and with it the whole run

    def _make(self, sink: pa.NativeFile, schema: pa.Schema) -> Any:
        raise NotImplementedError

    def _put(self, batch: pa.RecordBatch) -> None:
        self._out.write_batch(batch)

    def _finish(self) -> None:
        """Write what a format still holds."""

    def _indexes(self) -> range:
        return range(len(self._columns))

    def _begin_with(self, types: Sequence[pa.DataType | None]) -> None:
        names = [column.name for column in self._columns]
        # Nothing is known of a column without a value; text takes whatever comes.
        self._begin(
            pa.schema(
                [(n, pa.string() if t is None else t) for n, t in zip(names, types, strict=True)]
            )
        )
        held, self._held = self._held, []
        for batch in held:
            self._put(self._fitted(batch))

    def _begin(self, schema: pa.Schema) -> None:
        names = [
            name.encode("utf-8", "replace").decode("utf-8")
            for name in different_names(column.name for column in self._columns)
        ]
        pairs = zip(names, schema.types, strict=True)
        self._schema = pa.schema([pa.field(name, kind) for name, kind in pairs])
        sink: Any = self._sink
        self._out = self._make(pa.PythonFile(sink, mode="w"), self._schema)

    def _fitted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        assert self._schema is not None
        columns = [
            self._converted(batch.column(i), self._schema.field(i).type, column)
            for i, column in enumerate(self._columns)
        ]
        self._rows += batch.num_rows
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)

    def _converted(self, array: AnyArray, kind: pa.DataType, column: ResultColumn) -> AnyArray:
        if array.type == kind:
            return array
        if kinds.is_string(kind):
            return text_array(array, column.type).cast(kind)
        try:
            return array.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise UserError(
                "Mixed types",
                f"Column {column.name!r} was {kind} and is {array.type} after row "
                f"{self._rows:,}: {self.format} needs one type for each column. Cast it in the "
                "statement, or choose another format (json and csv take mixed types).",
            ) from error


class ParquetWriter(_TypedWriter):
    """Writes one result as a Parquet file."""

    format = "parquet"

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._group: list[pa.RecordBatch] = []

    def _make(self, sink: pa.NativeFile, schema: pa.Schema) -> Any:
        from pyarrow import parquet

        return _refused_types(lambda: parquet.ParquetWriter(sink, schema), self.format)

    def _put(self, batch: pa.RecordBatch) -> None:
        self._group.append(batch)
        rows = sum(each.num_rows for each in self._group)
        if rows >= _GROUP_ROWS or sum(each.nbytes for each in self._group) >= _HELD_BYTES:
            self._finish()

    def _finish(self) -> None:
        group, self._group = self._group, []
        if group:
            table = pa.Table.from_batches(group)
            _refused_types(lambda: self._out.write_table(table), self.format)


class ArrowWriter(_TypedWriter):
    """Writes one result as an Arrow IPC stream."""

    format = "arrow"

    def _make(self, sink: pa.NativeFile, schema: pa.Schema) -> Any:
        return pa.ipc.new_stream(sink, schema)


def _known(types: Sequence[pa.DataType]) -> pa.DataType | None:
    return next((kind for kind in types if not kinds.is_null(kind)), None)


def _refused_types(make: Callable[[], Any], called: str) -> Any:
    try:
        return make()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise UserError(
            "Type not supported",
            f"{called} cannot hold this result: {str(error).rstrip('.')}. Cast the column.",
        ) from error


class _Sink:
    """The stream as Arrow wants it: it asks for a position, which a pipe has not."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0
        self.shut = False

    def write(self, data: bytes | memoryview) -> int:
        if not self.shut:
            try:
                self._stream.write(data)
            except BaseException:
                self.shut = True  # Arrow writes once more as its writer goes
                raise
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        if not self.shut:
            self._stream.flush()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The stream is the caller's to close."""
