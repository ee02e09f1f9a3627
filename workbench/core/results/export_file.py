"""A file that is there whole or not at all: written under another name, renamed at the end.

One thread at a time; blocks on the disk. A run that is stopped, fails or is killed leaves
what stood under the name before.
"""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from workbench.core.errors import UserError


class OutputFile:
    """The output `path`. Write to it, then `keep()`, or `drop()` it all.

    A device or a pipe (/dev/null, a FIFO) is written directly: it cannot be renamed over.
    """

    def __init__(self, path: Path) -> None:
        """Open it. Raises UserError naming what is wrong with the place."""
        self._path = path
        self._temporary: Path | None = None
        try:
            target = path.resolve()  # a symbolic link stays one
            mode = _mode(target)
            if mode is not None and stat.S_ISDIR(mode):
                raise UserError("Not a file", f"{path} is a folder; name a file in it.")
            if mode is None or stat.S_ISREG(mode):
                self._temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
                handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
                if mode is not None:
                    os.fchmod(handle, stat.S_IMODE(mode))
            else:
                handle = os.open(target, os.O_WRONLY)
            self._target = target
            self._stream: BinaryIO = os.fdopen(handle, "wb", buffering=1 << 18)
        except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links
            raise self.refused(error) from error

    def write(self, data: bytes | memoryview) -> int:
        """Write `data`. Blocks. Raises UserError: a full disk, a lost one."""
        try:
            return self._stream.write(data)
        except OSError as error:
            raise self.refused(error) from error

    def flush(self) -> None:
        """Nothing: `keep` writes what is held back."""

    def as_binary(self) -> BinaryIO:
        """Itself, for what wants a file to write to."""
        return cast(BinaryIO, self)

    def keep(self) -> None:
        """Finish it: what was written appears under its name. Blocks. Raises UserError."""
        try:
            self._stream.flush()
            if self._temporary is not None:
                os.fsync(self._stream.fileno())
            self._stream.close()
            if self._temporary is not None:
                self._temporary.replace(self._target)
        except OSError as error:
            self.drop()
            raise self.refused(error) from error

    def drop(self) -> None:
        """Throw away what was written."""
        with suppress(OSError):  # a full disk refuses the last bytes once more; they go anyway
            self._stream.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def refused(self, error: Exception) -> UserError:
        """What to say of an error while writing it."""
        reason = getattr(error, "strerror", None) or str(error)
        return UserError(
            "The output cannot be written",
            f"{self._path}: {reason}. No file of that name was made or changed.",
        )


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
