"""The first sheet: the verdict, what is most urgent, the summary, and what the report rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from landcheck.messages import say
from landcheck.model import Report
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.report_tables import Table
from landcheck.report.content.screen import firsts
from landcheck.report.content.text import width
from landcheck.report.options import NOTEWORTHY
from landcheck.report.paper import STYLES
from landcheck.report.xlsx.worksheet import ACCENT, ALARM, HIGHEST_PT, Book, cell_text, lines_needed, points

WIDTHS = (74, 11, 11, 13, 14, 15, 19)  # of the columns


def front(book: Book, report: Report, findings: int) -> None:
    """The first sheet: lines over the whole width around the summary; ``findings`` are listed on the next one."""
    sheet = book.sheet(say("report-summary", book.lang))
    for column, wide in enumerate(WIDTHS):
        sheet.set_column(column, column, wide)
    below = _write_lines(book, sheet, _opening(book, report, findings), 0)
    below = _summary(book, sheet, report_tables.summary(report, book.lang), below)
    _write_lines(book, sheet, _closing(book, report), below)


def _write_lines(book: Book, sheet: Worksheet, texts: Iterable[tuple[str, Format]], first: int) -> int:
    """Lines over the whole width, from a row on; the row below them."""
    row = first
    for row, (text, style) in enumerate(texts, first):
        if text:
            # As high as the text needs: Excel does not see to that where cells are merged.
            size = float(style.font_size) / 11
            shown_text = cell_text(text, book.lang)
            sheet.set_row(row, min(HIGHEST_PT, points(lines_needed(width(shown_text) * size, sum(WIDTHS))) * size))
            sheet.merge_range(row, 0, row, len(WIDTHS) - 1, "")
            sheet.write_string(row, 0, shown_text, style)
    return row + 1


def _looks(book: Book) -> tuple[Format, Format]:
    """Of a line of text, and of a heading."""
    return book.format(text_wrap=True), book.format(bold=True, font_size=13, font_color=ACCENT)


def _opening(book: Book, report: Report, findings: int) -> Iterator[tuple[str, Format]]:
    """What stands before the summary: lines with their looks; an empty one is a gap."""
    lang, (plain, head) = book.lang, _looks(book)
    worst, state = overview.state(report, "paper-state", lang)
    style = STYLES[worst]
    yield say("paper-title", lang), book.format(bold=True, font_size=20, font_color=ACCENT)
    yield state, book.format(bold=True, font_size=13, bg_color=style.ground, font_color=style.line)
    yield overview.totals(report, lang), plain
    if left_out := book.left_out(findings):
        yield left_out, book.format(bold=True, text_wrap=True, font_color=ALARM)
    for one in firsts(report, lang):
        if one.head:
            yield "", plain
        yield one.text, head if one.head else plain
    yield "", plain
    yield say("report-summary", lang), head


def _closing(book: Book, report: Report) -> Iterator[tuple[str, Format]]:
    """What stands below it."""
    lang, (plain, head) = book.lang, _looks(book)
    notes = overview.notes(report, lang)
    parts = [("report-notices", overview.notices(report, lang)), ("report-basis", overview.basis(report, lang))]
    for code, texts in (*parts, *([("xlsx-notes", notes)] if notes else [])):
        yield "", plain
        yield say(code, lang), head
        yield from ((line, plain) for line in texts)


def _summary(book: Book, sheet: Worksheet, table: Table, row: int) -> int:
    """The summary from a row on; the row below it."""
    for column, text in enumerate(table.heads):
        sheet.write_string(row, column, cell_text(text, book.lang), book.head())
    for line, cells in enumerate(table.rows, row + 1):
        sheet.set_row(line, points(lines_needed(width(cells[0]), WIDTHS[0])))
        sheet.write_string(line, 0, cell_text(cells[0], book.lang), book.text(wraps=True))
        for column, verdict in enumerate(labels.VERDICTS, 1):
            if not cells[column]:
                continue
            marked = verdict in NOTEWORTHY and cells[column] != "0"
            look = {"bold": True, "bg_color": STYLES[verdict].ground} if marked else {}
            style = book.format(num_format="#,##0", align="right", indent=1, **look)
            sheet.write_number(line, column, int(cells[column].replace(",", "")), style)
        sheet.write_string(line, 6, cell_text(cells[6], book.lang), book.text())
    return row + 1 + len(table.rows)
