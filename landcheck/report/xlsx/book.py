"""Excel: what stands on which sheet; every table of the report to filter and to count in, text never as a formula."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from landcheck.messages import Lang, say
from landcheck.model import Report
from landcheck.report import content, labels
from landcheck.report.options import NOTEWORTHY
from landcheck.report.paper import STYLES, state
from landcheck.report.text import width
from landcheck.report.xlsx import worksheet
from landcheck.report.xlsx.worksheet import Book, cell_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet
import datetime as dt
import io
import re

from landcheck.model import Finding, Outcome, Rule
from landcheck.report.content import Table
from landcheck.report.options import Options, shown, shown_count
from landcheck.report.words import deciding_outcome, limit_words, measured_words, message, remedy, requirement_of
from landcheck.report.xlsx.worksheet import Column, Layout, Value, grid, matrix

if TYPE_CHECKING:
    from xlsxwriter import Workbook


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
    if findings > worksheet.ROWS:
        told = say("xlsx-rows-left-out", lang, rows=f"{worksheet.ROWS:,}", count=f"{findings - worksheet.ROWS:,}")
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
    sheet.set_row(row, min(worksheet.HIGHEST_PT, (lines * worksheet.LINE_PT + 1) * size))
    sheet.merge_range(row, 0, row, len(WIDTHS) - 1, "")
    sheet.write_string(row, 0, text, style)


def _summary(book: Book, sheet: Worksheet, report: Report, row: int) -> None:
    table = content.summary(report, book.lang)
    head = book.format(bold=True, bg_color="#1F4E79", font_color="#FFFFFF", text_wrap=True, border=1, indent=1)
    for column, text in enumerate(table.heads):
        sheet.write_string(row, column, text, head)
    for line, cells in enumerate(table.rows, row + 1):
        sheet.set_row(line, worksheet.LINE_PT * math.ceil(width(cells[6]) * 1.12 / WIDTHS[6]))
        sheet.write_string(line, 0, cells[0], book.text())
        for column, verdict in enumerate(labels.VERDICTS, 1):
            marked = verdict in NOTEWORTHY and cells[column] != "0"
            look = {"bold": True, "bg_color": STYLES[verdict].ground} if marked else {}
            sheet.write_number(
                line, column, int(cells[column]), book.format(num_format="#,##0", align="right", indent=1, **look)
            )
        sheet.write_string(line, 6, cells[6], book.text(wraps=True))


_NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")


def pieces(report: Report, options: Options) -> Iterator[bytes]:
    """The workbook as one piece."""
    out = io.BytesIO()
    made = _workbook(out, report, options.lang)
    book = Book(made, options.lang)
    front(book, report, shown_count(report, options.show))
    layout = Layout("report-no-findings", frozen=4, printed=8)
    grid(book, say("report-findings", options.lang), _finding_columns(options.lang), _findings(report, options), layout)
    _matrices(book, report, options)
    _data(book, report)
    for table in content.closing(report, options.lang):
        _table(book, table)
    _rules(book, report)
    made.close()
    yield out.getvalue()


def _workbook(out: io.BytesIO, report: Report, lang: Lang) -> Workbook:
    """An empty workbook that takes no text for a formula or a link, and depends on no clock."""
    import xlsxwriter

    # constant_memory keeps one row at a time: a run may have a million findings.
    settings = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    made = xlsxwriter.Workbook(out, settings)
    created = dt.datetime.combine(report.as_of, dt.time())
    made.set_properties({"title": say("paper-title", lang), "author": "landcheck", "created": created})
    return made


def _finding_columns(lang: Lang) -> list[Column]:
    known = content.heads(lang, "verdict", "rule", "subject", "clause", "message", "remedy")
    verdict, rule, kind, clause, told, todo = known
    own = ("id", "row", "requirement", "measured", "limit", "unit", "margin", "margin-m2", "missing", "lon", "lat")
    named = dict(zip(own, (say(f"xlsx-head-{name}", lang) for name in own), strict=True))
    return [
        Column(verdict, 13), Column(rule, 17), Column(kind, 7), Column(named["id"], 16), Column(named["row"], 7),
        Column(clause, 9), Column(told, 52, wraps=True), Column(todo, 42, wraps=True),
        Column(named["requirement"], 24, wraps=True), Column(named["measured"], 13), Column(named["limit"], 13),
        Column(named["unit"], 7), Column(named["margin"], 12), Column(named["margin-m2"], 13),
        Column(named["missing"], 28, wraps=True), Column(named["lon"], 12), Column(named["lat"], 12),
    ]  # fmt: skip


def _findings(report: Report, options: Options) -> Iterator[list[Value]]:
    for finding in shown(report, options.show):
        yield _finding(finding, options.lang)


def _finding(finding: Finding, lang: Lang) -> list[Value]:
    longitude, latitude = finding.location or (None, None)
    return [
        finding.verdict,
        finding.rule.id,
        labels.subject(finding.subject.type, lang),
        finding.subject.id,
        finding.row,
        finding.rule.clause.number,
        message(finding, lang),
        remedy(finding, lang),
        *_measured(finding, deciding_outcome(finding), lang),
        "; ".join(finding.missing),
        longitude,
        latitude,
    ]


def _measured(finding: Finding, outcome: Outcome | None, lang: Lang) -> list[Value]:
    """Requirement, measured, limit, unit, margin and margin in m²; what is no number in words."""
    if outcome is None:
        return [None] * 6
    requirement, per = requirement_of(finding.rule, outcome), finding.rule.per
    test = requirement.any[0] if requirement else None
    measured, limit = _plain_number(outcome.measured), _plain_number(outcome.limit)
    if measured is None and outcome.measured is not None:
        measured = measured_words(outcome, test.measure if test else outcome.name, per, lang)
    limit = limit_words(outcome, test, per, lang) if limit is None else limit
    unit = labels.with_unit("", outcome.unit, lang).strip()
    return [outcome.label.say(lang), measured, limit, unit, outcome.margin, outcome.margin_m2]


def _plain_number(value: object) -> Value:
    return value if isinstance(value, float | int) and not isinstance(value, bool) else None


def _matrices(book: Book, report: Report, options: Options) -> None:
    lang = options.lang
    for kind in ("parcel", "park"):
        made = matrix(report, kind, options)
        if made is not None:
            first = [Column(say("xlsx-head-id", lang), 18), Column(say("xlsx-head-row", lang), 7)]
            columns = [*first, Column(say("xlsx-head-gravest", lang), 14), *(Column(rule, 15) for rule in made.rules)]
            title = say("xlsx-matrix", lang, kind=labels.subject(kind, lang))
            grid(book, title, columns, made.rows, Layout(frozen=3))


def _data(book: Book, report: Report) -> None:
    lang = book.lang
    level, rule, kind, told = content.heads(lang, "level", "rule", "subject", "message")
    own = [say(f"xlsx-head-{name}", lang) for name in ("id", "row", "lon", "lat")]
    columns = [
        Column(level, 9), Column(rule, 20), Column(kind, 8), Column(own[0], 18), Column(own[1], 7),
        Column(told, 80, wraps=True), Column(own[2], 12), Column(own[3], 12),
    ]  # fmt: skip
    rows = (
        [
            say(labels.LEVELS[one.level], lang), one.rule, labels.subject(one.subject.type, lang), one.subject.id,
            one.row, one.message.say(lang), *(one.location or (None, None)),
        ]
        for one in report.data
    )  # fmt: skip
    grid(book, say("report-data", lang), columns, rows, Layout(frozen=1))


def _table(book: Book, table: Table) -> None:
    columns = [
        Column(head, min(46, max(9, *(width(row[x]) for row in table.rows), width(head)) + 3), wraps=True)
        for x, head in enumerate(table.heads)
    ]
    rows = ([_number(cell) if x in table.numbers else cell for x, cell in enumerate(row)] for row in table.rows)
    grid(book, table.title, columns, rows, Layout())


def _number(text: str) -> Value:
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else text


def _rules(book: Book, report: Report) -> None:
    """The rules with their clauses, so that the workbook can be read without the law at hand."""
    lang = book.lang
    rule, title, clause = content.heads(lang, "rule", "title", "clause")
    quote, translation, evidence = (say(f"xlsx-head-{name}", lang) for name in ("quote", "translation", "evidence"))
    columns = [
        Column(rule, 18), Column(title, 34, wraps=True), Column(clause, 9), Column(quote, 46, wraps=True),
        Column(translation, 46, wraps=True), Column(evidence, 30, wraps=True),
    ]  # fmt: skip
    rows = (
        [
            one.id,
            one.title.say(lang),
            one.clause.number,
            one.clause.quote,
            one.clause.translation,
            one.evidence.say(lang),
        ]
        for one in content.rules(report)
    )
    grid(book, say("xlsx-rules", lang), columns, rows, Layout(frozen=1))


def _clause(rule: Rule) -> tuple[str, str]:
    return rule.clause.quote, rule.clause.translation
