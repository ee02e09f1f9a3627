"""Activity, history, schema, completion and format, as parts of the one window."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QToolButton

from tests.ui.window.conftest import RUNAWAY, Desk
from workbench.core.catalog.tree import ROOT
from workbench.core.paths import user_paths
from workbench.ui.runtime.connections import without_create
from workbench.ui.runtime.journal import Journal
from workbench.ui.runtime.workspace import Workspace


def test_the_activity_panel_lists_and_stops_every_live_query(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.action("activityAction").trigger()
    desk.start(runaway)
    first = desk.tab
    desk.new_tab()
    desk.start(runaway)
    table = desk.window.activity.table
    desk.wait(lambda: table.model().rowCount() == 2)
    handle = first.run.handle
    assert handle is not None
    desk.window.activity.stop_requested.emit(handle.id)
    desk.wait(lambda: not first.run.running)
    assert desk.tab.run.running
    desk.click()
    desk.wait_status("CANCELLED")
    desk.wait(lambda: table.model().rowCount() == 0)


def test_the_history_shows_how_it_ended_and_how_it_was_stopped(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.run("SELECT 'find me' AS needle")
    desk.start(runaway)
    desk.click()
    desk.wait(lambda: "seen gone" in desk.receipt())
    runs = desk.runs.workbench.history.search("")
    assert [run.status for run in runs[:2]] == ["CANCELLED", "SUCCESS"]
    stop = runs[0].stop
    assert stop is not None
    assert (stop.reason, stop.outcome, stop.verified) == ("user", "stopped", True)
    desk.find(QToolButton, "historyButton").click()
    desk.window.history.search.setText("find me")
    table = desk.window.history.table
    desk.wait(lambda: table.model().rowCount() == 1)


def test_the_schema_is_loaded_and_follows_ddl(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE invented_table (id INTEGER PRIMARY KEY, label TEXT)")
    desk.wait(
        lambda: any("invented_table" in name for name, _ in desk.window.exploring.table_names())
    )
    desk.run("DROP TABLE invented_table")
    desk.wait(
        lambda: not any("invented_table" in name for name, _ in desk.window.exploring.table_names())
    )


def test_a_schema_refresh_is_a_live_query_of_its_own(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE t (i INTEGER)")
    kinds = []
    desk.runs.workbench.registry.subscribe(lambda entry: kinds.append(entry.kind.value))
    pool = desk.tab.run.pool
    assert pool is not None
    desk.window.catalogs.refresh(pool, ROOT)
    desk.wait(lambda: not desk.window.catalogs.loading(pool))
    assert "catalog" in kinds


def test_open_data_opens_a_tab_with_the_tables_rows(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE things AS SELECT 1 AS a UNION ALL SELECT 2")
    desk.wait(lambda: any("things" in n for n, _ in desk.window.exploring.table_names()))
    node = next(n for n in desk.window.schema.table_nodes() if n.name == "things")
    desk.window.schema.open_data_requested.emit(node)
    desk.wait_status("SUCCESS")
    assert desk.tab.page.title == "things"
    assert "things" in desk.tab.page.editor.text()
    assert desk.panel.result_set(0).rows.known == 2


def test_completion_offers_the_columns_of_the_statements_table(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE parcels (weight_kg INTEGER, sender TEXT)")
    desk.wait(lambda: any("parcels" in n for n, _ in desk.window.exploring.table_names()))
    editor = desk.tab.page.editor
    desk.type("SELECT wei FROM parcels")
    editor.set_caret(len("SELECT wei"))
    desk.action("completeAction").trigger()
    desk.wait(lambda: editor.completion.open)
    offered = editor.completion.popup.texts() if hasattr(editor.completion.popup, "texts") else None
    if offered is not None:
        assert "weight_kg" in offered


def test_format_lays_the_statement_out_as_one_undo_step(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    desk.type("select a,b from t where x=1")
    desk.action("formatAction").trigger()
    editor = desk.find(QPlainTextEdit, "sqlEditor")
    desk.wait(lambda: "SELECT" in editor.toPlainText())
    assert editor.toPlainText().count("\n") >= 2
    editor.undo()
    assert editor.toPlainText() == "select a,b from t where x=1"


def test_closing_a_tab_while_it_is_formatted_does_no_harm(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    closing = desk.tab
    desk.type("select a,b from t where x=1;\n" * 2_000)
    desk.action("formatAction").trigger()
    desk.new_tab()
    desk.window.tabs.remove_page(closing.page)
    desk.wait(lambda: not closing.running._formatting)
    desk.run("SELECT 1")


def test_explain_shows_the_plan(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.type("SELECT 1 AS one")
    desk.action("explainAction").trigger()
    desk.wait_status("SUCCESS")
    assert desk.panel.result_set(0).rows.known >= 1


def test_the_workspace_comes_back_as_it_was(desk: Desk, tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/w.duckdb?create=1"
    desk.connect(url)
    desk.type("SELECT 1;\nSELECT 2;")
    desk.tab.page.editor.set_caret(4)
    desk.tab.page.title = "mine"
    second = desk.new_tab()
    desk.type("-- second")
    kept = desk.window.workspace()
    for page in desk.window.tabs.pages():
        desk.window.tabs.remove_page(page)
    desk.window.restore(kept)
    pages = desk.window.tabs.pages()
    assert [p.title for p in pages] == ["mine", second.page.title]
    assert pages[0].editor.text() == "SELECT 1;\nSELECT 2;"
    assert pages[0].editor.caret() == 4
    assert pages[0].connection == without_create(url)
    assert desk.window.tabs.current_page() is pages[1]
    tab = desk.window.deck.tab_of(pages[0])
    assert tab is not None
    assert tab.run.pool is not None


@pytest.mark.parametrize("how", ["action", "plus button"])
def test_a_new_tab_is_on_the_connection_of_the_one_in_front(desk: Desk, url: str, how: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE here (i INTEGER)")
    if how == "action":
        desk.action("newTabAction").trigger()
    else:
        desk.window.tabs.new_tab()
    assert desk.window.picker.current_key == url
    desk.run("SELECT * FROM here")
    desk.wait(lambda: any("here" in n for n, _ in desk.window.exploring.table_names()))


def test_the_journal_is_written_before_a_statement_runs(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    desk.hot_exit.keep(desk.window.workspace)
    desk.hot_exit._timer.stop()  # only the run itself may write now
    desk.start(RUNAWAY["duckdb"])
    found = Journal(user_paths().journal)._existing()
    texts = [tab.text for slot in found for tab in slot.read(set_aside=False).workspace.tabs]
    assert texts == [RUNAWAY["duckdb"]]
    desk.click()
    desk.wait_status("CANCELLED")


def test_an_empty_workspace_restores_to_nothing(desk: Desk) -> None:
    before = len(desk.window.tabs.pages())
    desk.window.restore(Workspace())
    assert len(desk.window.tabs.pages()) == before


@pytest.mark.serial
def test_forty_cycles_in_the_window_leave_no_thread_entry_or_session(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    pool = desk.tab.run.pool
    assert pool is not None
    for cycle in range(40):
        if cycle % 2:
            desk.run("SELECT 1")
        else:
            desk.start(RUNAWAY["duckdb"])
            desk.tab.run.stop()
            desk.wait(lambda: not desk.tab.run.running)
    desk.wait(lambda: len(desk.runs.workbench.registry) == 0)
    desk.wait(lambda: desk.runs.workers.busy() == 0)
    assert len(pool) <= 2  # the tab's, and the catalog's
    desk.wait(lambda: not desk.runs._followers)
