"""A shape that lies where none of its layer can: it costs only itself its area, and its own coordinates are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from landcheck import Report, Request, check
from landcheck.geometry.crs.frame import frame
from landcheck.geometry.shapes.batch import of_objects
from landcheck.geometry.validity import examine
from landcheck.model import Subject

EAST, NORTH = 40_652_000.0, 3_454_000.0  # at 121.6 E, 31.2 N in EPSG:4528


def square(x: float, y: float, side: float = 100.0) -> Any:
    return shapely.box(x, y, x + side, y + side)


def layer(path: Path, boxes: list[Any], epsg: int = 4528, **columns: list[Any]) -> str:
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    shapes = [shapely.geometry.mapping(box) for box in boxes]
    features = [{"type": "Feature", "properties": r, "geometry": g} for r, g in zip(rows, shapes, strict=True)]
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")
    return str(path)


def judged(tmp_path: Path, boxes: list[Any], epsg: int = 4528, **sources: str) -> Report:
    ids = [f"P{number}" for number in range(len(boxes))]
    known = {"land_class": ["industrial_project"] * len(ids), "far_gfa_m2": [20_000.0] * len(ids)}
    path = layer(tmp_path / "parcels.geojson", boxes, epsg, parcel_id=ids, **known)
    return check(Request(path, sources, show_all=True))


def verdicts(report: Report) -> dict[str, str]:
    return {f.subject.id: f.verdict.word for f in report.findings if f.rule.id == "far-industrial"}


def told(report: Report) -> list[tuple[str, str, str | None, bool]]:
    """Rule, level and subject of what is said of coordinate systems, and whether a place is claimed."""
    return [(f.rule, f.level.value, f.subject.id, f.location is not None) for f in report.data if f.rule == "data/crs"]


ORIGIN = (square(0, 0), "x 100, y 0")
WITHOUT_ZONE = (square(EAST - 40e6, NORTH), "x 652100, y 3454000")
OTHER_ZONE = (square(EAST + 1e6, NORTH), "x 41652100, y 3454000")
SWAPPED = (square(NORTH, EAST), "x 3454100, y 40652000")
CASES = [(stray, 3) for stray in (ORIGIN, WITHOUT_ZONE, OTHER_ZONE, SWAPPED)] + [(ORIGIN, 1), (WITHOUT_ZONE, 1)]


@pytest.mark.parametrize(("astray", "others"), CASES)
@pytest.mark.parametrize("lost", ["first", "last"])
def test_one_stray_costs_only_itself_its_area(tmp_path: Path, astray: tuple[Any, str], others: int, lost: str) -> None:
    """100 m by 100 m are 9,994 m² on the ellipsoid there, and 20,000 m² on them a FAR of 2.001."""
    (stray, place), first = astray, lost == "first"
    sound = [square(EAST + 200 * number, NORTH) for number in range(others)]
    report = judged(tmp_path, [stray, *sound] if first else [*sound, stray])
    lost = "P0" if first else f"P{others}"
    found = verdicts(report)
    assert found.pop(lost) == "undetermined"
    assert set(found.values()) == {"pass"}
    assert told(report) == [("data/crs", "error", lost, False)]
    (finding,) = (f for f in report.data if f.rule == "data/crs")
    assert place in finding.message.say("en")


def test_a_stray_in_degrees(tmp_path: Path) -> None:
    sound = [square(121.6 + number / 100, 31.2, 0.001) for number in range(3)]
    for number, stray in enumerate((square(0, 0, 0.001), square(31.2, 121.6, 0.001), square(121.6, -31.2, 0.001))):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert told(judged(folder, [*sound, stray], 4490)) == [("data/crs", "error", "P3", False)]


def test_a_layer_as_wide_as_shanghai_has_no_stray(tmp_path: Path) -> None:
    sound = [square(EAST + 1000 * x, NORTH + 1000 * y) for x, y in ((-80, -60), (0, 0), (80, 60))]
    assert told(judged(tmp_path, sound)) == []


def test_strays_of_other_layers_are_told_too(tmp_path: Path) -> None:
    boxes = [square(EAST - 500, NORTH - 500, 2000), square(0, 0, 2000), square(EAST + 5000, NORTH, 2000)]
    zones = layer(tmp_path / "zones.geojson", boxes, zone_id=["Z1", "Z2", "Z3"])
    report = judged(tmp_path, [square(EAST, NORTH)], zones=zones)
    assert [(f.rule, f.level.value, f.row) for f in report.data if f.rule == "data/crs"] == [("data/crs", "error", 2)]


def test_the_extent_that_is_told_is_that_of_a_shape() -> None:
    shapes = of_objects(np.array([square(0, 0), square(1000, 0), square(500_000, 3_000_000)], object))
    assert shapes.typical_bounds() == (1000.0, 0.0, 1100.0, 100.0)
    pair = of_objects(np.array([square(EAST, NORTH), square(0, 0)], object))
    assert pair.typical_bounds() == (EAST, NORTH, EAST + 100, NORTH + 100)


def test_without_a_system_nothing_is_astray() -> None:
    shapes = of_objects(np.array([square(EAST, NORTH), square(0, 0)], object))
    settled = frame(None, None, shapes.typical_bounds(), "GeoJSON", Subject("layer", "parcels"), "a.geojson")
    assert examine(shapes, settled)[0] == []
