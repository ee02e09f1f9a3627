"""No password reaches the history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.sql.redact import redact

SECRET = "hunter2"


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER USER a PASSWORD 'hunter2'",
        "ALTER USER a WITH ENCRYPTED PASSWORD 'hunter2' VALID UNTIL 'x'",
        "create role a login password\n  'hunter2'",
        "CREATE USER 'a'@'%' IDENTIFIED BY 'hunter2'",
        "CREATE USER a IDENTIFIED WITH caching_sha2_password BY 'hunter2'",
        "CREATE USER a IDENTIFIED BY PASSWORD 'hunter2'",
        "CREATE USER a IDENTIFIED WITH mysql_native_password AS 'hunter2'",
        'CREATE USER a IDENTIFIED /* why */ BY "hunter2"',
        "CREATE USER a IDENTIFIED BY hunter2",
        "CREATE LOGIN a WITH PASSWORD = N'hunter2'",
        "SET PASSWORD FOR 'a'@'localhost' = 'hunter2'",
        "SET PASSWORD = PASSWORD('hunter2')",
        "SELECT 'it\\'s'; CREATE USER a IDENTIFIED BY 'hunter2'",
        "SELECT '\\'; ALTER USER a PASSWORD 'hunter2'",
        "CREATE USER a IDENTIFIED BY 'a\\'hunter2'",
        "SELECT [it's]; ALTER LOGIN a WITH PASSWORD = 'hunter2'",
        "ALTER USER a PASSWORD $$hunter2$$",
        "ALTER USER a PASSWORD $x$it's hunter2$x$",
        "ALTER USER a PASSWORD E'hunter2'",
        "ALTER USER a PASSWORD 'hunter2",
        "CREATE SECRET (TYPE s3, KEY_ID 'AKIA', SECRET 'hunter2')",
        "CREATE OR REPLACE PERSISTENT SECRET s IN local_file (TYPE s3, SECRET hunter2)",
        "CREATE SECRET s (TYPE http, EXTRA_HTTP_HEADERS MAP {'Authorization': 'Bearer hunter2'})",
        "CREATE SECRET s (TYPE azure, CONNECTION_STRING 'AccountKey=hunter2;a=b')",
        "CREATE SECRET s (TYPE x, something_new 'hunter2'",
        "SET s3_secret_access_key = 'hunter2'",
        "SET s3_session_token='hunter2'",
        "ATTACH 'host=h user=u password=hunter2 dbname=d' AS p (TYPE postgres)",
        "ATTACH 'postgresql://me:hunter2@host/db' AS p (TYPE postgres)",
        "ATTACH 'mysql://me:hun@hunter2@host/db'",
        "SELECT * FROM dblink('Server=h;Pwd={hunter2;};User=u')",
        "-- postgresql://me:hunter2@host/db\nselect 1",
        "/* password=hunter2 */ select 1",
        "PRAGMA key = 'x'; PRAGMA encryption_key='hunter2'",
        "ATTACH 'f.db' AS f (ENCRYPTION_KEY 'hunter2')",
        "OPEN MASTER KEY DECRYPTION BY PASSWORD = 'hunter2'",
        "CREATE CREDENTIAL c WITH IDENTITY = 'me', SECRET = 'hunter2'",
        "db.createUser({user: 'a', pwd: 'hunter2'})",
    ],
)
def test_the_secret_is_gone_and_the_rest_can_still_be_read(sql: str) -> None:
    redacted = redact(sql)
    assert SECRET not in redacted
    assert "***" in redacted
    assert redacted.split()[0] == sql.split(maxsplit=1)[0]
    assert redact(redacted) == redacted


def test_what_is_no_secret_stays() -> None:
    sql = "ALTER USER 'ada' PASSWORD 'x' VALID UNTIL '2030-01-01'; select 'password' from t"
    assert redact(sql) == (
        "ALTER USER 'ada' PASSWORD '***' VALID UNTIL '2030-01-01'; select 'password' from t"
    )


def test_a_secret_s_harmless_options_stay() -> None:
    sql = "CREATE SECRET s (TYPE s3, KEY_ID 'AKIA', SECRET 'x', REGION 'eu-west-1')"
    assert redact(sql) == (
        "CREATE SECRET s (TYPE s3, KEY_ID '***', SECRET '***', REGION 'eu-west-1')"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "select password, token from users where id = 5",
        "create table t (id int primary key, password text not null)",
        "select 'http://example.org/a:b@c', 'it''s'",
        "select password_hash from t order by 'x'",
        "insert into keys (key, value) values ('a', 'b')",
    ],
)
def test_an_ordinary_statement_comes_back_unchanged(sql: str) -> None:
    assert redact(sql) == sql


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    redacted = redact(f"{text} password '{text}")
    assert redact(redacted) == redacted


PASSWORDS = st.text(st.characters(codec="utf-8", exclude_characters="'\\$[\"`"), min_size=1)


@given(PASSWORDS.map(lambda text: f"§{text}§"))
def test_any_password_is_blanked(password: str) -> None:
    assert password not in redact(f"alter user a password '{password}'; select 1")
