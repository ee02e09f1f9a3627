"""What becomes of a session's transaction after a statement that did not end well.

Called by the runner, on the session's thread; blocks on the engine. Reads the transaction's
real state each time and says in one sentence what that means for the data.
"""

from workbench.core.adapter.contract import Transaction
from workbench.core.query.events import Stake
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import Session


def settle_stop(session: Session, handle: QueryHandle) -> str:
    """Bring the transaction to where the user wanted it after a stop; say what happened.

    Raises EngineError when the session does not answer.
    """
    before = session.stake
    now = session.connection.transaction
    held = held_text(before)
    if now is Transaction.NONE:
        session.reread()
        if before.transaction is Transaction.NONE:
            return ""
        return f"The database undid the whole transaction{held}."
    if now is Transaction.ACTIVE and not handle.rollback_after_stop:
        session.reread()
        return f"The transaction is still open{held}."
    session.connection.rollback()
    session.reread()
    if now is Transaction.FAILED and not handle.rollback_after_stop:
        return f"The stop aborted the transaction; it was rolled back{held}."
    return f"The transaction was rolled back{held}."


def note_failure(session: Session, handle: QueryHandle) -> str:
    """Leave the transaction as it is after an error of the statement's own; say how that is.

    Raises EngineError when the session does not answer.
    """
    stake = session.reread()
    if stake.transaction is Transaction.FAILED:
        return "The transaction is aborted: roll back to go on."
    if stake.transaction is Transaction.ACTIVE:
        return f"The transaction is still open{held_text(stake)}."
    return ""


def held_text(stake: Stake) -> str:
    """What a transaction held, in brackets: " (2 statements, 1 row changed)", "" for nothing."""
    if not stake.statements:
        return ""
    plural = "" if stake.statements == 1 else "s"
    rows = "1 row" if stake.affected == 1 else f"{stake.affected:,} rows"
    return f" ({stake.statements} statement{plural}, {rows} changed)"
