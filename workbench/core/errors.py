"""The three kinds of error Workbench knows: yours, the engine's, and ours.

Bottom layer: imports nothing. An error that is none of these is a bug and reaches
the excepthook with its traceback.
"""

from enum import StrEnum


class WorkbenchError(Exception):
    """Base of all errors that Workbench raises on purpose."""


class UserError(WorkbenchError):
    """Something the user can put right: a bad URL, a missing file, a wrong flag.

    `title` is one line for a heading; `message` says what happened, what it means
    for the data, and what to do next.
    """

    def __init__(self, title: str, message: str = "") -> None:
        super().__init__(f"{title}: {message}" if message else title)
        self.title = title
        self.message = message or title


class ErrorKind(StrEnum):
    """What an engine's error means for the session that raised it."""

    STATEMENT = "statement"  # the statement was refused; the session goes on
    STOPPED = "stopped"  # the engine says that the statement was interrupted
    CONNECTION_LOST = "connection_lost"  # the session is gone
    CONNECT_FAILED = "connect_failed"  # no session came about
    DENIED = "denied"  # a right is missing; `message` names it


class EngineError(WorkbenchError):
    """What the database said, with its own code.

    `code` is the engine's own ("57014", "SQLITE_INTERRUPT", "CATALOG"), `position` the
    0-based character offset in the statement's text where the engine puts the blame, or
    None where it names none.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        position: int | None = None,
        kind: ErrorKind = ErrorKind.STATEMENT,
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.position = position
        self.kind = kind
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.message} [{self.code}]" if self.code else self.message
        return f"{text}\n{self.hint}" if self.hint else text


class BugError(WorkbenchError):
    """Workbench broke a rule of its own. Never caught; shown with its traceback."""
