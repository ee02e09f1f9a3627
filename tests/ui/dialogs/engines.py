"""Engine specs for the connection form: it is made from what a spec says, whatever the engine."""

from typing import NoReturn

from workbench.core.adapter.contract import Capabilities, EngineSpec, FormField, Verification


def _no_connection(*_args: object) -> NoReturn:
    raise AssertionError("the form opens no connection")


FILES = EngineSpec(
    "files",
    "Files",
    ("files",),
    Capabilities("stop()", Verification.RETURNED, read_only="a mode", in_process=True),
    _no_connection,
    fields=(
        FormField("database", "File", "file", help="empty: in memory"),
        FormField("readonly", "Read-only", "flag", "0"),
        FormField("threads", "Threads", "number"),
    ),
    options={"create": "make the file", "threads": "how many", "cache": "how much"},
    file_suffixes=(".fdb",),
)
SERVER = EngineSpec(
    "server",
    "Server",
    ("server", "servers"),
    Capabilities("kill", Verification.SERVER, read_only="a mode"),
    _no_connection,
    fields=(
        FormField("host", "Host", required=True),
        FormField("port", "Port", "number", "5432"),
        FormField("database", "Database"),
        FormField("user", "User"),
        FormField("password", "Password", "password"),
        FormField("ssl", "SSL", "choice", "prefer", choices=("off", "prefer", "require")),
        FormField("readonly", "Read-only", "flag", "0"),
    ),
    options={"ssl": "encryption"},
)
