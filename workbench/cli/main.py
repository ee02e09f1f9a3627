"""The commands and their options: reads the arguments, runs the command, gives its status.

Main thread only. Errors that a user can put right end in one message on stderr and a status
of `exits.py`, never in a traceback. Imports a command's module only when it is run.
"""

import argparse
import math
from collections.abc import Callable, Sequence

import workbench
from workbench.cli.exits import Exit
from workbench.core.errors import EngineError, UserError

COMMANDS = ("query", "connections", "engines", "history", "stats")
FORMATS = ("table", "csv", "tsv", "json", "jsonl", "markdown", "parquet", "arrow")
_ASKS = ("-h", "--help", "--version")


def wants_window(arguments: Sequence[str]) -> bool:
    """Do `arguments` open the window? Ends the process with status 2 where they make no sense."""
    if arguments and arguments[0] in (*COMMANDS, *_ASKS):
        return False
    parser = argparse.ArgumentParser("workbench", usage=_USAGE, allow_abbrev=False, add_help=False)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--tour")
    parser.parse_args(arguments)
    return True


def main(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name; its exit status. Blocks."""
    from workbench.cli.output import OutputGone, say_error

    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except UserError as error:
        say_error(error)
        return Exit.USAGE
    except EngineError as error:
        say_error(error)
        return Exit.NO_CONNECTION
    except OutputGone:
        return Exit.OK  # whoever read our output has seen enough


_USAGE = "workbench [FILE|URL|script.sql ...]\n       workbench COMMAND ..."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "workbench",
        description="A database workbench that stops what you started, at the database. "
        "Without a command it opens the window: on the given database, script, or your last tabs.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"workbench {_version()}")
    commands = parser.add_subparsers(title="commands", required=True)
    _add_query(commands)
    _add_connections(commands)
    _add_engines(commands)
    _add_history(commands)
    _add_stats(commands)
    return parser


def _add_query(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    query = _add(
        commands,
        "query",
        _query,
        "run SQL and print the result",
        "Runs SQL and prints the result. Ctrl-C stops it at the database and waits for the "
        "receipt; a second Ctrl-C forces, a third one leaves at once.",
    )
    query.add_argument("sql", nargs="?", metavar="SQL", help="the statements; - reads stdin")
    query.add_argument(
        "-c",
        "--connection",
        required=True,
        metavar="URL|NAME|FILE",
        help="where to run: a URL, a saved connection, or a database file",
    )
    query.add_argument("-f", "--file", metavar="FILE", help="read the SQL from FILE; - for stdin")
    query.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="stop it at the database after so long (0: never)",
    )
    query.add_argument(
        "--format", choices=FORMATS, default="table", help="how rows are written (default: table)"
    )
    query.add_argument(
        "--output", metavar="FILE", help="write to FILE, which appears when it is complete"
    )
    query.add_argument(
        "--max-rows", type=_count, metavar="N", help="stop it at the database after N rows"
    )
    query.add_argument(
        "--stats", metavar="FILE", help="write the receipt as one JSON object; - for stderr"
    )
    query.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="bind a parameter; VALUE as in SQL: a number, true, false, null, 'text', or text",
    )


def _add_connections(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    connections = commands.add_parser(
        "connections", help="saved connections", description="Saved connections.",
        allow_abbrev=False,
    )  # fmt: skip
    below = connections.add_subparsers(title="commands", required=True)
    listed = _add(below, "list", _connections_list, "list them", "Lists the saved connections.")
    listed.add_argument("--json", action="store_true", help="as a JSON array")
    add = _add(
        below,
        "add",
        _connections_add,
        "save one",
        "Saves a connection. A password goes to the system keychain, never into a file.",
    )
    add.add_argument("name", metavar="NAME")
    add.add_argument("url", metavar="URL")
    add.add_argument("--read-only", action="store_true", help="the database refuses writes")
    add.add_argument("--production", action="store_true", help="the window asks before writes")
    add.add_argument("--colour", default="", metavar="#RRGGBB", help="the colour of its tabs")
    add.add_argument("--folder", default="", metavar="NAME", help="where it is listed")
    add.add_argument(
        "--timeout", type=_seconds, default=0.0, metavar="SECONDS", help="stop its queries then"
    )
    add.add_argument(
        "--ask-password", action="store_true", help="ask for the password on the terminal"
    )
    remove = _add(
        below, "remove", _connections_remove, "forget one", "Forgets one, password included."
    )
    remove.add_argument("name", metavar="NAME")
    test = _add(
        below,
        "test",
        _connections_test,
        "connect and show what is there",
        "Connects, runs a trivial statement, and says how stopping works there.",
    )
    test.add_argument("connection", metavar="NAME|URL|FILE")
    test.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="give up after so long")


def _add_engines(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    engines = _add(
        commands,
        "engines",
        _engines,
        "engines, drivers found, and what each can stop",
        "Lists the engines, the drivers found, and how each stops a query. Loads no driver.",
    )
    engines.add_argument("--json", action="store_true", help="as a JSON array")


def _add_history(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    history = _add(
        commands,
        "history",
        _history,
        "what ran, how it ended, how long a stop took",
        "Shows what ran, newest first.",
    )
    history.add_argument("--json", action="store_true", help="as a JSON array")
    history.add_argument("--search", default="", metavar="TEXT", help="with all words of TEXT")
    history.add_argument("--limit", type=_count, default=50, metavar="N", help="at most N")


def _add_stats(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    stats = _add(
        commands,
        "stats",
        _stats,
        "how stopping went, by engine",
        "Counts stops by engine: outcomes, success rate, time to stop, orphans.",
    )
    stats.add_argument("--json", action="store_true", help="as a JSON array")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    short: str,
    long: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=short, description=long, allow_abbrev=False)
    parser.set_defaults(run=run)
    return parser


def _query(options: argparse.Namespace) -> int:
    from workbench.cli.query import run

    return run(options)


def _connections_list(options: argparse.Namespace) -> int:
    from workbench.cli.connections import list_all

    return list_all(as_json=options.json)


def _connections_add(options: argparse.Namespace) -> int:
    from workbench.cli.connections import add

    return add(options)


def _connections_remove(options: argparse.Namespace) -> int:
    from workbench.cli.connections import remove

    return remove(options.name)


def _connections_test(options: argparse.Namespace) -> int:
    from workbench.cli.connections import test

    return test(options.connection, options.timeout)


def _engines(options: argparse.Namespace) -> int:
    from workbench.cli.engines import show

    return show(as_json=options.json)


def _history(options: argparse.Namespace) -> int:
    from workbench.cli.history import show

    return show(as_json=options.json, search=options.search, limit=options.limit)


def _stats(options: argparse.Namespace) -> int:
    from workbench.cli.history import show_stats

    return show_stats(as_json=options.json)


def _seconds(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def _version() -> str:
    return getattr(workbench, "__version__", "") or _installed_version()


def _installed_version() -> str:
    from importlib import metadata

    try:
        return metadata.version("workbench")
    except metadata.PackageNotFoundError:
        return "(not installed)"
