"""What is closed is let go: tabs with all that belongs to them, catalogs, listeners."""

import gc
import weakref

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.ui.window.conftest import RUNAWAY, Desk
from workbench.core.catalog.cache import CatalogCache
from workbench.ui.panels.schema.model import SchemaModel
from workbench.ui.panels.schema.panel import SchemaPanel


def _settle(desk: Desk) -> None:
    desk.wait(lambda: desk.runs.workers.busy() == 0 and not desk.runs._followers)
    for _turn in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        gc.collect()


def _watch(desk: Desk) -> dict[str, "weakref.ref[object]"]:
    tab = desk.tab
    parts: dict[str, object] = {
        "page": tab.page,
        "run": tab.run,
        "running": tab.running,
        "editor": tab.page.editor,
        "panel": desk.panel,
        "results": desk.panel.result_set(0),
    }
    return {name: weakref.ref(part) for name, part in parts.items()}


@pytest.mark.serial
def test_fifty_closed_tabs_are_freed_with_their_results(desk: Desk) -> None:
    gc.unfreeze()
    desk.connect("duckdb:///:memory:")
    desk.run("SELECT 1")
    watched = []
    for number in range(50):
        tab = desk.new_tab()
        if number % 10 == 0:
            desk.start("SELECT * FROM range(100000000000)")
            desk.wait(lambda: desk.panel.tabs.has_results)
            watched.append(_watch(desk))
            desk.tab.run.stop()
            desk.wait(lambda: not desk.tab.run.running)
        else:
            desk.run("SELECT range AS i FROM range(1000)")
            watched.append(_watch(desk))
        desk.window.close_tab(tab.page)
        desk.wait(lambda tab=tab: tab.page not in desk.window.tabs.pages())  # type: ignore[misc]
        del tab
    _settle(desk)
    left = [
        f"{name} of tab {number}"
        for number, parts in enumerate(watched)
        for name, part in parts.items()
        if part() is not None
    ]
    assert not left, left


def test_a_tab_closed_while_cancelling_is_let_go(desk: Desk) -> None:
    gc.unfreeze()
    desk.connect("duckdb:///:memory:")
    closing = desk.new_tab()
    desk.start(RUNAWAY["duckdb"])
    desk.tab.run.stop()
    page = weakref.ref(closing.page)
    desk.window.close_tab(closing.page)
    held = [closing]
    del closing

    def closed() -> bool:
        dialog = desk.dialog("closeDialog")
        if dialog is not None:
            desk.press(dialog, "Stop and close")
        elif len(desk.window.tabs.pages()) == 2 and not held[0].run.running:
            # The stop was faster than the question, which then closed nothing.
            desk.window.close_tab(held[0].page)
        return len(desk.window.tabs.pages()) == 1

    desk.wait(closed)
    held.clear()
    # Its receipt may still be on its way, and with it who follows it.
    desk.wait(lambda: not desk.runs._followers)
    _settle(desk)
    assert page() is None
    assert len(desk.runs.workbench.registry) == 0


def test_a_schema_model_that_is_gone_hears_of_no_change(qapp: QApplication) -> None:
    cache = CatalogCache()
    panel = SchemaPanel()
    panel.set_catalog(cache)
    model = weakref.ref(panel.model)
    assert isinstance(model(), SchemaModel)
    assert len(cache._listeners) == 1
    panel.deleteLater()
    del panel
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert cache._listeners == []
    cache.invalidate()  # reaches nobody
    gc.collect()
    assert model() is None


def test_a_cache_outlives_a_model_deleted_by_python_alone(qapp: QApplication) -> None:
    cache = CatalogCache()
    model = SchemaModel()
    model.set_cache(cache)
    del model
    gc.collect()
    assert cache._listeners == []
    cache.invalidate()


def test_a_connection_no_tab_is_on_any_more_is_let_go(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE t AS SELECT 1 AS i")
    pool = desk.tab.run.pool
    assert pool is not None
    desk.wait(lambda: not desk.window.catalogs.loading(pool))
    cache = weakref.ref(desk.window.catalogs.cache(pool))
    desk.connect("duckdb:///:memory:")
    desk.wait(lambda: len(pool) == 0)
    _settle(desk)
    assert cache() is None
