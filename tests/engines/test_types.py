"""Every type of every engine reaches Arrow and text, and no value changes on the way."""

import pyarrow as pa
import pytest

from tests.engines.driving import run
from tests.engines.subjects import SUBJECTS, Subject, TypeCase
from workbench.core.adapter.contract import Connection
from workbench.core.results.text import full_texts

_CASES = [(subject, case) for subject in SUBJECTS for case in subject.types]

_EDGES = [(subject, edge) for subject in SUBJECTS for edge in subject.edges]


@pytest.mark.parametrize(
    ("subject", "case"), _CASES, ids=[f"{s.name}-{c.type}-{c.value!r:.20}" for s, c in _CASES]
)
def test_a_value_reaches_arrow_as_it_is(session: Connection, case: TypeCase) -> None:
    result = run(session, f"SELECT {case.expression} AS v")
    assert result.columns is not None
    assert result.columns[0].type == case.type
    (batch,) = result.batches
    assert batch.schema.field(0).type == case.arrow
    assert result.value == case.value
    batch.validate(full=case.type != "HUGEINT")  # 39 digits in 16 bytes: intact, but more than 38


@pytest.mark.parametrize(
    ("subject", "case"), _CASES, ids=[f"{s.name}-{c.type}-{c.value!r:.20}" for s, c in _CASES]
)
def test_a_value_is_shown_as_the_engine_writes_it(session: Connection, case: TypeCase) -> None:
    shown = shown_as(session, case.expression)
    assert shown == (case.text or engines_own(session, case.expression))


@pytest.mark.parametrize(
    ("subject", "edge"), _EDGES, ids=[f"{s.name}-{edge!r:.40}" for s, edge in _EDGES]
)
def test_a_value_at_the_edge_of_its_type_is_shown_as_it_is(session: Connection, edge: str) -> None:
    assert shown_as(session, edge) == engines_own(session, edge)


def shown_as(session: Connection, expression: str) -> str | None:
    result = run(session, f"SELECT {expression} AS v")
    assert result.columns is not None
    (text,) = full_texts(result.batches[0].column(0), result.columns[0].type)
    return text


def engines_own(session: Connection, expression: str) -> object:
    return run(session, f"SELECT CAST({expression} AS VARCHAR) AS v").value


def test_every_type_the_engine_lists_reaches_arrow(session: Connection, subject: Subject) -> None:
    for name in subject.every_type():
        result = run(session, f"SELECT CAST(NULL AS {name}) AS v, 1 AS w")
        assert result.rows == [(None, 1)], name


def test_a_column_keeps_its_type_over_all_batches(session: Connection, subject: Subject) -> None:
    result = run(session, subject.rows.format(n=60_000))
    assert len({batch.schema for batch in result.batches}) == 1


def test_numbers_say_that_they_are_numbers(session: Connection) -> None:
    result = run(session, "SELECT 1 AS a, 1.5 AS b, 'x' AS c")
    assert result.columns is not None
    assert [column.numeric for column in result.columns] == [True, True, False]


def test_bytes_that_are_no_text_stay_bytes(session: Connection, table: str) -> None:
    run(session, "CREATE TABLE raw (b BLOB)")
    every = bytes(range(256))
    name = "$p"
    run(session, f"INSERT INTO raw VALUES ({name})", {"p": every})
    result = run(session, "SELECT b FROM raw")
    assert result.value == every
    assert result.batches[0].schema.field(0).type == pa.binary()
