"""The table of moves, each of its cells."""

import pytest

from workbench.core.query.state import IllegalMove, Move, State, transition

Q, R, C = State.QUEUED, State.RUNNING, State.CANCELLING
S, F, X = State.SUCCESS, State.FAILED, State.CANCELLED
NO = None

# Written out once more, by state: a change of the table must be meant.
EXPECTED: dict[State, dict[Move, State | None]] = {
    #    START      STOP        FINISH      FAIL        CONFIRM     FORCE
    Q: dict(zip(Move, (R, X, NO, F, NO, NO), strict=True)),
    R: dict(zip(Move, (NO, C, S, F, NO, NO), strict=True)),
    C: dict(zip(Move, (NO, C, S, F, X, X), strict=True)),
    S: dict.fromkeys(Move, NO),
    F: dict.fromkeys(Move, NO),
    X: dict.fromkeys(Move, NO),
}


@pytest.mark.parametrize("move", Move, ids=lambda move: str(move.value))
@pytest.mark.parametrize("state", State, ids=lambda state: str(state.value))
def test_each_move_from_each_state_is_as_the_table_says(state: State, move: Move) -> None:
    expected = EXPECTED[state][move]
    if expected is None:
        with pytest.raises(IllegalMove, match=f"{move} from {state}"):
            transition(state, move)
    else:
        assert transition(state, move) is expected


def test_only_ends_are_final() -> None:
    assert {state for state in State if state.final} == {S, F, X}


def test_nothing_leaves_a_final_state() -> None:
    assert all(not any(EXPECTED[state].values()) for state in State if state.final)


def test_every_other_state_has_a_way_to_an_end() -> None:
    for state in State:
        if not state.final:
            assert any(after is not None and after.final for after in EXPECTED[state].values())


def test_a_run_that_nobody_stopped_cannot_be_cancelled() -> None:
    ways = {s for s, moves in EXPECTED.items() for m, after in moves.items() if after is X}
    assert ways == {Q, C}
    assert EXPECTED[R][Move.CONFIRM] is EXPECTED[R][Move.FORCE] is NO
