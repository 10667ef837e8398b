"""What goes in comes out: values, names, geometry, coordinate system and provenance, and nothing on disk changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from read_samples import DISTRICTS, codes, content, notes, parcels, snapshot, squares, write

from landcheck.read import layer_names, open_layer

IN_PROCESS = [
    ("shp", None, "GB18030"),
    ("gpkg", "GPKG", None),
    ("geojson", "GeoJSON", None),
    ("fgb", "FlatGeobuf", None),
]
APART = [("gdb", "OpenFileGDB"), ("kml", "KML"), ("gml", "GML")]


@pytest.mark.parametrize(("suffix", "driver", "encoding"), IN_PROCESS)
def test_a_layer_comes_back_whole_and_its_folder_stays_as_it_was(
    tmp_path: Path, suffix: str, driver: str | None, encoding: str | None
) -> None:
    path = parcels(tmp_path / f"parcels.{suffix}", driver=driver, encoding=encoding)
    before = snapshot(tmp_path)
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    by_code = dict(zip(values["code"], zip(values["区"], values["area"], values["wkb"], strict=True), strict=True))
    assert layer.columns == ("code", "区", "area")
    assert layer.has_geometry
    assert by_code == {
        code: (district, area, wkb)
        for code, district, area, wkb in zip(
            ["01", "02", "03", "04"], DISTRICTS, [1.5, 2.5, 3.5, 4.5], _as_stored(suffix), strict=True
        )
    }
    assert layer.info.rows == 4
    assert layer.info.path == f"parcels.{suffix}"
    assert not layer.findings
    assert snapshot(tmp_path) == before


def _as_stored(suffix: str) -> list[bytes]:
    """A shapefile turns rings clockwise."""
    shapes = shapely.from_wkb(squares(4))
    return list(shapely.to_wkb(shapely.orient_polygons(shapes, exterior_cw=True) if suffix == "shp" else shapes))


@pytest.mark.parametrize(("suffix", "driver", "encoding"), IN_PROCESS[:2])
def test_rows_can_be_read_twice_and_number_on_from_zero(
    tmp_path: Path, suffix: str, driver: str | None, encoding: str | None
) -> None:
    layer = open_layer(str(parcels(tmp_path / f"p.{suffix}", driver=driver, encoding=encoding)), "parcels")
    assert [rows.first_row for rows in layer.batches(3)] == [0, 3]
    assert content(layer) == content(layer)


def test_the_coordinate_system_is_handed_on_as_the_file_gives_it(tmp_path: Path) -> None:
    shp = open_layer(str(parcels(tmp_path / "p.shp")), "parcels")
    assert shp.wkt == (tmp_path / "p.prj").read_text()
    assert open_layer(str(parcels(tmp_path / "p.gpkg", driver="GPKG", crs="EPSG:4549")), "parcels").wkt == "EPSG:4549"
    (tmp_path / "p.prj").unlink()
    assert open_layer(str(tmp_path / "p.shp"), "parcels").wkt is None


def test_the_fingerprint_covers_all_parts_of_a_shapefile_in_a_fixed_order(tmp_path: Path) -> None:
    path = parcels(tmp_path / "p.shp")
    parts = b"".join((tmp_path / f"p{end}").read_bytes() for end in (".shp", ".shx", ".dbf", ".prj", ".cpg"))
    layer = open_layer(str(path), "parcels")
    content(layer)
    assert layer.info.sha256 == hashlib.sha256(parts).hexdigest()


def test_an_absolute_path_is_shown_by_its_name_and_a_relative_one_as_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    path = parcels(tmp_path / "in" / "p.gpkg", driver="GPKG")
    assert open_layer(str(path), "parcels").info.path == "p.gpkg"
    monkeypatch.chdir(tmp_path)
    assert open_layer("in/p.gpkg", "parcels").info.path == "in/p.gpkg"


@pytest.mark.parametrize(("suffix", "driver"), APART)
def test_formats_read_apart_come_back_whole_too(tmp_path: Path, suffix: str, driver: str) -> None:
    path = write(
        tmp_path / f"p.{suffix}", {"code": ["01", "02"], "area": [1.5, 2.5], "note": ["浦东新区", "徐汇区"]},
        driver=driver, crs="EPSG:4326",
    )  # fmt: skip
    before = snapshot(tmp_path)
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert values["note"] == ["浦东新区", "徐汇区"]
    assert list(map(float, values["area"])) == [1.5, 2.5]
    assert [shapely.from_wkb(wkb).area for wkb in values["wkb"]] == pytest.approx([2**-14, 2**-14])
    assert layer.wkt == "EPSG:4326"
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("suffix", ["tab", "mif"])
@pytest.mark.parametrize(("encoding", "label"), [("GBK", "GB18030"), ("UTF-8", "UTF-8")])
def test_mapinfo_tables_are_decoded_whatever_their_charset_line_says(
    tmp_path: Path, suffix: str, encoding: str, label: str
) -> None:
    path = write(
        tmp_path / f"p.{suffix}", {"name": ["浦东新区", "徐汇区"]}, driver="MapInfo File", encoding=encoding
    )  # fmt: skip
    layer = open_layer(str(path), "parcels")
    assert content(layer)["name"] == ["浦东新区", "徐汇区"]
    assert layer.info.encoding == label
    assert notes(layer)[0].startswith("read-encoding")


def test_geodatabase_layers_are_listed_and_chosen_by_role(tmp_path: Path) -> None:
    write(tmp_path / "plan.gdb", {"name": ["a"]}, driver="OpenFileGDB", layer="roads")
    write(tmp_path / "plan.gdb", {"name": ["b"]}, driver="OpenFileGDB", layer="parcels", append=True)
    path = str(tmp_path / "plan.gdb")
    assert layer_names(path) == ("roads", "parcels")
    assert content(open_layer(path, "parcels"))["name"] == ["b"]
    assert content(open_layer(path, "parcels", layer="roads"))["name"] == ["a"]


def test_topojson_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        '{"type":"Topology","objects":{"parcels":{"type":"GeometryCollection","geometries":[{"type":"Polygon",'
        '"arcs":[[0]],"properties":{"name":"浦东"}}]}},"arcs":[[[121,31],[121,32],[122,32],[121,31]]]}',
        encoding="utf-8",
    )
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert values["name"] == ["浦东"]
    assert shapely.from_wkb(values["wkb"][0]).area == pytest.approx(0.5)


def test_a_layer_without_rows_is_a_layer_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "e.geojson"
    path.write_text('{"type":"FeatureCollection","features":[]}')
    layer = open_layer(str(path), "parcels")
    assert content(layer) == {}
    assert layer.info.rows == 0
    assert codes(layer) == []


def test_nothing_but_the_geometry_is_a_layer_without_columns(tmp_path: Path) -> None:
    path = tmp_path / "g.geojson"
    path.write_text('{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}')
    layer = open_layer(str(path), "parcels")
    batches = list(layer.batches())
    assert layer.columns == ()
    assert [rows.table.num_rows for rows in batches] == [1]
    assert np.asarray(shapely.area(shapely.from_wkb(np.asarray(batches[0].wkb, object)))).tolist() == [0.5]


@pytest.mark.parametrize("index", ["YES", "NO"])
def test_a_flatgeobuf_without_index_keeps_its_rows(tmp_path: Path, index: str) -> None:
    path = parcels(tmp_path / "p.fgb", driver="FlatGeobuf", SPATIAL_INDEX=index)
    assert sorted(content(open_layer(str(path), "parcels"))["code"]) == ["01", "02", "03", "04"]


@pytest.mark.parametrize("missing", [(0,), (1, 2), (3,), (0, 1, 2, 3)])
def test_a_flatgeobuf_with_null_shapes_is_read(tmp_path: Path, missing: tuple[int, ...]) -> None:
    """GDAL hands on shapes of which a null one begins before the one before it."""
    shapes = np.empty(4, object)
    shapes[:] = [None if row in missing else shape for row, shape in enumerate(squares(4))]
    values, names = [np.array(["a", "b", "c", "d"], object)], ["code"]
    options = {"geometry_type": "Polygon", "crs": "EPSG:4490", "driver": "FlatGeobuf", "SPATIAL_INDEX": "NO"}
    pyogrio.raw.write(tmp_path / "p.fgb", shapes, values, names, **options)
    read = content(open_layer(str(tmp_path / "p.fgb"), "parcels"))
    assert read["code"] == ["a", "b", "c", "d"]
    assert [wkb or None for wkb in read["wkb"]] == shapes.tolist()
