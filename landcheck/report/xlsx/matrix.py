"""Parcels (or parks) by rules: which verdict each rule gave each of them, in words and in colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landcheck.messages import Lang, say
from landcheck.model import Report, Verdict
from landcheck.report import content
from landcheck.report.options import Options, shown
from landcheck.report.xlsx.grid import Value


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
