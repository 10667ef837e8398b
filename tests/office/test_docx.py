"""The Word report, opened again by python-docx, by its own XML and by LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree

from landcheck import Report, Verdict
from landcheck.messages.visible import shortened
from landcheck.report.content import labels
from landcheck.report.pdf import typesetter
from landcheck.rulebook import load_packs

WORDS = {labels.verdict(verdict, "zh"): verdict.word for verdict in Verdict}
Write = Callable[..., Path]


def parts(path: Path) -> Iterator[tuple[str, Any]]:
    """Paragraphs and tables in their order, each with the heading it stands under."""
    document, heading = docx.Document(str(path)), ""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield heading, block
        else:
            heading = block.text if block.style is not None and "Heading" in str(block.style.name) else heading
            yield heading, block.text


def tables(path: Path) -> dict[str, list[list[str]]]:
    return {
        heading: [[cell.text for cell in row.cells] for row in block.rows]
        for heading, block in parts(path)
        if isinstance(block, Table)
    }


TITLES = {rule.id: rule.title.zh for rule in load_packs(["shanghai-2021-9"])[0].rules}


@pytest.fixture(scope="module")
def plan_path(plan: Report, write: Write) -> Path:
    return write(plan, "docx")


def test_every_cause_is_a_row_under_its_rule(plan_path: Path, causes_by_rule: dict[str, Counter[str]]) -> None:
    found = tables(plan_path)
    for rule, counts in causes_by_rule.items():
        rows = next(rows for heading, rows in found.items() if heading == TITLES[rule])
        assert Counter(WORDS[row[0]] for row in rows[1:]) == counts


def test_the_summary_counts_as_the_json_does(plan_path: Path, told: dict[str, Any]) -> None:
    _, *rows = tables(plan_path)["一、结论汇总"]
    assert {row[6]: [int(count) for count in row[1:6]] for row in rows} == {
        rule: [verdicts[verdict.word] for verdict in labels.VERDICTS]
        for rule, verdicts in told["summary"]["verdicts"].items()
    }


def test_notices_come_before_everything_they_speak_of(plan_path: Path, told: dict[str, Any]) -> None:
    texts = [block for _, block in parts(plan_path) if isinstance(block, str)]
    last = max(texts.index(notice["message"]) for notice in told["notices"])
    assert texts.index("检查依据") < last < texts.index("一、结论汇总")


def test_what_is_signed_stands_on_the_first_page_and_the_signature_beside_the_opinion(
    plan: Report, told: dict[str, Any], write: Write
) -> None:
    project = {"project_name": "园区核查", "project_applicant": "甲公司"}
    kinds = [block for _, block in parts(write(replace(plan, project=project), "docx"))]
    first = kinds[: kinds.index("检查依据")]
    named, opinion, files = (block for block in first if isinstance(block, Table))
    cells = [[cell.text for cell in row.cells] for row in named.rows]
    assert cells == [["项目名称", "园区核查", "项目编号", ""], ["申请单位", "甲公司", "编制", ""]]
    beside = [[row.cells[0].text[:1], row.cells[1].text] for row in opinion.rows]
    assert beside == [["□", "检查人"], ["□", "复核人"], ["□", "审定人"], ["□", "单位（盖章）"]]
    looks = [block._tbl.tblPr.find(qn("w:tblLook")) for block in (opinion, files)]
    assert [(look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) for look in looks] == [("0", "1"), ("1", "0")]
    digests = {one["sha256"] for one in told["inputs"]}
    assert {row.cells[2].text for row in files.rows[1:]} == digests
    assert not [one for one in kinds[kinds.index("检查依据") :] if isinstance(one, str) and "园区核查" in one]


def test_there_is_one_set_of_styles(plan_path: Path) -> None:
    with zipfile.ZipFile(plan_path) as package:
        named = [*package.namelist(), package.read("[Content_Types].xml").decode()]
    assert [name for name in named if "styles" in name and name != named[-1]] == ["word/styles.xml"]
    assert "stylesWithEffects" not in named[-1]


def test_chinese_letters_have_a_font_and_no_theme_overrules_it(plan_path: Path) -> None:
    document = docx.Document(str(plan_path))
    for name, font in (("Normal", "仿宋"), ("List Bullet", "仿宋"), ("Heading 1", "黑体"), ("Title", "黑体")):
        assert document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) == font
    with zipfile.ZipFile(plan_path) as package:
        for part in ("word/styles.xml", "word/document.xml"):
            tree = etree.fromstring(package.read(part))
            assert not [name for fonts in tree.iter(qn("w:rFonts")) for name in fonts.attrib if name.endswith("Theme")]


def test_heads_are_repeated_and_rows_stay_whole(plan_path: Path) -> None:
    for heading, block in parts(plan_path):
        if isinstance(block, Table) and heading and not heading.startswith(("签署意见", "用地合规检查报告")):
            head, *rows = block.rows
            assert head._tr.trPr.find(qn("w:tblHeader")) is not None
            assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_the_maps_are_there_and_told_in_words(plan_path: Path) -> None:
    pictures = docx.Document(str(plan_path)).inline_shapes
    # Two groups of parks 30 km apart: the overview and a sheet for each.
    assert len(pictures) == 3
    told = [shape._inline.docPr.get("descr") for shape in pictures]
    assert told[0].startswith("地块图，绘出地块 34 个")


def test_hostile_text_is_text(hostile: Report, write: Write) -> None:
    found = tables(write(hostile, "docx"))
    seen = [shortened(finding.subject.id) for finding in hostile.findings]
    rows = next(rows for heading, rows in found.items() if heading == shortened(hostile.findings[0].rule.title.zh))
    assert [re.fullmatch(r"地块 (.*)（第 \d+ 行）", row[1], re.S)[1] for row in rows[1:]] == seen  # type: ignore[index] - a miss fails the test
    ledger = next(rows for heading, rows in found.items() if "占补平衡" in heading)
    assert [row[0] for row in ledger[1:]] == seen
    waivers = next(rows for heading, rows in found.items() if "豁免台账" in heading)
    assert [row[5] for row in waivers[1:]] == seen


def test_a_long_list_is_cut_gravest_first_and_says_where_the_rest_is(many: Report, write: Write) -> None:
    path = write(many, "docx")
    rows = next(rows for heading, rows in tables(path).items() if "工业用地容积率2.0以上" in heading)
    assert len(rows) == 1 + 40
    assert {row[0] for row in rows[1:]} == {"不符合（已豁免）"}
    note = next(text for _, text in parts(path) if isinstance(text, str) and "未列出" in text)
    assert "共 380 条" in note
    assert "另有 340 条" in note
    assert ".xlsx" in note


def test_without_typst_there_is_no_map_and_the_report_says_why(
    plan: Report, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetter, "installed", lambda: False)
    path = write(plan, "docx", "en")
    assert len(docx.Document(str(path)).inline_shapes) == 0
    texts = [block for _, block in parts(path) if isinstance(block, str)]
    assert any("landcheck[pdf]" in text for text in texts)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_document_and_workbook(plan: Report, plan_path: Path, write: Write, tmp_path: Path) -> None:
    files = [str(plan_path), str(write(plan, "xlsx"))]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    for file, pages in zip(files, (5, 8), strict=True):
        subprocess.run([*command, file], check=True, capture_output=True, timeout=120)
        made = (tmp_path / "report.pdf").read_bytes()
        assert made.count(b"/Type/Page/") + made.count(b"/Type/Page\n") >= pages
