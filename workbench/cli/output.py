"""The only writer of stdout, and of stderr: data goes to the one, words to the other.

`Stdout` belongs to one thread at a time; the functions for stderr may be called from any.
A reader that went away (`| head -1`) raises OutputGone and is no error. Nothing from a
database reaches the terminal unfiltered through stderr: controls are made visible.
"""

import os
import re
import select
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, cast

from workbench.core.errors import EngineError, UserError, WorkbenchError

if TYPE_CHECKING:
    import pyarrow as pa

# What a pipe with room takes without blocking (PIPE_BUF); more may block half-way.
_PIPE_BYTES = 4096
_LOOK_S = 0.1
# A stop waits so long for a reader that takes nothing (a pager), then the output is cut.
_PATIENCE_S = 1.0

_PASSWORD = re.compile(r"(://[^\s:/@]*:)[^\s/@]*@")

_lock = threading.Lock()
_progress_shown = 0  # characters of the progress line that stand on the terminal


class OutputGone(WorkbenchError):  # noqa: N818 - no error to show
    """Whoever read stdout has gone away."""


class OutputCut(WorkbenchError):  # noqa: N818 - no error to show
    """A stop was asked for while the reader of stdout took nothing."""


class Stdout:
    """The process's stdout as a stream of bytes.

    A write to a reader that takes nothing would block for ever and keep a stop from ending:
    once `stopping` says so, it waits for a second and then raises OutputCut.
    """

    def __init__(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Raises UserError when stdout is closed."""
        self._stopping = stopping
        if sys.stdout is None:
            raise UserError("No output", "stdout is closed; use --output FILE.")
        self._fd = sys.stdout.fileno()
        mode = os.fstat(self._fd).st_mode
        self._may_block = not stat.S_ISREG(mode)
        self.is_terminal = os.isatty(self._fd)

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Write all of `data`. Blocks. Raises OutputGone, OutputCut, UserError."""
        view = memoryview(data).cast("B")
        rest = view
        try:
            while rest:
                if self._may_block:
                    self._wait()
                    with suppress(BlockingIOError):  # somebody made it so, and it filled up
                        rest = rest[os.write(self._fd, rest[:_PIPE_BYTES]) :]
                else:
                    rest = rest[os.write(self._fd, rest) :]
        except BrokenPipeError as error:
            _forget_stdout(self._fd)
            raise OutputGone("the reader has gone") from error
        except OSError as error:
            _forget_stdout(self._fd)
            raise UserError(
                "The output cannot be written", f"stdout: {error.strerror or error}."
            ) from error
        return len(view)

    def flush(self) -> None:
        """Nothing is held back."""

    def as_binary(self) -> BinaryIO:
        """Itself, for what wants a file to write to."""
        return cast(BinaryIO, self)

    def _wait(self) -> None:
        blocked_since: float | None = None
        while not select.select((), (self._fd,), (), _LOOK_S)[1]:
            if not self._stopping():
                continue
            now = time.monotonic()
            blocked_since = now if blocked_since is None else blocked_since
            if now - blocked_since >= _PATIENCE_S:
                raise OutputCut("the reader takes nothing")


def put(text: str) -> None:
    """Write `text` to stdout. Blocks. Raises OutputGone, UserError."""
    Stdout().write(text.encode("utf-8", "replace"))


def say(text: str) -> None:
    """Write a line for people to stderr, any password in a URL blanked. Any thread.

    stderr closed: nobody to tell.
    """
    with _lock:
        _clear()
        _stderr(visible(masked(text)) + "\n")


def say_error(error: UserError | EngineError) -> None:
    """Write an error to stderr: what happened, what it means, what to do."""
    if isinstance(error, UserError):
        title = error.title if error.message != error.title else ""
        say(f"Error: {title}: {error.message}" if title else f"Error: {error.message}")
    else:
        say(f"Error: {error}")


def warn(error: UserError) -> None:
    """Write to stderr what does not keep the command from going on."""
    say(f"Warning: {error.title}: {error.message}")


def stderr_is_terminal() -> bool:
    """Is there a person who sees a progress line?"""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False


def progress(text: str) -> None:
    """Show `text` as the one line that changes; "" takes it away. Terminals only."""
    global _progress_shown  # noqa: PLW0603 - the process has one terminal
    with _lock:
        _clear()
        if text:
            _stderr(text)
            _progress_shown = len(text)


def masked(text: str) -> str:
    """`text` with the password of every URL in it blanked."""
    return _PASSWORD.sub(r"\1***@", text)


def visible(text: str) -> str:
    """`text` with what would drive a terminal shown as U+FFFD; line breaks and tabs stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)


def first_rows(batch: "pa.RecordBatch", count: int) -> "pa.RecordBatch":
    """At most `count` rows of `batch`; nothing is copied."""
    return batch if batch.num_rows <= count else batch.slice(0, count)


def leave(status: int) -> None:
    """End the process now, whatever a thread of it still does. Does not return."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):  # gone or closed: nobody reads it
            continue
    os._exit(status)


def _clear() -> None:
    global _progress_shown  # noqa: PLW0603
    if _progress_shown:
        _stderr("\r" + " " * _progress_shown + "\r")
        _progress_shown = 0


def _stderr(text: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except (OSError, ValueError):  # nobody is there to tell
        return


def _forget_stdout(fd: int) -> None:
    """Let Python's own flush at exit succeed: it would complain of the same error again."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, fd)
    os.close(null)
