"""A layer that holds no object says so, in every format: nothing was checked, which is no compliance."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio.raw
import pytest
import xlsxwriter

from landcheck import InputError, Request, check, convert
from landcheck.api import survey_fields

NOTHING = '{"type": "FeatureCollection", "features": []}'
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>宗地</name></Folder></Document></kml>'
PARCELS = "parcel_id,land_class,far\nA,rd_general,3\n"


def layer(path: Path, name: str, *columns: str) -> Path:
    held = [np.array([], object) for _ in columns]
    pyogrio.raw.write(
        path, np.array([], object), held, list(columns), layer=name, geometry_type="Polygon", crs="EPSG:4490",
        append=path.exists(),
    )  # fmt: skip
    return path


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("宗地").write_row(0, 0, ["parcel_id", "far"])
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


MADE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "p.geojson": (lambda path: text(path, NOTHING), "地块"),  # no layer is called anything: the part it plays
    "p.csv": (lambda path: text(path, "parcel_id,far\n"), "地块"),
    "lots.csv": (lambda path: text(path, "owner,lot\n"), "地块"),
    "p.kml": (lambda path: text(path, KML), "宗地"),
    "p.xlsx": (workbook, "宗地"),
    "p.shp": (lambda path: layer(path, "p", "parcel_id"), "p"),
    "p.gpkg": (lambda path: layer(path, "lots", "parcel_id"), "lots"),
    "bare.gpkg": (lambda path: layer(path, "lots"), "lots"),
}


@pytest.mark.parametrize("name", MADE)
def test_parcels_without_an_object(tmp_path: Path, name: str) -> None:
    make, called = MADE[name]
    path = make(tmp_path / name)
    for ask in (check, lambda request: convert(request, tmp_path / "out.gpkg")):
        with pytest.raises(InputError) as caught:
            ask(Request(str(path)))
        told = caught.value.say("zh")
        assert told.startswith(f"{name}：图层“{called}”没有任何对象，什么也没有检查，也不表示合规；请核对文件和图层")
        assert "holds no objects; nothing was checked" in caught.value.say("en")
        assert caught.value.exit_status == 4
    assert not (tmp_path / "out.gpkg").exists()
    (surveyed,) = survey_fields(Request(str(path))).layers
    assert surveyed.notes[0].code == "nothing-evaluated"
    assert not surveyed.problems


@pytest.mark.parametrize("option", ["parks", "zones", "attributes"])
@pytest.mark.parametrize("empty", [NOTHING, "park_id,zone_id,parcel_id\n", "owner,lot\n"])
def test_another_layer_without_a_row_is_named(tmp_path: Path, option: str, empty: str) -> None:
    beside = text(tmp_path / ("x.csv" if "," in empty and empty[0] != "{" else "x.geojson"), empty)
    with pytest.raises(InputError) as caught:
        check(Request(str(text(tmp_path / "p.csv", PARCELS)), sources={option: str(beside)}))
    assert caught.value.code == "layer-empty"
    called = {"parks": "园区", "zones": "高新区", "attributes": "属性表"}[option]
    assert caught.value.say("zh").startswith(f"{beside.name}：图层“{called}”没有任何记录")


def test_an_empty_layer_beside_the_parcels_is_converted_as_it_is(tmp_path: Path) -> None:
    green = layer(tmp_path / "g.gpkg", "green", "green_id", "remark")
    parcels = text(tmp_path / "p.csv", PARCELS)
    made = convert(Request(str(parcels), sources={"green": str(green)}), tmp_path / "out.gpkg")
    assert [(name, rows) for name, rows, _ in made.layers] == [("parcels", 1), ("green", 0)]
    table: pa.Table = pyogrio.raw.read_arrow(tmp_path / "out.gpkg", layer="green")[1]
    assert {"green_id", "remark"} <= set(table.column_names)
    assert not table.num_rows
