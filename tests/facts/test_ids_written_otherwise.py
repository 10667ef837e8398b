"""Ids of a layer and a table that mean the same parcel and are written otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck import Report, Request, check


def run(tmp_path: Path, layer: list[str], table: list[str], kind: str = "attributes", batch_rows: int = 100) -> Report:
    (tmp_path / "p.csv").write_text("\n".join(["parcel_id,land_class", *(f"{i},rd_general" for i in layer)]), "utf-8")
    rows = [f"B{number},{ident},2.5,main_industry" for number, ident in enumerate(table)]
    (tmp_path / "t.csv").write_text("\n".join(["building_id,parcel_id,far,use", *rows]), encoding="utf-8")
    sources = {kind: str(tmp_path / "t.csv")}
    return check(Request(str(tmp_path / "p.csv"), sources, show_all=True, batch_rows=batch_rows))


def said(report: Report, code: str) -> list[str]:
    return [one.message.say("en") for one in report.data if one.message.code == code]


@pytest.mark.parametrize("batch_rows", [1, 100])
def test_full_width_joins_and_is_told_once(tmp_path: Path, batch_rows: int) -> None:
    report = run(
        tmp_path, ["PD-01", "ＰＤ-02", "PD－03", "'04"], ["ＰＤ－01", "PD-02", "PD-03", "04"], batch_rows=batch_rows
    )
    assert {f.subject.id: f.verdict.word for f in report.findings if f.rule.id == "far-rd-general"} == dict.fromkeys(
        ("PD-01", "PD-02", "PD-03", "04"), "fail"
    )
    assert not said(report, "attributes-without-parcel")
    told = said(report, "id-folded")
    assert [text.split(":")[0] for text in sorted(told)] == ["p.csv", "t.csv"]
    assert any("3 ids" in text and "line 3" in text for text in told)


@pytest.mark.parametrize(
    ("layer", "table"),
    [
        ("PD01-02", "pd01-02"),
        ("PD01-04", "PD01_04"),
        ("PD01-05", "PD1-5"),
        ("PD01-07", "PD01—07"),
        ("PD01-09", "PD01-O9"),
    ],
)  # fmt: skip
def test_ids_nearly_the_same_are_named_and_not_joined(tmp_path: Path, layer: str, table: str) -> None:
    (told,) = said(run(tmp_path, [layer, "X9"], [table]), "attributes-without-parcel")
    assert f"{table} ≈ {layer}" in told
    (told,) = said(run(tmp_path, [layer, "X9"], [table], "buildings"), "buildings-without-parcel")
    assert f"{table} ≈ {layer}" in told


def test_ids_of_nobody_are_near_to_none(tmp_path: Path) -> None:
    (told,) = said(run(tmp_path, ["PD01-02"], ["PD01-03"]), "attributes-without-parcel")
    assert "≈" not in told


def test_ids_that_are_the_same_in_plain_characters_are_repeated(tmp_path: Path) -> None:
    report = run(tmp_path, ["PD-01", "PD－01"], ["PD-01"])
    assert [one.rule for one in report.data if one.message.code == "id-repeated"] == ["data/id"]


def test_codes_as_formulas_of_a_spreadsheet(tmp_path: Path) -> None:
    text = '"=""地块编号""",容积率\n="0310112001",2.5\n"=""0310112002""",="1.9"\n'
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    report = check(Request(str(tmp_path / "p.csv"), show_all=True))
    assert {f.subject.id for f in report.findings} == {"0310112001", "0310112002"}
    assert not report.data
