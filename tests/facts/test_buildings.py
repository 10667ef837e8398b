"""What a building leaves open is unknown for the parcel it stands on, and never no floor area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box

from landcheck import Report, Request, check

# 10,000 m² of factory and 1,000 m² of dormitory on P1: 9.1 %
FACTORY = {"building_id": "B1", "parcel_id": "P1", "use": "main_industry", "gfa_m2": 10_000.0, "floors_below": 0.0}
DORMITORY = {"building_id": "B2", "parcel_id": "P1", "use": "living", "gfa_m2": 1_000.0, "floors_below": 0.0}


def checked(*buildings: dict[str, Any], batch_rows: int = 1000) -> Report:
    """P1 and P2 beside each other; the dormitory's footprint is 50 m by 20 m, and lies in P1 unless told."""
    plots = {"parcel_id": ["P1", "P2"], "land_class": ["industrial_project"] * 2, "single_use": [True] * 2}
    shapes = [box(600_000 + east, 3_450_000, 600_100 + east, 3_450_100) for east in (0, 200)]
    gpd.GeoDataFrame(plots, geometry=shapes, crs="EPSG:4549").to_file("p.gpkg", driver="GPKG")
    places = [box(600_010 + one.pop("east", 0), 3_450_010, 600_060 + 0, 3_450_030) for one in buildings]
    gpd.GeoDataFrame(list(buildings), geometry=places, crs="EPSG:4549").to_file("b.gpkg", driver="GPKG")
    return check(Request("p.gpkg", {"buildings": "b.gpkg"}, show_all=True, batch_rows=batch_rows))


def living(report: Report, parcel: str = "P1") -> tuple[str, Any]:
    (found,) = (f for f in report.findings if (f.rule.id, f.subject.id) == ("living-15", parcel))
    measured = found.requirements[0].measured
    return found.verdict.word, measured if measured is None else pytest.approx(measured)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_buildings_that_are_known_are_summed() -> None:
    assert living(checked(dict(FACTORY), dict(DORMITORY))) == ("pass", 100 / 11)


@pytest.mark.parametrize("batch_rows", [1, 1000])
def test_a_building_that_names_an_unknown_parcel_is_unknown_where_it_lies(batch_rows: int) -> None:
    report = checked(dict(FACTORY), {**DORMITORY, "parcel_id": "X99"}, batch_rows=batch_rows)
    assert living(report) == ("undetermined", None)
    assert [f.message.code for f in report.data if f.level.value == "error"] == ["buildings-without-parcel"]


def test_a_building_counts_where_it_says_if_that_parcel_is_there() -> None:
    report = checked(
        dict(FACTORY), {**DORMITORY, "parcel_id": "P2"}, {**FACTORY, "building_id": "B3", "parcel_id": "P2"}
    )
    assert living(report) == ("pass", 0)
    assert living(report, "P2") == ("pass", 100 / 11)


@pytest.mark.parametrize("floors", [{"floors_above": None}, {"floors_above": 0.0}])
def test_a_building_without_a_number_of_floors_has_no_known_area(floors: dict[str, Any]) -> None:
    """Neither a floor above nor one below: nought floors make no building, and no share of nought."""
    report = checked(dict(FACTORY), {**DORMITORY, "gfa_m2": None, "floors_below": 0.0, **floors})
    assert living(report) == ("undetermined", None)
