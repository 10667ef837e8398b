"""Facts the greening regulation asks for, from the layers around the parcels; every number is worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box
from typer.testing import CliRunner

from landcheck.cli.app import app

# Zhangjiang in EPSG:4549, whose plane is about 570 m² too large over a square kilometre
X, Y = 656_000.0, 3_453_000.0
PLOT = {"land_class": "industrial_project", "is_stock": False, "site_area_m2": 10_000.0, "plot_green_m2": 1_900.0}
HEAD = "green_id,park_id,change,area_m2"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def square(east: float, north: float = 0, side: float = 100) -> Polygon:
    return box(X + east, Y + north, X + east + side, Y + north + side)


def layer(name: str, rows: list[dict[str, Any]]) -> str:
    shapes = [row.pop("shape", None) for row in rows]
    gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4549").to_file(name, driver="GPKG")
    return name


def parks(*rows: dict[str, Any]) -> str:
    return layer("k.gpkg", list(rows))


def plots(*rows: dict[str, Any]) -> str:
    return layer("p.gpkg", [{**PLOT, **row} for row in rows] or [{**PLOT, "parcel_id": "P1", "shape": square(0)}])


def green(*rows: str) -> str:
    Path("g.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return "g.csv"


def check(parcels: str, *more: str) -> dict[str, Any]:
    words = ["check", parcels, "--pack", "shanghai-green", "--as-of", "2025-06-01", "--show", "all",
             "--output-format", "json", "--exit-zero", "--lang", "en", *more]  # fmt: skip
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def verdicts(told: dict[str, Any], rule: str) -> dict[str, str]:
    return {f["subject"]["id"]: f["verdict"] for f in told["findings"] if f["rule"] == rule}


def of(told: dict[str, Any], rule: str, subject: str) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in told["findings"] if (f["rule"], f["subject"]["id"]) == (rule, subject))
    return found


def codes(told: dict[str, Any]) -> list[str]:
    return [notice["code"] for notice in told["notices"]]


def test_a_plot_is_in_a_park_where_more_than_half_of_it_lies_in_one() -> None:
    told = check(
        plots(
            {"parcel_id": "inside", "shape": square(0)},
            {"parcel_id": "mostly", "shape": square(940)},  # 60 of 100 m
            {"parcel_id": "half", "shape": square(950, 200)},
            {"parcel_id": "outside", "shape": square(2000)},
        ),
        "--parks", parks({"park_id": "K1", "shape": square(0, 0, 1000)}),
    )  # fmt: skip
    # 1,900 of 10,000 m²: 19 %, which only a plot outside the parks may not have
    assert verdicts(told, "green-plot-20") == {
        "inside": "not_applicable", "mostly": "not_applicable", "half": "fail", "outside": "fail",
    }  # fmt: skip
    assert of(told, "green-plot-20", "outside")["requirements"][0]["measured"] == 19
    said = [one["message"] for one in told["notices"]]
    assert 'For 4 parcels "in an industrial park" was derived from their place (4 verdicts rest on it)' in said
    assert "in_industrial_park" not in {taken["field"] for taken in told["assumptions"]}


def test_a_plot_without_a_shape_is_where_it_says_and_nowhere_else() -> None:
    told = check(
        plots(
            {"parcel_id": "named", "park_id": "K1"},
            {"parcel_id": "elsewhere", "park_id": "K9"},
            {"parcel_id": "silent"},
            {"parcel_id": "declared", "in_industrial_park": False},
            {"parcel_id": "drawn", "park_id": "K1", "shape": square(5000)},  # the shape is the better evidence
        ),
        "--parks", parks({"park_id": "K1", "shape": square(0, 0, 1000)}),
    )  # fmt: skip
    assert verdicts(told, "green-plot-20") == {
        "named": "not_applicable", "elsewhere": "undetermined", "silent": "undetermined", "declared": "fail",
        "drawn": "fail",
    }  # fmt: skip
    assert of(told, "green-plot-20", "silent")["missing"] == ["in_industrial_park"]


def test_without_a_layer_of_parks_nobody_knows() -> None:
    told = check(plots({"parcel_id": "P1", "park_id": "K1", "shape": square(0)}))
    assert verdicts(told, "green-plot-20") == {"P1": "undetermined"}


def test_a_zone_is_no_industrial_park() -> None:
    zones = layer("z.gpkg", [{"zone_id": "Z", "shape": square(-100, -100, 1000)}])
    told = check(plots(), "--zones", zones)
    assert verdicts(told, "green-plot-20") == {"P1": "undetermined"}


def share_of(told: dict[str, Any], park: str = "K1") -> tuple[str, float | None, list[str]]:
    finding = of(told, "green-park-20", park)
    return finding["verdict"], finding["requirements"][0]["measured"], finding["missing"]


K1 = {"park_id": "K1", "park_area_m2": 100_000.0, "shape": square(0, 0, 1000)}


def test_the_green_of_a_park_is_what_stays_and_what_is_planned() -> None:
    # 15,000 + 5,000 of 100,000 m²; the 3,000 that go are not counted
    rows = ("G1,K1,existing,15000", "G2,K1,new_planned,5000", "G3,K1,reduction,3000")
    told = check(plots(), "--parks", parks(K1.copy()), "--green", green(*rows))
    assert share_of(told) == ("pass", 20, [])
    assert codes(told).count("summed-from-green") == 1


def test_a_hundredth_of_a_square_metre_less_fails_and_the_remedy_is_that_hundredth() -> None:
    rows = ("G1,K1,existing,15000", "G2,K1,new_planned,4999.99", "G3,K1,reduction,3000")
    told = check(plots(), "--parks", parks(K1.copy()), "--green", green(*rows))
    assert share_of(told)[0] == "fail"
    assert "add 0.01 m²" in of(told, "green-park-20", "K1")["remedy"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(("G1,K2,existing,90000",), id="no row of its own"),
        pytest.param(("G1,K1,new_planned,90000", "G2,K1,reduction,10"), id="changes alone"),
        pytest.param(("G1,K1,existing,90000", "G2,K1,existing,"), id="an area unknown"),
        pytest.param(("G1,K1,existing,90000", "G2,K1,,10"), id="a change unknown"),
        pytest.param(("G1,K1,existing,90000", "G2,K9,existing,10"), id="a row of a park nobody knows"),
        pytest.param(("G1,K1,existing,90000", "G2,,new_planned,10"), id="a row without a park"),
    ],
)
def test_a_sum_that_lacks_something_is_unknown_and_never_less(rows: tuple[str, ...]) -> None:
    others = {"park_id": "K2", "park_area_m2": 1.0, "shape": square(3000)}
    told = check(plots(), "--parks", parks(K1.copy(), others), "--green", green(*rows))
    assert share_of(told) == ("undetermined", None, ["park_green_m2"])


def test_a_reduction_of_nobody_s_park_takes_nothing_from_a_sum() -> None:
    rows = ("G1,K1,existing,20000", "G2,K9,reduction,10")
    told = check(plots(), "--parks", parks(K1.copy()), "--green", green(*rows))
    assert share_of(told) == ("pass", 20, [])


def test_what_a_park_declares_counts_before_the_sum() -> None:
    declared = {**K1, "park_green_m2": 10_000.0}
    told = check(plots(), "--parks", parks(declared), "--green", green("G1,K1,existing,50000"))
    assert share_of(told) == ("fail", 10, [])
    assert "summed-from-green" not in codes(told)


def test_without_a_layer_of_green_the_green_is_missing_and_not_nought() -> None:
    told = check(plots(), "--parks", parks(K1.copy()))
    assert share_of(told) == ("undetermined", None, ["park_green_m2"])


def test_a_park_without_a_declared_area_has_that_of_its_drawing() -> None:
    # 199,990 m² are 19.999 % of the 1,000,000 m² of the plane, and more than 20 % of what lies on the ellipsoid
    drawn = parks({"park_id": "K1", "shape": square(0, 0, 1000)})
    sources = ("--parks", drawn, "--green", green("G1,K1,existing,199990"))
    told = check(plots(), *sources)
    assert share_of(told)[0] == "pass"
    assert {"role": "parks", "field": "park_area_m2", "value": "geometry", "rows": 1} in told["assumptions"]
    assert share_of(check(plots(), *sources, "--area-basis", "planar"))[:2] == ("fail", pytest.approx(19.999))
    assert share_of(check(plots(), *sources, "--no-assumptions")) == ("undetermined", None, ["park_area_m2"])


def test_green_is_summed_where_it_lies_and_what_lies_in_no_park_is_nobody_s() -> None:
    rows = [
        {"green_id": "G1", "change": "existing", "area_m2": 20_000.0, "shape": square(0)},
        {"green_id": "G2", "change": "existing", "area_m2": 5_000.0, "shape": square(7000)},
    ]
    told = check(plots(), "--parks", parks(K1.copy()), "--green", layer("g.gpkg", rows))
    assert share_of(told) == ("pass", 20, [])
    assert [d["subject"]["id"] for d in told["data"] if d["level"] == "error"] == ["G2"]


def test_other_packs_are_told_nothing_of_it() -> None:
    sources = ("--parks", parks(K1.copy()), "--green", green("G1,K1,existing,20000"))
    told = check(plots(), *sources, "--pack", "shanghai-2021-9")
    assert "summed-from-green" in codes(told)
    alone = CliRunner().invoke(app, ["check", "p.gpkg", *sources, "--output-format", "json", "--as-of", "2025-06-01"])
    told = json.loads(alone.stdout)
    assert "summed-from-green" not in codes(told)
    assert "in_industrial_park" not in str(told["notices"])
    assert "park_area_m2" not in {taken["field"] for taken in told["assumptions"]}


def test_fields_tells_what_fills_them() -> None:
    sources = ("--parks", parks({"park_id": "K1", "shape": square(0, 0, 1000)}), "--green", green("G1,K1,existing,2"))
    words = ["fields", plots(), *sources, "--pack", "shanghai-green", "--output-format", "json", "--lang", "en"]
    told = json.loads(CliRunner().invoke(app, words).stdout)
    instead = {gap["field"]: gap["instead"] for gap in told["missing"]}
    assert instead["in_industrial_park"] == "the place"
    assert instead["park_area_m2"] == "the drawn area"
    assert instead["park_green_m2"] == "the green added up"
