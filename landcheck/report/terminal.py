"""The report on a terminal: the verdict first, then the findings by subject, or where they are many by cause.

Long lists are cut and the rest is counted; a line is folded at the width of the terminal, never cut.

Colour only repeats what the words say. Text of the data is never read as markup.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, groupby

from rich import table as rich_table
from rich.box import Box
from rich.console import Console, Group, JustifyMethod, OverflowMethod, RenderableType
from rich.containers import Lines
from rich.padding import Padding
from rich.text import Text

from landcheck.messages import Lang, say
from landcheck.messages.visible import uncommanding
from landcheck.model import Report, Verdict
from landcheck.report.content import labels, report_tables
from landcheck.report.content.causes import cause_words, entries, gravity, together_note
from landcheck.report.content.report_tables import Table
from landcheck.report.content.rollup_tables import rollup_tables
from landcheck.report.content.screen import TextLine, closing, opening
from landcheck.report.content.sentences import Remark, remark, subject_order, subject_words, todo
from landcheck.report.content.text import console, folds, width
from landcheck.report.options import Options, shown, shown_count

FINDINGS = 50  # one by one on the terminal, else so many causes; files have them all
ROWS = 20  # of any other table
CHARACTERS = 1000  # of one text
LEAST = 24  # columns that the widest column of a table needs; a narrower terminal gets each row as a text

STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.REVIEW: "cyan",
    Verdict.UNDETERMINED: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}
# Plain hyphens: drawn lines are two columns wide in a Chinese code page and would break the alignment.
BOX = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


class FoldedText(Text):
    """Text in which ids, numbers and words stay whole where it is folded: rich folds at blanks alone."""

    def wrap(
        self, console: Console, width: int, *, justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None, tab_size: int = 8, no_wrap: bool | None = None,
    ) -> Lines:  # fmt: skip
        """The lines of the text, each at most so wide."""
        if no_wrap:
            return super().wrap(console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)
        folded = Lines(
            part for line in self.split("\n", allow_blank=True) for part in line.divide(folds(line.plain, width))
        )
        for line in folded:
            line.rstrip_end(width)
        if justify:
            folded.justify(console, width, justify=justify, overflow=overflow or "fold")
        return folded


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
    yield from _drawn(opening(report, options.lang), options)
    for table in rollup_tables(report, options.by, options.lang):
        yield from _table(table, options, most=len(table.rows))
        yield _text(table.note, "dim", options.lang)
    if options.detail == "summary":
        return
    yield from _findings(report, options)
    data = report_tables.data(report, options.lang, together=len(report.data) > ROWS)
    yield from _drawn(chain([data] if data.rows else [], closing(report, options)), options)


def _drawn(parts: Iterable[TextLine | Table], options: Options) -> Iterator[RenderableType]:
    for part in parts:
        if isinstance(part, Table):
            yield from _table(part, options)
        else:
            style = "bold" if part.head else "" if part.verdict is None else STYLES[part.verdict]
            yield Padding(_text(part.text, style, options.lang), (int(part.head), 0, 0, part.indent))


def _findings(report: Report, options: Options) -> Iterator[RenderableType]:
    lang, count = options.lang, shown_count(report, options.show)
    yield _heading(say("report-findings", lang), lang)
    yield from _by_subject(report, options) if count <= FINDINGS else _by_cause(report, options, count)
    if not count:
        yield _text(say("report-no-findings", lang), "", lang)


def _by_subject(report: Report, options: Options) -> Iterator[RenderableType]:
    """The parcels in the order of their layer, then the parks."""
    lang = options.lang
    for _, findings in groupby(sorted(shown(report, options.show), key=subject_order), subject_order):
        of = list(findings)
        yield _text(subject_words(of[0].subject, of[0].at or of[0].row, lang), "bold", lang)
        yield _list_of(((one.verdict, labels.rule(one.rule, lang), remark(one, lang)) for one in of), lang)


def _by_cause(report: Report, options: Options, count: int) -> Iterator[RenderableType]:
    """As many as there is room for, the gravest verdict first."""
    lang, found = options.lang, entries(report, options.show, FINDINGS).values()
    listed = sorted(chain.from_iterable(found), key=gravity)[:FINDINGS]
    said = ((one.verdict, labels.rule(one.gravest.rule, lang), cause_words(one, lang)) for one in listed)
    yield _list_of(said, lang, subjects=True)
    yield _text(together_note(listed, lang), "", lang)
    if rest := count - sum(one.count for one in listed):
        yield _text(say("report-rest", lang, count=f"{rest:,}"), "bold", lang)


def _list_of(said: Iterable[tuple[Verdict, str, Remark]], lang: Lang, *, subjects: bool = False) -> RenderableType:
    grid = rich_table.Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for verdict, rule, one in said:
        lines = [_text(rule, "bold" * (not subjects), lang), _text(one.message, "", lang)]
        lines[1:1] = [_text(one.subject, "bold", lang)] * subjects
        if one.remedy:
            lines.append(_text(todo(verdict, one.remedy, lang), "dim", lang))
        grid.add_row(_text("  " + one.verdict, STYLES[verdict], lang), Group(*lines))
    return grid


def _table(table: Table, options: Options, most: int = ROWS) -> Iterator[RenderableType]:
    lang, part = options.lang, replace(table, rows=table.rows[:most])
    yield _heading(table.title, lang)
    yield from _columns(part, lang) if _fits(part, options.width) else _entries(part, lang)
    if len(table.rows) > most:
        yield _text(say("report-rest-rows", lang, count=f"{len(table.rows) - most:,}"), "bold", lang)


def _fits(table: Table, columns: int) -> bool:
    """Whether every column but the widest stands whole, with room for that one."""
    widths = sorted(max(map(width, column)) for column in zip(table.heads, *table.rows, strict=True))
    return sum(widths[:-1]) + 3 * len(widths) + min(LEAST, widths[-1]) <= columns or len(widths) < 2


def _columns(table: Table, lang: Lang) -> Iterator[RenderableType]:
    drawn = rich_table.Table(box=BOX, show_edge=False, pad_edge=False, header_style="bold")
    widths = [max(map(width, column)) for column in zip(table.heads, *table.rows, strict=True)]
    for number, head in enumerate(table.heads):
        side = "right" if number in table.numbers else "left"
        whole = widths[number] < max(widths)
        drawn.add_column(_text(head, "", lang), justify=side, overflow="fold", no_wrap=whole)  # type: ignore[arg-type]
    for row in table.rows:
        drawn.add_row(*(_text(cell, "", lang) for cell in row))
    yield drawn


def _entries(table: Table, lang: Lang) -> Iterator[RenderableType]:
    for row in table.rows:
        cells = (f"{head} {cell}" for head, cell in zip(table.heads[1:], row[1:], strict=True) if cell not in ("", "0"))
        yield _text(row[0], "bold", lang)
        yield Padding(_text(labels.joined(cells, lang), "", lang), (0, 0, 0, 2))


def _heading(text: str, lang: Lang) -> Text:
    heading = _text(text, "bold", lang)
    heading.pad_left(1, "\n")
    return heading


def _text(text: str, style: str, lang: Lang) -> Text:
    safe = console(text)
    if len(safe) > CHARACTERS:
        safe = say("report-cut", lang, text=safe[:CHARACTERS], count=f"{len(safe) - CHARACTERS:,}")
    return FoldedText(safe, style)
