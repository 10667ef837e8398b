"""Reports that a disk does not take, and names that would be confused with files that are there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely

from landcheck.errors import UsageError
from landcheck.report.gis import files
from landcheck.report.write import destinations


@pytest.mark.parametrize("there", ["parcels.shp", "parcels.dbf", "PARCELS_findings.SHX"])
def test_a_shapefile_named_as_another_but_for_case_is_refused(tmp_path: Path, there: str) -> None:
    (tmp_path / there).touch()
    if (tmp_path / there.swapcase()).exists():
        pytest.skip("one file here, which is written over")
    for name in ("PARCELS.shp", "Parcels.shp"):
        with pytest.raises(UsageError) as caught:
            destinations([tmp_path / name])
        assert caught.value.message.code == "output-case-differs"
        assert there in caught.value.say("en")
    assert destinations([tmp_path / "PARCELS.json", tmp_path / "parcels2.shp"])


def test_a_shapefile_of_the_same_name_is_written_over(tmp_path: Path) -> None:
    for suffix in (".shp", ".shx", ".dbf"):
        (tmp_path / f"out{suffix}").touch()
    assert destinations([tmp_path / "out.shp"])


def test_an_empty_name_and_a_link_in_a_circle_are_no_crash(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        destinations([""])
    assert caught.value.message.code == "output-no-name"
    (tmp_path / "l.geojson").symlink_to("l.geojson")
    assert destinations([tmp_path / "r.json"], [tmp_path / "l.geojson"])


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("database or disk is full"),
        pyogrio.errors.DataLayerError("sqlite3_exec(INSERT INTO gpkg_x) failed: database or disk is full"),
    ],
)
def test_what_a_full_disk_does_to_a_database_is_told_without_its_sql(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(OSError, match="No space left") as caught, files.disk_refusals(tmp_path / "r.gpkg"):
        raise error
    assert "INSERT" not in str(caught.value)


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
def test_a_shapefile_that_did_not_reach_the_disk_whole_is_noticed(tmp_path: Path, part: str) -> None:
    path = tmp_path / "r.shp"
    _written(path)
    assert files.whole(path, 3)
    raw = path.with_suffix(part).read_bytes()
    for kept in (0, 40, len(raw) - 8):
        path.with_suffix(part).write_bytes(raw[:kept])
        assert not files.whole(path, 3)


def _written(path: Path) -> None:
    shapes = shapely.to_wkb(shapely.box([0, 1, 2], 0, [1, 2, 3], 1))
    pyogrio.raw.write(path, shapes, [np.array([1, 2, 3])], ["n"], geometry_type="Polygon", crs="EPSG:4490")
