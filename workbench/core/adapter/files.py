"""Is this a database file that can be opened? Asked by engines before their driver is.

A driver's own words for these cases are poor ("unable to open database file" for six
different things), and some drivers create what is missing. Blocks on the file system; any
thread. Changes nothing, and opens no file that a session of ours holds.
"""

import errno
import os
from pathlib import Path

from workbench.core.adapter import held
from workbench.core.adapter.contract import FormField
from workbench.core.adapter.target import Target, parse_flag
from workbench.core.errors import EngineError, ErrorKind, UserError

FIELDS = (
    FormField("database", "File", "file", help="empty: a database in memory"),
    FormField("readonly", "Read-only", "flag", "0"),
)
OPTIONS = {"create": "make the file if it does not exist (1 or 0)"}


def database_path(
    target: Target, magic: tuple[int, bytes] = (0, b""), title: str = ""
) -> Path | None:
    """The file that `target` names, checked; None for a database in memory.

    With `magic`, the bytes that stand at an offset in each file of the engine `title`, a file
    without them is refused. Raises UserError or EngineError(kind=CONNECT_FAILED) saying what
    is wrong and what to do.
    """
    create = parse_flag("create", target.options.get("create", "0"))
    if target.database in ("", ":memory:"):
        if target.read_only:
            raise UserError(
                "Nothing to read", "A database in memory begins empty: open it to write."
            )
        return None
    path = Path(target.database).expanduser()
    try:
        _check(path, target, create)
        _check_magic(path, magic, title)
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise refused(f"{path}: {_reason(error)}.") from error
    return path


def refused(message: str, code: str = "", hint: str = "") -> EngineError:
    """An EngineError for a session that did not come about."""
    return EngineError(message, code=code, kind=ErrorKind.CONNECT_FAILED, hint=hint)


def _check(path: Path, target: Target, create: bool) -> None:
    if path.is_dir():
        raise UserError("Not a file", f"{path} is a folder; name the database file in it.")
    if _loops(path):
        raise refused(f"{path} is a symbolic link that leads back to itself.")
    if not path.exists():
        _check_creation(path, target, create)
        return
    if not path.is_file():
        raise UserError("Not a file", f"{path} is a device, a pipe or a socket, not a file.")
    # Asked, not tried: opening it here would drop the locks of our sessions (see `held`).
    if not _allowed(path, os.R_OK):
        raise refused(f"{path}: permission denied.")
    if not target.read_only and not _writable(path):
        raise refused(
            f"{path} cannot be written: its permissions or its disk are read-only.",
            hint="Open it read-only (readonly=1), or change the file's permissions.",
        )


def _check_creation(path: Path, target: Target, create: bool) -> None:
    if not create:
        raise UserError(
            "No such file",
            f"{path} does not exist. Check the name, or add ?create=1 to the URL to make a new "
            "database there.",
        )
    if target.read_only:
        raise UserError("No such file", f"{path} does not exist; a new one would be empty.")
    if not path.parent.is_dir():
        raise UserError("No such folder", f"{path.parent} does not exist; {path.name} needs it.")
    if not _writable(path.parent):
        raise refused(
            f"{path.parent} cannot be written, so {path.name} cannot be made there.",
            hint="Choose another folder, or change its permissions.",
        )


def _check_magic(path: Path, magic: tuple[int, bytes], title: str) -> None:
    offset, known = magic
    if known and path.exists() and held.head(path)[offset : offset + len(known)] != known:
        raise refused(f"{path} is not a {title} database.", hint="Nothing in it was changed.")


def _loops(path: Path) -> bool:
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def _writable(path: Path) -> bool:
    return _allowed(path, os.W_OK)


def _allowed(path: Path, how: int) -> bool:
    # By the effective user, as opening it will be, where the system can tell.
    return os.access(path, how, effective_ids=os.access in os.supports_effective_ids)


def _reason(error: OSError | ValueError) -> str:
    text = error.strerror if isinstance(error, OSError) else str(error)
    return (text or type(error).__name__).lower()
