"""Markdown, GitHub's flavour: summary, findings by rule with the clause above them, ledger, assumptions, inputs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from landcheck.messages import Lang, say
from landcheck.model import Finding, Report, Rule
from landcheck.report import content
from landcheck.report.content import Table
from landcheck.report.options import Options, shown
from landcheck.report.text import visible

_MARKS = re.compile(r"[\\`*_\[\]|~#]")
# < and & would be HTML; @ would call a person; :// and www. would become links.
_HTML = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"), ("://", "&#58;//"), ("www.", "www&#46;"))


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The report as Markdown text."""
    lang = options.lang
    yield f"# {escape(content.title(lang))}\n"
    yield from _list("report-basis", content.basis(report, lang), lang)
    yield from _list("report-notices", content.notices(report, lang), lang)
    yield from _table(content.summary(report, lang))
    yield f"\n{escape(content.totals(report, lang))}\n"
    yield from _findings(report, options)
    yield from (piece for table in _tables(report, lang) for piece in _table(table))
    yield from (f"\n{escape(say('report-note', lang, note=note))}\n" for note in content.input_notes(report, lang))


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, in a paragraph or a table cell."""
    text = _MARKS.sub(r"\\\g<0>", visible(text))
    for mark, entity in _HTML:
        text = text.replace(mark, entity)
    return text


def _findings(report: Report, options: Options) -> Iterator[str]:
    lang = options.lang
    of_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in shown(report, options.show):
        of_rule[finding.rule.id].append(finding)
    yield _heading("report-findings", lang)
    if not of_rule:
        yield f"\n{escape(say('report-no-findings', lang))}\n"
    for findings in of_rule.values():
        yield from _rule(findings[0].rule, findings, lang)


def _rule(rule: Rule, findings: Sequence[Finding], lang: Lang) -> Iterator[str]:
    yield f"\n### {escape(rule.id)}: {escape(rule.title.say(lang))}\n"
    yield f"\n> {escape(say('report-clause', lang, number=rule.clause.number, quote=rule.clause.quote))}\n"
    if lang == "en" and rule.clause.translation:
        yield f">\n> {escape(say('report-translation', lang, translation=rule.clause.translation))}\n"
    yield _head(content.heads(lang, "verdict", "subject", "message", "remedy"))
    for finding in findings:
        told = content.told(finding, lang)
        yield _row((told.verdict, told.subject, told.message, told.remedy))


def _tables(report: Report, lang: Lang) -> Iterator[Table]:
    data = content.data(report, lang)
    yield from ([data] if data.rows else [])
    yield from content.closing(report, lang)


def _table(table: Table) -> Iterator[str]:
    yield f"\n## {escape(table.title)}\n"
    yield _head(table.heads, table.numbers)
    yield from map(_row, table.rows)


def _list(code: str, lines: Sequence[str], lang: Lang) -> Iterator[str]:
    if lines:
        yield _heading(code, lang) + "\n"
        yield from (f"- {escape(line)}\n" for line in lines)


def _heading(code: str, lang: Lang) -> str:
    return f"\n## {escape(say(code, lang))}\n"


def _head(heads: Sequence[str], numbers: Sequence[int] = ()) -> str:
    rule = " | ".join("---:" if column in numbers else "---" for column in range(len(heads)))
    return "\n" + _row(heads) + f"| {rule} |\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(escape, cells))} |\n"
