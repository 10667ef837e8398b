"""Formats that hold so many findings take the gravest, say what they leave out, and never lose a failure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from landcheck import Report, Request, check
from landcheck.model import Finding, Verdict
from landcheck.report.ci import codequality, github, junit, sarif
from landcheck.report.content.filled import blocks, counts, gravest
from landcheck.report.options import Options

HEAD = "parcel_id,land_class,site_area_m2,far_gfa_m2,term_years"


@pytest.fixture(params=["a run", "a list"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Report:
    """Of far-industrial 4 failures (FAR 1.9), 3 undetermined, 2 passes; of term-50 all pass; other rules unknown."""
    areas = ["10000,19000"] * 4 + ["10000,"] * 3 + ["10000,21000"] * 2
    rows = [f"P{number},industrial_project,{area},20" for number, area in enumerate(areas)]
    (tmp_path / "p.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    asked = Request(
        str(tmp_path / "p.csv"), packs=("shanghai-2021-9",), select=("far-industrial", "term-50"), show_all=True
    )
    report = check(asked)
    return report if request.param == "a run" else replace(report, findings=list(report.findings))


def told(report: Report, room: dict[Verdict, int]) -> Iterator[Finding]:
    return (one for block in blocks(report, "all", room) for one in block)


def test_there_are_as_many_as_are_told(made: Report) -> None:
    assert counts(made, "all") == {
        Verdict.FAIL: 4, Verdict.UNDETERMINED: 3, Verdict.PASS: 11, Verdict.REVIEW: 0, Verdict.NOT_APPLICABLE: 0,
    }  # fmt: skip
    assert counts(made, "findings").total() == 7


def test_of_each_verdict_the_first_are_told(made: Report) -> None:
    found = list(told(made, {Verdict.FAIL: 2, Verdict.PASS: 10}))
    assert Counter(one.verdict for one in found) == {Verdict.FAIL: 2, Verdict.PASS: 10}
    assert [(one.rule.id, one.subject.id) for one in found] == [
        *[("term-50", f"P{number}") for number in range(9)],
        *[("far-industrial", name) for name in ("P0", "P1", "P7")],
    ]


def test_the_gravest_have_room(made: Report) -> None:
    assert {verdict: n for verdict, n in gravest(made, "all", 6).items() if n} == {
        Verdict.FAIL: 4, Verdict.UNDETERMINED: 2,
    }  # fmt: skip


def read(report: Report) -> etree._Element:
    return etree.fromstring("".join(junit.pieces(report, Options("en"))).encode())


def test_junit_names_those_without_room(made: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.report.ci.junit.LISTED", 3)
    suite = next(one for one in read(made) if one.get("name") == "far-industrial")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "4", "0")
    assert "fail 1, undetermined 3 more" in suite[-1].get("name", "")
    assert suite[-1][0].tag == "failure"


def test_junit_of_all_fails_for_a_failure_without_room(made: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not apply is greater as a number and no graver."""
    monkeypatch.setattr("landcheck.report.ci.junit.LISTED", 0)
    text = "".join(junit.pieces(made, Options("en", "all")))
    suites = {suite.get("name"): suite for suite in etree.fromstring(text.encode())}
    assert (suites["far-industrial"].get("failures"), suites["term-50"].get("failures")) == ("1", "0")


def test_junit_says_nothing_of_it_where_there_is_room(made: Report) -> None:
    assert not [case for case in read(made).iter("testcase") if "more, not listed" in case.get("name", "")]


def test_codequality_names_those_without_room(made: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.report.ci.codequality.LISTED", 5)
    issues = json.loads("".join(codequality.pieces(made, Options("en"))))
    found = [one for one in issues if one["check_name"] == "far-industrial"]
    assert [one["severity"] for one in found] == ["critical"] * 4 + ["major"]
    rest = next(one for one in issues if one["check_name"] == "landcheck/ci-rest")
    assert (rest["severity"], rest["description"].split(" more")[0]) == ("major", "undetermined 2")


def test_annotations_beyond_ten_are_counted(made: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.report.ci.github.LIMIT", 2)
    lines = "".join(github.pieces(made, Options("en"))).splitlines()
    assert [line.split(" ")[0] for line in lines if line.startswith("::")] == ["::error"] * 2 + ["::warning"] * 2
    assert "2 errors, 1 warning" in lines[-1]


def test_sarif_says_how_many_it_leaves_out(made: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.report.ci.sarif.LIMIT", 5)
    run = json.loads("".join(sarif.pieces(made, Options("en", "all"))))["runs"][0]
    assert [one["properties"]["verdict"] for one in run["results"]] == ["fail"] * 4 + ["undetermined"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert "13 more results are not listed" in next(one["message"]["text"] for one in notes if "more" in str(one))
