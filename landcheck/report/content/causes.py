"""The same cause said once: findings of one rule that have one reason, counted, with the gravest and the first of them.

What is asked for every finding is a column; findings are made of those alone that are named.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import Finding, Report, Verdict
from landcheck.report.content import labels
from landcheck.report.content.filled import Block, blocks
from landcheck.report.content.labels import GRAVEST_FIRST
from landcheck.report.content.sentences import Remark, deciding_outcome, remark, subject_words
from landcheck.report.content.slots import Slot, SlotCells
from landcheck.report.options import Show

NAMED = 10  # findings of a cause by their ids; as many are listed one by one
ALIKE = (Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)  # of one cause, these say the same of every subject


@dataclass(slots=True)
class Cause:
    """So many findings of one reason; ``first`` are the first of them in the report's order.

    The gravest has the least ``margin``: infinity where the verdict rests on no number.
    """

    gravest: Finding
    count: int
    first: tuple[Finding, ...]
    margin: float = math.inf

    @property
    def verdict(self) -> Verdict:
        """The verdict of all of them."""
        return self.gravest.verdict

    def singly(self) -> Iterator[Cause]:
        """Each finding as a cause of its own, where all are named."""
        return (Cause(one, 1, (one,)) for one in self.first)


def causes(report: Report, show: Show) -> dict[str, list[Cause]]:
    """The causes of the findings wanted, rule by rule, the gravest verdict and the most frequent first."""
    found: dict[str, dict[Any, Cause]] = {}
    for block in blocks(report, show):
        of_rule = found.setdefault(block.rule.id, {})
        for key, rows, margins in _parts(block):
            least = int(np.argmin(margins))
            known = of_rule.get(key)
            if known is None or margins[least] < known.margin:
                gravest, margin = block.finding(int(rows[least])), float(margins[least])
            else:
                gravest, margin = known.gravest, known.margin
            first, count = ((), 0) if known is None else (known.first, known.count)
            more = (block.finding(int(at)) for at in rows[: NAMED - len(first)])
            of_rule[key] = Cause(gravest, count + len(rows), (*first, *more), margin)
    return {rule: sorted(each.values(), key=gravity) for rule, each in found.items()}


def entries(report: Report, show: Show, room: float = math.inf) -> dict[str, list[Cause]]:
    """The causes, those of few findings one by one: of ten at the most, of fewer where there is less room for lines.

    Two findings that lack the same say the same, and are one line.
    """
    found = causes(report, show)
    every = [cause for each in found.values() for cause in each]
    few = next((n for n in range(NAMED, 1, -1) if sum(_lines(cause, n) for cause in every) <= room), 1)
    return {rule: [line for one in each for line in (one.singly() if _lines(one, few) > 1 else (one,))]
            for rule, each in found.items()}  # fmt: skip


def _lines(cause: Cause, few: int) -> int:
    return 1 if cause.verdict in ALIKE or cause.count > few else cause.count


def gravity(cause: Cause) -> tuple[int, int]:
    """What causes are sorted by."""
    return GRAVEST_FIRST.index(cause.verdict), -cause.count


def _parts(block: Block) -> Iterator[tuple[Any, NDArray[np.intp], NDArray[np.float64]]]:
    """The rows of each cause in a block, with the margin that decides each, all in their order."""
    kinds, parts = block.alike(), defaultdict[Any, list[NDArray[np.intp]]](list)
    margins = np.full(sum(map(len, kinds)), np.inf)
    for rows in kinds:
        one = block.finding(int(rows[0]), SlotCells(rows))
        decided = deciding_outcome(one)
        if decided is not None and decided.margin is not None:
            margin = decided.margin
            margins[rows] = margin.column if isinstance(margin, Slot) else margin
        parts[_key(one)].append(rows)
    whole = ((key, np.sort(np.concatenate(each))) for key, each in parts.items())
    for key, rows in sorted(whole, key=lambda part: part[1][0]):
        yield key, rows, margins[rows]


def _key(one: Finding) -> Any:
    """What two findings of a rule have in common that have one cause."""
    if one.verdict is Verdict.NOT_APPLICABLE:
        why: Any = one.out_of_force
    elif one.verdict is Verdict.UNDETERMINED:
        why = frozenset(one.missing), frozenset(one.unreadable)
    else:
        why = tuple(outcome.name for outcome in one.requirements if outcome.verdict is one.verdict)
    return one.verdict, one.waived, one.known, why


def cause_words(cause: Cause, lang: Lang) -> Remark:
    """A cause in words: the first ids, and the gravest finding named as such."""
    said = remark(cause.gravest, lang)
    if cause.count == 1:
        return said
    told = said._replace(subject=_subjects(cause, lang))
    if cause.verdict in ALIKE:
        return told
    who = subject_words(cause.gravest.subject, cause.gravest.at or cause.gravest.row, lang)
    code = "such-as" if math.isinf(cause.margin) else "nearest" if cause.verdict is Verdict.PASS else "gravest"
    message = say(f"report-cause-{code}", lang, subject=who, message=said.message)
    return told._replace(
        message=message, remedy=said.remedy and say("report-cause-remedy", lang, subject=who, remedy=said.remedy)
    )


def _subjects(cause: Cause, lang: Lang) -> str:
    kind = labels.subject(cause.gravest.subject.type, lang)
    named = tuple(one.subject.id for one in cause.first)
    rest = cause.count - len(named)
    ids = say("report-and-more", lang, named=named, count=f"{rest:,}") if rest else named
    return say("report-cause-subjects", lang, kind=kind, count=f"{cause.count:,}", ids=ids)


def together_note(listed: Sequence[Cause], lang: Lang) -> str:
    """Where every finding stands, if one of the lines stands for more than it names."""
    return say("report-causes-note", lang) if any(one.count > len(one.first) for one in listed) else ""
