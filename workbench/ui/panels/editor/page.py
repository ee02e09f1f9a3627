"""One tab: the editor with its find bar above, whatever the window puts below.

GUI thread. The lower widget (results) is made by a factory that the window hands to the
tabs, since panels do not know each other. A page holds the tab's identity (id, title,
file, connection) for the journal; it never reads or writes a file.
"""

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.ui.panels.editor.find_bar import FindBar
from workbench.ui.panels.editor.sql_editor import SqlEditor


class TabState(Enum):
    """What the dot in front of a tab's title says."""

    IDLE = ""
    RUNNING = "running"
    FAILED = "failed"
    CANCELLED = "cancelled"


class EditorPage(QWidget):
    """A tab's content.

    Attributes: `tab_id` (lasts over restarts), `editor`, `find_bar`, `lower_widget`, `splitter`,
    `file_path` (None: never saved), `connection` (the name or URL shown in the picker, None
    without one).
    Signals: `title_changed()`, `changed()`: anything the journal keeps.
    """

    title_changed = Signal()
    changed = Signal()

    def __init__(
        self, lower: QWidget, tab_id: str, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tab_id = tab_id
        self.lower_widget = lower
        self._title = title
        self._state = TabState.IDLE
        self._colour = ""
        self._file_path: str | None = None
        self._connection: str | None = None
        self.editor = SqlEditor()
        self.find_bar = FindBar(self.editor)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.editor, 1)
        column.addWidget(self.find_bar)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("editorSplitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(lower)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([2000, 3000])  # shares: the result has the larger one
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 0)
        whole.addWidget(self.splitter)
        self.setFocusProxy(self.editor)
        document = self.editor.document()
        document.modificationChanged.connect(self.title_changed)
        self.editor.textChanged.connect(self.changed)
        self.editor.cursorPositionChanged.connect(self.changed)
        self.splitter.splitterMoved.connect(self.changed)

    @property
    def title(self) -> str:
        """The tab's name, without marks."""
        return self._title

    @title.setter
    def title(self, title: str) -> None:
        self._title = " ".join(title.split()) or self._title
        self._announce()

    @property
    def dirty(self) -> bool:
        """The text is in the journal only, or differs from its file."""
        return self.editor.document().isModified()

    @dirty.setter
    def dirty(self, dirty: bool) -> None:
        self.editor.document().setModified(dirty)
        self._announce()

    @property
    def state(self) -> TabState:
        """What the last run in this tab came to."""
        return self._state

    @state.setter
    def state(self, state: TabState) -> None:
        self._state = state
        self.title_changed.emit()

    @property
    def colour(self) -> str:
        """The connection's "#rrggbb", for a line on the tab; "" for none."""
        return self._colour

    @colour.setter
    def colour(self, colour: str) -> None:
        self._colour = colour
        self.title_changed.emit()

    @property
    def file_path(self) -> str | None:
        """The script's file."""
        return self._file_path

    @file_path.setter
    def file_path(self, path: str | None) -> None:
        self._file_path = path
        self._announce()

    @property
    def connection(self) -> str | None:
        """The connection that this tab runs on."""
        return self._connection

    @connection.setter
    def connection(self, connection: str | None) -> None:
        self._connection = connection
        self._announce()

    def description(self) -> str:
        """The tab in full, in words: for its tool tip and for screen readers."""
        parts = [self._file_path or self._title]
        if self._connection:
            parts.append(f"on {self._connection}")
        if self._state is not TabState.IDLE:
            parts.append(self._state.value)
        if self.dirty:
            parts.append("not saved to a file" if self._file_path is None else "changed")
        return ", ".join(parts)

    def _announce(self) -> None:
        self.title_changed.emit()
        self.changed.emit()
