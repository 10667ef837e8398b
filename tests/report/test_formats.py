from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from landcheck.messages import LANGUAGES, Lang
from landcheck.messages.visible import visible
from landcheck.model import Report, Summary, Verdict
from landcheck.report.content.text import padded, width
from landcheck.report.options import Options
from landcheck.report.output_formats import FORMATS, Format, standard_output_formats, suffixes
from landcheck.report.pages import explain_page, rules_page
from landcheck.report.write import render

LABELS = ("门槛读法", "单一用途产业用地", "基准年期")  # no ids in Chinese
FOR_PEOPLE = ["table", "plain", "md", "csv", "github"]


def text_of(report: Report, name: str, lang: Lang = "zh") -> str:
    return "".join(render(report, name, Options(lang, width=200)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", standard_output_formats())
def test_every_report_says_what_it_rests_on(report: Report, name: str, lang: Lang) -> None:
    text = text_of(report, name, lang).replace("\\_", "_")
    for told in (
        "2026-11-22",
        "2021-09-01",
        "控规图则、规划条件 prevail",
        *(LABELS if lang == "zh" and name in FOR_PEOPLE else ("threshold", "single_use", "base_term_years")),
    ):
        assert told in text
    assert "1,117" in text or '"rows":1117' in text
    assert "K2" in text  # the ledger, whoever gave
    assert "300.25" in text
    assert text.endswith("\n")


@pytest.mark.parametrize("name", ["table", "plain"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_gbk_console_can_show_it(report: Report, name: str, lang: Lang) -> None:
    assert text_of(report, name, lang).encode("gbk")


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_no_findings_does_not_hide_how_much_was_checked(report: Report, name: str) -> None:
    clean = replace(report, findings=(), data=(), summary=Summary({"parcel": 17}, {"far-industrial": (4, 0, 0, 0, 13)}))
    text = text_of(clean, name)
    assert "17" in text
    assert "far-industrial" in text
    assert "13" in text


def test_github_annotates_ten_of_each_worst_first_and_counts_the_rest(report: Report, made: SimpleNamespace) -> None:
    unknown = [made.finding(made.FAR, f"U{i}", Verdict.UNDETERMINED, missing=("far",)) for i in range(12)]
    failed = [made.far_failure(f"P{i}") for i in range(15)]
    lines = text_of(replace(report, findings=(*unknown, *failed)), "github", "en").splitlines()
    levels = [line[2 : line.index(" ")] for line in lines if line.startswith("::")]
    assert levels == ["error"] * 10 + ["warning"] * 10
    # 15 failures and a data error; 12 undetermined and a data warning
    assert lines[-1] == "landcheck: 6 errors, 3 warnings and 0 notices more are not annotated (at most 10 of each)"


def test_a_park_finding_points_at_no_parcel_file(report: Report) -> None:
    line = next(line for line in text_of(report, "github").splitlines() if "green-balance" in line)
    assert "file=" not in line


def test_a_csv_row_holds_the_requirement_that_decided(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(report, "csv"))))
    term = next(row for row in rows if row["rule"] == "term-50" and row["record"] == "finding")
    assert (term["requirement"], term["measured"], term["limit"], term["margin"]) == (
        "recognised_or_base_term", "30.0", "20.0", "-10.0",
    )  # fmt: skip
    unknown = next(row for row in rows if row["verdict"] == "undetermined" and row["record"] == "finding")
    assert (unknown["missing"], unknown["measured"]) == ("far_gfa_m2; site_area_m2", "")
    assert [row["verdict"] for row in rows if row["record"] == "data"] == ["error", "warning"]


def test_columns_of_plain_text_stand_under_each_other(report: Report) -> None:
    lines = text_of(report, "plain").splitlines()
    start = lines.index("园区绿地占补平衡（㎡）") + 1
    table = lines[start : start + 3]  # heads and two parks, the last column flush right
    assert len({width(line) for line in table}) == 1


def test_text_is_as_wide_as_it_is_drawn() -> None:
    assert width("地块P1") == 6
    assert padded("地块", 6) + "|" == "地块  |"
    assert padded("1", 3, right=True) == "  1"


def test_unseen_characters_are_spelled_out() -> None:
    assert visible("a\x1b[31m\u202e\n地") == "a\\x1b[31m\\u202e\\n地"


def test_nothing_to_explain_is_said(report: Report) -> None:
    assert "核对编号" in "".join(explain_page.text(report, [], Options("zh")))


def test_the_pages_tell_a_measure_by_its_label(made: SimpleNamespace) -> None:
    page = "".join(rules_page.show_rule(made.PACK, made.GREEN, "zh"))
    assert "有调减绿地为是" in page


@pytest.mark.parametrize("entry", FORMATS.values(), ids=lambda entry: entry.name)
def test_what_writes_a_format_is_there(entry: Format) -> None:
    assert callable(entry.load())
    assert entry.how != "folder" or callable(entry.load("ours"))


def test_the_papers_name_every_suffix() -> None:
    root = Path(__file__).parents[2]
    text = "".join(path.read_text(encoding="utf-8") for path in (root / "README.md", *root.glob("docs/**/*.md")))
    assert [suffix for suffix in suffixes() if f"`{suffix}`" not in text] == []
