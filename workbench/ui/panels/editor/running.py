"""Joins an editor with its tab's run: what is run, where errors are marked.

GUI thread only. Decides which text a Run means (selection, statement under the caret,
whole script) and where in the script it stands; runs nothing itself.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.core.query.events import RunEnded, StatementStarted
from workbench.core.query.state import State
from workbench.core.sql.format import format_script
from workbench.core.sql.split import piece_at
from workbench.ui.panels.editor.sql_editor import SqlEditor
from workbench.ui.runtime.runs import Runs
from workbench.ui.runtime.tabrun import TabRun

# The bar beside the statement that would run follows the caret only in scripts of this
# size: finding it reads the script from its beginning (5 MB: 0.4 s).
BAR_LIMIT = 200_000


class EditorRunning(QObject):
    """One tab's editor and its `TabRun`.

    Signals: `refused(str)`, why a Run did nothing.
    """

    refused = Signal(str)

    def __init__(
        self,
        editor: SqlEditor,
        run: TabRun,
        runs: Runs,
        before_run: Callable[[], Callable[[], None]],
    ) -> None:
        super().__init__(editor)
        self._runs = runs
        self._formatting = False
        self._stop_formatting = False
        self._editor = editor
        self._run = run
        self._before_run = before_run
        self._bar = QTimer(self, singleShot=True, interval=60)
        self._bar.timeout.connect(self._show_statement)
        editor.cursorPositionChanged.connect(self._bar.start)
        run.event_arrived.connect(self._on_event)

    def run_statement(self) -> bool:
        """Run the selection, or without one the statement under the caret."""
        editor = self._editor
        start, end = editor.selection()
        if start != end:
            return self.run_selection()
        text, caret = editor.text(), editor.caret()
        if len(text) > BAR_LIMIT:
            # Reading a large script takes longer than a click may: the worker finds it.
            return self._start(text, 0, caret)
        piece = piece_at(text, caret, self._dialect())
        if piece is None:
            return self._refuse("Nothing to run: write a statement first.")
        return self._start(piece.text, piece.start)

    def run_selection(self) -> bool:
        """Run just what is selected."""
        editor = self._editor
        start, end = editor.selection()
        if start == end:
            return self._refuse("Nothing is selected.")
        return self._start(editor.text()[start:end], start)

    def run_all(self) -> bool:
        """Run the whole script."""
        text = self._editor.text()
        if not text.strip():
            return self._refuse("Nothing to run: write a statement first.")
        return self._start(text, 0)

    def explain(self) -> bool:
        """Run the engine's EXPLAIN of the statement under the caret."""
        pool = self._run.pool
        prefix = pool.spec.capabilities.explain if pool is not None else ""
        if not prefix:
            return self._refuse("This engine shows no plan.")
        text = self._editor.text()
        piece = piece_at(text, self._editor.caret(), self._dialect())
        if piece is None:
            return self._refuse("Nothing to explain: write a statement first.")
        # The prefix shifts positions; the statement's start minus it puts them right again.
        return self._start(f"{prefix} {piece.text}", piece.start - len(prefix) - 1)

    def format(self) -> None:
        """Format the selection or the whole script on a worker, as one step of undo.

        Asked again while it works, it stops instead. An edit made meanwhile wins.
        """
        if self._formatting:
            self._stop_formatting = True
            return
        self._formatting, self._stop_formatting = True, False
        # Read now: the tab may be closed before the coroutine takes its first step.
        text = self._editor.text()
        start, end = self._editor.selection()
        if start == end:
            start, end = 0, len(text)
        self._runs.spawn(self._format(text, start, end))

    async def _format(self, before: str, start: int, end: int) -> None:
        editor, dialect = self._editor, self._dialect()
        part = before[start:end]
        try:
            done = await self._runs.workers.file_work(
                lambda: format_script(part, dialect, lambda: self._stop_formatting)
            )
        finally:
            self._formatting = False
        if self._run.closed:
            return  # with its tab went the editor
        if editor.text() != before:
            self.refused.emit("The text was edited meanwhile; it was not formatted.")
            return
        if done.text != part:
            editor.replace_range(start, len(part), done.text)
        if done.untouched:
            count = len(done.untouched)
            what = "1 statement was" if count == 1 else f"{count} statements were"
            self.refused.emit(f"{what} not understood and left as written.")

    def _start(self, text: str, offset: int, caret: int | None = None) -> bool:
        if self._run.running:
            return False
        if self._run.pool is None:
            return self._refuse("Choose a connection first.")
        self._editor.clear_error()
        run = self._run.run(text, offset=offset, caret=caret, before=self._before_run())
        return run is not None

    def _refuse(self, why: str) -> bool:
        self.refused.emit(why)
        return False

    def _dialect(self) -> str:
        pool = self._run.pool
        return pool.spec.dialect if pool is not None else ""

    def _on_event(self, event: object) -> None:
        match event:
            case StatementStarted(offset=offset, length=length):
                self._editor.show_statement(max(offset, 0), length)
            case RunEnded(state=State.FAILED, error_offset=int(offset)):
                self._editor.mark_error(max(offset, 0))

    def _show_statement(self) -> None:
        editor = self._editor
        if self._run.running or editor.document().characterCount() > BAR_LIMIT:
            return
        piece = piece_at(editor.text(), editor.caret(), self._dialect())
        if piece is None:
            editor.show_statement(0, 0)
        else:
            editor.show_statement(piece.start, len(piece.text))
