"""What a reader is told first by every report that is handed over: on the first page or sheet, of the sample."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook

from landcheck import Report, write_files
from landcheck.report.content import overview
from landcheck.report.html.page import pieces
from landcheck.report.md import pieces as markdown
from landcheck.report.options import Options
from landcheck.report.result.decode import load_report

Write = Callable[..., Path]
# The counts are those of the terminal's golden page, 93 the sum of what it lists as assumed; PD01: 5 of its 13 fail.
TOLD = (
    "有 14 项检查不符合；无法判定 21 项、待人工判断 2 项",
    "有 4 项资料缺失而采用假定值（共 93 处），结论以此为前提，见“采用的假定值”一节",
    "最多的不符合",
    "3 项：产业项目类工业用地出让年期：经认定的可至50年，其余不超过基准年期",
    "2 项：工业用地容积率2.0以上",
    "2 项：其他产业用途和生活配套设施合计不超过地上建筑总量的30%",
    "问题最多的园区：PD01 川杨智造园（13 个地块中 5 个不符合）",
    "首先补充的材料",
    "产业用地类型（见出让合同）：5 项结论待定，其中 4 项只缺此项",
    "生活配套设施建筑面积（见分用途建筑面积表）：8 项结论待定，其中 2 项只缺此项",
    "增收土地价款（见出让合同补充协议或缴款凭证）：2 项结论待定，其中 1 项只缺此项",
)


def together(text: str) -> str:
    return re.sub(r"\s|\u200b", "", text)


def test_html_tells_it_in_the_box_of_the_verdict(plan: Report) -> None:
    box = "".join(pieces(plan, Options("zh"))).partition('<div class="state')[2].partition("</div>\n  <ul")[0]
    lines = re.findall(r"<p[^>]*>(.*?)</p>", box)
    assert [lines[0], *lines[2:]] == list(TOLD)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils (pdftotext) is not installed")
def test_pdf_tells_it_on_the_first_page_above_what_is_signed(plan: Report, write: Write) -> None:
    command = ["pdftotext", "-l", "1", "-raw", str(write(plan, "pdf")), "-"]
    page = together(subprocess.run(command, check=True, capture_output=True).stdout.decode())
    places = [page.index(together(line)) for line in (*TOLD, "签署意见", "受检文件", "检查依据")]
    assert places == sorted(places)


def test_word_tells_it_above_what_is_signed(plan: Report, write: Write) -> None:
    texts = [one.text for one in docx.Document(str(write(plan, "docx"))).paragraphs]
    assert [line for line in texts[: texts.index("签署意见（在所选项前打勾）")] if line in TOLD] == list(TOLD)


def test_excel_tells_it_above_the_summary_and_notices_below(plan: Report, write: Write) -> None:
    sheet = CalamineWorkbook.from_path(str(write(plan, "xlsx"))).get_sheet_by_index(0).to_python()
    first = [str(row[0]) for row in sheet]
    assert [line for line in first[: first.index("结论汇总")] if line in TOLD] == list(TOLD)
    assert first.index("结论汇总") < first.index("注意事项") < first.index("检查依据")


# The five counts stand in the order of ``Verdict``: pass, review, undetermined, fail, not applicable.
@pytest.mark.parametrize(
    ("counts", "zh", "en"),
    [
        (
            (9, 2, 21, 14, 5),
            "有 14 项检查不符合；无法判定 21 项、待人工判断 2 项",
            "fail: 14; 21 undetermined, 2 review",
        ),
        ((9, 2, 0, 14, 5), "有 14 项检查不符合；待人工判断 2 项", "fail: 14; 2 review"),
        ((9, 0, 1200, 1, 5), "有 1 项检查不符合；无法判定 1,200 项", "fail: 1; 1,200 undetermined"),
        ((9, 2, 3, 0, 5), "没有发现不符合，但有 3 项因缺少资料无法判定；待人工判断 2 项", "decided: 3; 2 review"),
        ((9, 2, 0, 0, 5), "没有发现不符合，有 2 项待人工判断", "No check fails; left for a person to decide: 2"),
        ((9, 0, 0, 0, 5), "适用的 9 项检查均符合", "Every check that applies is passed: 9"),
        ((0, 0, 0, 0, 5), "没有任何条款适用于所检查的对象", "No clause applies to anything that was checked"),
    ],
)
def test_the_result_names_every_verdict_that_leaves_something_to_do(
    plan: Report, counts: tuple[int, ...], zh: str, en: str
) -> None:
    held = replace(plan, summary=replace(plan.summary, verdicts={"one": counts}))
    assert overview.state(held, "paper-state", "zh")[1] == zh
    assert overview.state(held, "paper-state", "en")[1].endswith(en)


def test_markdown_tells_first_what_is_assumed_and_lists_it_below(plan: Report) -> None:
    text = "".join(markdown(plan, Options("zh")))
    places = [text.index(line) for line in ("不符合 14 项", TOLD[1], TOLD[2], "## 采用的假定值")]
    assert places == sorted(places)


def test_where_nothing_is_assumed_nothing_is_said_of_it(plan: Report) -> None:
    assert "而采用假定值" not in "".join(pieces(replace(plan, assumptions=()), Options("zh")))


def test_where_nothing_lacks_there_is_no_heading_of_it(plan: Report, write: Write) -> None:
    path = write(replace(plan, asks=(), rollups=()), "docx")
    texts = [one.text for one in docx.Document(str(path)).paragraphs]
    assert "最多的不符合" in texts
    assert not [line for line in texts if "首先补充" in line or "问题最多的园区" in line]


def test_a_park_is_called_by_its_id_and_its_name(plan: Report, tmp_path: Path) -> None:
    """PD01 of sample_parcels is called 川杨智造园; without a name, or with the id for one, the id stands alone."""
    assert "\n| PD01 川杨智造园 | 13 |" in "".join(markdown(plan, Options("zh")))
    write_files(plan, [tmp_path / "r.json"], "zh")
    saved = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["rollups"]
    assert {one["key"]: one["name"] for one in saved if one["by"] == "park" and one["key"]}["PD01"] == "川杨智造园"
    assert all("name" not in one for one in saved if one["by"] != "park")
    assert load_report(str(tmp_path / "r.json")).rollups == plan.rollups
    for name in (None, "PD01"):
        bare = replace(plan, rollups=tuple(replace(one, name=one.name and name) for one in plan.rollups))
        assert "\n| PD01 | 13 |" in "".join(markdown(bare, Options("zh")))
