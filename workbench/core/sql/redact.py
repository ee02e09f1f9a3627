"""Passwords taken out of a statement before it is written anywhere.

Called before a statement goes to the history or a log. Pure; any thread; linear time. It errs
on the side of blanking too much, and needs no dialect: the text is read by the rules of
several, so that a backslash or a bracket that means something else here does not hide a
secret. It cannot know a secret that nothing marks as one: 'x' in a VALUES list stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.core.sql.lexicon import lexicon

BLANK = "***"

_NAME = (
    r"(?:\w*(?:password|passwd|passphrase|secret|pwd)\w*|(?:\w+_)?(?:pass|token|credentials?"
    r"|(?:access|account|api|private|encryption|master|shared|signing)_?key(?:_?id)?|key_?id"
    r"|connection_?string|sas))"
)
_is_secret_name = re.compile(_NAME, re.IGNORECASE).fullmatch
_suspicious = re.compile(
    r"pass|pwd|secret|token|credential|identified|key|connection_?string|sas|://[^\s/]*@",
    re.IGNORECASE,
).search
_IN_STRING = re.compile(
    # password=x inside a connection string; the value ends at a separator, or is {braced}
    rf"(?P<head>(?<!\w){_NAME}\s*+=\s*+)(?P<value>\{{[^}}]*+\}}?|[^\s;&'\",)]++)",
    re.IGNORECASE,
)
_URL = re.compile(r"(?P<head>://[^\s:/@'\"]*+:)[^\s/'\"]*@")
_CONNECTORS = {"=", ":", ":=", "=>", "(", "TO", "IS", "BY", "AS", "WITH"}
# What a CREATE SECRET may show: the rest of its options is blanked, known or not.
_SHOWN = {
    *("TYPE", "PROVIDER", "SCOPE", "REGION", "ENDPOINT", "HOST", "PORT", "USER", "DATABASE"),
    *("URL_STYLE", "USE_SSL", "CHAIN", "ACCOUNT_NAME", "TENANT_ID"),
}
_STRING_MARKS = ("E", "N", "B", "X", "R")  # E'...', N'...'
_READINGS = ("mysql", "duckdb", "tsql")


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    quoted: bool
    comment: bool


def redact(sql: str) -> str:
    """`sql` with every password, key and token in it replaced by ***.

    Twice is once. Text without a secret comes back unchanged.
    """
    if not _suspicious(sql):
        return sql
    for dialect in _READINGS:
        sql = _Reading(sql, dialect).blanked()
    return sql


class _Reading:
    """One pass over the text by one dialect's rules."""

    def __init__(self, sql: str, dialect: str) -> None:
        self._sql, self._dialect = sql, dialect
        self._out: list[str] = []
        self._copied = 0
        self._name = ""  # the last word or quoted name, connectors left out
        self._words: list[str] = []  # the statement's first ones
        self._identified = False  # after IDENTIFIED, up to its value
        self._depth = 0
        self._option = ""  # in CREATE SECRET (...): whose value is being read
        self._option_start: int | None = None

    def blanked(self) -> str:
        for token in _tokens(self._sql, self._dialect):
            if token.comment:
                self._replace(token, _inside(token.text))
            elif self._in_secret_options(token):
                continue
            elif token.quoted:
                self._quoted(token)
            else:
                self._plain(token)
        self._end_option(len(self._sql))
        return "".join((*self._out, self._sql[self._copied :]))

    def _quoted(self, token: _Token) -> None:
        if self._is_value():
            self._replace(token, _emptied(token.text))
            self._identified = False
        else:
            self._replace(token, _inside(token.text))
        self._name = token.text[1:-1]

    def _plain(self, token: _Token) -> None:
        word = token.text.upper()
        if word in _STRING_MARKS and self._sql.startswith("'", token.end):
            return
        if word == ";":
            self._words, self._depth, self._name, self._identified = [], 0, "", False
        elif word[0].isalpha() or word[0] == "_":
            if self._identified and self._name == "BY" and word != "PASSWORD":
                self._replace(token, BLANK)  # Oracle: IDENTIFIED BY secret
                self._identified = False
            self._words = [*self._words, word] if len(self._words) < 8 else self._words
            self._identified = self._identified or word == "IDENTIFIED"
            if self._identified or word not in _CONNECTORS:
                self._name = word
        elif word not in _CONNECTORS:
            self._name = ""
        if word == "(" and self._words[:1] == ["CREATE"] and "SECRET" in self._words:
            self._depth = 1
            self._option_start = None

    def _is_value(self) -> bool:
        """Does a quoted text here stand where a secret stands?"""
        setting = self._words[:2] == ["SET", "PASSWORD"]  # SET PASSWORD FOR 'u'@'h' = 'x'
        return bool(
            _is_secret_name(self._name)
            or (self._identified and self._name in ("BY", "AS", "PASSWORD"))
            or (setting and self._name != "FOR")
        )

    def _in_secret_options(self, token: _Token) -> bool:
        """Inside the parentheses of CREATE SECRET: name value, name value."""
        if not self._depth:
            return False
        if token.text in ("(", "[", "{"):
            self._depth += 1
        elif token.text in (")", "]", "}"):
            self._depth -= 1
        if self._depth == 0 or (token.text == "," and self._depth == 1):
            self._end_option(token.start)
        elif not self._option:
            self._option = token.text.strip("\"'`").upper()
        elif self._option_start is None and token.text not in ("=", ":", ":="):
            self._option_start = token.start
        return True

    def _end_option(self, end: int) -> None:
        if self._option_start is not None and self._option not in _SHOWN:
            value = self._sql[self._option_start : end].rstrip()
            span = _Token(self._option_start, self._option_start + len(value), "", False, False)
            self._replace(span, f"'{BLANK}'")
        self._option, self._option_start = "", None

    def _replace(self, token: _Token, text: str) -> None:
        if token.start >= self._copied and text != self._sql[token.start : token.end]:
            self._out += (self._sql[self._copied : token.start], text)
            self._copied = token.end


def _tokens(sql: str, dialect: str) -> Iterator[_Token]:
    rules = lexicon(dialect)
    position, length = 0, len(sql)
    while position < length:
        end = rules.token_end(sql, position)
        text = sql[position:end]
        comment = len(text) > 1 and text[0] in "-/#"
        quoted = not comment and (text[0] in "'\"`[" or text[0] == "$") and len(text) > 1
        if not text.isspace():
            yield _Token(position, end, text, quoted, comment)
        position = end


def _emptied(text: str) -> str:
    quote = text[0] if text[0] in "'\"" else "'"
    return f"{quote}{BLANK}{quote}"


def _inside(text: str) -> str:
    """A string or comment with what looks like a secret inside it blanked."""
    text = _URL.sub(lambda found: f"{found['head']}{BLANK}@", text)
    return _IN_STRING.sub(lambda found: f"{found['head']}{BLANK}", text)
