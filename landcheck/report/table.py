"""The report on a terminal: totals first, then the findings by subject, long lists cut and the rest counted.

Colour only repeats what the words say. Text of the data is never read as markup.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from landcheck.messages import Lang, say
from landcheck.model import Finding, Report, Subject, Verdict
from landcheck.report import content, labels
from landcheck.report.options import Options, shown, shown_count
from landcheck.report.text import console

if TYPE_CHECKING:
    from rich.box import Box
    from rich.console import RenderableType
    from rich.text import Text

FINDINGS = 50  # listed on the terminal, give or take a subject; files have them all
LOOKED_AT = 5000  # of the findings of a large run, to choose the listed ones from
ROWS = 20  # of any other table
CHARACTERS = 300  # of one text
HASH = 12  # digits of a file's

STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.REVIEW: "cyan",
    Verdict.UNDETERMINED: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The report drawn for a terminal of ``options.width`` columns."""
    for part in _parts(report, options):
        yield _drawn(part, options)


def _parts(report: Report, options: Options) -> Iterator[RenderableType]:
    lang = options.lang
    yield _text(content.title(lang), "bold", lang)
    yield from (_text(line, "", lang) for line in content.basis(report, lang))
    yield from (_text(say("report-notice", lang, notice=n), "yellow", lang) for n in content.notices(report, lang))
    yield from _table(content.summary(report, lang), lang, ("", *(STYLES[v] for v in labels.VERDICTS), ""))
    yield _text(content.totals(report, lang), "", lang)
    yield from _findings(report, options)
    data = content.data(report, lang)
    for table in (*([data] if data.rows else []), *content.closing(report, lang, HASH)):
        yield from _table(table, lang)
    yield from (_text(say("report-note", lang, note=note), "", lang) for note in content.input_notes(report, lang))


def _findings(report: Report, options: Options) -> Iterator[RenderableType]:
    lang = options.lang
    yield _heading(say("report-findings", lang), lang)
    listed = 0
    for who, findings in _by_subject(report, options):
        yield _text(content.subject(who, findings[0].row, lang), "bold", lang)
        yield _list_of(findings, lang)
        listed += len(findings)
    rest = shown_count(report, options.show) - listed
    if not listed:
        yield _text(say("report-no-findings", lang), "", lang)
    if rest > 0:
        yield _text(say("report-rest", lang, count=f"{rest:,}"), "bold", lang)


def _by_subject(report: Report, options: Options) -> Iterator[tuple[Subject, list[Finding]]]:
    """The subjects there is room for, those with a failure first, else in the order given."""
    of_subject: dict[Subject, list[Finding]] = defaultdict(list)
    for finding in islice(shown(report, options.show), LOOKED_AT):
        of_subject[finding.subject].append(finding)
    room = FINDINGS
    for who, findings in sorted(of_subject.items(), key=_has_no_failure):
        if room <= 0:
            return
        yield who, findings
        room -= len(findings)


def _has_no_failure(entry: tuple[Subject, list[Finding]]) -> bool:
    return all(finding.verdict is not Verdict.FAIL for finding in entry[1])


def _list_of(findings: Iterable[Finding], lang: Lang) -> RenderableType:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for finding in findings:
        told = content.told(finding, lang)
        verdict = _text("  " + told.verdict, STYLES[finding.verdict], lang)
        grid.add_row(verdict, _text(told.rule, "", lang), _text(told.message, "", lang))
        if told.remedy:
            grid.add_row("", "", _text(say("report-remedy", lang, remedy=told.remedy), "dim", lang))
    return grid


def _table(table: content.Table, lang: Lang, styles: tuple[str, ...] = ()) -> Iterator[RenderableType]:
    from rich.table import Table

    drawn = Table(box=_box(), show_edge=False, pad_edge=False, header_style="bold")
    for number, head in enumerate(table.heads):
        style = styles[number] if styles else ""
        drawn.add_column(
            _text(head, style, lang), justify="right" if number in table.numbers else "left", overflow="fold"
        )
    for row in table.rows[:ROWS]:
        drawn.add_row(*(_text(cell, "", lang) for cell in row))
    yield _heading(table.title, lang)
    yield drawn
    if len(table.rows) > ROWS:
        yield _text(say("report-rest-rows", lang, count=f"{len(table.rows) - ROWS:,}"), "bold", lang)


def _heading(text: str, lang: Lang) -> Text:
    heading = _text(text, "bold", lang)
    heading.pad_left(1, "\n")
    return heading


def _text(text: str, style: str, lang: Lang) -> Text:
    from rich.text import Text

    safe = console(text)
    if len(safe) > CHARACTERS:
        safe = say("report-cut", lang, text=safe[:CHARACTERS], count=f"{len(safe) - CHARACTERS:,}")
    return Text(safe, style)


def _box() -> Box:
    from rich.box import Box

    # Plain hyphens: drawn lines are two columns wide in a Chinese code page and would break the alignment.
    return Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def _drawn(part: RenderableType, options: Options) -> str:
    from rich.console import Console

    out = io.StringIO()
    Console(
        file=out, width=options.width, force_terminal=options.colour, legacy_windows=False, markup=False,
        color_system="standard" if options.colour else None, highlight=False, emoji=False, _environ={},
    ).print(part)  # fmt: skip
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
