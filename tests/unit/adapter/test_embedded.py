"""What embedded engines share: the attempt lock, the canceller, the gate."""

import threading

import pytest

from workbench.core.adapter.attempt import AttemptLock
from workbench.core.adapter.contract import RungName, StopReply
from workbench.core.adapter.embedded import EmbeddedCanceller, SessionGate
from workbench.core.errors import BugError, EngineError, ErrorKind


class Calls:
    """Counts what reaches a driver."""

    def __init__(self) -> None:
        self.interrupts = 0
        self.abandons = 0

    def interrupt(self) -> None:
        self.interrupts += 1

    def abandon(self) -> None:
        self.abandons += 1


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def canceller(calls: Calls) -> EmbeddedCanceller:
    return EmbeddedCanceller("Interrupt", "price", calls.interrupt, calls.abandon)


def test_an_attempt_cannot_be_armed_over_another() -> None:
    lock = AttemptLock()
    lock.arm("one")
    with pytest.raises(BugError, match="one"):
        lock.arm("two")
    lock.disarm("two")
    assert lock.is_armed("one")
    lock.disarm("one")
    lock.arm("two")


def test_disarming_waits_for_a_stop_under_way() -> None:
    lock = AttemptLock()
    lock.arm("one")
    inside, leave = threading.Event(), threading.Event()

    def stop() -> None:
        with lock.hold("one") as armed:
            assert armed
            inside.set()
            leave.wait(30)

    stopper = threading.Thread(target=stop)
    stopper.start()
    assert inside.wait(30)
    worker = threading.Thread(target=lock.disarm, args=("one",))
    worker.start()
    worker.join(0.05)
    assert worker.is_alive(), "disarm returned while a stop was being sent"
    leave.set()
    worker.join(30)
    stopper.join(30)
    assert not lock.is_armed("one")


def test_a_stop_reaches_the_driver_only_while_its_attempt_is_armed(
    canceller: EmbeddedCanceller, calls: Calls
) -> None:
    assert canceller.stop(RungName.INTERRUPT, "a") is StopReply.FINISHED_FIRST
    canceller.arm("a")
    assert canceller.stop(RungName.INTERRUPT, "b") is StopReply.FINISHED_FIRST
    assert canceller.stop(RungName.INTERRUPT, "a") is StopReply.SENT
    assert canceller.stop(RungName.INTERRUPT, "a") is StopReply.SENT
    canceller.disarm("a")
    assert canceller.stop(RungName.INTERRUPT, "a") is StopReply.FINISHED_FIRST
    assert (calls.interrupts, calls.abandons) == (2, 0)


def test_the_last_rung_abandons(canceller: EmbeddedCanceller, calls: Calls) -> None:
    canceller.arm("a")
    assert canceller.stop(RungName.ABANDON, "a") is StopReply.SENT
    assert (calls.interrupts, calls.abandons) == (0, 1)


def test_a_wait_ends_with_a_stop_and_is_fresh_for_the_next_attempt(
    canceller: EmbeddedCanceller,
) -> None:
    canceller.arm("a")
    assert not canceller.wait_for_stop(0.001)
    canceller.stop(RungName.INTERRUPT, "a")
    assert canceller.wait_for_stop(30)
    canceller.disarm("a")
    canceller.arm("b")
    assert not canceller.wait_for_stop(0.001)


def test_an_abandoned_gate_closes_when_the_call_under_way_returns() -> None:
    closed: list[bool] = []
    gate = SessionGate(lambda: closed.append(True))
    with gate:
        with gate:
            gate.abandon()
        assert not closed
    assert closed == [True]
    with pytest.raises(EngineError) as caught, gate:
        pass
    assert caught.value.kind is ErrorKind.CONNECTION_LOST
    gate.close()
    assert closed == [True]


def test_an_abandoned_idle_gate_waits_for_its_owner_to_close() -> None:
    closed: list[bool] = []
    gate = SessionGate(lambda: closed.append(True))
    gate.abandon()
    assert not closed
    gate.close()
    assert closed == [True]
