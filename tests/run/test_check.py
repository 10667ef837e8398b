"""The road from files to verdicts, over small layers whose answers are worked out by hand."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box

from landcheck import InputError, Report, Request, check
from landcheck.fields.catalogue import titled
from landcheck.model import Role

# Zhangjiang in EPSG:4549; a square of 100 m is 10,000 m² on the plane and about 5.7 m² less on the ellipsoid
X, Y = 656_000.0, 3_453_000.0
AS_OF = dt.date(2022, 6, 1)
GOOD = {"land_class": "industrial_project", "site_area_m2": 10_000.0, "far_gfa_m2": 20_000.0, "term_years": 20.0}


def square(east: float, north: float = 0, side: float = 100) -> Polygon:
    return box(X + east, Y + north, X + east + side, Y + north + side)


def layer(path: Path, rows: list[dict[str, Any]], crs: str | None = "EPSG:4549") -> str:
    shapes = [row.pop("shape") for row in rows]
    gpd.GeoDataFrame(rows, geometry=shapes, crs=crs).to_file(path, driver="GPKG")
    return str(path)


def run(parcels: str, **more: Any) -> Report:
    return check(Request(parcels, as_of=AS_OF, show_all=True, **more))


def verdicts(report: Report, rule: str) -> dict[str, str]:
    return {f.subject.id: f.verdict.word for f in report.findings if f.rule.id == rule}


def data(report: Report, rule: str) -> list[tuple[str, str, str]]:
    return [(d.subject.id, d.level.value, d.message.code) for d in report.data if d.rule == f"data/{rule}"]


def test_batches_of_any_size_give_the_same_report(tmp_path: Path) -> None:
    rows = [
        {"parcel_id": f"P{i:03}", **GOOD, "far_gfa_m2": 20_000.0 - (i % 3), "shape": square(i % 10 * 99, i // 10 * 120)}
        for i in range(60)
    ]
    rows[7]["parcel_id"] = "P006"
    file = layer(tmp_path / "p.gpkg", rows)
    reports = [run(file, batch_rows=size) for size in (1, 7, 60, 65_536)]
    told = [(r.summary, list(r.findings), r.data, r.assumptions, r.notices) for r in reports]
    assert told[0] == told[1] == told[2] == told[3]
    # neighbours in a row of ten overlap by a metre: nine pairs in each of six rows
    assert len(data(reports[0], "overlap")) == 54
    assert data(reports[0], "id") == [("P006", "error", "id-repeated")]


def test_an_area_from_the_drawing_is_ellipsoidal_unless_planar_is_asked_for(tmp_path: Path) -> None:
    # on the plane 100 x 100 m carry exactly 2.0; the ellipsoid has less land, so the same floor area is more than 2.0
    file = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **GOOD, "site_area_m2": None, "far_gfa_m2": 19_995.0,
                                        "shape": square(0)}])  # fmt: skip
    assert verdicts(run(file), "far-industrial") == {"P1": "pass"}
    assert verdicts(run(file, area_basis="planar"), "far-industrial") == {"P1": "fail"}
    gpd.read_file(file).to_crs("EPSG:4490").to_file(tmp_path / "d.gpkg", driver="GPKG")
    in_degrees = run(str(tmp_path / "d.gpkg"), area_basis="planar")
    assert verdicts(in_degrees, "far-industrial") == {"P1": "undetermined"}
    assert data(in_degrees, "crs") == [("parcels", "warning", "data-crs-no-plane")]
    assert verdicts(run(file, assume=False), "far-industrial") == {"P1": "undetermined"}
    assert [(a.field, a.rows) for a in run(file).assumptions if a.field == "site_area_m2"] == [("site_area_m2", 1)]


@pytest.mark.parametrize(("crs", "basis"), [(None, "ellipsoidal"), (None, "planar"), ("EPSG:3857", "planar")])
def test_no_verdict_comes_from_an_area_in_an_unknown_system_or_on_the_plane_of_web_mercator(
    tmp_path: Path, crs: str | None, basis: str
) -> None:
    rows = [{"parcel_id": "P1", **GOOD, "site_area_m2": None, "shape": square(0)}, {"parcel_id": "P2", **GOOD,
            "shape": square(200)}]  # fmt: skip
    shapes = gpd.GeoDataFrame(rows, geometry=[row.pop("shape") for row in rows], crs="EPSG:4549")
    frame = shapes.to_crs(crs) if crs else shapes.set_crs(None, allow_override=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided", UserWarning)
        frame.to_file(tmp_path / "p.gpkg", driver="GPKG")
    report = run(str(tmp_path / "p.gpkg"), area_basis=basis)
    assert verdicts(report, "far-industrial") == {"P1": "undetermined", "P2": "pass"}
    assert data(report, "crs")


def test_a_local_system_has_planar_areas_for_who_asks_for_them(tmp_path: Path) -> None:
    """上海平面坐标系 without its parameters: metres on a plane, tied to nothing."""
    local = 'LOCAL_CS["Shanghai",UNIT["Meter",1.0]]'
    row = {"parcel_id": "P1", **GOOD, "site_area_m2": None, "shape": square(-X)}
    file = layer(tmp_path / "p.gpkg", [row], crs=local)
    assert verdicts(run(file), "far-industrial") == {"P1": "undetermined"}
    report = run(file, area_basis="planar")
    assert verdicts(report, "far-industrial") == {"P1": "pass"}
    far = next(finding for finding in report.findings if finding.rule.id == "far-industrial")
    assert far.areas is not None
    assert (far.areas.taken_m2, far.areas.ellipsoidal_m2) == (10_000.0, None)


def test_a_parcel_is_in_the_zone_by_more_than_half_and_belongs_to_the_park_that_holds_most(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [
        {"parcel_id": "IN", **GOOD, "shape": square(0)},
        {"parcel_id": "MOSTLY", **GOOD, "shape": square(840)},  # 60 of 100 m lie inside
        {"parcel_id": "HARDLY", **GOOD, "shape": square(860, 200)},  # 40 of 100 m
        {"parcel_id": "OUT", **GOOD, "shape": square(2000)},
        {"parcel_id": "SAYS", **GOOD, "in_high_tech_zone": True, "shape": square(2000, 200)},
    ])  # fmt: skip
    parks = layer(tmp_path / "k.gpkg", [{"park_id": "K1", "district": "浦东新区", "shape": square(-100, -100, 1000)}])
    report = run(parcels, sources={"parks": parks})
    assert verdicts(report, "far-industrial") == {
        "IN": "pass", "MOSTLY": "pass", "HARDLY": "not_applicable", "OUT": "not_applicable", "SAYS": "pass",
    }  # fmt: skip
    assert not [a for a in report.assumptions if a.field == "in_high_tech_zone"]
    assert {(row, code) for row, _, code in data(report, "location")} == {
        ("MOSTLY", "parcel-across-border"), ("HARDLY", "parcel-across-border"),
    }  # fmt: skip


def test_a_parcel_without_a_shape_has_no_place_and_so_no_verdict(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [
        {"parcel_id": "P1", **GOOD, "shape": square(0)}, {"parcel_id": "P2", **GOOD, "shape": None},
    ])  # fmt: skip
    zones = layer(tmp_path / "z.gpkg", [{"zone_id": "Z", "shape": square(-100, -100, 1000)}])
    assert verdicts(run(parcels, sources={"zones": zones}), "far-industrial") == {"P1": "pass", "P2": "undetermined"}


def test_zones_in_another_system_are_set_into_that_of_the_parcels(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **GOOD, "shape": square(0)}])
    zone = gpd.GeoDataFrame({"zone_id": ["Z"]}, geometry=[square(-100, -100, 1000)], crs="EPSG:4549").to_crs(
        "EPSG:4490"
    )
    zone.to_file(tmp_path / "z.geojson", driver="GeoJSON")
    report = run(parcels, sources={"zones": str(tmp_path / "z.geojson")})
    assert verdicts(report, "far-industrial") == {"P1": "pass"}


def test_buildings_fill_what_a_parcel_has_none_of_by_id_or_by_place(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [
        {"parcel_id": "P1", **GOOD, "living_gfa_m2": None, "shape": square(0)},
        {"parcel_id": "P2", **GOOD, "living_gfa_m2": 900.0, "shape": square(200)},
    ])  # fmt: skip
    buildings = layer(tmp_path / "b.gpkg", [
        # P1: 850 main and 150 living above ground, exactly 15 %; 200 of the 1,050 of B1 lie in its one basement of five
        {"building_id": "B1", "parcel_id": "P1", "use": "main_industry", "floors_above": 4.25, "floors_below": 1.0,
         "gfa_m2": 1050.0, "shape": square(10, 10, 10)},
        {"building_id": "B2", "parcel_id": None, "use": "living", "floors_above": 3.0, "floors_below": 0.0,
         "gfa_m2": 150.0, "shape": square(40, 10, 10)},
        {"building_id": "B3", "parcel_id": "P2", "use": "living", "floors_above": 2.0, "floors_below": 0.0,
         "gfa_m2": 1000.0, "shape": square(210, 10, 10)},
        {"building_id": "B4", "parcel_id": None, "use": "living", "floors_above": 2.0, "floors_below": 0.0,
         "gfa_m2": 1000.0, "shape": square(5000, 10, 10)},
    ])  # fmt: skip
    report = run(parcels, sources={"buildings": buildings})
    # P2 has 900 of its own, which counts against the 1,000 of its building, and 900 of 1,000 is over 15 %
    assert verdicts(report, "living-15") == {"P1": "pass", "P2": "fail"}
    assert ("P2", "warning", "gfa-buildings-differ") in data(report, "gfa-consistent")
    assert ("B4", "error", "building-without-parcel") in data(report, "location")
    living = next(
        o for f in report.findings if f.subject.id == "P1" and f.rule.id == "living-15" for o in f.requirements
    )
    assert living.measured == pytest.approx(15.0)


def test_attributes_join_by_id_and_what_finds_no_parcel_is_told(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [
        {"parcel_id": "P1", "shape": square(0)},
        {"parcel_id": "P2", "far_gfa_m2": 1.0, "shape": square(200)},
        {"parcel_id": "P3", "shape": square(400)},
        {"parcel_id": "P4", "far_gfa_m2": 19900.0, "shape": square(600)},
    ])  # fmt: skip
    table = tmp_path / "a.csv"
    table.write_text(
        "地块编号,产业用地类型,用地面积(公顷),计容建筑面积\n"
        "P1,产业项目类工业用地,1,20000\nP2,产业项目类工业用地,1,20000\n"
        "P3,产业项目类工业用地,1,20000\nP3,产业项目类工业用地,1,30000\nP4,产业项目类工业用地,1,20000\nP9,其他,1,1\n",
        encoding="utf-8",
    )
    report = run(parcels, sources={"attributes": str(table)})
    assert verdicts(report, "far-industrial") == {
        "P1": "pass", "P2": "undetermined", "P3": "undetermined", "P4": "pass",
    }  # fmt: skip
    told = data(report, "value")
    assert {("P2", "error", "attributes-contradict"), ("P4", "warning", "attributes-differ")} <= set(told)
    assert {code for _, _, code in data(report, "id")} == {"attributes-repeated-id", "attributes-without-parcel"}


def test_green_finds_its_park_by_place_and_what_finds_none_covers_nothing(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **GOOD, "shape": square(0)}])
    parks = layer(tmp_path / "k.gpkg", [
        {"park_id": "K1", "district": "浦东新区", "district_balance_approved": True, "shape": square(0, 0, 1000)},
        {"park_id": "K2", "district": "浦东新区", "district_balance_approved": None, "shape": square(1000, 0, 1000)},
    ])  # fmt: skip
    green = layer(tmp_path / "g.gpkg", [
        {"green_id": "G1", "change": "reduction", "area_m2": 100.0, "project_completed": True, "reason": "expansion",
         "shape": square(10, 10, 10)},
        {"green_id": "G2", "change": "new_planned", "area_m2": 60.0, "project_completed": None, "reason": None,
         "shape": square(1010, 10, 10)},
        {"green_id": "G3", "change": "new_planned", "area_m2": 500.0, "project_completed": None, "reason": None,
         "shape": square(9000, 10, 10)},
    ])  # fmt: skip
    report = run(parcels, sources={"parks": parks, "green": green})
    # K1 is short of 100 and draws the 60 that K2 has over; the 500 of nobody's park help nobody
    assert verdicts(report, "green-balance") == {"K1": "fail", "K2": "not_applicable"}
    rows = {row.park_id: (row.need_m2, row.have_m2, row.from_district_m2, row.uncovered_m2) for row in report.ledger}
    assert rows == {"K1": (100, 0, 60, 40), "K2": (0, 60, 0, 0)}
    assert data(report, "location") == [("G3", "error", "green-without-park")]


def test_parks_without_green_cannot_be_judged(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **GOOD, "shape": square(0)}])
    parks = layer(tmp_path / "k.gpkg", [{"park_id": "K1", "district": "浦东新区", "shape": square(0, 0, 1000)}])
    report = run(parcels, sources={"parks": parks})
    assert verdicts(report, "green-balance") == {"K1": "undetermined"}
    assert "no-green" in {notice.code for notice in report.notices}


def test_green_alone_names_its_own_parks(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **GOOD, "shape": square(0)}])
    table = tmp_path / "g.csv"
    table.write_text(
        "green_id,park_id,district,change,area_m2,project_completed,reason\n"
        "G1,K1,浦东新区,reduction,100,true,expansion\nG2,K1,浦东新区,new_planned,100,,\n",
        encoding="utf-8",
    )
    report = run(parcels, sources={"green": str(table)})
    assert verdicts(report, "green-balance") == {"K1": "pass"}
    assert report.summary.subjects == {"parcel": 1, "park": 1}


def test_an_empty_layer_of_zones_is_no_evidence(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **GOOD, "shape": square(0)}])
    gpd.GeoDataFrame({"zone_id": []}, geometry=[], crs="EPSG:4549").to_file(tmp_path / "z.gpkg", driver="GPKG")
    with pytest.raises(InputError, match=r"z\.gpkg"):
        run(parcels, sources={"zones": str(tmp_path / "z.gpkg")})


def test_a_surplus_part_lies_in_its_parent(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [
        {"parcel_id": "P1", **GOOD, "is_surplus_part": False, "parent_id": None, "shape": square(0)},
        {"parcel_id": "P1-A", **GOOD, "is_surplus_part": True, "parent_id": "P1", "shape": square(10, 10, 50)},
        {"parcel_id": "P1-B", **GOOD, "is_surplus_part": True, "parent_id": "P1", "shape": square(300)},
        {"parcel_id": "P7-A", **GOOD, "is_surplus_part": True, "parent_id": "P7", "shape": square(500)},
    ])  # fmt: skip
    assert {(row, code) for row, _, code in data(run(parcels, batch_rows=1), "location")} == {
        ("P1-B", "part-outside-parent"), ("P7-A", "parent-unknown"),
    }  # fmt: skip


def test_contradictions_in_a_row_are_told(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [
        {"parcel_id": "FAR", **GOOD, "far": 2.5, "shape": square(0)},
        {"parcel_id": "PARTS", **GOOD, "above_ground_gfa_m2": 100.0, "living_gfa_m2": 101.0, "shape": square(200)},
        # declared 9,700 m² against 10,000 drawn: 19,600 m² of floor are 2.02 on the one and 1.96 on the other
        {"parcel_id": "AREA", **GOOD, "site_area_m2": 9_700.0, "far_gfa_m2": 19_600.0, "shape": square(400)},
    ])  # fmt: skip
    report = run(parcels)
    assert data(report, "far-consistent") == [("FAR", "warning", "far-differs")]
    assert data(report, "gfa-consistent") == [("PARTS", "error", "gfa-parts-exceed")]
    assert data(report, "area-consistent") == [("AREA", "warning", "area-differs")]
    told = next(d.message.say("en") for d in report.data if d.rule == "data/area-consistent")
    assert "far-industrial (ellipsoidal)" in told


def test_every_undetermined_verdict_names_what_is_missing(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", "shape": None}, {"parcel_id": "P2", "shape": square(0)}])
    report = run(parcels, assume=False)
    open_ones = [f for f in report.findings if f.verdict.word == "undetermined"]
    assert open_ones
    assert all(f.missing for f in open_ones)


def test_a_parcel_across_two_zones_lies_in_the_ground_they_cover_together(tmp_path: Path) -> None:
    parcels = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **GOOD, "shape": square(0)}])
    halves = [{"zone_id": "W", "shape": square(-50)}, {"zone_id": "E", "shape": square(50)}]
    report = run(parcels, sources={"zones": layer(tmp_path / "z.gpkg", halves)})
    assert verdicts(report, "far-industrial") == {"P1": "pass"}


def test_a_surplus_part_is_no_overlap_with_its_parent_but_with_another_part(tmp_path: Path) -> None:
    part = {"is_surplus_part": True, "parent_id": "P1"}
    rows = [
        {"parcel_id": "P1", **GOOD, "is_surplus_part": False, "parent_id": None, "shape": square(0)},
        {"parcel_id": "S1", **GOOD, **part, "shape": square(0, 0, 40)},
        {"parcel_id": "S2", **GOOD, **part, "shape": square(20, 0, 40)},
    ]
    found = [one for one in run(layer(tmp_path / "p.gpkg", rows)).data if one.rule == "data/overlap"]
    assert [(one.message.values["a"], one.message.values["b"]) for one in found] == [("S1", "S2")]


def test_columns_of_which_nothing_was_read_are_told_where_a_field_was_assumed(tmp_path: Path) -> None:
    given = {"parcel_id": "A", "SFCLGY": "是", **GOOD, "approval_date": "2022-01-01"}
    assumed = {"single_use": True, "in_high_tech_zone": True, "is_surplus_part": False}
    for number, stock in enumerate(({}, {"is_stock": False})):
        row = {**given, **assumed, **stock, "shape": square(0)}
        told = [one for one in run(layer(tmp_path / f"{number}.gpkg", [row])).notices if one.code == "columns-unread"]
        assert [(one.values["columns"], [str(name) for name in one.values["fields"]]) for one in told] == (
            [] if stock else [(["SFCLGY"], [str(titled(Role.PARCELS, "is_stock"))])]
        )
