"""Which process wrote an entry, and whether it still lives.

A process id alone is reused, so it goes with the time the process began and the machine's
boot. Any thread may call; reads /proc where there is one, and never signals a process.
"""

import os
from functools import cache
from pathlib import Path


@cache
def this_process() -> str:
    """This process's mark: boot, process id, start."""
    pid = os.getpid()
    return f"{_boot()}:{pid}:{_began(pid)}"


def is_alive(mark: str) -> bool:
    """Does the process that `this_process` named `mark` still run?

    Where there is no /proc only the process id can be looked for: a reused one then counts
    as alive.
    """
    boot, _, rest = mark.partition(":")
    pid_text, _, began = rest.partition(":")
    if boot != _boot() or not pid_text.isdigit():
        return False
    pid = int(pid_text)
    if began:
        return _began(pid) == began
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's: the id is taken
    return True


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:  # not Linux, or no /proc: the process id has to do
        return ""


def _began(pid: int) -> str:
    """Clock ticks from boot to the process's start, "" where that cannot be known."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:  # no such process, or no /proc
        return ""
    # The name, in parentheses, may hold blanks and parentheses: count from the last one.
    fields = stat[stat.rindex(b")") + 2 :].split()
    state, start = fields[0], fields[19]
    return "" if state in (b"Z", b"X") else start.decode("ascii")
