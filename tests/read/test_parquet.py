"""GeoParquet and its metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from read_samples import content, refusal, squares

from landcheck.errors import InputError
from landcheck.read import open_layer

CRS = {"type": "GeographicCRS", "name": "x"}


def written(path: Path, geo: dict[str, Any] | bytes | None, geometry: str = "geometry") -> Path:
    table = pa.table({"code": ["01", "02"], geometry: pa.array(list(squares(2)), pa.binary()), "far": [2.0, None]})
    raw = geo if isinstance(geo, bytes) else json.dumps(geo).encode()
    pq.write_table(table if geo is None else table.replace_schema_metadata({b"geo": raw}), path)
    return path


def about(**column: Any) -> dict[str, Any]:
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", **column}}}


@pytest.mark.parametrize(
    ("geo", "wkt"),
    [(about(), "OGC:CRS84"), (about(crs=None), None), (about(crs=CRS), json.dumps(CRS)), (None, None)],
)
def test_absent_crs_is_crs84_and_null_is_unknown(tmp_path: Path, geo: dict[str, Any] | None, wkt: str | None) -> None:
    layer = open_layer(str(written(tmp_path / "p.parquet", geo)), "parcels")
    assert content(layer) == {"code": ["01", "02"], "far": [2.0, None], "wkb": list(squares(2))}
    assert layer.wkt == wkt
    assert layer.info.rows == 2


def test_other_encodings_and_broken_metadata_are_refused(tmp_path: Path) -> None:
    native = about()
    native["columns"]["geometry"]["encoding"] = "polygon"
    assert refusal(written(tmp_path / "a.parquet", native)) == "read-geoparquet-encoding"
    for number, geo in enumerate((b"{", b"[]", b"{}", json.dumps({**about(), "primary_column": "x"}).encode())):
        assert refusal(written(tmp_path / f"{number}.parquet", geo)) == "read-geoparquet-metadata"


def test_parquet_without_geometry_is_a_table(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array(["x", "y"]).dictionary_encode(), "b": [[1], None]}), tmp_path / "t.parquet")
    layer = open_layer(str(tmp_path / "t.parquet"), "attributes")
    assert not layer.has_geometry
    assert content(layer) == {"a": ["x", "y"], "b": ["[1]", None]}


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_file_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    path = written(tmp_path / "p.parquet", about())
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    assert refusal(path) == "read-failed"


class Wkb(pa.ExtensionType):
    """What pyarrow writes as Parquet's own type for geometry."""

    def __init__(self, stated: str) -> None:
        self.stated = stated
        super().__init__(pa.binary(), "geoarrow.wkb")

    def __arrow_ext_serialize__(self) -> bytes:
        return self.stated.encode()

    @classmethod
    def __arrow_ext_deserialize__(cls, _: pa.DataType, stated: bytes) -> Wkb:
        return cls(stated.decode())


def native(path: Path, *names: str, **stated: Any) -> Path:
    shapes = pa.ExtensionArray.from_storage(Wkb(json.dumps(stated)), pa.array(list(squares(2)), pa.binary()))
    table = pa.table({"code": ["01", "02"], **dict.fromkeys(names, shapes)})
    pq.write_table(table.replace_schema_metadata({"here": json.dumps(CRS)}), path)
    return path


@pytest.mark.parametrize(
    ("stated", "wkt"),
    [
        ({"crs": CRS}, json.dumps(CRS, separators=(",", ":"))),
        ({"crs": "srid:4528"}, "EPSG:4528"),
        ({"crs": "EPSG:4528"}, "EPSG:4528"),
        ({"crs": "projjson:here"}, json.dumps(CRS)),
        ({}, "OGC:CRS84"),
        ({"edges": "spherical"}, "OGC:CRS84"),
    ],
)
def test_the_type_geometry_states_its_system(tmp_path: Path, stated: dict[str, Any], wkt: str) -> None:
    layer = open_layer(str(native(tmp_path / "p.parquet", "形状", **stated)), "parcels")
    assert content(layer) == {"code": ["01", "02"], "wkb": list(squares(2))}
    assert (layer.wkt or "").replace(" ", "") == wkt.replace(" ", "")


