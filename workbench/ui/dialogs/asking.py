"""Awaiting a dialog's answer on the window's loop, while the program goes on. GUI thread.

Never `exec()`: inside a coroutine the other tasks would hang for ever.
"""

import asyncio
from collections.abc import Sequence

from workbench.core.query.events import RunEnded
from workbench.ui.dialogs.question import Question
from workbench.ui.runtime.tabrun import TabRun


async def ask(dialog: Question) -> object:
    """Open `dialog` and wait for its choice; None when it was closed from outside."""
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def settle(choice: object) -> None:
        if not answer.done():
            answer.set_result(choice)

    def gone(_text: str) -> None:
        settle(None)

    dialog.answered.connect(settle)
    dialog.closed_by_itself.connect(gone)
    dialog.open()
    return await answer


async def ask_while_running(dialog: Question, run: TabRun, because: str) -> object:
    """Ask as long as the attempt of `run` goes on: its end closes the question with `because`."""
    handle = run.handle

    def on_event(event: object) -> None:
        if handle is not None and isinstance(event, RunEnded) and event.query == handle.id:
            dialog.close_because(because)

    run.event_arrived.connect(on_event)
    try:
        return await ask(dialog)
    finally:
        run.event_arrived.disconnect(on_event)


async def ask_while_any_runs(dialog: Question, runs: Sequence[TabRun], because: str) -> object:
    """Ask as long as one of `runs` goes on: the end of the last closes the question."""

    def on_event(event: object) -> None:
        if isinstance(event, RunEnded) and not any(run.running for run in runs):
            dialog.close_because(because)

    for run in runs:
        run.event_arrived.connect(on_event)
    try:
        return await ask(dialog)
    finally:
        for run in runs:
            run.event_arrived.disconnect(on_event)
