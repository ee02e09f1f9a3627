"""Finding runs by their words: with the index and without it, the same."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.core.history import search
from workbench.core.history.store import Begun, HistoryStore

TEXTS = [
    "SELECT * FROM orders_2024 WHERE total > 100%",
    "select 'it''s \"quoted\"' from Orders",
    "INSERT INTO customers VALUES (1, 'Zoë')",
    "SELECT a_b, a.b FROM x",
    "NEAR AND OR NOT * ^",
]


@pytest.fixture(scope="module", params=["index", "like"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HistoryStore]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "like":
            patch.setattr(search, "_has_trigrams", lambda _: False)
        made = HistoryStore(tmp_path_factory.mktemp("search") / "history.sqlite")
        for number, text in enumerate(TEXTS):
            made.begin(Begun(str(number), "duckdb", "demo db", text, float(number)))
        yield made
        made.close()


def found(store: HistoryStore, text: str) -> list[int]:
    return sorted(int(run.id) for run in store.search(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("orders", [0, 1]),
        ("ORDERS select", [0, 1]),
        ("ders_20", [0]),
        ("100%", [0]),
        ("%", [0]),
        ("_", [0, 3]),
        ("a_b", [3]),
        ('"quoted"', [1]),
        ('"', [1]),
        ("it''s", [1]),
        ("AND OR", [4]),
        ("NEAR", [4]),
        ("*", [0, 4]),
        ("demo", [0, 1, 2, 3, 4]),
        ("duck insert", [2]),
        ("orders nothing", []),
        ("\\", []),
        ("or\0ders", [0, 1]),
        ("\udcff", []),
    ],
)
def test_all_words_must_occur_anywhere_in_the_text(
    store: HistoryStore, text: str, expected: list[int]
) -> None:
    assert found(store, text) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(text=st.text(max_size=20))
def test_no_text_is_an_error(store: HistoryStore, text: str) -> None:
    words = text.replace("\0", " ").split()
    for number in found(store, text):
        whole = f"{TEXTS[number]} demo db duckdb".casefold()
        assert all(word.casefold() in whole for word in words if word.isascii())


def test_a_file_made_without_the_index_gets_it_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.sqlite"
    for has in (False, True, False, True):
        with monkeypatch.context() as patch:
            if not has:
                patch.setattr(search, "_has_trigrams", lambda _: False)
            store = HistoryStore(path)
            store.begin(Begun(f"{has}{len(store.search())}", "duckdb", "demo", "SELECT peach", 1.0))
            count = len(store.search())
            assert len(store.search("peach")) == count
            store.close()
    with sqlite3.connect(path) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    connection.close()
    assert rows == 4
