"""The fingerprint of a drawing: one for one outline, however it is written, another for another."""

from __future__ import annotations

import pytest
import shapely

from landcheck.geometry.shapes.fingerprint import FORM, fingerprint

OUTLINE = (
    "POLYGON ((100 0, 100 50, 0 50, 0 0, 100 0), (10 10, 20 10, 20 20, 10 20, 10 10), (40 10, 50 10, 50 20, 40 10))"
)


def of(wkt: str) -> str | None:
    return fingerprint(shapely.from_wkt(wkt))


@pytest.mark.parametrize(
    "other",
    [
        "POLYGON ((0 0, 100 0, 100 50, 0 50, 0 0), (40 10, 50 10, 50 20, 40 10), (10 10, 10 20, 20 20, 20 10, 10 10))",
        f"MULTI{OUTLINE.replace('POLYGON (', 'POLYGON ((')})",
        "POLYGON Z ((100 0 4, 100 50 4, 0 50 4, 0 0 4, 100 0 4), (10 10 4, 20 10 4, 20 20 4, 10 20 4, 10 10 4), "
        "(40 10 4, 50 10 4, 50 20 4, 40 10 4))",
        OUTLINE.replace("100 50", "100.0000000001 49.9999999999"),
        OUTLINE.replace("(100 0, 100 50", "(100 0, 100 0, 100 50"),
    ],
    ids=["start, direction and holes", "one part", "heights", "as another program rounds", "a point written twice"],
)
def test_the_same_outline_has_the_same_fingerprint(other: str) -> None:
    assert of(other) == of(OUTLINE) is not None
    assert FORM.fullmatch(str(of(OUTLINE)))


def test_parts_may_come_in_any_order() -> None:
    a, b = "((0 0, 1000 0, 1000 500, 0 0))", "((2000 0, 3000 0, 3000 500, 2000 0))"
    assert of(f"MULTIPOLYGON ({a}, {b})") == of(f"MULTIPOLYGON ({b}, {a})")


@pytest.mark.parametrize(
    "other",
    [
        "POLYGON ((1000.02 0, 1000 500, 0 500, 0 0, 1000.02 0))",
        "POLYGON ((1000 0, 1000 500, 500 500, 0 500, 0 0, 1000 0))",
        "POLYGON ((1000 0, 1000 500, 0 500, 1000 0))",
        "POLYGON ((1000 0, 1000 500, 0 500, 0 0, 1000 0), (10 10, 20 10, 20 20, 10 10))",
        "POLYGON ((1000 10, 1000 510, 0 510, 0 10, 1000 10))",
    ],
    ids=["a vertex moved by 2 cm", "a vertex more", "a vertex less", "a hole", "moved as a whole"],
)
def test_another_outline_has_another(other: str) -> None:
    assert of(other) != of("POLYGON ((1000 0, 1000 500, 0 500, 0 0, 1000 0))")


def test_degrees_are_taken_to_a_centimetre_too() -> None:
    told = of("POLYGON ((121.5 31.2, 121.51 31.2, 121.51 31.21, 121.5 31.2))")
    assert told == of("POLYGON ((121.5 31.2, 121.51 31.2, 121.510000001 31.21, 121.5 31.2))")
    assert told != of("POLYGON ((121.5 31.2, 121.51 31.2, 121.5100003 31.21, 121.5 31.2))")


@pytest.mark.parametrize("wkt", ["POINT (1 2)", "POLYGON EMPTY", "LINESTRING (0 0, 1 1)"])
def test_what_is_no_polygon_has_none(wkt: str) -> None:
    assert of(wkt) is None


def test_nothing_has_none() -> None:
    assert fingerprint(None) is None
