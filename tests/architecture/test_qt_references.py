"""Qt's binding keeps the references it is given.

PySide6 6.12.0 on Python 3.11 loses one reference to None for each void call and one to a
boolean for each `Signal.emit`, until the interpreter dies with "deallocating None". Each loop
below runs often enough to show a loss; on Python 3.12 and later these objects are immortal
and the counts stand still by themselves.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal

CALLS = 5_000


class Bell(QObject):
    rung = Signal(bool)
    silent = Signal()


def heard(_: bool) -> None:
    """A slot; returns None as all do."""


def loss(watched: object, act: Callable[[], object]) -> int:
    """How many references to `watched` went missing in CALLS times `act`."""
    act()
    before = sys.getrefcount(watched)
    for _ in range(CALLS):
        act()
    return before - sys.getrefcount(watched)


@pytest.fixture
def bell() -> Bell:
    bell = Bell()
    bell.rung.connect(heard)
    return bell


@pytest.mark.parametrize("value", [True, False])
def test_emitting_a_boolean_keeps_its_references(bell: Bell, value: bool) -> None:
    assert loss(value, lambda: bell.rung.emit(value)) < CALLS // 10


def test_emitting_keeps_the_references_to_none(bell: Bell) -> None:
    assert loss(None, bell.silent.emit) < CALLS // 10


def test_a_void_call_keeps_the_references_to_none(bell: Bell) -> None:
    assert loss(None, lambda: bell.setObjectName("bell")) < CALLS // 10
