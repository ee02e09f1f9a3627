"""The composition root: wires the parts of core for one front end. Holds no logic.

Made once by the window or by a command. `open` does no I/O: a session is opened by the
worker that first needs it. Any thread may call, except `close`, which blocks.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import EngineSpec
from workbench.core.adapter.target import Target, parse_target
from workbench.core.clock import Clock, SystemClock
from workbench.core.errors import UserError
from workbench.core.history.store import HistoryStore
from workbench.core.paths import Paths, user_paths
from workbench.core.profiles.sample_connect import sample_offers, with_sample
from workbench.core.profiles.store import ProfileStore
from workbench.core.query.pool import SessionPool
from workbench.core.query.queries import Queries
from workbench.core.query.recorder import HistoryRecorder
from workbench.core.query.registry import Registry
from workbench.core.query.watchdog import Limits
from workbench.core.settings import Settings


def _say_nothing(_error: UserError) -> None:
    """The default: what goes wrong with the history is logged only."""


class Workbench:
    """Everything below the front end. `complain` is told once if the history fails."""

    def __init__(
        self,
        *,
        paths: Paths | None = None,
        settings: Settings | None = None,
        clock: Clock | None = None,
        complain: Callable[[UserError], None] = _say_nothing,
    ) -> None:
        self.paths = paths or user_paths()
        self.settings = settings or Settings()
        self.clock = clock or SystemClock()
        self.registry = Registry(self.clock)
        self.history = HistoryStore(self.paths.history, complain)
        self.profiles = ProfileStore(self.paths.connections)
        self.queries = Queries(
            self.registry,
            HistoryRecorder(self.history, complain),
            clock=self.clock,
            limits=Limits(
                overdue_s=max(10.0, 4 * self.settings.stop_deadline_s),
                long_run_s=self.settings.long_run_alert_s,
            ),
        )
        self._lock = threading.Lock()
        self._pools: dict[str, SessionPool] = {}

    def engines(self) -> tuple[EngineSpec, ...]:
        """All engines there are; loads no driver."""
        return discovery.engines()

    def samples(self) -> tuple[tuple[str, str, EngineSpec], ...]:
        """URL, title and engine of each sample database; it is made when first opened."""
        return sample_offers(self.paths.samples)

    def target(self, url: str) -> tuple[EngineSpec, Target]:
        """Take a URL apart. Raises UserError naming what is wrong with it."""
        spec = discovery.for_url(url)
        return spec, parse_target(url, spec)

    def open(self, url: str, *, name: str = "", password: str | None = None) -> SessionPool:
        """The connection to `url`, opened lazily; the same one for the same URL and name.

        `name` is what it is called ("demo"); without one, the URL without its password.
        """
        spec, target = self.target(url)
        spec = with_sample(spec, target, self.paths.samples)
        if password:
            target = target.with_password(password)
        called = name or target.url
        key = f"{called}\n{target.url}"
        with self._lock:
            pool = self._pools.get(key)
            if pool is None:
                pool = SessionPool(
                    called,
                    spec,
                    replace(target, instance=f"{id(self):x}-{len(self._pools)}"),
                    maximum=self.settings.sessions_max,
                    connect_timeout_s=self.settings.connect_timeout_s,
                )
                self._pools[key] = pool
            return pool

    def pools(self) -> tuple[SessionPool, ...]:
        """The connections that were opened."""
        with self._lock:
            return tuple(self._pools.values())

    def close(self) -> None:
        """Close every session and the history. Blocks; stop the live queries first."""
        for pool in self.pools():
            pool.close()
        self.history.close()
