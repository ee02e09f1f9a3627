"""Batches on disk: an append-only file of Arrow IPC messages, read through a memory map.

One thread writes while others read; `read` and `close` need the owner's lock, `write` does
not (but must not meet `close`). Uncompressed on purpose: 569 MB/s to write, and a reader maps
it without copying, where lz4 or zstd take over a second to open 193 MB. A file belongs to one
process, whose id is in its name; `sweep` removes those whose process is gone. Never decides
*what* to spill: that is `resultset.py`.
"""

import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pyarrow as pa

PREFIX = "workbench-result-"
SUFFIX = ".arrows"
_ALIGNMENT = 64  # Arrow's recommendation; with less, reading would copy
_OPTIONS = pa.ipc.IpcWriteOptions(allow_64bit=True)


@dataclass(frozen=True, slots=True)
class Spilled:
    """Where one batch lies in the file, in bytes, and how to read it back."""

    offset: int
    size: int
    schema: pa.Schema
    framed: bool  # carries its own schema and dictionaries


class SpillFile:
    """One result's batches on disk. Made in `directory`, which is created if missing.

    Raises OSError when the file cannot be made; `write` raises OSError when the disk is
    full, after which all that was written before is still readable.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / f"{PREFIX}{os.getpid()}-{uuid4().hex}{SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        # 0600: rows are the user's data, and a cache directory may be shared.
        self._file = os.open(self.path, flags, 0o600)
        self._end = 0
        self._map = pa.py_buffer(b"")

    @property
    def size(self) -> int:
        """Bytes written."""
        return self._end

    def write(self, batch: pa.RecordBatch) -> Spilled:
        """Append `batch`. Blocks on the disk. Raises OSError; then nothing was added."""
        framed = any(_has_dictionary(field.type) for field in batch.schema)
        message = _frame(batch) if framed else batch.serialize()
        start = -(-self._end // _ALIGNMENT) * _ALIGNMENT
        try:
            _write_all(self._file, b"\0" * (start - self._end), self._end)
            _write_all(self._file, memoryview(message), start)
        except OSError:
            # Give the torn half back to the disk that was too small for it.
            os.ftruncate(self._file, self._end)
            raise
        self._end = start + message.size
        return Spilled(start, message.size, batch.schema, framed)

    def read(self, spilled: Spilled) -> pa.RecordBatch:
        """The batch, its columns pointing into the map: nothing is copied."""
        message = self._mapped(spilled.offset + spilled.size).slice(spilled.offset, spilled.size)
        if spilled.framed:
            return pa.ipc.open_stream(message).read_next_batch()
        return pa.ipc.read_record_batch(message, spilled.schema)

    def close(self) -> None:
        """Remove the file. Blocks on the disk. What was read before stays readable."""
        self._map = pa.py_buffer(b"")
        os.close(self._file)
        # Windows refuses while a reader still maps the file; the next start sweeps it.
        try:
            self.path.unlink(missing_ok=True)
        except PermissionError:
            return

    def _mapped(self, end: int) -> pa.Buffer:
        if self._map.size < end:
            # The file has grown since: map it anew. The old map lives as long as somebody
            # still holds a batch out of it.
            self._map = pa.py_buffer(mmap.mmap(self._file, 0, access=mmap.ACCESS_READ))
        return self._map


def sweep(directory: Path) -> int:
    """Remove the files of processes that are gone; how many were removed. Blocks.

    Call once at start-up, off the GUI thread. A directory that does not exist is clean.
    """
    removed = 0
    for path in directory.glob(f"{PREFIX}*{SUFFIX}"):
        owner = path.name.removeprefix(PREFIX).partition("-")[0]
        if not owner.isdigit() or _alive(int(owner)):
            continue
        try:
            path.unlink()
        except OSError:
            continue  # another process swept it first, or it is not ours to remove
        removed += 1
    return removed


def _frame(batch: pa.RecordBatch) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=_OPTIONS) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def _has_dictionary(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.BaseExtensionType):
        return _has_dictionary(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return True
    return any(_has_dictionary(kind.field(i).type) for i in range(kind.num_fields))


def _write_all(file: int, data: bytes | memoryview, offset: int) -> None:
    view = memoryview(data).cast("B")
    os.lseek(file, offset, os.SEEK_SET)
    while view:
        view = view[os.write(file, view) :]


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return True
    if os.name == "nt":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    # os.kill(pid, 0) would *end* the process there.
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined, unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)
