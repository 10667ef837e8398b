"""The report on a terminal: totals first, then the findings by subject, or where they are many by cause.

Long lists are cut and the rest is counted.

Colour only repeats what the words say. Text of the data is never read as markup.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rich import table as rich_table
from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.text import Text

from landcheck.messages import Lang, say
from landcheck.messages.visible import uncommanding
from landcheck.model import Finding, Report, Verdict
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.causes import cause_words, entries, gravity, together_note
from landcheck.report.content.rollup_tables import rollup_tables
from landcheck.report.content.sentences import Remark, remark, subject_words
from landcheck.report.content.text import console
from landcheck.report.options import Options, shown, shown_count

FINDINGS = 50  # one by one on the terminal, else so many causes; files have them all
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
# Plain hyphens: drawn lines are two columns wide in a Chinese code page and would break the alignment.
BOX = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The report drawn for a terminal of ``options.width`` columns."""
    for part in _parts(report, options):
        out = io.StringIO()
        Console(
            file=out, width=options.width, force_terminal=options.colour, legacy_windows=False, markup=False,
            color_system="standard" if options.colour else None, highlight=False, emoji=False, _environ={},
        ).print(part)  # fmt: skip
        yield "\n".join(uncommanding(line.rstrip()) for line in out.getvalue().splitlines()) + "\n"


def _parts(report: Report, options: Options) -> Iterator[RenderableType]:
    lang = options.lang
    yield _text(overview.title(lang), "bold", lang)
    yield from (_text(line, "", lang) for line in overview.basis(report, lang))
    yield from (_text(line, "yellow", lang) for line in overview.notice_lines(report, lang))
    yield from _table(report_tables.summary(report, lang), lang, ("", *(STYLES[v] for v in labels.VERDICTS), ""))
    yield _text(overview.totals(report, lang), "", lang)
    for table in rollup_tables(report, options.by, lang):
        yield from _table(table, lang, most=len(table.rows))
        yield _text(table.note, "dim", lang)
    yield from _findings(report, options)
    data = report_tables.data(report, lang)
    for table in (*([data] if data.rows else []), *report_tables.closing(report, lang, HASH)):
        yield from _table(table, lang)
    yield from (_text(line, "", lang) for line in overview.note_lines(report, lang))


def _findings(report: Report, options: Options) -> Iterator[RenderableType]:
    lang, count = options.lang, shown_count(report, options.show)
    yield _heading(say("report-findings", lang), lang)
    yield from _by_subject(report, options) if count <= FINDINGS else _by_cause(report, options, count)
    if not count:
        yield _text(say("report-no-findings", lang), "", lang)


def _by_subject(report: Report, options: Options) -> Iterator[RenderableType]:
    """Those with a failure first, else in the order given."""
    lang = options.lang
    of_subject: dict[object, list[Finding]] = defaultdict(list)
    for finding in shown(report, options.show):
        of_subject[finding.subject].append(finding)
    for findings in sorted(of_subject.values(), key=lambda of: all(one.verdict is not Verdict.FAIL for one in of)):
        yield _text(subject_words(findings[0].subject, findings[0].row, lang), "bold", lang)
        yield _list_of(((one.verdict, remark(one, lang)) for one in findings), lang)


def _by_cause(report: Report, options: Options, count: int) -> Iterator[RenderableType]:
    """As many as there is room for, the gravest verdict first."""
    lang, found = options.lang, entries(report, options.show, FINDINGS).values()
    listed = sorted(chain.from_iterable(found), key=gravity)[:FINDINGS]
    yield _list_of(((one.verdict, cause_words(one, lang)) for one in listed), lang, subjects=True)
    yield _text(together_note(listed, lang), "", lang)
    if rest := count - sum(one.count for one in listed):
        yield _text(say("report-rest", lang, count=f"{rest:,}"), "bold", lang)


def _list_of(said: Iterable[tuple[Verdict, Remark]], lang: Lang, *, subjects: bool = False) -> RenderableType:
    grid = rich_table.Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for verdict, one in said:
        lines = [_text(one.subject, "bold", lang)] if subjects else []
        lines.append(_text(one.message, "", lang))
        if one.remedy:
            lines.append(_text(say("report-remedy", lang, remedy=one.remedy), "dim", lang))
        grid.add_row(_text("  " + one.verdict, STYLES[verdict], lang), _text(one.rule, "", lang), Group(*lines))
    return grid


def _table(
    table: report_tables.Table, lang: Lang, styles: Sequence[str] = (), most: int = ROWS
) -> Iterator[RenderableType]:
    drawn = rich_table.Table(box=BOX, show_edge=False, pad_edge=False, header_style="bold")
    for number, head in enumerate(table.heads):
        title = _text(head, styles[number] if styles else "", lang)
        drawn.add_column(title, justify="right" if number in table.numbers else "left", overflow="fold")
    for row in table.rows[:most]:
        drawn.add_row(*(_text(cell, "", lang) for cell in row))
    yield _heading(table.title, lang)
    yield drawn
    if len(table.rows) > most:
        yield _text(say("report-rest-rows", lang, count=f"{len(table.rows) - most:,}"), "bold", lang)


def _heading(text: str, lang: Lang) -> Text:
    heading = _text(text, "bold", lang)
    heading.pad_left(1, "\n")
    return heading


def _text(text: str, style: str, lang: Lang) -> Text:
    safe = console(text)
    if len(safe) > CHARACTERS:
        safe = say("report-cut", lang, text=safe[:CHARACTERS], count=f"{len(safe) - CHARACTERS:,}")
    return Text(safe, style)
