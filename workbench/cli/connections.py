"""`workbench connections list|add|remove|test`: the saved connections, and whether they work.

Main thread; blocks on the connections' file, the keychain and, for `test`, the database.
"""

import argparse
import asyncio
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from getpass import getpass

from workbench.cli.attendant import Attendant
from workbench.cli.connecting import PASSWORD_VARIABLE, connect_to
from workbench.cli.exits import Exit
from workbench.cli.output import leave, put, say, say_error
from workbench.cli.starting import start
from workbench.cli.tables import table
from workbench.core.adapter import discovery
from workbench.core.adapter.contract import Connection, EngineSpec, Language, Statement
from workbench.core.adapter.target import parse_target
from workbench.core.errors import EngineError, UserError
from workbench.core.paths import user_paths
from workbench.core.profiles.model import Profile
from workbench.core.profiles.secrets import forget_password, save_password
from workbench.core.profiles.store import ProfileStore
from workbench.core.query.events import RunEnded
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import StopReason
from workbench.core.query.receipt_text import end_text
from workbench.core.query.registry import Kind
from workbench.core.query.state import State
from workbench.core.results.export_json import json_line

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def list_all(*, as_json: bool) -> int:
    """Print the saved connections. Raises UserError, OutputGone."""
    profiles = _store().list()
    if as_json:
        put("[" + ",\n ".join(json_line(asdict(profile)) for profile in profiles) + "]\n")
    elif profiles:
        rows = [(p.name, p.url, p.folder, ", ".join(_marks(p))) for p in profiles]
        put(table(("name", "URL", "folder", ""), rows))
    else:
        say("No connection is saved. Save one: workbench connections add NAME URL")
    return Exit.OK


def add(options: argparse.Namespace) -> int:
    """Save one; a password goes to the keychain first. Raises UserError: nothing is saved."""
    spec = discovery.for_url(options.url)
    target = parse_target(options.url, spec)
    if options.colour and not _COLOUR.fullmatch(options.colour):
        raise UserError("Bad colour", f"{options.colour!r}: write it as #rrggbb.")
    if options.read_only and not spec.capabilities.read_only:
        raise UserError("Not read-only", f"{spec.title} cannot enforce it.")
    store = _store()
    if any(profile.name == options.name for profile in store.list()):
        raise UserError("Name taken", f"A connection called {options.name!r} is saved already.")
    password = _password(options, target.password.reveal() if target.password else "")
    profile = Profile(
        name=options.name,
        url=target.url,
        colour=options.colour,
        production=options.production,
        read_only=options.read_only,
        timeout_s=options.timeout,
        folder=options.folder,
        password_in_keychain=bool(password),
    )
    if password:
        save_password(profile.name, password)
    store.add(profile)
    say(f"Saved {profile.name}: {profile.url}")
    return Exit.OK


def remove(name: str) -> int:
    """Forget one, and its password. Raises UserError."""
    profile = _store().remove(name)
    say(f"Removed {name}.")
    if profile.password_in_keychain:
        try:
            forget_password(name)
        except UserError as error:
            say(f"Warning: its password may still be in the keychain: {error.message}")
    return Exit.OK


def test(connection: str, timeout_s: float | None) -> int:
    """Connect, run a trivial statement, say what is there. Raises UserError, EngineError."""
    bench = start()
    pool = connect_to(bench, connection).pool
    handle = bench.queries.work(
        pool,
        f"test {pool.name}",
        _try(pool.spec),
        tab="command line",
        kind=Kind.CONNECT,
        timeout_s=timeout_s,
    )
    attendant = Attendant(bench.queries, handle, deadline_s=bench.settings.stop_deadline_s)
    asyncio.run(attendant.attend(lambda: _drain(bench.queries.run(handle))))
    end = handle.end
    assert end is not None
    status = _show(end, handle)
    if attendant.let_go:
        leave(status)
    attendant.join()
    with suppress(EngineError):  # it was only a test
        bench.close()
    return status


def _show(end: RunEnded, handle: QueryHandle) -> int:
    if end.state is State.SUCCESS:
        able = handle.pool.spec.capabilities
        facts = [
            ("connection", handle.pool.target.url),
            ("server", str(handle.outcome)),
            ("stopped by", able.stop_mechanism),
            ("verified", able.verification.value),
            ("note", able.stop_note),
            ("needs", able.stop_needs),
        ]
        put("".join(f"{name + ':':<12} {text}\n" for name, text in facts if text))
        return Exit.OK
    if end.error is not None:
        say_error(end.error)
        return Exit.NO_CONNECTION
    say(end_text(end, handle.timeout_s))
    return Exit.TIMEOUT if end.reason is StopReason.TIMEOUT else Exit.INTERRUPTED


def _try(spec: EngineSpec) -> Callable[[Connection], object]:
    def work(connection: Connection) -> str:
        if spec.language in (Language.SQL, Language.CQL):
            cursor = connection.execute(Statement("SELECT 1"))
            for _ in cursor.batches():
                pass  # read to the end, as any result
            cursor.close()
        return connection.server

    return work


def _drain(events: object) -> None:
    for _ in events:  # type: ignore[attr-defined]
        pass  # the handle keeps how it ended


def _password(options: argparse.Namespace, in_url: str) -> str:
    if in_url:
        return in_url
    if options.ask_password:
        return getpass(f"Password for {options.name}: ")
    return os.environ.get(PASSWORD_VARIABLE, "")


def _marks(profile: Profile) -> list[str]:
    marks = []
    if profile.production:
        marks.append("production")
    if profile.read_only:
        marks.append("read-only")
    if profile.timeout_s:
        marks.append(f"timeout {profile.timeout_s:g} s")
    if profile.password_in_keychain:
        marks.append("password in the keychain")
    return marks


def _store() -> ProfileStore:
    return ProfileStore(user_paths().connections)
