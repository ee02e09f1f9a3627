"""The database files that sessions of this process hold open, so that nobody else opens them.

Where locks are POSIX's, closing *any* descriptor of a file drops every lock that the process
has on it: had a look at its first bytes been taken while a session holds the file, another
process could write to it in the middle of our transaction. So a look goes through `head`,
and an engine in this process `hold`s its file from before its driver opens it until after
its driver has closed it. Any thread may call; `head` blocks on the file, one look at a time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 64

_lock = threading.Lock()
_held: "list[_Held]" = []


@dataclass(frozen=True, eq=False, slots=True)
class _Held:
    path: Path
    head: bytes


def head(path: Path) -> bytes:
    """The first HEAD_BYTES of `path`, or as much as is known of them where it is open here.

    Raises OSError, ValueError where it is no file that can be read.
    """
    with _lock:
        for held in _held:
            if _same(held.path, path):
                return held.head
        if not path.is_file():
            raise OSError(f"{path} is no file")  # opening a pipe would wait for its writer
        if _open_here(path):
            return b""  # attached by a statement: nobody told us
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)


def hold(path: Path, magic: tuple[int, bytes]) -> Callable[[], None]:
    """A session is about to open `path`; gives what to call once it is closed. Twice is once.

    `magic` are the bytes, and their offset, by which files of its engine are known.
    """
    offset, known = magic
    held = _Held(path.resolve(), b"\0" * offset + known)
    with _lock:
        _held.append(held)

    def release() -> None:
        with _lock:
            if held in _held:
                _held.remove(held)

    return release


def _open_here(path: Path) -> bool:
    """Has this process any descriptor of the file? False where the system does not tell."""
    wanted, folder = path.stat(), Path("/proc/self/fd")
    try:
        descriptors = list(folder.iterdir())
    except OSError:
        return False
    for descriptor in descriptors:
        try:
            found = descriptor.stat()
        except OSError:
            continue  # closed meanwhile
        if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
            return True
    return False


def _same(held: Path, path: Path) -> bool:
    try:
        return held == path.resolve() or held.samefile(path)
    except (OSError, RuntimeError, ValueError):  # one of them is not there, or is no name
        return False
