"""How many verdicts rest on facts that did not stand in the parcels' own layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import Columns, measure, ratio
from landcheck.model import Batch, Origin, Rule, Verdict
from landcheck.verdicts.decide import VerdictCodes

FALLBACK, RESTING = "fallback", "resting"  # of counts: rows that a fact was filled in, and verdicts that rest on it


class Reliance:
    """What each rule reads: to learn whether it applies, and to judge."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.to_apply = [_inputs(rule, (of.subject for of in rule.applies)) for rule in rules]
        self.to_judge = [_inputs(rule, rule.subjects) for rule in rules]

    def resting(self, batch: Batch, filled: Iterable[str], verdicts: VerdictCodes) -> dict[str, int]:
        """The verdicts that rest on facts filled in, each told by where it came from and its field, as it is counted.

        A verdict that a rule does not apply rests on what tells so, and on nothing else that the rule reads.
        """
        return {name: self._resting(batch, name, verdicts) for name in filled}

    def _resting(self, batch: Batch, name: str, verdicts: VerdictCodes) -> int:
        source, _, field = name.partition(":")
        rows = _declared(batch.columns) if not field else batch.origins.get(field) == Origin[source.upper()]
        return sum(
            int(np.count_nonzero(rows & ((line != Verdict.NOT_APPLICABLE) | ((field or source) in to_apply))))
            for line, to_apply, to_judge in zip(verdicts, self.to_apply, self.to_judge, strict=True)
            if (field or source) in to_judge
        )


def _inputs(rule: Rule, subjects: Iterable[str]) -> frozenset[str]:
    return frozenset(name for subject in subjects for name in measure(subject, rule.per).inputs)


def _declared(columns: Columns) -> NDArray[np.bool_]:
    """Where the declared FAR counts, as none can be worked out."""
    computed = ratio(columns["far_gfa_m2"], columns["site_area_m2"])
    return np.asarray(np.isnan(computed) & ~np.isnan(columns["far"]), np.bool_)
