"""A parcel or park that is not there: what the ids are that may be meant."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box
from typer.testing import CliRunner

from landcheck.cli.app import app

IDS = ["PD01-02", "PD01-20", "MH-0310", *(f"X{number}" for number in range(60))]
COMMANDS = {
    "explain": ("explain", "p.csv", "--parcel"),
    "whatif": ("whatif", "p.csv", "--set", "far=2", "--parcel"),
    "waivers": ("waivers", "new", "p.csv", "--rule", "far-industrial", "--parcel"),
}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("\n".join(["parcel_id", *IDS, "PD01-02"]), encoding="utf-8")


def refused(*arguments: str) -> str:
    ended = CliRunner().invoke(app, [*arguments, "--lang", "en"])
    assert ended.exit_code == 4
    return ended.stderr.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_nearest_ids_are_named(command: str) -> None:
    # written otherwise alone (case, dashes, zeros in front); then by likeness
    assert refused(*COMMANDS[command], "pd1—2").endswith("there are: PD01-02")
    assert "MH-0310" in refused(*COMMANDS[command], "MH-0301")


@pytest.mark.parametrize("command", COMMANDS)
def test_where_none_is_near_the_first_ones_are(command: str) -> None:
    said = refused(*COMMANDS[command], "沪")
    assert said.endswith("and 51 more")  # 63 ids, of which 12 are named
    assert "PD01-02, PD01-20, MH-0310, X0" in said


def test_so_are_parks() -> None:
    parks = gpd.GeoDataFrame({"park_id": ["K01", "K02"]}, geometry=[box(0, 0, 9, 9), box(9, 0, 18, 9)], crs=4549)
    parks.to_file("parks.gpkg")
    said = refused("waivers", "new", "p.csv", "--parks", "parks.gpkg", "--rule", "green-balance", "--park", "k1")
    assert said.endswith("there are: K01")
