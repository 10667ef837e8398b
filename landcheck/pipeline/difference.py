"""What changed between two results: fixed, new, changed, better, worse."""

from __future__ import annotations

from landcheck.model import Difference, Finding, Report, Verdict

OPEN = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.REVIEW)
Key = tuple[str, str, str]


def difference(old: Report, new: Report) -> Difference:
    """Compare what needs attention in two reports, by rule and subject."""
    before, after = _open(old), _open(new)
    both = [(before[key], after[key]) for key in before if key in after]
    return Difference(
        fixed=tuple(finding for key, finding in before.items() if key not in after),
        new=tuple(finding for key, finding in after.items() if key not in before),
        changed=tuple(pair for pair in both if _changed(*pair)),
        better=tuple(pair for pair in both if _moved(*pair) > 0),
        worse=tuple(pair for pair in both if _moved(*pair) < 0),
    )


def _open(report: Report) -> dict[Key, Finding]:
    return {
        (finding.rule.id, finding.subject.type, finding.subject.id): finding
        for finding in report.findings
        if finding.verdict in OPEN
    }


def _changed(old: Finding, new: Finding) -> bool:
    """Another verdict, or a waiver that came or went."""
    return old.verdict is not new.verdict or (old.waived is None) is not (new.waived is None)


def _moved(old: Finding, new: Finding) -> float:
    """How far the margin of the same verdict moved: positive is nearer to compliance."""
    if old.verdict is not new.verdict:
        return 0.0
    margins = {outcome.name: outcome.margin for outcome in old.requirements}
    moves = [
        outcome.margin - was
        for outcome in new.requirements
        if outcome.margin is not None and (was := margins.get(outcome.name)) is not None and outcome.margin < 0 > was
    ]
    return sum(moves)
