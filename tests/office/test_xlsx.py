"""The workbook, opened again by calamine and by its own XML."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_pixel_width

from landcheck import Report, Verdict
from landcheck.messages import LANGUAGES, Lang
from landcheck.messages.visible import visible
from landcheck.report.content import labels
from landcheck.report.xlsx import worksheet
from landcheck.report.xlsx.book import gravest_of

WORDS = {labels.verdict(verdict, "zh"): verdict.word for verdict in Verdict}
Write = Callable[..., Path]


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(scope="module")
def plan_sheets(plan: Report, write: Write) -> dict[str, list[list[Any]]]:
    return sheets(write(plan, "xlsx"))


def test_every_finding_is_a_row(plan_sheets: dict[str, list[list[Any]]], by_rule: dict[str, Counter[str]]) -> None:
    heads, *rows = plan_sheets["检查结论"]
    rule = heads.index("规则编号")
    counted: dict[str, Counter[str]] = {rule: Counter() for rule in by_rule}
    for row in rows:
        counted[row[rule]][WORDS[row[0]]] += 1
    assert counted == by_rule


def test_the_matrices_count_as_the_summary_does(plan_sheets: dict[str, list[list[Any]]], told: dict[str, Any]) -> None:
    rules = {rule["title"]: rule["id"] for rule in told["rules"]}
    sheet = plan_sheets["汇总与可建余量"]
    at = next(number for number, row in enumerate(sheet) if row[0] == "园区×规则") + 1
    for heads, *rows in (plan_sheets["地块×规则"], sheet[at : at + 1 + told["summary"]["park"]]):
        named = [column for column, head in enumerate(heads) if head in rules]
        assert len(named) == (9 if len(rows) > 4 else 1)
        for column in named:
            counted = Counter(WORDS[row[column]] for row in rows)
            assert counted == Counter(told["summary"]["verdicts"][rules[heads[column]]])


def test_there_are_seven_sheets_and_no_id_of_a_rule_heads_a_column(plan_sheets: dict[str, list[list[Any]]]) -> None:
    assert list(plan_sheets) == ["结论汇总", "检查结论", "地块×规则", "汇总与可建余量", "需补充的资料", "数据问题",
                                 "来源与依据"]  # fmt: skip
    assert not [head for head in plan_sheets["地块×规则"][0] if re.search("[a-z]-", head)]


def test_the_headroom_of_each_parcel_and_group_is_a_number_or_why_there_is_none(
    plan: Report, plan_sheets: dict[str, list[list[Any]]]
) -> None:
    heads, *rows = plan_sheets["地块×规则"]
    of = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    name = "其中生活配套设施：还可增加，负数为须减少（平方米）"
    # 18 % of the floor area above ground where 15 % are allowed; an unknown class of land; outside the zone
    assert of["PD01-11"][name] == -5_019.36
    assert of["PD02-07"][name] == "未知，缺产业用地类型"
    assert of["WJ-01"][name] == "本规则包无上限"
    heads, *rows = plan_sheets["汇总与可建余量"]
    parks = {row[1]: dict(zip(heads, row, strict=True)) for row in rows if row[0] == "按园区汇总"}
    for one in plan.rollup("park"):
        park = parks[one.key or "未知"]
        assert park["用地面积（平方米）"] == one.land_m2
        if one.rooms["living"].known:
            assert park["其中生活配套设施：须减少（平方米）"] == one.rooms["living"].over_m2


def test_numbers_are_numbers(plan_sheets: dict[str, list[list[Any]]], told: dict[str, Any]) -> None:
    sheet = plan_sheets["汇总与可建余量"]
    at = next(number for number, row in enumerate(sheet) if row[0] == "园区绿地占补平衡（㎡）") + 2
    assert {row[0]: row[2:6] for row in sheet[at : at + len(told["green_ledger"])]} == {
        park["park_id"]: [park[key] for key in ("need_m2", "have_m2", "from_district_m2", "uncovered_m2")]
        for park in told["green_ledger"]
    }
    heads, *rows = plan_sheets["检查结论"]
    far = next(row for row in rows if row[1] == "工业用地容积率2.0以上" and row[3] == "PD01-03")
    measured = dict(zip(heads, far, strict=True))
    # 1.6 against 2.0: the sample's own story of that parcel
    assert (measured["实际值"], measured["限值"], measured["行号"]) == (1.6, 2.0, 3)
    assert measured["余量（负为不足）"] == pytest.approx(-0.4)
    assert measured["经度"] == pytest.approx(121.6, abs=1)


@pytest.mark.parametrize("value", [87346.99, 0.1 + 0.2, 1e-10, 5.0, 1e22, -0.01, 1234567.891])
def test_a_number_is_written_as_itself(value: float, tmp_path: Path) -> None:
    # sixteen digits of 87346.99 are 87346.99000000001, of 0.1 + 0.2 those of 0.3
    with xlsxwriter.Workbook(str(tmp_path / "n.xlsx"), {"constant_memory": True}) as made:
        book = worksheet.Book(made, "en")
        book.put(book.sheet("n"), 0, 0, value, book.format())
    with zipfile.ZipFile(tmp_path / "n.xlsx") as parts:
        (written,) = re.findall("<v>(.*?)</v>", parts.read("xl/worksheets/sheet1.xml").decode())
    assert float(written) == value
    assert written in {repr(value), str(int(value))}


def test_the_first_sheet_has_notices_and_summary(plan_sheets: dict[str, list[list[Any]]], told: dict[str, Any]) -> None:
    first = next(iter(plan_sheets.values()))
    texts = [row[0] for row in first]
    assert {notice["message"] for notice in told["notices"]} <= set(texts)
    counts = {row[6]: row[1:6] for row in first}
    for rule, verdicts in told["summary"]["verdicts"].items():
        assert counts[rule] == [verdicts[verdict.word] for verdict in labels.VERDICTS]


def test_hostile_text_is_text_and_nothing_is_a_formula_or_a_link(hostile: Report, write: Write) -> None:
    path = write(hostile, "xlsx")
    read = sheets(path)
    seen = [visible(finding.subject.id) for finding in hostile.findings]
    for name, column in (("检查结论", 3), ("地块×规则", 0)):
        assert [row[column] for row in read[name][1:]] == seen, name
    for sheet, name, column in (("汇总与可建余量", "园区绿地占补平衡（㎡）", 0), ("来源与依据", "", 1),
                                ("来源与依据", "豁免台账", 0), ("来源与依据", "豁免台账", 5)):  # fmt: skip
        below = [row[0] for row in read[sheet]].index(name) + 2 if name else 1
        assert [row[column] for row in read[sheet][below : below + len(seen)]] == seen, name
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if "rels" in name and "sheet" in name]
        for name in parts.namelist():
            if "worksheets" in name:
                assert b"<f>" not in parts.read(name)
                assert b"<hyperlink" not in parts.read(name)


def heights(path: Path) -> dict[str, dict[int, float]]:
    """By sheet and row (from 1) the points that the workbook states."""
    with zipfile.ZipFile(path) as parts:
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
        read = [parts.read(f"xl/worksheets/sheet{at}.xml").decode() for at in range(1, len(names) + 1)]
    stated = (re.findall(r'<row r="([0-9]+)"[^>]*? ht="([0-9.]+)"', sheet) for sheet in read)
    return {name: {int(row): float(high) for row, high in each} for name, each in zip(names, stated, strict=True)}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_is_as_high_as_libreoffice_needs_it(plan: Report, write: Write, tmp_path: Path, lang: Lang) -> None:
    """What it chooses for itself where the workbook states no height; merged lines it does not look at."""
    stated, free = write(plan, "xlsx", lang), tmp_path / "free.xlsx"
    with zipfile.ZipFile(stated) as parts, zipfile.ZipFile(free, "w") as made:
        for name in parts.namelist():
            text = parts.read(name)
            made.writestr(name, re.sub(rb' ht="[0-9.]+" customHeight="1"', b"", text) if "worksheets" in name else text)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(tmp_path / "made"), str(free)], check=True, capture_output=True, timeout=180)
    ours, needed = heights(stated), heights(tmp_path / "made" / "free.xlsx")
    rows = [(sheet, row, points, ours[sheet].get(row, 15.0))
            for sheet, each in needed.items() for row, points in each.items() if row in ours[sheet]]  # fmt: skip
    assert len(rows) > 100
    assert [row for row in rows if row[3] < row[2] - 0.5] == []


def test_a_row_is_as_high_as_its_longest_text_by_the_measure_of_xlsxwriter(plan: Report, write: Write) -> None:
    """It measures a letter as Calibri of 11 points has it; a hanzi, which it does not know, is 11 points wide."""

    def pixels(text: str) -> float:
        return sum(44 / 3 if one > "\u2e7f" else xl_pixel_width(one) for one in text)

    path = write(plan, "xlsx")
    read, stated = sheets(path)["检查结论"], heights(path)["检查结论"]
    for number, row in enumerate(read[1:], 2):
        lines = max(pixels(row[column]) / (wide * 7 - 10) for column, wide in ((1, 30), (6, 52), (7, 42)))
        assert math.ceil(lines) * 14.4 <= stated[number] <= (math.ceil(lines) + 1) * 16 + 2.5, row


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    told = worksheet.cell_text("长" * 40_000, "zh")
    assert len(told) <= worksheet.CHARACTERS
    kept = told.index("…")
    assert told.endswith(f"（另有 {40_000 - kept:,} 个字符）")
    # Outside the basic plane each counts twice for Excel: 20,000 do not fit where 20,000 others do.
    assert worksheet.cell_text("𠮷" * 20_000, "zh") != "𠮷" * 20_000
    assert worksheet.cell_text("长" * 20_000, "zh") == "长" * 20_000


def test_rows_beyond_excel_s_limit_are_counted(
    plan: Report, told: dict[str, Any], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worksheet, "ROWS", 20)
    read = sheets(write(plan, "xlsx"))
    left_out = f"另有 {len(told['findings']) - 20} 行未列出"
    rows = read["检查结论"]
    assert len(rows) == 1 + 20 + 1
    assert left_out in rows[-1][0]
    assert any(left_out in str(row[0]) for row in read["结论汇总"])
    assert f"另有 {34 - 20} 行未列出" in read["地块×规则"][-1][0]


def test_a_table_without_shapes_never_passes_what_it_does_not_know(plan: Report, write: Write) -> None:
    heads, *rows = sheets(write(replace(plan, drawing=None, headroom=None), "xlsx"))["地块×规则"]
    noteworthy = {finding.subject.id for finding in plan.findings if finding.subject.type == "parcel"}
    assert {row[0] for row in rows[:-1]} == noteworthy
    assert rows[-1][0] == f"其余 {34 - len(noteworthy)} 个"
    assert {cell for row in rows for cell in row[3:]} == {"不符合", "无法判定", "待人工判断", "符合或不适用"}
    assert heads[:3] == ["编号", "行号", "最严重结论"]


def test_nothing_found_is_said(plan: Report, write: Write) -> None:
    read = sheets(write(replace(plan, findings=(), data=()), "xlsx"))
    assert read["检查结论"][1][0].startswith("没有需要列出的结论")
    assert read["数据问题"][1][0] == "无"


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        ([Verdict.NOT_APPLICABLE, Verdict.PASS], Verdict.PASS),
        ([Verdict.NOT_APPLICABLE], Verdict.NOT_APPLICABLE),
        ([Verdict.REVIEW, Verdict.UNDETERMINED, Verdict.PASS], Verdict.UNDETERMINED),
        ([Verdict.FAIL, Verdict.NOT_APPLICABLE], Verdict.FAIL),
    ],
)
def test_not_applicable_is_no_grave_verdict(verdicts: list[Verdict], worst: Verdict) -> None:
    assert gravest_of(verdicts) is worst
