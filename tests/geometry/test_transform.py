"""From system to system: never by a ballpark, and to the decimals a place is told with."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from landcheck.geometry.crs.frame import Frame, lonlat, transformer


def known(code):
    crs = pyproj.CRS(code)
    return Frame(crs, code, (), crs)


X, Y = np.array([652_000.0]), np.array([3_453_500.0])


def test_there_and_back_over_the_systems_of_shanghai():
    for code in ("EPSG:4550", "EPSG:4528", "EPSG:4490", "EPSG:4326", "EPSG:32651", "EPSG:3857"):
        there, back = transformer(known("EPSG:4549"), known(code)), transformer(known(code), known("EPSG:4549"))
        assert np.column_stack(back(*there(X, Y))) == pytest.approx(np.column_stack([X, Y]), abs=1e-6)


def test_zone_40_is_the_same_plane_40_million_metres_on():
    x, y = transformer(known("EPSG:4549"), known("EPSG:4528"))(X, Y)
    assert (x[0], y[0]) == pytest.approx((40_652_000.0, 3_453_500.0), abs=1e-6)


def test_an_older_datum_is_not_reached_by_guess():
    assert transformer(known("EPSG:2437"), known("EPSG:4549")) is None
    assert transformer(known("EPSG:2385"), known("EPSG:4490")) is None
    assert transformer(known("EPSG:2437"), known("EPSG:2437")) is not None


def test_a_local_system_leads_only_to_itself():
    local = known('LOCAL_CS["works",UNIT["metre",1]]')
    assert transformer(local, known("EPSG:4549")) is None
    assert transformer(known("EPSG:4490"), local) is None
    assert transformer(local, local)(X, Y) == (X, Y)
    assert np.isnan(lonlat(X, Y, local)).all()


def test_an_unknown_system_leads_nowhere():
    assert transformer(Frame(None, None), known("EPSG:4549")) is None
    assert transformer(known("EPSG:4549"), Frame(None, None)) is None
    assert np.isnan(lonlat(X, Y, Frame(None, None))).all()
    assert np.isnan(lonlat(X, Y, known("EPSG:2437"))).all()


def test_a_place_is_told_in_degrees_to_seven_decimals():
    geodesic = pyproj.Geod(ellps="GRS80")
    lon, lat = lonlat(X, Y, known("EPSG:4549")).T
    assert (lon[0], lat[0]) == (round(lon[0], 7), round(lat[0], 7))
    # on the central meridian the northing is the meridian's arc; 152 km east of it the place is where it lies
    foot = lonlat(np.array([500_000.0]), Y, known("EPSG:4549")).T
    assert foot[0][0] == 120.0
    assert geodesic.inv(120.0, 0.0, 120.0, foot[1][0])[2] == pytest.approx(3_453_500.0, abs=0.02)
    assert geodesic.inv(120.0, foot[1][0], lon[0], lat[0])[2] == pytest.approx(152_000.0, rel=3e-4)
