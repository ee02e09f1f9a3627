"""The schema explorer on real databases."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.schema.conftest import Explorer
from workbench.core.adapter.contract import Node, NodeKind
from workbench.core.catalog.cache import CatalogCache
from workbench.ui.panels.schema.panel import SchemaPanel
from workbench.ui.panels.schema.rows import RowKind
from workbench.ui.theme.tokens import current


def current_name(explorer: Explorer) -> str:
    node = explorer.panel.tree.current_node()
    return node.name if node is not None else ""


def select(explorer: Explorer, name: str) -> None:
    index = explorer.panel.model.find(explorer.node(name).path)
    explorer.panel.tree.setCurrentIndex(index)


def place(explorer: Explorer, index: QModelIndex) -> QPoint:
    explorer.panel.tree.scrollTo(index)
    return explorer.panel.tree.visualRect(index).center()


def names(shown: list[str]) -> list[str]:
    return [name.strip() for name in shown]


def test_without_a_connection_it_says_what_it_is_for(qtbot: QtBot) -> None:
    panel = SchemaPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert panel.unconnected.isVisible()
    assert not panel.refresh_button.isEnabled()
    assert "Connect" in " ".join(label.text() for label in panel.findChildren(QLabel))


def test_the_first_schema_opens_by_itself_and_nothing_more_is_loaded(explorer: Explorer) -> None:
    shown = names(explorer.shown())
    assert {"customers", "orders", "recent", 'Odd "name"'} <= set(shown)
    assert all(len(path) < len(explorer.node("orders").path) for path in explorer.wanted)


def test_a_table_s_columns_are_loaded_when_it_opens(explorer: Explorer) -> None:
    explorer.open("orders")
    assert explorer.wanted[-1] == explorer.node("orders").path
    shown = names(explorer.shown())
    at = shown.index("orders")
    assert shown[at + 1 : at + 4] == ["id", "customer", "amount"]
    nodes = explorer.cache.branch(explorer.node("orders").path).nodes
    assert [node.key for node in nodes] == ["primary", "foreign", ""]
    assert "DECIMAL(10,2)" in nodes[2].detail.upper().replace(" ", "")


def test_a_double_click_inserts_the_quoted_name(explorer: Explorer, qtbot: QtBot) -> None:
    index = explorer.panel.model.find(explorer.node('Odd "name"').path)
    with qtbot.waitSignal(explorer.panel.insert_requested) as inserted:
        at = place(explorer, index)
        QTest.mouseClick(explorer.panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseDClick(explorer.panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert inserted.args == ['"Odd ""name"""']
    assert not explorer.panel.tree.isExpanded(index)


def test_enter_inserts_a_table_and_closes_what_holds_tables(
    explorer: Explorer, qtbot: QtBot
) -> None:
    tree = explorer.panel.tree
    select(explorer, "orders")
    with qtbot.waitSignal(explorer.panel.insert_requested) as inserted:
        QTest.keyClick(tree, Qt.Key.Key_Return)
    assert inserted.args == ["orders"]
    tree.setCurrentIndex(tree.currentIndex().parent())
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert not tree.isExpanded(tree.currentIndex())
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert tree.isExpanded(tree.currentIndex())


