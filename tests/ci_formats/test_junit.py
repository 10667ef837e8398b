from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from landcheck.messages.visible import visible
from landcheck.model import Level, Report, Summary, Verdict
from landcheck.report.ci import junit
from landcheck.report.options import Options, Show


def read(report: Report, show: Show = "findings") -> JUnitXml:
    return JUnitXml.fromstring("".join(junit.pieces(report, Options("en", show))).encode())


def outcomes(xml: JUnitXml) -> Counter[str]:
    return Counter(outcome.type for suite in xml for case in suite for outcome in case.result)


def cases(xml: JUnitXml) -> list[TestCase]:
    return [case for suite in xml for case in suite]


def test_each_verdict_has_its_outcome(report: Report) -> None:
    xml = read(report, "all")
    assert outcomes(xml) == {"fail": 4, "undetermined": 1, "review": 1, "not_applicable": 1, "error": 1, "warning": 1}
    kinds = {type(o): o.type for case in cases(xml) for o in case.result if o.type in {"fail", "undetermined"}}
    assert kinds == {Failure: "fail", Error: "undetermined"}
    far = next(suite for suite in xml if suite.name == "far-industrial")
    assert [case.is_passed for case in far] == [False, False, True]
    assert (far.tests, far.failures, far.errors, far.skipped) == (3, 1, 1, 0)


def test_every_suite_counts_what_it_holds(run: Report) -> None:
    xml = read(run)
    for suite in xml:
        found = Counter(type(o) for case in suite for o in case.result)
        stated = (suite.tests, suite.failures, suite.errors, suite.skipped)
        assert stated == (len(list(suite)), found[Failure], found[Error], found[Skipped])
        assert len({case.name for case in suite}) == suite.tests or suite.name == "data"
    told = outcomes(xml)
    total = [sum(counts[v] for counts in run.summary.verdicts.values()) for v in Verdict]
    assert total[Verdict.FAIL] + len(run.data) > 5
    assert told["fail"] == total[Verdict.FAIL]
    assert told["undetermined"] == total[Verdict.UNDETERMINED]
    assert told["review"] == total[Verdict.REVIEW]
    assert told["error"] == sum(fault.level is Level.ERROR for fault in run.data)


def test_a_rule_without_listed_cases_succeeds_only_where_something_passed(report: Report) -> None:
    rules = [rule.id for pack in report.packs for rule in pack.rules]
    counts = dict.fromkeys(rules, (0, 0, 0, 0, 5)) | {"term-50": (2, 0, 0, 0, 3)}
    quiet = replace(report, findings=(), data=(), summary=Summary({"parcel": 5}, counts))
    by_rule = {case.classname: case for case in cases(read(quiet))}
    assert by_rule["landcheck.term-50"].is_passed
    assert by_rule["landcheck.term-50"].name.startswith("pass 2, not applicable 3")
    assert by_rule["landcheck.far-industrial"].is_skipped


def test_the_run_says_what_it_rests_on(report: Report) -> None:
    first = next(iter(read(report)))
    stated = {p.name: p.value for p in first.properties()}
    assert stated["reading"] == "threshold"
    assert stated["assumed.parcels.single_use"] == "True x 1117"
    said = first._elem.findtext("system-out")  # junitparser has no word for that of a suite
    assert "控规图则、规划条件 prevail" in said
    assert "300.25" in said


@pytest.mark.parametrize("end", ["", "\ufffe\uffff"])
def test_hostile_text_is_text(report_of: Callable[[str], Report], hostile: str, end: str) -> None:
    shown = visible(hostile) + end.encode("unicode_escape").decode()
    far, data = [case for case in cases(read(report_of(hostile + end))) if case.result and shown in case.name]
    assert far.name == f"parcel {shown}"
    assert (far.is_skipped, far.result[0].type) == (True, "waived")
    assert far.result[0].message.endswith(f"[Waived by {shown} ({shown}) until 2026-06-30: {shown}]")
    assert data.result[0].message == f"seen: {shown}"


def test_same_run_same_text(run: Report) -> None:
    first, second = ("".join(junit.pieces(run, Options("zh", "all"))) for _ in range(2))
    assert first == second
