"""`workbench query` as a real process: data on stdout, words on stderr, the exit status."""

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.e2e.command import MEMORY, query, stats_of, workbench

TWO_ROWS = "SELECT * FROM (VALUES (1, 'a,b'), (2, NULL)) t(id, name)"


def test_a_result_is_a_table_on_stdout_and_nothing_on_stderr() -> None:
    done = query(TWO_ROWS)
    assert done.status == 0
    assert done.text == "id | name\n---+-------\n 1 | a,b\n 2 | <NULL>\n"
    assert done.err == ""


def test_csv_is_read_back_by_the_csv_module() -> None:
    done = query(TWO_ROWS, "--format", "csv")
    assert list(csv.reader(io.StringIO(done.text))) == [["id", "name"], ["1", "a,b"], ["2", ""]]


def test_json_is_read_back_by_the_json_module() -> None:
    done = query(TWO_ROWS, "--format", "json")
    assert json.loads(done.text) == [{"id": 1, "name": "a,b"}, {"id": 2, "name": None}]


def test_jsonl_is_one_object_on_each_line() -> None:
    done = query(TWO_ROWS, "--format", "jsonl")
    rows = [json.loads(line) for line in done.text.splitlines()]
    assert rows == [{"id": 1, "name": "a,b"}, {"id": 2, "name": None}]


def test_parquet_goes_through_a_pipe() -> None:
    done = query(TWO_ROWS, "--format", "parquet")
    table = pq.read_table(io.BytesIO(done.out))
    assert table.to_pydict() == {"id": [1, 2], "name": ["a,b", None]}


def test_arrow_is_an_ipc_stream() -> None:
    done = query(TWO_ROWS, "--format", "arrow")
    table = pa.ipc.open_stream(done.out).read_all()
    assert table.to_pydict() == {"id": [1, 2], "name": ["a,b", None]}


def test_counts_go_to_stderr_and_only_rows_to_stdout() -> None:
    done = query("CREATE TABLE t (i INT); INSERT INTO t VALUES (1), (2); SELECT i FROM t",
                 "--format", "csv")  # fmt: skip
    assert (done.status, done.text) == (0, "i\n1\n2\n")
    assert done.err == "INSERT 2 rows\n"


def test_a_statement_that_the_database_refuses_ends_with_1_and_its_place() -> None:
    done = query("SELECT 1;\nSELECT * FROM nowhere", "--stats", "-")
    assert done.status == 1
    assert "line 2, column 15" in done.err
    assert "nowhere" in done.err
    error = stats_of(done)["error"]
    assert error["code"] == "CATALOG"
    assert error["position"] == len("SELECT 1;\nSELECT * FROM ")


@pytest.mark.parametrize("on", [MEMORY, "sqlite:///:memory:"])
def test_what_is_no_sql_ends_with_1(on: str) -> None:
    done = query("this is not sql", on=on)
    assert done.status == 1
    assert done.out == b""
    assert "syntax error" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "-c", MEMORY],
        ["query", "-c", MEMORY, ""],
        ["query", "-c", MEMORY, " \n "],
        ["query", "-c", MEMORY, "-- nothing\n/* here */"],
        ["query", "-c", MEMORY, "--format", "xml", "SELECT 1"],
        ["query", "-c", MEMORY, "--frobnicate", "SELECT 1"],
        ["query", "-c", MEMORY, "--timeout", "-1", "SELECT 1"],
        ["query", "-c", MEMORY, "--max-rows", "0", "SELECT 1"],
        ["query", "-c", MEMORY, "-f", "/nonexistent.sql"],
        ["query", "-c", MEMORY, "-f", "x.sql", "SELECT 1"],
        ["query", "-c", MEMORY, "--param", "novalue", "SELECT 1"],
        ["query", "-c", MEMORY, "--output", "/nonexistent/out.csv", "SELECT 1"],
        ["query", "-c", "gopher://x", "SELECT 1"],
        ["query", "-c", "duckdb://wrong/slashes.db", "SELECT 1"],
        ["query", "-c", "duckdb:///:memory:?frobnicate=1", "SELECT 1"],
        ["query", "-c", "unheard-of", "SELECT 1"],
        ["frobnicate", "--nothing"],
    ],
    ids=lambda arguments: " ".join(arguments)[:60],
)
def test_wrong_usage_ends_with_2_and_says_why(arguments: list[str]) -> None:
    done = workbench(*arguments)
    assert done.status == 2
    assert done.out == b""
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_a_script_comes_from_a_file_or_stdin(tmp_path: Path) -> None:
    script = tmp_path / "script.sql"
    script.write_text("\ufeffSELECT 'é' AS x")
    from_file = workbench("query", "-c", MEMORY, "--format", "csv", "-f", str(script))
    from_stdin = workbench(
        "query", "-c", MEMORY, "--format", "csv", "-f", "-", stdin="SELECT 'é' AS x".encode()
    )
    assert from_file.text == from_stdin.text == "x\né\n"


def test_a_script_that_is_not_utf8_is_refused_by_line_and_nothing_is_run(tmp_path: Path) -> None:
    script = tmp_path / "latin1.sql"
    script.write_bytes(b"SELECT 1;\nSELECT 'caf\xe9'")
    done = workbench("query", "-c", MEMORY, "-f", str(script))
    assert done.status == 2
    assert "latin1.sql, line 2" in done.err
    assert done.out == b""


