"""When a statement does not stop: Force stop, its price, an honest receipt, going on."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel

from tests.injectors import Held, denied, injected, injecting
from tests.ui.window.conftest import RUNAWAY, Desk


@pytest.fixture
def held() -> Iterator[Held]:
    """A real SQLite function that no interrupt ends."""
    held = Held()
    yield held
    held.let_go.set()


def _start_held(desk: Desk, held: Held) -> None:
    desk.connect("sqlite:///:memory:")
    pool = desk.tab.run.pool
    assert pool is not None
    pool.spec = injected(pool.spec, held.inject)
    desk.start("SELECT hold()")
    desk.wait(held.inside.is_set)


def test_a_pending_stop_offers_force_stop_and_names_its_price(desk: Desk, held: Held) -> None:
    _start_held(desk, held)
    desk.click()
    assert desk.button.text() == "Force stop"
    assert desk.button.isEnabled()
    desk.wait(lambda: "no end seen yet" in desk.receipt())
    assert "runs on inside Workbench" in desk.button.toolTip()
    assert desk.status() == "CANCELLING"
    held.let_go.set()
    desk.wait(lambda: not desk.tab.run.running)


def test_force_stop_asks_and_the_receipt_is_honest_and_the_tab_goes_on(
    desk: Desk, held: Held
) -> None:
    _start_held(desk, held)
    desk.click()
    desk.wait(lambda: "no end seen yet" in desk.receipt())
    desk.click()
    desk.wait(lambda: desk.dialog("forceDialog") is not None)
    dialog = desk.dialog("forceDialog")
    assert dialog is not None
    desk.press(dialog, "Abandon the session")
    desk.wait(lambda: "unconfirmed" in desk.receipt())
    assert "still running" in desk.receipt()
    assert "session replaced" in desk.receipt()
    assert "seen gone" not in desk.receipt()
    assert desk.value("SELECT 42") == 42
    held.let_go.set()


def test_waiting_in_the_force_dialog_changes_nothing(desk: Desk, held: Held) -> None:
    _start_held(desk, held)
    desk.click()
    desk.wait(lambda: "no end seen yet" in desk.receipt())
    desk.click()
    desk.wait(lambda: desk.dialog("forceDialog") is not None)
    dialog = desk.dialog("forceDialog")
    assert dialog is not None
    desk.press(dialog, "Wait")
    desk.wait(lambda: desk.dialog("forceDialog") is None)
    assert desk.status() == "CANCELLING"
    held.let_go.set()
    desk.wait(lambda: not desk.tab.run.running)
    desk.run("SELECT 1")


def test_a_denied_stop_says_what_is_missing_and_the_query_runs_on(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    pool = desk.tab.run.pool
    assert pool is not None
    pool.spec = injecting(pool.spec, denied)
    desk.start(RUNAWAY["duckdb"])
    desk.click()
    desk.wait(lambda: "needs CONNECTION ADMIN" in desk.find(QLabel, "receiptLabel").text())
    assert desk.tab.run.running
    desk.runs.force(desk.tab.run.handle)  # type: ignore[arg-type]
    desk.wait(lambda: not desk.tab.run.running)
