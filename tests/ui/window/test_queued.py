"""A run that waits for its turn: stopped without a word to the database, its transaction kept."""

from PySide6.QtWidgets import QLabel

from tests.ui.window.conftest import Desk


def _queued_in_a_transaction(desk: Desk, url: str, runaway: str) -> None:
    """Two tabs: the first holds the only worker, the second waits with a transaction open."""
    desk.connect(url)
    desk.run("CREATE TABLE t (i INTEGER)")
    desk.new_tab("duckdb:///:memory:")
    first = desk.tab
    desk.window.tabs.switch(-1)
    desk.run("BEGIN; INSERT INTO t VALUES (1)", whole=True)
    desk.runs.workers._queries.setMaxThreadCount(1)
    desk.window.deck.show(first.page.tab_id)
    desk.start("SELECT count(*) FROM range(1000000) a(i), range(1000000) b(j) WHERE i * j % 7 = 3")
    desk.window.tabs.switch(-1)
    desk.type("INSERT INTO t VALUES (2)")
    desk.click()
    assert desk.status() == "QUEUED"


def test_a_queued_run_in_a_transaction_is_cancelled_and_the_transaction_stays(
    desk: Desk, url: str, runaway: str
) -> None:
    _queued_in_a_transaction(desk, url, runaway)
    desk.click()
    desk.wait(lambda: not desk.tab.run.running or desk.dialog("transactionDialog") is not None)
    assert desk.dialog("transactionDialog") is None, "nothing runs in the transaction yet"
    desk.wait_status("CANCELLED")
    assert "TX open, 1 statement" in desk.find(QLabel, "transactionText").text()
    assert desk.button.text() == "Run"
    assert desk.action("commitAction").isEnabled()
    desk.runs.workers._queries.setMaxThreadCount(4)
    desk.action("commitAction").trigger()
    desk.wait(lambda: not desk.tab.run.running)
    assert desk.value("SELECT count(*) FROM t") == 1
    for tab in desk.window.deck.all():
        tab.run.stop()
    desk.wait(lambda: not any(tab.run.running for tab in desk.window.deck.all()))
