"""A parcel that lies about half in the zones: which side it is taken for, and that it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box
from typer.testing import CliRunner

from landcheck.cli.app import app

ZONE = box(641_000, 3_440_000, 652_000, 3_460_000)


def checked(folder: Path, *east: float, system: str = "EPSG:4549", beside: str = "--zones", **more: Any) -> Any:
    """Parcels of 100 m, of which the last ``east`` metres lie east of the zone that ends at 652,000."""
    squares = [box(651_900 + x, 3_450_000 + 200 * n, 652_000 + x, 3_450_100 + 200 * n) for n, x in enumerate(east)]
    ids = [f"P{number}" for number in range(len(east))]
    gpd.GeoDataFrame({"parcel_id": ids, **more}, geometry=squares, crs="EPSG:4549").to_file(folder / "p.gpkg")
    zones = gpd.GeoDataFrame({"park_id": ["K1"]}, geometry=[ZONE], crs="EPSG:4549")
    zones.to_crs(system).to_file(folder / "z.gpkg")
    words = ["check", str(folder / "p.gpkg"), beside, str(folder / "z.gpkg"), "--output-format", "json", "--lang", "en"]
    told = json.loads(CliRunner().invoke(app, [*words, "--exit-zero"]).stdout)
    counts = told["summary"]["verdicts"]["term-50"]
    return counts["not_applicable"], {one["subject"]["id"]: one for one in told["data"] if "half" in one["code"]}


@pytest.mark.parametrize("system", ["EPSG:4549", "EPSG:4490", "EPSG:4528", "EPSG:4550", "EPSG:3857"])
def test_exactly_half_is_outside_in_whatever_system_the_zones_are_stored(tmp_path: Path, system: str) -> None:
    outside, told = checked(tmp_path, 50, system=system)
    assert outside == 1
    assert told["P0"]["code"] == "parcel-half-outside"
    assert "50 %" in told["P0"]["message"]
    assert (told["P0"]["rule"], told["P0"]["level"], told["P0"]["row"]) == ("data/location", "warning", 1)


@pytest.mark.parametrize("beside", ["--zones", "--parks"])
def test_a_share_within_a_thousandth_of_one_half_is_told_with_its_side(tmp_path: Path, beside: str) -> None:
    """50.09 % and 49.91 % are told, 50.11 % and 49.89 % are not."""
    outside, told = checked(tmp_path, 49.91, 50.09, 49.89, 50.11, beside=beside)
    assert outside == 2
    assert {parcel: one["code"] for parcel, one in told.items()} == {
        "P0": "parcel-half-inside", "P1": "parcel-half-outside",
    }  # fmt: skip
    assert "50.09 %" in told["P0"]["message"]


def test_a_parcel_that_states_the_zone_asks_nothing_of_its_place(tmp_path: Path) -> None:
    assert checked(tmp_path, 50, in_high_tech_zone=["是"]) == (0, {})
