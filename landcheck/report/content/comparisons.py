"""The comparisons behind a verdict, line by line: what was measured, against which limit, with how much to spare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landcheck.messages import Lang, say
from landcheck.model import Finding, Operator, Outcome, Rule, Test, Verdict
from landcheck.report.content import labels
from landcheck.report.content.amounts import about, area, at_least, grouped
from landcheck.report.content.sentences import limit_words, measured_words, requirement_of

SIGNS = {Operator.AT_LEAST: "≥ ", Operator.AT_MOST: "≤ ", Operator.EQUALS: "= "}


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """One comparison in words; ``verdict`` is None for one of several ways to meet a requirement."""

    label: str
    verdict: Verdict | None
    measured: str
    limit: str
    margin: str


def comparisons(rule: Rule, outcome: Outcome, lang: Lang) -> Iterator[ComparisonLine]:
    """A requirement; where there are several ways to meet it, a line for it and one for each of them."""
    requirement = requirement_of(rule, outcome)
    tests = requirement.any if requirement else ()
    label = outcome.label.say(lang)
    if not outcome.alternatives:
        yield _compared(rule, outcome, tests[0] if tests else None, (label, outcome.verdict), lang)
        return
    yield ComparisonLine(label, outcome.verdict, "", say("html-any-of", lang), "")
    for way, test in zip(outcome.alternatives, tests, strict=False):
        yield _compared(rule, way, test, (labels.field_label(rule.per, test.measure, lang), None), lang)


def _compared(
    rule: Rule, outcome: Outcome, test: Test | None, head: tuple[str, Verdict | None], lang: Lang
) -> ComparisonLine:
    measured = measured_words(outcome, test, rule.per, lang)
    limit = SIGNS.get(outcome.operator, "") + limit_words(outcome, test, rule.per, lang)
    return ComparisonLine(*head, measured, limit, margin_words(outcome, lang))


def margin_words(outcome: Outcome, lang: Lang) -> str:
    """What is to spare (+) or short (−), in the limit's unit and as an area; an amount short is rounded up."""
    margin, in_m2 = outcome.margin, outcome.margin_m2
    if margin is None:
        return ""
    digits = at_least(-margin, 4) if margin < 0 else about(margin)
    amount = _sign(margin) + labels.with_unit(digits, outcome.unit, lang)
    if in_m2 is None or outcome.unit == "m2":
        return amount
    size = labels.with_unit(area(in_m2) if in_m2 < 0 else grouped(in_m2, 2), "m2", lang)
    return say("html-margin-m2", lang, margin=amount, area=_sign(in_m2) + size)


def _sign(margin: float) -> str:
    return "−" if margin < 0 else "+" if margin > 0 else ""


def areas_words(finding: Finding, lang: Lang) -> str:
    """The site area taken and both areas of the drawing, where the rule rests on the site area; else nothing."""
    from landcheck.measures import MEASURES  # numpy, which the start of the program does without

    tests = (test.measure for requirement in finding.rule.requires for test in requirement.any)
    if finding.areas is None or not any("site_area_m2" in MEASURES[t].inputs for t in tests if t in MEASURES):
        return ""
    held = (finding.areas.taken_m2, finding.areas.ellipsoidal_m2, finding.areas.planar_m2)
    taken, ellipsoidal, planar = (
        say("report-unknown", lang) if size is None else labels.with_unit(grouped(size, 2), "m2", lang) for size in held
    )
    return say("html-areas", lang, taken=taken, ellipsoidal=ellipsoidal, planar=planar)
