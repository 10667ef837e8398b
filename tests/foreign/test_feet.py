"""A layer of lots as a city of the United States publishes it: other names, square feet, a published FAR.

The lots are made up in the form of New York's tax lots: areas in square feet, ``BuiltFAR`` the building area over the
lot area to two decimals, drawn in EPSG:2263, whose unit is the US survey foot.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

ROOT = Path(__file__).parents[2]
# width and depth in feet, building area in square feet, and the FAR worked out by hand to the two decimals printed
LOTS = (
    ("3004150012", 25, 100, 2_000, 0.80),  # 2,000 / 2,500
    ("3004150017", 20, 100, 3_675, 1.84),  # 1.8375
    ("3004150024", 100, 100, 85_332, 8.53),  # 8.5332
    ("3004150031", 60, 92.5, 11_100, 2.00),  # 11,100 / 5,550
    ("3004150040", 200, 433.33, 190_400, 2.20),  # 2.1970
    ("3004150051", 18.75, 100, 2_812, 1.50),  # 1.4997
    ("3004150066", 260, 700, 61_880, 0.34),  # 61,880 / 182,000
)
MAP = (
    *("--map", "parcel_id=BBL"),
    *("--map", "far_gfa_m2=BldgArea:ft2"),
    *("--map", "land_class=Class"),
)
Check = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def lots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    west, rows = 985_000.0, []
    for bbl, width, depth, floors, far in LOTS:
        shape = shapely.box(west, 190_000, west + width, 190_000 + depth)
        told = {"BBL": bbl, "Address": "1 Example Street", "ZoneDist1": "M1-1", "LandUse": "06", "BuiltFAR": far}
        areas = {"LotArea": round(width * depth), "BldgArea": floors}
        rows.append({**told, **areas, "Class": "industrial_standard", "geometry": shape})
        west += width + 50
    folder = tmp_path_factory.mktemp("lots")
    layer = geopandas.GeoDataFrame(rows, crs="EPSG:2263")
    layer.to_file(folder / "lots.shp")
    layer.drop(columns=["LotArea", "BuiltFAR"]).to_file(folder / "drawn.shp")
    return folder


@pytest.fixture
def check(lots: Path) -> Check:
    def run(*options: str, file: str = "lots.shp") -> dict[str, Any]:
        fixed = ("--as-of", "2026-06-30", "--show", "all", "--output-format", "json", "--lang", "en")
        ended = subprocess.run(
            [sys.executable, "-m", "landcheck", "check", file, *options, *fixed],
            cwd=lots, env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "PATH": ""},
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ended.stdout, ended.stderr
        report: dict[str, Any] = json.loads(ended.stdout)
        return report

    return run


def measured(report: dict[str, Any]) -> dict[str, float]:
    return {
        finding["subject"]["id"]: finding["requirements"][0]["measured"]
        for finding in report["findings"]
        if finding["rule"] == "far-industrial"
    }


def errors(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in report["data"] if one["level"] == "error"]


def test_the_ratio_of_both_areas_is_the_published_one(check: Check) -> None:
    report = check(*MAP, "--map", "site_area_m2=LotArea:ft2", "--map", "far=BuiltFAR")
    found = measured(report)
    assert {bbl: round(found[bbl], 2) for bbl, *_ in LOTS} == {bbl: far for bbl, *_, far in LOTS}
    assert report["data"] == [], "areas drawn and declared, ratios declared and worked out agree"


def test_the_drawn_area_gives_the_published_ratio_too(check: Check) -> None:
    """Survey feet, the ellipsoid and square feet must all be right: an error of 0.2 % in any would show."""
    report = check(*MAP, file="drawn.shp")
    found = measured(report)
    assert {bbl: round(found[bbl], 2) for bbl, *_ in LOTS} == {bbl: far for bbl, *_, far in LOTS}
    for bbl, width, depth, floors, _ in LOTS:
        # the grid of EPSG:2263 is within 100 ppm of the ground between its standard parallels
        assert found[bbl] == pytest.approx(floors / (width * depth), rel=2.5e-4)
    assert {"field": "site_area_m2", "value": "geometry", "rows": len(LOTS)}.items() <= next(
        one for one in report["assumptions"] if one["field"] == "site_area_m2"
    ).items()


def test_square_feet_read_as_metres_are_told(check: Check) -> None:
    """Without the unit nothing fits: the drawn area contradicts the declared one on every lot."""
    report = check(*MAP, "--map", "site_area_m2=LotArea")
    told = [one for one in report["data"] if one["rule"] == "data/area-consistent"]
    assert {one["subject"]["id"] for one in told} == {bbl for bbl, *_ in LOTS}


def test_the_verdicts_are_those_of_the_published_ratio(check: Check) -> None:
    report = check(*MAP, "--map", "site_area_m2=LotArea:ft2")
    verdicts = {one["subject"]["id"]: one["verdict"] for one in report["findings"] if one["rule"] == "far-industrial"}
    assert verdicts == {bbl: "pass" if floors >= 2 * width * depth else "fail" for bbl, width, depth, floors, _ in LOTS}
    assert errors(report) == []


def test_fields_suspects_the_square_feet(lots: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "landcheck", "fields", "lots.shp", "--map", "parcel_id=BBL", "--output-format", "json"],
        cwd=lots, env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "PATH": ""},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    told = json.loads(ended.stdout)["layers"][0]["suspected_units"]
    assert any("site_area_m2=LotArea:ft2" in one for one in told)
