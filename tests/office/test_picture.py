"""The map on paper: what is drawn, how it is told apart, and how a scattered plan is parted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from landcheck import Report, Verdict
from landcheck.messages.visible import visible
from landcheck.report.paper import STYLES, fill
from landcheck.report.picture import pictures
from landcheck.report.picture.scene import Plot, boxes, groups, plot, shapes
from landcheck.report.picture.svg import Room
from landcheck.report.site_map import PlaneRings, gravest

SVG = "{http://www.w3.org/2000/svg}"


def ints(*values: int) -> Any:
    return np.array(values, np.int64)


def test_a_plan_in_two_places_is_an_overview_and_two_sheets(plan: Report) -> None:
    overview, north, south = pictures(plan, "zh")
    assert overview.words.startswith("地块图，绘出地块 34 个")
    assert "2 个编号方框" in overview.notes[0]
    # PD01 and PD02 have 13 and 9 parcels; MH01, MH02 and one outside 12.
    assert north.words.startswith("详图 1。地块图，绘出地块 22 个")
    assert south.words.startswith("详图 2。地块图，绘出地块 12 个")


def test_a_sheet_has_an_outline_a_parcel_in_its_verdict_s_pattern(plan: Report, told: dict[str, Any]) -> None:
    tree = ET.fromstring(pictures(plan, "zh")[1].svg)  # noqa: S314 - our own picture
    drawn = {group.get("fill"): len(group.findall(f"{SVG}path")) for group in tree.iter(f"{SVG}g")}
    failing = {one["subject"]["id"] for one in told["findings"] if one["verdict"] == "fail"}
    assert drawn[fill(Verdict.FAIL)] == len([one for one in failing if one.startswith("PD0") and "-" in one])
    names = {text.text for text in tree.iter(f"{SVG}text")}
    assert {"PD01", "PD01-03", "北", "200 m", "园区边界"} <= names


def test_each_verdict_is_told_apart_without_colour() -> None:
    marks = [STYLES[verdict].mark for verdict in (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.REVIEW)]
    assert all(marks)
    assert len(set(marks)) == 3


def test_hostile_names_stay_names(hostile: Report) -> None:
    for made in pictures(hostile, "en"):
        tree = ET.fromstring(made.svg)  # noqa: S314 - our own picture
        assert {element.tag for element in tree.iter()} <= {
            SVG + tag for tag in ("svg", "defs", "pattern", "rect", "path", "circle", "g", "text")
        }
    names = {text.text for made in pictures(hostile, "en") for text in ET.fromstring(made.svg).iter(f"{SVG}text")}  # noqa: S314 - as above
    assert "<script>alert(1)<…" in names
    assert visible("\x1b[31mred\x1b[0m") in names


def test_without_shapes_there_is_no_picture(plan: Report) -> None:
    assert pictures(replace(plan, drawing=None), "zh") == ()


def test_too_many_names_are_left_out_and_that_is_said(plan: Report, squares: Callable[[tuple[str, ...]], Any]) -> None:
    (made,) = pictures(replace(plan, drawing=squares(tuple(f"P{i}" for i in range(200)))), "zh")
    assert made.notes[-1] == "图中未注地块编号。"
    assert ">P1<" not in made.svg


def test_scale_and_bar() -> None:
    # 1 km wide, 500 m high: 928 px between the edges are 10,000 dm; a fifth of the sheet is 215.5 m, so 200 m.
    on = plot(np.array([0.0, 0.0, 10_000.0, 5_000.0]))
    assert on.scale == pytest.approx(0.0928)
    assert on.bar == (200, pytest.approx(185.6))
    assert on.height == 464 + 72
    x, y = on.to_paper(np.array([0.0, 10_000.0]), np.array([5_000.0, 0.0]))
    assert x.tolist() == pytest.approx([36, 964])
    assert y.tolist() == pytest.approx([36, 500])


def test_boxes_of_subjects_with_none_one_and_two_rings() -> None:
    of = PlaneRings(
        ints(0, 1, 2), ints(3, 3, 3),
        ints(0, 10, 0, 100, 110, 100, 200, 210, 200), ints(0, 0, 20, 5, 5, 25, 7, 7, 300),
    )  # fmt: skip
    found = boxes(of)
    assert np.isnan(found[0]).all()
    assert found[1:].tolist() == [[0, 0, 10, 20], [100, 5, 210, 300]]


def test_points_that_fall_together_are_drawn_once() -> None:
    of = PlaneRings(ints(1), ints(4), ints(0, 0, 1000, 1000), ints(0, 1, 1, 0))
    (shape,) = shapes(of, Plot(0.01, 0, 100, 100))
    assert shape.path == "M0 1L10 1Z"


@pytest.mark.parametrize(
    ("boxes_of", "parts"),
    [
        ([(0, 0, 10, 10), (12, 0, 20, 10)], [[0, 1]]),
        ([(0, 0, 10, 10), (90, 0, 100, 10), (5, 0, 15, 10)], [[0, 2], [1]]),
        ([(0, 0, 10, 10), (0, 90, 10, 100)], [[1], [0]]),
        # A long box bridges the gap that the other two leave.
        ([(0, 0, 10, 10), (90, 0, 100, 10), (0, 0, 95, 2)], [[0, 1, 2]]),
    ],
)
def test_groups_part_where_a_fifth_of_the_sheet_is_empty(boxes_of: list[Any], parts: list[list[int]]) -> None:
    assert [sorted(rows.tolist()) for rows in groups(np.array(boxes_of, float))] == parts


def test_there_are_never_more_than_six_sheets() -> None:
    far = np.array([(i * 1000, 0, i * 1000 + 1, 1) for i in range(50)], float)
    # 999 of 49,001 is no fifth, so the row stays together; four at the corners of a square do not.
    assert len(groups(far)) == 1
    corners = np.array([(4.0**i * x, 4.0**i * y) * 2 for i in range(4) for x in (0, 1) for y in (0, 1)])
    assert len(groups(corners)) == 6


def test_the_gravest_verdict_of_each() -> None:
    verdicts = np.array([[4, 0, 3, 1], [4, 4, 2, 2]], np.int8)
    assert gravest(verdicts).tolist() == [Verdict.NOT_APPLICABLE, Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED]
    assert gravest(np.empty((0, 2), np.int8)).tolist() == [Verdict.NOT_APPLICABLE] * 2


def test_names_never_cover_each_other() -> None:
    room = Room(400)
    assert room.put("PD01-03", [(100, 100)]) is not None
    assert room.put("PD01-04", [(104, 104)]) is None
    # The second place is free.
    placed = room.put("PD01-05", [(104, 104), (104, 140)])
    assert placed == (104, 140)
    assert room.put("beyond the edge", [(995, 100)]) is None
