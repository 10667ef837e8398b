from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from landcheck.messages.visible import visible
from landcheck.model import Level, Report, Verdict
from landcheck.report.ci import codequality
from landcheck.report.options import Options, Show

# GitLab's own list
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def read(report: Report, show: Show = "findings") -> list[dict[str, Any]]:
    issues: list[dict[str, Any]] = json.loads("".join(codequality.pieces(report, Options("en", show))))
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in SEVERITIES
        assert issue["location"]["lines"] == {"begin": 1}
    return issues


def test_every_issue_is_one_and_has_a_mark_of_its_own(run: Report) -> None:
    issues = read(run)
    total = [sum(counts[v] for counts in run.summary.verdicts.values()) for v in Verdict]
    errors = sum(fault.level is Level.ERROR for fault in run.data)
    assert Counter(issue["severity"] for issue in issues) == {
        "critical": total[Verdict.FAIL] + errors,
        "major": total[Verdict.UNDETERMINED],
        "minor": total[Verdict.REVIEW] + len(run.data) - errors,
        "info": len(run.notices) + 1,
    }
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_what_passes_is_no_issue(report: Report) -> None:
    assert read(report, "all") == read(report)
    assert not [i for i in read(report, "all") if "P3" in i["description"] and i["check_name"] == "far-industrial"]


def test_the_basis_is_told(report: Report) -> None:
    told = {i["check_name"]: i["description"] for i in read(report)}
    assert "控规图则、规划条件 prevail" in told["landcheck/test-said"]
    for part in ("threshold", "2026-11-22", "single_use", "base_term_years"):
        assert part in told["landcheck/basis"]


def test_paths_are_as_gitlab_wants_them(report: Report) -> None:
    strange = replace(report, inputs=(replace(report.inputs[0], path=".\\规划\\b.shp"),))
    assert {i["location"]["path"] for i in read(strange)} == {"规划/b.shp"}


def test_hostile_text_is_text(report_of: Callable[[str], Report], hostile: str) -> None:
    issues = read(report_of(hostile))
    assert issues[1]["description"] == f"parcel {visible(hostile)} (row 1): seen: {visible(hostile)}"
    assert issues[0]["description"].startswith(f"parcel {visible(hostile)} (row 1): FAR")
    assert f"until 2026-06-30: {visible(hostile)}]" in issues[0]["description"]
    assert issues[0]["severity"] == "info"
