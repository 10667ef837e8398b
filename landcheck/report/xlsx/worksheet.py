"""A sheet of the workbook: one head line, frozen and with a filter, as many rows as Excel takes; parcels by rules."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landcheck.messages import Lang, say
from landcheck.model import Verdict
from landcheck.report import labels
from landcheck.report.paper import QUIET, STYLES
from landcheck.report.text import visible, width

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet
from collections.abc import Iterator

from landcheck.model import Report
from landcheck.report import content
from landcheck.report.options import Options, shown

# What a sheet and a cell hold (Excel specifications and limits); the head and the line on what is left out take two.
ROWS = 1_048_576 - 2
CHARACTERS = 32_767
NAME_LENGTH = 31
LINE_PT = 15.0
HIGHEST_PT = 405.0  # Excel takes 409
A4 = 9  # Excel's number of the paper

Value = Verdict | float | int | str | None

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters of the standard font; a ``wraps`` column breaks its lines."""

    head: str
    width: float
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """``nothing`` is the code of what a sheet without rows says; of the columns the first ``frozen`` stay in sight,
    and ``printed`` are printed (0: all).
    """

    nothing: str = "xlsx-nothing"
    frozen: int = 0
    printed: int = 0


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

    def verdict(self, verdict: Verdict) -> tuple[str, Format]:
        """The verdict's word and its colours."""
        if verdict not in self.words:
            self.words[verdict] = labels.verdict(verdict, self.lang), self._coloured(verdict)
        return self.words[verdict]

    def _coloured(self, verdict: Verdict) -> Format:
        style = STYLES[verdict]
        ink = QUIET if verdict is Verdict.NOT_APPLICABLE else style.line
        return self.format(bg_color=style.ground, font_color=ink, border=1, border_color="#D5DAE0", indent=1)

    def text(self, *, wraps: bool = False) -> Format:
        """Text in a table, off the number at its left."""
        return self.format(text_wrap=wraps, indent=1, bottom=1, bottom_color="#E3E7EB")

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
            sheet.write_number(row, column, value, self.number(value))
        else:
            sheet.write_string(row, column, cell_text(value, self.lang), text)


def grid(book: Book, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], layout: Layout) -> None:
    """A sheet of rows; those beyond what Excel takes are counted in its last line."""
    sheet = book.sheet(title)
    _head(book, sheet, columns)
    texts = [book.text(wraps=column.wraps) for column in columns]
    count = 0
    for count, row in enumerate(rows, 1):
        if count <= ROWS:
            sheet.set_row(count, _height(row, columns))
            for x, value in enumerate(row):
                book.put(sheet, count, x, value, texts[x])
    if not count:
        sheet.write_string(1, 0, say(layout.nothing, book.lang), book.format())
    elif count > ROWS:
        told = say("xlsx-rows-left-out", book.lang, rows=f"{ROWS:,}", count=f"{count - ROWS:,}")
        sheet.write_string(ROWS + 1, 0, told, book.format(bold=True, font_color="#8F1512"))
    sheet.freeze_panes(1, layout.frozen)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, min(count, ROWS), len(columns) - 1)
    if layout.printed:
        sheet.print_area(0, 0, min(count, ROWS) + 1, layout.printed - 1)


def _head(book: Book, sheet: Worksheet, columns: Sequence[Column]) -> None:
    look = book.format(bold=True, bg_color="#1F4E79", font_color="#FFFFFF", text_wrap=True, border=1, indent=1)
    for x, column in enumerate(columns):
        sheet.set_column(x, x, column.width)
    # The button of the filter covers the end of the last line.
    lines = max(math.ceil((width(column.head) * 1.2 + 3) / column.width) for column in columns)
    sheet.set_row(0, lines * LINE_PT + 4)
    for x, column in enumerate(columns):
        sheet.write_string(0, x, visible(column.head), look)


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """Points for the longest text that wraps: not every program sees to it when it opens the file."""
    longest = (
        _about(value) * 1.12 / column.width
        for value, column in zip(row, columns, strict=True)
        if column.wraps and isinstance(value, str)
    )
    return min(HIGHEST_PT, max(1, math.ceil(max(longest, default=1))) * LINE_PT)


def _about(text: str) -> float:
    """Its width in columns, near enough and a hundred times faster than to look at each character."""
    return (len(text) + len(text.encode("utf-8", "replace"))) / 2


def cell_text(text: str, lang: Lang) -> str:
    """The text as a cell can hold it, everything invisible spelled out; what is cut off is counted."""
    seen = visible(text)
    if len(seen) <= CHARACTERS // 2 or _units(seen) <= CHARACTERS:
        return seen
    kept = seen[: CHARACTERS // 2 - 50]
    return say("report-cut", lang, text=kept, count=len(seen) - len(kept))


def _units(text: str) -> int:
    """Length as Excel counts it, where a character outside the basic plane takes two."""
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Subjects of one kind: ``rows`` are id, row in the file (from 1), gravest verdict, then a verdict a rule."""

    rules: tuple[str, ...]
    rows: Iterator[tuple[Value, ...]]


def matrix(report: Report, kind: str, options: Options) -> Matrix | None:
    """The matrix of ``parcel`` or ``park``; None where no such subject was judged."""
    rules = tuple(rule.id for rule in content.rules(report) if rule.per == kind)
    if not rules or not report.summary.subjects.get(kind):
        return None
    drawn = _drawn(report, kind, rules)
    first = next(drawn, None)
    if first is None:
        return Matrix(rules, _found(report, kind, rules, options))
    return Matrix(rules, _chained(first, drawn))


def _chained(first: tuple[Value, ...], rest: Iterator[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
    yield first
    yield from rest


def _drawn(report: Report, kind: str, rules: tuple[str, ...]) -> Iterator[tuple[Value, ...]]:
    """From the layer itself, which has every subject and every verdict."""
    for batch in () if report.drawing is None else report.drawing.of(kind):
        lines = [batch.rules.index(rule) for rule in rules]
        said = batch.verdicts[lines].T.tolist()
        for given, row, numbers in zip(batch.ids, batch.rows.tolist(), said, strict=True):
            verdicts = [Verdict(number) for number in numbers]
            yield (given, row + 1, gravest(verdicts), *verdicts)


def _found(report: Report, kind: str, rules: tuple[str, ...], options: Options) -> Iterator[tuple[Value, ...]]:
    """From the findings, of a table without shapes: what is not among them is passed or not applicable."""
    subjects: dict[tuple[int, str], dict[str, Verdict]] = {}
    for finding in shown(report, options.show):
        if finding.subject.type == kind:
            key = (finding.row or 0, finding.subject.id)
            subjects.setdefault(key, {})[finding.rule.id] = finding.verdict
    other = say("xlsx-pass-or-not-applicable", options.lang)
    for (row, given), verdicts in sorted(subjects.items()):
        yield (given, row or None, gravest(list(verdicts.values())), *(verdicts.get(rule, other) for rule in rules))
    rest = report.summary.subjects[kind] - len(subjects)
    if rest > 0:
        yield (_rest(rest, options.lang), None, other, *(other for _ in rules))


def gravest(verdicts: list[Verdict]) -> Verdict:
    """The gravest of them; not applicable only where every rule says so."""
    applied = [verdict for verdict in verdicts if verdict is not Verdict.NOT_APPLICABLE]
    return max(applied, default=Verdict.NOT_APPLICABLE)


def _rest(count: int, lang: Lang) -> str:
    return say("xlsx-other-subjects", lang, count=f"{count:,}")
