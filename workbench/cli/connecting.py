"""From what stands after -c to a connection: a URL, a saved name, or a database file.

Main thread; blocks on the profiles' file and the keychain, never on a database. No password
ever appears in what it says.
"""

import os
import re
import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from urllib.parse import quote

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import EngineSpec
from workbench.core.adapter.files import refused
from workbench.core.adapter.target import Target
from workbench.core.errors import UserError
from workbench.core.profiles.model import Profile
from workbench.core.profiles.secrets import password_of
from workbench.core.query.pool import SessionPool
from workbench.core.workbench import Workbench

PASSWORD_VARIABLE = "WORKBENCH_PASSWORD"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to run: the pool of sessions, and the saved connection's own timeout."""

    pool: SessionPool
    timeout_s: float = 0.0


def connect_to(bench: Workbench, text: str) -> Place:
    """The connection that `text` names; no session is opened yet.

    Raises UserError for what makes no sense, EngineError(CONNECT_FAILED) for a file that is
    not there or is no database.
    """
    if "://" in text:
        return Place(_open(bench, text, Profile("", text)))
    profile = _saved(bench, text)
    if profile is not None:
        return Place(_open(bench, _url_of(profile), profile), profile.timeout_s)
    return Place(_open(bench, _url_of_file(bench, text), Profile("", text)))


def _open(bench: Workbench, url: str, profile: Profile) -> SessionPool:
    spec, target = bench.target(url)
    password = _password(spec, target, profile)
    return bench.open(url, name=profile.name, password=password)


def _password(spec: EngineSpec, target: Target, profile: Profile) -> str | None:
    """From the environment, the keychain, or a person; None: the engine's own files."""
    if target.password or not any(field.kind == "password" for field in spec.fields):
        return None
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    if profile.password_in_keychain:
        return password_of(profile.name)
    if target.user and sys.stdin is not None and sys.stdin.isatty():
        return getpass(f"Password for {target.url} (empty: none): ") or None
    return None


def _saved(bench: Workbench, text: str) -> Profile | None:
    try:
        return next((p for p in bench.profiles.list() if p.name == text), None)
    except UserError:
        if Path(text).exists():
            return None  # it is a file then; the saved connections are not needed
        raise


def _url_of(profile: Profile) -> str:
    if not profile.read_only:
        return profile.url
    return f"{profile.url}{'&' if '?' in profile.url else '?'}readonly=1"


def _url_of_file(bench: Workbench, text: str) -> str:
    if not text:
        raise UserError("No connection", "-c names none: give a URL, a saved name, or a file.")
    path = Path(text).expanduser()
    suffixes = {suffix for spec in discovery.engines() for suffix in spec.file_suffixes}
    try:
        exists = path.exists()
    except (OSError, ValueError) as error:
        raise refused(f"{text}: {error}.") from error
    if not exists and path.suffix.lower() not in suffixes and os.sep not in text:
        known = ", ".join(profile.name for profile in bench.profiles.list()) or "none"
        raise UserError(
            "Unknown connection",
            f"{_masked(text)!r} is no URL, no saved connection (saved: {known}), and no file.",
        )
    if not exists:
        raise refused(
            f"No such file: {path} does not exist. Check the name; a new database needs a URL "
            "with ?create=1."
        )
    if path.is_dir():
        raise refused(f"Not a file: {path} is a folder; name the database file in it.")
    spec = discovery.for_file(path)
    if spec is None:
        raise refused(f"{path} is no database file that an engine here opens.")
    try:
        return f"{spec.schemes[0]}:///{quote(str(path.absolute()), safe='/')}"
    except UnicodeEncodeError as error:
        raise refused(f"{path.name!r}: file names must be UTF-8.") from error


def _masked(text: str) -> str:
    """What may be a URL without its scheme, without a password."""
    return re.sub(r":[^:/@\s]*@", ":***@", text)
