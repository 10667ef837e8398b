"""One set of inputs judged twice, at two dates or by two packs: which verdicts differ, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landcheck.errors import UsageError
from landcheck.model import Difference, Report, Topic, Transition, Verdict
from landcheck.request import Request
from landcheck.rulebook import load_packs
from landcheck.run.check import Progress, run_check
from landcheck.verdicts.difference import OPEN, difference, graver, topics
from landcheck.verdicts.gather import Findings

# Verdicts in the order of ``graver``, so that of several on a topic the maximum counts.
GRAVITY = np.array([graver(verdict) + 1 for verdict in Verdict], np.int8)
VERDICTS = sorted(Verdict, key=graver)


@dataclass(frozen=True, slots=True)
class Compared:
    """Both reports, and what lies between them."""

    old: Report
    new: Report
    difference: Difference


def compare(old: Request, new: Request, progress: Progress | None = None) -> Compared:
    """Judge the inputs as either request asks and set the results side by side.

    The same as the difference of two saved results that hold every verdict, but findings are made only where a verdict
    differs or a margin can. Raises what ``check`` raises.
    """
    before, after = (_report(request, progress) for request in _with_own_parameters(old, new))
    sides, transitions = (before, after), list[Transition]()
    wanted: tuple[dict[str, NDArray[np.intp]], dict[str, NDArray[np.intp]]] = ({}, {})
    for topic in topics(before, after):
        rules = (topic.old, topic.new)
        gravest = [_gravest(report, its) for report, its in zip(sides, rules, strict=True)]
        transitions += _transitions(topic, gravest)
        rows = _rows(gravest, still=_may_move(topic, before, after))
        for its, by_rule in zip(rules, wanted, strict=True):
            by_rule.update(dict.fromkeys(its, rows))
    picked = [_picked(report, rows) for report, rows in zip(sides, wanted, strict=True)]
    return Compared(before, after, difference(picked[0], picked[1], transitions))


def _with_own_parameters(old: Request, new: Request) -> Iterator[Request]:
    """Each request with the parameters its packs have. UsageError for a name that neither knows."""
    known = [{p.name for pack in load_packs(request.packs) for p in pack.parameters} for request in (old, new)]
    for name in old.parameters:
        if name not in known[0] | known[1]:
            raise UsageError("set-unknown-parameter", name=name, known=sorted(known[0] | known[1]))
    for request, names in zip((old, new), known, strict=True):
        yield replace(request, parameters={n: v for n, v in request.parameters.items() if n in names})


def _report(request: Request, progress: Progress | None) -> Report:
    """Every verdict as the rules give it: what excuses a finding changes none."""
    return run_check(replace(request, show_all=True, waivers=None, baseline=None), progress)[1]


def _findings(report: Report) -> Findings:
    """The findings of a run, which is asked for them before anything excuses one."""
    assert isinstance(report.findings, Findings)
    return report.findings


def _gravest(report: Report, rules: Sequence[str]) -> NDArray[np.int8] | None:
    """For each subject the gravest verdict of those rules, as its place in ``VERDICTS``; None where there is none."""
    ruled = (one for one in _findings(report).ruled if one.rule.id in rules)
    lines = [GRAVITY[one.kept.verdicts[one.line]] for one in ruled if one.kept is not None]
    return np.maximum.reduce(lines) if lines else None


def _transitions(topic: Topic, sides: Sequence[NDArray[np.int8] | None]) -> Iterator[Transition]:
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


def _rows(sides: Sequence[NDArray[np.int8] | None], *, still: bool) -> NDArray[np.intp]:
    """The subjects whose verdict differs; ``still``: and those whose verdict is open."""
    there = [side for side in sides if side is not None]
    flags = [there[0] != there[1]] if len(there) == 2 else []
    if still or not flags:
        flags += [np.isin(side, [VERDICTS.index(verdict) for verdict in OPEN]) for side in there]
    return np.flatnonzero(np.logical_or.reduce(flags)) if flags else np.empty(0, np.intp)


def _picked(report: Report, rows: Mapping[str, NDArray[np.intp]]) -> Report:
    """The report with the findings on those subjects alone."""
    findings = _findings(report)
    ruled = [replace(one, kept=one.kept and one.kept.take(rows[one.rule.id])) for one in findings.ruled]
    return replace(report, findings=Findings(ruled, findings.context))
