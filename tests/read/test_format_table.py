"""The table of input formats: what is told in it once holds wherever it is used."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from read_samples import refusal

import landcheck.messages
from landcheck.messages import catalogue
from landcheck.read.formats import ADVISED, BY_KIND, FORMATS, SPATIAL_SUFFIXES, TABLE_SUFFIXES, format_of
from landcheck.read.source import DataSource
from landcheck.report.pages.fields_page import formats

ROOT = Path(__file__).parents[2]
SENTENCES = tomllib.loads((Path(landcheck.messages.__file__).parent / "read.toml").read_text(encoding="utf-8"))
HEADS = {
    "shapefile": ("p.shp", b"\x00\x00\x27\x0a"),
    "sqlite": ("p.gpkg", b"SQLite format 3\x00"),
    "flatgeobuf": ("p.fgb", b"fgb\x03"),
    "parquet": ("p.geoparquet", b"PAR1"),
    "xlsx": ("p.xlsm", b"PK\x03\x04"),
    "xls": ("p.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "ods": ("p.ods", b"PK\x03\x04"),
    "kmz": ("p.KMZ", b"PK\x03\x04"),
    "zip": ("p.dat", b"PK\x05\x06"),
    "access": ("p.accdb", b"\x00\x01\x00\x00Standard ACE DB"),
    "dwg": ("p.dxf", b"AC1018"),
    "dxf": ("p.dxf", b"  0\r\nSECTION"),
    "dbf": ("p.dbf", b"\x03abc"),
    "mapinfo": ("p.tab", b"!Table"),
    "kml": ("p.xml", b"<?xml version='1.0'?><k:kml >"),
    "gml": ("p.x", b"<FeatureCollection>"),
    "xml": ("p.gpx", b"<gpx>"),
    "topojson": ("p.json", b'{"type": "Topology"}'),
    "vct": ("p.vct", b"\r\nHEADBEGIN\r\n"),
    "coordinate report": ("p.txt", "[地块坐标]\n".encode("gb18030")),
    "coordinate list": ("p.txt", b"3450000.0,40620000.0\n" * 3),
    "geojson": ("p.txt", b' [{"a": 1}]'),
    "text table": ("p.xls", b"a\tb\n1\t2\n"),
    "csv": ("p.txt", b"a,b"),
    "tab": ("p.tab", b"a\tb"),
    "any": ("p.xyz", b"\x01\x02"),
}


def test_a_kind_stands_once_and_is_opened_unpacked_or_refused_with_a_sentence() -> None:
    assert len(BY_KIND) == len(FORMATS) + 3
    for one in FORMATS:
        assert sum((one.opener is not None, one.unpacked, one.refusal is not None)) == 1, one.kind
        assert one.refusal is None or one.refusal in SENTENCES
        assert not set(one.suffixes) & set(one.rarer)


@pytest.mark.parametrize("kind", HEADS)
def test_a_file_is_what_its_first_bytes_and_its_suffix_make_it(kind: str, tmp_path: Path) -> None:
    name, start = HEADS[kind]
    path = tmp_path / name
    path.write_bytes(start + b" ")
    assert format_of(DataSource(name, path, (path,), "parcels")).kind == kind


def test_every_format_that_is_read_is_looked_at_here() -> None:
    assert set(HEADS) == {one.kind for one in FORMATS if one.refusal is None} | {"any"}


def test_folders_are_looked_through_for_each_suffix_of_the_table_and_no_text_file() -> None:
    assert not SPATIAL_SUFFIXES & TABLE_SUFFIXES
    assert {".shp", ".gpkg", ".geojson", ".tab"} <= SPATIAL_SUFFIXES
    assert {".csv", ".xlsx", ".dbf"} <= TABLE_SUFFIXES
    assert not {".txt", ".xml"} & (SPATIAL_SUFFIXES | TABLE_SUFFIXES)


def test_the_sentences_that_name_formats_take_the_names_from_the_table(tmp_path: Path) -> None:
    assert all(ADVISED)
    (tmp_path / "p.xyz").write_bytes(b"\x01\x02 nothing known")
    assert refusal(tmp_path / "p.xyz") == "read-not-recognised"
    (tmp_path / "p.xyz").unlink()
    assert refusal(tmp_path) == "read-folder-empty"
    for code in ("read-not-recognised", "read-folder-empty"):
        assert "{formats}" in SENTENCES[code]["zh"]


def test_a_web_page_in_xml_is_refused_as_one(tmp_path: Path) -> None:
    (tmp_path / "p.kml").write_text('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>')
    assert refusal(tmp_path / "p.kml") == "read-web-page"


def test_every_format_that_is_read_is_listed_with_how_it_is_recognised_what_is_taken_and_what_not() -> None:
    read = {one.kind.replace(" ", "-") for one in FORMATS if one.refusal is None}
    listed = {code.removeprefix("format-") for code in catalogue() if code.startswith("format-")}
    assert listed == read | {"gdb", "any", "postgis"}
    for lang, page in (("zh", "inputs.zh-CN.md"), ("en", "inputs.md")):
        lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
        rows = list(formats(lang))  # type: ignore[arg-type]
        assert [row for row in rows if len(row) != 4 or not all(row)] == []
        assert [row for row in rows if f"| {' | '.join(row)} |" not in lines] == []
