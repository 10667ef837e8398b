"""What GDAL would turn into another value without a word stays the text that stands in the file."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio.raw
import pytest
from read_samples import codes, content, dbf_layout, patch, squares, write

from landcheck.fields.dates import dates
from landcheck.read import Layer, open_layer
from landcheck.read.drivers.gdal import geopackages
from landcheck.read.drivers.gdal.geopackages import quoted
from landcheck.read.reader_calls import recoded

WRITTEN = {
    "id": ["2023-02-30", "2023-02-28"],
    "date": ["2021-09-31", "2021\\/09\\/30"],
    "at": ["2021-09-31T10:00Z", ""],
}
AS_READ = WRITTEN | {"date": ["2021-09-31", "2021/09/30"]}
RING = [[121, 31], [122, 31], [122, 32], [121, 31]]


def opened(path: Path) -> Layer:
    return open_layer(str(path), "parcels")


def read(path: Path, *columns: str) -> list[list[Any]]:
    """The values of these columns, in batches of another size than the layer's."""
    values = content(opened(path))
    return [values[column] for column in columns]


def features() -> list[dict[str, Any]]:
    rows = [dict(zip(WRITTEN, row, strict=True)) for row in zip(*WRITTEN.values(), strict=True)]
    shape = {"type": "Polygon", "coordinates": [RING]}
    return [{"type": "Feature", "properties": row, "geometry": shape} for row in rows]


def collection() -> str:
    return json.dumps({"type": "FeatureCollection", "features": features()})


def sequence() -> str:
    return "\n".join(map(json.dumps, features()))


def topology() -> str:
    shapes = [{"type": "Polygon", "arcs": [[0]], "properties": one["properties"]} for one in features()]
    layer = {"type": "GeometryCollection", "geometries": shapes}
    return json.dumps({"type": "Topology", "objects": {"parcels": layer}, "arcs": [RING]})


def json_fg() -> str:
    says = {"conformsTo": ["http://www.opengis.net/spec/json-fg-1/0.3/conf/core"]}
    parts = [one | {"time": None, "place": None} for one in features()]
    return json.dumps({"type": "FeatureCollection", **says, "features": parts})


