"""The PDF, read again by poppler; and its font."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typst

from landcheck import Report, write_files
from landcheck.errors import InternalError, UsageError
from landcheck.messages import LANGUAGES, Lang, catalogue
from landcheck.report import output_formats
from landcheck.report.content import labels
from landcheck.report.content.report_tables import Table
from landcheck.report.paper import widths_mm
from landcheck.report.pdf import typesetter
from landcheck.report.pdf.typesetter import FAMILY, Letters, covered
from landcheck.rulebook import load_pack, load_packs, pack_names

WORDS = {labels.verdict(verdict, "zh"): verdict.word for verdict in labels.VERDICTS}
AS_OF = dt.date(2026, 11, 22)
Write = Callable[..., Path]
poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils (pdftotext) is not installed")


def text_of(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True).stdout.decode()


def run_together(path: Path) -> str:
    """The text in reading order without a blank: where lines break is the page's business."""
    raw = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True).stdout.decode()
    return re.sub(r"\s|\u200b", "", raw)


@pytest.fixture(scope="module")
def plan_path(plan: Report, write: Write) -> Path:
    return write(plan, "pdf")


TITLES = {rule.id: rule.title.zh for rule in load_packs(["shanghai-2021-9"])[0].rules}


@poppler
def test_every_cause_stands_under_its_rule(plan_path: Path, causes_by_rule: dict[str, Counter[str]]) -> None:
    text = run_together(plan_path).partition("分条款结论")[2]
    for rule, counts in causes_by_rule.items():
        section = re.split(r"各(?:地块|园区)的结论：", text.partition("".join(TITLES[rule].split()))[2])[1]
        found = Counter(re.findall(r"(不符合|无法判定|待人工判断)(?:\d+个)?(?:地块|园区)[：A-Z0-9]", section))
        assert {WORDS[word]: count for word, count in found.items()} == counts


@poppler
def test_the_summary_counts_as_the_json_does(plan_path: Path, told: dict[str, Any]) -> None:
    text = text_of(plan_path)
    for rule, verdicts in told["summary"]["verdicts"].items():
        row = re.search(rf" (\d+) +(\d+) +(\d+) +(\d+) +(\d+) +{rule}$", text, re.M)
        assert row is not None, rule
        assert [int(count) for count in row.groups()] == [verdicts[verdict.word] for verdict in labels.VERDICTS]


@poppler
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_parts_an_id_at_its_hyphen(plan: Report, write: Write, lang: Lang) -> None:
    text = text_of(write(plan, "pdf", lang))
    assert re.findall(r"\S*\w-(?:\s|$)", text) == []
    assert {rule for rule in plan.summary.verdicts if rule not in text} == set()


@poppler
def test_what_is_signed_stands_on_the_first_page(plan: Report, told: dict[str, Any], write: Write) -> None:
    path = write(replace(plan, project={"project_name": "园区核查", "project_number": "15-7"}), "pdf")
    raw = subprocess.run(["pdftotext", "-l", "1", "-layout", str(path), "-"], check=True, capture_output=True)
    page = raw.stdout.decode()
    for said in (
        "有 14 项检查不符合",
        "问题最多的园区",
        "园区核查",
        "15-7",
        "申请单位",
        "编制",
        told["inputs"][0]["sha256"],
    ):
        assert said in page
    for opinion, who in (("同意按本报告", "检查人"), ("不符合之处改正后", "复核人"), ("缺少的资料补充后", "审定人")):
        (line,) = (line for line in page.splitlines() if opinion in line)
        assert line.index(opinion) < line.index(who) < line.index("日期")


@poppler
def test_a_park_s_headroom_stands_in_print(plan_path: Path) -> None:
    text = run_together(plan_path)
    # MH02: living facilities of 22 % where 15 % are allowed (1,802.88 m² too much), on another plot room for
    # 1,229.23 m², on the third all other uses together 5.19 m² too much
    assert re.search(r"MH02其中生活配套设施1,229.231,808.07030", text)
    assert "本规则包无上限" in text


@poppler
def test_the_only_font_is_embedded_and_the_file_is_for_archives(plan_path: Path) -> None:
    fonts = subprocess.run(["pdffonts", str(plan_path)], check=True, capture_output=True).stdout.decode()
    names = [line.split()[0] for line in fonts.splitlines()[2:]]
    assert names
    assert all("LandcheckSansSC" in name for name in names)
    held = plan_path.read_bytes()
    assert b"<pdfaid:part>2</pdfaid:part>" in held
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in held
    assert b"<pdfuaid:part>1</pdfuaid:part>" in held


@poppler
def test_hostile_text_is_text(hostile: Report, write: Write) -> None:
    text = run_together(write(hostile, "pdf"))
    letters = Letters()
    for finding in hostile.findings:
        start = letters.spell(finding.subject.id)[:60]
        assert re.sub(r"\s", "", f"地块{start}") in text, start
    assert "长" * 60 + "…(10,000)" in text
    assert "[U+20BB7][U+1F3E0][U+FDFA]" in text
    assert "本PDF的字体缺少3个字符" in text


