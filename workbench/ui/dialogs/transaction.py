"""Asked when Cancel is pressed inside an open transaction; nothing is stopped before the answer.

GUI thread only. Says what is at stake and what each choice does on this engine. Decides
nothing: the owner carries the choice out, and calls `close_because` if the query ends first.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from workbench.core.query.events import Stake
from workbench.ui.dialogs.question import Question, plain
from workbench.ui.theme import icons


class Choice(StrEnum):
    """What to do about the running statement and its transaction."""

    ROLL_BACK = "roll_back"
    KEEP = "keep"
    KEEP_RUNNING = "keep_running"


@dataclass(frozen=True, slots=True)
class TransactionQuestion:
    """What is at stake.

    `engine` is its title ("DuckDB"), `stop_note` its own words on what a stop costs
    (`Capabilities.stop_note`), `statement` what runs, on one line.
    """

    engine: str
    stake: Stake
    may_keep: bool
    statement: str = ""
    connection: str = ""
    stop_note: str = ""


class TransactionDialog(Question):
    """Signals: `answered(Choice)`, `closed_by_itself(text)`. Esc and Enter: keep running."""

    def __init__(self, question: TransactionQuestion, parent: QWidget | None = None) -> None:
        super().__init__(
            "transactionDialog", "Cancel inside a transaction", Choice.KEEP_RUNNING, parent
        )
        self.setMinimumWidth(600)
        where = f" on {question.connection}" if question.connection else ""
        self.head(f"A transaction is open{where}", "alert-outline", "warning")
        self.stake = self.say(stake_text(question.stake))
        self.running = self.say(
            f"Running: {question.statement}" if question.statement else "", "muted"
        )
        self.note = self.say(_engine_text(question), "muted")
        self.roll_back = self.choice("Cancel and roll back", Choice.ROLL_BACK, "rollBackChoice")
        self.roll_back.setIcon(icons.icon("undo-variant", "danger"))
        self.keep = self.choice("Cancel, keep the transaction", Choice.KEEP, "keepChoice")
        self.keep.setIcon(icons.icon("close", "text"))
        self.keep_running = self.choice("Keep running", Choice.KEEP_RUNNING, "keepRunningChoice")
        self._lay_out_choices(question)
        self.make_default(self.keep_running)

    def _lay_out_choices(self, question: TransactionQuestion) -> None:
        before = statements_text(question.stake)
        choices = [
            (self.roll_back, f"Stops the statement and undoes {before}."),
            (self.keep, f"Stops the statement only; {before} stay{_s(question)} uncommitted."),
            (self.keep_running, "Stops nothing; the statement goes on."),
        ]
        grid = QGridLayout()
        grid.setContentsMargins(0, 12, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (button, meaning) in enumerate(choices):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setAccessibleDescription(meaning)
            label = plain(meaning, self, "muted")
            grid.addWidget(button, row, 0)
            grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignVCenter)
            if button is self.keep and not question.may_keep:
                button.hide()
                label.hide()
        self.body.addLayout(grid)


def stake_text(stake: Stake) -> str:
    """What is not committed yet: "3 statements that changed 1,204 rows are not committed."."""
    if not stake.statements:
        return "Nothing else has run in it yet."
    rows = "1 row" if stake.affected == 1 else f"{stake.affected:,} rows"
    if stake.statements == 1:
        return f"1 statement that changed {rows} is not committed."
    return f"{stake.statements:,} statements that changed {rows} are not committed."


def statements_text(stake: Stake) -> str:
    """The earlier work, inside a sentence: "the 3 statements before it"."""
    if not stake.statements:
        return "the transaction"
    if stake.statements == 1:
        return "the statement before it"
    return f"the {stake.statements:,} statements before it"


def _s(question: TransactionQuestion) -> str:
    return "" if question.stake.statements > 1 else "s"


def _engine_text(question: TransactionQuestion) -> str:
    if question.stop_note:
        return f"{question.engine}: {question.stop_note.rstrip('.')}."
    if question.may_keep:
        return ""
    return f"{question.engine} ends the transaction when this statement is stopped."
