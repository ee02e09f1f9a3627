"""What people really paste: no crash, no freeze, a clear error that names the input."""

import pytest
from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from tests.ui.window.conftest import Desk


def test_what_is_no_sql_fails_with_the_position_marked(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("SELECT 1;\nthis is not sql;", whole=True, state="FAILED")
    editor = desk.tab.page.editor
    assert editor.decorations.error_range is not None
    assert "this" in desk.messages()
    desk.run("SELECT 1")
    assert editor.decorations.error_range is None


def test_an_error_says_that_what_ran_before_it_stands(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE t (i INTEGER); SELECT nosuch FROM t", whole=True, state="FAILED")
    shown = " ".join(w.text() for w in desk.panel.error.findChildren(QLabel))
    assert "1 statement before it had run and stands" in shown
    assert desk.value("SELECT count(*) FROM t") == 0


def test_nul_bytes_and_lone_surrogates_in_the_text_do_no_harm(desk: Desk, url: str) -> None:
    desk.connect(url)
    for text in ("SELECT 'a\0b' AS x", "SELECT '\ud83d' AS x", "SELECT '\U0001f600' AS x"):
        desk.type(text)
        desk.click()
        desk.wait(lambda: not desk.tab.run.running)
        assert desk.status() in ("SUCCESS", "FAILED")
    desk.run("SELECT 1")


def test_a_cell_of_100000_characters_is_shown_and_not_waited_for(desk: Desk, url: str) -> None:
    desk.connect(url)
    big = {"duckdb": "repeat('x', 100000)", "sqlite": "printf('%.*c', 100000, 'x')"}
    cell = big[url.partition(":")[0]]
    assert len(str(desk.value(f"SELECT {cell} AS wide"))) == 100_000
    desk.window.grab()


@pytest.mark.parametrize("blob", ["x'ff00fe'", "x''"])
def test_blobs_that_are_no_text_are_shown(desk: Desk, blob: str) -> None:
    desk.connect("sqlite:///:memory:")
    desk.run(f"SELECT {blob} AS b, CAST(x'c328' AS TEXT) AS broken")
    desk.window.grab()
    assert desk.find(QLabel, "rowCount").text() == "1 row"


def test_a_script_of_5_mb_opens_runs_and_stops(desk: Desk, url: str, runaway: str) -> None:
    desk.connect(url)
    script = "SELECT 1; -- padding of a line that is about eighty characters long ......\n" * 70_000
    assert len(script) > 5_000_000
    editor = desk.find(QPlainTextEdit, "sqlEditor")
    editor.setPlainText(f"{runaway};\n{script}")
    clock = QElapsedTimer()
    clock.start()
    desk.action("runAllAction").trigger()
    # The click must not read the script: that is the worker's work. Generous: it took 20 ms.
    assert clock.elapsed() < 5_000
    assert desk.button.text() == "Cancel"
    desk.wait(lambda: bool(desk.tab.run.handle and desk.tab.run.handle.session))
    desk.click()
    desk.wait(lambda: not desk.tab.run.running)
    assert desk.status() == "CANCELLED"


def test_run_in_a_5_mb_script_finds_the_statement_under_the_caret(desk: Desk, url: str) -> None:
    desk.connect(url)
    padding = "SELECT 1; -- padding of a line that is about eighty characters long .....\n" * 70_000
    editor = desk.tab.page.editor
    editor.setPlainText(f"{padding}SELECT 42 AS answer;\nSELECT nosuch FROM nowhere;\n")
    editor.set_caret(len(padding) + 3)
    desk.click()
    assert desk.button.text() == "Cancel"
    desk.wait(lambda: not desk.tab.run.running)
    assert desk.status() == "SUCCESS"
    assert desk.panel.result_set(0).slice(0, 1)[0].column(0)[0].as_py() == 42
    assert desk.runs.workbench.history.search("")[0].sql == "SELECT 42 AS answer"
    editor.set_caret(len(padding) + 30)
    desk.click()
    desk.wait(lambda: not desk.tab.run.running)
    assert desk.status() == "FAILED"
    marked = editor.decorations.error_range
    assert marked is not None
    assert marked[0] > len(padding) + len("SELECT 42 AS answer;\n")


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("nosuch:///x", "nosuch"),
        ("duckdb://host/x", "three slashes"),
        ("duckdb:///x.duckdb?colour=red", "colour"),
    ],
)
def test_a_bad_url_says_what_is_wrong_with_it(desk: Desk, url: str, named: str) -> None:
    assert not desk.window.choosing.open(url)
    shown = " ".join(w.text() for w in desk.panel.error.findChildren(QLabel))
    assert named in shown


def test_a_missing_file_fails_in_the_tab_and_leaves_no_file(desk: Desk, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "typo.duckdb"
    desk.connect(f"duckdb:///{path}")
    desk.run("SELECT 1", state="FAILED")
    shown = " ".join(w.text() for w in desk.panel.error.findChildren(QLabel))
    assert "No such file" in shown
    assert not path.exists()
