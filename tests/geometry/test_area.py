"""Areas against independent sums: true squares laid out by geodesics, the national formula, and each other."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.geometry.area import ellipsoidal_area_m2, exact_area_m2, planar_area_m2
from landcheck.geometry.shapes.batch import of_objects

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
# a local grid like 上海2000: its own meridian and origin, no EPSG code
LOCAL = "+proj=tmerc +lat_0=0 +lon_0=121.464444444444 +k=1 +x_0=-238.172 +y_0=-3457059.924 +ellps=GRS80 +units=m"
SYSTEMS = ["EPSG:4549", "EPSG:4550", "EPSG:4528", "EPSG:4490", "EPSG:32651", LOCAL]


def objects(*geoms):
    out = np.empty(len(geoms), object)
    out[:] = geoms
    return out


def in_system(polygon, system):
    """A polygon in longitude and latitude drawn in another system, corner by corner."""
    if system == "EPSG:4490":
        return polygon
    return shapely.transform(polygon, lambda xy: np.column_stack(way("EPSG:4490", system).transform(*xy.T)))


@cache
def way(start, end):
    return pyproj.Transformer.from_crs(start, end, always_xy=True)


def true_square(lon, lat, side_m, step=20):
    """A square of that side, its edges walked along by geodesics from its middle (many short chords)."""
    half, corners = side_m / 2, []
    ticks = np.linspace(-half, half, step, endpoint=False)
    for x, y in (
        [(t, -half) for t in ticks]
        + [(half, t) for t in ticks]
        + [(-t, half) for t in ticks]
        + [(-half, -t) for t in ticks]
    ):
        corners.append(GEOD.fwd(lon, lat, math.degrees(math.atan2(x, y)), math.hypot(x, y))[:2])
    return shapely.Polygon(corners)


def national_formula_m2(lonlat):
    """国土调查办发〔2008〕32号: the trapezia between the edges and the equator, by the closed series of that text.

    S = 2 b² ΔL (A sin½ΔB cosBm − B sin(3/2 ΔB) cos3Bm + C sin(5/2 ΔB) cos5Bm − ...) between latitudes; here from the
    equator up to each edge's two ends, the edge straight in longitude and in that area.
    """
    b, e2 = 6356752.314140356, 0.006694380022900788
    a = 1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4
    bb = 1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4
    c = 3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4
    d = 1 / 112 * e2**3 + 45 / 2304 * e2**4
    e = 5 / 2304 * e2**4

    def under(phi):
        half, mean = phi / 2, phi / 2
        series = sum(
            sign * k * math.sin(n * half) * math.cos(n * mean)
            for sign, k, n in ((1, a, 1), (-1, bb, 3), (1, c, 5), (-1, d, 7), (1, e, 9))
        )
        return 2 * b**2 * series

    area = 0.0
    for (lon1, lat1), (lon2, lat2) in pairwise(lonlat):
        area += math.radians(lon2 - lon1) * (under(math.radians(lat1)) + under(math.radians(lat2))) / 2
    return abs(area)


@pytest.mark.parametrize(
    ("lon", "system", "ppm"),
    [  # LIBRARIES.md section 10: what the plane adds to a true square of 5 ha at 31.2 N
        (121.2, "EPSG:4549", 322.6),
        (121.5, "EPSG:4549", 504.1),
        (121.8, "EPSG:4549", 726.0),
        (121.8, "EPSG:4550", 322.6),
        (121.5, "EPSG:4528", 504.1),
        (121.5, "EPSG:32651", -296.0),
    ],
)
def test_the_plane_adds_what_is_known_and_the_ellipsoid_nothing(lon, system, ppm):
    square = in_system(true_square(lon, 31.2, math.sqrt(50_000)), system)
    shapes, crs = of_objects(objects(square)), pyproj.CRS(system)
    assert planar_area_m2(shapes, crs)[0] == pytest.approx(50_000 * (1 + ppm * 1e-6), abs=0.03)
    assert ellipsoidal_area_m2(shapes, crs)[0] == pytest.approx(50_000, abs=0.005)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_area_is_that_of_the_national_formula(system):
    corners = [(121.50, 31.20), (121.506, 31.2003), (121.5052, 31.2041), (121.5021, 31.2029), (121.4996, 31.2035)]
    shapes = of_objects(objects(in_system(shapely.Polygon(corners), system)))
    expected = national_formula_m2([*corners, corners[0]])
    assert ellipsoidal_area_m2(shapes, pyproj.CRS(system))[0] == pytest.approx(expected, rel=1e-8)


def test_the_formula_of_the_test_gives_the_surface_of_the_earth():
    # 510,065,621.7 km² is GRS80's surface: 8 octants between equator and pole
    octant = national_formula_m2([(0, 0), (90, 0), (90, 90), (0, 90), (0, 0)])
    assert 8 * octant == pytest.approx(5.100656217e14, rel=1e-8)


stars = st.builds(
    lambda spokes, inner: (spokes, inner),
    st.lists(st.floats(0.3, 1.0), min_size=3, max_size=14),
    st.floats(0.05, 0.25),
)


def star(spokes, inner, lon, lat, size_m):
    """A star polygon about a place, in degrees, with a hole in the shape of it."""
    turn = np.linspace(0, 2 * np.pi, len(spokes), endpoint=False)
    ring = np.array(spokes)[:, None] * np.column_stack([np.cos(turn) / math.cos(math.radians(lat)), np.sin(turn)])
    ring *= size_m / 2 / 111_320
    place = np.array([lon, lat])
    return shapely.Polygon(ring + place, [(ring * inner + place)[::-1]])


@settings(max_examples=40, deadline=None)
@given(stars, st.floats(120.9, 122.2), st.floats(30.7, 31.8), st.sampled_from([30.0, 200.0, 1200.0, 6000.0]))
def test_the_area_is_the_same_whatever_the_system(shape, lon, lat, size_m):
    polygon = star(*shape, lon, lat, size_m)
    areas = [
        ellipsoidal_area_m2(of_objects(objects(in_system(polygon, system))), pyproj.CRS(system))[0]
        for system in SYSTEMS
    ]
    geodesic = abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(polygon))[0])
    assert areas == pytest.approx([areas[0]] * len(areas), rel=1e-7, abs=1e-4)
    # geodesic edges are other lines than those of the national formula: some 1e-6 for a parcel, growing with its size
    assert areas[0] == pytest.approx(geodesic, rel=1e-7 * max(size_m, 100))


@settings(max_examples=30, deadline=None)
@given(stars, st.sampled_from([50.0, 400.0, 1500.0]), st.sampled_from(["EPSG:4549", "EPSG:2263", "EPSG:25832"]))
def test_the_quick_way_is_that_of_every_vertex(shape, size_m, system):
    middle = {"EPSG:4549": (121.6, 31.2), "EPSG:2263": (-73.9, 40.7), "EPSG:25832": (9.2, 48.8)}[system]
    change = way("EPSG:4326", system).transform
    polygon = shapely.transform(star(*shape, *middle, size_m), lambda xy: np.column_stack(change(*xy.T)))
    shapes, crs = of_objects(objects(polygon)), pyproj.CRS(system)
    assert ellipsoidal_area_m2(shapes, crs) == pytest.approx(exact_area_m2(shapes, crs), rel=1e-7, abs=1e-5)


def test_a_road_and_a_county_are_right_although_no_single_scale_is():
    road = shapely.box(500_000, 3_450_000, 620_000, 3_450_020)
    county = shapely.segmentize(shapely.box(520_000, 3_400_000, 640_000, 3_500_000), 10_000)
    shapes, crs = of_objects(objects(road, county)), pyproj.CRS("EPSG:4549")
    assert ellipsoidal_area_m2(shapes, crs) == pytest.approx(exact_area_m2(shapes, crs), rel=1e-12)


def test_holes_are_taken_off_and_parts_added_whatever_their_direction():
    shell, hole = [(0, 0), (40, 0), (40, 30), (0, 30)], [(10, 10), (20, 10), (20, 15), (10, 15)]
    one = shapely.Polygon(shell, [hole])
    other = shapely.Polygon(shell[::-1], [hole])
    parts = shapely.MultiPolygon([one, shapely.box(100, 0, 110, 10)])
    drawn = objects(
        *(shapely.transform(g, lambda xy: xy + np.array([500_000, 3_450_000])) for g in (one, other, parts))
    )
    crs = pyproj.CRS("EPSG:4549")
    # 40 x 30 less 10 x 5; and 10 x 10 more
    assert planar_area_m2(of_objects(drawn), crs).tolist() == pytest.approx([1150, 1150, 1250], rel=1e-12)
    # on the central meridian the plane is true to 2e-9 within 50 m
    assert ellipsoidal_area_m2(of_objects(drawn), crs).tolist() == pytest.approx([1150, 1150, 1250], rel=1e-6)


def test_feet_become_metres():
    acre = shapely.box(985_000, 200_000, 985_000 + 660, 200_000 + 66)  # 66 by 660 survey feet
    shapes, crs = of_objects(objects(acre)), pyproj.CRS("EPSG:2263")
    survey_foot = 1200 / 3937
    assert planar_area_m2(shapes, crs)[0] == pytest.approx(660 * 66 * survey_foot**2, rel=1e-9)
    assert ellipsoidal_area_m2(shapes, crs)[0] == pytest.approx(4046.87, rel=3e-4)


def test_without_a_polygon_or_a_system_there_is_no_area():
    shapes = of_objects(objects(shapely.box(0, 0, 1, 1), None, shapely.Point(1, 1), shapely.Polygon()))
    degrees, metres = pyproj.CRS("EPSG:4490"), pyproj.CRS("EPSG:4549")
    assert np.isnan(planar_area_m2(shapes, degrees)).all()
    assert np.isnan(ellipsoidal_area_m2(shapes, None)).all()
    assert np.isnan(planar_area_m2(shapes, None)).all()
    assert np.isnan(ellipsoidal_area_m2(shapes, metres)).tolist() == [False, True, True, True]
    assert len(ellipsoidal_area_m2(of_objects(objects()), metres)) == 0


def test_an_area_does_not_depend_on_its_batch_to_the_last_bit():
    rng = np.random.default_rng(3)
    stars_ = [
        in_system(
            star(rng.uniform(0.3, 1, rng.integers(3, 60)), 0.2, *rng.uniform((120.9, 30.7), (122.2, 31.8)), 300), LOCAL
        )
        for _ in range(120)
    ]
    crs = pyproj.CRS(LOCAL)
    whole = of_objects(objects(*stars_))
    alone = [of_objects(objects(one)) for one in stars_]
    for measure in (ellipsoidal_area_m2, planar_area_m2):
        assert [measure(one, crs)[0] for one in alone] == measure(whole, crs).tolist()
