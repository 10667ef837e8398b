"""The report with its excused findings marked: the last stage of a run that has a register of waivers or a baseline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from typing import overload

from landcheck.exceptions.baseline import compare, notices, summed
from landcheck.exceptions.baseline_file import Held
from landcheck.exceptions.register import load_register
from landcheck.exceptions.waived import Place, settle
from landcheck.exceptions.waivers import Waivers
from landcheck.facts.companions import Ground
from landcheck.green.parks import Parks
from landcheck.model import DataFinding, Finding, Pack, Report, Waived
from landcheck.request import Request
from landcheck.verdicts.decide import judge, rules_per
from landcheck.verdicts.gather import Findings

Mark = Callable[[Finding], Finding]


class Marked(Sequence[Finding]):
    """The findings with a mark put on each as it is looked at."""

    def __init__(self, findings: Sequence[Finding], mark: Mark) -> None:
        self._findings = findings
        self._mark = mark

    def __len__(self) -> int:
        return len(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        return map(self._mark, self._findings)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(index, slice):
            return list(map(self._mark, self._findings[index]))
        return self._mark(self._findings[index])


def waivers_of(request: Request, packs: Sequence[Pack], parameters: Mapping[str, Decimal]) -> Waivers | None:
    """The register of the run, read and checked; None where there is none. UsageError."""
    if request.waivers is None:
        return None
    return Waivers(load_register(request.waivers, packs), request.reading, parameters)


def excused(
    report: Report, waivers: Waivers | None, held: Held | None, parks: Parks | None, ground: Ground | None
) -> Report:
    """The report with what the register and the baseline cover marked, and what is wrong with either told."""
    waived = dict[Place, Waived]()
    if waivers is not None:
        if parks is not None:
            _add_parks(waivers, parks, ground, report.packs)
        settled = settle(waivers, report.as_of)
        waived = settled.covered
        report = replace(
            report,
            data=tuple(sorted((*report.data, *settled.findings), key=DataFinding.place)),
            waivers=tuple(settled.grants),
            inputs=(*report.inputs, *waivers.register.inputs),
        )
    known = set[Place]()
    if held is not None:
        compared = compare(_kept(report.findings, held), held)
        baseline = summed(compared, held, waived)
        known = compared.known.keys() - waived.keys()
        told = notices(report, held, baseline)
        inputs = (*report.inputs, held.info)
        report = replace(report, baseline=baseline, notices=(*report.notices, *told), inputs=inputs)
    return replace(report, findings=_marked(report.findings, waived, known)) if waived or known else report


def _kept(findings: Sequence[Finding], held: Held) -> Iterator[Finding]:
    """The findings of the subjects that the baseline speaks of."""
    ids: dict[str, set[str]] = defaultdict(set)
    for key in held.findings:
        ids[key.rule].add(key.id)
    assert isinstance(findings, Findings)
    return findings.among(ids)


def _marked(findings: Sequence[Finding], waived: Mapping[Place, Waived], known: Set[Place]) -> Marked:
    def mark(finding: Finding) -> Finding:
        place = (finding.rule.id, finding.subject.type, finding.row or 0)
        if place in waived:
            return finding._replace(waived=waived[place])
        return finding._replace(known=True) if place in known else finding

    return Marked(findings, mark)


def _add_parks(waivers: Waivers, parks: Parks, ground: Ground | None, packs: Sequence[Pack]) -> None:
    rules = rules_per(packs, "park")
    verdicts = judge(rules, parks.batch.columns, parks.batch.rows, waivers.reading, waivers.parameters)
    drawn, frame = (None, None) if ground is None else (ground.drawn, ground.sheet.frame)
    waivers.add(parks.batch, drawn, verdicts, rules, frame)
