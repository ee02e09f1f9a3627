"""What the contract suite needs to know of each engine: one `Subject` for each, and no more.

Tests read a subject's SQL and its capabilities; none asks for an engine's name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import EngineSpec


@dataclass(frozen=True)
class TypeCase:
    """`expression` in a SELECT gives `value` in Arrow (as Python sees it), of `arrow` type."""

    expression: str
    arrow: pa.DataType
    value: object
    type: str  # the engine's own word for it
    text: str | None = None  # how it is shown, where that is not the engine's own CAST to text


@dataclass(frozen=True)
class Subject:
    """One engine under test. `{n}` and `{table}` are filled in by the test."""

    name: str
    busy: str  # computes for hours before its first row
    endless: str  # brings rows for hours
    rows: str  # brings {n} rows with the column x = 0 .. n-1
    slow_rows: str  # brings {n} rows, so slowly that ten take a second at least
    fill: str  # writes {n} rows into {table}(x)
    endless_fill: str  # writes into {table}(x) for hours
    bad_value: str  # a SELECT that fails at run time, in its text at "boom"
    parameter: str  # how the parameter "p" is written
    types: tuple[TypeCase, ...]
    every_type: Callable[[], list[str]]  # type names to try with NULL
    lock: str  # Python that locks the file PATH against others and then prints "ready"
    lock_says: str  # what the refusal names; {pid} and {path} are filled in
    not_a_database: str
    make_writable: str  # tries to switch read-only off
    writes_refused: str  # part of the database's words when it is read-only
    error_positions: tuple[tuple[str, str, str], ...]  # statement, code, the text blamed
    edges: tuple[str, ...]  # values at the edge of their type, shown as the engine's CAST does
    waits_for_locks: bool = False
    cancel_code: str = ""

    @property
    def spec(self) -> EngineSpec:
        return discovery.find(self.name)


_COUNT = "WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM c{limit})"


def _duckdb_types() -> list[str]:
    import duckdb

    with duckdb.connect() as con:
        names = con.execute(
            "SELECT DISTINCT logical_type FROM duckdb_types() WHERE logical_type NOT IN "
            "('STRUCT', 'LIST', 'MAP', 'ARRAY', 'UNION', 'ENUM', 'TYPE', 'TUPLE', 'NULL', "
            "'INVALID')"
        ).fetchall()
    nested = ["STRUCT(a INTEGER, b UHUGEINT)", "INTEGER[]", "INTEGER[3]", "MAP(VARCHAR, INTEGER)"]
    nested += ["UNION(n INTEGER, s VARCHAR)", "ENUM('a', 'b')", "BIT[]"]
    return sorted(name for (name,) in names) + nested


DUCKDB = Subject(
    name="duckdb",
    busy="SELECT count(*) FROM range(100000000) a, range(100000000) b "
    "WHERE (a.range * b.range) % 7 = 3",
    endless="SELECT range AS x FROM range(1000000000000)",
    rows="SELECT range AS x FROM range({n})",
    slow_rows="SELECT count(*) AS x FROM range(20000000) a, range({n}) b "
    "WHERE hash(a.range + b.range) % 7 = 3 GROUP BY b.range",
    fill="INSERT INTO {table} SELECT range FROM range({n})",
    endless_fill="INSERT INTO {table} SELECT a.range % 100 FROM range(100000000) a, "
    "range(100000000) b WHERE (a.range * b.range) % 1000003 = 3",
    bad_value="SELECT CAST(x AS INTEGER) FROM (VALUES ('boom')) v(x)",
    parameter="$p",
    cancel_code="INTERRUPT",
    types=(
        TypeCase("true", pa.bool_(), True, "BOOLEAN"),
        TypeCase("(-128)::TINYINT", pa.int8(), -128, "TINYINT"),
        TypeCase("32767::SMALLINT", pa.int16(), 32767, "SMALLINT"),
        TypeCase("42", pa.int32(), 42, "INTEGER"),
        TypeCase("9223372036854775807", pa.int64(), 2**63 - 1, "BIGINT"),
        TypeCase("255::UTINYINT", pa.uint8(), 255, "UTINYINT"),
        TypeCase("65535::USMALLINT", pa.uint16(), 65535, "USMALLINT"),
        TypeCase("4294967295::UINTEGER", pa.uint32(), 2**32 - 1, "UINTEGER"),
        TypeCase("18446744073709551615::UBIGINT", pa.uint64(), 2**64 - 1, "UBIGINT"),
        TypeCase(
            "170141183460469231731687303715884105727::HUGEINT",
            pa.decimal128(38, 0),
            Decimal(2**127 - 1),
            "HUGEINT",
        ),
        TypeCase(
            "340282366920938463463374607431768211455::UHUGEINT",
            pa.string(),
            str(2**128 - 1),
            "UHUGEINT",
        ),
        TypeCase("'-1' || repeat('0', 60)", pa.string(), "-1" + "0" * 60, "VARCHAR"),
        TypeCase("('-1' || repeat('0', 60))::BIGNUM", pa.string(), "-1" + "0" * 60, "BIGNUM"),
        TypeCase("1.5::FLOAT", pa.float32(), 1.5, "FLOAT"),
        TypeCase("0.1::DOUBLE", pa.float64(), 0.1, "DOUBLE"),
        TypeCase("-12.34::DECIMAL(9,2)", pa.decimal128(9, 2), Decimal("-12.34"), "DECIMAL(9,2)"),
        TypeCase("'é' || chr(0) || '日'", pa.string(), "é\0日", "VARCHAR"),
        TypeCase("'\\x00\\xFF'::BLOB", pa.binary(), b"\0\xff", "BLOB", "0x00ff"),
        TypeCase("'0101'::BIT", pa.string(), "0101", "BIT"),
        TypeCase(
            "'12345678-1234-5678-1234-567812345678'::UUID",
            pa.string(),
            "12345678-1234-5678-1234-567812345678",
            "UUID",
        ),
        TypeCase("DATE '2024-02-29'", pa.date32(), date(2024, 2, 29), "DATE"),
        TypeCase("TIME '12:34:56.789'", pa.time64("us"), time(12, 34, 56, 789000), "TIME"),
        TypeCase("'12:34:56+02:30'::TIMETZ", pa.string(), "12:34:56+02:30", "TIME WITH TIME ZONE"),
        TypeCase(
            "TIMESTAMP '2024-02-29 12:34:56.789'",
            pa.timestamp("us"),
            datetime(2024, 2, 29, 12, 34, 56, 789000),  # noqa: DTZ001 - a TIMESTAMP has no zone
            "TIMESTAMP",
        ),
        TypeCase(
            "'2024-02-29 12:34:56'::TIMESTAMP_S",
            pa.timestamp("s"),
            datetime(2024, 2, 29, 12, 34, 56),  # noqa: DTZ001 - a TIMESTAMP has no zone
            "TIMESTAMP_S",
        ),
        TypeCase(
            "[1, 2, NULL]",
            pa.list_(pa.field("l", pa.int32())),
            [1, 2, None],
            "INTEGER[]",
            "[1, 2, null]",
        ),
        TypeCase(
            "{'a': 1, 'b': 'x'}",
            pa.struct([("a", pa.int32()), ("b", pa.string())]),
            {"a": 1, "b": "x"},
            "STRUCT(a INTEGER, b VARCHAR)",
            '{"a": 1, "b": "x"}',
        ),
        TypeCase("['1'::BIT, NULL]", pa.string(), "[1, NULL]", "BIT[]"),
        TypeCase("'{\"a\": 1}'::JSON", pa.string(), '{"a": 1}', "JSON"),
        TypeCase("'POINT (1 2)'::GEOMETRY", pa.string(), "POINT (1 2)", "GEOMETRY"),
        TypeCase("{'a': 1}::VARIANT", pa.string(), "{'a': 1}", "VARIANT"),
    ),
    every_type=_duckdb_types,
    lock="import duckdb; held = duckdb.connect(PATH)",
    lock_says="PID {pid}",
    not_a_database="is not a DuckDB database",
    make_writable="SET access_mode = 'read_write'",
    writes_refused="read-only mode",
    error_positions=(
        ("SELECT 'é日', nope FROM (SELECT 1 AS x) t", "BINDER", "nope"),
        ("SELECT\t1,\n\t\t2 FRM t", "PARSER", "t"),
        ("SELECT * FROM nosuch", "CATALOG", "nosuch"),
        ("-- é\nSELECT CAST('日' AS INTEGER) FROM range(1)", "CONVERSION", "CAST"),
    ),
    edges=(
        "TIME '24:00:00'",
        "TIME '00:00:00.000001'",
        "TIME_NS '01:02:03.123456789'",
        "'12:34:56-15:59'::TIMETZ",
        "DATE 'infinity'",
        "DATE '0001-01-01'",
        "DATE '5881580-07-10'",
        "TIMESTAMP 'infinity'",
        "TIMESTAMP '-infinity'",
        "TIMESTAMP '294247-01-10 04:00:54.775806'",
        "TIMESTAMP_NS '2020-01-01 00:00:00.123456789'",
        "TIMESTAMP_MS '2020-01-01 00:00:00.120'",
        "TIMESTAMP_S '1969-12-31 23:59:59'",
        "INTERVAL '-1 month 2 days -00:00:00.000001'",
        "INTERVAL 0 DAY",
        "(-170141183460469231731687303715884105728)::HUGEINT",
        "99999999999999999999999999999999999999::DECIMAL(38,0)",
        "0.00::DECIMAL(4,2)",
        "'-0'::DOUBLE",
        "1e-320::DOUBLE",
        "123456789012345680.0::DOUBLE",
        "16777217::FLOAT",
        "'nan'::FLOAT",
        "'e'::ENUM('e')",
        "''",
        "'a\nb'",
    ),
)

SQLITE = Subject(
    name="sqlite",
    busy=_COUNT.format(limit="") + " SELECT count(*) FROM c",
    endless=_COUNT.format(limit="") + " SELECT x FROM c",
    rows=_COUNT.format(limit=" LIMIT {n}") + " SELECT x FROM c",
    slow_rows=_COUNT.format(limit=" LIMIT {n}")
    + " SELECT x, ("
    + _COUNT.format(limit=" LIMIT 400000 + c.x * 0")
    .replace("c(x)", "d(x)")
    .replace("FROM c", "FROM d")
    .replace("c.x", "1")
    + " SELECT count(*) FROM d WHERE d.x <> c.x) AS n FROM c",
    fill="INSERT INTO {table} " + _COUNT.format(limit=" LIMIT {n}") + " SELECT x FROM c",
    endless_fill="INSERT INTO {table} " + _COUNT.format(limit="") + " SELECT x FROM c",
    bad_value="SELECT abs(-9223372036854775808) AS boom",
    parameter=":p",
    cancel_code="SQLITE_INTERRUPT",
    waits_for_locks=True,
    types=(
        TypeCase("-9223372036854775807 - 1", pa.int64(), -(2**63), "INTEGER"),
        TypeCase("0.1", pa.float64(), 0.1, "REAL"),
        TypeCase("9e999", pa.float64(), float("inf"), "REAL", "inf"),
        TypeCase("'é' || char(0) || '日'", pa.string(), "é\0日", "TEXT"),
        TypeCase("x'00FF'", pa.binary(), b"\0\xff", "BLOB", "0x00ff"),
        TypeCase("NULL", pa.string(), None, ""),
    ),
    every_type=lambda: ["INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC"],
    lock="import sqlite3; held = sqlite3.connect(PATH, isolation_level=None, timeout=0.1); "
    "held.execute('PRAGMA locking_mode = EXCLUSIVE'); held.execute('BEGIN EXCLUSIVE')",
    lock_says="is locked by another program",
    not_a_database="is not an SQLite database",
    make_writable="PRAGMA query_only = OFF",
    writes_refused="readonly database",
    error_positions=(
        ("SELECT 'é日', nope FROM (SELECT 1 AS x) t", "SQLITE_ERROR", "nope"),
        ("SELECT\t1,\n\t\t2 FRM (SELECT 1) t", "SQLITE_ERROR", "("),
        ("SELECT * FROM nosuch", "SQLITE_ERROR", "nosuch"),
        ("INSERT INTO nosuch VALUES (1)", "SQLITE_ERROR", "nosuch"),
    ),
    edges=("''", "'a\nb'", "9223372036854775807", "-0.5", "'1' + 1"),
)

SUBJECTS = (DUCKDB, SQLITE)