@poppler
def test_a_long_list_is_cut_gravest_first_and_says_where_the_rest_is(many: Report, write: Write) -> None:
    text = run_together(write(many, "pdf"))
    assert len(re.findall(r"地块F\d{3}（第", text)) == 40
    assert "地块U000" not in text
    assert "共380条" in text
    assert "另有340条未列出" in text


def test_without_typst_it_is_refused_before_any_work(
    plan: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_formats, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r'r\.pdf: .*pip install "landcheck\[pdf\]"'):
        write_files(plan, [tmp_path / "r.pdf"], "en")
    assert not list(tmp_path.iterdir())


def test_a_font_that_is_not_there_is_no_mere_warning() -> None:
    with pytest.raises(InternalError, match="unknown font family"):
        typesetter.pdf({"main.typ": '#set document(title: "t")\n#set text(font: "Nowhere Sans")\n字'.encode()}, AS_OF)


def test_the_font_goes_by_the_name_that_is_asked_for() -> None:
    # A picture asks for it too, and there typst does not even warn.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[typesetter.FONTS])
    assert fonts.families() == [FAMILY]


def test_the_font_has_every_letter_the_program_writes() -> None:
    texts = [text.say(lang) for text in catalogue().values() for lang in LANGUAGES]
    for name in pack_names():
        pack = load_pack(name)
        texts += [pack.text, *(rule.title.say(lang) for rule in pack.rules for lang in LANGUAGES)]
    lacking = {letter for text in texts for letter in text if ord(letter) not in covered()}
    # A message quotes the character that stands for unreadable ones; no font of the family draws it.
    assert lacking <= {"\n", "\ufffd"}


@pytest.mark.parametrize("text", ["甪直镇", "㎡ m² ≥ √ × ① 〔2021〕", "２．０以上", "é ü ǎ"])
def test_letters_beyond_gb2312_that_plans_use(text: str) -> None:
    assert Letters().spell(text) == text


def test_what_the_font_lacks_is_told_by_its_number() -> None:
    letters = Letters()
    assert letters.spell("a🏠b🏠") == "a[U+1F3E0]b[U+1F3E0]"
    assert letters.lacking == {"🏠"}
    assert letters.spell("a\x00\u202e") == "a\\x00\\u202e"


def test_a_long_word_may_break() -> None:
    assert Letters().breakable("x" * 140) == "x" * 60 + "\u200b" + "x" * 60 + "\u200b" + "x" * 20
    assert Letters().breakable("above_ground_gfa_m2") == "above_ground_gfa_m2"


@poppler
def test_a_row_and_a_verdict_are_not_parted(plan: Report, write: Write) -> None:
    """A bracket with a row, and the longest verdict, stand in one line; a unit stands off its number alike."""
    text = text_of(write(plan, "pdf"))
    assert len(re.findall(r"（第 ?[0-9]+ ?行）", text)) > 20
    assert re.findall(r"（第 ?[0-9]*$", text, re.M) == []
    assert "待人工判断  " in text
    assert re.findall(r"[0-9],[0-9.]+平方米", text) == []


@poppler
def test_what_is_said_of_causes_is_said_once(many: Report, write: Write) -> None:
    alike = replace(many, findings=tuple(one._replace(waived=None) for one in many.findings))
    text = run_together(write(alike, "pdf"))
    assert text.count("原因相同的结论合并为一行") == 1
    assert text.index("原因相同的结论合并为一行") < text.index("各地块的结论")


def test_short_texts_stand_in_one_line_where_there_is_room() -> None:
    """Half a hanzi is 1.65 mm, and 3 mm stand free; what is left goes to the long text."""
    rows = (("待人工判断", "一" * 60), ("不符合", "二" * 9))
    short, long = widths_mm(Table("", ("结论", "说明"), rows), 100)
    assert short == pytest.approx(10 * 1.65 + 3)
    assert long == pytest.approx(100 - short)


@poppler
def test_green_is_told_to_a_hundredth_of_a_square_metre(plan: Report, write: Write) -> None:
    """A third of 100 m² is 33.33 m² in the ledger."""
    third = replace(plan, ledger=tuple(replace(row, left_over_m2=100 / 3) for row in plan.ledger))
    text = text_of(write(third, "pdf"))
    assert len(re.findall(r"\s33\.33\s", text)) == len(plan.ledger)


@poppler
@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_and_numbers_stay_within_their_columns(plan: Report, write: Write, lang: Lang) -> None:
    """Parks with long ids leave the other nine columns narrow: what stands there is set smaller, in one piece."""
    rollups = tuple(
        replace(one, key=f"{one.key}-{'ABCDEFGH' * 5}") if one.by == "park" else one for one in plan.rollups
    )
    path = write(replace(plan, rollups=rollups), "pdf", lang)
    found = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True).stdout.decode()
    told = set[str]()
    for page in found.split("<page")[1:]:
        words = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', page)
        lines: dict[int, list[tuple[float, float, str]]] = {}
        for west, east, south, word in words:
            lines.setdefault(round(float(south)), []).append((float(west), float(east), word))
        beside = [pair for line in lines.values() for pair in pairwise(sorted(line))]
        # half of a full-width bracket is blank
        assert [(a, b) for a, b in beside if b[0] < a[1] - 5 * b[2].startswith("（")] == []
        told |= {word for *_, word in words}
    assert {"342,126.29", "169,509"} <= told
