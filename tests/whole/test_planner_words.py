"""Chinese as an office writes it, in every format for people: no ids in sentences, full-width punctuation, one word
for one thing, nothing of the law translated."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from landcheck.messages import catalogue
from landcheck.rulebook import load_packs

ROOT = Path(__file__).parents[2]
PACKS = load_packs(["auto"])
RULES = [rule for pack in PACKS for rule in pack.rules]
HAN = "\u3400-\u9fff"
# What a machine reads: options, names of files and layers, digests, addresses, ids of packs.
MACHINE = re.compile(
    r"--[a-z-]+(?: \S+)?|-o \S+|sample_parcels/gbk"
    r"|[\w/.-]+\.(?:gpkg|csv|xlsx|shp|json|jsonl|docx|html|pdf|md|toml|geojson|dbf|parquet)\b"
    r"|" + "|".join(re.escape(pack.id) for pack in sorted(PACKS, key=lambda pack: -len(pack.id)))
)
QUOTES = sorted({rule.clause.quote for rule in RULES} | {left.quote for pack in PACKS for left in pack.left_out},
                key=len, reverse=True)  # fmt: skip
ID = re.compile(r"[a-z]+_[a-z0-9_]+")
APART = r"(?<![A-Za-z0-9_-]){}(?![A-Za-z0-9_-])"  # a word of its own, hanzi beside it or not
RULE_ID = re.compile("|".join(APART.format(re.escape(rule.id)) for rule in RULES) + r"|data/[a-z]+")
HALF = re.compile(rf"[{HAN}][,:;!?()][{HAN}]|[{HAN}][,;!?](?![0-9A-Za-z])|[,;!?][{HAN}]|\([^()]*[{HAN}][^()]*\)")
# A word that no planner writes, and the one that stands for it.
FORBIDDEN = {
    "㎡": "平方米 (㎡ stands in headings)", "字段 ": "its name",
    "true": "是", "false": "否", "fail": "不符合", "undetermined": "无法判定", "threshold": "门槛读法", "None": "未知",
    "null": "空", "nan": "未知", "parcel": "地块", "ellipsoidal": "椭球面积", "planar": "平面面积",
}  # fmt: skip


def faults(text: str) -> Iterator[str]:
    """What is wrong with a sentence of a report: a line, a cell or a paragraph."""
    for quote in QUOTES:
        text = text.replace(quote, "“”")
    text = MACHINE.sub("", text)
    if not re.search(f"[{HAN}]", text):
        return
    for name, pattern in (("id", ID), ("rule", RULE_ID), ("half-width", HALF)):
        if found := pattern.search(text):
            yield f"{name} {found[0]!r}: {text}"
    for word in FORBIDDEN:
        if re.search(re.escape(word) if re.search("[㎡字]", word) else APART.format(word), text) and not heading(text):
            yield f"{word!r}: {text}"


def heading(text: str) -> bool:
    return re.search("（㎡）", text) is not None and len(text) < 60


class Visible(HTMLParser):
    """The texts of a page, as its elements hold them; of tables a cell each."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(" ".join(data.split()))


def of_html(path: Path) -> list[str]:
    page = Visible()
    page.feed(path.read_text(encoding="utf-8"))
    return page.texts


def of_office(path: Path) -> list[str]:
    """The paragraphs of a document, or the texts of a workbook."""
    with zipfile.ZipFile(path) as packed:
        names = [
            name for name in packed.namelist() if re.search(r"word/document.xml|sharedStrings|sheet\d+\.xml", name)
        ]
        whole = "".join(packed.read(name).decode() for name in names)
    blocks = re.findall(r"<(?:w:p|si|is)[ >].*?</(?:w:p|si|is)>", whole, re.S)
    texts = ["".join(re.findall(r"<(?:w:)?t(?: [^>]*)?>([^<]*)<", block)) for block in blocks]
    return [
        text.replace("&quot;", '"').replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&") for text in texts
    ]


