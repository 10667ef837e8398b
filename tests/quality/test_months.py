"""A date of approval that names its month alone: decided where the whole month lies on one side of every text's day."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck import Report, Request, check

SOUND = ["land_class,site_area_m2,far_gfa_m2,term_years", "industrial_project,10000,19000,20"]


def run(tmp_path: Path, *dates: str, packs: tuple[str, ...] = ("shanghai-2021-9",), batch_rows: int = 100) -> Report:
    rows = [f"P{number},{date},{SOUND[1]}" for number, date in enumerate(dates)]
    (tmp_path / "p.csv").write_text("\n".join([f"parcel_id,approval_date,{SOUND[0]}", *rows]), encoding="utf-8")
    return check(Request(str(tmp_path / "p.csv"), packs=packs, show_all=True, batch_rows=batch_rows))


def verdicts(report: Report, rule: str) -> list[str]:
    found = {f.subject.id: f.verdict.word for f in report.findings if f.rule.id == rule}
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("batch_rows", [1, 100])
def test_a_month_decides_by_itself(tmp_path: Path, batch_rows: int) -> None:
    """沪府规〔2021〕9号 holds from 2021-09-01: all of September is under it, none of August."""
    report = run(tmp_path, "2021年9月", "2021-8", "2021.9", "2021年8月底", "2021", batch_rows=batch_rows)
    assert verdicts(report, "far-industrial") == ["fail", "not_applicable", "fail", "undetermined", "undetermined"]
    assert [(one.row, one.level.value) for one in report.data] == [(4, "error"), (5, "error")]


def test_a_month_within_which_a_text_begins_is_unknown(tmp_path: Path) -> None:
    """沪规划资源规〔2021〕6号 holds from 2021-09-20."""
    report = run(tmp_path, "2021年9月", "2021年8月", "2021年10月", packs=("shanghai-2021-6",))
    rules = {f.rule.id for f in report.findings if (f.subject.id, f.verdict.word != "not_applicable") == ("P2", True)}
    assert rules
    for rule in rules:
        assert verdicts(report, rule)[:2] == ["undetermined", "not_applicable"], rule
    assert [one.message.code for one in report.data] == ["date-month"]
    assert "2021-09" in report.data[0].message.say("zh")


def test_a_month_in_the_table_of_attributes_counts_alike(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("parcel_id,approval_date\nP0,2021年8月\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text(f"parcel_id,{SOUND[0]}\nP0,{SOUND[1]}", encoding="utf-8")
    report = check(Request(str(tmp_path / "p.csv"), {"attributes": str(tmp_path / "a.csv")}, show_all=True))
    assert verdicts(report, "far-industrial") == ["not_applicable"]
    assert not [assumed for assumed in report.assumptions if assumed.field == "approval_date"]
