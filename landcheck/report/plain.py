"""Plain text for pipes, logs and consoles of any code page: no colour, no boxes, nothing cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landcheck.messages import say
from landcheck.model import Finding, Report
from landcheck.report import content
from landcheck.report.content import Table
from landcheck.report.options import Options, shown
from landcheck.report.text import console, padded, width

WIDEST = 40  # a longer cell does not push the whole column; its own row goes on to the right


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The report as lines of text."""
    lang = options.lang
    yield _line(content.title(lang))
    yield from map(_line, content.basis(report, lang))
    yield from (_line(say("report-notice", lang, notice=notice)) for notice in content.notices(report, lang))
    yield from table_lines(content.summary(report, lang))
    yield _line(content.totals(report, lang))
    yield from _findings(report, options)
    yield from (line for table in content.closing(report, lang) for line in table_lines(table))
    yield from (_line(say("report-note", lang, note=note)) for note in content.input_notes(report, lang))


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


def _findings(report: Report, options: Options) -> Iterator[str]:
    lang = options.lang
    yield f"\n{say('report-findings', lang)}\n"
    none = True
    for finding in shown(report, options.show):
        yield from map(_line, finding_lines(finding, options))
        none = False
    if none:
        yield _line("  " + say("report-no-findings", lang))
    data = content.data(report, lang)
    if data.rows:
        yield f"\n{data.title}\n"
        yield from (_line("  " + "  ".join(row)) for row in data.rows)


def finding_lines(finding: Finding, options: Options) -> Sequence[str]:
    """Verdict, rule and subject in one line; reason and remedy below it."""
    told = content.told(finding, options.lang)
    lines = [f"  {told.verdict}  {told.rule}  {told.subject}  {told.clause}", f"    {told.message}"]
    if told.remedy:
        lines.append("    " + say("report-remedy", options.lang, remedy=told.remedy))
    return lines


def _line(text: str) -> str:
    return console(text) + "\n"
