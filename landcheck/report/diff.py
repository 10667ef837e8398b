"""What lies between two results, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from landcheck.messages import Lang, say
from landcheck.model import Difference, Finding, Level, Outcome, Report, Topic
from landcheck.report import content, exceptions, labels
from landcheck.report.amounts import grouped
from landcheck.report.options import Options
from landcheck.report.result.encode import finding_record, messages, numbers
from landcheck.report.result.line import items, line
from landcheck.report.text import console

# What stands in a difference, in the order of the page: the heading's code, the name in JSON.
SECTIONS = (
    ("report-diff-new", "new"),
    ("report-diff-fixed", "fixed"),
    ("report-diff-changed", "changed"),
    ("report-diff-worse", "worse"),
    ("report-diff-better", "better"),
    ("report-diff-settled", "settled"),
    ("report-diff-dropped", "dropped"),
)

Entries = Sequence[tuple[Finding | None, Finding | None]]


def text(old: Report, new: Report, changes: Difference, options: Options) -> Iterator[str]:
    """Plain text: what is set side by side, the transitions, then a heading with its count and a line a finding."""
    for told in (*_heads(old, new, options.lang), *_transitions(changes, options.lang)):
        yield console(told) + "\n"
    for code, name in SECTIONS:
        entries: Entries = getattr(changes, name)
        yield say(code, options.lang, count=len(entries)) + "\n"
        yield from (console("  " + _entry(*entry, options.lang)) + "\n" for entry in entries)


def json(old: Report, new: Report, changes: Difference, options: Options) -> Iterator[str]:
    """One JSON object. ``new`` are findings with the verdict that ``was``, ``fixed`` and ``dropped`` such with the
    verdict ``now``, null where it is not known; the others are pairs ``{"old": ..., "new": ...}``."""
    lang = options.lang
    whole: dict[str, Any] = {"old_result": _head(old, lang), "new_result": _head(new, lang)}
    whole["topics"] = [_topic(topic, lang) for topic in changes.topics]
    whole["transitions"] = [
        {"topic": changes.topics.index(step.topic), "old": step.old.word, "new": step.new.word, "count": step.count}
        for step in changes.transitions
    ]
    whole["new"] = [_marked(now, "was", was, lang) for was, now in changes.new]
    for name, ended in (("fixed", changes.fixed), ("dropped", changes.dropped)):
        whole[name] = [_marked(was, "now", now, lang) for was, now in ended]
    for name in ("changed", "worse", "better", "settled"):
        whole[name] = [
            {"old": finding_record(was, lang), "new": finding_record(now, lang)} for was, now in getattr(changes, name)
        ]
    yield line(whole, by_python=bool(old.parameters or new.parameters)) + "\n"


def _marked(finding: Finding, key: str, other: Finding | None, lang: Lang) -> dict[str, Any]:
    return dict(items(finding_record(finding, lang))) | {key: other and other.verdict.word}


def _heads(old: Report, new: Report, lang: Lang) -> Iterator[str]:
    """What either result was checked against, and the notices that only one of them has."""
    for code, report, other in (("report-diff-old", old, new), ("report-diff-later", new, old)):
        yield say(code, lang, packs=[pack.id for pack in report.packs], date=report.as_of, reading=report.reading.value)
        said = {notice.say(lang) for notice in other.notices}
        yield from ("  " + notice.say(lang) for notice in report.notices if notice.say(lang) not in said)


def _transitions(changes: Difference, lang: Lang) -> Iterator[str]:
    for topic in changes.topics:
        if not topic.old or not topic.new:
            code = "report-diff-only-new" if topic.new else "report-diff-only-old"
            yield say(code, lang, label=topic.label, rules=topic.new or topic.old)
            continue
        steps = [step for step in changes.transitions if step.topic == topic]
        moved = [
            say(
                "report-diff-step",
                lang,
                old=labels.verdict(s.old, lang),
                new=labels.verdict(s.new, lang),
                count=s.count,
            )
            for s in steps
            if s.old is not s.new
        ]
        if moved:
            same = sum(step.count for step in steps if step.old is step.new)
            values = {"label": topic.label, "rules": _rules(topic.old, topic.new), "steps": moved, "same": same}
            yield say("report-diff-topic", lang, **values)


def _entry(was: Finding | None, now: Finding | None, lang: Lang) -> str:
    """Verdicts, rules, clause and subject, why the verdict is what it is, and what it and the margin were."""
    finding = now or was
    assert finding is not None
    told = content.told(finding, lang)
    verdicts = _arrow([exceptions.verdict(one, lang) for one in (was, now) if one])
    rules = _arrow([one.rule.id for one in (was, now) if one])
    clauses = _arrow([one.rule.clause.number for one in (was, now) if one])
    said = f"{verdicts}  {rules}  {clauses}  {told.subject}: {told.message}"
    if was is None or now is None:
        return said
    if was.verdict is not now.verdict:
        said += " " + say("report-diff-was", lang, message=content.told(was, lang).message)
    return said + "".join(f" {margin}" for margin in _margins(was, now, lang))


def _margins(was: Finding, now: Finding, lang: Lang) -> Iterator[str]:
    before = {(outcome.name, outcome.unit): outcome for outcome in was.requirements}
    for outcome in now.requirements:
        other = before.get((outcome.name, outcome.unit))
        if other is not None and None not in {other.margin, outcome.margin} and other.margin != outcome.margin:
            values = {"label": outcome.label, "old": _amount(other, lang), "new": _amount(outcome, lang)}
            yield say("report-diff-margin", lang, **values)


def _amount(outcome: Outcome, lang: Lang) -> str:
    return labels.with_unit(grouped(outcome.margin or 0.0), outcome.unit, lang)


def _rules(old: Sequence[str], new: Sequence[str]) -> str:
    return _arrow([", ".join(old), ", ".join(new)])


def _arrow(words: Sequence[str]) -> str:
    return " -> ".join(dict.fromkeys(words))


def _head(report: Report, lang: Lang) -> dict[str, Any]:
    errors = sum(finding.level is Level.ERROR for finding in report.data)
    return {
        "packs": [pack.id for pack in report.packs],
        "as_of": report.as_of.isoformat(),
        "reading": report.reading.value,
        "parameters": numbers(report.parameters),
        "subjects": dict(report.summary.subjects),
        "data": {"errors": errors, "warnings": len(report.data) - errors},
        "notices": messages(report.notices, lang),
    }


def _topic(topic: Topic, lang: Lang) -> dict[str, Any]:
    return {
        "name": topic.name,
        "label": topic.label.say(lang),
        "by": "matter" if topic.matter else "rule",
        "per": topic.per,
        "old_rules": topic.old,
        "new_rules": topic.new,
    }
