"""Several columns of one field: what they agree on is the value, and where they differ it is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck import Report, Request, check
from landcheck.errors import InputError


def run(tmp_path: Path, text: str, batch_rows: int = 100, **companions: str) -> Report:
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    sources = {name: str(tmp_path / f"{name}.csv") for name in companions}
    for name, rows in companions.items():
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
    return check(Request(str(tmp_path / "p.csv"), sources, show_all=True, batch_rows=batch_rows))


def verdicts(report: Report, rule: str) -> dict[str, str]:
    return {found.subject.id: found.verdict.word for found in report.findings if found.rule.id == rule}


def errors(report: Report) -> list[tuple[str, int | None, str]]:
    return [(one.subject.id, one.row, one.message.say("en")) for one in report.data if one.level.value == "error"]


@pytest.mark.parametrize("batch_rows", [1, 100])
def test_equal_numbers_are_one_fact_and_differing_ones_none(tmp_path: Path, batch_rows: int) -> None:
    # B: 2.1 or 2.2, both would pass; C says it once, D nowhere; E: one of the two cannot be read
    rows = ["A,1.9,1.90", "B,2.1,2.2", "C,,2.2", "D,,", "E,2.1,about 2"]
    text = "\n".join(["地块编号,产业用地类型,容积率,FAR", *(row.replace(",", ",标准厂房,", 1) for row in rows)])
    report = run(tmp_path, text, batch_rows)
    assert verdicts(report, "far-industrial") == {
        "A": "fail", "B": "undetermined", "C": "pass", "D": "undetermined", "E": "undetermined",
    }  # fmt: skip
    (differs, unread) = errors(report)
    assert differs[:2] == ("B", 2)
    assert '"2.1 / 2.2"' in differs[2]
    assert "(容积率, FAR)" in differs[2]
    assert "--map far=容积率" in differs[2]
    assert unread[:2] == ("E", 5)
    assert '"about 2"' in unread[2]
    (note,) = (note.say("en") for note in report.inputs[0].notes if note.code == "fields-note")
    assert "容积率, FAR" in note
    assert "read together" in note


def test_each_column_counts_in_its_own_unit(tmp_path: Path) -> None:
    # 1.2 ha are 12,000 m²: 24,000 / 12,000 is the minimum; 1.2 ha against 12,001 m² is no certain value
    rows = "A,标准厂房,24000,1.2,12000\nB,标准厂房,24000,1.2,12001"
    report = run(tmp_path, f"地块编号,产业用地类型,计容建筑面积,用地面积(公顷),YDMJ\n{rows}")
    assert verdicts(report, "far-industrial") == {"A": "pass", "B": "undetermined"}


@pytest.mark.parametrize(
    ("headings", "alike", "apart"),
    [
        ("approval_date,PZRQ", "2020-01-01,2020/1/1", "2020-01-01,2021-09-01"),  # in force from 2021-09-01
        ("产业用地类型,land_class", "其他,other", "其他,标准厂房"),
        ("in_high_tech_zone,是否位于高新区", "no,否", "no,是"),
    ],
)
def test_so_do_dates_words_and_truths(tmp_path: Path, headings: str, alike: str, apart: str) -> None:
    more = "" if "land_class" in headings else ",标准厂房"
    head = f"地块编号,容积率,{headings}" + (",land_class" if more else "")
    report = run(tmp_path, f"{head}\nA,1.9,{alike}{more}\nB,1.9,{apart}{more}\n")
    assert verdicts(report, "far-industrial") == {"A": "not_applicable", "B": "undetermined"}
    ((ident, row, _),) = errors(report)
    assert (ident, row) == ("B", 2)


def test_ids_that_are_alike_are_read_and_others_refused_with_the_way_out(tmp_path: Path) -> None:
    report = run(tmp_path, "地块编号,parcel_id,容积率\nA,A,1.9\nB,B,2.1\n")
    assert set(verdicts(report, "far-industrial")) == {"A", "B"}
    with pytest.raises(InputError, match="--map parcel_id=地块编号"):
        run(tmp_path, "地块编号,parcel_id,容积率\nA,A,1.9\nB,C,2.1\n")


def test_what_differs_within_a_table_of_attributes_is_no_fact(tmp_path: Path) -> None:
    table = "地块编号,容积率,FAR\nA,1.9,1.9\nB,2.1,1.9\n"
    report = run(tmp_path, "地块编号,产业用地类型\nA,标准厂房\nB,标准厂房\n", attributes=table)
    assert verdicts(report, "far-industrial") == {"A": "fail", "B": "undetermined"}
    ((ident, row, told),) = errors(report)
    assert (ident, row) == ("B", 2)
    assert "attributes.csv" in told


def test_a_reduction_whose_two_areas_differ_covers_and_needs_nothing_known(tmp_path: Path) -> None:
    # 800 m² of new green make up for 500 m², which its columns agree on; 500 or 900 m² nobody knows
    green = "green_id,park_id,change,绿地面积,area_m2,project_completed,reason\n"
    rows = "G1,K,reduction,500,{},yes,expansion\nG2,K,new_planned,800,800,yes,\n"
    found = []
    for area in (500, 900):
        report = run(
            tmp_path, "parcel_id\nA\n",
            parks="park_id,district\nK,D\n", green=green + rows.format(area),
        )  # fmt: skip
        found.append(verdicts(report, "green-balance")["K"])
    assert found == ["pass", "undetermined"]
