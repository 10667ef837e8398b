"""Which polygon holds a parcel, by hand and against the plain intersection of everything with everything."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.geometry import place
from landcheck.geometry.place import Places, share_inside
from landcheck.geometry.shapes.batch import of_objects


def drawn(*geoms):
    out = np.empty(len(geoms), object)
    out[:] = geoms
    return of_objects(out)


WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)


def test_the_larger_share_decides():
    parcels = drawn(
        shapely.box(10, 10, 20, 20),
        shapely.box(70, 0, 110, 10),
        shapely.box(90, 0, 130, 10),
        shapely.box(150, 95, 160, 105),
        shapely.box(300, 0, 310, 10),
        None,
        shapely.Point(5, 5),
    )
    index, share = Places(drawn(WEST, EAST)).most(parcels)
    assert index.tolist() == [0, 0, 1, 1, -1, -1, -1]
    assert share[:5].tolist() == pytest.approx([1, 0.75, 0.75, 0.5, 0])
    assert np.isnan(share[5:]).all()


def test_of_equal_shares_the_lower_number_holds():
    half = drawn(shapely.box(90, 0, 110, 10))
    assert Places(drawn(WEST, EAST)).most(half)[0].tolist() == [0]
    assert Places(drawn(EAST, WEST)).most(half)[0].tolist() == [0]
    assert Places(drawn(EAST, WEST, WEST)).most(drawn(shapely.box(1, 1, 2, 2)))[0].tolist() == [1]


def test_touching_is_not_lying_in():
    index, share = Places(drawn(WEST)).most(drawn(EAST))
    assert (index[0], share[0]) == (-1, 0)


def test_rows_without_a_polygon_hold_nothing_and_are_no_obstacle():
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    index, _ = Places(drawn(None, bow_tie, shapely.Point(0, 0), WEST)).most(drawn(shapely.box(1, 1, 2, 2)))
    assert index.tolist() == [3]
    assert Places(drawn(None)).most(drawn(WEST, WEST))[0].tolist() == [-1, -1]
    assert Places(drawn()).most(drawn(WEST))[0].tolist() == [-1]


def test_shares_pair_by_pair():
    first = drawn(shapely.box(0, 0, 10, 10), shapely.box(90, 0, 110, 10), WEST, None)
    share = share_inside(first, drawn(WEST, WEST, EAST, WEST))
    assert share[:3].tolist() == [1, 0.5, 0]
    assert np.isnan(share[3])


def blob(x, y, size, spokes):
    turn = np.linspace(0, 2 * np.pi, len(spokes), endpoint=False)
    return shapely.Polygon(np.array(spokes)[:, None] * size * np.column_stack([np.cos(turn), np.sin(turn)]) + (x, y))


blobs = st.builds(
    blob,
    st.floats(0, 1000),
    st.floats(0, 1000),
    st.sampled_from([5.0, 60.0, 400.0]),
    st.lists(st.floats(0.3, 1), min_size=3, max_size=9),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(blobs, min_size=1, max_size=5), st.integers(0, 2**32 - 1))
def test_many_rows_are_placed_as_few_are(parks, seed):
    rng = np.random.default_rng(seed)
    parcels = [blob(*rng.uniform(-100, 1100, 2), rng.choice([3, 20, 90]), rng.uniform(0.4, 1, 6)) for _ in range(1500)]
    places, rows = Places(drawn(*parks)), drawn(*parcels)
    assert len(rows) > place.MANY
    index, share = places.most(rows)
    shares = shapely.area(shapely.intersection(np.array(parks)[:, None], np.array(parcels))) / shapely.area(parcels)
    assert share == pytest.approx(shares.max(axis=0), abs=1e-9)
    certain = shares.max(axis=0) > 1e-9
    picked = shares[index[certain], np.flatnonzero(certain)]
    assert picked == pytest.approx(shares.max(axis=0)[certain], abs=1e-9)
    assert (index[shares.max(axis=0) == 0] == -1).all()
    # no lower number holds as much
    lower = np.arange(len(parks))[:, None] < index[certain]
    assert not (lower & (shares[:, certain] > picked + 1e-9)).any()
    few = [places.most(rows.take(np.arange(at, at + 500))) for at in range(0, 1500, 500)]
    assert np.concatenate([part[0] for part in few]).tolist() == index.tolist()
