"""A damaged history file moved out of the way, once, however many processes meet it.

Called by `store.py`; blocks. Never deletes anything.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: two processes meeting the same damage at once are not kept apart
    fcntl = None  # type: ignore[assignment]

_BESIDE = ("-wal", "-shm")


def set_aside(path: Path, is_sound: Callable[[Path], bool]) -> Path | None:
    """Rename `path` and what belongs to it; the new name, or None when there was no need.

    There is none when another process did it first: `is_sound` is asked with the others kept
    out. Raises OSError when it cannot be renamed.
    """
    lock = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists() or is_sound(path):
            return None
        aside = _free_name(path)
        path.rename(aside)
        for suffix in _BESIDE:
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + suffix))
        return aside
    finally:
        os.close(lock)


def _free_name(path: Path) -> Path:
    stem = f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    candidate, count = path.with_name(stem), 1
    while candidate.exists():
        count += 1
        candidate = path.with_name(f"{stem}-{count}")
    return candidate
