"""What the map is made of: numbers packed small, in metres that are metres."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import pytest
import shapely

from landcheck import Report
from landcheck.model import DrawnRows, LedgerRow, Outcome, Summary, Transfer, Verdict
from landcheck.report.content.comparisons import margin_words
from landcheck.report.html.flow import NAMED, flow
from landcheck.report.site_map import ALL_UP_TO, PlaneRings, plane, site_map, varints, zigzag


def test_numbers_of_either_sign_become_small_ones_without() -> None:
    assert zigzag(np.array([0, -1, 1, -2, 2, -(2**30)])).tolist() == [0, 1, 2, 3, 4, 2**31 - 1]


@pytest.mark.parametrize(
    ("value", "octets"),
    [
        (0, "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (16383, "ff7f"), (16384, "808001"),
        (2**28 - 1, "ffffff7f"), (2**28, "8080808001"), (2**31 - 1, "ffffffff07"),
    ],
)  # fmt: skip
def test_seven_bits_a_byte_the_lowest_first(value: int, octets: str) -> None:
    assert varints(np.array([value])).hex() == octets
    assert varints(np.array([1, value, 1])).hex() == f"01{octets}01"


def test_an_outline_is_its_counts_and_its_steps() -> None:
    # one subject, one ring of three points (10, 20) (11, 20) (11, 18) in dm
    packed = PlaneRings(np.array([1]), np.array([3]), np.array([10, 11, 11]), np.array([20, 20, 18])).octets()
    assert list(packed) == [1, 3, 20, 40, 2, 0, 0, 3]


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4490", "EPSG:3857"])
def test_a_thousandth_of_a_degree_has_its_length_on_the_map(code: str) -> None:
    # At 31.2° N on GRS80 a degree of latitude is 110,872.9 m; one of longitude 95,304 m.
    change = pyproj.Transformer.from_crs("EPSG:4326", code, always_xy=True).transform
    x, y = change(np.array([121.5, 121.5, 121.501]), np.array([31.2, 31.201, 31.2]))
    wkt = pyproj.CRS(code).to_wkt()
    on = plane(wkt, x, y)
    into = on.from_layer(wkt)
    assert into is not None
    east, north = into(x, y)
    assert not on.own
    assert north[1] - north[0] == pytest.approx(110.873, abs=0.01)
    assert east[2] - east[0] == pytest.approx(95.304, abs=0.005)


def test_projected_metres_are_drawn_as_they_are() -> None:
    wkt = pyproj.CRS("EPSG:4549").to_wkt()
    on = plane(wkt, np.array([520_000.0]), np.array([3_455_000.0]))
    into = on.from_layer(wkt)
    assert on.own
    assert into is not None
    assert [float(v[0]) for v in into(np.array([520_123.4]), np.array([3_455_000.5]))] == [520_123.4, 3_455_000.5]


class Paper:
    """A drawing of boxes 100 m wide, some of them of no use."""

    def __init__(self, shapes: list[Any], verdicts: list[int]) -> None:
        self.shapes, self.verdicts = shapes, verdicts

    def crs(self, subject: str) -> str | None:
        return pyproj.CRS("EPSG:4549").to_wkt() if subject == "parcel" else None

    def of(self, subject: str) -> Any:
        if subject == "parcel":
            rows = np.arange(len(self.shapes))
            wkb = pa.array([None if shape is None else shapely.to_wkb(shape) for shape in self.shapes], pa.binary())
            yield DrawnRows(
                tuple(f"P{i}" for i in rows), rows, wkb, ("far-industrial",), np.array([self.verdicts], np.int8)
            )


def test_what_has_no_shape_is_counted_and_keeps_its_place(plan: Report) -> None:
    boxes = [
        shapely.box(520_000, 3_455_000, 520_100, 3_455_100),
        None,
        shapely.box(520_200, 3_455_000, 520_300, 3_455_100),
    ]
    made = site_map(replace(plan, drawing=Paper(boxes, [0, 3, 2])), "zh")
    assert made is not None
    parcels = made.kinds["parcel"]
    assert (parcels.ids, parcels.rows, parcels.unshaped) == (["P0", "P1", "P2"], [1, 2, 3], 1)
    assert parcels.parts[0].rings.tolist() == [1, 0, 1]
    assert parcels.parts[0].points.tolist() == [4, 4]
    # the origin is the middle of all corners, in whole metres
    assert np.ptp(parcels.parts[0].x) == 3000
    assert np.ptp(parcels.parts[0].y) == 1000


def test_of_very_many_only_those_with_a_finding_are_drawn(plan: Report) -> None:
    boxes = [shapely.box(520_000, 3_455_000, 520_100, 3_455_100)] * 5
    verdicts = [Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED, Verdict.REVIEW]
    many = replace(
        plan, drawing=Paper(boxes, [int(v) for v in verdicts]), summary=Summary({"parcel": ALL_UP_TO + 1}, {})
    )
    made = site_map(many, "zh")
    assert made is not None
    assert made.only_findings
    assert made.kinds["parcel"].ids == ["P1", "P3", "P4"]


def test_places_of_findings_come_into_the_plane(plan: Report) -> None:
    made = site_map(replace(plan, drawing=Paper([shapely.box(520_000, 3_455_000, 520_100, 3_455_100)], [0])), "zh")
    assert made is not None
    back = pyproj.Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True).transform(520_050, 3_455_050)
    spots = made.spots([None, back])
    assert spots[0] is None
    assert spots[1] is not None
    assert np.add(spots[1], made.origin).tolist() == pytest.approx([520_050, 3_455_050], abs=0.1)


def balance(name: str, need: float, own: float, drawn_m2: float, given: float) -> LedgerRow:
    return LedgerRow(name, "浦东新区", need, own + given, drawn_m2, need - own - drawn_m2, given, 0.0)


def test_bands_are_as_wide_as_the_areas_are_large(plan: Report) -> None:
    report = replace(
        plan,
        transfers=(Transfer("A", "C", 300.0), Transfer("B", "C", 100.0)),
        ledger=(
            balance("A", 0, 0, 0, 300), balance("B", 0, 0, 0, 100), balance("C", 1000, 500, 400, 0),
            balance("D", 90, 30, 0, 0), balance("E", 80, 80, 0, 0),
        ),
    )  # fmt: skip
    picture = flow(report, "en")
    assert picture is not None
    assert [bar.name for bar in picture.givers] == ["A", "B"]
    a, b = (next(part.height for part in bar.parts if part.kind == "given") for bar in picture.givers)
    assert a == pytest.approx(3 * b, abs=0.2)
    taker = {part.kind: part.height for part in picture.takers[0].parts}
    assert taker["drawn"] == pytest.approx(a + b, abs=0.2)
    assert taker["own"] == pytest.approx(taker["uncovered"] * 5, abs=0.5)  # 500 within the park, 100 short
    # D drew nothing and is short; E covers itself and has no place in the picture
    assert [bar.note for bar in picture.takers] == ["own 500, drawn 400, short 100 m²", "own 30, drawn 0, short 60 m²"]
    assert [band.words for band in picture.bands] == ["A → C: 300 m²", "B → C: 100 m²"]


def test_the_smaller_parks_of_a_side_stand_together(plan: Report) -> None:
    transfers = tuple(Transfer(f"G{i:02d}", "T", 100.0 - i) for i in range(NAMED + 3))
    picture = flow(replace(plan, transfers=transfers, ledger=()), "en")
    assert picture is not None
    assert len(picture.givers) == NAMED
    assert picture.givers[-1].name == "4 other parks"
    assert len(picture.bands) == NAMED
    assert flow(replace(plan, transfers=()), "en") is None


@pytest.mark.parametrize(
    ("margin", "margin_m2", "unit", "told"),
    [
        (-0.2, -4000.0, "1", "−0.2（−4,000平方米）"), (0.5, 5000.0, "1", "+0.5（+5,000平方米）"),
        (0.0, 0.0, "1", "0（0平方米）"),
        (-0.00004, -0.411, "percent", "−0.00004%（−0.42平方米）"), (-600.0, -600.0, "m2", "−600平方米"),
        (None, None, "", ""),
        (-30.0, None, "years", "−30年"),
    ],
)  # fmt: skip
def test_what_is_short_never_looks_smaller_than_it_is(
    plan: Report, margin: float | None, margin_m2: float | None, unit: str, told: str
) -> None:
    requirement = plan.packs[0].rules[0].requires[0]
    outcome = Outcome(
        requirement.name, requirement.label, Verdict.FAIL, 1.0, requirement.any[0].operator, float(Decimal(2)), unit,
        margin, margin_m2,
    )  # fmt: skip
    assert margin_words(outcome, "zh") == told
