"""Real ids are long: unit numbers of 28 characters, project codes of 60 with hyphens. Each is whole or told apart."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from landcheck import Report, Request, check
from landcheck.report.content.text import told_apart
from landcheck.report.picture import pictures

Write = Callable[..., Path]
UNITS = [f"310115001002GB00{120 + i}F0001000{i}" for i in range(5)]
CODES = [f"SH-PD-ZJ-2021-0001-PHASE-2-BUILDING-SITE-{i:05}-NORTH-EAST-AB" for i in range(5)]
poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils (pdftotext) is not installed")
HALF_PT = 5  # half a character, by which punctuation may hang over and stand closer
RIGHT_EDGE = 595.3 - 20 / 25.4 * 72 + HALF_PT


@pytest.fixture(scope="module", params=[UNITS, CODES], ids=["units", "codes"])
def ids(request: pytest.FixtureRequest) -> Sequence[str]:
    held: Sequence[str] = request.param
    return held


@pytest.fixture(scope="module")
def report(ids: Sequence[str], tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Plots of 100 m side by side, each with a FAR too low and a class that nobody knows or one that all do."""
    features = []
    for i, ident in enumerate(ids):
        west = 121.6 + i * 0.0012
        ring = [[west, 31.2], [west + 0.001, 31.2], [west + 0.001, 31.201], [west, 31.201], [west, 31.2]]
        cells = {"parcel_id": ident, "land_class": "通用类研发用地", "site_area_m2": 10000, "far_gfa_m2": 12000 + i}
        features.append(
            {"type": "Feature", "properties": cells, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    path = tmp_path_factory.mktemp("long") / "plan.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return check(Request(str(path), as_of=dt.date(2026, 6, 30)))


def test_names_on_the_map_differ(report: Report, ids: Sequence[str]) -> None:
    shown = re.findall(r"<text[^>]*>(…[^<]+|[^<]+…)</text>", pictures(report, "zh")[0].svg)
    assert len(set(shown)) == len(ids)
    assert max(map(len, shown)) <= 18


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["A-1", "A-1"], ["A-1", "A-1"]),
        (["310115001A", "320115001A"], ["31011…", "32011…"]),
        (["310115001A", "310115001B"], ["…5001A", "…5001B"]),
        (["310115AAAA00000", "310115BBBB00000"], ["…AAAA…", "…BBBB…"]),
        (["A-aaaa-1", "A-aaaa-2", "B-aaaa-1"], ["A-aaaa-1", "A-aaaa-2", "B-aaaa-1"]),
        (["310115001A", "31011…"], ["…5001A", "31011…"]),
    ],
)
def test_the_part_that_differs_is_kept(names: list[str], told: list[str]) -> None:
    assert told_apart(names, 6) == told


@poppler
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_print_holds_each_id_in_one_piece_within_its_column(
    report: Report, ids: Sequence[str], write: Write, lang: str
) -> None:
    path = write(report, "pdf", lang)
    text = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True).stdout.decode()
    assert "\u200b" not in text
    assert all(ident in text for ident in ids)
    found = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True).stdout.decode()
    for page in found.split("<page")[1:]:
        words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', page)
        boxes = sorted(tuple(map(float, word[:4])) for word in words)
        assert max(east for _, _, east, _ in boxes) <= RIGHT_EDGE
        lines: dict[float, list[tuple[float, float]]] = {}
        for west, north, east, _ in boxes:
            lines.setdefault(round(north), []).append((west, east))
        assert all(b[0] >= a[1] - HALF_PT for line in lines.values() for a, b in pairwise(line))


def test_columns_of_the_workbook_are_as_wide_as_the_ids(report: Report, ids: Sequence[str], write: Write) -> None:
    held = 0
    with zipfile.ZipFile(write(report, "xlsx")) as book:
        for name in (name for name in book.namelist() if name.startswith("xl/worksheets/sheet")):
            sheet = book.read(name).decode()
            columns = re.findall(r'<col min="(\d+)" max="\1" width="([\d.]+)"', sheet)
            widths = {chr(64 + int(number)): float(width) for number, width in columns}
            cells = re.findall(r'<c r="([A-Z])\d+"[^>]*><is><t>([^<]*)</t>', sheet)
            wide = [widths[letter] > len(text) for letter, text in cells if text in ids]
            held += len(wide)
            assert all(wide)
    assert held >= 2 * len(ids)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_of_word_are_set_small_enough_for_an_id_in_one_piece(
    report: Report, ids: Sequence[str], write: Write, lang: str
) -> None:
    """Of Times a digit is half its size wide, a capital at most 0.72; the cell keeps 7 points clear."""
    told = []
    for cell in docx.Document(str(write(report, "docx", lang))).element.iter(qn("w:tc")):
        text = "".join(words.text or "" for words in cell.iter(qn("w:t")))
        told += [ident for ident in ids if ident in text]
        for ident in filter(text.__contains__, UNITS):
            size_pt = int(next(cell.iter(qn("w:sz"))).get(qn("w:val"))) / 2
            room_pt = int(next(cell.iter(qn("w:tcW"))).get(qn("w:w"))) / 20 - 7
            capitals = sum(map(str.isupper, ident))
            assert (0.5 * (len(ident) - capitals) + 0.72 * capitals) * size_pt <= room_pt
    assert {*told} == {*ids}
