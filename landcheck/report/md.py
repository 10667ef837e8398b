"""Markdown, GitHub's flavour: summary, findings by rule with the clause above them, ledger, assumptions, inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from landcheck.messages import Lang, say
from landcheck.model import Finding, Report, Rule
from landcheck.report.content import overview, report_tables
from landcheck.report.content.filled import blocks, fitted, octets, of_block
from landcheck.report.content.report_tables import Table
from landcheck.report.content.sentences import remark
from landcheck.report.content.text import UNSEEN, visible
from landcheck.report.options import Options

_SPECIAL = r"\\`*_\[\]|~#"
_MARKS = re.compile(f"[{_SPECIAL}]")
# < and & would be HTML; @ would call a person; :// and www. would become links.
_HTML = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"), ("://", "&#58;//"), ("www.", "www&#46;"))


def pieces(report: Report, options: Options) -> Iterator[str | bytes]:
    """The report as Markdown text."""
    lang = options.lang
    yield f"# {escape(overview.title(lang))}\n"
    yield from _list(say("report-basis", lang), overview.basis(report, lang))
    yield from _list(say("report-notices", lang), overview.notices(report, lang))
    yield from _table(report_tables.summary(report, lang))
    yield f"\n{escape(overview.totals(report, lang))}\n"
    yield from _findings(report, options)
    data = report_tables.data(report, lang)
    for table in (*([data] if data.rows else []), *report_tables.closing(report, lang)):
        yield from _table(table)
    yield from (f"\n{escape(line)}\n" for line in overview.note_lines(report, lang))


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, in a paragraph or a table cell."""
    text = _MARKS.sub(r"\\\g<0>", visible(text))
    for mark, entity in _HTML:
        text = text.replace(mark, entity)
    return text


ESCAPED = fitted(f"[{UNSEEN}{_SPECIAL}&<>@]|://|www\\.", escape)


def _findings(report: Report, options: Options) -> Iterator[str | bytes]:
    """A table a rule, under the clause."""
    lang, before = options.lang, ""

    def text(finding: Finding) -> tuple[str]:
        return (_row(report_tables.finding_cells(remark(finding, lang))),)

    yield f"\n## {escape(say('report-findings', lang))}\n"
    for block in blocks(report, options.show):
        if block.rule.id != before:
            yield from _rule(block.rule, lang)
        before = block.rule.id
        yield octets(of_block(block, text, ESCAPED)[0])
    if not before:
        yield f"\n{escape(say('report-no-findings', lang))}\n"


def _rule(rule: Rule, lang: Lang) -> Iterator[str]:
    quote, translation = overview.clause(rule, lang)
    yield f"\n### {escape(rule.id)}: {escape(rule.title.say(lang))}\n"
    yield f"\n> {escape(quote)}\n"
    if translation:
        yield f">\n> {escape(translation)}\n"
    yield from _grid(report_tables.findings("", (), lang))


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
