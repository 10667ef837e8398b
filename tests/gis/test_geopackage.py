from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas
import pyogrio
import pyproj
import pytest
import shapely

from landcheck.messages.visible import visible
from landcheck.model import Report, Verdict
from landcheck.report.write import write_files
from landcheck.request import Request
from landcheck.run.check import check

SAMPLES = Path(__file__).parents[2] / "sample_parcels"


@pytest.fixture(scope="module")
def opened(dirty: Report, plan: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("gpkg")
    paths = {"dirty": folder / "dirty.gpkg", "plan": folder / "plan.gpkg"}
    write_files(dirty, [paths["dirty"]], "en")
    write_files(plan, [paths["plan"]], "zh")
    return paths


def read(path: Path, layer: str) -> Any:
    return pyogrio.read_dataframe(path, layer=layer)


def select(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(query).fetchall()


@pytest.mark.parametrize("name", ["dirty", "plan"])
def test_verdicts_are_counted_as_in_the_summary(
    name: str, opened: dict[str, Path], request: pytest.FixtureRequest
) -> None:
    report: Report = request.getfixturevalue(name)
    for layer, kind in (("parcels", "parcel"), ("parks", "park")):
        table = read(opened[name], layer)
        assert len(table) == report.summary.subjects[kind]
        for rule in (rule for pack in report.packs for rule in pack.rules if rule.per == kind):
            counts = report.summary.verdicts[rule.id]
            found = Counter(table[rule.id.replace("-", "_")])
            assert found == {v.word: counts[v] for v in Verdict if counts[v]}
    noteworthy = sum(row[v] for row in report.summary.verdicts.values() for v in (1, 2, 3))
    found = Counter(read(opened[name], "findings")["source"])
    assert (found["rule"], found["data"]) == (noteworthy, len(report.data))


@pytest.mark.parametrize(("name", "seen"), [("dirty", {"undetermined"}), ("plan", {"fail", "undetermined", "pass"})])
def test_the_worst_verdict_is_the_worst(opened: dict[str, Path], dirty: Report, name: str, seen: set[str]) -> None:
    table = read(opened[name], "parcels")
    columns = [rule.id.replace("-", "_") for pack in dirty.packs for rule in pack.rules if rule.per == "parcel"]
    order = ["fail", "undetermined", "review", "pass", "not_applicable"]
    for row in table.itertuples():
        given = {getattr(row, column) for column in columns}
        assert row.worst == next(word for word in order if word in given)
    assert seen <= set(table["worst"])
    assert table["message"].notna().sum() == table["worst"].isin(["fail", "undetermined", "review"]).sum()


def test_trouble_stands_where_it_is(opened: dict[str, Path], dirty: Report) -> None:
    found, parcels = read(opened["dirty"], "findings"), read(opened["dirty"], "parcels").set_index("row")
    to_plane = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
    exact = [fault for fault in dirty.data if fault.location is not None]
    assert {fault.rule for fault in exact} >= {"data/overlap", "data/geometry"}
    for fault in exact:
        told = visible(fault.message.say("en"))
        (point,) = found[(found["rule"] == fault.rule) & (found["message"] == told)].geometry
        assert point.distance(shapely.Point(to_plane.transform(*fault.location))) < 0.02
        if fault.rule == "data/overlap":
            pair = [fault.message.values["row_a"], fault.message.values["row_b"]]
            assert all(parcels.geometry[row].distance(point) < 0.02 for row in pair)
            assert all(told in parcels["data"][row] for row in pair)


def test_an_overlap_is_drawn_as_the_ground_that_both_parcels_claim(opened: dict[str, Path], dirty: Report) -> None:
    shared, parcels = read(opened["dirty"], "overlaps"), read(opened["dirty"], "parcels").set_index("row")
    assert len(shared) == sum(fault.rule == "data/overlap" for fault in dirty.data) > 0
    for one in shared.itertuples():
        a, b = (shapely.make_valid(parcels.geometry[row]) for row in (one.row, one.other_row))
        assert one.geometry.symmetric_difference(a & b).area < 0.01
        assert one.message in parcels["data"][one.row]
        assert one.message in parcels["data"][one.other_row]
    assert "overlaps" not in pyogrio.list_layers(opened["plan"])[:, 0]  # the sound plan has none


def test_a_finding_without_a_place_of_its_own_stands_in_its_parcel(opened: dict[str, Path]) -> None:
    found, parcels = read(opened["dirty"], "findings"), read(opened["dirty"], "parcels").set_index("row")
    mine = found[(found["source"] == "rule") & (found["subject_type"] == "parcel")]
    assert len(mine) > 10
    for one in mine.itertuples():
        shape = parcels.geometry[one.row]
        assert (one.geometry is None) == (shape is None)
        assert shape is None or not shape.is_valid or shape.contains(one.geometry)


def test_parcels_carry_their_headroom_where_it_was_asked_for(tmp_path: Path, plan: Report) -> None:
    assert "living_room_m2" not in read(_written(plan, tmp_path / "without.gpkg"), "parcels")
    source = plan.inputs[0].path
    asked = check(Request(str(SAMPLES / source), as_of=plan.as_of, headroom=True))
    table = read(_written(asked, tmp_path / "with.gpkg"), "parcels").set_index("parcel_id")
    # 18 % of the floor area are living facilities, 15 % may be; FAR 1.6 of 2.0
    assert table.loc["PD01-11", "living_room_m2"] == -5_019.36
    assert table.loc["PD01-03", "floor_short_m2"] == 11_878
    assert table.loc["PD02-07", "living_room_text"] == "未知，缺产业用地类型"
    assert table["floor_room_m2"].isna().all()
    assert table.loc["WJ-01", "living_room_text"] == "本规则包无上限"


def _written(report: Report, path: Path) -> Path:
    write_files(report, [path], "zh")
    return path


def test_parks_carry_their_balance(opened: dict[str, Path], plan: Report) -> None:
    table = read(opened["plan"], "parks").set_index("park_id")
    assert len(plan.ledger) > 2
    for row in plan.ledger:
        held = table.loc[row.park_id]
        assert (held["district"], held["need_m2"], held["uncovered_m2"]) == (
            row.district, row.need_m2, row.uncovered_m2,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "layers"),
    [("plan", {"parcels", "parks", "findings"}), ("dirty", {"parcels", "parks", "findings", "overlaps"})],
)
def test_qgis_finds_a_style_for_every_layer(name: str, layers: set[str], opened: dict[str, Path]) -> None:
    path = opened[name]
    kinds = dict(select(path, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds["layer_styles"] == kinds["landcheck_run"] == "attributes"
    assert select(path, "PRAGMA user_version") == [(10200,)]
    styles = select(path, "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles")
    assert {styled for styled, *_ in styles} == layers
    geometry = dict(select(path, "SELECT table_name, column_name FROM gpkg_geometry_columns"))
    for layer, column, default, qml in styles:
        assert (column, default) == (geometry[layer], 1)
        renderer = ET.fromstring(qml).find("renderer-v2")  # noqa: S314 - our own
        assert renderer is not None
        assert renderer.get("type") == "categorizedSymbol"
        held = set(read(path, layer)[renderer.get("attr")])
        categories = {c.get("value"): c.get("symbol") for c in renderer.iter("category")}
        symbols = {s.get("name"): s for s in renderer.iter("symbol")}
        assert held <= set(categories)
        for symbol in categories.values():
            assert symbols[symbol].get("type") == ("marker" if layer == "findings" else "fill")
            colour = symbols[symbol].find("layer/prop[@k='color']")
            assert colour is not None
            assert len(str(colour.get("v")).split(",")) == 4


def test_verdict_columns_are_read_as_words_of_the_language(opened: dict[str, Path]) -> None:
    (qml,) = select(opened["plan"], "SELECT styleQML FROM layer_styles WHERE f_table_name = 'parcels'")[0]
    root = ET.fromstring(qml)  # noqa: S314 - our own
    field = root.find("fieldConfiguration/field[@name='far_industrial']")
    assert field is not None
    assert {o.get("value"): o.get("name") for o in field.iter("Option") if o.get("type") == "QString"}[
        "fail"
    ] == "不符合"
    columns = [row[1] for row in select(opened["plan"], "PRAGMA table_info(parcels)") if row[1] != "geom"]
    for alias in root.iter("alias"):
        assert columns[int(str(alias.get("index")))] == alias.get("field")


def test_the_run_is_in_the_file(opened: dict[str, Path], plan: Report) -> None:
    rows = select(opened["plan"], "SELECT section, name, value FROM landcheck_run")
    told = {(section, name): value for section, name, value in rows}
    assert told["reading", "reading"] == "threshold"
    assert told["as_of", "as_of"] == plan.as_of.isoformat()
    assert plan.packs[0].number in told["pack", plan.packs[0].id]
    assert [(name, value) for section, name, value in rows if section == "notice"] == [
        (notice.code, notice.say("zh")) for notice in plan.notices
    ]


def test_same_run_same_bytes(dirty: Report, tmp_path: Path) -> None:
    write_files(dirty, [tmp_path / "first.gpkg"], "en")
    write_files(dirty, [tmp_path / "second.gpkg"], "en")
    assert (tmp_path / "first.gpkg").read_bytes() == (tmp_path / "second.gpkg").read_bytes()


def test_hostile_text_is_text(drawn_of: Callable[..., Report], hostile: str, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_files(drawn_of(hostile), [path], "en")
    parcels, found = read(path, "parcels"), read(path, "findings")
    assert parcels["parcel_id"].tolist() == [visible(hostile)]
    assert parcels["data"].tolist() == [f"data/value: seen: {visible(hostile)}"]
    assert found["subject"].tolist() == [visible(hostile)] * 2
    assert found["message"][1] == f"seen: {visible(hostile)}"
    notices = select(path, "SELECT value FROM landcheck_run WHERE section = 'notice'")
    assert notices == [(f"seen: {visible(hostile)}",)]


def test_an_unknown_system_stays_unknown(drawn_of: Callable[..., Report], tmp_path: Path) -> None:
    write_files(drawn_of("P1", system=None), [tmp_path / "a.gpkg"], "en")
    parcels: geopandas.GeoDataFrame = read(tmp_path / "a.gpkg", "parcels")
    assert parcels.crs is None or "undefined" in parcels.crs.name.lower()
    assert parcels.total_bounds.tolist() == [650_000, 3_450_000, 650_100, 3_450_100]


def test_layers_of_a_shapefile_carry_the_code_its_prj_was_recognised_by(tmp_path: Path) -> None:
    """ESRI's .prj names no code: GDAL gave the GeoPackage 100000 for it."""
    square = shapely.box(650_000, 3_450_000, 650_100, 3_450_100)
    geopandas.GeoDataFrame({"parcel_id": ["A"]}, geometry=[square], crs="EPSG:4549").to_file(tmp_path / "p.shp")
    (tmp_path / "p.prj").write_text(pyproj.CRS("EPSG:4549").to_wkt("WKT1_ESRI"), encoding="utf-8")
    write_files(check(Request(str(tmp_path / "p.shp"))), [tmp_path / "a.gpkg"], "en")
    assert set(select(tmp_path / "a.gpkg", "SELECT srs_id FROM gpkg_geometry_columns")) == {(4549,)}
    assert pyogrio.read_bounds(tmp_path / "a.gpkg", layer="parcels")[1].ravel().tolist() == [
        650_000, 3_450_000, 650_100, 3_450_100,
    ]  # fmt: skip


def test_a_program_that_has_the_older_one_open_does_not_spoil_the_new(dirty: Report, tmp_path: Path) -> None:
    write_files(dirty, [tmp_path / "r.gpkg"], "en")
    with closing(sqlite3.connect(tmp_path / "r.gpkg")) as reader:  # as QGIS opens it
        reader.execute("pragma journal_mode=wal")
        reader.executescript("create table mine(a); insert into mine values (zeroblob(100000));")
        assert (tmp_path / "r.gpkg-wal").stat().st_size > 100_000
        write_files(dirty, [tmp_path / "r.gpkg"], "en")
        assert [path.name for path in tmp_path.iterdir()] == ["r.gpkg"]
        assert select(tmp_path / "r.gpkg", "pragma integrity_check") == [("ok",)]
        assert select(tmp_path / "r.gpkg", "select name from sqlite_master where name = 'mine'") == []
    assert len(read(tmp_path / "r.gpkg", "parcels")) == dirty.summary.subjects["parcel"]
