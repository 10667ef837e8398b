"""A sheet of the workbook: one head line, frozen and with a filter, and as many rows as Excel takes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import Verdict
from landcheck.report.content import labels
from landcheck.report.content.report_tables import Table
from landcheck.report.content.text import width
from landcheck.report.paper import QUIET, STYLES

# What a sheet and a cell hold (Excel specifications and limits); the head and the line on what is left out take two.
ROWS = 1_048_576 - 2
CHARACTERS = 32_767
NAME_LENGTH = 31
LINE_PT, BESIDE_PT, TITLE_PT = 16.0, 2.0, 21.0  # a line of hanzi, what stands free beside the lines, a title
HALF_PX, COLUMN_PX, FREE_PX = 7.4, 7.0, 10.0  # half a hanzi of 11 points, a character of a column, its edges and indent
HIGHEST_PT = 405.0  # Excel takes 409
WIDEST = 80  # characters of a text in one line
A4 = 9  # Excel's number of the paper
ACCENT, ALARM = "#1F4E79", "#8F1512"

Value = Verdict | float | int | str | None

_NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters of the standard font; a ``wraps`` column breaks its lines."""

    head: str
    width: float
    wraps: bool = False


class SheetTable(NamedTuple):
    """A table that stands below another."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


@dataclass(slots=True)
class Book:
    """The workbook with its formats; sheets are written one after the other, row by row, and held on disk."""

    made: Workbook
    lang: Lang
    names: set[str] = field(default_factory=set)
    formats: dict[str, Format] = field(default_factory=dict)
    words: dict[Verdict, tuple[str, Format]] = field(default_factory=dict)

    def format(self, **properties: object) -> Format:
        """One format for each set of properties; text stands at the top of its cell."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.made.add_format({"valign": "top", **properties})
        return self.formats[key]

    def head(self) -> Format:
        """The head of a column."""
        return self.format(bold=True, bg_color=ACCENT, font_color="#FFFFFF", text_wrap=True, border=1, indent=1)

    def text(self, *, wraps: bool = False) -> Format:
        """Text in a table, off the number at its left."""
        return self.format(text_wrap=wraps, indent=1, bottom=1, bottom_color="#E3E7EB")

    def verdict(self, verdict: Verdict) -> tuple[str, Format]:
        """The verdict's word and its colours."""
        if verdict not in self.words:
            style = STYLES[verdict]
            ink = QUIET if verdict is Verdict.NOT_APPLICABLE else style.line
            look = self.format(bg_color=style.ground, font_color=ink, border=1, border_color="#D5DAE0", indent=1)
            self.words[verdict] = labels.verdict(verdict, self.lang), look
        return self.words[verdict]

    def number(self, value: float) -> Format:
        """Thousands apart, and decimals only where there are some: ``0.####`` would show 2 as ``2.``."""
        shape = "#,##0" if value == int(value) else "#,##0.0#######"
        return self.format(num_format=shape, align="right", indent=1, bottom=1, bottom_color="#E3E7EB")

    def sheet(self, title: str) -> Worksheet:
        """A new sheet, its name fit for Excel, set to print landscape on A4."""
        name = _NOT_IN_A_NAME.sub(" ", title)[:NAME_LENGTH]
        while name.casefold() in self.names:
            name = f"{name[: NAME_LENGTH - 3]} {len(self.names)}"
        self.names.add(name.casefold())
        sheet = self.made.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, text: Format) -> None:
        """A value in its cell: a verdict in words and colour, a number as a number, anything else as text."""
        if isinstance(value, Verdict):
            sheet.write_string(row, column, *self.verdict(value))
        elif value is None or (isinstance(value, float) and not math.isfinite(value)):
            sheet.write_blank(row, column, None, text)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, _Shortest(value) if isinstance(value, float) else value, self.number(value))
        else:
            sheet.write_string(row, column, cell_text(value, self.lang), text)

    def left_out(self, count: int) -> str:
        """That so many rows are more than a sheet holds; empty where it holds them."""
        if count <= ROWS:
            return ""
        return say("xlsx-rows-left-out", self.lang, rows=f"{ROWS:,}", count=f"{count - ROWS:,}")

    def grid(
        self, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, frozen: int = 0,
        printed: int = 0, nothing: str = "xlsx-nothing", below: Sequence[SheetTable] = (),
    ) -> None:  # fmt: skip
        """A sheet of rows; those beyond what Excel takes are counted in its last line.

        The first ``frozen`` columns stay in sight, the first ``printed`` are printed (0: all); ``nothing`` is the code
        of what a sheet without rows says. Tables that stand ``below`` have heads of their own.
        """
        sheet = self.sheet(title)
        columns, *others = _aligned(sheet, [SheetTable(title, columns, ()), *below])
        self._heads(sheet, columns)
        texts = [self.text(wraps=column.wraps) for column in columns]
        longest, count = [0] * len(columns), 0
        for count, row in enumerate(rows, 1):
            if count <= ROWS:
                sheet.set_row(count, _height(row, columns))
                for x, value in enumerate(row):
                    self.put(sheet, count, x, value, texts[x])
                    longest[x] = max(longest[x], len(value) if isinstance(value, str) else 0)
        for x, column in enumerate(columns):
            if not column.wraps and longest[x] + 3 > column.width:
                sheet.set_column(x, x, min(WIDEST, longest[x] + 3))
        if not count:
            sheet.write_string(1, 0, say(nothing, self.lang), self.format())
        elif words := self.left_out(count):
            sheet.write_string(ROWS + 1, 0, words, self.format(bold=True, font_color=ALARM))
        placed = (grid._replace(columns=own) for grid, own in zip(below, others, strict=True))
        last = self._below(sheet, min(count, ROWS) + 3, placed)
        sheet.freeze_panes(1, frozen)
        if not below:  # whose heads are others
            sheet.repeat_rows(0)
        sheet.autofilter(0, 0, min(count, ROWS), len(columns) - 1)
        if printed:
            sheet.print_area(0, 0, last, printed - 1)

    def _below(self, sheet: Worksheet, at: int, grids: Iterable[SheetTable]) -> int:
        """Further tables, each under its title, and the last row; rows for which there is no room are counted."""
        for grid in grids:
            if at + 2 > ROWS:
                break
            sheet.set_row(at, TITLE_PT)
            sheet.write_string(at, 0, visible(grid.title), self.format(bold=True, font_size=13, font_color=ACCENT))
            self._heads(sheet, grid.columns, at + 1)
            texts, at = [self.text(wraps=column.wraps) for column in grid.columns], at + 2
            left = 0
            for row in grid.rows:
                if at > ROWS:
                    left += 1
                    continue
                sheet.set_row(at, _height(row, grid.columns))
                for x, value in enumerate(row):
                    self.put(sheet, at, x, value, texts[x])
                at += 1
            if left:
                words = say("xlsx-rows-left-out", self.lang, rows=f"{ROWS:,}", count=f"{left:,}")
                sheet.write_string(ROWS + 1, 0, words, self.format(bold=True, font_color=ALARM))
            at += 1
        return min(at - 2, ROWS + 1)

    def _heads(self, sheet: Worksheet, columns: Sequence[Column], at: int = 0) -> None:
        look = self.head()
        # The button of the filter covers the end of the last line.
        most = max(lines_needed(width(column.head) * 1.06 + 2.5, column.width) for column in columns)
        sheet.set_row(at, points(most))
        for x, column in enumerate(columns):
            sheet.write_string(at, x, visible(column.head), look)


