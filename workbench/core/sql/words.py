"""The words of each dialect: keywords, functions, and how a name is quoted.

Data and pure functions, any thread. The lists are for completion and for telling a name from
a keyword in half-typed text; they are not a grammar and need not be complete.
"""

import re
from functools import cache


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, as a set: long lists stay readable that way."""
    return frozenset(text.split())


_KEYWORDS = """
SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET DISTINCT ALL AS ON USING JOIN INNER LEFT
RIGHT FULL OUTER CROSS NATURAL UNION INTERSECT EXCEPT WITH RECURSIVE INSERT INTO VALUES UPDATE
SET DELETE CREATE TABLE VIEW INDEX UNIQUE PRIMARY KEY FOREIGN REFERENCES CHECK DEFAULT
CONSTRAINT TEMPORARY IF EXISTS ALTER ADD COLUMN RENAME TO DROP AND OR NOT NULL IS IN BETWEEN LIKE
ESCAPE CASE WHEN THEN ELSE END CAST ASC DESC NULLS FIRST LAST OVER PARTITION ROWS RANGE
PRECEDING FOLLOWING UNBOUNDED CURRENT ROW FILTER WINDOW TRUE FALSE BEGIN COMMIT ROLLBACK
SAVEPOINT RELEASE TRANSACTION EXPLAIN ANALYZE CONFLICT DO NOTHING RETURNING COLLATE
"""
_MORE_KEYWORDS = {
    "duckdb": """
ATTACH DETACH USE COPY DESCRIBE SUMMARIZE SHOW TABLES PIVOT UNPIVOT QUALIFY SAMPLE TABLESAMPLE
EXCLUDE REPLACE ASOF POSITIONAL SEMI ANTI LATERAL ILIKE SIMILAR MACRO SEQUENCE SCHEMA TYPE ENUM
STRUCT MAP PRAGMA INSTALL LOAD EXPORT IMPORT DATABASE CHECKPOINT VACUUM COMMENT EXTRACT INTERVAL
LAMBDA UNNEST FORMAT PARQUET CSV JSON TRUNCATE SECRET TRY_CAST GLOB VARCHAR INTEGER BIGINT
DOUBLE DECIMAL DATE TIME TIMESTAMP BOOLEAN BLOB UUID
""",
    "sqlite": """
ATTACH DETACH PRAGMA VACUUM REINDEX TRIGGER BEFORE AFTER INSTEAD OF FOR EACH RAISE ABORT IGNORE
REPLACE FAIL AUTOINCREMENT WITHOUT ROWID STRICT GLOB REGEXP MATCH INDEXED ISNULL NOTNULL
IMMEDIATE EXCLUSIVE DEFERRED VIRTUAL GENERATED ALWAYS STORED QUERY PLAN TEXT INTEGER REAL BLOB
NUMERIC
""",
    "postgres": """
COPY ILIKE SIMILAR LATERAL MATERIALIZED SCHEMA SEQUENCE TYPE DOMAIN EXTENSION FUNCTION PROCEDURE
TRIGGER GRANT REVOKE ROLE TRUNCATE VACUUM CLUSTER LISTEN NOTIFY SHOW LOCK FETCH DECLARE CURSOR
INTERVAL EXTRACT ARRAY JSONB VARCHAR INTEGER BIGINT NUMERIC BOOLEAN TEXT BYTEA UUID TIMESTAMPTZ
""",
    "mysql": """
SHOW TABLES DATABASES DESCRIBE USE REPLACE DUPLICATE IGNORE ENGINE AUTO_INCREMENT TRUNCATE LOCK
UNLOCK PROCEDURE FUNCTION TRIGGER EVENT DELIMITER CALL REGEXP RLIKE STRAIGHT_JOIN FORCE INTERVAL
VARCHAR INT BIGINT DECIMAL DATETIME TIMESTAMP TEXT BLOB UNSIGNED
""",
}
_FUNCTIONS = """
count sum avg min max coalesce nullif lower upper trim ltrim rtrim length replace substr abs round
row_number rank dense_rank lag lead first_value last_value ntile current_date current_timestamp
"""
_MORE_FUNCTIONS = {
    "duckdb": """
