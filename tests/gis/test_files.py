"""GeoJSON and shapefile, and what no layer can be made of."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from landcheck.errors import LandcheckError, UsageError
from landcheck.messages.visible import visible
from landcheck.model import Report
from landcheck.report.gis.files import short
from landcheck.report.write import write_files

FORMATS = ["a.gpkg", "a.geojson", "a.shp"]
SHAPEFILE = [f"a{stem}.{end}" for stem in ("", "_findings", "_overlaps") for end in ("cpg", "dbf", "prj", "shp", "shx")]


def geojson(report: Report, folder: Path) -> Any:
    write_files(report, [folder / "a.geojson"], "en")
    return json.loads((folder / "a.geojson").read_text(encoding="utf-8"))


def test_geojson_is_in_degrees_and_counts_as_the_report(dirty: Report, tmp_path: Path) -> None:
    read = geojson(dirty, tmp_path)
    assert "crs" not in read
    assert read["landcheck"]["reading"] == "threshold"
    assert len(read["features"]) == dirty.summary.subjects["parcel"]
    words = [feature["properties"]["far_industrial"] for feature in read["features"]]
    assert words.count("fail") == dirty.summary.verdicts["far-industrial"][3]
    for feature in read["features"]:
        if feature["geometry"] is None:
            continue
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        west, south, east, north = shape.bounds
        assert 121 < west < east < 122
        assert 30.5 < south < north < 31.9
        if shape.is_valid:
            assert all(part.exterior.is_ccw for part in shape.geoms)
    assert pyogrio.read_info(tmp_path / "a.geojson")["features"] == len(read["features"])


def test_geojson_of_a_known_corner(drawn_of: Callable[..., Report], tmp_path: Path) -> None:
    # EPSG:4326 in, so the numbers stay; the shell is drawn clockwise and must turn
    square = shapely.Polygon([(121.5, 31), (121.5, 31.1), (121.6, 31.1), (121.6, 31)])
    (feature,) = geojson(drawn_of("P1", system="EPSG:4326", shape=square), tmp_path)["features"]
    ((ring,),) = feature["geometry"]["coordinates"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert set(map(tuple, ring)) == set(square.exterior.coords)
    assert shapely.LinearRing(ring).is_ccw


def test_geojson_hostile_text_is_text(drawn_of: Callable[..., Report], hostile: str, tmp_path: Path) -> None:
    (feature,) = geojson(drawn_of(hostile), tmp_path)["features"]
    assert feature["properties"]["parcel_id"] == visible(hostile)
    assert feature["properties"]["data"] == f"data/value: seen: {visible(hostile)}"
    assert feature["properties"]["worst"] == "fail"


@pytest.mark.parametrize(
    ("system", "code"),
    [(None, "ci-geojson-no-crs"), ("EPSG:2437", "ci-geojson-no-way")],  # Beijing 54: only a ballpark way
)
def test_geojson_without_a_sound_way_to_degrees_is_refused(
    drawn_of: Callable[..., Report], system: str | None, code: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        write_files(drawn_of("P1", system=system), [tmp_path / "a.geojson"], "zh")
    assert caught.value.message.code == code
    assert ".gpkg" in caught.value.say("zh")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_without_shapes_is_refused_and_the_others_are_written(
    drawn_of: Callable[..., Report], name: str, tmp_path: Path
) -> None:
    for report, code in (
        (replace(drawn_of("P1"), drawing=None), "ci-no-drawing"), (drawn_of("P1", drawn=False), "ci-no-shapes"),
    ):  # fmt: skip
        with pytest.raises(LandcheckError) as caught:
            write_files(report, [tmp_path / "b.json", tmp_path / name], "zh")
        assert caught.value.exit_status == 4
        assert UsageError(code, file=name).say("zh") in caught.value.say("zh")
        assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


def test_a_shapefile_is_whole_and_in_gb18030(dirty: Report, tmp_path: Path) -> None:
    write_files(dirty, [tmp_path / "a.shp"], "zh")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(SHAPEFILE)
    assert (tmp_path / "a.cpg").read_text() == "GB18030"
    parcels, found = (pyogrio.read_dataframe(tmp_path / name) for name in ("a.shp", "a_findings.shp"))
    assert len(parcels) == dirty.summary.subjects["parcel"]
    assert (parcels["far_indust"] == "fail").sum() == dirty.summary.verdicts["far-industrial"][3]
    assert "无法判定" in set(parcels["worst_text"])
    noteworthy = sum(row[v] for row in dirty.summary.verdicts.values() for v in (1, 2, 3))
    assert len(found) == noteworthy + len(dirty.data)
    shared = pyogrio.read_dataframe(tmp_path / "a_overlaps.shp")
    assert shared["rule"].tolist() == [fault.rule for fault in dirty.data if fault.rule == "data/overlap"]
    assert (shared.geometry.area > 1).all()
    for table in (parcels, found):
        names = [name for name in table.columns if name != "geometry"]
        assert all(name.isascii() and len(name) <= 10 for name in names)
        texts = table.drop(columns=["cut", "geometry"]).astype(str).to_dict("records")
        cut = [" ".join(name for name, text in row.items() if str(text).endswith("…")) for row in texts]
        assert cut == table["cut"].fillna("").tolist()
    write_files(dirty, [tmp_path / "e.shp"], "en")
    assert pyogrio.read_dataframe(tmp_path / "e.shp")["cut"].fillna("").any()


def test_short_names_stay_apart() -> None:
    assert short(["far_industrial", "far_indust", "far_industrie", "条款", "cut"]) == [
        "far_indust", "far_indu_2", "far_indu_3", "__", "cut_2",
    ]  # fmt: skip


def test_a_text_is_cut_at_a_whole_character(drawn_of: Callable[..., Report], tmp_path: Path) -> None:
    write_files(drawn_of("x" + "长" * 300), [tmp_path / "a.shp"], "zh")
    (ident,), (cut,) = (pyogrio.read_dataframe(tmp_path / "a.shp")[name].tolist() for name in ("parcel_id", "cut"))
    assert ident == "x" + "长" * 125 + "…"  # 1 + 250 + 2 bytes; one more character would make 255
    assert "parcel_id" in cut.split()
    write_files(drawn_of("长" * 127), [tmp_path / "b.shp"], "zh")
    assert pyogrio.read_dataframe(tmp_path / "b.shp")["parcel_id"].tolist() == ["长" * 127]  # 254 bytes


def test_shapefile_hostile_text_is_text(drawn_of: Callable[..., Report], hostile: str, tmp_path: Path) -> None:
    write_files(drawn_of(hostile), [tmp_path / "a.shp"], "zh")
    (ident,) = pyogrio.read_dataframe(tmp_path / "a.shp")["parcel_id"].tolist()
    shown = visible(hostile)
    assert ident == shown or (len(shown) == 10_000 and ident == shown[:126] + "…")


def test_same_run_same_bytes(dirty: Report, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        write_files(dirty, [folder / "a.shp", folder / "a.geojson"], "zh")
    assert len(list(first.iterdir())) == 16
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_older_side_files_do_not_stay(drawn_of: Callable[..., Report], tmp_path: Path) -> None:
    write_files(drawn_of("P1"), [tmp_path / "a.shp"], "zh")
    (tmp_path / "a.qix").write_text("an index of other shapes")
    write_files(drawn_of("P1", system=None), [tmp_path / "a.shp"], "zh")
    assert {"a.shp", "a.dbf"} <= {path.name for path in tmp_path.iterdir()}
    assert not {"a.qix", "a.prj"} & {path.name for path in tmp_path.iterdir()}


def test_a_shapefile_that_cannot_be_put_in_place_leaves_the_older_one(
    drawn_of: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(drawn_of("old"), [tmp_path / "a.shp"], "zh")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    calls: list[Path] = []
    move = Path.replace

    def full(draft: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 4:
            raise OSError(28, os.strerror(28))
        return move(draft, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LandcheckError, match=r"a\.shp could not be written"):
        write_files(drawn_of("new"), [tmp_path / "0.json", tmp_path / "a.shp"], "zh")
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert after.pop("0.json")
    assert after == before


def test_a_shapefile_is_never_half_old_and_half_new(
    dirty: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(dirty, [tmp_path / "a.shp"], "zh")
    mixed: list[str] = []
    move = Path.replace

    def watched(draft: Path, target: Path) -> Path:
        there = {path.name for path in tmp_path.glob("*.shp")}
        mixed.extend(there if target.suffix != ".shp" else there & {"a.shp"})
        return move(draft, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_files(dirty, [tmp_path / "a.shp"], "en")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(SHAPEFILE)
    assert mixed == []  # whoever is killed on the way leaves no .shp beside a table that is not its own


def test_no_layer_is_written_over_or_into_the_input(drawn_of: Callable[..., Report], tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "a.dbf").write_text("attributes")
    for target, source, code in (
        ("plans/a.gpkg", "plans", "ci-target-in-input"), ("a.shp", "a.dbf", "report-target-is-input"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as caught:
            write_files(drawn_of("P1"), [tmp_path / target], "zh", inputs=[tmp_path / source])
        assert caught.value.message.code == code
    write_files(drawn_of("P1"), [tmp_path / "plans" / "a.md"], "zh", inputs=[tmp_path / "plans"])
    assert (tmp_path / "a.dbf").read_text() == "attributes"
