"""What is in the file and cannot be: impossible densities and sizes, and rows that are no parcels."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck import Report, Request, check
from landcheck.model import Level
from landcheck.report.content.sentences import message, remedy

HEAD = "parcel_id,land_class,site_area_m2,far_gfa_m2"


def run(tmp_path: Path, *rows: str, batch_rows: int = 100) -> Report:
    (tmp_path / "p.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return check(Request(str(tmp_path / "p.csv"), show_all=True, batch_rows=batch_rows))


def codes(report: Report) -> list[tuple[str, int | None, str]]:
    return [(one.level.value, one.row, one.message.code) for one in report.data]


def verdict(report: Report, rule: str, parcel: str) -> str:
    return next(f.verdict.word for f in report.findings if (f.rule.id, f.subject.id) == (rule, parcel))


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_a_far_that_no_plot_has_decides_nothing(tmp_path: Path, batch_rows: int) -> None:
    # 600,000 m² of floors on 15 m²: a site in hectares; 300,000 on 10,000 is 30 and passes for possible
    rows = ["A,industrial_project,10000,300000", "B,industrial_project,15,600000", "C,industrial_project,10000,50"]
    report = run(tmp_path, *rows, batch_rows=batch_rows)
    assert codes(report) == [("error", 2, "far-impossible"), ("error", 3, "far-impossible")]
    assert [verdict(report, "far-industrial", parcel) for parcel in "ABC"] == ["pass", "undetermined", "undetermined"]
    assert "a FAR of 40000" in report.data[0].message.say("en")


def test_a_declared_far_takes_no_impossible_ones_place(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(f"{HEAD},far\nA,industrial_project,15,600000,2.5\n", encoding="utf-8")
    assert verdict(check(Request(str(tmp_path / "p.csv"))), "far-industrial", "A") == "undetermined"


def test_a_declared_far_of_nought_is_none_set(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("parcel_id,land_class,far\nA,industrial_project,0\nB,industrial_project,2\n")
    report = check(Request(str(tmp_path / "p.csv"), show_all=True))
    assert codes(report) == [("warning", 1, "far-unset")]
    assert [verdict(report, "far-industrial", parcel) for parcel in "AB"] == ["undetermined", "pass"]


def test_a_declared_far_of_nought_in_a_table_leaves_the_layers_own(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("parcel_id,land_class,far\nA,industrial_project,1.9\nB,industrial_project,2.1\n")
    (tmp_path / "t.csv").write_text("parcel_id,far\nA,0\nB,0\n")
    report = check(Request(str(tmp_path / "p.csv"), sources={"attributes": str(tmp_path / "t.csv")}, show_all=True))
    assert codes(report) == [("warning", 1, "far-unset")]
    assert report.data[0].subject.id == "attributes"
    assert [verdict(report, "far-industrial", parcel) for parcel in "AB"] == ["fail", "pass"]


def test_a_bare_plot_has_a_far_of_nought(tmp_path: Path) -> None:
    assert verdict(run(tmp_path, "A,industrial_project,10000,0"), "far-industrial", "A") == "fail"


@pytest.mark.parametrize(("area", "fault"), [
    ("1e-10", "fields-too-small"), ("1e300", "fields-too-large"), ("9.99", "fields-impossible"),
    ("1e9", "fields-impossible"), ("2000", None),
])  # fmt: skip
def test_sizes_beyond_all_sense_are_missing(tmp_path: Path, area: str, fault: str | None) -> None:
    report = run(tmp_path, f"A,industrial_project,{area},20000")
    told = [one.message.values["reason"].code for one in report.data if one.message.code == "fields-value"]
    assert told == ([fault] if fault else [])
    assert (verdict(report, "far-industrial", "A") == "undetermined") == bool(fault)


@pytest.mark.parametrize(("field", "cell", "rule"), [
    ("is_stock", "部分", "stock-approval"), ("in_high_tech_zone", "不在", "far-industrial"),
    ("single_use", "综合用地", "mixed-use-30"), ("approval_date", "31/08/2021", "far-industrial"),
    ("is_surplus_part", "一半", "surplus-transfer"), ("site_area_m2", "-5", "far-industrial"),
    ("term_years", "400", "term-50"), ("approval_date", "2099-01-01", "term-50"),
    ("far_gfa_m2", "-3", "far-industrial"), ("site_area_m2", "约一公顷", "far-industrial"),
    ("roof_greening", "部分", "roof-greening"),
])  # fmt: skip
def test_what_cannot_be_read_is_never_assumed(tmp_path: Path, field: str, cell: str, rule: str) -> None:
    full = {
        "parcel_id": "A", "land_class": "industrial_project", "is_stock": "1", "in_high_tech_zone": "1",
        "single_use": "1", "approval_date": "2022-03-01", "is_surplus_part": "1", "site_area_m2": "10000",
        "far_gfa_m2": "25000", "far_before": "1", "term_years": "20", "increase_approved": "1",
        "above_ground_gfa_m2": "25000", "other_industry_gfa_m2": "0", "living_gfa_m2": "0",
        "subdivision_permitted": "1", "transfer_channel": "land_market", "listing": "with_industry_project",
        "transferee": "park_platform", "far": "2.5", "roof_greening": "1",
    }  # fmt: skip
    text = "\n".join([",".join(full), ",".join((full | {field: cell}).values())])
    (tmp_path / "p.csv").write_text(text + "\n", encoding="utf-8")
    report = check(Request(str(tmp_path / "p.csv"), show_all=True))
    assert verdict(report, rule, "A") == "undetermined"
    assert field not in {assumption.field for assumption in report.assumptions}
    assert [one.level for one in report.data] == [Level.ERROR]


@pytest.mark.parametrize("ident", ["合计", "总计", "合 计", "Total", "注:以上面积均为约数", "填表人:张三", "备注"])
def test_a_totals_line_or_a_note_is_told(tmp_path: Path, ident: str) -> None:
    report = run(tmp_path, "A,industrial_project,10000,20000", f"{ident},industrial_project,10000,20000")
    assert [(one.level, one.row, one.message.code) for one in report.data] == [(Level.ERROR, 2, "row-no-parcel")]


@pytest.mark.parametrize("ident", ["A1", "注册路1号", "合计路3", "Total-1", "说明书路"])
def test_an_id_that_only_begins_so_is_one(tmp_path: Path, ident: str) -> None:
    assert codes(run(tmp_path, f"{ident},industrial_project,10000,20000")) == []


@pytest.mark.parametrize(
    ("headings", "site", "floor", "likely"),
    [
        ("YDMJ,JRJZMJ", 11, 22e4, "site_area_m2=YDMJ:ha"),  # FAR 20000: 2.0 on 11 ha
        ("YDMJ,JRJZMJ", 15, 20000, "site_area_m2=YDMJ:mu"),  # 1333: 2.0 on 15 mu
        ("YDMJ,JRJZMJ", 20000, 4, "far_gfa_m2=JRJZMJ:wan_m2"),  # 0.0002: 2.0 of 40,000 m2
        ("用地面积(亩),JRJZMJ", 10_000, 20000, "site_area_m2=用地面积(亩):m2"),  # 0.003: 2.0 on 10,000 m2
        ("用地面积(公顷),计容建筑面积(公顷)", 1, 19000, "far_gfa_m2=计容建筑面积(公顷):m2"),  # 19000: 1.9 of 19,000 m2
    ],
)
def test_the_likely_unit_is_said_where_a_far_cannot_be(
    tmp_path: Path, headings: str, site: float, floor: float, likely: str
) -> None:
    (tmp_path / "p.csv").write_text(f"parcel_id,{headings}\nA,{site},{floor}\n", encoding="utf-8")
    (found,) = check(Request(str(tmp_path / "p.csv"))).data
    assert f"--map {likely}" in found.message.say("en")
    assert f"--map {likely}" in found.message.say("zh")


PROJECT = "parcel_id,land_class,approval_date,term_years,district_quota,investment_cny,recognition,major_project"


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_a_recognised_project_that_is_none_is_an_error_that_names_both_cells(tmp_path: Path, batch_rows: int) -> None:
    # 30 years are above the 20: an entitlement decides, and B and C say that there is one and that there is none
    rows = [f"{name},industrial_project,2025-06-01,30,false,1000,{said}" for name, said in (
        ("A", "municipal_key_project,municipal"), ("B", "municipal_key_project,none"),
        ("C", "national_strategic_project,none"), ("D", "enterprise_technology_centre,none"), ("E", "none,none"),
        ("F", "national_strategic_project,district"), ("G", "municipal_key_project,"), ("H", ",none"),
    )]  # fmt: skip
    (tmp_path / "p.csv").write_text("\n".join([PROJECT, *rows]) + "\n", encoding="utf-8")
    packs = ("shanghai-2021-9", "shanghai-2025-28")
    report = check(Request(str(tmp_path / "p.csv"), packs=packs, show_all=True, batch_rows=batch_rows))
    assert codes(report) == [("error", 2, "project-contradicts"), ("error", 3, "project-contradicts")]
    assert "major_project says none, but recognition says municipal strategic key" in report.data[0].message.say("en")
    assert "重大产业项目填为“无”，市产业部门认定却填为“国家战略类产业项目”" in report.data[1].message.say("zh")
    verdicts = [verdict(report, "term-2025-28", parcel) for parcel in "ABCDEFGH"]
    assert verdicts == ["pass", "undetermined", "undetermined", "fail", "fail", "pass", "pass", "undetermined"]
    # what contradicts decides nothing elsewhere, either; who lacks a fact is asked for it, who has it to correct it
    assert [verdict(report, "term-50", parcel) for parcel in "ABC"] == ["pass", "undetermined", "undetermined"]
    (one,) = (f for f in report.findings if (f.rule.id, f.subject.id) == ("term-2025-28", "B"))
    assert one.unreadable == ("major_project", "recognition")
    assert "missing" not in message(one, "en")
    assert "correct the cells" in (remedy(one, "en") or "")
    (other,) = (f for f in report.findings if (f.rule.id, f.subject.id) == ("term-2025-28", "H"))
    assert (other.missing, other.unreadable) == (("recognition",), ())
