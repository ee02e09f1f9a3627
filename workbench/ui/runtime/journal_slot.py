"""One process's part of the journal: generations of the workspace in a folder of its own.

Pure file I/O, no Qt; any thread, one at a time. Blocks. A generation is a small index file
`index-N` (a line with the checksum, then JSON) and the texts it names by digest, each in
a file of its own, so that an unchanged text is never written twice. Everything is written
to a temporary name, synced, and renamed: a file under its final name is whole. Nothing that
the last two generations need is ever removed.

OSError goes through to the journal, which knows what to tell the user.
"""

import contextlib
import fcntl
import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.ui.runtime.workspace import TabSnapshot, Workspace, from_json, to_json

_MAGIC = "workbench-journal 1"
_INDEX = re.compile(r"index-(\d{1,18})")
_KEPT = 2


class DamagedError(Exception):
    """A file is not what was written. Stays inside the journal."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a slot held: the workspace, when it was written (seconds), and what went wrong."""

    workspace: Workspace
    written: float = 0.0
    notes: tuple[str, ...] = ()


class Slot:
    """A folder that one process at a time owns, by a lock that dies with the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: int | None = None
        self._generation = 0
        self._last: Workspace | None = None
        self._texts: dict[str, tuple[str, str]] = {}  # tab id -> text, digest
        self._stored: set[str] = set()  # digests whose files are known to be whole

    def filled(self) -> bool:
        """Whether there is a generation, or a damaged one, in the folder."""
        return bool(self._generations())

    def acquire(self) -> bool:
        """Take the folder, made if need be; False if a living process has it."""
        if self._lock is not None:
            return True
        # Each by itself: the mode of mkdir does not count for parents.
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._texts_folder.mkdir(mode=0o700, exist_ok=True)
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        except OSError:
            # A file system without locks: better one unprotected journal than none.
            pass
        self._generation = max(self._generations(), default=0)
        return True

    def release(self) -> None:
        """Give the folder up; what is in it stays for the next start."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def write(self, workspace: Workspace) -> bool:
        """Make `workspace` the newest generation; False if it is the newest already.

        When it returns, the workspace is on the disk.
        """
        if workspace == self._last:
            return False
        digests = {tab.tab_id: self._digest(tab) for tab in workspace.tabs}
        texts = {digests[tab.tab_id]: tab.text for tab in workspace.tabs}
        self._texts_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for digest, text in texts.items():
            path = self._texts_folder / digest
            if digest not in self._stored or not path.exists():
                _write_whole(path, encoded(text))
                self._stored.add(digest)
        _sync_folder(self._texts_folder)
        body = to_json(workspace, digests)
        generation = self._generation + 1
        index = f"{_MAGIC} {_sha(body.encode('ascii'))}\n{body}".encode("ascii")
        _write_whole(self.folder / f"index-{generation}", index)
        _sync_folder(self.folder)
        self._generation, self._last = generation, workspace
        ids = {tab.tab_id for tab in workspace.tabs}
        self._texts = {each: kept for each, kept in self._texts.items() if each in ids}
        self._remove_unneeded()
        return True

    def read(self, *, set_aside: bool = True) -> Restored:
        """The newest generation that is whole; an empty workspace if there is none.

        A damaged file is renamed (`set_aside`), and a note names it and what was used instead.
        """
        paths = [self.folder / f"index-{n}" for n in sorted(self._generations(), reverse=True)]
        damages: list[str] = []
        found: Restored | None = None
        for path in paths:
            try:
                found = Restored(self._read_generation(path), _written(path))
                break
            except (DamagedError, OSError) as error:
                damages.append(f"{path.name}: {error}")
        if damages and found is None:
            found = self._salvage(paths) or Restored(Workspace())
        if not damages or found is None:
            return found or Restored(Workspace())
        if set_aside:
            self._set_aside_damaged()
        what = "the state before it was used" if not found.notes else "the rest was used"
        head = f"The journal in {self.folder} was damaged; {what}, the damaged files were kept"
        return replace(found, notes=(f"{head} ({'; '.join(damages)}).", *found.notes))

    def clear(self) -> None:
        """Remove all generations: another slot has taken them over."""
        for generation in self._generations():
            (self.folder / f"index-{generation}").unlink(missing_ok=True)
        _sync_folder(self.folder)
        self._last, self._generation = None, 0
        self._remove_unneeded()

    @property
    def _texts_folder(self) -> Path:
        return self.folder / "texts"

    def _generations(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        found = (_INDEX.fullmatch(path.name) for path in self.folder.iterdir())
        return [int(match.group(1)) for match in found if match]

    def _digest(self, tab: TabSnapshot) -> str:
        kept = self._texts.get(tab.tab_id)
        if kept is not None and kept[0] == tab.text:
            return kept[1]
        digest = _sha(encoded(tab.text))
        self._texts[tab.tab_id] = (tab.text, digest)
        return digest

    def _read_index(self, path: Path) -> str:
        head, _, body = path.read_bytes().partition(b"\n")
        if head != f"{_MAGIC} {_sha(body)}".encode("ascii"):
            raise DamagedError("it does not fit its checksum")
        return body.decode("ascii")

    def _read_text(self, digest: str) -> str:
        path = self._texts_folder / digest
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise DamagedError(f"the text {digest[:12]} is missing") from None
        if _sha(data) != digest:
            raise DamagedError(f"the text {digest[:12]} does not fit its checksum")
        self._stored.add(digest)
        return data.decode("utf-8", "surrogatepass")

    def _read_generation(self, path: Path) -> Workspace:
        try:
            return from_json(self._read_index(path), self._read_text)
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"it can't be read ({error})") from error

    def _salvage(self, paths: list[Path]) -> Restored | None:
        """What is whole of the newest readable generation, where none is whole altogether."""
        for path in paths:
            lost = f"\0lost {os.urandom(8).hex()}"

            def read(digest: str, lost: str = lost) -> str:
                with contextlib.suppress(DamagedError, OSError):
                    return self._read_text(digest)
                return lost

            try:
                found = from_json(self._read_index(path), read)
                written = _written(path)
            except (DamagedError, ValueError, KeyError, TypeError, OSError):
                continue  # this index is damaged; an older one may be whole
            notes = [f"Tab {tab.title!r} is lost." for tab in found.tabs if tab.text == lost]
            kept = tuple(tab for tab in found.tabs if tab.text != lost)
            return Restored(replace(found, tabs=kept), written, tuple(notes))
        return None

    def _set_aside_damaged(self) -> None:
        """Rename what isn't whole, so that it is neither read again nor removed."""
        damaged: list[Path] = []
        for generation in self._generations():
            path = self.folder / f"index-{generation}"
            with contextlib.suppress(OSError):
                try:
                    self._read_generation(path)
                except DamagedError:
                    damaged.append(path)
        for path in self._texts_folder.iterdir():
            plain = not path.name.startswith("damaged-") and path.suffix != ".tmp"
            if plain and _sha(path.read_bytes()) != path.name:
                damaged.append(path)
        for path in damaged:
            with contextlib.suppress(OSError):
                path.rename(path.with_name(f"damaged-{path.name}"))

    def _remove_unneeded(self) -> None:
        """Drop old generations and texts that none of the kept ones names.

        Failing is harmless: the next write tries again.
        """
        generations = sorted(self._generations(), reverse=True)
        needed: set[str] = set()
        for generation in generations[:_KEPT]:
            try:
                body = self._read_index(self.folder / f"index-{generation}")
                needed |= _texts_of(body)
            except (DamagedError, ValueError, KeyError, TypeError, OSError):
                return  # what it needs is unknown: remove nothing
        with contextlib.suppress(OSError):
            for generation in generations[_KEPT:]:
                (self.folder / f"index-{generation}").unlink(missing_ok=True)
            for path in list(self._texts_folder.iterdir()):
                if path.name not in needed and not path.name.startswith("damaged-"):
                    path.unlink(missing_ok=True)
        self._stored &= needed


def encoded(text: str) -> bytes:
    """A text's bytes in the journal: UTF-8 that carries lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def _texts_of(body: str) -> set[str]:
    """The digests that an index names."""
    return {tab.text for tab in from_json(body, str).tabs}


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _written(path: Path) -> float:
    return path.stat().st_mtime


def _write_whole(path: Path, data: bytes) -> None:
    """Write `data` under a temporary name, sync it, then give it its name."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Make renames in `folder` last over a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
