"""Markdown, GitHub's flavour: summary, findings by rule with the clause above them, ledger, assumptions, inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from landcheck.messages import Lang, say
from landcheck.messages.visible import shortened
from landcheck.model import Report
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.causes import entries, together_note
from landcheck.report.content.report_tables import Table
from landcheck.report.content.rollup_tables import rollup_tables, telling
from landcheck.report.content.screen import firsts
from landcheck.report.options import Options

_MARKS = re.compile(r"[\\`*_\[\]|~#]")
# < and & would be HTML; @ would call a person; :// and www. would become links.
_HTML = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"), ("://", "&#58;//"), ("www.", "www&#46;"))


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The report as Markdown text."""
    lang = options.lang
    yield f"# {escape(overview.title(lang))}\n"
    yield f"\n{escape(overview.verdict_line(report, lang))}\n"
    yield from _first_lines(report, lang)
    yield from _list(say("report-basis", lang), overview.basis(report, lang))
    yield from _list(say("report-notices", lang), overview.notices(report, lang))
    yield from _table(report_tables.summary(report, lang))
    yield f"\n{escape(overview.totals(report, lang))}\n"
    yield from _findings(report, options)
    data = report_tables.data(report, lang)
    for table in rollup_tables(report, options.by or telling(report), lang):
        yield from _table(table)
        yield f"\n{escape(table.note)}\n"
    for table in (*([data] if data.rows else []), *report_tables.closing(report, lang)):
        yield from _table(table)
    yield from (f"\n{escape(line)}\n" for line in overview.note_lines(report, lang))


def _first_lines(report: Report, lang: Lang) -> Iterator[str]:
    """What is most urgent: each head with the list below it."""
    for one in firsts(report, lang):
        text = escape(one.text)
        yield f"- {text}\n" if one.indent else f"\n## {text}\n\n" if one.head else f"\n{text}\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, in a paragraph or a table cell."""
    text = _MARKS.sub(r"\\\g<0>", shortened(text))
    for mark, entity in _HTML:
        text = text.replace(mark, entity)
    return text


def _findings(report: Report, options: Options) -> Iterator[str]:
    """A table of causes a rule, under the clause."""
    lang, found = options.lang, entries(report, options.show)
    yield f"\n## {escape(say('report-findings', lang))}\n"
    for listed in found.values():
        rule = listed[0].gravest.rule
        quote, translation = overview.clause(rule, lang)
        yield f"\n### {escape(labels.rule(rule, lang))}\n"
        yield f"\n> {escape(quote)}\n"
        if translation:
            yield f">\n> {escape(translation)}\n"
        yield from _grid(report_tables.findings("", listed, lang))
    if note := together_note([*chain.from_iterable(found.values())], lang):
        yield f"\n{escape(note)}\n"
    if not found:
        yield f"\n{escape(say('report-no-findings', lang))}\n"


def _table(table: Table) -> Iterator[str]:
    yield f"\n## {escape(table.title)}\n"
    yield from _grid(table)


def _list(head: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"\n## {escape(head)}\n\n"
        yield from (f"- {escape(line)}\n" for line in lines)


def _grid(table: Table) -> Iterator[str]:
    rule = " | ".join("---:" if column in table.numbers else "---" for column in range(len(table.heads)))
    yield "\n" + _row(table.heads) + f"| {rule} |\n"
    yield from map(_row, table.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(escape, cells))} |\n"
