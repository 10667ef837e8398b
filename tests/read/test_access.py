"""Access databases by what mdbtools says of them: a stand-in for its programs serves tables written by the test.

No personal geodatabase could be had: its tables and its shapes are made by the documented layout.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pyproj
import pytest
import shapely
from access_stand_in import JET, SYSTEM, Database, record
from read_samples import content, refusal

from landcheck.model import Level
from landcheck.read import layer_names

HOLED = shapely.Polygon([(0, 0), (0, 100), (100, 100), (100, 0)], [[(10, 10), (40, 10), (40, 40), (10, 40)]])


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    made = Database(tmp_path, monkeypatch)
    made.table("GDB_GeomColumns", ["TableName", "FieldName", "ShapeType", "HasZ", "HasM", "SRID"],
               ["地块", "Shape", 4, 0, 0, 7], ["道路", "Shape", 3, 0, 0, 7])  # fmt: skip
    made.table("GDB_SpatialRefs", ["SRID", "SRTEXT", "FalseX"], [7, SYSTEM, -5120900], [8, "{B286C06B-0879-11D2}", 0])
    made.table("GDB_ObjectClasses", ["ID", "Name"], [3, "地块"], [4, "道路"])
    made.table("GDB_FieldInfo", ["ClassID", "FieldName", "AliasName"], [3, "JRMJ", "计容建筑面积"], [4, "BH", "路名"])
    made.table("地块_Shape_Index", ["IndexedObjectId"], [1])
    return made


def test_a_layer_of_a_personal_geodatabase(database: Database) -> None:
    high = record(HOLED, 0x80000000 | 51, struct.pack("<2d", 4, 4) + struct.pack("<10d", *[4.0] * 10))
    database.table("地块", ["OBJECTID", "Shape", "BH", "JRMJ"],
                   [1, record(HOLED), "A,\"1\"", 19000.5], [2, high, "B", None], [3, None, "C", 1])  # fmt: skip
    layer = database.read()
    values = content(layer)
    shapes = [None if wkb is None else shapely.from_wkb(wkb) for wkb in values["wkb"]]
    assert [None if one is None else one.area for one in shapes] == [9100, 9100, None]
    assert values["BH"] == ['A,"1"', "B", "C"]
    assert values["JRMJ"] == ["19000.5", None, "1"]
    assert layer.titles == {"JRMJ": "计容建筑面积"}
    assert pyproj.CRS.from_user_input(layer.wkt).to_epsg() == 4549
    assert (layer.info.layer, layer.info.rows, layer.findings) == ("地块", 3, ())


def test_shapes_that_cannot_be_read_are_told_and_cost_their_row_alone(database: Database) -> None:
    curved, point = record(HOLED, 0x20000000 | 51), struct.pack("<I2d", 1, 5.0, 5.0).hex()
    database.table(
        "地块", ["Shape", "BH"], [curved, "A"], [record(HOLED), "B"], [point, "C"], ["0102", "D"], ["00000000", "E"]
    )
    layer = database.read()
    assert [wkb is None for wkb in content(layer)["wkb"]] == [True, False, True, True, True]
    (told,) = layer.findings
    assert (told.message.code, told.level) == ("read-access-shapes", Level.ERROR)
    assert (told.message.values["count"], told.message.values["row"]) == (3, 1)


def test_tables_of_a_database_are_attributes(database: Database) -> None:
    database.table("地块", ["Shape", "BH"], [record(HOLED), "A"])
    database.table("指标", ["地块编号", "日期"], ["A", "2022-03-01"], ["B", None])
    assert layer_names(str(database.path)) == ("地块", "指标")
    layer = database.read("attributes", "指标")
    assert not layer.has_geometry
    assert content(layer) == {"地块编号": ["A", "B"], "日期": ["2022-03-01", None]}


def test_rows_that_are_lost_on_the_way_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(tmp_path, monkeypatch, lost=1)
    database.table("指标", ["地块编号"], ["A"])
    assert refusal(database.path) == "read-rows-lost"


def test_without_mdbtools_the_ways_out_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, start in (("p.mdb", JET), ("p.accdb", JET.replace(b"Jet", b"ACE"))):
        (tmp_path / name).write_bytes(start + bytes(50))
        assert refusal(tmp_path / name) == "read-format-access"
