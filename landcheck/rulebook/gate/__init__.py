"""The gate a rule pack has to pass: its cases come out as they say, cover what they must, and notice every change."""

from __future__ import annotations

from dataclasses import dataclass

from landcheck.messages import Message
from landcheck.model import Pack
from landcheck.rulebook.gate.coverage import gaps
from landcheck.rulebook.gate.mutants import survivors
from landcheck.rulebook.gate.trial import CaseResult, case_groups, run_cases, run_rule

__all__ = ["CaseResult", "GateReport", "examine_pack", "run_cases"]


@dataclass(frozen=True, slots=True)
class GateReport:
    """How a pack came through; ``faults`` is empty where it passed."""

    pack: Pack
    results: tuple[CaseResult, ...]
    faults: tuple[Message, ...]

    @property
    def ok(self) -> bool:
        """Whether the pack passed."""
        return not self.faults


def examine_pack(pack: Pack) -> GateReport:
    """Run every case, see what the cases leave unproven, and whether they notice every change of a card."""
    results: list[CaseResult] = []
    faults: list[Message] = []
    for rule in pack.rules:
        found = run_rule(rule, pack)
        results += found
        wrong = [_wrong(result) for result in found if not result.ok]
        faults += [*wrong, *gaps(rule, found)]
        if not wrong:
            faults += survivors(rule, case_groups(rule, pack))
    return GateReport(pack, tuple(results), tuple(faults))


def _wrong(result: CaseResult) -> Message:
    case = result.case
    values = {"rule": case.rule, "name": case.name}
    if result.fault is not None:
        return Message("gate-case-unreadable", {**values, "fault": result.fault})
    if result.got is case.expect:
        named = {"expected": sorted(case.missing or ()), "got": sorted(result.finding.missing)}
        return Message("gate-case-missing", {**values, **named})
    return Message("gate-case-wrong", {**values, "expected": case.expect.word, "got": result.got.word})
