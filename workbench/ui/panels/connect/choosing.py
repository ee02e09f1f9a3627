"""Joins the connection picker with the connections on offer. GUI thread only.

Touches no file and no database.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from workbench.core.errors import UserError
from workbench.core.query.pool import SessionPool
from workbench.ui.panels.connect.items import ConnectionItem, ItemKind
from workbench.ui.panels.connect.picker import ConnectionPicker
from workbench.ui.runtime.connections import Connections, Offer, Origin, without_create
from workbench.ui.runtime.runs import Runs

log = logging.getLogger(__name__)

_KINDS = {
    Origin.OPEN: ItemKind.OPEN,
    Origin.SAVED: ItemKind.SAVED,
    Origin.SAMPLE: ItemKind.SAMPLE,
}


class Choosing(QObject):
    """Opens what is chosen.

    Signals: `opened(Offer, SessionPool)`; `failed(UserError)`.
    """

    opened = Signal(object, object)
    failed = Signal(object)

    def __init__(self, picker: ConnectionPicker, connections: Connections, runs: Runs) -> None:
        super().__init__(picker)
        self._picker = picker
        self._connections = connections
        self._runs = runs
        picker.connection_chosen.connect(self.open)
        connections.changed.connect(self._on_changed)
        self._on_changed()

    def open(self, key: str) -> bool:
        """Open the offer or URL `key`; False when it cannot be (then `failed` tells why)."""
        try:
            offer, pool = self._connections.open(key)
        except UserError as error:
            self.failed.emit(error)
            return False
        self.opened.emit(offer, pool)
        return True

    def reopen(self, key: str, use: Callable[[Offer, SessionPool], None]) -> None:
        """Open `key` for a restored tab, quietly: what is gone since is simply not chosen."""
        try:
            # A file deleted since must not come back empty and look like lost data.
            offer, pool = self._connections.open(without_create(key))
        except UserError as error:
            log.warning("connection of a restored tab: %s", error)
            return
        use(offer, pool)

    def _on_changed(self) -> None:
        self._picker.set_items(tuple(_item(offer) for offer in self._connections.offers()))


def _item(offer: Offer) -> ConnectionItem:
    return ConnectionItem(
        offer.key,
        offer.title,
        offer.engine,
        _KINDS[offer.origin],
        offer.production,
        offer.read_only,
    )
