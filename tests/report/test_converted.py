"""`landcheck convert`: what is written again says what its source says, no more and no less."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner

from landcheck import Request, UsageError, check, convert
from landcheck.cli.app import app
from landcheck.model import Level
from landcheck.request import ColumnRef

EAST, NORTH = 40_620_000, 3_450_000
HEAD = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n计量单位=米\n带号=40\n[地块坐标]\n"


def ring(number: int, east: float, north: float, side: float, first: int = 1) -> str:
    corners = ((0, 0), (side, 0), (side, side), (0, side), (0, 0))
    labels = [*range(first, first + 4), first]
    return "".join(
        f"J{label},{number},{north + n:.3f},{east + e:.3f}\n" for label, (n, e) in zip(labels, corners, strict=True)
    )


PLOTS = (
    "15,1.91,PD-01,甲地块,面,H51,工业用地,0601,备注,@\n"
    + ring(1, EAST, NORTH, 100)
    + ring(2, EAST + 30.125, NORTH + 30.001, 30, 5)
    + ring(3, EAST + 200, NORTH, 100, 9)
    + "5,,PD-02,乙地块,面,,,,@\n"
    + ring(1, EAST + 400, NORTH + 0.004, 100)
)


def written(folder: Path, text: str, name: str = "p.txt") -> str:
    path = folder / name
    path.write_text(text, encoding="gbk")
    return str(path)


def geojson(folder: Path, crs: int = 4528, **columns: list[Any]) -> str:
    """Squares of 100 m beside each other, as many as the columns are long."""
    import geopandas as gpd

    path = folder / "p.geojson"
    count = len(next(iter(columns.values())))
    boxes = [shapely.box(EAST + 150 * at, NORTH, EAST + 150 * at + 100, NORTH + 100) for at in range(count)]
    gpd.GeoDataFrame(columns, geometry=boxes, crs=crs).to_file(path)
    return str(path)


def points(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("J")]


def test_a_report_comes_back_from_a_geopackage_to_the_millimetre(tmp_path: Path) -> None:
    source, box, again = written(tmp_path, HEAD + PLOTS), str(tmp_path / "b.gpkg"), tmp_path / "c.txt"
    made = convert(Request(source), box)
    assert (made.layers, made.findings) == ((("parcels", 2, "EPSG:4528"),), ())
    assert convert(Request(box), str(again)).findings == ()
    text = again.read_bytes().decode("gb18030")
    assert sorted(points(text)) == sorted(points(PLOTS))
    assert [line for line in text.splitlines() if "@" in line] == [
        "15,1.91,PD-01,甲地块,面,H51,工业用地,0601,备注,@",
        "5,,PD-02,乙地块,面,,,,@",
    ]
    assert {"坐标系=2000国家大地坐标系", "几度分带=3", "带号=40", "计量单位=米"} <= set(text.splitlines())
    direct = tmp_path / "d.txt"
    convert(Request(source), str(direct))
    assert direct.read_bytes() == again.read_bytes()


def test_rings_keep_their_places_in_a_third_round(tmp_path: Path) -> None:
    first, second = tmp_path / "1.txt", tmp_path / "2.txt"
    convert(Request(written(tmp_path, HEAD + PLOTS)), str(first))
    convert(Request(str(first)), str(second))
    assert first.read_bytes() == second.read_bytes()


def test_a_geopackage_has_fields_with_chinese_aliases_and_domains(tmp_path: Path) -> None:
    path = str(tmp_path / "b.gpkg")
    source = geojson(
        tmp_path, 宗地编号=["A", "B"], 用地类别=["产业项目类工业用地", None], 出让年期=["20年", "50"], 备用=["x", "y"]
    )
    assert convert(Request(source, maps={"land_class": ColumnRef("用地类别")}), path).findings == ()
    meta, table = pyogrio.read_arrow(path)
    assert table.drop(["geom"]).to_pydict() == {
        "parcel_id": ["A", "B"], "land_class": ["industrial_project", None], "term_years": [20.0, 50.0],
        "备用": ["x", "y"],
    }  # fmt: skip
    assert (meta["crs"], meta["geometry_type"]) == ("EPSG:4528", "MultiPolygon")
    with closing(sqlite3.connect(path)) as base:
        titles = dict(base.execute("SELECT column_name, title FROM gpkg_data_columns"))
        words = [row[0] for row in base.execute("SELECT value FROM gpkg_data_column_constraints")]
    assert titles["parcel_id"] == "地块编号"
    assert "industrial_project" in words


def test_a_cell_that_cannot_be_read_is_not_lost_in_either_format(tmp_path: Path) -> None:
    source = geojson(tmp_path, 地块编号=["A", "B"], 用地面积=["约一万", "10000"], 计容建筑面积=["20000", "20000"])
    for name in ("b.gpkg", "b.txt"):
        path = str(tmp_path / name)
        told = [one.message.code for one in convert(Request(source), path).findings]
        assert told == ["fields-value"]
        found = check(Request(path))
        assert [(one.rule, one.subject.id) for one in found.data if one.rule == "data/value"] == [("data/value", "A")]
    areas = [line.split(",")[1] for line in (tmp_path / "b.txt").read_text("gbk").splitlines() if "@" in line]
    assert areas == ["约一万?", ""]


def test_what_has_no_place_in_a_report_is_told(tmp_path: Path) -> None:
    source = geojson(tmp_path, 地块编号=["A", "B,1"], 容积率=[2.0, 3.0], 名称=["甲", "乙@"])
    made = convert(Request(source), str(tmp_path / "b.txt"))
    assert [(one.code, one.values.get("fields")) for one in made.notes if one.code.startswith("convert")] == [
        ("convert-fields-left-out", ["far"])
    ]
    lines = [line for line in (tmp_path / "b.txt").read_text("gbk").splitlines() if line.endswith("@")]
    assert lines == ["5,,A,甲,面,,,,@", "5,,B、1,乙＠,面,,,,@"]


def test_rows_without_a_shape_are_an_error(tmp_path: Path) -> None:
    import geopandas as gpd

    path = tmp_path / "p.geojson"
    boxes = [shapely.box(EAST, NORTH, EAST + 100, NORTH + 100), None]
    gpd.GeoDataFrame({"地块编号": ["A", "B"]}, geometry=boxes, crs=4528).to_file(path)
    made = convert(Request(str(path)), str(tmp_path / "b.txt"))
    assert [(one.message.code, one.level, one.message.values["ids"]) for one in made.findings] == [
        ("convert-no-shape", Level.ERROR, ["B"])
    ]


@pytest.mark.parametrize(
    ("east", "crs", "said"),
    [(620_000, 4549, ("3", "40")), (40_620_000, 4528, ("3", "40")), (21_330_000, 4499, ("6", "21"))],
)
def test_the_system_of_a_report_is_the_layer_s(tmp_path: Path, east: int, crs: int, said: tuple[str, str]) -> None:
    import geopandas as gpd

    path, out = tmp_path / "p.geojson", tmp_path / "b.txt"
    boxes = [shapely.box(east, NORTH, east + 100, NORTH + 100)]
    gpd.GeoDataFrame({"地块编号": ["A"]}, geometry=boxes, crs=crs).to_file(path)
    convert(Request(str(path)), str(out))
    text = out.read_text("gbk")
    assert f"几度分带={said[0]}" in text
    assert f"带号={said[1]}" in text
    assert check(Request(str(out))).inputs[0].crs == f"EPSG:{crs}"


def test_systems_that_no_report_can_state_and_systems_in_doubt(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        convert(Request(geojson(tmp_path, 地块编号=["A"]), crs="3857"), str(tmp_path / "b.txt"))
    assert error.value.message.code == "convert-report-system"
    assert not (tmp_path / "b.txt").exists()
    wrong = written(tmp_path, HEAD.replace("带号=40", "带号=39") + PLOTS, "w.txt")
    made = convert(Request(wrong), str(tmp_path / "b.txt"))
    assert [one.message.code for one in made.findings if one.rule == "data/crs"] == ["data-crs-zone-other"]
    assert "坐标系" not in (tmp_path / "b.txt").read_text("gbk")


def test_no_input_is_written_over_and_the_suffix_decides(tmp_path: Path) -> None:
    source = written(tmp_path, HEAD + PLOTS)
    before = Path(source).read_bytes()
    for output, code in ((source, "report-target-is-input"), (str(tmp_path / "b.shp"), "convert-suffix")):
        with pytest.raises(UsageError) as error:
            convert(Request(source), output, [source])
        assert error.value.message.code == code
    assert Path(source).read_bytes() == before


def test_the_sample_is_judged_as_its_source_is(tmp_path: Path) -> None:
    source, path = str(Path(__file__).parents[2] / "sample_parcels" / "plan.gpkg"), str(tmp_path / "b.gpkg")
    made = convert(Request(source), path)
    assert {name for name, _, _ in made.layers} == {"parcels", "parks", "green", "buildings"}
    reports = [check(Request(one, as_of=dt.date(2026, 6, 30), show_all=True)) for one in (source, path)]
    verdicts = [[(f.rule.id, f.subject, f.verdict) for f in report.findings] for report in reports]
    assert verdicts[0] == verdicts[1]
    faults = [[(one.rule, one.subject, one.level, one.message.code) for one in report.data] for report in reports]
    assert faults[0] == faults[1]


def test_the_command_says_what_it_wrote_and_found(tmp_path: Path) -> None:
    source, out = written(tmp_path, HEAD.replace("带号=40", "带号=39") + PLOTS), tmp_path / "b.gpkg"
    run = CliRunner().invoke(app, ["convert", source, "-o", str(out), "--lang", "zh"])
    assert (run.exit_code, out.exists()) == (1, True)
    assert f"已写出 {out} 图层 parcels：2 行" in run.stdout
    assert "错误: p.txt " in run.stdout
    run = CliRunner().invoke(app, ["convert", source, "-o", source])
    assert run.exit_code == 2
    run = CliRunner().invoke(app, ["convert", source, "-o", str(out), "--crs", "4528", "--lang", "zh"])
    assert "错误" not in run.stdout


def test_what_is_said_of_several_layers_is_said_once_and_each_is_called_by_its_own_name(tmp_path: Path) -> None:
    plan = (Path(__file__).parents[2] / "sample_parcels" / "plan.vct").read_bytes().decode("gbk")
    lines = [line for line in plan.splitlines() if not line.startswith(("Spheroid", "Projection", "Parameters"))]
    (tmp_path / "plan.vct").write_bytes("\n".join(lines).encode("gbk"))
    made = convert(Request(str(tmp_path / "plan.vct")), str(tmp_path / "b.gpkg"))
    assert [note.code for note in made.notes] == ["read-encoding-gb18030"]
    missing = [one for one in made.findings if one.message.code == "data-crs-missing"]
    told = {one.message.values["source"].values["layer"]: one for one in missing}
    assert set(told) == {"地块", "园区", "绿地", "建筑"}
    frames = pyogrio.read_bounds(str(tmp_path / "b.gpkg"), layer="parcels")[1]
    west, south, east, north = (*frames[:2].min(axis=1), *frames[2:].max(axis=1))
    assert told["地块"].message.values["extent"] == f"x {west:.10g} .. {east:.10g}, y {south:.10g} .. {north:.10g}"
    assert told["地块"].subject.id == "parcels"


@pytest.mark.parametrize(("name", "driver"), [("p.shp", None), ("p.gdb", "OpenFileGDB")])
def test_a_system_that_was_recognised_is_written_by_its_code(tmp_path: Path, name: str, driver: str | None) -> None:
    """The file names its system without a code: GDAL gave the GeoPackage 100000 for it."""
    square = shapely.box(650_000, 3_450_000, 650_100, 3_450_100)
    frame = geopandas.GeoDataFrame({"parcel_id": ["A"]}, geometry=[square], crs="EPSG:4549")
    frame.to_file(tmp_path / name, driver=driver)
    made = convert(Request(str(tmp_path / name)), str(tmp_path / "b.gpkg"))
    with closing(sqlite3.connect(tmp_path / "b.gpkg")) as database:
        (number,) = {row[0] for row in database.execute("select srs_id from gpkg_geometry_columns")}
    assert (made.layers[0][2], number) == ("EPSG:4549", 4549)