@pytest.mark.parametrize("document", [collection, sequence, topology, json_fg])
def test_text_in_json_stays_text_though_it_look_like_a_date(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "p.json"
    path.write_text(document().replace("\\\\/", "\\/"), encoding="utf-8")
    layer = opened(path)
    values = content(layer)
    assert {name: [value or "" for value in values[name]] for name in AS_READ} == AS_READ
    assert not layer.findings


def test_a_mark_on_the_edge_of_two_pieces_is_set_and_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landcheck.read.repair.recoding.CHUNK", 7)
    path = tmp_path / "p.geojsonl"
    path.write_text(sequence().replace("\\\\/", "\\/"), encoding="utf-8")
    assert read(path, "id", "date") == [AS_READ["id"], AS_READ["date"]]


def altered(path: Path, types: dict[str, str], rows: list[dict[str, Any]]) -> Path:
    """A GeoPackage with more columns, each row holding whatever is given."""
    write(path, {"code": [str(number) for number in range(len(rows))]}, driver="GPKG", layer="parcels")
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute(
            "select name from sqlite_master where type = 'trigger' and name like 'rtree%'"
        ).fetchall():
            connection.execute(f'drop trigger "{name}"')
        for name, kind in types.items():
            connection.execute(f"alter table parcels add column {quoted(name)} {kind}")
        for number, row in enumerate(rows, start=1):
            for name, value in row.items():
                connection.execute(f"update parcels set {quoted(name)} = ? where fid = ?", (value, number))  # noqa: S608
        connection.commit()
    return path


@pytest.mark.parametrize(
    ("kind", "stored_values", "as_read"),
    [
        ("REAL", [0.1 + 0.2, "见附件", None, "12亩"], ["0.30000000000000004", "见附件", None, "12亩"]),
        ("REAL", [1.5, "", 3, None], ["1.5", None, "3.0", None]),
        ("REAL", [1.5, b"ab"], ["1.5", "0x6162"]),
        ("INTEGER", [3, 2.5, "见附件"], ["3", "2.5", "见附件"]),
        ("MEDIUMINT", [3, 3_000_000_000], ["3", "3000000000"]),
        ("SMALLINT", [3, 40_000], ["3", "40000"]),
        ("BOOLEAN", [1, "是", None, 0, 2], ["1", "是", None, "0", "2"]),
        ("DATE", ["2023-03-15", "20230315", None], ["2023-03-15", "20230315", None]),
        ("DATE", ["2023-03-15", "2021-09-31"], ["2023-03-15", "2021-09-31"]),
        ("DATE", ["2023-03-15", "见附件", ""], ["2023-03-15", "见附件", None]),
        ("DATETIME", ["2023-03-15T10:00Z", "2021-09-31T10:00Z"], ["2023-03-15T10:00Z", "2021-09-31T10:00Z"]),
        ("DATETIME", ["2023-03-15 10:00:00", "20230315"], ["2023-03-15 10:00:00", "20230315"]),
    ],
)  # fmt: skip
def test_a_geopackage_column_with_a_value_of_another_type_is_read_as_what_is_stored(
    tmp_path: Path, kind: str, stored_values: list[Any], as_read: list[Any]
) -> None:
    path = altered(tmp_path / "p.gpkg", {'a "b"': kind}, [{'a "b"': value} for value in stored_values])
    layer = opened(path)
    assert content(layer, size=2)['a "b"'] == as_read
    assert "read-reader-says" not in codes(layer)


def test_a_geopackage_column_that_holds_its_type_keeps_it(tmp_path: Path) -> None:
    types = {"r": "REAL", "i": "INTEGER", "b": "BOOLEAN", "d": "DATE", "t": "DATETIME", "x": "TEXT"}
    row = {"r": 3, "i": 3, "b": 1, "d": "2024-02-29", "t": "2024-02-29T16:00:00.5Z", "x": "2021-09-31"}
    path = altered(tmp_path / "p.gpkg", types, [row, {}])
    assert read(path, "r", "i", "b", "d", "x") == [
        [3.0, None], [3, None], [True, None], [dt.date(2024, 2, 29), None], ["2021-09-31", None],
    ]  # fmt: skip
    assert content(opened(path))["t"][0].hour == 16


def test_stored_values_stand_in_their_rows_where_rows_were_deleted_and_an_index_lies_over_them(tmp_path: Path) -> None:
    values: list[Any] = [9.0, "见附件", 7.0, "缺", 5.0]
    path = altered(tmp_path / "p.gpkg", {"far": "REAL"}, [{"far": value} for value in values])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create index by_far on parcels (far)")
        connection.execute("delete from parcels where code = '2'")
        connection.commit()
    assert read(path, "code", "far") == [["0", "1", "3", "4"], ["9.0", "见附件", "缺", "5.0"]]


def test_a_large_geopackage_is_counted_and_looked_through_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geopackages, "IN_PARALLEL_FROM", 3)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    rows: list[dict[str, Any]] = [{"far": 2.5, "n": number} for number in range(10)]
    path = altered(tmp_path / "p.gpkg", {"far": "REAL", "n": "INTEGER"}, [*rows, {"far": "缺", "n": 10}])
    assert geopackages.count_and_check(path, "parcels", {"far": "OFTReal", "n": "OFTInteger64"}) == (11, ("far",))
    assert read(path, "far", "n") == [["2.5"] * 10 + ["缺"], list(range(11))]


def test_a_view_is_looked_through_too(tmp_path: Path) -> None:
    path = altered(tmp_path / "p.gpkg", {"far": "REAL"}, [{"far": 2.5}, {"far": "缺"}])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create view seen as select fid, code, far from parcels")
        connection.execute(
            "insert into gpkg_contents (table_name, data_type, identifier) values ('seen', 'attributes', 'seen')"
        )
        connection.commit()
    assert content(open_layer(str(path), "attributes", layer="seen"))["far"] == ["2.5", "缺"]


def test_cells_that_sqlite_cannot_look_at_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr("landcheck.read.drivers.gdal.geopackages.count_and_check", broken)
    layer = opened(altered(tmp_path / "p.gpkg", {"far": "REAL"}, [{"far": 2.5}]))
    assert content(layer)["far"] == [2.5]
    assert codes(layer) == ["read-types-unchecked"]
    assert "database disk image is malformed" in layer.findings[0].message.say("en")