@pytest.mark.parametrize("on", [MEMORY, "sqlite:///:memory:"])
def test_a_nul_character_is_an_error_and_no_crash(on: str, tmp_path: Path) -> None:
    script = tmp_path / "nul.sql"
    script.write_bytes(b"SELECT 1 \0 FROM x")
    done = workbench("query", "-c", on, "-f", str(script))
    assert done.status == 1
    assert "Traceback" not in done.err


def test_a_script_of_5_mb_runs(tmp_path: Path) -> None:
    script = tmp_path / "large.sql"
    filler = "-- " + "x" * 97 + "\n"
    script.write_text(filler * 50_000 + "SELECT 42 AS answer")
    done = workbench("query", "-c", MEMORY, "--format", "csv", "-f", str(script))
    assert (done.status, done.text) == (0, "answer\n42\n")


def test_a_cell_of_100_000_characters_arrives_whole_in_csv_and_cut_in_a_table() -> None:
    sql = "SELECT repeat('x', 100000) AS wide"
    whole = query(sql, "--format", "csv")
    assert whole.text == "wide\n" + "x" * 100_000 + "\n"
    table = query(sql)
    assert len(table.text) < 1_000
    assert "…" in table.text


@pytest.mark.parametrize("on", [MEMORY, "sqlite:///:memory:"])
def test_parameters_are_bound_with_their_types(on: str) -> None:
    mark = "$" if on == MEMORY else ":"
    sql = f"SELECT {mark}n + 1 AS n, {mark}t AS t, {mark}quoted AS q, {mark}none AS none"
    done = query(
        sql, "--format", "json", "--param", "n=41", "--param", "t=it's 5",
        "--param", "quoted='5'", "--param", "none=null", on=on,
    )  # fmt: skip
    assert json.loads(done.text) == [{"n": 42, "t": "it's 5", "q": "5", "none": None}]


def test_max_rows_stops_the_query_at_the_database_and_says_so() -> None:
    done = query("SELECT * FROM range(1000000000000)", "--format", "json", "--max-rows", "3",
                 "--stats", "-")  # fmt: skip
    assert done.status == 0
    assert json.loads(done.text) == [{"range": 0}, {"range": 1}, {"range": 2}]
    assert "Stopped after 3 rows (--max-rows)" in done.err
    assert stats_of(done)["cancel"]["outcome"] == "stopped"


def test_max_rows_says_nothing_when_there_are_fewer() -> None:
    done = query("SELECT 1 AS one", "--format", "csv", "--max-rows", "5")
    assert (done.status, done.text, done.err) == (0, "one\n1\n", "")


def test_several_results_are_one_json_document_each() -> None:
    done = query("SELECT 1 AS a; SELECT 2 AS b", "--format", "json")
    first, end = json.JSONDecoder().raw_decode(done.text)
    assert first == [{"a": 1}]
    assert json.loads(done.text[end:]) == [{"b": 2}]


def test_parquet_refuses_a_second_result(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    done = query("SELECT 1 AS a; SELECT 2 AS b", "--format", "parquet", "--output", str(out))
    assert done.status == 2
    assert "One result only" in done.err
    assert list(tmp_path.iterdir()) == []


def test_output_goes_to_a_file_and_nothing_to_stdout(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = query("SELECT 7 AS x", "--format", "csv", "--output", str(out))
    assert (done.status, done.out) == (0, b"")
    assert out.read_text() == "x\n7\n"
    assert list(tmp_path.iterdir()) == [out]


def test_an_error_leaves_the_old_output_file_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    done = query("SELECT 1; SELECT * FROM nowhere", "--output", str(out))
    assert done.status == 1
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


STATS_KEYS = ["id", "engine", "status", "statements", "rows", "started_at", "first_row_ms",
              "elapsed_ms", "cancel", "error"]  # fmt: skip


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT nonsense"])
def test_the_keys_of_the_statistics_are_a_contract(sql: str, tmp_path: Path) -> None:
    out = tmp_path / "stats.json"
    query(sql, "--stats", str(out))
    assert list(json.loads(out.read_text())) == STATS_KEYS


def test_statistics_are_written_when_nothing_could_be_run(tmp_path: Path) -> None:
    out = tmp_path / "stats.json"
    done = query("SELECT 1", "--stats", str(out), on="gopher://x")
    stats = json.loads(out.read_text())
    assert done.status == 2
    assert list(stats) == STATS_KEYS
    assert stats["status"] == "FAILED"
    assert "gopher" in stats["error"]["message"]


def test_statistics_of_a_success_tell_what_happened() -> None:
    stats = stats_of(query("SELECT * FROM range(5); SELECT 1", "--stats", "-"))
    assert (stats["engine"], stats["status"]) == ("duckdb", "SUCCESS")
    assert (stats["statements"], stats["rows"]) == (2, 6)
    assert stats["started_at"].endswith("Z")
    assert 0 <= stats["first_row_ms"] <= stats["elapsed_ms"]
    assert stats["cancel"] is None
    assert stats["error"] is None


def test_a_path_of_a_database_file_is_a_connection(tmp_path: Path) -> None:
    for url, name in (("duckdb", "a b.duckdb"), ("sqlite", "c?d.db")):
        path = tmp_path / name
        quoted = str(path).replace(" ", "%20").replace("?", "%3F")
        query("CREATE TABLE t AS SELECT 5 AS x", on=f"{url}:///{quoted}?create=1")
        done = query("SELECT x FROM t", "--format", "csv", on=str(path))
        assert done.text == "x\n5\n", done.err
