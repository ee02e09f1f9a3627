"""The exit statuses, which are a contract: scripts rely on each."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process's end says. Stopped by another signal: 128 plus its number."""

    OK = 0
    REFUSED = 1  # the database refused the statement
    USAGE = 2  # a wrong option, URL, file or setting
    NO_CONNECTION = 3  # no session came about, or it was lost
    TIMEOUT = 124  # stopped by --timeout
    INTERRUPTED = 130  # stopped by Ctrl-C
