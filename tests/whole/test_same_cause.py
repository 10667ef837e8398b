"""Three thousand parcels that all fail, and three thousand of which nothing is known: few pages, nothing dropped."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from python_calamine import CalamineWorkbook

from landcheck import Report, Request, check, write_files

COUNT = 3000
PAGES = {"pdf": 15, "html": 25}
Counts = Counter[tuple[str, str]]
poppler = pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler-utils (pdfinfo) is not installed")


def failing(area: np.ndarray[Any, Any]) -> dict[str, Any]:
    """FAR, other uses and living facilities all beyond what is allowed, each parcel by another amount."""
    gfa = np.round(area * np.linspace(1.2, 1.9, COUNT), 2)
    return {
        "land_class": "industrial_project", "approval_date": "2022-05-01", "site_area_m2": area, "far_gfa_m2": gfa,
        "above_ground_gfa_m2": gfa, "other_industry_gfa_m2": np.round(gfa * 0.2, 2),
        "living_gfa_m2": np.round(gfa * 0.18, 2), "single_use": "yes", "term_years": 70.0, "recognition": "none",
    }  # fmt: skip


def written(path: Path, *, known: bool) -> None:
    """The parcels on a grid; the names of the ids are as long as those of a real plan."""
    east, north = np.divmod(np.arange(COUNT), 60)
    shapes = shapely.box(500_000 + 120 * east, 3_450_000 + 120 * north, 500_100 + 120 * east, 3_450_100 + 120 * north)
    fields = {"parcel_id": np.array([f"SH{number:08}" for number in range(COUNT)], object)}
    for name, value in (failing(np.full(COUNT, 9996.0)) if known else {}).items():
        fields[name] = value if isinstance(value, np.ndarray) else np.full(COUNT, value, object)
    fields = {name: value.astype(object) if value.dtype.kind == "U" else value for name, value in fields.items()}
    if known:
        fields["term_years"] = fields["term_years"].astype(float)
    pyogrio.raw.write(
        str(path), shapely.to_wkb(shapes), list(fields.values()), list(fields),
        geometry_type="Polygon", crs="EPSG:4549", driver="GPKG", layer="parcels",
    )  # fmt: skip


@pytest.fixture(scope="module", params=["failing", "undetermined"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("many") / f"{request.param}.gpkg"
    written(path, known=request.param == "failing")
    made = check(Request(str(path), as_of=dt.date(2026, 6, 30)))
    index = {"failing": 3, "undetermined": 2}[request.param]
    assert sum(of[index] == COUNT for of in made.summary.verdicts.values()) >= 3
    return made


@pytest.fixture
def counts(report: Report) -> Counts:
    return Counter((one.rule.id, one.verdict.word) for one in report.findings if 1 <= one.verdict <= 3)


def pages(path: Path) -> int:
    told = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True).stdout.decode()
    return int(re.findall(r"^Pages: +(\d+)", told, re.M)[0])


@poppler
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pdf_has_fifteen_pages_at_most(report: Report, tmp_path: Path, lang: Any) -> None:
    write_files(report, [tmp_path / "r.pdf"], lang)
    assert pages(tmp_path / "r.pdf") <= PAGES["pdf"]


@poppler
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_printed_page_has_twentyfive_at_most(report: Report, tmp_path: Path, chromium: Any, lang: Any) -> None:
    write_files(report, [tmp_path / "r.html"], lang)
    page = chromium.new_page()
    page.goto((tmp_path / "r.html").as_uri())
    page.locator("#findings .chip").first.wait_for()
    page.pdf(path=str(tmp_path / "r.pdf"), prefer_css_page_size=True)
    page.close()
    assert pages(tmp_path / "r.pdf") <= PAGES["html"]


def test_files_hold_every_finding(report: Report, counts: Counts, tmp_path: Path) -> None:
    write_files(report, [tmp_path / f"r.{suffix}" for suffix in ("json", "csv", "xlsx")], "en")
    told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["findings"]
    assert Counter((one["rule"], one["verdict"]) for one in told) == counts
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["record"] == "finding"]
    each = {(row["rule"], row["verdict"], row["subject"]) for row in rows}
    assert Counter((rule, verdict) for rule, verdict, _ in each) == counts
    heads, *cells = CalamineWorkbook.from_path(tmp_path / "r.xlsx").get_sheet_by_name("Findings").to_python()
    rule = heads.index("rule id")
    assert Counter((row[0], row[1]) for row in {(row[rule], *row[:5]) for row in cells}) == counts


@pytest.mark.parametrize("suffix", ["md", "html"])
def test_who_reads_sees_every_cause_and_ten_ids(report: Report, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"r.{suffix}"
    write_files(report, [path], "en")
    text = path.read_text(encoding="utf-8")
    whole = sum(max(of[2], of[3]) == COUNT for of in report.summary.verdicts.values())
    assert text.count("3,000 parcels: SH00000000, SH00000001") == whole
    assert "SH00000009 and 2,990 more" in text
