"""GeoParquet and its metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from read_samples import content, refusal, squares

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
