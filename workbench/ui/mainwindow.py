"""The window: places the panels and joins their signals. GUI thread only.

Wiring and nothing else: what a panel does lives in the panel, what a query does in core,
what is asked in a dialog's flow.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from workbench.core.adapter.contract import Node
from workbench.core.errors import UserError
from workbench.core.query.receipt_text import receipts_text
from workbench.ui.actions import Actions
from workbench.ui.dialogs import file_flow
from workbench.ui.dialogs.close_flow import CloseFlow
from workbench.ui.dialogs.connect_flow import ConnectFlow
from workbench.ui.dialogs.connection import Mode
from workbench.ui.dialogs.find_flow import FindFlow, Found, ask_timeout
from workbench.ui.dialogs.stop_flow import StopFlow
from workbench.ui.panels.activity.live import LiveActivity
from workbench.ui.panels.activity.panel import ActivityPanel
from workbench.ui.panels.connect.choosing import Choosing
from workbench.ui.panels.connect.picker import ConnectionPicker
from workbench.ui.panels.editor import edit_commands
from workbench.ui.panels.editor.deck import Deck, Parts, Tab
from workbench.ui.panels.editor.filing import Filing
from workbench.ui.panels.editor.keys import KEYS
from workbench.ui.panels.editor.page import EditorPage
from workbench.ui.panels.editor.snapshots import restore, snapshots
from workbench.ui.panels.editor.tabs import EditorTabs
from workbench.ui.panels.history.loading import HistoryLoading
from workbench.ui.panels.history.panel import HistoryPanel
from workbench.ui.panels.results.binding import ResultBinding
from workbench.ui.panels.results.panel import ResultPanel
from workbench.ui.panels.schema.exploring import Exploring
from workbench.ui.panels.schema.panel import SchemaPanel
from workbench.ui.panels.toolbar.drawer import Drawer
from workbench.ui.panels.toolbar.following import Following
from workbench.ui.panels.toolbar.showing import Showing
from workbench.ui.panels.toolbar.toolbar import MainToolBar
from workbench.ui.runtime.catalogs import Catalogs
from workbench.ui.runtime.connections import Connections
from workbench.ui.runtime.hotexit import HotExit
from workbench.ui.runtime.runs import Runs
from workbench.ui.runtime.tabrun import TabRun
from workbench.ui.runtime.workspace import Workspace
from workbench.ui.theme import theme
from workbench.ui.widgets.file_drop import FileDrop


class MainWindow(QMainWindow):
    """The one window.

    Signals: `close_agreed()`, the user has agreed to close it: shut down now.
    """

    close_agreed = Signal()

    def __init__(self, runs: Runs, connections: Connections, hot_exit: HotExit) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Workbench")
        self.resize(1280, 800)
        self._runs = runs
        self._hot_exit = hot_exit
        self._down = False
        self.actions_ = Actions(self)
        self.catalogs = Catalogs(runs, self)
        self.picker = ConnectionPicker()
        self.toolbar = MainToolBar(self.actions_, self.picker, self)
        self.following = Following(self.toolbar, self.actions_)
        self.choosing = Choosing(self.picker, connections, runs)
        self.tabs = EditorTabs(
            lambda: ResultPanel(budget=runs.budget, spill_dir=runs.workbench.paths.spill)
        )
        parts = Parts(self._bind, self._make_stop, self.tell)
        self.deck = Deck(self.tabs, runs, self.catalogs, hot_exit, parts)
        self.filing = Filing(
            self.tabs,
            runs,
            lambda: file_flow.ask_open(self),
            lambda name: file_flow.ask_save(self, "Save script", name, [file_flow.SCRIPTS]),
        )
        self.schema, self.activity, self.history = SchemaPanel(), ActivityPanel(), HistoryPanel()
        self.exploring = Exploring(self.schema, self.catalogs)
        LiveActivity(self.activity, runs, self.deck.title_of, self.deck.press_stop)
        HistoryLoading(self.history, runs)
        self.drawer = Drawer()
        self.close_flow = CloseFlow(runs, self, self.tell)
        self.connect_flow = ConnectFlow(runs, connections, self, self.choosing.open, self.fail)
        tables = self.exploring.table_names
        found = Found(self.deck.titles, tables, self.deck.show, self.deck.insert, KEYS)
        self.find_flow = FindFlow(self, self.actions_, found)
        self._place()
        self._join()
        self._join_actions()

    def _place(self) -> None:
        self.addToolBar(self.toolbar)
        self.drawer.add(self.activity, "Activity", "pulse")
        self.drawer.add(self.history, "History", "history")
        self.across = _splitter("acrossSplitter", Qt.Orientation.Horizontal)
        self.across.addWidget(self.schema)
        self.across.addWidget(self.tabs)
        self.across.setSizes([260, 1000])
        self.across.setStretchFactor(1, 1)
        self.down = _splitter("downSplitter", Qt.Orientation.Vertical)
        self.down.addWidget(self.across)
        self.down.addWidget(self.drawer)
        self.down.setStretchFactor(0, 1)
        whole = QWidget()
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(8, 0, 8, 2)
        lines.addWidget(self.down)
        self.setCentralWidget(whole)
        self.addActions(self.actions_.all())  # their keys work without a menu bar

    def _join(self) -> None:
        self._runs.live_changed.connect(self.toolbar.set_live)
        self._runs.live_changed.connect(lambda live: self.drawer.set_count(0, live))
        self._runs.all_stopped.connect(lambda receipts: self.tell(receipts_text(receipts)))
        self.toolbar.run_pressed.connect(self.deck.press_run)
        self.choosing.opened.connect(self.deck.use_in_front)
        for failing in (self.choosing, self.filing, self._hot_exit):
            failing.failed.connect(self.fail)
        self.filing.database_found.connect(self.choosing.open)
        FileDrop(self).dropped.connect(self.filing.open_files)
        self.picker.open_file_wanted.connect(self.filing.ask_and_open)
        self.picker.new_database_wanted.connect(lambda: self.connect_flow.start(Mode.NEW_DATABASE))
        self.picker.url_wanted.connect(lambda: self.connect_flow.start(Mode.CONNECT))
        self.tabs.close_requested.connect(self.close_tab)
        self.deck.current_changed.connect(self._on_current_changed)
        self.deck.schema_changed.connect(self.catalogs.refresh)
        self.deck.unused.connect(self.catalogs.let_go)
        self.tabs.page_removed.connect(lambda page: page.lower_widget.clear_results())
        self.schema.insert_requested.connect(self.deck.insert)
        self.exploring.select_wanted.connect(self._on_select_wanted)
        self.activity.tab_requested.connect(self.deck.show)
        self.history.open_requested.connect(lambda sql, _where: self.deck.open_text(sql))
        self.drawer.opened.connect(self._on_drawer_opened)

    def _join_actions(self) -> None:
        on_tab, action = self.deck.on_current, self.actions_
        Showing(
            self.schema, action["schemaAction"], self.drawer, action["activityAction"],
            self.tabs.focus_editor,
        )  # fmt: skip
        for name, call in {
            "newTabAction": lambda: self.deck.open_text(""),
            "openFileAction": self.filing.ask_and_open,
            "saveAction": on_tab(lambda tab: self.filing.save(tab.page)),
            "saveAsAction": on_tab(lambda tab: self.filing.save_as(tab.page)),
            "newDatabaseAction": lambda: self.connect_flow.start(Mode.NEW_DATABASE),
            "connectAction": lambda: self.connect_flow.start(Mode.CONNECT),
            "closeTabAction": on_tab(lambda tab: self.close_tab(tab.page)),
            "quitAction": self.close,
            "cancelAllAction": self._runs.stop_all,
            "runAction": on_tab(lambda tab: tab.running.run_statement()),
            "runAllAction": on_tab(lambda tab: tab.running.run_all()),
            "runSelectionAction": on_tab(lambda tab: tab.running.run_selection()),
            "cancelAction": on_tab(lambda tab: tab.press_stop()),
            "explainAction": on_tab(lambda tab: tab.running.explain()),
            "commitAction": on_tab(lambda tab: tab.run.commit()),
            "rollbackAction": on_tab(lambda tab: tab.run.rollback()),
            "timeoutAction": on_tab(lambda tab: ask_timeout(tab.run, self)),
            "formatAction": on_tab(lambda tab: tab.running.format()),
            "findAction": on_tab(lambda tab: tab.page.find_bar.open()),
            "replaceAction": on_tab(lambda tab: tab.page.find_bar.open(replace=True)),
            "commentAction": on_tab(lambda tab: edit_commands.toggle_comment(tab.page.editor)),
            "completeAction": on_tab(lambda tab: tab.page.editor.completion.ask_now()),
            "paletteAction": self.find_flow.palette,
            "shortcutsAction": self.find_flow.shortcuts,
            "nextTabAction": lambda: self.tabs.switch(1),
            "previousTabAction": lambda: self.tabs.switch(-1),
            "focusEditorAction": on_tab(lambda tab: tab.page.editor.setFocus()),
            "focusResultAction": on_tab(lambda tab: tab.page.lower_widget.setFocus()),
            "themeAction": theme.toggle,
        }.items():
            action[name].triggered.connect(_plain(call))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where no widget wanted it, stops the tab's query."""
        tab = self.deck.current()
        if event.key() == Qt.Key.Key_Escape and tab is not None and tab.run.running:
            tab.press_stop()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first where something runs; the window goes when all has stopped."""
        if self._down:
            super().closeEvent(event)
            return
        event.ignore()
        self._runs.spawn(self._close())

    def close_for_good(self) -> None:
        """Everything has stopped: close without asking."""
        self._down = True
        self.close()

    def workspace(self) -> Workspace:
        """What the journal keeps of this window."""
        page = self.tabs.current_page()
        return Workspace(
            snapshots(self.tabs),
            page.tab_id if page is not None else "",
            bytes(self.saveGeometry().data()),
            b"",
            {"across": tuple(self.across.sizes())},
        )

    def restore(self, workspace: Workspace) -> None:
        """Bring back what the journal kept."""
        if workspace.geometry:
            self.restoreGeometry(QByteArray(workspace.geometry))
        if "across" in workspace.splitters:
            self.across.setSizes(list(workspace.splitters["across"]))
        for page in restore(self.tabs, workspace):
            tab = self.deck.tab_of(page)
            if tab is not None:
                tab.run.connect_to(None)
            if tab is not None and page.connection:
                self.choosing.reopen(page.connection, partial(self.deck.use, tab))
        self._on_current_changed(self.deck.current())

    def fail(self, error: UserError) -> None:
        """Say what could not be done: in the tab in front, or at the drawer's edge."""
        tab = self.deck.current()
        lower = tab.page.lower_widget if tab is not None else None
        if isinstance(lower, ResultPanel):
            lower.show_error(error.title, error.message, "", None)
        else:
            self.tell(str(error))

    def tell(self, text: str) -> None:
        """Show a remark at the drawer's edge."""
        self.drawer.tell(text)

    def close_tab(self, page: EditorPage) -> None:
        """Close a tab, after asking where something is at stake."""
        self._runs.spawn(self._close_tab(page))

    async def _close_tab(self, page: EditorPage) -> None:
        tab = self.deck.tab_of(page)
        if tab is None:
            return
        if await self.close_flow.may_close(page.title, [(page.title, tab.run)], window=False):
            self.tabs.remove_page(page)

    async def _close(self) -> None:
        tabs = [(tab.page.title, tab.run) for tab in self.deck.all()]
        if await self.close_flow.may_close("Workbench", tabs, window=True):
            self.close_agreed.emit()

    def _bind(self, run: TabRun, lower: QWidget) -> None:
        assert isinstance(lower, ResultPanel)
        ResultBinding(run, lower)
        lower.error_activated.connect(self.deck.go_to)

    def _make_stop(self, run: TabRun) -> Callable[[], None]:
        return StopFlow(run, self._runs, self, self.tell).press

    def _on_current_changed(self, tab: Tab | None) -> None:
        self.following.follow(tab.run if tab is not None else None)
        self.picker.set_current((tab.page.connection or "") if tab is not None else "")
        self.exploring.show(tab.run.pool if tab is not None else None)

    def _on_select_wanted(self, node: Node) -> None:
        name = node.insert or node.name
        tab = self.deck.open_text(f"SELECT *\nFROM {name}\nLIMIT 1000;", node.name)
        tab.running.run_all()

    def _on_drawer_opened(self, panel: QWidget | None) -> None:
        if panel is self.history:
            self.history.refresh()


def _splitter(name: str, orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    return splitter


def _plain(call: Callable[[], object]) -> Callable[[], None]:
    """Without the `checked` that `triggered` would hand over."""
    return lambda *_checked: (call(), None)[1]
