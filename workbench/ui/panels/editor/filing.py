"""Scripts in tabs and in files: open one, save one. GUI thread only.

The files are touched on the file pool; which file is asked by what is handed in.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.core.adapter import discovery
from workbench.core.errors import UserError
from workbench.ui.panels.editor.page import EditorPage
from workbench.ui.panels.editor.tabs import EditorTabs
from workbench.ui.runtime.connections import file_url
from workbench.ui.runtime.files import Script, read_script, write_script
from workbench.ui.runtime.runs import Runs

AskOpen = Callable[[], Awaitable[Path | None]]
AskSave = Callable[[str], Awaitable[Path | None]]


class Filing(QObject):
    """Opens scripts into tabs and saves tabs to files.

    Signals: `failed(UserError)`; `database_found(str)`, the file to open is the database of
    this URL.
    """

    failed = Signal(object)
    database_found = Signal(str)

    def __init__(self, tabs: EditorTabs, runs: Runs, ask_open: AskOpen, ask_save: AskSave) -> None:
        super().__init__(tabs)
        self._tabs = tabs
        self._runs = runs
        self._ask_open = ask_open
        self._ask_save = ask_save
        tabs.open_file_requested.connect(self.ask_and_open)
        tabs.save_requested.connect(self.save)
        tabs.save_as_requested.connect(self.save_as)
        tabs.files_dropped.connect(self.open_files)

    def ask_and_open(self) -> None:
        """Ask for a script or a database, and open it."""
        self._runs.spawn(self._asked())

    def save(self, page: EditorPage | None) -> None:
        """Save the tab to its file; asks for one where it has none."""
        if page is not None:
            self._runs.spawn(self.saved(page))

    def save_as(self, page: EditorPage | None) -> None:
        """Save the tab to another file."""
        if page is not None:
            self._runs.spawn(self.saved(page, ask=True))

    async def opened(self, path: Path, *, apart: bool = False) -> EditorPage | None:
        """Show the script `path` in a tab: the one that has it already, or a new one.

        A database is told by `database_found`, `apart` after an empty tab was opened for it.
        None for a database, and where `failed` tells why.
        """
        absolute = str(path.absolute())  # noqa: ASYNC240 - looks at no file
        for page in self._tabs.pages():
            if page.file_path == absolute:
                self._tabs.setCurrentWidget(page)
                return page
        try:
            spec = await self._runs.workers.file_work(lambda: discovery.for_file(path))
            if spec is not None:
                if apart:
                    self._tabs.open_new()
                self.database_found.emit(file_url(spec.schemes[0], path))
                return None
            script = await self._runs.workers.file_work(lambda: read_script(path))
        except UserError as error:
            self.failed.emit(error)
            return None
        page = self._tabs.new_tab(script.text, path.name)
        page.file_path = absolute
        page.dirty = False
        return page

    async def saved(self, page: EditorPage, *, ask: bool = False) -> bool:
        """Write the tab's text; False when it failed (`failed` tells why) or nobody chose."""
        path = Path(page.file_path) if page.file_path is not None and not ask else None
        if path is None:
            name = page.title if page.title.endswith(".sql") else f"{page.title}.sql"
            path = await self._ask_save(name)
        if path is None:
            return False
        target, editor = path, page.editor
        text = editor.text()
        ended = text if editor.line_ending == "\n" else text.replace("\n", editor.line_ending)
        try:
            await self._runs.workers.file_work(lambda: write_script(Script(target, ended)))
        except UserError as error:
            self.failed.emit(error)
            return False
        if page not in self._tabs.pages():
            return True  # closed meanwhile; the file is written
        page.file_path = str(path.absolute())
        page.title = path.name
        page.dirty = editor.text() != text
        return True

    async def all_opened(self, paths: Sequence[Path]) -> None:
        """Open each, one after the other, databases in tabs of their own."""
        for path in paths:
            await self.opened(path, apart=True)

    async def _asked(self) -> None:
        path = await self._ask_open()
        if path is not None:
            await self.opened(path)

    def open_files(self, files: Sequence[str]) -> None:
        """Open what was dropped on the window, databases in tabs of their own."""
        self._runs.spawn(self.all_opened([Path(file) for file in files]))
