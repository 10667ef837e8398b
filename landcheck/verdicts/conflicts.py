"""Where texts in force disagree on a subject: found in the verdict matrix, told a block at a time, never settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Message, Text
from landcheck.model import Conflict, Pack, Side, Standing, Subject, Verdict
from landcheck.verdicts.decide import Evaluation
from landcheck.verdicts.gather import BlockSequence, FindingContext, RuleVerdicts
from landcheck.verdicts.outcomes import limit_of, margins_of, measured_of
from landcheck.verdicts.totals import ReportRows

DECIDED = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL)
LOWEST, HIGHEST = np.int8(min(DECIDED)), np.int8(max(DECIDED))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The rules of one matter, with the text each comes from and the kept rows on which the texts disagree."""

    matter: str
    label: Text
    ruled: tuple[RuleVerdicts, ...]
    standings: tuple[Standing, ...]
    kept: ReportRows
    rows: NDArray[np.intp]


class Conflicts(BlockSequence[Disagreement, Conflict]):
    """By matter in the order of the packs' rules, then by subject."""

    def __init__(self, ruled: Sequence[RuleVerdicts], packs: Sequence[Pack], context: FindingContext) -> None:
        self._context = context
        super().__init__([(found, found.rows) for found in _disagreements(ruled, packs) if len(found.rows)])

    @property
    def counts(self) -> Mapping[Text, int]:
        """How many by matter."""
        return {source.label: len(rows) for source, rows in self.plan}

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The texts that disagree somewhere."""
        return tuple(dict.fromkeys(standing for source, _ in self.plan for standing in source.standings))

    def made(self, source: Disagreement, rows: NDArray[np.intp]) -> Iterator[Conflict]:
        """What the texts say of those rows."""
        kept, context = source.kept, self._context
        evaluation = context.evaluation(kept, rows)
        sides: list[list[Side]] = [[] for _ in rows]
        for one, standing in zip(source.ruled, source.standings, strict=True):
            verdicts = kept.verdicts[one.line, rows]
            numbers = _numbers(one, verdicts, evaluation, context)
            for side, verdict, number in zip(sides, verdicts.tolist(), numbers, strict=True):
                if verdict in DECIDED:
                    side.append(Side(one.rule, standing, Verdict(verdict), **number))
        per = source.ruled[0].rule.per
        for ident, row, side in zip(kept.ids.take(rows).to_pylist(), kept.rows[rows].tolist(), sides, strict=True):
            yield Conflict(Subject(per, ident), row + 1, source.matter, source.label, tuple(side))


def conflict_notices(conflicts: Conflicts) -> Iterator[Message]:
    """That texts disagree, on what and how often, and what a text says of its own precedence."""
    if not len(conflicts):
        return
    matters = tuple(Message("conflicts-of-matter", {"matter": m, "count": n}) for m, n in conflicts.counts.items())
    yield Message("texts-conflict", {"count": len(conflicts), "matters": matters})
    for standing in conflicts.standings:
        if standing.precedence is not None:
            said = standing.precedence
            yield Message("text-precedence", {"text": standing.number, "quote": said.quote, "reading": said.reading})


def _disagreements(ruled: Sequence[RuleVerdicts], packs: Sequence[Pack]) -> Iterator[Disagreement]:
    """The matters that rules of more than one text speak of."""
    texts = {(text.pack, text.document): text for pack in packs for text in pack.standings}
    by_matter: dict[tuple[str, str], list[RuleVerdicts]] = {}
    for one in ruled:
        if one.rule.matter and one.kept is not None:
            by_matter.setdefault((one.rule.matter, one.rule.per), []).append(one)
    for (matter, _), members in by_matter.items():
        standings = tuple(texts[one.rule.pack, one.rule.document] for one in members)
        kept = members[0].kept
        if kept is not None and len(set(standings)) > 1:
            rows = _disagreeing([kept.verdicts[one.line] for one in members], standings)
            yield Disagreement(matter, members[0].rule.matter_label, tuple(members), standings, kept, rows)


def _disagreeing(lines: Sequence[NDArray[np.int8]], standings: Sequence[Standing]) -> NDArray[np.intp]:
    """Rows on which several texts decide and not all verdicts are the same.

    Where several texts decide and two verdicts differ, two of different texts do: if those two are of one text, the
    verdict of another text differs from one of them.
    """
    decided = [np.isin(line, DECIDED) for line in lines]
    least = reduce(np.minimum, (np.where(d, line, HIGHEST) for d, line in zip(decided, lines, strict=True)))
    most = reduce(np.maximum, (np.where(d, line, LOWEST) for d, line in zip(decided, lines, strict=True)))
    texts = [
        reduce(np.logical_or, (d for d, own in zip(decided, standings, strict=True) if own == text))
        for text in dict.fromkeys(standings)
    ]
    several = reduce(np.add, (text.astype(np.int8) for text in texts)) > 1
    return np.flatnonzero(several & (most > least))


def _numbers(
    ruled: RuleVerdicts, verdicts: NDArray[np.int8], evaluation: Evaluation, context: FindingContext
) -> list[dict[str, Any]]:
    """Row by row the comparison with a number that gives the rule its verdict; nothing where a word does."""
    per, told = ruled.rule.per, [dict[str, Any]() for _ in verdicts]
    for requirement in reversed(ruled.rule.requires):
        test = requirement.numeric
        if test is None:
            continue
        wanted = np.where(verdicts == Verdict.PASS, 1, -1) == evaluation.holds(test, per)
        rows = np.flatnonzero(wanted & (evaluation.judged(requirement, per, context.reading) == verdicts))
        scale, limit = float(1 / test.scale), limit_of(evaluation, test)
        value, margins = measured_of(evaluation, test, per), margins_of(evaluation, test, per, scale)
        for i, measured, gap in zip(rows.tolist(), value[rows].tolist(), margins[rows].tolist(), strict=True):
            told[i] = {"measured": measured, "limit": limit, "unit": test.unit, "margin": gap}
    return told
