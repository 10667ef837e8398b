"""Cases judged: what a rule was expected to say, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from landcheck.messages import Message, Text
from landcheck.model import Case, Finding, Pack, Rule, Tri, Verdict
from landcheck.rulebook.gate.stand import Stand, stands
from landcheck.verdicts.decide import Evaluation, judge
from landcheck.verdicts.gather import FindingContext, Findings, RuleVerdicts
from landcheck.verdicts.totals import ReportRows


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case came out. ``applies`` is what the rule's ``[applies]`` said; ``fault`` a fact that cannot be read."""

    name: Text
    rule: str
    given: Mapping[str, Any]
    expected: Verdict
    got: Verdict
    ok: bool
    case: Case
    finding: Finding
    applies: Tri
    fault: Message | None = None


def run_cases(pack: Pack) -> tuple[CaseResult, ...]:
    """Every case of a pack, in the order of its rules and of their files."""
    return tuple(result for rule in pack.rules for result in run_rule(rule, pack))


def stands_of(rule: Rule, pack: Pack) -> list[Stand]:
    """The cases of one rule of the pack, ready to be judged."""
    defaults = {parameter.name: parameter.value for parameter in pack.parameters}
    return stands(rule, [case for case in pack.cases if case.rule == rule.id], defaults)


def run_rule(rule: Rule, pack: Pack) -> list[CaseResult]:
    """The cases of one rule, in the order of their file."""
    results = [result for stand in stands_of(rule, pack) for result in _results(rule, stand)]
    order = {id(case): number for number, case in enumerate(pack.cases)}
    return sorted(results, key=lambda result: order[id(result.case)])


def _results(rule: Rule, stand: Stand) -> list[CaseResult]:
    applies = Evaluation(stand.columns, stand.parameters).applies(rule).tolist()
    found = zip(stand.cases, _findings(rule, stand), stand.faults, applies, strict=True)
    return [_result(case, finding, Tri(tri), faults) for case, finding, faults, tri in found]


def _findings(rule: Rule, stand: Stand) -> Sequence[Finding]:
    verdicts = judge([rule], stand.columns, stand.rows, stand.reading, stand.parameters)
    ids = pa.array([str(number) for number in range(stand.rows)])
    places = np.full((stand.rows, 2), np.nan)
    kept = ReportRows(ids, np.arange(stand.rows), verdicts, stand.columns, places)
    return list(
        Findings([RuleVerdicts(rule, 0, kept)], FindingContext(stand.reading, stand.parameters, everything=True))
    )


def _result(case: Case, finding: Finding, applies: Tri, faults: Sequence[Any]) -> CaseResult:
    fault = faults[0].message("cases") if faults else None
    named = case.missing is None or set(case.missing) == set(finding.missing)
    return CaseResult(
        name=case.name, rule=case.rule, given=case.given, expected=case.expect, got=finding.verdict,
        ok=finding.verdict is case.expect and named and fault is None, case=case, finding=finding, applies=applies,
        fault=fault,
    )  # fmt: skip
