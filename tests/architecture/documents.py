"""Reads the Markdown of docs/ for the tests that compare it with the program."""

import re
from dataclasses import dataclass
from functools import cache

from tests.architecture.source import ROOT

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Section:
    """A heading with the text below it, down to the next heading of its level or above."""

    title: str
    level: int
    text: str

    @property
    def rows(self) -> list[list[str]]:
        """The cells of its tables' rows, without headings and rules."""
        lines = [line.strip() for line in self.text.splitlines() if line.startswith("|")]
        rows = []
        for number, line in enumerate(lines):
            rule = lines[number + 1] if number + 1 < len(lines) else ""
            if _is_rule(line) or _is_rule(rule):
                continue
            # `\|` is a bar inside a cell.
            cells = re.split(r"(?<!\\)\|", line.strip("|"))
            rows.append([cell.strip().replace("\\|", "|") for cell in cells])
        return rows

    @property
    def codes(self) -> list[str]:
        """What stands between backquotes, fenced blocks left out."""
        return _CODE.findall(re.sub(r"^```.*?^```", "", self.text, flags=re.DOTALL | re.MULTILINE))


@cache
def sections(document: str) -> tuple[Section, ...]:
    """The sections of docs/`document`, each with its subsections inside."""
    lines = (ROOT / "docs" / document).read_text("utf-8").splitlines()
    heads = [
        (number, len(found[1]), found[2].strip())
        for number, line in enumerate(lines)
        if (found := re.match(r"(#+) (.*)", line)) and not _fenced(lines, number)
    ]
    found_sections = []
    for place, (start, level, title) in enumerate(heads):
        later = (number for number, other, _ in heads[place + 1 :] if other <= level)
        end = next(later, len(lines))
        found_sections.append(Section(title, level, "\n".join(lines[start + 1 : end])))
    return tuple(found_sections)


def section(document: str, title: str) -> Section:
    """The section of that exact title; its absence is a failure that names it."""
    for found in sections(document):
        if found.title == title:
            return found
    raise AssertionError(f"docs/{document} has no section {title!r}")


def _is_rule(line: str) -> bool:
    """Is it the line of dashes below a table's heading?"""
    return line != "" and set(line) <= set("|-: ")


def _fenced(lines: list[str], number: int) -> bool:
    return sum(line.startswith("```") for line in lines[:number]) % 2 == 1
