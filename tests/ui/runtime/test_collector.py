"""Cyclic garbage goes on the GUI thread, never on a worker."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from workbench.ui.runtime.collector import Collector


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector()
    yield made
    made.stop()


class _Noting:
    """Part of a cycle; notes the thread on which it goes."""

    def __init__(self, gone_on: list[int]) -> None:
        self.me = self
        self._gone_on = gone_on

    def __del__(self) -> None:
        self._gone_on.append(threading.get_ident())


def test_a_worker_that_allocates_collects_nothing(collector: Collector) -> None:
    gone_on: list[int] = []

    def allocate() -> None:
        _Noting(gone_on)
        _kept = [[object()] for _ in range(200_000)]

    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert gone_on == []
    gc.collect()
    assert gone_on == [threading.get_ident()]


def test_the_timer_collects_what_is_due(collector: Collector) -> None:
    gone_on: list[int] = []
    _Noting(gone_on)
    _kept = [[object()] for _ in range(gc.get_threshold()[0] + 100)]
    collector.collect()
    assert gone_on == [threading.get_ident()]


def test_stopping_gives_collection_back_to_python(qapp: QApplication) -> None:
    collector = Collector()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
