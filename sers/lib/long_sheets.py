"""Sheets of any length, written a few rows at a time: the memory does not grow with the rows.

Every cell is a text that no spreadsheet computes, as in `sers.lib.sheets`.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any, Final, Protocol

from sers.lib.sheets import open_workbook, safe

#: Rows of one sheet of a workbook, the heads among them; what is more goes on a further sheet.
MOST_ROWS: Final = 1_048_576


class LongSheet(Protocol):
    """Rows are added in the order they stand; `end` writes the notice and closes."""

    def add(self, lines: Iterable[Sequence[object]]) -> None: ...

    def end(self, notice: str = "") -> None: ...


class LongCsv:
    """UTF-8; with the mark that spreadsheets know it by unless a machine reads it."""

    def __init__(self, out: IO[bytes], heads: Sequence[str], *, marked: bool = True) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        if marked:
            self._text.write("\ufeff")
        self._writer = csv.writer(self._text)
        self._writer.writerow(heads)

    def add(self, lines: Iterable[Sequence[object]]) -> None:
        self._writer.writerows([safe(cell) for cell in line] for line in lines)

    def end(self, notice: str = "") -> None:
        if notice:
            self._writer.writerow([notice])
        self._text.detach()  # the file stays open: it is whose it was


class LongXlsx:
    """A workbook whose rows go to the disk as they come; the notice stands on a sheet of its own."""

    def __init__(self, out: IO[bytes], heads: Sequence[str], *, title: str, most: int = MOST_ROWS) -> None:
        self._book = open_workbook(out, title=title, constant_memory=True)
        self._bold = self._book.add_format({"bold": True, "text_wrap": True})
        self._wrapped = self._book.add_format({"text_wrap": True})
        self._title, self._heads, self._most = title, heads, most
        self._sheets = self._row = 0
        self._sheet: Any = None
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        self._sheet = self._book.add_worksheet(name[:31])
        for at, head in enumerate(self._heads):
            self._sheet.set_column(at, at, max(len(head) + 2, 14))
        self._sheet.freeze_panes(1, 0)
        for at, head in enumerate(self._heads):
            self._sheet.write_string(0, at, head, self._bold)
        self._row = 1

    def add(self, lines: Iterable[Sequence[object]]) -> None:
        for line in lines:
            if self._row == self._most:
                self._begin()
            for at, cell in enumerate(line):
                self._sheet.write_string(self._row, at, safe(cell))
            self._row += 1

    def end(self, notice: str = "") -> None:
        if notice:
            below = self._book.add_worksheet("Notice")
            below.set_column(0, 0, 90)
            below.write_string(0, 0, notice, self._wrapped)
        self._book.close()