def mif(path: Path, types: dict[str, str], lines: list[str], encoding: str = "gbk") -> Path:
    columns = "".join(f"  {name} {kind}\n" for name, kind in types.items())
    head = f'Version 300\nCharset "Neutral"\nDelimiter ","\nCoordSys Earth Projection 1, 104\nColumns {len(types)}\n'
    shape = f"Region 1\n  {len(RING)}\n" + "".join(f"{x} {y}\n" for x, y in RING)
    path.write_bytes(f"{head}{columns}Data\n\n{shape * len(lines)}".encode(encoding))
    path.with_suffix(".mid").write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("kind", "cells", "as_read"),
    [
        ("Date", ["20230315", "20210931", "", "2023-03-15"], ["20230315", "20210931", None, "2023-03-15"]),
        ("Date", ["20230315", "20231301"], ["20230315", "20231301"]),
        ("Date", ["20230315", ""], [dt.date(2023, 3, 15), None]),
        ("DateTime", ["20230315101112000", "20210931101112000"], ["2023-03-15T10:11:12", "20210931101112000"]),
        ("Logical", ["T", "", '"是"', "F"], ["T", None, "是", "F"]),
        ("Logical", ["T", "F"], [True, False]),
        ("Float", ["1.5", "abc", '"12亩"'], ["1.5", "abc", "12亩"]),
        ("Float", ["1.5", ""], ["1.5", None]),
        ("Float", ["1.5", "-2e3"], [1.5, -2000.0]),
        ("Decimal(10,2)", ["1.50", "见附件"], ["1.50", "见附件"]),
        ("Integer", ["3", "1.5", "9999999999"], ["3", "1.5", "9999999999"]),
        ("SmallInt", ["3", "x"], ["3", "x"]),
    ],
)
def test_a_mif_column_with_a_cell_of_another_type_is_read_as_it_is_written(
    tmp_path: Path, kind: str, cells: list[str], as_read: list[Any]
) -> None:
    lines = [f'"a, ""{number}""",{cell}' for number, cell in enumerate(cells)]
    path = mif(tmp_path / "p.mif", {"name": "Char(20)", "建筑面积": kind}, lines)
    layer = opened(path)
    values = content(layer, size=2)
    assert values["name"] == [f'a, "{number}"' for number in range(len(cells))]
    assert values["建筑面积"] == as_read
    assert not layer.findings


def test_a_day_that_does_not_exist_in_a_tab_is_read_as_it_is_stored(tmp_path: Path) -> None:
    days = np.array(["2021-09-30", "NaT", "2024-02-29"], "datetime64[D]")
    columns: dict[str, Any] = {"code": ["a", "b", "c"], "day": days}
    path = write(tmp_path / "p.tab", columns, driver="MapInfo File", encoding="UTF-8")
    assert read(path, "day") == [[dt.date(2021, 9, 30), None, dt.date(2024, 2, 29)]]
    _, header, record = dbf_layout(tmp_path / "p.dat")
    patch(tmp_path / "p.dat", header + record - 4, struct.pack("<HBB", 2021, 9, 31))
    assert read(path, "day") == [["20210931", None, "20240229"]]


def test_what_the_reader_says_of_a_column_names_it_in_its_own_encoding(tmp_path: Path) -> None:
    table = mif(tmp_path / "p.mif", {"名称": "Char(20)", "计容面积": "Float"}, ['"浦东",1.5', '"徐汇",2 '])
    layer = opened(table)
    content(layer)
    said = [str(finding.message.values["reason"]) for finding in layer.findings]
    assert said == ["Value '2 ' of field p.计容面积 parsed incompletely to real 2."]


def test_a_value_quoted_byte_for_byte_is_told_in_its_own_encoding() -> None:
    raw = "Value '见附件' of field p.".encode("gbk") + "计容面积".encode("gbk").decode("latin-1").encode()
    said = f"Could not decode error message to UTF-8. Raw error: {raw + b' parsed incompletely.'!r}"
    assert recoded(said, "gb18030") == "Value '见附件' of field p.计容面积 parsed incompletely."


def test_an_instant_keeps_its_zone(tmp_path: Path) -> None:
    """1630425600000 is 2021-08-31 16:00 in Greenwich and midnight before 2021-09-01 in Shanghai."""
    fields = [{"name": "BH", "type": "esriFieldTypeString"}, {"name": "PZRQ", "type": "esriFieldTypeDate"}]
    attributes = [{"BH": "A", "PZRQ": 1630425600000}, {"BH": "B", "PZRQ": None}]
    shapes = [{"attributes": one, "geometry": {"rings": [RING]}} for one in attributes]
    document = {"geometryType": "esriGeometryPolygon", "fields": fields, "features": shapes}
    path = tmp_path / "p.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read(path, "PZRQ") == [["2021-08-31T16:00:00Z", None]]
    assert dates(pa.array(["2021-08-31T16:00:00Z"]))[0].tolist() == [(dt.date(2021, 9, 1) - dt.date(1970, 1, 1)).days]


