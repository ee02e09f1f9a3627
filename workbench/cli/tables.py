"""Small tables of Workbench's own facts, for stdout: aligned text. Pure; any thread."""

from collections.abc import Sequence

from workbench.core.results.export_table import fitted, width
from workbench.core.results.text import one_line


def table(names: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> str:
    """Aligned text with a head line; the columns in `right` stand to the right."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max([width(name), *(width(row[i]) for row in cells)]) for i, name in enumerate(names)]
    lines = [
        "  ".join(
            fitted(cell, wide, right=name in right)
            for cell, wide, name in zip(row, widths, names, strict=True)
        ).rstrip()
        for row in [list(names), *cells]
    ]
    return "\n".join(lines) + "\n"
