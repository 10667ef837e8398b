"""Titles, aliases and coded domains that a database has for its columns."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from read_samples import codes, content, write

from landcheck import Report, Request, check
from landcheck.fields.field_names import parse_map
from landcheck.read import open_layer
from landcheck.read.drivers.gdal import geodatabases
from landcheck.read.drivers.gdal.geodatabases import column_notes, open_geodatabase
from landcheck.read.source import DataSource

VALUES: dict[str, list[Any]] = {
    "F1": ["A", "B"], "F2": [1, 3], "F3": [10_000.0, 10_000.0], "F4": [19_000.0, 31_000.0], "term_years": [20, 20]
}  # fmt: skip
TITLES = {"F1": "地块编号", "F2": "产业用地类型", "F3": "用地面积", "F4": "计容建筑面积", "term_years": "年限(见合同)"}
CLASSES = {"1": "产业项目类工业用地", "3": "通用类研发用地"}


def run(path: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement, values in statements:
            connection.execute(statement, values)
        connection.commit()


SCHEMA = (
    "create table gpkg_data_columns (table_name, column_name, name, title, description, mime_type, constraint_name)",
    "create table gpkg_data_column_constraints"
    " (constraint_name, constraint_type, value, min, min_is_inclusive, max, max_is_inclusive, description)",
)
TITLED = "insert into gpkg_data_columns values ('Parcels', ?, ?, ?, null, null, ?)"
CODED = "insert into gpkg_data_column_constraints values ('domain', 'enum', ?, null, null, null, null, ?)"


def titled(path: Path) -> Path:
    write(path, VALUES, driver="GPKG", layer="parcels")
    columns = [(name, f"n{name}", title, "domain" if name == "F2" else None) for name, title in TITLES.items()]
    rows = [(TITLED, column) for column in columns] + [(CODED, pair) for pair in CLASSES.items()]
    run(path, *((table, ()) for table in SCHEMA), *rows)
    return path


def verdicts(report: Report) -> dict[tuple[str, str], str]:
    return {(f.rule.id, f.subject.id): f.verdict.word for f in report.findings if f.rule.id.startswith("far-")}


@pytest.mark.parametrize("mapped", [(), ("parcel_id=F1",), ("parcel_id=地块编号",), ("far_gfa_m2=F4",)])
def test_titles_of_a_geopackage_are_headings_and_its_codes_words(tmp_path: Path, mapped: tuple[str, ...]) -> None:
    """19000 / 10000 is 1.9, below 2.0; 31000 / 10000 is 3.1, above the 3.0 of general R&D land."""
    request = Request(str(titled(tmp_path / "p.gpkg")), {}, maps=dict(map(parse_map, mapped)), show_all=True)
    found = verdicts(check(request))
    assert found["far-industrial", "A"] == "fail"
    assert found["far-rd-general", "B"] == "pass"


def test_a_name_that_says_a_field_keeps_it_and_other_columns_stay_as_they_are(tmp_path: Path) -> None:
    layer = open_layer(str(titled(tmp_path / "p.gpkg")), "parcels")
    assert layer.titles == TITLES
    assert content(layer)["F2"] == list(CLASSES.values())
    layer.call({"F1": "地块编号", "F3": "F4"})  # one that another column has is not given
    assert layer.columns == ("地块编号", "F2", "F3", "F4", "term_years")
    assert content(layer)["地块编号"] == ["A", "B"]


def test_a_value_that_is_no_code_stays(tmp_path: Path) -> None:
    path = titled(tmp_path / "p.gpkg")
    run(path, ("delete from gpkg_data_column_constraints where value = '3'", ()))
    assert content(open_layer(str(path), "parcels"))["F2"] == [CLASSES["1"], "3"]


def test_aliases_of_a_style_are_titles_too(tmp_path: Path) -> None:
    path = write(tmp_path / "p.gpkg", VALUES, driver="GPKG", layer="parcels")
    aliases = '<alias index="0" field="F1" name="地块编号"/><alias field="F2" name=""/>'
    style = f"<!DOCTYPE qgis><qgis><aliases>{aliases}</aliases></qgis>"
    run(
        path,
        ("create table layer_styles (f_table_name, styleQML, useAsDefault)", ()),
        ("insert into layer_styles values ('parcels', '<qgis', 1)", ()),
        ("insert into layer_styles values ('parcels', ?, 0)", (style,)),
    )
    assert open_layer(str(path), "parcels").titles == {"F1": "地块编号"}


DOMAIN = """<typens:GPCodedValueDomain2 xmlns:typens="x"><DomainName>kind</DomainName><CodedValues>
<CodedValue><Name>产业项目类工业用地</Name><Code>1</Code></CodedValue>
<CodedValue><Name>通用类研发用地</Name><Code>3</Code></CodedValue></CodedValues></typens:GPCodedValueDomain2>"""
FIELDS = """<typens:DEFeatureClassInfo xmlns:typens="x"><GPFieldInfoExs>
<GPFieldInfoEx><Name>F1</Name><AliasName>地块编号</AliasName></GPFieldInfoEx>
<GPFieldInfoEx><Name>F2</Name><AliasName>F2</AliasName><DomainName>kind</DomainName></GPFieldInfoEx>
<GPFieldInfoEx><Name>F3</Name></GPFieldInfoEx></GPFieldInfoExs></typens:DEFeatureClassInfo>"""
ITEMS = [("kind", DOMAIN), ("parcels", FIELDS), ("parks", FIELDS.replace("地块", "园区")), ("broken", "<a>")]


def test_the_catalogue_of_a_geodatabase_gives_aliases_and_codes() -> None:
    notes = column_notes(ITEMS, "parcels")
    assert notes.called() == {"F1": "地块编号"}
    assert notes.codes["F2"] == CLASSES


def test_a_geodatabase_is_read_with_what_its_catalogue_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "p.gdb", VALUES, driver="OpenFileGDB", layer="parcels")
    layer = open_layer(str(path), "parcels")
    assert (content(layer)["F2"], layer.titles, codes(layer)) == ([1, 3], {}, [])
    monkeypatch.setattr(geodatabases, "_catalogue", lambda _: iter(ITEMS))
    layer = open_geodatabase(DataSource("p.gdb", path, (path,), "parcels"))
    assert (content(layer)["F2"], layer.titles) == (list(CLASSES.values()), {"F1": "地块编号"})


def test_aliases_and_codes_of_esri_json(tmp_path: Path) -> None:
    coded = [{"name": word, "code": int(code)} for code, word in CLASSES.items()]
    fields = [
        {"name": "F1", "type": "esriFieldTypeString", "alias": "地块编号"},
        {
            "name": "F2",
            "type": "esriFieldTypeInteger",
            "alias": "F2",
            "domain": {"type": "codedValue", "codedValues": coded},
        },
        {"name": "F3", "type": "esriFieldTypeDouble", "alias": None, "domain": None},
    ]
    rows = [{"F1": "A", "F2": 1, "F3": 1.5}, {"F1": "B", "F2": 3, "F3": None}]
    ring = [[121, 31], [121, 31.1], [121.1, 31.1], [121, 31]]
    features = [{"attributes": row, "geometry": {"rings": [ring]}} for row in rows]
    path = tmp_path / "p.json"
    path.write_text(
        json.dumps({"geometryType": "esriGeometryPolygon", "fields": fields, "features": features}), "utf-8"
    )
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert (values["F2"], values["F3"], layer.titles) == (list(CLASSES.values()), [1.5, None], {"F1": "地块编号"})