def test_of_several_columns_of_the_type_geometry_one_must_be_meant(tmp_path: Path) -> None:
    assert refusal(native(tmp_path / "a.parquet", "outline", "label")) == "read-parquet-geometries"
    layer = open_layer(str(native(tmp_path / "b.parquet", "label", "geometry", crs="EPSG:4528")), "parcels")
    assert (layer.columns, layer.has_geometry, layer.wkt) == (("code", "label"), True, "EPSG:4528")


OLD_PYARROW = int(pa.__version__.partition(".")[0]) < 26
second = pytest.mark.skipif(geopandas.__version__ < "1.2", reason="geopandas writes GeoParquet 2 from 1.2 on")
HOLED = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
SHAPES = {
    "polygon": [HOLED, None, shapely.box(20, 0, 30, 5)],
    "multipolygon": [None, shapely.MultiPolygon([HOLED, shapely.box(20, 0, 30, 5)]), shapely.MultiPolygon([HOLED])],
    "point": [shapely.Point(1, 2), None, shapely.Point(3, 4)],
}


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize("by", ["geo", "extension"])
def test_the_encodings_of_geoarrow(tmp_path: Path, kind: str, by: str, *, interleaved: bool) -> None:
    """As geopandas writes them, in GeoParquet or in a column whose type names GeoArrow."""
    frame = geopandas.GeoDataFrame({"code": ["a", "b", "c"]}, geometry=SHAPES[kind], crs="EPSG:4549")
    table = pa.table(frame.to_arrow(index=False, geometry_encoding="geoarrow", interleaved=interleaved))
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {
        "encoding": kind, "crs": frame.crs.to_json_dict()}}}  # fmt: skip
    if by == "geo":
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
        plain = table.schema.field("geometry").with_metadata({})
        table = table.cast(table.schema.set(table.schema.get_field_index("geometry"), plain))
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "p.parquet", row_group_size=2)
    layer = open_layer(str(tmp_path / "p.parquet"), "parcels")
    if kind == "point" and interleaved and OLD_PYARROW:  # it reads no empty place among lists of two
        with pytest.raises(InputError, match="install pyarrow 26 or newer"):
            content(layer, size=2)
        return
    values = content(layer, size=2)
    assert values["code"] == ["a", "b", "c"]
    assert [None if wkb is None else shapely.from_wkb(wkb) for wkb in values["wkb"]] == SHAPES[kind]
    assert layer.wkt is not None
    assert pyproj.CRS.from_user_input(layer.wkt).to_epsg() == 4549


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"schema_version": "2.0.0"}, marks=second),
        {"schema_version": "1.0.0"},
        {"write_covering_bbox": True},
    ],
)
def test_every_version_of_geoparquet(tmp_path: Path, options: dict[str, Any]) -> None:
    frame = geopandas.GeoDataFrame({"code": ["a", "b"]}, geometry=[HOLED, None], crs="EPSG:4528")
    frame.to_parquet(tmp_path / "p.parquet", **options)
    layer = open_layer(str(tmp_path / "p.parquet"), "parcels")
    assert [None if wkb is None else shapely.from_wkb(wkb) for wkb in content(layer)["wkb"]] == [HOLED, None]
    assert pyproj.CRS.from_user_input(layer.wkt).to_epsg() == 4528


def test_points_of_geoarrow_with_heights_lie_on_the_ground(tmp_path: Path) -> None:
    high = shapely.force_3d(HOLED, 5.0)
    frame = geopandas.GeoDataFrame({"code": ["a"]}, geometry=[high], crs="EPSG:4549")
    frame.to_parquet(tmp_path / "p.parquet", geometry_encoding="geoarrow")
    assert shapely.from_wkb(content(open_layer(str(tmp_path / "p.parquet"), "parcels"))["wkb"][0]) == HOLED


def test_rings_of_geoarrow_that_are_none_are_refused(tmp_path: Path) -> None:
    points = pa.array([[[{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}]]])
    table = pa.table({"geometry": points}).replace_schema_metadata({"geo": json.dumps(about(encoding="polygon"))})
    pq.write_table(table, tmp_path / "p.parquet")
    assert refusal(tmp_path / "p.parquet").startswith("read-")
