"""The saved connections: one TOML file, made to be read and edited by people too.

Any thread may call; every call blocks on the file. Comments and order are kept; a write is
whole or not at all, and two processes never write over each other. A file that cannot be
understood is never overwritten. Never sees a password: a URL that carries one is refused.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import TOMLKitError

from workbench.core.errors import UserError
from workbench.core.profiles.model import Profile

try:
    import fcntl
except ImportError:  # Windows: only the threads of one process are kept apart
    fcntl = None  # type: ignore[assignment]

_KEY = "connections"
_DEFAULTS = {f.name: f.default for f in fields(Profile) if f.name not in ("name", "url")}
_HEADER = "# Workbench: saved connections. Passwords are in the system keychain, never here."


class ProfileStore:
    """The saved connections in the TOML file `path`, which need not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def list(self) -> tuple[Profile, ...]:
        """All of them, in the file's order. Blocks. Raises UserError naming the bad line."""
        return self._profiles(self._read())

    def get(self, name: str) -> Profile:
        """The one called `name`. Blocks. Raises UserError when there is none."""
        for profile in (found := self.list()):
            if profile.name == name:
                return profile
        known = ", ".join(profile.name for profile in found) or "none yet"
        raise UserError("Unknown connection", f"{name!r} is not saved. Saved: {known}.")

    def add(self, profile: Profile) -> None:
        """Save a new one at the end. Blocks.

        Raises UserError for a name that is taken or empty, for a password in the URL, and
        when the file cannot be read or written (it is as it was then).
        """
        _check(profile)
        with self._writing() as document:
            if any(known.name == profile.name for known in self._profiles(document)):
                raise UserError(
                    "Name taken",
                    f"A connection called {profile.name!r} is saved already. "
                    "Remove it first, or choose another name.",
                )
            if not document.get(_KEY):
                document.pop(_KEY, None)  # an empty array is no array of tables
                document[_KEY] = tomlkit.aot()
            document[_KEY].append(_table(profile))

    def remove(self, name: str) -> Profile:
        """Forget the one called `name`; gives what it was. Blocks. Raises UserError."""
        with self._writing() as document:
            for index, profile in enumerate(self._profiles(document)):
                if profile.name == name:
                    del document[_KEY][index]
                    if not document[_KEY]:
                        del document[_KEY]
                    return profile
        raise UserError("Unknown connection", f"{name!r} is not saved.")

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """The document to change; written when the block ends well."""
        with self._lock:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                lock = os.open(
                    self._path.with_name(self._path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600
                )
            except OSError as error:
                raise self._unwritable(error) from error
            try:
                if fcntl is not None:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                document = self._read()
                yield document
                text = tomlkit.dumps(document).rstrip("\n") + "\n"
                self._profiles(self._parse(text))  # what we could not read back is not written
                self._write(text)
            finally:
                os.close(lock)

    def _read(self) -> Any:
        try:
            text = self._path.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            document = tomlkit.document()
            document.add(tomlkit.comment(_HEADER.removeprefix("# ")))
            document.add(tomlkit.nl())
            return document
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(
                "Saved connections cannot be read", f"{self._path}: {error}. It is left as it is."
            ) from error
        return self._parse(text)

    def _parse(self, text: str) -> Any:
        try:
            # A last line without its end would swallow what is appended.
            return tomlkit.parse(text if text.endswith("\n") else text + "\n")
        except TOMLKitError as error:
            # tomlkit's own text names line and column.
            raise self._broken(str(error)) from error

    def _profiles(self, document: Any) -> tuple[Profile, ...]:
        tables = document.get(_KEY, [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise self._broken(f"{_KEY!r} must be tables, each under [[{_KEY}]]")
        profiles = tuple(self._profile(table, n) for n, table in enumerate(tables, 1))
        names = [profile.name for profile in profiles]
        for name in names:
            if names.count(name) > 1:
                raise self._broken(f"two connections are called {name!r}")
        return profiles

    def _profile(self, table: Any, number: int) -> Profile:
        values = table.unwrap() if hasattr(table, "unwrap") else dict(table)
        called = values.get("name", f"number {number}")
        for key, value in values.items():
            wanted = str if key in ("name", "url") else type(_DEFAULTS.get(key))
            if key not in ("name", "url", *_DEFAULTS):
                raise self._broken(f"connection {called!r}: unknown entry {key!r}")
            if wanted is float and type(value) is int:
                continue
            if type(value) is not wanted:
                raise self._broken(f"connection {called!r}: {key} must be a {wanted.__name__}")
        for key in ("name", "url"):
            if not values.get(key):
                raise self._broken(f"connection {called!r}: {key} is missing")
        values["timeout_s"] = float(values.get("timeout_s", 0.0))
        profile = Profile(**values)
        _check(profile, f" ({self._path})")
        return profile

    def _write(self, text: str) -> None:
        temporary = ""
        try:
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._path)
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> UserError:
        return UserError(
            "Saved connections cannot be written",
            f"{self._path}: {error}. Nothing was changed.",
        )

    def _broken(self, why: str) -> UserError:
        return UserError(
            "Saved connections cannot be understood",
            f"{self._path}: {why}. Put it right in a text editor; it is left as it is.",
        )


def _check(profile: Profile, where: str = "") -> None:
    if not profile.name.strip() or not profile.name.isprintable():
        raise UserError("Bad name", f"{profile.name!r} is no name for a connection{where}.")
    if "://" in profile.name:
        raise UserError("Bad name", f"A connection's name may not look like a URL{where}.")
    try:
        secret = urlsplit(profile.url).password
    except ValueError:
        secret = None  # not a URL at all: connecting says what is wrong with it
    if secret:
        raise UserError(
            "Password in a URL",
            f"The URL of {profile.name!r} carries a password{where}. Leave it out: it belongs "
            "in the system keychain.",
        )


def _table(profile: Profile) -> Any:
    table = tomlkit.table()
    table["name"] = profile.name
    table["url"] = profile.url
    for name, default in _DEFAULTS.items():
        value = getattr(profile, name)
        if value != default:
            table[name] = value
    table.add(tomlkit.nl())
    return table
