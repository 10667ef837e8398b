"""Formats that are read in a process of their own, and what is refused there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import shapely
from read_samples import codes, content, cut, refusal, snapshot, write

from landcheck.read import open_layer
from landcheck.read.isolate import MEMORY_AT_LEAST

KML = """<?xml version="1.0" encoding="{encoding}"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>地块</name>
<Placemark><name>浦东新区一号</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
121,31,0 122,31,0 122,32,0 121,31,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
</Folder></Document></kml>"""

BOMB = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><kml><name>&d;</name></kml>"""

OUTSIDE = """<?xml version="1.0"?><!DOCTYPE gml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:name>&x;</gml:name></gml:FeatureCollection>"""


@pytest.mark.parametrize(("said", "real"), [("GB2312", "gbk"), ("UTF-8", "gbk"), ("UTF-8", "utf-8")])
def test_kml_in_gbk_is_read_whatever_it_says(tmp_path: Path, said: str, real: str) -> None:
    path = tmp_path / "p.kml"
    path.write_bytes(KML.format(encoding=said).encode(real))
    before = snapshot(tmp_path)
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert values["Name"] == ["浦东新区一号"]
    assert shapely.from_wkb(values["wkb"][0]).area == pytest.approx(0.5)
    assert layer.info.layer == "地块"
    assert snapshot(tmp_path) == before


def test_a_module_beside_the_data_is_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.kml").write_text(KML.format(encoding="UTF-8"), encoding="utf-8")
    (tmp_path / "json.py").write_text("open('imported', 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert content(open_layer("p.kml", "parcels"))["Name"] == ["浦东新区一号"]
    assert not Path("imported").exists()


@pytest.mark.parametrize(("name", "text"), [("p.kml", BOMB), ("p.gml", OUTSIDE), ("p.xyz", BOMB.replace("kml", "x"))])
def test_documents_with_entities_are_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert refusal(tmp_path / name) == "read-xml-entities"


def test_entities_in_utf16_are_refused_too(tmp_path: Path) -> None:
    (tmp_path / "p.kml").write_bytes(BOMB.replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16"))
    assert refusal(tmp_path / "p.kml") == "read-xml-entities"


@pytest.mark.parametrize(("suffix", "driver"), [("gml", "GML"), ("kml", "KML")])
def test_a_document_cut_off_is_refused(tmp_path: Path, suffix: str, driver: str) -> None:
    """GDAL gives the features before the cut without a word."""
    path = write(tmp_path / f"p.{suffix}", {"name": [f"n{n}" for n in range(30)]}, driver=driver, crs="EPSG:4326")
    cut(path, 0.6)
    assert refusal(path) == "read-xml-broken"


@pytest.mark.parametrize(
    ("suffix", "part"), [("tab", "dat"), ("tab", "map"), ("tab", "id"), ("mif", "mid"), ("mif", "mif")]
)
def test_a_mapinfo_table_with_a_part_cut_off_is_refused(tmp_path: Path, suffix: str, part: str) -> None:
    path = write(
        tmp_path / f"p.{suffix}", {"name": [f"n{n}" for n in range(300)]}, driver="MapInfo File", encoding="UTF-8"
    )  # fmt: skip
    cut(path.with_suffix(f".{part}"), 0.5)
    assert refusal(path) in ("read-rows-lost", "read-failed", "read-damaged")


def test_a_mapinfo_table_without_a_part_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "p.mif", {"name": ["a"]}, driver="MapInfo File", encoding="UTF-8")
    path.with_suffix(".mid").unlink()
    assert refusal(path) == "read-mapinfo-part"


def test_a_reader_that_runs_out_of_memory_or_time_takes_nothing_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.kml"
    path.write_text(KML.format(encoding="UTF-8"), encoding="utf-8")
    monkeypatch.setattr("landcheck.read.isolate.MEMORY_AT_LEAST", 60 << 20)
    assert refusal(path) in ("read-out-of-memory", "read-crashed", "read-failed")
    monkeypatch.setattr("landcheck.read.isolate.SECONDS_AT_LEAST", 0.01)
    assert refusal(path) == "read-too-slow"


def test_an_unknown_file_is_tried_and_refused(tmp_path: Path) -> None:
    (tmp_path / "p.xyz").write_bytes(b"\x01\x02\x03 nothing known")
    assert refusal(tmp_path / "p.xyz") == "read-not-recognised"
    assert codes(open_layer(str(write(tmp_path / "q.jml", {"a": ["x"]}, driver="JML")), "parcels")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's own memory apart from what it maps")
def test_a_reader_is_given_no_more_memory_than_its_file_warrants(tmp_path: Path) -> None:
    hungry = (
        "from landcheck.read import isolate; isolate._answer = lambda question, _: bytearray(question['memory']); "
        "isolate.answer_question()"
    )
    question = {"out": str(tmp_path / "rows.arrow"), "memory": MEMORY_AT_LEAST, "file": "p.xls", "path": "p.xls"}
    subprocess.run([sys.executable, "-c", hungry], input=json.dumps(question).encode(), check=True)
    assert json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))["refused"] == "read-out-of-memory"
