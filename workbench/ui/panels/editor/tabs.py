"""The editor's tabs: opening, switching, naming, marking; never closing by themselves.

GUI thread. Whether a tab may close (a query runs, text is unsaved) is asked elsewhere:
`close_requested` is emitted, and whoever decides calls `remove_page`. Files are opened and
saved elsewhere too, on a worker. Its keys are handled as the focus's own, before the
window's shortcuts: both may be bound to the same action without being ambiguous.
"""

import uuid
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QTabWidget, QToolButton, QWidget

from workbench.ui.panels.editor.page import EditorPage, TabState
from workbench.ui.panels.editor.tab_bar import EditorTabBar, dot
from workbench.ui.theme import fonts, icons, theme
from workbench.ui.widgets.empty_state import EmptyState
from workbench.ui.widgets.tips import plain_tip

_TOKEN_OF_STATE = {
    TabState.IDLE: "",
    TabState.RUNNING: "accent",
    TabState.FAILED: "danger",
    TabState.CANCELLED: "warning",
}
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NONE, _KEYPAD = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
_BAR_HEIGHT, _PLUS_ROOM = 34, 46


class EditorTabs(QTabWidget):
    """All open tabs.

    Attributes: `open_new`, what Ctrl+T, the plus and a double click beside the tabs do; the
    window may put in what also gives the new tab a connection.
    Signals: `page_added(page)`, `page_removed(page)` (just before it is deleted),
    `current_page_changed(page | None)`, `close_requested(page)`, `save_requested(page)`,
    `save_as_requested(page)`, `open_file_requested()`, `files_dropped(list[str])`,
    `code_pixels_changed(int)`: the user zoomed; `changed()`: anything the journal keeps.
    """

    page_added = Signal(object)
    page_removed = Signal(object)
    current_page_changed = Signal(object)
    close_requested = Signal(object)
    save_requested = Signal(object)
    save_as_requested = Signal(object)
    open_file_requested = Signal()
    files_dropped = Signal(object)
    code_pixels_changed = Signal(int)
    changed = Signal()

    def __init__(self, make_lower: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        """`make_lower` makes what stands below the editor of a new tab."""
        super().__init__(parent)
        self.setObjectName("editorTabs")
        self.setAccessibleName("Editor")
        self._make_lower = make_lower
        self._code_pixels = fonts.CODE_PIXELS
        self.open_new: Callable[[], object] = self.new_tab
        self._bar = EditorTabBar(self)
        self.setTabBar(self._bar)
        self.setDocumentMode(True)
        self._plus = _plus_button(self)
        self._plus.clicked.connect(self._on_new_wanted)
        self._empty = EmptyState(
            "No tab open. Ctrl+T opens one",
            "SQL you type in it is kept, even over a crash.",
            "New tab",
            self,
        )
        if self._empty.action is not None:
            self._empty.action.clicked.connect(self._on_new_wanted)
        self._bar.close_wanted.connect(self._on_close_wanted)
        self._bar.rename_wanted.connect(self._on_rename_wanted)
        self._bar.rename_ended.connect(self.focus_editor)
        self._bar.tabMoved.connect(self.changed)
        self._bar.tabBarDoubleClicked.connect(self._on_double_clicked)
        self.currentChanged.connect(self._on_current_changed)
        theme.changes.theme_changed.connect(self._mark_all)
        self._keys = self._key_table()
        self._arrange()

    def new_tab(
        self, text: str = "", title: str = "", tab_id: str = "", *, activate: bool = True
    ) -> EditorPage:
        """Open a tab with `text`; without a title it becomes "query N"."""
        page = EditorPage(
            self._make_lower(), tab_id or uuid.uuid4().hex, title or self._free_title(), self
        )
        if text:
            page.editor.set_text(text)
        page.editor.set_code_pixels(self._code_pixels)
        page.editor.code_pixels_changed.connect(self.set_code_pixels)
        page.title_changed.connect(self._mark_all)
        page.changed.connect(self.changed)
        page.editor.files_dropped.connect(self.files_dropped)
        index = self.addTab(page, "")
        self._bar.add_close_button(index)
        self._mark_all()
        self.page_added.emit(page)
        if activate:
            self.setCurrentIndex(index)
            page.editor.setFocus()
        self.changed.emit()
        return page

    def pages(self) -> list[EditorPage]:
        """The tabs, from left to right."""
        found = [self.widget(index) for index in range(self.count())]
        return [page for page in found if isinstance(page, EditorPage)]

    def current_page(self) -> EditorPage | None:
        """The tab in front; None if none is open."""
        page = self.currentWidget()
        return page if isinstance(page, EditorPage) else None

    def page_by_id(self, tab_id: str) -> EditorPage | None:
        """The tab with that id; None if it was closed."""
        return next((page for page in self.pages() if page.tab_id == tab_id), None)

    def remove_page(self, page: EditorPage) -> None:
        """Close a tab for good. A page that is gone already is left alone."""
        index = self.indexOf(page)
        if index < 0:
            return
        self.removeTab(index)
        self.page_removed.emit(page)
        page.deleteLater()
        self._arrange()
        self.focus_editor()
        self.changed.emit()

    def set_code_pixels(self, pixels: int) -> None:
        """Zoom every tab's editor, and those to come, to a font of `pixels`."""
        if pixels != self._code_pixels:
            self._code_pixels = pixels
            for page in self.pages():
                page.editor.set_code_pixels(pixels)
            self.code_pixels_changed.emit(pixels)

    def rename_current(self) -> None:
        """Let the user type another name for the tab in front."""
        page = self.current_page()
        if page is not None:
            self._bar.start_rename(self.currentIndex(), page.title)

    def switch(self, step: int) -> None:
        """Go to a neighbouring tab, round the ends."""
        if self.count():
            self.setCurrentIndex((self.currentIndex() + step) % self.count())
            self.focus_editor()

    def move_current(self, step: int) -> None:
        """Move the tab in front by one place."""
        target = self.currentIndex() + step
        if 0 <= target < self.count():
            self._bar.moveTab(self.currentIndex(), target)

    def event(self, event: QEvent) -> bool:
        """Claim the tabs' keys before a shortcut of the window takes them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._command(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tabs' commands."""
        command = self._command(event)
        if command is None:
            event.ignore()
            return
        command()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the plus and the empty state in place."""
        # A corner widget would do this, were it not for the style sheet's own idea of it.
        self._bar.setMaximumWidth(max(self.width() - _PLUS_ROOM, 100))
        super().resizeEvent(event)
        self._arrange()

    def _key_table(self) -> dict[tuple[Qt.KeyboardModifier, int], Callable[[], object]]:
        key = Qt.Key
        return {
            (_CTRL, key.Key_T): self._on_new_wanted,
            (_CTRL, key.Key_W): lambda: self._on_close_wanted(self.currentIndex()),
            (_NONE, key.Key_F2): self.rename_current,
            (_CTRL, key.Key_Tab): lambda: self.switch(1),
            (_CTRL | _SHIFT, key.Key_Backtab): lambda: self.switch(-1),
            (_CTRL | _SHIFT, key.Key_Tab): lambda: self.switch(-1),
            (_CTRL, key.Key_PageDown): lambda: self.switch(1),
            (_CTRL, key.Key_PageUp): lambda: self.switch(-1),
            (_CTRL | _SHIFT, key.Key_PageDown): lambda: self.move_current(1),
            (_CTRL | _SHIFT, key.Key_PageUp): lambda: self.move_current(-1),
            (_CTRL, key.Key_O): self.open_file_requested.emit,
            (_CTRL, key.Key_S): lambda: self._emit_current(self.save_requested),
            (_CTRL | _SHIFT, key.Key_S): lambda: self._emit_current(self.save_as_requested),
        }

    def _command(self, event: QKeyEvent) -> Callable[[], object] | None:
        return self._keys.get((event.modifiers() & ~_KEYPAD, event.key()))

    def _emit_current(self, signal: SignalInstance) -> None:
        page = self.current_page()
        if page is not None:
            signal.emit(page)

    def _arrange(self) -> None:
        """The plus goes after the last tab, or stays at the right end when they overflow."""
        self._empty.setVisible(self.count() == 0)
        self._empty.setGeometry(0, _BAR_HEIGHT, self.width(), self.height() - _BAR_HEIGHT)
        self._empty.raise_()
        end = self._bar.tabRect(self.count() - 1).right() + 1 if self.count() else 0
        size = self._plus.sizeHint()
        left = min(self._bar.x() + end + 4, self.width() - size.width() - 4)
        self._plus.move(max(left, 0), max((_BAR_HEIGHT - size.height()) // 2, 0))
        self._plus.raise_()

    def _free_title(self) -> str:
        taken = {page.title for page in self.pages()}
        return next(f"query {n}" for n in range(1, len(taken) + 2) if f"query {n}" not in taken)

    def _mark_all(self) -> None:
        """Write names, dots and colours anew; the mark of unsaved text is part of the name."""
        for index, page in enumerate(self.pages()):
            title = page.title.replace("&", "&&")  # else Qt takes it for a shortcut
            self.setTabText(index, f"{title} *" if page.dirty else title)
            self.setTabIcon(index, dot(_TOKEN_OF_STATE[page.state]))
            self.setTabToolTip(index, plain_tip(page.description()))
            self._bar.setAccessibleTabName(index, page.description())
            self._bar.set_colour(index, page.colour)
        self._arrange()

    def _on_close_wanted(self, index: int) -> None:
        page = self.widget(index)
        if isinstance(page, EditorPage):
            self.close_requested.emit(page)

    def _on_new_wanted(self) -> None:
        self.open_new()

    def focus_editor(self) -> None:
        """Put the focus where one types."""
        page = self.current_page()
        if page is not None:
            page.editor.setFocus()

    def _on_rename_wanted(self, index: int, title: str) -> None:
        page = self.widget(index)
        if isinstance(page, EditorPage):
            page.title = title

    def _on_double_clicked(self, index: int) -> None:
        if index < 0:
            self._on_new_wanted()
        else:
            self.rename_current()

    def _on_current_changed(self, _index: int) -> None:
        self.current_page_changed.emit(self.current_page())
        self.changed.emit()


def _plus_button(tabs: QWidget) -> QToolButton:
    button = QToolButton(tabs)
    button.setObjectName("newTabButton")
    button.setIcon(icons.icon("plus", "muted"))
    button.setToolTip("New tab (Ctrl+T)")
    button.setAccessibleName("New tab")
    button.setAutoRaise(True)
    return button
