"""Layers around the parcels with gaps in them: a gap is told, stops nothing, and is never taken for a fact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box
from typer.testing import CliRunner

from landcheck.cli.app import app

X, Y = 656_000.0, 3_453_000.0
PLOT = {"land_class": "industrial_project", "site_area_m2": 10_000.0, "is_stock": False}
BOW_TIE = Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def layer(name: str, *rows: dict[str, Any]) -> str:
    shapes = [row.pop("shape", None) for row in rows]
    gpd.GeoDataFrame(list(rows), geometry=shapes, crs="EPSG:4549").to_file(name, driver="GPKG")
    return name


def square(east: float) -> Polygon:
    return box(X + east, Y, X + east + 100, Y + 100)


def check(parcels: str, *more: str, pack: str = "shanghai-2021-9") -> dict[str, Any]:
    words = ["check", parcels, "--pack", pack, "--as-of", "2025-06-01", "--show", "all", "--output-format", "json",
             "--exit-zero", "--lang", "en", *more]  # fmt: skip
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def finding(told: dict[str, Any], subject: str, rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in told["findings"] if (f["subject"]["id"], f["rule"]) == (subject, rule))
    return found


def codes(told: dict[str, Any], rule: str) -> list[tuple[str, str]]:
    return [(one["subject"]["id"], one["code"]) for one in told["data"] if one["rule"] == rule]


def test_a_building_finds_its_parcel_beside_one_that_crosses_itself() -> None:
    parcels = layer("p.gpkg", {"parcel_id": "BOW", **PLOT, "shape": BOW_TIE}, {"parcel_id": "P2", **PLOT,
                    "shape": square(200)})  # fmt: skip
    homeless = {"building_id": "B1", "parcel_id": None, "use": "living", "gfa_m2": 500.0, "floors_above": 5.0}
    astray = {**homeless, "building_id": "B2"}
    houses = layer("b.gpkg", {**homeless, "shape": square(210)}, {**astray, "shape": square(0)})
    told = check(parcels, "--buildings", houses)
    assert finding(told, "P2", "living-15")["requirements"][0]["measured"] == 100
    assert codes(told, "data/geometry") == [("BOW", "data-geometry-self-intersection")]


@pytest.mark.parametrize("rows", [["P1,100", "P1,200"], [",100"]])
def test_a_table_without_a_row_that_can_be_used_fills_nothing(rows: list[str]) -> None:
    Path("a.csv").write_text("\n".join(["parcel_id,far_gfa_m2", *rows]) + "\n", encoding="utf-8")
    told = check(layer("p.gpkg", {"parcel_id": "P1", **PLOT, "shape": square(0)}), "--attributes", "a.csv")
    assert finding(told, "P1", "far-industrial")["verdict"] == "undetermined"
    assert [code for _, code in codes(told, "data/id")] in (["attributes-repeated-id"], ["attributes-missing-id"])


def test_a_park_without_an_id_is_not_the_park_of_a_parcel_without_one() -> None:
    parcels = layer("p.gpkg", {"parcel_id": "P1", **PLOT, "park_id": None})
    parks = layer("k.gpkg", {"park_id": "K1", "shape": square(0)}, {"park_id": None, "shape": square(500)})
    told = check(parcels, "--parks", parks, pack="shanghai-green")
    plot = finding(told, "P1", "green-plot-20")
    assert plot["verdict"] == "undetermined"
    assert "in_industrial_park" in plot["missing"]


def test_of_a_park_known_only_by_its_green_all_else_is_missing() -> None:
    Path("g.csv").write_text("green_id,park_id,change,area_m2\nG1,K1,existing,100\n", encoding="utf-8")
    told = check(layer("p.gpkg", {"parcel_id": "P1", **PLOT, "shape": square(0)}), "--green", "g.csv",
                 pack="shanghai-green")  # fmt: skip
    park = finding(told, "K1", "green-park-20")
    assert (park["verdict"], park["missing"]) == ("undetermined", ["park_area_m2"])
    Path("g.csv").write_text("green_id,park_id,change,area_m2\nG1,K1,new_planned,100\n", encoding="utf-8")
    told = check("p.gpkg", "--green", "g.csv", pack="shanghai-green")
    assert finding(told, "K1", "green-park-20")["missing"] == ["park_green_m2", "park_area_m2"]


def test_nothing_is_said_of_the_place_of_a_parcel_that_is_not_drawn() -> None:
    undrawn = {"parcel_id": "P1", **PLOT, "park_id": "K1"}
    lost, away = {**undrawn, "parcel_id": "P2", "park_id": "K2"}, {**undrawn, "parcel_id": "P3", "shape": square(900)}
    parcels = layer("p.gpkg", undrawn, lost, away)
    told = check(parcels, "--parks", layer("k.gpkg", {"park_id": "K1", "shape": square(0)}))
    assert codes(told, "data/location") == [
        ("parks", "zones-unmet"), ("P2", "parcel-park-unknown"), ("P3", "parcel-outside-park"),
    ]  # fmt: skip


def test_who_is_in_no_sound_zone_may_be_in_one_that_is_not() -> None:
    unknown = {"parcel_id": "OUT", **PLOT, "far_gfa_m2": 9_000.0}
    layer("p.gpkg", {**unknown, "shape": square(500)}, {**unknown, "parcel_id": "IN", "shape": square(0)})
    zones = layer("z.gpkg", {"zone_id": "Z1", "shape": box(X - 10, Y - 10, X + 110, Y + 110)})
    told = check("p.gpkg", "--zones", zones)
    assert finding(told, "OUT", "far-industrial")["verdict"] == "not_applicable"
    for shape in (None, BOW_TIE):
        zones = layer("z.gpkg", {"zone_id": "Z1", "shape": box(X - 10, Y - 10, X + 110, Y + 110)},
                      {"zone_id": "Z2", "shape": shape})  # fmt: skip
        told = check("p.gpkg", "--zones", zones)
        out = finding(told, "OUT", "far-industrial")
        assert (out["verdict"], out["missing"]) == ("undetermined", ["in_high_tech_zone"])
        assert finding(told, "IN", "far-industrial")["verdict"] == "fail"


def test_zones_that_no_parcel_meets_are_told() -> None:
    layer("p.gpkg", {"parcel_id": "P1", **PLOT, "shape": square(0)})
    told = check("p.gpkg", "--zones", layer("z.gpkg", {"zone_id": "Z1", "shape": square(90_000)}))
    assert codes(told, "data/location") == [("zones", "zones-unmet")]
    told = check("p.gpkg", "--zones", layer("z.gpkg", {"zone_id": "Z1", "shape": square(90)}))
    assert codes(told, "data/location") == []


def test_zones_that_no_parcel_meets_are_not_said_to_leave_all_outside_where_one_is_not_sound() -> None:
    parcels = layer("p.gpkg", {"parcel_id": "P1", **PLOT, "shape": square(0)})
    zones = layer("z.gpkg", {"name": "Z", "shape": square(5000)}, {"name": "N", "shape": BOW_TIE})
    told = check(parcels, "--zones", zones)
    assert finding(told, "P1", "far-industrial")["verdict"] == "undetermined"
    assert codes(told, "data/location") == []
    assert [one["subject"]["type"] for one in told["data"] if one["rule"] == "data/geometry"] == ["zone"]


def test_a_building_that_stands_twice_on_a_parcel_is_told() -> None:
    layer("p.gpkg", {"parcel_id": "P1", **PLOT, "shape": square(0)}, {"parcel_id": "P2", **PLOT, "shape": square(200)})
    rows = [
        "1,P1,living,500,1,0",
        "1,P2,living,500,1,0",
        "1,P1,living,500,1,0",
        ",P1,living,500,1,0",
        ",P1,living,500,1,0",
    ]
    Path("b.csv").write_text("building_id,parcel_id,use,gfa_m2,floors_above,floors_below\n" + "\n".join(rows) + "\n",
                             encoding="utf-8")  # fmt: skip
    told = [one for one in check("p.gpkg", "--buildings", "b.csv")["data"] if one["rule"] == "data/id"]
    assert [(one["level"], one["subject"]["id"], one["row"], one["code"]) for one in told] == [
        ("error", "1", 1, "building-repeated")
    ]
    assert "lines 2, 4" in told[0]["message"]


def test_the_order_of_buildings_changes_no_digit_and_no_comparison() -> None:
    layer("p.gpkg", {"parcel_id": "P1", **PLOT, "shape": square(0)})
    rows = ["B1,P1,living,1000.1,1,0", "B2,P1,main_industry,0.2,1,0", "B3,P1,living,2000.3,1,0", "B4,P1,living,0.7,1,0"]
    reports = []
    for name, order in (("a", rows), ("b", rows[::-1]), ("c", [rows[i] for i in (2, 0, 3, 1)])):
        table = "\n".join(["building_id,parcel_id,use,gfa_m2,floors_above,floors_below", *order])
        Path("b.csv").write_text(table + "\n", encoding="utf-8")
        told = check("p.gpkg", "--buildings", "b.csv", "-o", f"{name}.json")
        reports.append(finding(told, "P1", "living-15"))
    assert reports[0]["verdict"] == "fail"
    assert reports[0] == reports[1] == reports[2]
    result = CliRunner().invoke(app, ["diff", "a.json", "b.json"])
    assert result.exit_code == 0, result.stdout


def test_layers_of_one_file_are_known_by_their_chinese_names_too() -> None:
    inside = {"parcel_id": "IN", **PLOT, "far_gfa_m2": 15_000.0}
    frame = gpd.GeoDataFrame(
        [inside, {**inside, "parcel_id": "OUT"}], geometry=[square(0), square(900)], crs="EPSG:4549"
    )
    zone = gpd.GeoDataFrame([{"zone_id": "Z"}], geometry=[square(0).buffer(10)], crs="EPSG:4549")
    frame.to_file("plan.gpkg", layer="地块", driver="GPKG")
    zone.to_file("plan.gpkg", layer="高新区", driver="GPKG")
    told = check("plan.gpkg")
    assert [one["role"] for one in told["inputs"]] == ["parcels", "zones"]
    verdicts = {ident: finding(told, ident, "far-industrial")["verdict"] for ident in ("IN", "OUT")}
    assert verdicts == {"IN": "fail", "OUT": "not_applicable"}


def test_a_sheet_of_notes_is_no_table_of_attributes() -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook("a.xlsx")
    table, notes = book.add_worksheet("台账"), book.add_worksheet("填表说明")
    table.write_row(0, 0, ["地块编号", "计容建筑面积"])
    table.write_row(1, 0, ["P1", 15_000])
    notes.write(0, 0, "以实测为准")
    book.close()
    parcels = layer("p.gpkg", {"parcel_id": "P1", **PLOT, "shape": square(0)})
    assert finding(check(parcels, "--attributes", "a.xlsx"), "P1", "far-industrial")["verdict"] == "fail"


def test_a_park_may_be_named_by_a_name_that_it_has_alone() -> None:
    parks = layer("k.gpkg", {"park_id": "ZJ01", "name": "张江", "shape": square(0)},
                  {"park_id": "X1", "name": "新园", "shape": square(200)},
                  {"park_id": "X2", "name": "新园", "shape": square(400)})  # fmt: skip
    parcels = layer("p.gpkg", {"parcel_id": "A", "park_id": "张江", **PLOT, "shape": square(0)},
                    {"parcel_id": "B", "park_id": "新园", **PLOT, "shape": square(200)},
                    {"parcel_id": "C", "park_id": "X2", **PLOT, "shape": square(400)})  # fmt: skip
    green = layer("g.gpkg", {"green_id": "G", "park_id": "张江", "change": "reduction", "area_m2": 100.0})
    told = check(parcels, "--parks", parks, "--green", green, pack="shanghai-green")
    assert codes(told, "data/location") == [("B", "parcel-park-unknown")]
    assert finding(told, "ZJ01", "green-reduction-covered")["verdict"] != "not_applicable"
    assert finding(told, "X1", "green-reduction-covered")["verdict"] == "not_applicable"
