"""The first sheet: the result, what it rests on, and how often each rule gave each verdict."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from landcheck.messages import Lang, say
from landcheck.model import Report
from landcheck.report import content, labels
from landcheck.report.ink import STYLES
from landcheck.report.options import NOTEWORTHY
from landcheck.report.paper import state
from landcheck.report.text import width
from landcheck.report.xlsx import grid
from landcheck.report.xlsx.grid import Book, cell_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WIDTHS = (19, 11, 11, 13, 14, 15, 62)


def front(book: Book, report: Report, findings: int) -> None:
    """Write the sheet; ``findings`` is how many there are to list on the next one."""
    sheet = book.sheet(say("report-summary", book.lang))
    for column, wide in enumerate(WIDTHS):
        sheet.set_column(column, column, wide)
    row = 0
    for text, style in _lines(book, report, findings):
        if text:
            _wide(sheet, row, cell_text(text, book.lang), style)
        row += 1
    _summary(book, sheet, report, row)


def _lines(book: Book, report: Report, findings: int) -> Iterator[tuple[str, Format]]:
    """Lines over the whole width with their looks; an empty one is a gap."""
    lang = book.lang
    plain, head = book.format(text_wrap=True), book.format(bold=True, font_size=13, font_color="#1F4E79")
    worst, result = state(report, lang)
    style = STYLES[worst]
    yield say("paper-title", lang), book.format(bold=True, font_size=20, font_color="#1F4E79")
    yield result, book.format(bold=True, font_size=13, bg_color=style.ground, font_color=style.line)
    yield content.totals(report, lang), plain
    if findings > grid.ROWS:
        told = say("xlsx-rows-left-out", lang, rows=f"{grid.ROWS:,}", count=f"{findings - grid.ROWS:,}")
        yield told, book.format(bold=True, text_wrap=True, font_color="#8F1512")
    for code, lines in _parts(report, lang):
        yield "", plain
        yield say(code, lang), head
        yield from ((line, plain) for line in lines)
    yield "", plain
    yield say("report-summary", lang), head


def _parts(report: Report, lang: Lang) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "report-notices", content.notices(report, lang)
    yield "report-basis", content.basis(report, lang)
    notes = content.input_notes(report, lang)
    if notes:
        yield "xlsx-notes", notes


def _wide(sheet: Worksheet, row: int, text: str, style: Format) -> None:
    """A line over all columns, as high as its text needs; Excel does not see to that where cells are merged."""
    size = float(style.font_size) / 11
    lines = math.ceil(width(text) * size * 1.1 / sum(WIDTHS))
    sheet.set_row(row, min(grid.HIGHEST_PT, (lines * grid.LINE_PT + 1) * size))
    sheet.merge_range(row, 0, row, len(WIDTHS) - 1, "")
    sheet.write_string(row, 0, text, style)


def _summary(book: Book, sheet: Worksheet, report: Report, row: int) -> None:
    table = content.summary(report, book.lang)
    head = book.format(bold=True, bg_color="#1F4E79", font_color="#FFFFFF", text_wrap=True, border=1, indent=1)
    for column, text in enumerate(table.heads):
        sheet.write_string(row, column, text, head)
    for line, cells in enumerate(table.rows, row + 1):
        sheet.set_row(line, grid.LINE_PT * math.ceil(width(cells[6]) * 1.12 / WIDTHS[6]))
        sheet.write_string(line, 0, cells[0], book.text())
        for column, verdict in enumerate(labels.VERDICTS, 1):
            marked = verdict in NOTEWORTHY and cells[column] != "0"
            look = {"bold": True, "bg_color": STYLES[verdict].ground} if marked else {}
            sheet.write_number(
                line, column, int(cells[column]), book.format(num_format="#,##0", align="right", indent=1, **look)
            )
        sheet.write_string(line, 6, cells[6], book.text(wraps=True))