class _Shortest(float):
    """Written with its own digits: the sixteen that XlsxWriter asks for are 87346.99000000001, or another number's."""

    def __format__(self, spec: str) -> str:
        return repr(self).removesuffix(".0")


def _aligned(sheet: Worksheet, grids: Sequence[SheetTable]) -> list[list[Column]]:
    """The columns of tables that stand below each other, each as wide as the widest; the sheet has them so."""
    wide = [max(column.width for column in each if column) for each in zip_longest(*(grid.columns for grid in grids))]
    for x, most in enumerate(wide):
        sheet.set_column(x, x, most)
    return [[replace(column, width=most) for column, most in zip(grid.columns, wide, strict=False)] for grid in grids]


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """Points for the longest text that wraps: not every program sees to it when it opens the file."""
    needed = (
        # its half-widths, near enough and a hundred times faster than to look at each character
        lines_needed((len(value) + len(value.encode("utf-8", "replace"))) / 2, column.width)
        for value, column in zip(row, columns, strict=True)
        if column.wraps and isinstance(value, str)
    )
    return points(max(needed, default=1))


def lines_needed(halves: float, wide: float) -> int:
    """How many lines a text of so many half-widths takes in a column; a line that breaks may leave a hanzi's room."""
    long, room = halves * HALF_PX, wide * COLUMN_PX - FREE_PX
    return 1 if long <= room else math.ceil(long / (room - 2 * HALF_PX))


def points(count: int) -> float:
    """Points for so many lines."""
    return min(HIGHEST_PT, count * LINE_PT + BESIDE_PT)


def cell_text(text: str, lang: Lang) -> str:
    """The text as a cell can hold it, everything invisible spelled out; what is cut off is counted."""
    seen = visible(text)
    # Excel counts a character outside the basic plane as two.
    if len(seen) <= CHARACTERS // 2 or len(seen) + sum(one > "\uffff" for one in seen) <= CHARACTERS:
        return seen
    kept = seen[: CHARACTERS // 2 - 50]
    return say("report-cut", lang, text=kept, count=len(seen) - len(kept))


def sheet_table(table: Table) -> SheetTable:
    """A table of the report, numbers as numbers."""
    columns = [
        Column(head, min(46, max(9, *(width(row[x]) for row in table.rows), width(head)) + 3), wraps=x not in table.ids)
        for x, head in enumerate(table.heads)
    ]
    rows = [[_number(cell) if x in table.numbers else cell for x, cell in enumerate(row)] for row in table.rows]
    return SheetTable(table.title, columns, rows)


def _number(text: str) -> Value:
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else text
