"""From how much on ground that two parcels share is told, and as what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from landcheck import DataFinding, Request, check
from landcheck.cli.app import app

EAST, NORTH = 652_000.0, 3_454_000.0


def sharing(path: Path, width: float, height: float, crs: str | None = "EPSG:4549") -> str:
    """Two parcels of 100 m by 100 m, the second let into the first by so much."""
    first = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)
    second = shapely.union(
        shapely.box(EAST + 100, NORTH, EAST + 200, NORTH + 100),
        shapely.box(EAST + 100 - width, NORTH, EAST + 100, NORTH + height),
    )
    frame = gpd.GeoDataFrame({"parcel_id": ["A", "B"]}, geometry=[first, second], crs=crs)
    frame.to_parquet(path)
    return str(path)


def told(path: str, **options: Any) -> list[DataFinding]:
    return [finding for finding in check(Request(path, **options)).data if finding.rule == "data/overlap"]


@pytest.mark.parametrize(
    ("width", "height", "tolerance", "level"),
    [
        (0.5, 1.9, 1.0, "warning"),  # 0.95 m²
        (0.5, 2.1, 1.0, "error"),  # 1.05 m²
        (0.5, 0.18, 1.0, None),  # 0.09 m², less than a tenth
        (0.5, 1.9, 0.5, "error"),
        (0.5, 0.18, 0.0, "error"),
        (0.5, 60.0, 50.0, "warning"),  # 30 m²
        (0.005, 100.0, 0.0, None),  # half a centimetre wide: noise
    ],
)
def test_by_its_tolerance_an_overlap_is_an_error_a_warning_or_noise(
    tmp_path: Path, width: float, height: float, tolerance: float, level: str | None
) -> None:
    found = told(sharing(tmp_path / "p.parquet", width, height), overlap_tolerance=tolerance)
    assert [finding.level.value for finding in found] == ([] if level is None else [level])
    if level is not None:
        assert found[0].message.values["area"] == pytest.approx(width * height, abs=0.03)


@pytest.mark.parametrize(("crs", "stated"), [(None, False), ("EPSG:4326", False), ("EPSG:2437", True)])
def test_without_a_usable_system_no_area_is_stated(tmp_path: Path, crs: str | None, stated: bool) -> None:  # noqa: FBT001
    (finding,) = told(sharing(tmp_path / "p.parquet", 10, 10, crs))
    assert ("area" in finding.message.values) == stated
    assert ("100" in finding.message.say("en")) == stated


@pytest.mark.parametrize("value", ["-1", "nan", "inf"])
def test_a_tolerance_is_no_less_than_nothing(tmp_path: Path, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sharing(tmp_path / "p.parquet", 1, 1)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        app(["check", path, "--overlap-tolerance", value])
    assert ended.value.code == 2


def test_the_tolerance_stands_in_the_configuration_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sharing(tmp_path / "p.parquet", 0.5, 1.9)
    monkeypatch.chdir(tmp_path)
    for text, status in (("overlap_tolerance = 0.5", 1), ("overlap_tolerance = 2", 3)):
        (tmp_path / "landcheck.toml").write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as ended:
            app(["check", path, "-q"])
        assert ended.value.code == status
