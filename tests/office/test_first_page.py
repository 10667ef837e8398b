"""What a reader is told first by every report that is handed over: on the first page or sheet, of the sample."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook

from landcheck import Report
from landcheck.report.html.page import pieces
from landcheck.report.options import Options

Write = Callable[..., Path]
# The counts are those of the terminal's golden page; PD01: 5 of its 13 parcels fail.
TOLD = (
    "有 14 项检查不符合",
    "最多的不符合",
    "3 项：产业项目类工业用地出让年期：经认定的可至50年，其余不超过基准年期",
    "2 项：工业用地容积率2.0以上",
    "2 项：其他产业用途和生活配套设施合计不超过地上建筑总量的30%",
    "问题最多的园区：PD01（13 个地块中 5 个不符合）",
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


def test_where_nothing_lacks_there_is_no_heading_of_it(plan: Report, write: Write) -> None:
    path = write(replace(plan, asks=(), rollups=()), "docx")
    texts = [one.text for one in docx.Document(str(path)).paragraphs]
    assert "最多的不符合" in texts
    assert not [line for line in texts if "首先补充" in line or "问题最多的园区" in line]
