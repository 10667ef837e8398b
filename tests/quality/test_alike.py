"""What is wrong with very many rows in the same way: the first ones are told, the others counted once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from landcheck import Report, Request, check
from landcheck.model import DataFinding, Level, Subject
from landcheck.quality import alike
from landcheck.quality.alike import AT_ONCE, fewer, told

MANY = 300


@pytest.fixture(autouse=True)
def fewer_than_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the contract has it with 20,000 rows, which the tests of fewer stand for."""
    assert alike.MANY == 20_000
    monkeypatch.setattr(alike, "MANY", MANY)


def run(folder: Path, head: str, rows: Iterable[str], batch_rows: int = 65_536) -> Report:
    (folder / "p.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return check(Request(str(folder / "p.csv"), packs=("shanghai-2021-9",), batch_rows=batch_rows))


def counted(report: Report) -> list[tuple[str, str, str, int | None, int]]:
    """Each finding that stands for others: rule, level, its layer, its first row, and the number it names."""
    alike = [one for one in report.data if one.message.code == "rows-alike"]
    return [(f.rule, f.level.value, f.subject.id, f.row, f.message.values["count"]) for f in alike]


@pytest.mark.parametrize("batch_rows", [65_536, 40])
@pytest.mark.parametrize(
    ("head", "row", "rule", "level"),
    [
        ("parcel_id,far", "P{},x", "data/value", "error"),
        ("parcel_id,far", ",1", "data/id", "error"),
        ("parcel_id,far", "P{half},1", "data/id", "error"),
        ("parcel_id,far", "合计,1", "data/id", "error"),
        ("parcel_id,site_area_m2,far_gfa_m2", "P{},100,4000", "data/value", "error"),
        ("parcel_id,approval_date", "P{},2036-01-01", "data/value", "error"),
        ("parcel_id,far,site_area_m2,far_gfa_m2", "P{},1,100,200", "data/far-consistent", "warning"),
        ("parcel_id,above_ground_gfa_m2,living_gfa_m2", "P{},100,200", "data/gfa-consistent", "error"),
        ("parcel_id,statutory_use,land_class", "P{},residential,industrial_project", "data/value", "error"),
        ("parcel_id,overlay_m0,single_use", "P{},1,1", "data/value", "error"),
        ("parcel_id,recognition,major_project", "P{},municipal_key_project,none", "data/value", "error"),
        ("parcel_id,land_code,land_class", "P{},R1,industrial_project", "data/value", "warning"),
    ],
)
def test_the_first_are_told_and_the_others_counted(
    tmp_path: Path, head: str, row: str, rule: str, level: str, batch_rows: int
) -> None:
    twice = 2 if "half" in row else 1
    rows = [row.format(number, half=number // 2) for number in range(twice * (MANY + 7))]
    report = run(tmp_path, head, rows, batch_rows)
    assert [(one[0], one[1], one[2], one[4]) for one in counted(report)] == [(rule, level, "parcels", 7)]
    assert len(report.data) == MANY + 1
    if twice == 1:
        assert counted(report)[0][3] == MANY + 1
        assert {one.row for one in report.data} == set(range(1, MANY + 2))


def test_up_to_so_many_each_row_is_told(tmp_path: Path) -> None:
    report = run(tmp_path, "parcel_id,far", [f"P{number},x" for number in range(MANY)])
    assert len(report.data) == MANY
    assert {one.subject.type for one in report.data} == {"parcel"}


def test_fields_and_reasons_are_counted_apart(tmp_path: Path) -> None:
    """Of far 5,002 words and 5,003 below nought, of term_years 10,005 words."""
    rows = [f"P{number},{'x' if number < MANY + 2 else -1},y" for number in range(2 * MANY + 5)]
    report = run(tmp_path, "parcel_id,far,term_years", rows)
    assert sorted(one[4] for one in counted(report)) == [2, 3, MANY + 5]


def test_every_row_keeps_its_own_verdict_and_reason(tmp_path: Path) -> None:
    """The far of every row is unreadable, told one by one or not, and so is every verdict over it."""
    row = "P{},industrial_project,x"
    report = run(tmp_path, "parcel_id,land_class,far", [row.format(number) for number in range(MANY + 7)])
    found = [one for one in report.findings if one.rule.id == "far-industrial"]
    assert len(found) == MANY + 7
    assert {(one.verdict.word, one.unreadable) for one in found} == {("undetermined", ("far",))}


def test_the_sentence_says_how_many_and_the_first(tmp_path: Path) -> None:
    report = run(tmp_path, "parcel_id,far", [f"P{number},x" for number in range(MANY + 7)])
    said = next(one.message for one in report.data if one.message.code == "rows-alike")
    assert "7 more" in said.say("en")
    assert "line 302: field far" in said.say("en")
    assert "另有 7 处" in said.say("zh")


def test_parts_put_together_count_as_the_whole() -> None:
    """In parts of 60,000 as a cluster has them, 180,000 findings come to the first ones and one for the others."""
    from landcheck.messages import Message

    def part(first: int) -> list[DataFinding]:
        numbers = range(first, first + 60_000)
        return [DataFinding("data/id", Level.ERROR, Subject("park", f"#{n}"), Message("id-missing", {"row": n}), n)
                for n in numbers]  # fmt: skip

    found: list[DataFinding] = []
    for first in (1, 60_001, 120_001):
        found = fewer(found + part(first))
        assert len(found) < AT_ONCE
    listed = list(told(found))
    assert len(listed) == MANY + 1
    assert (listed[-1].subject, listed[-1].row, listed[-1].message.values["count"]) == (
        Subject("layer", "parks"), MANY + 1, 180_000 - MANY,
    )  # fmt: skip