any_value arg_max arg_min array_agg list string_agg median mode quantile_cont stddev variance
approx_count_distinct histogram bool_and bool_or date_trunc date_part date_diff date_add strftime
strptime epoch now today age make_date concat concat_ws contains starts_with ends_with
regexp_matches regexp_replace regexp_extract split_part string_split left right lpad rpad reverse
strlen format printf hash md5 sha256 uuid range generate_series unnest list_value list_transform
list_filter list_aggregate list_contains list_sort array_length struct_pack struct_extract map
map_keys map_values json_extract json_extract_string to_json read_csv read_parquet read_json
greatest least ceil floor power sqrt ln log exp sign random typeof greatest try_cast columns
""",
    "sqlite": """
group_concat total ifnull iif instr printf format hex quote random randomblob typeof unicode char
date time datetime julianday strftime unixepoch json json_array json_object json_extract json_each
json_tree json_group_array json_group_object json_type json_valid likelihood changes
last_insert_rowid sign ceil floor ln log power sqrt
""",
    "postgres": """
string_agg array_agg json_agg jsonb_agg date_trunc date_part now age to_char to_date to_timestamp
generate_series unnest concat concat_ws split_part regexp_replace regexp_matches position left
right lpad rpad md5 gen_random_uuid greatest least ceil floor power sqrt random jsonb_build_object
json_build_object percentile_cont bool_and bool_or
""",
    "mysql": """
group_concat ifnull concat concat_ws date_format str_to_date now curdate datediff date_add
date_sub year month day hour json_extract json_object left right lpad rpad greatest least ceil
floor power sqrt rand md5 sha2 uuid
""",
}
# Words that end a list of names: none of them is an alias, whatever the dialect.
RESERVED = word_set("""
SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET DISTINCT ALL AS ON USING JOIN INNER LEFT RIGHT
FULL OUTER CROSS NATURAL UNION INTERSECT EXCEPT WITH INSERT INTO VALUES UPDATE SET DELETE CREATE
TABLE AND OR NOT NULL IS IN BETWEEN LIKE CASE WHEN THEN ELSE END CAST ASC DESC WINDOW RETURNING
QUALIFY PIVOT UNPIVOT ASOF POSITIONAL SEMI ANTI LATERAL DEFAULT PRIMARY FOREIGN REFERENCES CHECK
UNIQUE CONSTRAINT TRUE FALSE EXISTS BY FOR FETCH TABLESAMPLE MINUS
""")
_TAKEN = RESERVED | word_set(_KEYWORDS)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_LOWER = re.compile(r"[a-z_][a-z0-9_]*")


@cache
def keywords(dialect: str) -> tuple[str, ...]:
    """The keywords to offer, upper case, the common ones first."""
    words = f"{_KEYWORDS} {_MORE_KEYWORDS.get(dialect, '')}"
    return tuple(dict.fromkeys(words.split()))


@cache
def functions(dialect: str) -> tuple[str, ...]:
    """The functions to offer, lower case, sorted."""
    words = f"{_FUNCTIONS} {_MORE_FUNCTIONS.get(dialect, '')}"
    return tuple(sorted(set(words.split())))


def quote(name: str, dialect: str = "") -> str:
    """`name` as it can be typed in a statement: bare where that is safe, else quoted."""
    plain = _PLAIN_LOWER if dialect == "postgres" else _PLAIN
    if plain.fullmatch(name) and name.upper() not in _TAKEN:
        return name
    if dialect in ("mysql", "spark", "databricks", "hive", "clickhouse"):
        return "`" + name.replace("`", "``") + "`"
    if dialect == "tsql":
        return "[" + name.replace("]", "]]") + "]"
    return '"' + name.replace('"', '""') + '"'
