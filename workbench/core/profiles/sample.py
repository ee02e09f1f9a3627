"""The sample databases: a shop, as a script for each engine, made at the first use.

Called on a worker (it blocks for a few seconds); the command line and the tests call it too.
A sample is built under another name and renamed when it is whole, so a process killed half
way leaves nothing that could be taken for one. It downloads nothing and draws no random
numbers: the same script makes the same rows. It never imports a driver: the engine does.
"""

import contextlib
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import (
    ConnectAttempt,
    Connection,
    RungName,
    Statement,
)
from workbench.core.adapter.target import Target
from workbench.core.errors import EngineError, ErrorKind, UserError
from workbench.core.sql.split import Piece, split

# Part of the file's name: a new version makes a new file and leaves the old one alone.
VERSION = 1
_ABANDONED_AFTER_S = 3600.0  # nobody works on an unfinished file that long


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample database, as the connection picker shows it."""

    engine: str
    title: str
    detail: str
    suffix: str


SAMPLES: tuple[Sample, ...] = (
    Sample("duckdb", "Sample shop (DuckDB)", "1.2 million orders, every type", ".duckdb"),
    Sample("sqlite", "Sample shop (SQLite)", "1 million orders, every kind of value", ".sqlite"),
)

_building = threading.Lock()


def find_sample(engine: str) -> Sample:
    """The sample for `engine`. Raises UserError naming those that exist."""
    for sample in SAMPLES:
        if sample.engine == engine:
            return sample
    known = ", ".join(sample.engine for sample in SAMPLES)
    raise UserError("No sample", f"There is a sample database for {known}, not for {engine!r}.")


def sample_script(engine: str) -> str:
    """The script that makes the sample. Reads a file of the package."""
    name = f"sample_{find_sample(engine).engine}.sql"
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def sample_path(folder: Path, engine: str) -> Path:
    """Where the sample lies below `folder`, made or not."""
    return folder / f"shop-v{VERSION}{find_sample(engine).suffix}"


def sample_target(path: Path, engine: str, *, create: bool = False) -> Target:
    """How to connect to the sample at `path`."""
    spec = discovery.find(engine)
    options = {"create": "1"} if create else {}
    return Target(engine, spec.schemes[0], database=str(path.absolute()), options=options)


def ensure_sample(
    folder: Path,
    engine: str,
    attempt: ConnectAttempt,
    progress: Callable[[str], None] = lambda text: None,
) -> Path:
    """Make the sample below `folder` unless it is there; give its path. Blocks for seconds.

    `progress` gets what is being made, on this thread. A stop of `attempt` interrupts the
    running statement at the database and raises EngineError(kind=STOPPED); nothing is left
    behind. Raises UserError where the folder can't be written, EngineError otherwise.
    """
    path = sample_path(folder, engine)
    while not _building.acquire(timeout=0.05):  # another tab is making it
        _refuse_if_stopped(attempt)
    try:
        if path.exists():
            return path
        _make_folder(folder)
        part = folder / f"{path.name}.{uuid.uuid4().hex}.part"
        try:
            _build(part, engine, attempt, progress)
            _publish(part, path)
        finally:
            _remove(part)
    finally:
        _building.release()
    return path


def _build(
    part: Path, engine: str, attempt: ConnectAttempt, progress: Callable[[str], None]
) -> None:
    spec = discovery.find(engine)
    pieces = split(sample_script(engine), spec.dialect)
    connection = spec.connect(sample_target(part, engine, create=True), attempt)
    try:
        _Run(connection, attempt).statements(pieces, progress)
    finally:
        connection.close()


class _Run:
    """The statements of the script, one after another, each open to a stop."""

    def __init__(self, connection: Connection, attempt: ConnectAttempt) -> None:
        self._connection = connection
        self._attempt = attempt
        self._canceller = connection.canceller()
        self._name = f"sample-{uuid.uuid4().hex}"
        attempt.on_stop(self._interrupt)

    def statements(self, pieces: tuple[Piece, ...], progress: Callable[[str], None]) -> None:
        for piece in pieces:
            _refuse_if_stopped(self._attempt)
            progress(_label(piece.text))
            self._canceller.arm(self._name)
            try:
                cursor = self._connection.execute(Statement(piece.text, piece.start))
                if cursor.columns is not None:
                    for _ in cursor.batches():
                        pass
                cursor.close()
            finally:
                self._canceller.disarm(self._name)

    def _interrupt(self) -> None:
        """From the thread that stops. Between two statements it sends nothing: the flag does."""
        self._canceller.stop(RungName.INTERRUPT, self._name)


def _label(text: str) -> str:
    """The last comment line before the statement."""
    label = ""
    for line in text.splitlines():
        if line.startswith("--"):
            label = line.lstrip("- ").strip()
        elif line.strip():
            break
    return label


def _refuse_if_stopped(attempt: ConnectAttempt) -> None:
    if attempt.stopped:
        raise EngineError(
            "Making the sample database was stopped; nothing is left of it.",
            kind=ErrorKind.STOPPED,
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("shop-v*.part*"):  # of a process that was killed
            if time.time() - left.stat().st_mtime > _ABANDONED_AFTER_S:
                left.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            "Cannot make the sample database",
            f"{folder}: {error.strerror or error}. The sample needs a folder that can be "
            "written to and about 100 MB; set WORKBENCH_HOME to another place.",
        ) from error


def _publish(part: Path, path: Path) -> None:
    """From here on it is whole. Another process's copy that came first stays."""
    try:
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if not path.exists():
            part.replace(path)
    except OSError as error:
        raise UserError(
            "Cannot keep the sample database", f"{path}: {error.strerror or error}."
        ) from error


def _remove(part: Path) -> None:
    for left in (part, *part.parent.glob(f"{part.name}[.-]*")):  # .wal, -journal
        with contextlib.suppress(OSError):  # what cannot be removed is swept up an hour later
            left.unlink(missing_ok=True)
