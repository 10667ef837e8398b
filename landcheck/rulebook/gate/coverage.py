"""Do the cases of a rule cover what they must? Proven by what came out, never by a case's label alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from landcheck.measures import TOLERANCE
from landcheck.messages import Message
from landcheck.model import UNMET, Outcome, Requirement, Rule, Test, Tri, Verdict
from landcheck.rulebook.gate.trial import CaseResult

NEAR = 0.01  # a case is "just past" a limit within 1 % of it, of a limit of nought within 0.01


def gaps(rule: Rule, results: Sequence[CaseResult]) -> Iterator[Message]:
    """What no case shows, and every case that does not show what its label says."""
    sound = [result for result in results if result.ok]
    for result in sound:
        if not any(_proves(result.case.kind, result, r, t) for r in rule.requires for t in r.any):
            values = {"rule": rule.id, "name": result.case.name, "kind": result.case.kind}
            yield Message("gate-kind-unproven", values)
    # a park is judged at the date of the check: without a condition nothing leaves open whether its rule applies
    asked = rule.applies or rule.per == "parcel"
    for kind in ("not_applicable", "applicability_missing") if asked else ("not_applicable",):
        if not any(_proves(kind, result, rule.requires[0], rule.requires[0].any[0]) for result in sound):
            yield Message("gate-kind-lacking", {"rule": rule.id, "kind": kind})
    for requirement in rule.requires:
        for kind, test in _needed(requirement):
            if not any(_proves(kind, result, requirement, test) for result in sound):
                values = {"rule": rule.id, "requirement": requirement.name, "kind": kind, "measure": test.measure}
                yield Message("gate-requirement-lacking", values)


def _needed(requirement: Requirement) -> Iterator[tuple[str, Test]]:
    """At and past each number, else held and broken; and a case with the measure missing."""
    for test in requirement.any:
        yield from (
            (kind, test) for kind in (("holds", "broken") if test.number is None else ("at_limit", "past_limit"))
        )
    yield "measure_missing", requirement.any[0]


def _proves(kind: str, result: CaseResult, requirement: Requirement, test: Test) -> bool:
    """Whether a case came out as one of that kind has to, for a test of a requirement."""
    if kind in OF_OUTCOME:
        outcome = _outcome(result, requirement, test)
        return outcome is not None and OF_OUTCOME[kind](outcome)
    if kind == "measure_missing":
        return _measure_missing(result, requirement, test)
    if kind == "applicability_missing":
        return result.applies is Tri.UNKNOWN and result.got is Verdict.UNDETERMINED
    return kind == "other" or result.got is Verdict.NOT_APPLICABLE


def _outcome(result: CaseResult, requirement: Requirement, test: Test) -> Outcome | None:
    """How the test of the requirement came out; None where the rule did not surely apply."""
    found = [outcome for outcome in result.finding.requirements if outcome.name == requirement.name]
    if not found or result.applies is not Tri.TRUE:
        return None
    ways = found[0].alternatives or (found[0],)
    return ways[requirement.any.index(test)]


def _at_limit(outcome: Outcome) -> bool:
    if outcome.margin is None or isinstance(outcome.limit, tuple) or outcome.verdict is not Verdict.PASS:
        return False
    return abs(outcome.margin) <= TOLERANCE * abs(outcome.limit)


def _past_limit(outcome: Outcome) -> bool:
    if outcome.margin is None or isinstance(outcome.limit, tuple) or outcome.verdict not in UNMET:
        return False
    limit = abs(outcome.limit)
    return TOLERANCE * limit < -outcome.margin <= NEAR * (limit or 1.0) * (1 + TOLERANCE)


OF_OUTCOME: Mapping[str, Callable[[Outcome], bool]] = {
    "at_limit": _at_limit,
    "past_limit": _past_limit,
    "holds": lambda outcome: outcome.measured is not None and outcome.verdict is Verdict.PASS,
    "broken": lambda outcome: outcome.measured is not None and outcome.verdict in UNMET,
}


def _measure_missing(result: CaseResult, requirement: Requirement, test: Test) -> bool:
    """A measure is unknown and the rule says so; a rule that asks for it to be known does not apply."""
    if result.got is Verdict.NOT_APPLICABLE:
        needed = {c.subject for c in result.finding.rule.applies if c.known}
        return test.measure in needed and result.case.kind == "measure_missing"
    named = [outcome for outcome in result.finding.requirements if outcome.name == requirement.name]
    unknown = any(outcome.verdict is Verdict.UNDETERMINED for outcome in named)
    return result.applies is Tri.TRUE and result.got is Verdict.UNDETERMINED and unknown
