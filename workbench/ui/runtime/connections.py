"""The connections that a window offers, and opening one. GUI thread only.

Opening touches no database: a pool's first session is opened by the worker that needs it.
The saved connections are read and written on the file pool.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QObject, Signal

from workbench.core.adapter import discovery
from workbench.core.errors import UserError
from workbench.core.profiles.model import Profile
from workbench.core.query.pool import SessionPool
from workbench.ui.runtime.runs import Runs


class Origin(StrEnum):
    """Where a connection on offer comes from."""

    OPEN = "open"
    SAVED = "saved"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Offer:
    """A connection on offer. `key` is its URL, or a saved connection's name."""

    key: str
    title: str
    engine: str
    origin: Origin
    url: str
    production: bool = False
    read_only: bool = False
    colour: str = ""
    timeout_s: float = 0.0


class Connections(QObject):
    """All connections on offer.

    Signals: `changed()`, the offers are others now.
    """

    changed = Signal()

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._samples = tuple(
            Offer(url, title, spec.title, Origin.SAMPLE, url)
            for url, title, spec in runs.workbench.samples()
        )
        self._saved: tuple[Offer, ...] = ()
        self._open: dict[str, Offer] = {}

    def offers(self) -> tuple[Offer, ...]:
        """What is open, then the saved ones, then the samples."""
        known = {offer.key for offer in (*self._saved, *self._samples)}
        opened = tuple(offer for key, offer in self._open.items() if key not in known)
        return (*opened, *self._saved, *self._samples)

    def offer_of(self, key: str) -> Offer | None:
        """The offer with that key."""
        return next((offer for offer in self.offers() if offer.key == key), None)

    async def load(self) -> None:
        """Read the saved connections. Raises UserError when the file is broken."""
        store = self._runs.workbench.profiles
        profiles = await self._runs.workers.file_work(store.list)
        self._saved = tuple(offer for p in profiles if (offer := _saved_offer(p)) is not None)
        self.changed.emit()

    async def save(self, profile: Profile) -> None:
        """Keep `profile`, and offer it. Raises UserError."""
        store = self._runs.workbench.profiles
        await self._runs.workers.file_work(lambda: store.add(profile))
        await self.load()

    def open(self, key: str) -> tuple[Offer, SessionPool]:
        """The offer `key`, or the URL or database file it is, and its sessions.

        Raises UserError naming what is wrong with it; touches no database.
        """
        offer = self.offer_of(key)
        if offer is None:
            offer = _url_offer(key)
        pool = self._runs.workbench.open(_url_of(offer), name=offer.title)
        if offer.origin is Origin.OPEN and offer.key not in self._open:
            self._open[offer.key] = offer
            self.changed.emit()
        return offer, pool


def file_url(scheme: str, path: Path) -> str:
    """The URL of a database file."""
    return f"{scheme}:///{quote(str(path.absolute()))}"


def without_create(url: str) -> str:
    """The URL of the same database, which must exist: for whatever is opened once more."""
    head, _mark, tail = url.partition("?")
    kept = [option for option in tail.split("&") if option and option != "create=1"]
    return f"{head}?{'&'.join(kept)}" if kept else head


def _url_of(offer: Offer) -> str:
    if not offer.read_only or "readonly=" in offer.url:
        return offer.url
    return f"{offer.url}{'&' if '?' in offer.url else '?'}readonly=1"


def _url_offer(url: str) -> Offer:
    spec = discovery.for_url(url)
    tail = url.split("?", 1)[0].rsplit("/", 1)[-1]
    return Offer(url, tail or spec.title, spec.title, Origin.OPEN, url)


def _saved_offer(profile: Profile) -> Offer | None:
    try:
        spec = discovery.for_url(profile.url)
    except UserError:
        return None  # saved by a Workbench that had another engine: kept, not offered
    return Offer(
        profile.name,
        profile.name,
        spec.title,
        Origin.SAVED,
        profile.url,
        profile.production,
        profile.read_only,
        profile.colour,
        profile.timeout_s,
    )
