"""The text of the PDF as four readers take it: every id and every figure is whole, in both languages."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pdfminer.high_level
import pypdf
import pypdfium2
import pytest

from landcheck import Report, Request, check
from landcheck.messages import Lang
from landcheck.model import Verdict
from landcheck.report.options import Options
from landcheck.report.paper import paper

Write = Callable[..., Path]
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
UNITS = [f"310115001002GB00{120 + i}F0001000{i}" for i in range(8)]
CODES = [f"SH-PD-ZJ-2021-0001-PHASE-2-BUILDING-SITE-{i:05}-NORTH-EAST-AB" for i in range(8)]


def of_poppler(path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils (pdftotext) is not installed")
    return subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True).stdout.decode()


def of_pdfium(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


READERS: dict[str, Callable[[Path], str]] = {
    "pdftotext": of_poppler,
    "pypdf": lambda path: "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages),
    "pdfminer.six": lambda path: pdfminer.high_level.extract_text(str(path)),
    "PDFium": of_pdfium,
}


@pytest.fixture(scope="module", params=[UNITS, CODES], ids=["units", "codes"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Parcels that fail by figures of their own: FAR, floor areas and shares with decimals and thousands."""
    lines = ["parcel_id,land_class,site_area_m2,far_gfa_m2,above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2"]
    for i, ident in enumerate(request.param):
        lines.append(f"{ident},通用类研发用地,10000,{21234 + i},{21234 + i},{7001.5 + i},{4001.25 + i}")
    path = tmp_path_factory.mktemp("figures") / "plan.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return check(Request(str(path), as_of=dt.date(2026, 6, 30)))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("reader", READERS)
def test_text_taken_from_the_pdf_holds_ids_and_figures_whole(
    report: Report, write: Write, reader: str, lang: Lang
) -> None:
    text = READERS[reader](write(report, "pdf", lang))
    failing = {one.subject.id for one in report.findings if one.verdict is Verdict.FAIL}
    assert len(failing) == len(UNITS)
    assert {ident for ident in failing if ident not in text} == set()
    sections = paper(report, Options(lang)).sections
    cells = [cell for section in sections for row in section.findings.rows for cell in row]
    figures = {figure for cell in cells for figure in FIGURE.findall(cell)}
    assert any("," in figure and "." in figure for figure in figures)
    assert figures - {*FIGURE.findall(text)} == set()
