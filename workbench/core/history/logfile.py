"""Where log lines go: warnings to a file in the state folder, more to stderr when asked.

Called once by a front end at start, on any thread. `WORKBENCH_LOG=info` or `debug` writes to
stderr instead. Never fails: a log that cannot be written is not worth a query. What looks
like a password in a URL is blanked.
"""

import logging
import os
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from workbench.core.errors import UserError

VARIABLE = "WORKBENCH_LOG"

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BYTES = 1_000_000
_PASSWORD = re.compile(r"(://[^\s:/@]*:)[^\s/@]*@")
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


class _Form(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _PASSWORD.sub(r"\1***@", super().format(record))


class _LogFile(RotatingFileHandler):
    """A log file that is made with the first line, and given up when it cannot be written."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return  # an unwritable home; the history tells the user of it
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing: a full disk must not fill the terminal too."""


def configure_logging(state: Path) -> None:
    """Send log lines of Workbench where the environment says. `state`: the state folder.

    Raises UserError for a level that does not exist.
    """
    asked = os.environ.get(VARIABLE, "").strip().lower()
    if asked and asked not in _LEVELS:
        raise UserError("Bad log level", f"{VARIABLE}={asked}: one of {', '.join(_LEVELS)}.")
    handler: logging.Handler
    if asked:
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = _LogFile(
            state / "workbench.log", maxBytes=_BYTES, backupCount=2, encoding="utf-8", delay=True
        )
    handler.setFormatter(_Form(_FORM))
    logger = logging.getLogger("workbench")
    for old in tuple(logger.handlers):
        logger.removeHandler(old)
    logger.addHandler(handler)
    logger.setLevel(_LEVELS.get(asked, logging.WARNING))
    logger.propagate = False
