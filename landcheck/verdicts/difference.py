"""What changed between two results: new, fixed, changed, worse, better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import measure
from landcheck.model import OPEN, Difference, Finding, Report, Rule, Subject, Topic, Transition, Verdict
from landcheck.verdicts.gather import Findings

SLACK = 1e-9  # of a margin: what another order of adding makes of the same numbers
RowNumbers = NDArray[np.intp]
TopicKey = tuple[int, str, str, int]
FindingsByTopic = dict[TopicKey, Finding]


def difference(old: Report, new: Report, transitions: Sequence[Transition] | None = None) -> Difference:
    """Set two reports side by side, by topic and subject.

    ``transitions`` are counted here where both reports hold every verdict, if they are not given.
    """
    sides = topics(old, new)
    before, after = _held(old, sides), _held(new, sides)
    both = [(before[key], after[key]) for key in before if key in after]
    still = [pair for pair in both if _open(pair[0]) and _open(pair[1])]
    spoken = {number for number, topic in enumerate(sides) if topic.new}
    # with each that ended, whether the rule still speaks of the subject, as far as is known
    ended = [
        ((finding, then), key[0] in spoken and (then is None or then.verdict is not Verdict.NOT_APPLICABLE))
        for key, finding in before.items()
        if _open(finding) and not _open(then := after.get(key))
    ]
    if transitions is None and _whole(old) and _whole(new):
        steps = Counter((key[0], before[key].verdict, after[key].verdict) for key in before if key in after)
        transitions = [Transition(sides[at], was, now, count) for (at, was, now), count in sorted(steps.items())]
    return Difference(
        new=tuple(
            (before.get(key), finding)
            for key, finding in after.items()
            if _open(finding) and not _open(before.get(key))
        ),
        fixed=tuple(pair for pair, asked in ended if asked),
        # another verdict, or a waiver that came or went
        changed=tuple((a, b) for a, b in still if (a.verdict, a.waived is None) != (b.verdict, b.waived is None)),
        worse=tuple(pair for pair in still if _moved(*pair) < 0),
        better=tuple(pair for pair in still if _moved(*pair) > 0),
        settled=tuple(p for p in both if not _open(p[0]) and not _open(p[1]) and p[0].verdict is not p[1].verdict),
        dropped=tuple(pair for pair, asked in ended if not asked),
        transitions=tuple(transitions or ()),
        topics=sides,
        reread=frozenset(_reread(old, new, [pair for pair, _ in ended])),
    )


def _reread(old: Report, new: Report, ended: Sequence[tuple[Finding, Finding | None]]) -> Iterator[tuple[str, Subject]]:
    """What ended though nothing was resolved: the files are the same, a fact was missing, or assumed and then read.

    Nothing where the two were judged by other rules, or at another date.
    """
    if _by(old) != _by(new):
        return
    before, after = ({one.role: one.sha256 for one in report.inputs} for report in (old, new))
    assumed = Counter({(one.role, one.field): one.rows for one in old.assumptions})
    assumed.subtract({(one.role, one.field): one.rows for one in new.assumptions})
    read = {name for (_, name), rows in assumed.items() if rows > 0}
    for was, _ in ended:
        rule = was.rule
        facts = {name for subject in ("approval_date", *rule.subjects) for name in measure(subject, rule.per).inputs}
        if before == after or was.verdict is Verdict.UNDETERMINED or facts & read:
            yield rule.id, was.subject


def _by(report: Report) -> tuple[object, ...]:
    return [pack.id for pack in report.packs], report.as_of, report.reading, dict(report.parameters)


def topics(old: Report, new: Report) -> tuple[Topic, ...]:
    """What can be set side by side: the rules of both, then the matters of those that only one of them has."""
    theirs, ours = _rules(old), _rules(new)
    shared = theirs.keys() & ours.keys()
    found = [_topic(rule.id, (rule,), (rule,)) for name, rule in theirs.items() if name in shared]
    alone = [rule for name, rule in (theirs | ours).items() if name not in shared]
    for name, per in dict.fromkeys((rule.matter or rule.id, rule.per) for rule in alone):
        same = [rule for rule in alone if (rule.matter or rule.id, rule.per) == (name, per)]
        found.append(_topic(name, [r for r in same if r.id in theirs], [r for r in same if r.id in ours]))
    return tuple(found)


def graver(verdict: Verdict) -> int:
    """The order in which one of several verdicts on a topic counts; what does not apply counts last."""
    return -1 if verdict is Verdict.NOT_APPLICABLE else int(verdict)


def _topic(name: str, old: Sequence[Rule], new: Sequence[Rule]) -> Topic:
    rule = (*old, *new)[0]
    matter = bool(rule.matter) and [r.id for r in old] != [r.id for r in new]
    label = rule.matter_label if matter else rule.title
    return Topic(name, label, rule.per, matter, tuple(r.id for r in old), tuple(r.id for r in new))


def _rules(report: Report) -> dict[str, Rule]:
    return {rule.id: rule for pack in report.packs for rule in pack.rules}


def _held(report: Report, sides: Sequence[Topic]) -> FindingsByTopic:
    """The findings by topic and subject, of several on a topic the gravest; rows of one id are told apart in order."""
    numbers = {rule: number for number, topic in enumerate(sides) for rule in (*topic.old, *topic.new)}
    times: Counter[tuple[str, str, str]] = Counter()
    held: FindingsByTopic = {}
    for finding in report.findings:
        of = (finding.rule.id, finding.subject.type, finding.subject.id)
        key = (numbers[of[0]], of[1], of[2], times[of])
        times[of] += 1
        if key not in held or graver(finding.verdict) > graver(held[key].verdict):
            held[key] = finding
    return held


def _open(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict in OPEN


def _whole(report: Report) -> bool:
    """Whether the report holds every verdict, and not only those that want attention."""
    return len(report.findings) == sum(sum(counts) for counts in report.summary.verdicts.values())


def _moved(old: Finding, new: Finding) -> int:
    """Whether a missed limit of the same verdict is further away than it was (-1), or none is and one is nearer (1)."""
    if old.verdict is not new.verdict:
        return 0
    margins = {(outcome.name, outcome.unit): outcome.margin for outcome in old.requirements}
    moves = {
        moved(outcome.margin, was)
        for outcome in new.requirements
        if outcome.margin is not None
        and (was := margins.get((outcome.name, outcome.unit))) is not None
        and outcome.margin < 0 > was
    }
    return -1 if -1 in moves else max(moves, default=0)


def moved(now: float, was: float) -> int:
    """Whether a margin grew (1), shrank (-1), or is the same but for the order in which its numbers were added (0)."""
    slack = SLACK * max(1.0, abs(was))
    return (now > was + slack) - (now < was - slack)


# Verdicts in the order of ``graver``, so that of several on a topic the maximum counts.
GRAVITY = np.array([graver(verdict) + 1 for verdict in Verdict], np.int8)
VERDICTS = sorted(Verdict, key=graver)


def difference_of_runs(old: Report, new: Report) -> Difference:
    """As ``difference`` of two reports of runs that hold every verdict on the same subjects.

    Findings are made only where a verdict differs or a margin can.
    """
    sides, transitions = (old, new), list[Transition]()
    wanted: tuple[dict[str, RowNumbers], dict[str, RowNumbers]] = ({}, {})
    for topic in topics(old, new):
        rules = (topic.old, topic.new)
        gravest = [_gravest(report, its) for report, its in zip(sides, rules, strict=True)]
        transitions += _steps(topic, gravest)
        rows = _differing(gravest, still=_may_move(topic, old, new))
        for its, by_rule in zip(rules, wanted, strict=True):
            by_rule.update(dict.fromkeys(its, rows))
    return difference(_picked(old, wanted[0]), _picked(new, wanted[1]), transitions)


def _findings(report: Report) -> Findings:
    """The findings of a run, which is asked for them before anything excuses one."""
    assert isinstance(report.findings, Findings)
    return report.findings


def _gravest(report: Report, rules: Sequence[str]) -> NDArray[np.int8] | None:
    """For each subject the gravest verdict of those rules, as its place in ``VERDICTS``; None where there is none."""
    ruled = (one for one in _findings(report).ruled if one.rule.id in rules)
    lines = [GRAVITY[one.kept.verdicts[one.line]] for one in ruled if one.kept is not None]
    return np.maximum.reduce(lines) if lines else None


def _steps(topic: Topic, sides: Sequence[NDArray[np.int8] | None]) -> Iterator[Transition]:
    old, new = sides
    if old is None or new is None:
        return
    many = len(VERDICTS)
    counts = np.bincount(old * many + new, minlength=many**2).tolist()
    steps = [(VERDICTS[at // many], VERDICTS[at % many], count) for at, count in enumerate(counts) if count]
    yield from (Transition(topic, *step) for step in sorted(steps))


def _may_move(topic: Topic, old: Report, new: Report) -> bool:
    """Whether a margin may differ where the verdict does not: the same rules measure the same inputs alike."""
    before, after = (
        [rule for pack in report.packs for rule in pack.rules if rule.id in rules]
        for report, rules in ((old, topic.old), (new, topic.new))
    )
    return before != after or old.parameters != new.parameters


def _differing(sides: Sequence[NDArray[np.int8] | None], *, still: bool) -> RowNumbers:
    """The subjects whose verdict differs; ``still``: and those whose verdict is open."""
    there = [side for side in sides if side is not None]
    flags = [there[0] != there[1]] if len(there) == 2 else []
    if still or not flags:
        flags += [np.isin(side, [VERDICTS.index(verdict) for verdict in OPEN]) for side in there]
    return np.flatnonzero(np.logical_or.reduce(flags)) if flags else np.empty(0, np.intp)


def _picked(report: Report, rows: Mapping[str, RowNumbers]) -> Report:
    """The report with the findings on those subjects alone."""
    findings = _findings(report)
    ruled = [replace(one, kept=one.kept and one.kept.take(rows[one.rule.id])) for one in findings.ruled]
    return replace(report, findings=Findings(ruled, findings.context))
