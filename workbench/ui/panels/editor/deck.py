"""The tabs with what belongs to each: its run, what Run means in it, its completions.

GUI thread only. What stands below the editor and how a stop is asked for are handed in,
since panels and dialogs do not know each other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workbench.core.query.pool import SessionPool
from workbench.core.query.state import State
from workbench.ui.panels.editor.completing import Completing
from workbench.ui.panels.editor.page import EditorPage, TabState
from workbench.ui.panels.editor.running import EditorRunning
from workbench.ui.panels.editor.tabs import EditorTabs
from workbench.ui.runtime.catalogs import Catalogs
from workbench.ui.runtime.connections import Offer
from workbench.ui.runtime.hotexit import HotExit
from workbench.ui.runtime.runs import Runs
from workbench.ui.runtime.tabrun import TabRun

_TAB_STATES = {
    State.QUEUED: TabState.RUNNING,
    State.RUNNING: TabState.RUNNING,
    State.CANCELLING: TabState.RUNNING,
    State.FAILED: TabState.FAILED,
    State.CANCELLED: TabState.CANCELLED,
    State.SUCCESS: TabState.IDLE,
}
_SCHEMA_COMMANDS = frozenset({"CREATE", "DROP", "ALTER", "ATTACH", "DETACH", "USE"})


@dataclass(frozen=True, slots=True)
class Parts:
    """What a deck is given.

    `bind` joins a run with the widget below its editor, `make_stop` makes what a press of
    Cancel does, `tell` shows a remark.
    """

    bind: Callable[[TabRun, QWidget], object]
    make_stop: Callable[[TabRun], Callable[[], None]]
    tell: Callable[[str], None]


@dataclass(eq=False, slots=True)
class Tab:
    """One tab: `press_stop` is what its Cancel does."""

    page: EditorPage
    run: TabRun
    running: EditorRunning
    press_stop: Callable[[], None]


class Deck(QObject):
    """All open tabs.

    Signals: `current_changed(Tab | None)`; `schema_changed(SessionPool)`, a statement of a
    tab has changed what the database contains; `unused(SessionPool)`, no tab is on it any more.
    """

    current_changed = Signal(object)
    schema_changed = Signal(object)
    unused = Signal(object)

    def __init__(
        self, tabs: EditorTabs, runs: Runs, catalogs: Catalogs, hot_exit: HotExit, parts: Parts
    ) -> None:
        super().__init__(tabs)
        self.tabs = tabs
        self._runs = runs
        self._catalogs = catalogs
        self._hot_exit = hot_exit
        self._parts = parts
        self._tabs: dict[EditorPage, Tab] = {}
        tabs.open_new = lambda: self.open_text("")
        tabs.page_added.connect(self._on_page_added)
        tabs.page_removed.connect(self._on_page_removed)
        tabs.current_page_changed.connect(self._on_current_page_changed)
        tabs.changed.connect(hot_exit.note_change)

    def current(self) -> Tab | None:
        """The tab in front."""
        page = self.tabs.current_page()
        return self._tabs.get(page) if page is not None else None

    def tab_of(self, page: EditorPage) -> Tab | None:
        """What belongs to a page."""
        return self._tabs.get(page)

    def all(self) -> tuple[Tab, ...]:
        """The tabs, from left to right."""
        return tuple(self._tabs[page] for page in self.tabs.pages() if page in self._tabs)

    def title_of(self, tab_id: str) -> str:
        """What a tab is called; "" for none."""
        page = self.tabs.page_by_id(tab_id)
        return page.title if page is not None else ""

    def show(self, tab_id: str) -> None:
        """Bring a tab to the front."""
        page = self.tabs.page_by_id(tab_id)
        if page is not None:
            self.tabs.setCurrentWidget(page)
            page.editor.setFocus()

    def titles(self) -> list[tuple[str, str]]:
        """Id and title of each tab, from left to right."""
        return [(tab.page.tab_id, tab.page.title) for tab in self.all()]

    def insert(self, text: str) -> None:
        """Put `text` at the caret of the tab in front."""
        tab = self.current()
        if tab is not None:
            tab.page.editor.insertPlainText(text)
            tab.page.editor.setFocus()

    def go_to(self, offset: int) -> None:
        """Put the caret of the tab in front at `offset` of its script."""
        tab = self.current()
        if tab is not None:
            tab.page.editor.set_caret(offset)
            tab.page.editor.setFocus()

    def press_run(self) -> None:
        """The Run button was pressed: run, or cancel what runs, in the tab in front."""
        tab = self.current()
        if tab is not None and tab.run.running:
            tab.press_stop()
        elif tab is not None:
            tab.running.run_statement()

    def press_stop(self, query: str) -> bool:
        """Press the Cancel of the tab that runs `query`; False when none does."""
        for tab in self._tabs.values():
            if tab.run.handle is not None and tab.run.handle.id == query:
                tab.press_stop()
                return True
        return False

    def on_current(self, call: Callable[[Tab], object]) -> Callable[[], None]:
        """What does `call` with the tab in front, if one is open."""

        def on_triggered() -> None:
            tab = self.current()
            if tab is not None:
                call(tab)

        return on_triggered

    def use(self, tab: Tab, offer: Offer, pool: SessionPool) -> None:
        """Run `tab`'s statements on a connection from now on."""
        before = tab.run.pool
        tab.run.connect_to(pool)
        tab.run.timeout_s = offer.timeout_s or self._runs.workbench.settings.query_timeout_s
        tab.page.connection = offer.key
        tab.page.colour = offer.colour
        self._note_unused(before)

    def use_in_front(self, offer: Offer, pool: SessionPool) -> None:
        """Run the statements of the tab in front on a connection from now on.

        A tab whose query or open transaction would end with its session is left alone, and
        another one opened.
        """
        tab = self.current()
        at_stake = tab is not None and tab.run.pool is not pool and tab.run.at_stake
        if tab is None or at_stake:
            before = tab
            tab = self.open_text("")
            if before is not None:
                self._parts.tell(
                    f"{offer.title} opened in a new tab: {before.page.title} {at_stake}."
                )
        self.use(tab, offer, pool)
        self.current_changed.emit(tab)

    def open_text(self, text: str, title: str = "") -> Tab:
        """A new tab with `text`, on the connection of the tab in front."""
        return self._tabs[self.tabs.new_tab(text, title)]

    def _on_page_added(self, page: EditorPage) -> None:
        before = self.current()  # the new page is not in front yet, unless it is the first
        run = TabRun(self._runs, page.tab_id, page)
        if before is not None and before.run.pool is not None:
            run.connect_to(before.run.pool)
            run.autocommit, run.timeout_s = before.run.autocommit, before.run.timeout_s
            page.connection, page.colour = before.page.connection, before.page.colour
        running = EditorRunning(page.editor, run, self._runs, self._hot_exit.before_run)
        running.refused.connect(self._parts.tell)
        Completing(page.editor, run, self._catalogs)
        self._parts.bind(run, page.lower_widget)
        self._tabs[page] = Tab(page, run, running, self._parts.make_stop(run))
        run.state_changed.connect(lambda state: self._mark(page, state))
        run.event_arrived.connect(lambda event: self._on_event(run, event))
        if self.tabs.current_page() is page:
            # The first tab is in front before it is known here: nobody was told of it yet.
            self.current_changed.emit(self._tabs[page])

    def _on_page_removed(self, page: EditorPage) -> None:
        tab = self._tabs.pop(page, None)
        if tab is not None:
            tab.run.close()
            self._note_unused(tab.run.pool)

    def _note_unused(self, pool: SessionPool | None) -> None:
        if pool is not None and all(tab.run.pool is not pool for tab in self._tabs.values()):
            self.unused.emit(pool)

    def _on_current_page_changed(self, page: EditorPage | None) -> None:
        self.current_changed.emit(self._tabs.get(page) if page is not None else None)

    def _mark(self, page: EditorPage, state: State) -> None:
        page.state = _TAB_STATES[state]

    def _on_event(self, run: TabRun, event: object) -> None:
        command = getattr(event, "command", "")
        if command and command.split()[0].upper() in _SCHEMA_COMMANDS and run.pool is not None:
            self.schema_changed.emit(run.pool)