def of_markdown(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").replace("\\", "")
    return [cell.strip() for line in text.splitlines() for cell in line.split("|")]


def of_lines(text: str) -> list[str]:
    """Lines; a table's first column may be a rule's id."""
    return [cell for line in text.splitlines() for cell in re.split(r" {2,}", line.strip())]


SAMPLES = {
    "plan": ["sample_parcels/plan.gpkg", "--as-of", "2026-11-22"],
    "auto": ["sample_parcels/plan.gpkg", "--as-of", "2026-06-30", "--pack", "auto", "--show", "all"],
    "literal": ["sample_parcels/gbk", "--as-of", "2026-06-30", "--reading", "literal", "--ignore", "far"],
    "dirty": ["sample_parcels/dirty.gpkg", "--as-of", "2026-06-30", "--pack", "auto"],
}


# What sets verdicts side by side or redoes them.
PAGES = {
    "whatif": ["whatif", "sample_parcels/plan.gpkg", "--parcel", "PD01-03", "--set", "far_gfa_m2=60000",
               "--set", "recognition=", "--set", "land_class=rd_general"],
    "compare": ["compare", "sample_parcels/plan.gpkg", "--as-of", "2026-06-30", "--pack", "shanghai-2021-9",
                "--pack", "shanghai-2025-28"],
    "explain": ["explain", "sample_parcels/plan.gpkg", "--parcel", "PD01-03"],
}  # fmt: skip


def landcheck(*arguments: str) -> str:
    """What the program prints in Chinese, on a very wide terminal."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "10000"}
    ran = subprocess.run([sys.executable, "-m", "landcheck", *arguments, "--lang", "zh"], cwd=ROOT, env=environment,
                         capture_output=True, check=False)  # fmt: skip
    assert ran.returncode in (0, 1, 3), ran.stderr.decode()
    return ran.stdout.decode()


@pytest.fixture(scope="module", params=SAMPLES)
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a report in every format for people, and what stood on standard output."""
    folder = tmp_path_factory.mktemp(request.param)
    files = [f"r.{suffix}" for suffix in ("md", "html", "docx", "xlsx", "pdf", "json")]
    outputs = [part for file in files for part in ("-o", str(folder / file))]
    printed = landcheck("check", *SAMPLES[request.param], "-v", *outputs)
    return folder, printed + landcheck("report", str(folder / "r.json"), "--output-format", "table")


@pytest.mark.parametrize("page", PAGES)
def test_pages_for_one_question_too(page: str) -> None:
    printed = landcheck(*PAGES[page])
    assert [fault for text in of_lines(printed) for fault in faults(text)] == []
    assert "->" not in printed
    assert "工业用地容积率2.0以上" in printed


def test_every_format_for_people_is_written_as_an_office_writes(reports: tuple[Path, str]) -> None:
    folder, printed = reports
    texts = {
        "lines": of_lines(printed), "md": of_markdown(folder / "r.md"), "html": of_html(folder / "r.html"),
        "docx": of_office(folder / "r.docx"), "xlsx": of_office(folder / "r.xlsx"),
    }  # fmt: skip
    wrong = [f"{name}: {fault}" for name, said in texts.items() for text in said for fault in faults(text)]
    assert wrong == []
    assert all(len(said) > 100 for said in texts.values())


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils (pdftotext) is not installed")
def test_the_text_of_the_pdf_too(reports: tuple[Path, str]) -> None:
    raw = subprocess.run(["pdftotext", "-raw", str(reports[0] / "r.pdf"), "-"], check=True, capture_output=True)
    text = raw.stdout.decode()
    for quote in QUOTES:
        text = text.replace(quote, "")
    assert [found[0] for found in ID.finditer(MACHINE.sub("", text))] == []
    assert "译文" not in text


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_sentence_of_the_catalogue_has_full_width_punctuation(code: str) -> None:
    """Write ，：；（） in Chinese sentences; a list of names that a machine reads stands apart from hanzi."""
    text = re.sub(r"[\w.]+=\S+|点号,圈号,X,Y|^# .*=.*$", "", catalogue()[code].zh, flags=re.MULTILINE)
    assert HALF.search(text) is None
