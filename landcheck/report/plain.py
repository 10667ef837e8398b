"""Plain text for pipes, logs and consoles of any code page: no colour, no boxes, nothing cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landcheck.messages import say
from landcheck.messages.visible import MIDWAY, UNSEEN
from landcheck.model import Finding, Report
from landcheck.report.content import overview, report_tables
from landcheck.report.content.filled import filled, fitted, octets
from landcheck.report.content.report_tables import Table
from landcheck.report.content.rollup_tables import rollup_tables
from landcheck.report.content.sentences import remark
from landcheck.report.content.text import NOT_IN_GBK, console, padded, width
from landcheck.report.options import Options

WIDEST = 40  # a longer cell does not push the whole column; its own row goes on to the right


def pieces(report: Report, options: Options) -> Iterator[str | bytes]:
    """The report as lines of text."""
    lang = options.lang
    yield from lines(overview.title(lang), *overview.basis(report, lang), *overview.notice_lines(report, lang))
    yield from table_lines(report_tables.summary(report, lang))
    yield from lines(overview.totals(report, lang))
    for table in rollup_tables(report, options.by, lang):
        yield from table_lines(table)
        yield from lines(f"  {table.note}")
    yield from _findings(report, options)
    for table in report_tables.closing(report, lang):
        yield from table_lines(table)
    yield from lines(*overview.note_lines(report, lang))


def lines(*texts: str) -> Iterator[str]:
    """Each text as one line that any console shows."""
    return (console(text) + "\n" for text in texts)


def section(head: str, texts: Iterable[str], *, indent: int = 0) -> Iterator[str]:
    """A head with its lines below it, a little to the right."""
    space = " " * indent
    yield f"{space}{console(head)}\n"
    yield from (f"{space}  {console(text)}\n" for text in texts)


def table_lines(table: Table) -> Iterator[str]:
    """The table as aligned columns under its title."""
    rows = [tuple(map(console, row)) for row in (table.heads, *table.rows)]
    widths = [min(WIDEST, max(map(width, column))) for column in zip(*rows, strict=True)]
    yield f"\n{console(table.title)}\n"
    for row in rows:
        cells = (
            padded(cell, columns, right=number in table.numbers)
            for number, (cell, columns) in enumerate(zip(row, widths, strict=True))
        )
        yield ("  " + "  ".join(cells)).rstrip() + "\n"


CONSOLE = fitted(f"[{UNSEEN}{''.join(NOT_IN_GBK)}]|{MIDWAY}", console)


def _findings(report: Report, options: Options) -> Iterator[str | bytes]:
    """Of each finding verdict, rule and subject in one line; reason and remedy below it."""
    lang = options.lang

    def text(finding: Finding) -> tuple[str]:
        one = remark(finding, lang)
        remedy = [f"    {say('report-remedy', lang, remedy=one.remedy)}"] if one.remedy else []
        head = f"  {one.verdict}  {one.rule}  {one.subject}  {one.clause}"
        return ("".join(lines(head, f"    {one.message}", *remedy)),)

    yield f"\n{say('report-findings', lang)}\n"
    none = True
    for (column,) in filled(report, options.show, text, CONSOLE):
        yield octets(column)
        none = False
    if none:
        yield from lines("  " + say("report-no-findings", lang))
    data = report_tables.data(report, lang)
    if data.rows:
        yield f"\n{data.title}\n"
        yield from lines(*("  " + "  ".join(row) for row in data.rows))
