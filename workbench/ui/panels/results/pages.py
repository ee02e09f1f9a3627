"""The texts of the pages a grid shows, made when first needed and kept for a while.

GUI thread only. A page is 256 rows; only columns that are in view are converted. Never
holds on to the rows themselves: they may be on disk, and a kept slice would keep a whole
batch in RAM.
"""

from collections import OrderedDict
from collections.abc import Sequence

from workbench.core.results.resultset import ResultSet
from workbench.core.results.text import Texts, page_texts

PAGE_ROWS = 256
_MOST_KEPT = 600  # columns of pages: some 150,000 texts


class PageCache:
    """Texts by page and column, least recently used go first."""

    def __init__(self, results: ResultSet) -> None:
        self._results = results
        self._kept: OrderedDict[tuple[int, int], Texts] = OrderedDict()

    def texts(self, page: int, columns: Sequence[int]) -> list[Texts]:
        """The texts of `columns` in rows from `page` * 256; shorter while the page grows.

        Reads RAM or the memory map, some milliseconds for a page.
        """
        start = page * PAGE_ROWS
        ready = min(PAGE_ROWS, self._results.rows.known - start)
        missing = [column for column in columns if len(self._kept.get((page, column), ())) < ready]
        if missing:
            batches = self._results.slice(start, PAGE_ROWS)
            made = page_texts(batches, self._results.columns, missing)
            for column, texts in zip(missing, made, strict=True):
                self._kept[page, column] = texts
        found = []
        for column in columns:
            found.append(self._kept.get((page, column), []))
            if (page, column) in self._kept:
                self._kept.move_to_end((page, column))
        while len(self._kept) > max(_MOST_KEPT, 2 * len(columns)):
            self._kept.popitem(last=False)
        return found

    def text(self, row: int, column: int) -> str | None:
        """The one-line text of a cell; None is NULL. Raises IndexError past the last row."""
        page, place = divmod(row, PAGE_ROWS)
        return self.texts(page, [column])[0][place]
