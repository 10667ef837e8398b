"""Collections within collections without end stop the process in GEOS: they are no geometry, and that is told."""

from __future__ import annotations

import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from landcheck import Request, check
from landcheck.errors import InputError, UsageError
from landcheck.exceptions.register_area import read_area
from landcheck.geometry.crs.frame import declared_crs
from landcheck.geometry.shapes.batch import objects

SQUARE = "POLYGON ((121 31, 121.001 31, 121.001 31.001, 121 31.001, 121 31))"
DEEP = 100_000


def nested(levels: int, inner: bytes = shapely.to_wkb(shapely.from_wkt(SQUARE)), order: str = "<") -> bytes:
    head = struct.pack(f"{order}BII", order == "<", 7, 1)
    return head * levels + inner


def written(levels: int) -> str:
    return "GEOMETRYCOLLECTION (" * levels + SQUARE + ")" * levels


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [4, 5, 6, 7, 9, 10, 11, 12, 1006, 2007, 3007, 0x20000007, 0x80000007, 0xE0000007])
def test_wkb_that_is_too_deep_is_none(order: str, kind: int) -> None:
    srid = b"\x00" * 4 if kind & 0x20000000 and kind > 4000 else b""
    level = struct.pack(f"{order}BI", order == "<", kind) + srid + struct.pack(f"{order}I", 1)
    made = objects(pa.array([level * DEEP, shapely.to_wkb(shapely.from_wkt(SQUARE)), None], pa.binary()))
    assert made[0] is None
    assert shapely.equals(made[1], shapely.from_wkt(SQUARE))


@pytest.mark.parametrize("levels", [1, 2, 31])
def test_a_collection_as_people_draw_it_is_read(levels: int) -> None:
    assert objects(pa.array([nested(levels)], pa.binary()))[0].area == pytest.approx(1e-6)


def test_many_collections_side_by_side_lie_within_one() -> None:
    many = shapely.GeometryCollection([shapely.GeometryCollection([shapely.from_wkt(SQUARE)])] * 100)
    assert objects(pa.array([shapely.to_wkb(many)], pa.binary()))[0].area == pytest.approx(1e-4)


def test_what_lies_deep_behind_others_is_found() -> None:
    """The second member of each level holds the next one, after a point, a line and a polygon with a hole."""
    plain = ["POINT Z (1 2 3)", "LINESTRING (0 0, 1 1)", "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 8 1, 8 4, 5 1))"]
    level = struct.pack("<BII", 1, 7, 4) + b"".join(shapely.to_wkb(shapely.from_wkt(one)) for one in plain)
    inner = shapely.to_wkb(shapely.from_wkt(SQUARE))
    made = objects(pa.array([level * levels + inner for levels in (30, 40, DEEP)], pa.binary()))
    assert [one is None for one in made] == [False, True, True]


def test_many_curved_areas_side_by_side_are_read() -> None:
    ring = struct.pack("<BIIBII", 1, 9, 1, 1, 8, 3) + struct.pack("<6d", 0, 0, 2, 0, 0, 0)
    area = struct.pack("<BII", 1, 10, 1) + ring
    made = objects(pa.array([struct.pack("<BII", 1, 12, 100) + area * 100], pa.binary()))
    assert made[0].area == pytest.approx(100 * 3.14159, rel=1e-3)


@pytest.mark.parametrize("kind", ["MULTISURFACE", "CURVEPOLYGON", "COMPOUNDCURVE", "MULTICURVE"])
def test_curves_written_within_curves_without_end_are_no_geometry(tmp_path: Path, kind: str) -> None:
    text = f"{kind} (" * DEEP + "CIRCULARSTRING (0 0, 2 0, 0 0)" + ")" * DEEP
    (tmp_path / "p.csv").write_text(f'parcel_id,wkt\nP1,"{SQUARE}"\nP2,"{text}"\n', encoding="utf-8")
    assert ("data/geometry", "error") in told(tmp_path / "p.csv")


def told(path: Path) -> list[tuple[str, str]]:
    report = check(Request(str(path), packs=("shanghai-2021-9",), crs="EPSG:4490"))
    return [(one.rule, one.level.value) for one in report.data if one.rule == "data/geometry"]


@pytest.mark.parametrize("text", [written(DEEP), nested(DEEP).hex()], ids=["WKT", "hexadecimal"])
def test_a_text_that_is_too_deep_is_an_error_of_its_row(tmp_path: Path, text: str) -> None:
    rows = "".join(f'P{number},"{one}"\n' for number, one in enumerate([SQUARE, text]))
    (tmp_path / "p.csv").write_text(f"parcel_id,wkt\n{rows}", encoding="utf-8")
    assert ("data/geometry", "error") in told(tmp_path / "p.csv")


def test_a_geoparquet_that_is_too_deep_is_an_error_of_its_row(tmp_path: Path) -> None:
    square = shapely.to_wkb(shapely.from_wkt(SQUARE))
    table = pa.table({"parcel_id": ["P1", "P2"], "geometry": pa.array([square, nested(DEEP)], pa.binary())})
    geo = '{"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}'  # noqa: E501
    pq.write_table(table.replace_schema_metadata({"geo": geo}), tmp_path / "p.parquet")
    assert told(tmp_path / "p.parquet") == [("data/geometry", "error")]


def test_the_polygon_of_a_waiver_that_is_too_deep_is_refused() -> None:
    held = {"polygon": written(DEEP), "crs": "EPSG:4490"}
    with pytest.raises(UsageError):
        read_area(held, "w.toml")


def test_rows_without_shape_stay() -> None:
    assert objects(pa.array([None, b""], pa.binary())).tolist() == [None, None]


JSON = '{"type": "BoundCRS", "source_crs": ' * 5_000 + "{}" + "}" * 5_000


def geoparquet(path: Path, crs: str, name: str = "geometry") -> None:
    table = pa.table({"parcel_id": ["P1"], name: pa.array([shapely.to_wkb(shapely.from_wkt(SQUARE))], pa.binary())})
    about = f'{{"encoding": "WKB", "geometry_types": [], "crs": {crs}}}'
    geo = f'{{"version": "1.1.0", "primary_column": "{name}", "columns": {{"{name}": {about}}}}}'
    pq.write_table(table.replace_schema_metadata({"geo": geo}), path)


def test_a_system_nested_without_end_names_none() -> None:
    with pytest.raises(UsageError, match="names no coordinate reference system"):
        declared_crs(JSON)


def test_metadata_nested_without_end_are_damaged(tmp_path: Path) -> None:
    geoparquet(tmp_path / "p.parquet", JSON)
    with pytest.raises(InputError, match="metadata"):
        check(Request(str(tmp_path / "p.parquet")))


def test_an_extension_that_is_no_utf_8_is_none_we_know(tmp_path: Path) -> None:
    """Its column is called and typed like geometry all the same."""
    field = pa.field("geometry", pa.binary(), metadata={"ARROW:extension:name": b"geoarrow.\xff\xfe"})
    table = pa.table({"parcel_id": ["P1"], "geometry": pa.array([b""], pa.binary())},
                     schema=pa.schema([("parcel_id", pa.string()), field]))  # fmt: skip
    pq.write_table(table, tmp_path / "p.parquet")
    with pytest.raises(InputError, match="encoded"):
        check(Request(str(tmp_path / "p.parquet")))