def test_an_instant_of_a_flatgeobuf_keeps_its_zone(tmp_path: Path) -> None:
    at = pa.array([dt.datetime(2021, 8, 31, 16, tzinfo=dt.UTC)], pa.timestamp("ms", "UTC"))
    table = pa.table({"PZRQ": at, "wkb": pa.array(squares(1), pa.binary())})
    options = {"geometry_name": "wkb", "geometry_type": "Polygon", "crs": "EPSG:4490"}
    pyogrio.raw.write_arrow(table, tmp_path / "p.fgb", driver="FlatGeobuf", **options)
    assert read(tmp_path / "p.fgb", "PZRQ") == [["2021-08-31T16:00:00Z"]]


ODD = ["19999.7", "2.1e4", "12亩", "21000"]


def gml(path: Path, kind: str, cells: list[str]) -> Path:
    """A GML with its schema, the cells of one column replaced by what does not fit its type."""
    values = {"xs:long": list(range(1000, 1000 + len(cells))), "xs:decimal": [1.5 + n for n in range(len(cells))]}
    write(path, {"code": ["a", "b", "c", "d"], "far": values[kind]}, driver="GML")
    schema = path.with_suffix(".xsd").read_text(encoding="utf-8")
    assert kind in schema
    text = path.read_text(encoding="utf-8")
    for value, cell in zip(values[kind], cells, strict=True):
        text = text.replace(f"far>{value}</", f"far>{cell}</")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["xs:long", "xs:decimal"])
@pytest.mark.parametrize("quotes", ['"', "'"])
def test_a_gml_cell_of_another_type_than_its_schema_says_is_read_as_it_is_written(
    tmp_path: Path, kind: str, quotes: str
) -> None:
    path = gml(tmp_path / "p.gml", kind, ODD)
    schema = path.with_suffix(".xsd")
    schema.write_text(schema.read_text(encoding="utf-8").replace('"', quotes), encoding="utf-8")
    assert read(path, "code", "far") == [["a", "b", "c", "d"], ODD]


@pytest.mark.parametrize("empty", ["\n  ", " "])
@pytest.mark.parametrize(("name", "driver"), [("p.gml", "GML"), ("p.jml", "JML")])
def test_an_empty_cell_among_numbers_in_xml_is_no_nought(tmp_path: Path, name: str, driver: str, empty: str) -> None:
    path = write(tmp_path / name, {"code": ["a", "b"], "living": [1800.5, 2400.5]}, driver=driver)
    path.with_suffix(".xsd").unlink(missing_ok=True)
    before = path.read_text(encoding="utf-8").replace(">2400.5<", f">{empty}<")
    path.write_text(before, encoding="utf-8")
    assert read(path, "code", "living") == [["a", "b"], ["1800.5", empty if driver == "JML" else ""]]
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("kind", "values", "as_read"),
    [
        ("Integer", [19999.7, "2.1万", None, 3], ["19999.7", "2.1万", None, "3"]),
        ("SmallInteger", [1, 2, "是", None], ["1", "2", "是", None]),
        ("Double", [1.5, "12亩", True, 2], ["1.5", "12亩", "true", "2"]),
        ("Date", ["2021-09-31", None, 1630454400000, "见附件"], ["2021-09-31", None, "1630454400000", "见附件"]),
        ("Integer", [1, 2.0, None, 3], [1, 2, None, 3]),
        ("Double", [1, 2.5, None, 3], [1.0, 2.5, None, 3.0]),
        ("String", [1, "2", None, "3"], ["1", "2", None, "3"]),
    ],
)
def test_a_value_of_esri_json_of_another_kind_than_its_field_is_read_as_it_is_written(
    tmp_path: Path, kind: str, values: list[Any], as_read: list[Any]
) -> None:
    fields = [{"name": "far", "type": f"esriFieldType{kind}", "alias": "far"}]
    rows = [{"attributes": {"far": value}, "geometry": {"rings": [RING]}} for value in values]
    document = {"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4490}, "fields": fields}
    path = tmp_path / "p.json"
    path.write_text(json.dumps(document | {"features": rows}, ensure_ascii=False), encoding="utf-8")
    layer = opened(path)
    assert content(layer, size=3)["far"] == as_read
    assert "read-reader-says" not in codes(layer)
