"""Hot exit: tabs, texts, carets and connections come back after a quit, a crash, a kill -9.

Pure file I/O, no Qt; call it from one worker thread at a time. Blocks (a few milliseconds;
as long as the disk takes). Each process writes to a slot of its own; the slots that ended
processes left are merged into the first one that starts. Never deletes a text that is not
in a newer generation, never refuses to load.
"""

import contextlib
import fcntl
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from workbench.core.errors import UserError
from workbench.ui.runtime.journal_slot import Restored, Slot
from workbench.ui.runtime.workspace import TabSnapshot, Workspace, merged

__all__ = ["Journal", "JournalWriter", "TabSnapshot", "Workspace"]

_SLOT = "journal-"
_MOST_SLOTS = 1000


class JournalWriter:
    """When to write. Pure: the window's timer asks once a second."""

    INTERVAL = 1.0  # seconds: with a tick of 1 s, typed text is older than 2 s never
    SLACK = 0.1  # a timer may fire a little early

    @classmethod
    def due(
        cls,
        now: float,
        last_write: float | None,
        dirty_since: float | None,
        interval: float = INTERVAL,
    ) -> bool:
        """Whether to write now. Monotonic seconds.

        `last_write` is when the last written state was taken, None for never; `dirty_since`
        when the state first changed after that, None if it did not.
        """
        if dirty_since is None:
            return False
        return last_write is None or now - last_write >= interval - cls.SLACK


class Journal:
    """The journal of this process.

    Attributes: `notes`, what `load` has to tell the user (damaged files and what was used
    instead), one sentence each.
    """

    def __init__(self, directory: Path) -> None:
        """Does no I/O."""
        self.directory = Path(directory)
        self.notes: tuple[str, ...] = ()
        self._slot: Slot | None = None

    def load(self) -> Workspace:
        """Take a slot and bring back what it and those of ended processes hold.

        Blocks. Raises nothing: what can't be read is in `notes`. Call once, before `write`.
        """
        try:
            with self._all_slots():
                return self._adopt()
        except OSError as error:
            found = [slot.read(set_aside=False) for slot in self._existing()]
            self.notes = (
                f"The journal in {self.directory} can only be read: {_reason(error)}.",
                *(note for each in found for note in each.notes),
            )
            return _one(found)

    def write(self, workspace: Workspace) -> bool:
        """Write `workspace` durably; False if nothing had changed since the last one.

        Blocks. Raises UserError if the disk won't have it; the generation before is intact,
        and the next call tries again.
        """
        try:
            if self._slot is None:
                with self._all_slots():
                    # What `load` did not see stays for the next start.
                    self._slot = self._take_slot(empty_only=True)
            return self._slot.write(workspace)
        except OSError as error:
            raise UserError(
                "Your tabs can't be backed up",
                f"The journal in {self.directory} can't be written: {_reason(error)}. Texts are "
                "safe while this window is open, but a crash would lose what was typed since. "
                "Save them to files, or make room or give access there: Workbench goes on trying.",
            ) from error

    def close(self) -> None:
        """Give the slot up for the next start. Does not write."""
        if self._slot is not None:
            self._slot.release()
            self._slot = None

    def _adopt(self) -> Workspace:
        own = self._slot = self._slot or self._take_slot()
        others = [slot for slot in self._existing() if slot.folder != own.folder]
        orphans = [slot for slot in others if slot.filled() and _free(slot)]
        try:
            found = [own.read(), *(slot.read() for slot in orphans)]
            self.notes = tuple(note for each in found for note in each.notes)
            workspace = _one(found)
            if self.notes or any(each.workspace.tabs for each in found[1:]):
                own.write(workspace)  # durable here before it goes there
            for slot in orphans:
                slot.clear()
            return workspace
        finally:
            for slot in orphans:
                slot.release()

    def _take_slot(self, *, empty_only: bool = False) -> Slot:
        for number in range(1, _MOST_SLOTS):
            slot = Slot(self.directory / f"{_SLOT}{number}")
            if slot.folder.exists() and not _free(slot):
                continue
            if slot.acquire() and not (empty_only and slot.filled()):
                return slot
            slot.release()
        raise OSError(f"all {_MOST_SLOTS} slots are in use")

    def _existing(self) -> list[Slot]:
        with contextlib.suppress(OSError):
            paths = sorted(self.directory.glob(f"{_SLOT}*"), key=lambda path: path.name)
            return [Slot(path) for path in paths if path.is_dir()]
        return []

    @contextlib.contextmanager
    def _all_slots(self) -> Iterator[None]:
        """One process at a time looks for slots (milliseconds; a dead one holds no lock)."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.directory / "slots.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with contextlib.suppress(OSError):  # no locks here: see Slot.acquire
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _free(slot: Slot) -> bool:
    """Take a slot if no living process has it; False as well if it is another user's."""
    try:
        return slot.acquire()
    except OSError:
        return False


def _one(found: list[Restored]) -> Workspace:
    """All that was found as one workspace; the window of the one written last."""
    filled = [each for each in found if each.workspace != Workspace()]
    if not filled:
        return Workspace()
    latest = max(filled, key=lambda each: each.written)
    others = [each.workspace for each in filled if each is not latest]
    return merged(latest.workspace, others, lambda: uuid.uuid4().hex)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
