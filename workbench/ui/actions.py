# ruff: noqa: E501 - one line an action reads as the table it is
"""Every action of the window: one table of id, text, shortcut, icon and meaning.

`Actions` makes a QAction of each; who does what is joined in mainwindow.py. GUI thread
only. docs/using.md documents each action (a test compares).
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from workbench.ui.theme.icons import icon


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: `id` becomes its objectName, `keys` its shortcuts."""

    id: str
    text: str
    meaning: str
    keys: tuple[str, ...] = ()
    glyph: str = ""
    menu: str = "File"
    checkable: bool = False


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("newTabAction", "New tab", "Open an empty tab", ("Ctrl+T",), "tab-plus"),
    ActionSpec("openFileAction", "Open…", "Open a script or a database file", ("Ctrl+O",), "folder-open-outline"),
    ActionSpec("saveAction", "Save script", "Save the tab's script to its file", ("Ctrl+S",), "content-save-outline"),
    ActionSpec("saveAsAction", "Save script as…", "Save the tab's script to another file", ("Ctrl+Shift+S",)),
    ActionSpec("newDatabaseAction", "New database…", "Make an empty database file and open it", (), "database-plus-outline"),
    ActionSpec("connectAction", "Connect…", "Connect to a database", ("Ctrl+Shift+N",), "connection"),
    ActionSpec("closeTabAction", "Close tab", "Close the tab; asks when something runs in it", ("Ctrl+W",)),
    ActionSpec("quitAction", "Quit", "Close the window; every tab comes back next time", ("Ctrl+Q",)),
    ActionSpec("runAction", "Run", "Run the statement under the caret, or the selection", ("Ctrl+Return", "Ctrl+Enter"), "play", "Query"),
    ActionSpec("runAllAction", "Run all", "Run the whole script", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "play-outline", "Query"),
    ActionSpec("runSelectionAction", "Run selection", "Run the selected text only", ("Ctrl+Alt+Return",), "", "Query"),
    ActionSpec("cancelAction", "Cancel", "Stop the tab's query at the database", ("Ctrl+.",), "close", "Query"),
    ActionSpec("cancelAllAction", "Cancel all", "Stop every live query of the app", ("Ctrl+Shift+.",), "close-circle-outline", "Query"),
    ActionSpec("explainAction", "Explain", "Show the plan of the statement under the caret", ("Ctrl+E",), "sitemap-outline", "Query"),
    ActionSpec("commitAction", "Commit", "Commit the tab's transaction", ("Ctrl+Alt+C",), "check", "Query"),
    ActionSpec("rollbackAction", "Rollback", "Roll the tab's transaction back", ("Ctrl+Alt+R",), "undo-variant", "Query"),
    ActionSpec("timeoutAction", "Timeout…", "Set the tab's timeout", (), "timer-outline", "Query"),
    ActionSpec("formatAction", "Format SQL", "Format the selection or the script", ("Ctrl+Shift+F",), "format-align-left", "Edit"),
    ActionSpec("findAction", "Find…", "Find in the script", ("Ctrl+F",), "magnify", "Edit"),
    ActionSpec("replaceAction", "Replace…", "Find and replace in the script", ("Ctrl+H",), "", "Edit"),
    ActionSpec("commentAction", "Toggle comment", "Comment the lines out, or in", ("Ctrl+/",), "", "Edit"),
    ActionSpec("completeAction", "Complete", "Offer keywords, tables and columns", ("Ctrl+Space",), "", "Edit"),
    ActionSpec("paletteAction", "Command palette…", "Find an action, a tab or a table", ("Ctrl+Shift+P",), "magnify", "View"),
    ActionSpec("schemaAction", "Schema explorer", "Show or hide the schema explorer", ("Ctrl+B",), "file-tree-outline", "View", True),
    ActionSpec("activityAction", "Activity", "Show or hide activity and history", ("Ctrl+J",), "pulse", "View", True),
    ActionSpec("nextTabAction", "Next tab", "Go to the next tab", ("Ctrl+PgDown",), "", "View"),
    ActionSpec("previousTabAction", "Previous tab", "Go to the previous tab", ("Ctrl+PgUp",), "", "View"),
    ActionSpec("focusEditorAction", "Go to the editor", "Put the caret in the editor", ("F6",), "", "View"),
    ActionSpec("focusResultAction", "Go to the result", "Put the focus in the result", ("Shift+F6",), "", "View"),
    ActionSpec("themeAction", "Light / dark", "Switch between light and dark", ("Ctrl+Alt+L",), "brightness-6", "View"),
    ActionSpec("shortcutsAction", "Keyboard shortcuts", "List every action and its keys", ("F1",), "keyboard-outline", "Help"),
)  # fmt: skip

MENUS = ("File", "Edit", "Query", "View", "Help")


class Actions:
    """The QActions, by id: `actions["runAllAction"]`."""

    def __init__(self, parent: QObject) -> None:
        self._made = {spec.id: self._make(spec, parent) for spec in ACTIONS}

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def of_menu(self, menu: str) -> list[QAction]:
        """The actions of one menu, in the table's order."""
        return [self._made[spec.id] for spec in ACTIONS if spec.menu == menu]

    def all(self) -> list[QAction]:
        """All actions, in the table's order."""
        return list(self._made.values())

    @staticmethod
    def _make(spec: ActionSpec, parent: QObject) -> QAction:
        action = QAction(spec.text, parent)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        keys = f" ({QKeySequence(spec.keys[0]).toString()})" if spec.keys else ""
        action.setToolTip(f"{spec.meaning}{keys}")
        action.setStatusTip(spec.meaning)
        action.setCheckable(spec.checkable)
        if spec.glyph:
            action.setIcon(icon(spec.glyph))
        return action
