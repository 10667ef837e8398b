"""Do the cases of a rule cover what they must? Proven by what came out, never by a case's label alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from landcheck.measures import TOLERANCE
from landcheck.messages import Message
from landcheck.model import Outcome, Requirement, Rule, Test, Tri, Verdict
from landcheck.rulebook.gate.trial import CaseResult

OPEN = (Verdict.FAIL, Verdict.REVIEW)
NEAR = 0.01  # a case is "just past" a limit within 1 % of it, of a limit of nought within 0.01


def gaps(rule: Rule, results: Sequence[CaseResult]) -> Iterator[Message]:
    """What no case shows, and every case that does not show what its label says."""
    sound = [result for result in results if result.ok]
    for result in sound:
        if not any(PROOF[result.case.kind](result, r, t) for r in rule.requires for t in r.any):
            yield Message("gate-kind-unproven", {"rule": rule.id, "name": result.case.name, "kind": result.case.kind})
    for kind in _of_applicability(rule):
        if not any(PROOF[kind](result, rule.requires[0], rule.requires[0].any[0]) for result in sound):
            yield Message("gate-kind-lacking", {"rule": rule.id, "kind": kind})
    for requirement in rule.requires:
        yield from _lacking(rule, requirement, sound)


def _of_applicability(rule: Rule) -> Iterator[str]:
    """A park is judged at the date of the check: without a condition nothing can leave open whether a rule applies."""
    yield "not_applicable"
    if rule.applies or rule.per == "parcel":
        yield "applicability_missing"


def _lacking(rule: Rule, requirement: Requirement, sound: Sequence[CaseResult]) -> Iterator[Message]:
    """At and past each number, else held and broken; and a case with the measure missing."""
    for test in requirement.any:
        for kind in ("at_limit", "past_limit") if test.number is not None else ("holds", "broken"):
            if not any(PROOF[kind](result, requirement, test) for result in sound):
                yield _of_requirement("gate-requirement-lacking", rule, requirement, kind, test.measure)
    if not any(_measure_missing(result, requirement, requirement.any[0]) for result in sound):
        yield _of_requirement(
            "gate-requirement-lacking", rule, requirement, "measure_missing", requirement.any[0].measure
        )


def _of_requirement(code: str, rule: Rule, requirement: Requirement, kind: str, measure: str) -> Message:
    return Message(code, {"rule": rule.id, "requirement": requirement.name, "kind": kind, "measure": measure})


def _outcome(result: CaseResult, requirement: Requirement, test: Test) -> Outcome | None:
    """How the test of the requirement came out; None where the rule did not surely apply."""
    found = [outcome for outcome in result.finding.requirements if outcome.name == requirement.name]
    if not found or result.applies is not Tri.TRUE:
        return None
    ways = found[0].alternatives or (found[0],)
    return ways[requirement.any.index(test)]


def _at_limit(result: CaseResult, requirement: Requirement, test: Test) -> bool:
    outcome = _outcome(result, requirement, test)
    if outcome is None or outcome.margin is None or test.number is None or outcome.verdict is not Verdict.PASS:
        return False
    return abs(outcome.margin) <= TOLERANCE * abs(_limit(outcome))


def _past_limit(result: CaseResult, requirement: Requirement, test: Test) -> bool:
    outcome = _outcome(result, requirement, test)
    if outcome is None or outcome.margin is None or outcome.verdict not in OPEN:
        return False
    limit = abs(_limit(outcome))
    return TOLERANCE * limit < -outcome.margin <= NEAR * (limit or 1.0) * (1 + TOLERANCE)


def _limit(outcome: Outcome) -> float:
    return float(outcome.limit) if not isinstance(outcome.limit, tuple) else 0.0


def _holds(result: CaseResult, requirement: Requirement, test: Test) -> bool:
    outcome = _outcome(result, requirement, test)
    return outcome is not None and outcome.measured is not None and outcome.verdict is Verdict.PASS


def _broken(result: CaseResult, requirement: Requirement, test: Test) -> bool:
    outcome = _outcome(result, requirement, test)
    return outcome is not None and outcome.measured is not None and outcome.verdict in OPEN


def _measure_missing(result: CaseResult, requirement: Requirement, test: Test) -> bool:
    """A measure is unknown and the rule says so; a rule that asks for it to be known does not apply."""
    if result.got is Verdict.NOT_APPLICABLE:
        needed = {c.subject for c in result.finding.rule.applies if c.known}
        return test.measure in needed and result.case.kind == "measure_missing"
    named = [outcome for outcome in result.finding.requirements if outcome.name == requirement.name]
    unknown = any(outcome.verdict is Verdict.UNDETERMINED for outcome in named)
    return result.applies is Tri.TRUE and result.got is Verdict.UNDETERMINED and unknown


def _not_applicable(result: CaseResult, _requirement: Requirement, _test: Test) -> bool:
    return result.got is Verdict.NOT_APPLICABLE


def _applicability_missing(result: CaseResult, _requirement: Requirement, _test: Test) -> bool:
    return result.applies is Tri.UNKNOWN and result.got is Verdict.UNDETERMINED


def _other(_result: CaseResult, _requirement: Requirement, _test: Test) -> bool:
    return True


PROOF: Mapping[str, Callable[[CaseResult, Requirement, Test], bool]] = {
    "at_limit": _at_limit,
    "past_limit": _past_limit,
    "holds": _holds,
    "broken": _broken,
    "not_applicable": _not_applicable,
    "measure_missing": _measure_missing,
    "applicability_missing": _applicability_missing,
    "other": _other,
}
