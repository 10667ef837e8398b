"""Land codes that are plainly no industrial land: the class is other where none is stated, never another."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck import Report, Request, check, explain
from landcheck.model import Origin
from landcheck.request import ColumnRef

OTHER = (
    *("R", "R2", "r2", "Ｒ２", " R21 ", "Rr3", "Rc1", "Rs", "S1", "S", "U", "U12", "G", "G1", "B1", "B29", "C1", "C2"),
    *("C25", "C7", "C9", "A1", "A33", "A51", "E1", "07", "0701", "070102", "09", "0902", "12", "1207", "13", "1303"),
    *("14", "1401", "15", "17", "1701", "0801", "0803", "080301", "080403", "0701/1401", "R2+C2", "G1、S1", "R2，G1"),
)
UNKNOWN = (
    *("M", "M1", "M2", "M3", "M4", "M0", "W", "W1", "C", "C6", "C65", "C8", "C0", "R0", "G0", "R&D", "RD", "RS", "RC"),
    *("A", "A3", "A35", "08", "0802", "0804", "080200", "080405", "10", "1001", "100101", "10010101", "11", "1101"),
    *("16", "01", "0103", "06", "0601", "18", "23", "7", "701", "071", "07010", "M1/R2", "R2/M1", "R2/W1", "C2/C65"),
    *("R2 M1", "R2（M0）", "R2-M1", "H2", "D1", "T1", "E", "E2", "工业用地", "居住用地", "R2/", "/", "X"),
)


def run(tmp_path: Path, head: str, *rows: str, **given: object) -> Report:
    path = tmp_path / "p.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return check(Request(str(path), show_all=True, **given))  # type: ignore[arg-type]


def verdicts(report: Report, rule: str = "far-industrial") -> list[str]:
    found = {f.subject.id: f.verdict.word for f in report.findings if f.rule.id == rule}
    return [found[parcel] for parcel in sorted(found)]


def derived(report: Report) -> list[int]:
    return [int(one.values["rows"]) for one in report.notices if one.code == "derived-from-code"]


@pytest.mark.parametrize("batch_rows", [1, 7, 1000])
def test_codes_of_other_land_and_no_others_tell(tmp_path: Path, batch_rows: int) -> None:
    rows = [f'P{number:03},"{code}",1.9' for number, code in enumerate((*OTHER, *UNKNOWN))]
    report = run(tmp_path, "parcel_id,用地代码,far", *rows, batch_rows=batch_rows)
    said = dict(zip((*OTHER, *UNKNOWN), verdicts(report), strict=True))
    assert [code for code in OTHER if said[code] != "not_applicable"] == []
    assert [code for code in UNKNOWN if said[code] != "undetermined"] == []
    assert derived(report) == [len(OTHER)]
    assert not {"pass", "fail"} & {f.verdict.word for f in report.findings}  # no code makes a parcel industrial


def test_what_was_derived_is_evidence_and_listed(tmp_path: Path) -> None:
    report = run(tmp_path, "parcel_id,YDDM,far", "A,R2,1.9", "B,M1,1.9", assume=False)
    assert verdicts(report) == ["not_applicable", "undetermined"]
    assert "land_class" not in {one.field for one in report.assumptions}
    (told,) = (one.say("zh") for one in report.notices if one.code == "derived-from-code")
    assert "1 个地块" in told
    assert "由此推得为“其他”" in told
    (one,) = explain(Request(str(tmp_path / "p.csv")), "A", ("far-industrial",))[1]
    (fact,) = (fact for fact in one.facts if fact.field == "land_class")
    assert (fact.value, fact.origin) == ("other", Origin.CODE)


def test_a_stated_class_counts_and_the_contradiction_is_told(tmp_path: Path) -> None:
    rows = ["A,industrial_project,R2,1.9", "B,other,R2,1.9", "C,industrial_project,M1,1.9", "D,other,M1,1.9"]
    report = run(tmp_path, "parcel_id,land_class,land_code,far", *rows)
    assert verdicts(report) == ["fail", "not_applicable", "fail", "not_applicable"]
    assert [(f.level.value, f.row, f.message.code) for f in report.data] == [("warning", 1, "code-contradicts")]
    assert derived(report) == []


def test_a_class_that_cannot_be_read_stays_unknown(tmp_path: Path) -> None:
    report = run(tmp_path, "parcel_id,land_class,land_code,far", "A,不详,R2,1.9")
    assert verdicts(report) == ["undetermined"]


@pytest.mark.parametrize(("field", "value", "word"), [
    ("statutory_use", "industrial", "undetermined"), ("statutory_use", "storage", "undetermined"),
    ("statutory_use", "science_education", "undetermined"), ("statutory_use", "residential", "not_applicable"),
    ("overlay_m0", "true", "undetermined"), ("overlay_m0", "false", "not_applicable"),
    ("remarks", "产业融合管理要求（M0）", "undetermined"), ("remarks", "非M0", "not_applicable"),
    ("is_stock", "true", "undetermined"), ("is_stock", "false", "not_applicable"),
    ("is_surplus_part", "true", "undetermined"), ("is_surplus_part", "false", "not_applicable"),
    ("statutory_use", "待核", "undetermined"), ("overlay_m0", "待核", "undetermined"),
    ("is_stock", "待核", "undetermined"), ("is_surplus_part", "待核", "undetermined"),
])  # fmt: skip
def test_where_something_else_speaks_of_industry_the_code_tells_nothing(
    tmp_path: Path, field: str, value: str, word: str
) -> None:
    report = run(tmp_path, f"parcel_id,land_code,far,{field}", f"A,R2,1.9,{value}")
    assert verdicts(report) == [word]


@pytest.mark.parametrize(("heading", "word"), [
    ("YDDM", "not_applicable"), ("用地性质", "not_applicable"), ("规划用地代码", "not_applicable"),
    ("DLBM", "undetermined"), ("地类编码", "undetermined"), ("地类名称", "undetermined"),
    ("现状用地代码", "undetermined"),
])  # fmt: skip
def test_the_present_use_of_the_ground_tells_nothing(tmp_path: Path, heading: str, word: str) -> None:
    (tmp_path / "p.csv").write_text(f"parcel_id,{heading},far\nA,0702,1.9\n", encoding="utf-8")
    report = check(Request(str(tmp_path / "p.csv"), maps={"land_code": ColumnRef(heading)}, show_all=True))
    assert verdicts(report) == [word]


@pytest.mark.parametrize(("heading", "word"), [("用地代码", "not_applicable"), ("DLBM", "undetermined")])
def test_a_code_of_the_table_of_attributes_counts_alike(tmp_path: Path, heading: str, word: str) -> None:
    (tmp_path / "t.csv").write_text(f"parcel_id,{heading}\nA,R2\n", encoding="utf-8")
    report = run(tmp_path, "parcel_id,far", "A,1.9", sources={"attributes": str(tmp_path / "t.csv")})
    assert verdicts(report) == [word]


def test_a_class_of_the_table_of_attributes_is_a_stated_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("parcel_id,land_class\nA,industrial_project\n", encoding="utf-8")
    report = run(tmp_path, "parcel_id,land_code,far", "A,R2,1.9", sources={"attributes": str(tmp_path / "t.csv")})
    assert verdicts(report) == ["fail"]
    assert [f.message.code for f in report.data] == ["code-contradicts"]
