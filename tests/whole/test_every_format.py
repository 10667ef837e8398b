"""One run of the real program with every ``-o``; each file is counted by a reader that knows nothing of landcheck."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import geopandas
import junitparser
import pytest
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parents[2]
SUFFIXES = (
    "json", "jsonl", "csv", "xlsx", "html", "md", "docx", "pdf", "sarif", "junit.xml", "codequality.json", "gpkg",
    "geojson", "shp", "parquet",
)  # fmt: skip
SHOWN = ("fail", "review", "undetermined")
COLUMNS = ("pass", "fail", "review", "undetermined", "not_applicable")

Counts = Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with ``r.json``, ``r.html`` ... of the sample plan."""
    folder = tmp_path_factory.mktemp("made")
    outputs = [word for suffix in SUFFIXES for word in ("-o", str(folder / f"r.{suffix}"))]
    command = [sys.executable, "-m", "landcheck", "check", "sample_parcels/plan.gpkg", "--as-of", "2026-06-30"]
    done = subprocess.run(
        [*command, "--lang", "en", "-q", *outputs], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (1, "")
    return folder


@pytest.fixture(scope="module")
def told(made: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((made / "r.json").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def counts(told: dict[str, Any]) -> Counts:
    """Findings by rule and verdict as the JSON lists them; they are no fewer than its summary says."""
    found = Counter((finding["rule"], finding["verdict"]) for finding in told["findings"])
    summary = told["summary"]["verdicts"]
    assert found == +Counter({(rule, word): summary[rule][word] for rule in summary for word in SHOWN})
    assert sum(found.values()) > 30
    return found


def summed(told: dict[str, Any]) -> dict[str, list[int]]:
    return {rule: [of[word] for word in COLUMNS] for rule, of in told["summary"]["verdicts"].items()}


def test_jsonl(made: Path, counts: Counts) -> None:
    lines = [json.loads(line) for line in (made / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert Counter((line["rule"], line["verdict"]) for line in lines if "verdict" in line) == counts


def test_csv(made: Path, counts: Counts) -> None:
    table = geopandas.pd.read_csv(made / "r.csv", encoding="utf-8-sig")
    rows = table[table["record"] == "finding"].drop_duplicates(["rule", "subject_type", "subject", "row"])
    assert Counter(zip(rows["rule"], rows["verdict"], strict=True)) == counts


def test_parquet(made: Path, counts: Counts) -> None:
    table = geopandas.pd.read_parquet(made / "r.parquet")
    rows = table[table["record"] == "finding"]
    assert Counter(zip(rows["rule"], rows["verdict"], strict=True)) == counts


def test_workbook(made: Path, counts: Counts) -> None:
    head, *rows = CalamineWorkbook.from_path(made / "r.xlsx").get_sheet_by_name("Findings").to_python()
    assert head[:4] == ["verdict", "rule", "subject", "id"]
    rule = head.index("rule id")
    each = {(row[rule], row[0], *row[2:5]) for row in rows}
    assert Counter(row[:2] for row in each) == counts


def test_markdown(made: Path, told: dict[str, Any]) -> None:
    text = (made / "r.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| ([a-z][\w-]+) \|$", text, re.M)
    assert {rule: list(map(int, numbers)) for *numbers, rule in rows} == summed(told)


def test_word(made: Path, told: dict[str, Any], counts: Counts) -> None:
    tables = [[[c.text for c in row.cells] for row in t.rows] for t in docx.Document(str(made / "r.docx")).tables]
    summary = next(table for table in tables if table[0][0] == "rule")
    assert {row[6]: list(map(int, row[1:6])) for row in summary[1:]} == summed(told)
    listed = Counter[str]()
    for row in (row for table in tables if table[0][0] == "verdict" for row in table[1:]):
        several = re.match(r"([\d,]+) \w+: ", row[1])
        listed[row[0]] += int(several[1].replace(",", "")) if several else 1
    assert listed == Counter(word for _, word in counts.elements())


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils (pdftotext) is not installed")
def test_pdf(made: Path, told: dict[str, Any]) -> None:
    text = subprocess.run(
        ["pdftotext", "-layout", made / "r.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    rows = re.findall(r" (\d+) +(\d+) +(\d+) +(\d+) +(\d+) +([a-z][\w-]+)$", text, re.M)
    assert {rule: list(map(int, numbers)) for *numbers, rule in rows} == summed(told)


def test_sarif(made: Path, counts: Counts) -> None:
    (run,) = json.loads((made / "r.sarif").read_text(encoding="utf-8"))["runs"]
    found = Counter((result["ruleId"], result["kind"]) for result in run["results"])
    assert found == Counter({key: number for key, number in counts.items() if key[1] == "fail"})


def test_junit(made: Path, counts: Counts) -> None:
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(made / "r.junit.xml"))}
    for rule in {rule for rule, _ in counts}:
        suite = suites[rule]
        assert [suite.failures, suite.errors, suite.skipped] == [
            counts[rule, word] for word in ("fail", "undetermined", "review")
        ]


def test_code_quality(made: Path, told: dict[str, Any], counts: Counts) -> None:
    issues = json.loads((made / "r.codequality.json").read_text(encoding="utf-8"))
    found = Counter(issue["check_name"] for issue in issues if not issue["check_name"].startswith("landcheck/"))
    assert found == Counter(rule for rule, _ in counts.elements()) + Counter(data["rule"] for data in told["data"])


@pytest.mark.parametrize(("name", "layer"), [("r.gpkg", "findings"), ("r_findings.shp", None)])
def test_layer_of_findings(name: str, layer: str | None, made: Path, counts: Counts) -> None:
    table = geopandas.read_file(made / name, layer=layer) if layer else geopandas.read_file(made / name)
    rows = table[table["source"] == "rule"]
    assert Counter(zip(rows["rule"], rows["verdict"], strict=True)) == counts


@pytest.mark.parametrize(("name", "longest"), [("r.gpkg", 64), ("r.geojson", 64), ("r.shp", 10)])
def test_layer_of_parcels(name: str, longest: int, made: Path, told: dict[str, Any]) -> None:
    layer = "parcels" if name.endswith(".gpkg") else None
    table = geopandas.read_file(made / name, layer=layer)
    assert len(table) == told["summary"]["parcel"]
    for rule, of in told["summary"]["verdicts"].items():
        if rule != "green-balance":
            column = table[rule.replace("-", "_")[:longest]]
            assert Counter(column) == +Counter(of)


def test_html_in_a_browser(made: Path, counts: Counts, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto((made / "r.html").as_uri())
    page.locator("#findings .chip").first.wait_for()
    lines = page.locator("#causes td:nth-child(2)").all_text_contents()
    page.select_option("#findings .pager select", "100")
    singly = Counter(page.locator("#findings .chip").all_text_contents())
    page.close()
    assert singly == Counter(word.capitalize() for _, word in counts.elements())
    several = [re.match(r"\s*(\d+) \w+: ", line) for line in lines]
    assert sum(int(of[1]) if of else 1 for of in several) == counts.total()
