"""The command palette, the list of shortcuts, the tab's timeout. GUI thread only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.ui.actions import ACTIONS, Actions
from workbench.ui.dialogs.palette import CommandPalette, EntryKind, PaletteEntry
from workbench.ui.dialogs.shortcuts import Shortcut, ShortcutsDialog
from workbench.ui.dialogs.timeout import TimeoutDialog
from workbench.ui.runtime.tabrun import TabRun

MOST_TABLES = 5_000


@dataclass(frozen=True, slots=True)
class Found:
    """What the palette offers besides actions, and what choosing it does.

    A tab is its id and title; a table the name to insert and where it stands. `keys` are
    those that no action has: what they do, and the keys.
    """

    tabs: Callable[[], Iterable[tuple[str, str]]]
    tables: Callable[[], Iterable[tuple[str, str]]]
    show_tab: Callable[[str], object]
    insert: Callable[[str], object]
    keys: tuple[tuple[str, str], ...] = ()


class FindFlow:
    """Opens the palette and the list of shortcuts over `window`."""

    def __init__(self, window: QWidget, actions: Actions, found: Found) -> None:
        self._window = window
        self._actions = actions
        self._found = found

    def palette(self) -> None:
        """Open the palette; what is chosen is done at once."""
        todo: dict[str, Callable[[], object]] = {}
        entries: list[PaletteEntry] = []
        for spec in ACTIONS:
            action = self._actions[spec.id]
            todo[spec.id] = action.trigger
            entries.append(
                PaletteEntry(
                    spec.id, spec.text, EntryKind.ACTION, _keys(action), spec.glyph,
                    action.isEnabled(),
                )
            )  # fmt: skip
        for number, (tab, title) in enumerate(self._found.tabs()):
            todo[f"tab{number}"] = lambda tab=tab: self._found.show_tab(tab)  # type: ignore[misc]
            entries.append(PaletteEntry(f"tab{number}", title, EntryKind.TAB, "tab"))
        for number, (name, where) in enumerate(self._found.tables()):
            if number >= MOST_TABLES:
                break
            todo[f"table{number}"] = lambda name=name: self._found.insert(name)  # type: ignore[misc]
            entries.append(PaletteEntry(f"table{number}", name, EntryKind.TABLE, where))
        palette = CommandPalette(tuple(entries), self._window)
        palette.chosen.connect(lambda chosen: todo[chosen]())
        palette.open_over(self._window)

    def shortcuts(self) -> None:
        """Show all actions with their keys, and the keys that no action has."""
        actions = [(spec.menu, spec.text, spec.keys) for spec in ACTIONS]
        others = [("Editor and tabs", what, (keys,)) for what, keys in self._found.keys]
        lines = tuple(
            Shortcut(group, text, tuple(QKeySequence(key).toString() for key in keys))
            for group, text, keys in (*actions, *others)
        )
        ShortcutsDialog(lines, self._window).show()


def ask_timeout(run: TabRun, parent: QWidget) -> None:
    """Ask for the tab's timeout in seconds; 0 means never."""
    dialog = TimeoutDialog(run.timeout_s, parent)

    def chosen(seconds: object) -> None:
        if isinstance(seconds, float):
            run.timeout_s = seconds

    dialog.answered.connect(chosen)
    dialog.open()


def _keys(action: QAction) -> str:
    shortcut = action.shortcut()
    return shortcut.toString() if not shortcut.isEmpty() else ""