def test_alt_enter_and_the_menu_open_the_data(explorer: Explorer, qtbot: QtBot) -> None:
    select(explorer, "recent")
    with qtbot.waitSignal(explorer.panel.open_data_requested) as opened:
        QTest.keyClick(explorer.panel.tree, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert opened.args == [explorer.node("recent")]
    menu = explorer.panel.tree.make_menu(explorer.node("orders"))
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == ["Open data", "Insert name", "Copy name", "Refresh"]
    with qtbot.waitSignal(explorer.panel.open_data_requested) as opened:
        menu.actions()[0].trigger()
    assert opened.args == [explorer.node("orders")]


def test_copying_puts_the_name_as_it_can_be_typed_on_the_clipboard(explorer: Explorer) -> None:
    select(explorer, 'Odd "name"')
    QTest.keyClick(explorer.panel.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == '"Odd ""name"""'


def test_a_name_is_dragged_as_plain_text(explorer: Explorer) -> None:
    model = explorer.panel.model
    data = model.mimeData([model.find(explorer.node('Odd "name"').path)])
    assert data.formats() == ["text/plain"]
    assert data.text() == '"Odd ""name"""'


def test_a_refresh_shows_what_changed_and_moves_nothing_else(explorer: Explorer) -> None:
    explorer.open("orders", "customers")
    select(explorer, "orders")
    explorer.run(
        "drop view recent",
        "create table new_one (a integer)",
        "alter table customers add column since date",
    )
    before = explorer.shown()
    QTest.keyClick(explorer.panel.tree, Qt.Key.Key_F5)
    assert explorer.refreshed == [()]
    shown = names(explorer.shown())
    assert "new_one" in shown
    assert "recent" not in shown
    assert "since" in shown  # the open table was loaded anew as well
    assert current_name(explorer) == "orders"
    assert [name for name in names(before) if name != "recent"] == [
        name for name in shown if name not in ("new_one", "since")
    ]


def test_a_refresh_keeps_the_rows_while_it_runs(explorer: Explorer) -> None:
    explorer.open("orders")
    before = explorer.shown()
    explorer.answering = False
    explorer.panel.refresh_requested.emit(())
    explorer.cache.begin(())
    assert explorer.shown() == before


def test_the_refresh_button_stops_what_is_loading(explorer: Explorer, qtbot: QtBot) -> None:
    button = explorer.panel.refresh_button
    assert button.accessibleName() == "Refresh the schema"
    explorer.panel.set_loading(True)
    assert button.accessibleName() == "Stop loading"
    with qtbot.waitSignal(explorer.panel.stop_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert explorer.refreshed == []
    explorer.panel.set_loading(False)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert explorer.refreshed == [()]


def test_a_stopped_load_says_so_and_can_be_tried_again(explorer: Explorer) -> None:
    path = explorer.node("orders").path
    explorer.answering = False
    explorer.open("orders")
    ticket = explorer.cache.begin(path)
    assert "Loading…" in names(explorer.shown())
    explorer.cache.abort(path, ticket)
    assert "Loading stopped" in names(explorer.shown())
    assert explorer.wanted.count(path) == 1  # it does not start again by itself
    explorer.answering = True
    tree = explorer.panel.tree
    tree.setCurrentIndex(explorer.panel.model.index(0, 0, explorer.panel.model.find(path)))
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert explorer.refreshed == [path]
    assert "amount" in names(explorer.shown())


def test_an_error_stands_where_it_happened_with_retry_beside_it(explorer: Explorer) -> None:
    path = explorer.node("orders").path
    explorer.answering = False
    explorer.open("orders")
    explorer.cache.fail(path, "disk I/O error\nat page 7", explorer.cache.begin(path))
    index = explorer.panel.model.index(0, 0, explorer.panel.model.find(path))
    row = explorer.panel.model.row(index)
    assert row is not None
    assert (row.kind, row.text) == (RowKind.ERROR, "disk I/O error at page 7")
    explorer.answering = True
    tree = explorer.panel.tree
    at = QPoint(tree.viewport().width() - 20, place(explorer, index).y())
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert explorer.refreshed == [path]
    assert "amount" in names(explorer.shown())


def test_a_schema_that_cannot_be_read_at_all_offers_retry(explorer: Explorer) -> None:
    explorer.cache.clear()
    explorer.cache.fail((), "The file is locked.")
    assert explorer.panel.failed.isVisible()
    action = explorer.panel.failed.action
    assert action is not None
    QTest.mouseClick(action, Qt.MouseButton.LeftButton)
    assert explorer.panel.tree.isVisible()
    assert "orders" in names(explorer.shown())


def test_an_empty_database_says_so(explorer: Explorer) -> None:
    explorer.run("drop view recent", "drop table orders", "drop table customers")
    explorer.run('drop table "Odd ""name"""')
    explorer.panel.refresh_button.click()
    assert "No tables yet" in names(explorer.shown())


def type_filter(explorer: Explorer, text: str, qtbot: QtBot) -> None:
    explorer.panel.filter.setText(text)
    qtbot.waitUntil(lambda: explorer.panel.model.filter == text.strip().lower())


def test_the_filter_shows_what_fits_and_where_it_is(explorer: Explorer, qtbot: QtBot) -> None:
    explorer.open("customers")
    before = explorer.shown()
    type_filter(explorer, "ORD", qtbot)
    shown = names(explorer.shown())
    assert shown[-1] == "orders"
    assert "customers" not in shown
    QTest.keyClick(explorer.panel.filter, Qt.Key.Key_Escape)
    assert explorer.panel.filter.text() == ""
    assert explorer.shown() == before


def test_the_filter_finds_columns_that_are_loaded(explorer: Explorer, qtbot: QtBot) -> None:
    explorer.open("orders")
    type_filter(explorer, "amou", qtbot)
    assert names(explorer.shown())[-2:] == ["orders", "amount"]


def test_the_filter_marks_what_fits(explorer: Explorer, qtbot: QtBot) -> None:
    def marked() -> bool:
        image = explorer.panel.tree.viewport().grab().toImage()
        colour = QColor(current().match).rgb()
        return any(
            image.pixel(x, y) == colour
            for y in range(0, image.height(), 2)
            for x in range(image.width())
        )

    assert not marked()
    type_filter(explorer, "der", qtbot)
    assert marked()


def test_a_filter_that_nothing_fits_says_so(explorer: Explorer, qtbot: QtBot) -> None:
    type_filter(explorer, "no such table", qtbot)
    qtbot.waitUntil(explorer.panel.nothing.isVisible)
    type_filter(explorer, "", qtbot)
    assert explorer.panel.tree.isVisible()


def test_the_filter_asks_for_tables_not_loaded_yet(explorer: Explorer, qtbot: QtBot) -> None:
    other = Node(NodeKind.DATABASE, ("attached",))
    explorer.answering = False
    explorer.cache.put((), [*explorer.cache.branch().nodes, other])
    assert ("attached",) not in explorer.wanted
    type_filter(explorer, "parts", qtbot)
    assert ("attached",) in explorer.wanted
    explorer.cache.begin(("attached",))
    assert names(explorer.shown()) == ["attached", "Loading…"]
    explorer.cache.put(("attached",), [Node(NodeKind.TABLE, ("attached", "parts"))])
    assert names(explorer.shown()) == ["attached", "parts"]


def test_escape_in_an_empty_filter_is_left_to_the_window(explorer: Explorer, qtbot: QtBot) -> None:
    pressed: list[int] = []

    class Window(QWidget):
        def keyPressEvent(self, event):  # type: ignore[no-untyped-def]
            pressed.append(event.key())

    window = Window()
    qtbot.addWidget(window)
    explorer.panel.setParent(window)
    window.show()
    QTest.keyClick(explorer.panel.filter, Qt.Key.Key_Escape)
    assert pressed == [Qt.Key.Key_Escape]
    type_filter(explorer, "ord", qtbot)
    QTest.keyClick(explorer.panel.filter, Qt.Key.Key_Escape)
    assert len(pressed) == 1
    explorer.panel.setParent(None)
    qtbot.addWidget(explorer.panel)


def test_down_leads_from_the_filter_into_the_tree(explorer: Explorer, qtbot: QtBot) -> None:
    explorer.panel.activateWindow()
    explorer.panel.filter.setFocus()
    explorer.panel.filter.setText("cust")
    QTest.keyClick(explorer.panel.filter, Qt.Key.Key_Down)
    qtbot.waitUntil(explorer.panel.tree.hasFocus)
    assert explorer.panel.tree.currentIndex().isValid()
    for _ in range(3):
        QTest.keyClick(explorer.panel.tree, Qt.Key.Key_Down)
    assert current_name(explorer) == "customers"


def test_what_another_thread_learns_is_shown(explorer: Explorer, qtbot: QtBot) -> None:
    path = explorer.node("orders").path
    explorer.answering = False
    explorer.open("orders")
    column = Node(NodeKind.COLUMN, (*path, "from_afar"), leaf=True)
    thread = threading.Thread(target=explorer.cache.put, args=(path, [column]))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "from_afar" in names(explorer.shown()))


def test_each_connection_keeps_what_was_open(explorer: Explorer) -> None:
    explorer.open("orders")
    before = explorer.shown()
    explorer.panel.set_catalog(CatalogCache())
    explorer.panel.set_catalog(explorer.cache)
    assert explorer.shown() == before


def test_names_are_plain_text_on_one_line(explorer: Explorer, qtbot: QtBot) -> None:
    nasty = "<b>bold</b>\n" + "long " * 100 + "\u202ereversed\x00"
    explorer.answering = False
    explorer.cache.put(("x",), [Node(NodeKind.TABLE, ("x", nasty), rows=5)])
    explorer.cache.put((), [Node(NodeKind.DATABASE, ("x",))])
    explorer.panel.tree.expandAll()
    index = explorer.panel.model.find(("x", nasty))
    assert index.data() == nasty
    assert explorer.panel.tree.visualRect(index).height() == 26
    assert not explorer.panel.tree.viewport().grab().isNull()
    assert "&lt;b&gt;bold" in str(index.data(Qt.ItemDataRole.ToolTipRole))  # Qt would show it bold


def test_everything_that_is_operated_has_a_name(explorer: Explorer) -> None:
    for kind in (QLineEdit, QToolButton, QTreeView):
        for widget in explorer.panel.findChildren(kind):
            if widget.parent() is explorer.panel.filter:
                continue  # Qt's own clear button
            assert widget.objectName(), kind
            assert widget.accessibleName(), widget.objectName()
    assert explorer.panel.tree.objectName() == "schemaTree"
    index = explorer.panel.model.find(explorer.node("orders").path)
    assert str(index.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("orders, table")


@pytest.mark.parametrize("engine", ["duckdb"], indirect=True)
def test_five_thousand_tables_are_filtered(explorer: Explorer, qtbot: QtBot) -> None:
    explorer.run(
        *(f"create table part_{number:04} (id integer)" for number in range(0, 5000, 50)),
    )
    real = explorer.node("orders").path[:-1]
    explorer.panel.refresh_requested.emit(())
    made = [node for node in explorer.cache.branch(real).nodes if node.name.startswith("part_")]
    assert len(made) == 100
    # The rest is made up from a real one: creating 5,000 tables takes DuckDB half a minute.
    many = [
        replace(made[0], path=(*real, f"part_{number:04}"), insert=f"part_{number:04}")
        for number in range(5000)
    ]
    explorer.cache.put(real, many)
    assert explorer.panel.model.rowCount(explorer.panel.model.find(real)) == 5000
    type_filter(explorer, "part_42", qtbot)
    shown = [name for name in names(explorer.shown()) if name.startswith("part_")]
    assert shown == [f"part_42{number:02}" for number in range(100)]
    type_filter(explorer, "", qtbot)
    assert len(explorer.shown()) >= 5000


def test_the_model_keeps_qt_s_rules_while_everything_changes(
    explorer: Explorer, qtbot: QtBot
) -> None:
    tester = QAbstractItemModelTester(
        explorer.panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    explorer.open("orders", "customers")
    orders = explorer.node("orders")
    path = orders.path
    explorer.run("create table aaa (x integer)", "create table zzz (x integer)", "drop view recent")
    explorer.panel.refresh_requested.emit(())
    explorer.cache.fail(path, "no", explorer.cache.begin(path))
    explorer.cache.abort(path, explorer.cache.begin(path))
    explorer.panel.refresh_requested.emit(path)
    type_filter(explorer, "or", qtbot)
    explorer.cache.put(path[:-1], [])
    type_filter(explorer, "", qtbot)
    turned = [replace(orders, path=(*path[:-1], name)) for name in "gfedcba"]
    explorer.cache.put(path[:-1], turned)
    explorer.cache.put(path[:-1], turned[::-1])
    explorer.cache.clear()
    explorer.panel.set_catalog(None)
    assert tester.model() is explorer.panel.model
