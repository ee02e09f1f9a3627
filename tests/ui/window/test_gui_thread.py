"""A whole session, watched: no driver, file or network call is ever made on the GUI thread.

The profiler of Python sees every call of this thread, those into C included, and what a
call is made of: `os.stat`, `open`, a method of sqlite3 or DuckDB, a function of an engine.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.ui.window.conftest import ENDLESS_ROWS, RUNAWAY, Desk
from workbench.core import engines
from workbench.ui.runtime.files import read_script

_ENGINES = os.path.dirname(engines.__file__ or "")  # noqa: PTH120
# Modules of C functions that wait for a disk, a socket or a database.
_BLOCKING = {"posix", "nt", "_io", "io", "sqlite3", "_sqlite3", "_duckdb", "_socket", "fcntl"}
# What asks nobody: names, this process's number, a path that is put together.
_HARMLESS = {"getcwd", "fspath", "getpid", "urandom", "get_terminal_size", "_path_normpath"}
# Engines answer these from memory; the contract says so.
_ANSWERED_FROM_MEMORY = {"canceller", "rungs", "server", "transaction", "__init__"}
# An import (of a codec, say; PySide then reads the module's source), and the log.
_NOT_OURS = ("importlib", "/encodings/", "shibokensupport", "/logging/")


@contextmanager
def _watched() -> Iterator[list[str]]:
    """Everything this thread does meanwhile that may block, with where it was asked for."""
    assert threading.current_thread() is threading.main_thread()
    seen: list[str] = []

    def note(what: str, frame: FrameType | None) -> None:
        ours = []
        asking = frame
        while asking is not None:
            name = asking.f_code.co_filename
            if any(part in name for part in _NOT_OURS):
                return
            if "/tests/" in name:
                break
            if "/workbench/" in name:
                ours.append(f"{Path(name).name}:{asking.f_lineno}")
            asking = asking.f_back
        if ours:
            seen.append(f"{what} from {' < '.join(ours[:4])}")

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event == "c_call":
            owner = getattr(argument, "__self__", None)
            module = getattr(argument, "__module__", None) or type(owner).__module__
            name = getattr(argument, "__name__", "")
            waits = str(module).split(".")[0] in _BLOCKING and name not in _HARMLESS
            if waits and type(owner).__name__ not in ("StringIO", "BytesIO"):
                note(f"{module}.{name}", frame)
            return
        called = frame.f_code
        engine = event == "call" and called.co_filename.startswith(_ENGINES)
        if engine and called.co_name not in _ANSWERED_FROM_MEMORY:
            note(f"engine {called.co_name}", frame)

    sys.setprofile(watch)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def test_the_watch_sees_what_it_is_for(qapp: QApplication, tmp_path: Path) -> None:
    """Else the test below could not fail."""
    path = tmp_path / "x.sql"
    path.write_text("SELECT 1")
    with _watched() as seen:
        QTimer.singleShot(0, partial(read_script, path))
        QApplication.processEvents()
    assert any("stat" in call for call in seen)
    assert any("open" in call for call in seen)


def test_no_call_that_blocks_is_made_on_the_gui_thread(
    desk: Desk, url: str, engine: str, tmp_path: Path
) -> None:
    script = tmp_path / "a.sql"
    script.write_text("SELECT 1 AS from_a_file")
    desk.hot_exit.keep(desk.window.workspace)
    with _watched() as seen:
        desk.connect(url)
        desk.run("CREATE TABLE things AS SELECT 1 AS a UNION ALL SELECT 2")
        desk.wait(lambda: any("things" in n for n, _ in desk.window.exploring.table_names()))
        desk.run("SELECT * FROM things")
        desk.run("SELEC", state="FAILED")
        desk.start(RUNAWAY[engine])
        desk.click()
        desk.wait(lambda: "seen gone" in desk.receipt())
        desk.start(ENDLESS_ROWS[engine])
        desk.wait(lambda: desk.panel.tabs.has_results)
        desk.click()
        desk.wait_status("CANCELLED")
        desk.run("BEGIN; INSERT INTO things VALUES (3)", whole=True)
        desk.action("commitAction").trigger()
        desk.wait(lambda: not desk.tab.run.running)
        desk.window.drawer.show_panel(1)
        desk.find(QLineEdit, "historySearch").setText("things")
        desk.wait(lambda: desk.window.history.table.model().rowCount() > 0)
        editor = desk.tab.page.editor
        desk.type("SELECT  a  from things where thi")
        desk.action("completeAction").trigger()
        desk.wait(lambda: editor.completion.open)
        desk.action("formatAction").trigger()
        desk.wait(lambda: "FROM" in editor.text())
        desk.action("paletteAction").trigger()
        palette = desk.dialog("commandPalette")
        assert palette is not None
        palette.reject()
        opened = desk.runs.spawn(desk.window.filing.opened(script))
        desk.wait(opened.done)
        desk.type("SELECT 2 AS changed")
        saved = desk.runs.spawn(desk.window.filing.saved(desk.tab.page))
        desk.wait(saved.done)
        desk.window.close_tab(desk.tab.page)
        desk.wait(lambda: len(desk.window.tabs.pages()) == 1)
        desk.action("connectAction").trigger()
        desk.wait(lambda: desk.dialog("connectionDialog") is not None)
        dialog = desk.dialog("connectionDialog")
        assert dialog is not None
        dialog.reject()
        desk.hot_exit.note_change()
        desk.window.close_tab(desk.tab.page)
        desk.wait(lambda: not desk.window.tabs.pages())
        desk.wait(lambda: desk.runs.workers.busy() == 0)
    desk.hot_exit._timer.stop()
    assert script.read_text() == "SELECT 2 AS changed"
    assert not seen, "\n".join(sorted(set(seen)))
