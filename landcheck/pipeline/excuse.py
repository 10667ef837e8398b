"""The report with its excused findings marked: the last stage of a run that has a register of waivers or a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import overload

from landcheck.decide import judge
from landcheck.model import Finding, Pack, Report
from landcheck.pipeline.assemble import data_key
from landcheck.pipeline.parks import Parks
from landcheck.pipeline.register import load_register
from landcheck.pipeline.request import Request
from landcheck.pipeline.run import Run, rules_per
from landcheck.pipeline.waived import settle
from landcheck.pipeline.waivers import Waivers

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


def excused(report: Report, run: Run, parks: Parks | None) -> Report:
    """The report with what the register covers marked and what is wrong with the register told."""
    waivers = run.waivers
    if waivers is None:
        return report
    if parks is not None:
        _add_parks(waivers, run, parks, report.packs)
    settled = settle(waivers, report.as_of)

    def mark(finding: Finding) -> Finding:
        waived = settled.covered.get((finding.rule.id, finding.subject.type, finding.row or 0))
        return finding if waived is None else replace(finding, waived=waived)

    return replace(
        report,
        findings=Marked(report.findings, mark),
        data=tuple(sorted((*report.data, *settled.findings), key=data_key)),
        waivers=tuple(settled.grants),
        inputs=(*report.inputs, *waivers.register.inputs),
    )


def _add_parks(waivers: Waivers, run: Run, parks: Parks, packs: Sequence[Pack]) -> None:
    rules = rules_per(packs, "park")
    ground = run.around.parks
    verdicts = judge(rules, parks.batch.columns, parks.batch.rows, run.request.reading, run.parameters)
    drawn, frame = (None, None) if ground is None else (ground.drawn, ground.sheet.frame)
    waivers.add(parks.batch, drawn, verdicts, rules, frame)
