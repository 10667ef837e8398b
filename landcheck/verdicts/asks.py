"""What to ask for first: missing facts by how many open verdicts want for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import Masks, measure
from landcheck.model import Ask, Rule, Tri, Verdict
from landcheck.verdicts.decide import Evaluation
from landcheck.verdicts.gather import BLOCK, FindingContext, RuleVerdicts

Mask = NDArray[np.bool_]


def ask_first(ruled: Sequence[RuleVerdicts], context: FindingContext) -> tuple[Ask, ...]:
    """Every missing fact of the kept subjects: first those that alone stand between a subject and its verdict."""
    wanted: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for one in ruled:
        for lacks in _open_rows(one, context):
            single = sum(mask.astype(np.int8) for mask in lacks.values()) == 1
            wanted.update({(one.rule.per, name): int(mask.sum()) for name, mask in lacks.items()})
            alone.update({(one.rule.per, name): int((mask & single).sum()) for name, mask in lacks.items()})
    asks = [Ask(per, name, count, alone[per, name]) for (per, name), count in wanted.items() if count]
    return tuple(sorted(asks, key=lambda ask: (-ask.alone, -ask.verdicts, ask.subject, ask.field)))


def _open_rows(ruled: RuleVerdicts, context: FindingContext) -> list[Masks]:
    """For the undetermined rows of a rule, block by block: which fields are missing where."""
    if ruled.kept is None:
        return []
    rows = np.flatnonzero(ruled.kept.verdicts[ruled.line] == Verdict.UNDETERMINED)
    blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
    columns = ruled.kept.columns
    evaluations = [
        Evaluation({name: column[block] for name, column in columns.items()}, context.parameters) for block in blocks
    ]
    return [_lacking(evaluation, ruled.rule) for evaluation in evaluations]


def _lacking(evaluation: Evaluation, rule: Rule) -> Masks:
    parts: list[tuple[str, NDArray[np.int8]]] = [(c.subject, evaluation.condition(c, rule.per)) for c in rule.applies]
    for requirement in rule.requires:
        met = evaluation.met(requirement, rule.per)
        parts += [(t.measure, np.where(met == Tri.UNKNOWN, evaluation.holds(t, rule.per), 1)) for t in requirement.any]
    masks: Masks = measure("approval_date", rule.per).lacks(evaluation.columns)
    for subject, tri in parts:
        for name, lack in measure(subject, rule.per).lacks(evaluation.columns).items():
            masks[name] = masks.get(name, np.zeros(len(lack), np.bool_)) | (lack & (tri == Tri.UNKNOWN))
    return masks
