"""Layers in which no column is known to hold the ids: what may be one is named, and rows can be numbered."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from landcheck import InputError, Report, Request, UsageError, check
from landcheck.request import ColumnRef

RING = [[[121.6, 31.2], [121.601, 31.2], [121.601, 31.201], [121.6, 31.2]]]
TABLE = "lot,no,owner,floor,land_class,far\na1,7,x,1.5,rd_general,2.5\na2,8,x,2.5,rd_general,3.5\n"


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        check(Request(str(path)))
    return caught.value


def numbered(path: Path, **options: object) -> Report:
    return check(Request(str(path), maps={"parcel_id": ColumnRef("#row")}, show_all=True, **options))  # type: ignore[arg-type]


def far(report: Report) -> dict[str, str]:
    return {f.subject.id: f.verdict.word for f in report.findings if f.rule.id == "far-rd-general"}


def table(tmp_path: Path, text: str = TABLE) -> Path:
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    return tmp_path / "p.csv"


def shapes(tmp_path: Path, **properties: object) -> Path:
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": RING}}
    content = {"type": "FeatureCollection", "features": [feature, feature]}
    (tmp_path / "p.geojson").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path / "p.geojson"


def test_columns_whose_values_are_all_there_and_different_are_named(tmp_path: Path) -> None:
    error = refused(table(tmp_path))
    assert error.message.values["columns"] == ("lot", "no", "floor", "far")  # all is text in a CSV
    assert "--map parcel_id=lot" in error.say("en")
    assert "--map parcel_id=#row" in error.say("zh")


@pytest.mark.parametrize("gap", ["", " ", "a1"])
def test_a_column_with_a_gap_or_a_value_twice_is_not(tmp_path: Path, gap: str) -> None:
    error = refused(table(tmp_path, f"lot,owner\na1,x\n{gap},x\n"))
    assert error.message.code == "fields-required"
    assert error.message.values["columns"] == ("lot", "owner")


def test_numbers_with_fractions_are_no_ids(tmp_path: Path) -> None:
    assert refused(shapes(tmp_path, height=1.5)).message.code == "fields-required"


def test_a_layer_without_any_column_says_so(tmp_path: Path) -> None:
    error = refused(shapes(tmp_path))
    assert error.message.code == "fields-no-columns"
    assert "--map parcel_id=#row" in error.say("en")
    assert set(far(numbered(shapes(tmp_path)))) == {"1", "2"}


@pytest.mark.parametrize("batch_rows", [1, 100])
def test_rows_may_be_numbered(tmp_path: Path, batch_rows: int) -> None:
    assert far(numbered(table(tmp_path), batch_rows=batch_rows)) == {"1": "fail", "2": "pass"}


def test_a_column_of_that_name_is_the_column(tmp_path: Path) -> None:
    assert set(far(numbered(table(tmp_path, TABLE.replace("lot,", "#row,"))))) == {"a1", "a2"}


def test_the_table_of_attributes_keeps_its_own_ids(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("地块编号,land_class,far\n2,rd_general,2.5\n1,rd_general,3.5\n", encoding="utf-8")
    report = numbered(shapes(tmp_path, h=1), sources={"attributes": str(tmp_path / "a.csv")})
    assert far(report) == {"1": "pass", "2": "fail"}


def test_a_number_is_no_number_of_a_row(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check(Request(str(table(tmp_path)), maps={"far": ColumnRef("#row")}))


def test_a_shapefile_without_its_table_may_be_numbered(tmp_path: Path) -> None:
    path = tmp_path / "p.shp"
    square = shapely.to_wkb(shapely.box(352_000, 3_455_000, 352_100, 3_455_100))
    pyogrio.raw.write(path, np.array([square, square]), [np.arange(2)], ["n"], geometry_type="Polygon", crs="EPSG:4549")
    path.with_suffix(".dbf").unlink()
    assert refused(path).message.code == "read-no-dbf"
    assert set(far(numbered(path))) == {"1", "2"}
