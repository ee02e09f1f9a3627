"""Describing a connection: the dialog, its test, and saving. GUI thread only.

A test is a registered query like any other: it shows in the activity panel and stops.
"""

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QWidget

from workbench.core.adapter.contract import Connection
from workbench.core.errors import UserError
from workbench.core.profiles.model import Profile
from workbench.core.query.events import RunEnded
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import StopReason
from workbench.core.query.registry import Kind
from workbench.core.query.state import State
from workbench.ui.dialogs.asking import ask
from workbench.ui.dialogs.connection import ConnectionDialog, Mode
from workbench.ui.dialogs.connection_draft import ConnectionDraft
from workbench.ui.runtime.connections import Connections, Origin, without_create
from workbench.ui.runtime.runs import Runs


class ConnectFlow:
    """Asks for a connection; `opened(key)` is called with what to open."""

    def __init__(
        self,
        runs: Runs,
        connections: Connections,
        parent: QWidget,
        opened: Callable[[str], object],
        failed: Callable[[UserError], object],
    ) -> None:
        self._runs = runs
        self._connections = connections
        self._parent = parent
        self._opened = opened
        self._failed = failed
        self._test: tuple[int, QueryHandle] | None = None

    def start(self, mode: Mode) -> Awaitable[object]:
        """Ask for a connection, or for a new database."""
        return self._runs.spawn(self._ask(mode))

    async def _ask(self, mode: Mode) -> None:
        saved = [o.title for o in self._connections.offers() if o.origin is Origin.SAVED]
        dialog = ConnectionDialog(
            self._runs.workbench.engines(), mode=mode, taken=saved, parent=self._parent
        )
        dialog.test_wanted.connect(lambda draft, number: self._try(dialog, draft, number))
        dialog.test_stop_wanted.connect(self._on_stop_wanted)
        draft = await ask(dialog)
        self._on_stop_wanted(-1)
        if not isinstance(draft, ConnectionDraft):
            return
        try:
            name = await self._save(draft) if draft.save else draft.url
        except UserError as error:
            self._failed(error)
            return
        # What is saved must exist whenever it is opened; the first time it is made.
        self._opened(draft.url if mode is Mode.NEW_DATABASE else name)

    async def _save(self, draft: ConnectionDraft) -> str:
        """Keep it as a saved connection; its name is the key."""
        url = without_create(draft.url)
        await self._connections.save(Profile(draft.name, url, production=draft.production))
        return draft.name

    def _try(self, dialog: ConnectionDialog, draft: ConnectionDraft, number: int) -> None:
        try:
            pool = self._runs.workbench.open(
                draft.url,
                name=f"test of {draft.name or draft.url}",
                password=draft.password.reveal() if draft.password else None,
            )
        except UserError as error:
            dialog.test_failed(number, str(error))
            return
        handle = self._runs.workbench.queries.work(
            pool, "Test the connection", _server, tab="test", kind=Kind.CONNECT
        )
        self._test = (number, handle)

        def on_event(event: object) -> None:
            if not isinstance(event, RunEnded):
                return
            self._test = None
            self._runs.workers.file_work(lambda: pool.release("test"))
            if dialog.closed:
                return
            if event.state is State.SUCCESS:
                stop = pool.spec.capabilities.stop_mechanism
                dialog.test_passed(number, f"{handle.outcome}. Stops by {stop}.")
            elif event.state is State.CANCELLED:
                dialog.test_stopped(number)
            else:
                dialog.test_failed(number, event.error.message if event.error else "It failed.")

        self._runs.start(handle, on_event)

    def _on_stop_wanted(self, _number: int) -> None:
        if self._test is not None:
            self._runs.stop(self._test[1], StopReason.USER)


def _server(connection: Connection) -> str:
    return connection.server
