"""The made-up city is what the benchmark says of it."""

from pathlib import Path

import city
import geopandas
import numpy as np
import pytest
import shapely
from cadastre import attributes
from cities import FORMATS

import landcheck

PARCELS = 20_000


@pytest.fixture(scope="module")
def shapes() -> np.ndarray:
    (batch,) = city.batches(PARCELS)
    return shapely.from_wkb(batch.column("geometry").to_numpy(zero_copy_only=False))


def test_parcels_have_5_to_29_points_and_a_thousandth_crosses_itself(shapes: np.ndarray) -> None:
    points = shapely.get_num_coordinates(shapes)
    assert len(shapes) == PARCELS
    assert points.min() == 5
    assert 20 < points.max() <= 29
    assert 0.0005 < (~shapely.is_valid(shapes)).mean() < 0.002


def test_neighbours_share_their_edges_and_a_thousandth_lies_in_its_neighbour(shapes: np.ndarray) -> None:
    sound = shapes[shapely.is_valid(shapes)]
    tree = shapely.STRtree(sound)
    a, b = tree.query(sound, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shared = shapely.length(shapely.intersection(sound[a], sound[b]))
    lying = shapely.area(shapely.intersection(sound[a], sound[b])) > 0
    assert 0.0005 < lying.sum() / PARCELS < 0.002
    assert (shared > 40).sum() > 1.4 * PARCELS  # 24 edges between the 16 parcels of a block, streets between blocks
    assert np.isclose(shapely.area(shapely.union_all(sound[:16])), shapely.area(sound[:16]).sum(), rtol=1e-4)


def test_the_same_count_gives_the_same_city() -> None:
    one, other = (next(city.batches(500)) for _ in range(2))
    assert one.equals(other)


@pytest.mark.parametrize("suffix", FORMATS.values())
def test_every_format_holds_the_same_city(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"parcels.{suffix}"
    city.write(path, 300)
    frame = geopandas.read_parquet(path) if suffix == "parquet" else geopandas.read_file(path)
    (expected,) = city.batches(300)
    assert frame.crs.to_epsg() == 4549
    assert [name for name in frame.columns if name != "geometry"] == expected.schema.names[:-1]
    assert sorted(frame["DKBH"]) == expected.column("DKBH").to_pylist()  # FlatGeobuf lays the rows by place
    drawn = shapely.area(shapely.from_wkb(expected.column("geometry").to_numpy(zero_copy_only=False)))
    assert sorted(frame.area) == pytest.approx(sorted(drawn))


def test_of_each_value_some_are_missing_and_most_are_there() -> None:
    columns = attributes(0, np.full(20_000, 5000.0), np.random.default_rng(1))
    missing = {name: column.null_count / 20_000 for name, column in columns.items()}
    assert missing["DKBH"] == 0
    assert all(0.003 < missing[name] < 0.05 for name in ("YDLX", "YDMJ", "JRMJ", "DSJZMJ", "CRNQ", "RDLX"))


def test_of_the_other_layers_every_parcel_fails_or_holds_nothing(tmp_path: Path) -> None:
    for kind, far in (("failing", "fail"), ("bare", "undetermined")):
        city.write(tmp_path / f"{kind}.gpkg", 300, kind)
        counts = landcheck.check(landcheck.Request(str(tmp_path / f"{kind}.gpkg"))).summary.verdicts["far-industrial"]
        assert counts[landcheck.Verdict[far.upper()]] == 300
