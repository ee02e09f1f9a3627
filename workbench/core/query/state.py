r"""The states of a query, and the one function that moves between them.

Pure: reads no clock, holds no lock, does no I/O. `registry.py` calls `transition` under its
lock, which makes each move one compare-and-set.

    QUEUED --START--> RUNNING --FINISH--> SUCCESS
       |                 |  \\----FAIL---> FAILED
       |               STOP
     STOP                v        --CONFIRM/FORCE--> CANCELLED
       \\--> CANCELLED  CANCELLING --FINISH--> SUCCESS (finished first; refused once accepted)
                                  --FAIL----> FAILED  (its own error, or the connection went)
"""

from enum import StrEnum


class State(StrEnum):
    """What a query is doing. The last three are final: nothing leaves them."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def final(self) -> bool:
        """Is this an end?"""
        return self in (State.SUCCESS, State.FAILED, State.CANCELLED)


class Move(StrEnum):
    """What may happen to a query."""

    START = "start"  # a worker picked it up
    STOP = "stop"  # somebody asked for a stop
    FINISH = "finish"  # it ended normally and is being published
    FAIL = "fail"  # it ended with an error that is not a stop
    CONFIRM = "confirm"  # it ended by the stop
    FORCE = "force"  # nobody waits for it any longer


class IllegalMove(Exception):  # noqa: N818 - not an error to show: the answer "no" of a compare-and-set
    """The move does not exist from that state."""


_MOVES: dict[tuple[State, Move], State] = {
    (State.QUEUED, Move.START): State.RUNNING,
    (State.QUEUED, Move.STOP): State.CANCELLED,
    (State.QUEUED, Move.FAIL): State.FAILED,
    (State.RUNNING, Move.STOP): State.CANCELLING,
    (State.RUNNING, Move.FINISH): State.SUCCESS,
    (State.RUNNING, Move.FAIL): State.FAILED,
    (State.CANCELLING, Move.STOP): State.CANCELLING,
    (State.CANCELLING, Move.FINISH): State.SUCCESS,
    (State.CANCELLING, Move.FAIL): State.FAILED,
    (State.CANCELLING, Move.CONFIRM): State.CANCELLED,
    (State.CANCELLING, Move.FORCE): State.CANCELLED,
}


def transition(state: State, move: Move) -> State:
    """The state after `move`. Raises IllegalMove where there is none."""
    try:
        return _MOVES[state, move]
    except KeyError:
        raise IllegalMove(f"{move} from {state}") from None
