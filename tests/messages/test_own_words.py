"""What a library says in English stands in a Chinese sentence only as the original, in a bracket."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from landcheck import Request, check
from landcheck.bounded import reason
from landcheck.errors import LandcheckError
from landcheck.exceptions.register_area import read_area
from landcheck.messages import Message, catalogue
from landcheck.report.result.decode import load_report

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
ORIGINAL = re.compile(r"（[^（）]*原文：.*?）(?=[，；。\n]|$)", re.DOTALL)
ENGLISH = re.compile(r"[A-Za-z']+(?: [A-Za-z']+){2,}")


def xml(path: Path) -> Path:
    path = path.with_suffix(".kml")
    path.write_text("<kml><Document>\n<Placemark></Document></kml>", encoding="utf-8")
    return path


def database(path: Path) -> Path:
    path = path.with_suffix(".gpkg")
    with sqlite3.connect(path) as made:
        made.execute("create table gpkg_contents (a text)")
    made.close()
    return path


def cut(suffix: str, kept: int) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path = path.with_suffix(suffix)
        path.write_bytes(next(SAMPLES.glob(f"**/*{suffix}")).read_bytes()[:kept])
        return path

    return write


def sheet(path: Path) -> Path:
    path = path.with_suffix(".xlsx")
    with zipfile.ZipFile(SAMPLES / "attributes.xlsx") as whole, zipfile.ZipFile(path, "w") as made:
        for name in whole.namelist():
            text = whole.read(name)
            made.writestr(name, text[: len(text) // 2] if name.endswith("sheet1.xml") else text)
    return path


def packed(path: Path) -> Path:
    path = path.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(SAMPLES / "small.geojson", "small.geojson")
    raw = bytearray(path.read_bytes())
    raw[60:400] = bytes(340)
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("made", [
    xml, database, sheet, packed, cut(".gpkg", 6_000), cut(".shp", 300), cut(".xlsx", 900), cut(".dwg", 5_000),
])  # fmt: skip
def test_a_damaged_layer(made: Callable[[Path], Path], tmp_path: Path) -> None:
    told(lambda: check(Request(str(made(tmp_path / "层")))))


@pytest.mark.parametrize(("key", "value"), [
    ("summary", {"parcel": -1, "verdicts": {}}), ("as_of", "gestern"), ("as_of", 7), ("inputs", [{}]),
])  # fmt: skip
def test_a_damaged_result(key: str, value: object, tmp_path: Path) -> None:
    from landcheck import write_files

    path = tmp_path / "r.json"
    write_files(check(Request(str(SAMPLES / "small.geojson"))), [path], "zh")
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {key: value}), encoding="utf-8")
    told(lambda: load_report(str(path)))


@pytest.mark.parametrize("wkt", ["POLYGON ((0 0, 1 1", "POLYGON ((0 0, 9 9, 9 0, 0 9, 0 0))", "POINT (1 1)"])
def test_a_polygon_that_cannot_be_used(wkt: str, tmp_path: Path) -> None:
    told(lambda: read_area({"polygon": wkt, "crs": "EPSG:4549"}, str(tmp_path / "w.toml")))


def told(call: Callable[[], object]) -> None:
    with pytest.raises(LandcheckError) as caught:
        call()
    message = caught.value.message
    said = Message(message.code, {"file": "w.toml", "place": "1", **message.values}).say("zh")
    assert re.search("[\u3400-\u9fff]{4}", said)
    assert ENGLISH.findall(ORIGINAL.sub("", said)) == [], said


def test_what_is_no_usual_reason_is_told_as_the_original() -> None:
    assert reason(ValueError("that is odd indeed")).say("zh") == "原文：that is odd indeed"
    assert reason(ValueError("that is odd indeed")).say("en") == "that is odd indeed"
    assert reason(OSError(9999, "odd")).say("zh") == "原文：odd"


def test_each_sentence_that_quotes_a_reader_says_so() -> None:
    """Of those the reason is what a library says and nothing else."""
    quoted = ("read-failed", "read-reader-says", "read-address-failed", "read-archive-method", "read-postgis-failed",
              "read-database-damaged", "read-types-unchecked", "read-xml-broken", "pdf-refused", "cluster-lost",
              "cluster-worker-without-landcheck")  # fmt: skip
    assert [code for code in quoted if "原文：{reason}" not in catalogue()[code].zh] == []
