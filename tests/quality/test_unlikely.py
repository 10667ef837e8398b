"""What is in the file and cannot be: impossible densities and sizes, and rows that are no parcels."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck import Report, Request, check
from landcheck.model import Level

HEAD = "parcel_id,land_class,site_area_m2,far_gfa_m2"


def run(tmp_path: Path, *rows: str, batch_rows: int = 100) -> Report:
    (tmp_path / "p.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return check(Request(str(tmp_path / "p.csv"), show_all=True, batch_rows=batch_rows))


def codes(report: Report) -> list[tuple[str, int | None, str]]:
    return [(one.level.value, one.row, one.message.code) for one in report.data]


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_a_far_that_no_plot_has_is_told_once(tmp_path: Path, batch_rows: int) -> None:
    # 10,000 m² of site said as 1.0 (ha): a FAR of 20,000; 300,000 on 10,000 is 30 and passes for possible
    rows = ["A,industrial_project,10000,300000", "B,industrial_project,1.0,20000", "C,industrial_project,2.0,20000"]
    report = run(tmp_path, *rows, batch_rows=batch_rows)
    assert codes(report) == [("warning", 2, "far-implausible")]
    told = report.data[0].message.say("en")
    assert "2 parcels" in told
    assert "row 2, B, 20000" in told


@pytest.mark.parametrize(("area", "fault"), [
    ("1e-10", "fields-too-small"), ("1e300", "fields-too-large"), ("1e-6", None), ("1e15", None),
])  # fmt: skip
def test_sizes_beyond_all_sense_are_missing(tmp_path: Path, area: str, fault: str | None) -> None:
    report = run(tmp_path, f"A,industrial_project,{area},20000")
    told = [one.message.values["reason"].code for one in report.data if one.message.code == "fields-value"]
    far = next(finding for finding in report.findings if finding.rule.id == "far-industrial")
    assert told == ([fault] if fault else [])
    assert (far.verdict.word == "undetermined") == bool(fault)


@pytest.mark.parametrize("ident", ["合计", "总计", "合 计", "Total", "注:以上面积均为约数", "填表人:张三", "备注"])
def test_a_totals_line_or_a_note_is_told(tmp_path: Path, ident: str) -> None:
    report = run(tmp_path, "A,industrial_project,10000,20000", f"{ident},industrial_project,10000,20000")
    assert [(one.level, one.row, one.message.code) for one in report.data] == [(Level.ERROR, 2, "row-no-parcel")]


@pytest.mark.parametrize("ident", ["A1", "注册路1号", "合计路3", "Total-1", "说明书路"])
def test_an_id_that_only_begins_so_is_one(tmp_path: Path, ident: str) -> None:
    assert codes(run(tmp_path, f"{ident},industrial_project,10000,20000")) == []
