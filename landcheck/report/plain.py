"""Plain text for pipes, logs and consoles of any code page: no colour, no boxes, nothing cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landcheck.messages import say
from landcheck.messages.visible import MIDWAY, UNSEEN
from landcheck.model import Finding, Report
from landcheck.report.content import labels, report_tables
from landcheck.report.content.filled import by_subject, fitted, octets
from landcheck.report.content.report_tables import Table
from landcheck.report.content.rollup_tables import rollup_tables
from landcheck.report.content.screen import TextLine, closing, opening
from landcheck.report.content.sentences import remark, todo
from landcheck.report.content.text import NOT_IN_GBK, console, padded, width
from landcheck.report.options import Options

WIDEST = 100  # a longer cell does not push the whole column; its own row goes on to the right


def pieces(report: Report, options: Options) -> Iterator[str | bytes]:
    """The report as lines of text."""
    yield from _drawn(opening(report, options.lang))
    for table in rollup_tables(report, options.by, options.lang):
        yield from table_lines(table)
        yield from lines(f"  {table.note}")
    if options.detail != "summary":
        yield from _findings(report, options)
        yield from _drawn(closing(report, options))


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


def _drawn(parts: Iterable[TextLine | Table]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Table):
            yield from table_lines(part)
        else:
            yield "\n" * part.head + " " * part.indent + console(part.text) + "\n"


def _findings(report: Report, options: Options) -> Iterator[str | bytes]:
    """Of each finding verdict, rule and subject in one line; reason and remedy below it."""
    lang = options.lang

    def text(finding: Finding) -> str:
        one = remark(finding, lang)
        steps = [f"    {todo(finding.verdict, one.remedy, lang)}"] if one.remedy else []
        head = f"  {one.verdict}  {one.subject}  {labels.rule(finding.rule, lang)}  {one.clause}"
        return "".join(lines(head, f"    {one.message}", *steps))

    yield f"\n{say('report-findings', lang)}\n"
    none = True
    for column in by_subject(report, options.show, text, CONSOLE):
        yield octets(column)
        none = False
    if none:
        yield from lines("  " + say("report-no-findings", lang))
    data = report_tables.data(report, lang)
    if data.rows:
        yield f"\n{data.title}\n"
        yield from lines(*("  " + "  ".join(row) for row in data.rows))
