"""What lies between two results, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import asdict

from landcheck.messages import Lang, say
from landcheck.model import Difference, Finding, Level, Report, Topic
from landcheck.report.content import labels, overview
from landcheck.report.content.amounts import about
from landcheck.report.content.sentences import remark
from landcheck.report.options import Options
from landcheck.report.plain import lines
from landcheck.report.result.encode import finding_record, messages, numbers
from landcheck.report.result.line import line
from landcheck.report.result.page_types import (
    DifferenceRecord,
    EitherRecord,
    EndedRecord,
    LevelsRecord,
    NewRecord,
    PairRecord,
    TopicRecord,
    TransitionRecord,
)
from landcheck.report.result.types import VERSION

# What stands in a difference, in the order of the page.
SECTIONS = ("new", "fixed", "changed", "worse", "better", "settled", "dropped")

Entries = Sequence[tuple[Finding | None, Finding | None]]


def text(old: Report, new: Report, changes: Difference, options: Options) -> Iterator[str]:
    """Plain text: what is set side by side, the transitions, then a heading with its count and a line a finding."""
    lang = options.lang
    yield from lines(*_heads(old, new, lang), *_transitions(changes, _titles(old, new, lang), lang))
    for name in SECTIONS:
        entries: Entries = getattr(changes, name)
        yield say(f"report-diff-{name}", lang, count=len(entries)) + "\n"
        yield from lines(*("  " + _entry(*entry, lang) + _reread(entry[0], name, changes, lang) for entry in entries))


def json(old: Report, new: Report, changes: Difference, options: Options) -> Iterator[str]:
    """One JSON object. ``new`` are findings with the verdict that ``was``, ``fixed`` and ``dropped`` such with the
    verdict ``now``, null where it is not known; the others are pairs ``{"old": ..., "new": ...}``."""
    lang = options.lang
    steps = [
        TransitionRecord(changes.topics.index(one.topic), one.old.word, one.new.word, one.count)
        for one in changes.transitions
    ]
    whole = DifferenceRecord(
        schema_version=VERSION,
        old_result=_head(old, lang),
        new_result=_head(new, lang),
        topics=[_topic(topic, lang) for topic in changes.topics],
        transitions=steps,
        new=[NewRecord(**asdict(finding_record(now, lang)), was=was and was.verdict.word) for was, now in changes.new],
        fixed=[_ended(*pair, changes, lang) for pair in changes.fixed],
        dropped=[_ended(*pair, changes, lang) for pair in changes.dropped],
        changed=_pairs(changes.changed, lang),
        worse=_pairs(changes.worse, lang),
        better=_pairs(changes.better, lang),
        settled=_pairs(changes.settled, lang),
    )
    yield line(whole, by_python=bool(old.parameters or new.parameters)) + "\n"


def _pairs(pairs: Sequence[tuple[Finding, Finding]], lang: Lang) -> list[PairRecord]:
    return [PairRecord(*(finding_record(one, lang) for one in pair)) for pair in pairs]


def _ended(was: Finding, now: Finding | None, changes: Difference, lang: Lang) -> EndedRecord:
    reread = (was.rule.id, was.subject) in changes.reread
    return EndedRecord(**asdict(finding_record(was, lang)), now=now and now.verdict.word, reread=reread)


def _reread(was: Finding | None, name: str, changes: Difference, lang: Lang) -> str:
    """That what ended was read otherwise and not resolved, where it is so."""
    ended = name in ("fixed", "dropped") and was is not None and (was.rule.id, was.subject) in changes.reread
    return " " + say("report-diff-reread", lang) if ended else ""


def _heads(old: Report, new: Report, lang: Lang) -> Iterator[str]:
    """What either result was checked against, and the notices that only one of them has."""
    for code, report, other in (("report-diff-old", old, new), ("report-diff-later", new, old)):
        yield say(
            code,
            lang,
            packs=[pack.number if lang == "zh" else pack.id for pack in report.packs],
            date=report.as_of,
            reading=labels.interpretation(report.reading.value, lang) if lang == "zh" else report.reading.value,
        )
        said = {notice.say(lang) for notice in other.notices}
        yield from ("  " + notice.say(lang) for notice in report.notices if notice.say(lang) not in said)


def _titles(old: Report, new: Report, lang: Lang) -> Mapping[str, str]:
    """What the rules of either result are called."""
    return {rule.id: rule.named.say(lang) for report in (old, new) for rule in overview.rules(report)}


def _transitions(changes: Difference, titles: Mapping[str, str], lang: Lang) -> Iterator[str]:
    for topic in changes.topics:
        if not topic.old or not topic.new:
            code = "report-diff-only-new" if topic.new else "report-diff-only-old"
            yield say(code, lang, topic=_topic_words(topic, titles, lang))
            continue
        steps = [step for step in changes.transitions if step.topic == topic]
        moved = [
            say(
                "report-diff-step",
                lang,
                change=labels.change(labels.verdict(step.old, lang), labels.verdict(step.new, lang), lang),
                count=step.count,
            )
            for step in steps
            if step.old is not step.new
        ]
        if moved:
            same = sum(step.count for step in steps if step.old is step.new)
            yield say("report-diff-topic", lang, topic=_topic_words(topic, titles, lang), steps=moved, same=same)


def _topic_words(topic: Topic, titles: Mapping[str, str], lang: Lang) -> str:
    """The matter with its rules; a rule that is a matter of its own once."""
    sides = [labels.joined((titles[rule] for rule in of), lang) for of in (topic.old, topic.new) if of]
    rules = labels.change(sides[0], sides[-1], lang)
    code = "report-diff-rule" if rules == topic.label.say(lang) else "report-diff-rules"
    return say(code, lang, label=topic.label, rules=rules)


def _entry(was: Finding | None, now: Finding | None, lang: Lang) -> str:
    """Verdicts, rules, clause and subject, why the verdict is what it is, and what it and the margin were."""
    words = [remark(one, lang)._replace(rule=one.rule.named.say(lang)) for one in (was, now) if one is not None]
    first, last = words[0], words[-1]
    pairs = ((first.verdict, last.verdict), (first.rule, last.rule), (first.clause, last.clause))
    entry = "".join(labels.change(*pair, lang) + "  " for pair in pairs) + say(
        "report-headed", lang, head=last.subject, cell=last.message
    )
    if was is None or now is None:
        return entry
    if was.verdict is not now.verdict:
        entry += " " + say("report-diff-was", lang, message=first.message)
    return entry + "".join(f" {margin}" for margin in _margins(was, now, lang))


def _margins(was: Finding, now: Finding, lang: Lang) -> Iterator[str]:
    before = {(outcome.name, outcome.unit): outcome.margin for outcome in was.requirements}
    for outcome in now.requirements:
        old, new = before.get((outcome.name, outcome.unit)), outcome.margin
        if old is not None and new is not None and old != new:
            was_by, now_by = (labels.with_unit(about(margin), outcome.unit, lang) for margin in (old, new))
            yield say("report-diff-margin", lang, label=outcome.label, change=labels.change(was_by, now_by, lang))


def _head(report: Report, lang: Lang) -> EitherRecord:
    errors = sum(finding.level is Level.ERROR for finding in report.data)
    return EitherRecord(
        [pack.id for pack in report.packs],
        report.as_of,
        report.reading,
        numbers(report.parameters),
        dict(report.summary.subjects),
        LevelsRecord(errors, len(report.data) - errors),
        messages(report.notices, lang),
    )


def _topic(topic: Topic, lang: Lang) -> TopicRecord:
    by = "matter" if topic.matter else "rule"
    return TopicRecord(topic.name, topic.label.say(lang), by, topic.per, topic.old, topic.new)
