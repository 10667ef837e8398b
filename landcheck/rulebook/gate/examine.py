"""The whole gate: cases, their coverage, and the mutation check."""

from __future__ import annotations

from dataclasses import dataclass

from landcheck.messages import Message
from landcheck.model import Pack
from landcheck.rulebook.gate.coverage import gaps
from landcheck.rulebook.gate.mutants import survivors
from landcheck.rulebook.gate.trial import CaseResult, run_rule, stands_of


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


def examine(pack: Pack) -> GateReport:
    """Run every case, see what the cases leave unproven, and whether they notice every change of a card."""
    results: list[CaseResult] = []
    faults: list[Message] = []
    for rule in pack.rules:
        found = run_rule(rule, pack)
        results += found
        wrong = [_wrong(result) for result in found if not result.ok]
        faults += [*wrong, *gaps(rule, found)]
        if not wrong:
            faults += survivors(rule, stands_of(rule, pack))
    return GateReport(pack, tuple(results), tuple(faults))


def _wrong(result: CaseResult) -> Message:
    values = {"rule": result.rule, "name": result.name}
    if result.fault is not None:
        return Message("gate-case-unreadable", {**values, "fault": result.fault})
    if result.got is result.expected:
        named = {"expected": sorted(result.case.missing or ()), "got": sorted(result.finding.missing)}
        return Message("gate-case-missing", {**values, **named})
    return Message("gate-case-wrong", {**values, "expected": result.expected.word, "got": result.got.word})
