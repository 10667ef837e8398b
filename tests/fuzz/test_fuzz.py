"""Spoilt files of every format: a verdict, a finding or a refusal with its reason, and never anything else.

A seeded sample runs by default. ``LANDCHECK_FUZZ=500`` tries so many mutations of every format,
``LANDCHECK_FUZZ_SECONDS=600`` shares that time among all of them
(``make fuzz``), ``LANDCHECK_FUZZ_SEED=x`` tries others than the usual ones, ``LANDCHECK_FUZZ_ONLY=dxf:17`` one again.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from runs import CHECK, Outcome, Runner, numbers_of, try_one
from specimens import Specimen, write_specimens

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are forks of one process, for speed")

SEED = os.environ.get("LANDCHECK_FUZZ_SEED", "2021-9")
EACH = int(os.environ.get("LANDCHECK_FUZZ", "2"))
ONLY = os.environ.get("LANDCHECK_FUZZ_ONLY", "")
NAMES = (
    *("plan-gpkg", "dirty-gpkg", "small-geojson", "metres-geojson", "geojson-xlsx", "shapefile", "shapefile-folder"),
    *("dbf", "flatgeobuf", "libkml", "gml", "dxf", "geojsonseq", "ods", "mapinfo-tab", "mapinfo-mif", "geodatabase"),
    *("geoparquet", "geoarrow", "boundary-points", "csv-wkt", "tsv-wkb", "xlsx", "topojson", "zip", "kmz", "vct"),
    *("coordinate-report", "coordinate-list", "labelled-points", "access", *(["dwg"] if find_spec("ezdwg") else [])),
    *(["xls", "et"] if shutil.which("soffice") else []),
)


@pytest.fixture(scope="session")
def specimens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Specimen]:
    return write_specimens(tmp_path_factory.mktemp("specimens"))


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    runs = Runner()
    yield runs
    runs.close()


def test_no_format_is_left_out(specimens: dict[str, Specimen]) -> None:
    assert set(specimens) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_sound_source_is_judged(name: str, specimens: dict[str, Specimen], runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    outcome = runner.run(["check", *specimens[name].arguments, *CHECK], specimens[name].folder, tmp_path)
    assert outcome["status"] in {0, 1, 3}, (tmp_path / "err").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_spoilt_source_is_judged_or_refused(
    name: str, specimens: dict[str, Specimen], runner: Runner, tmp_path: Path
) -> None:
    bad = []
    for number in numbers_of(name, EACH, len(NAMES) * 2):
        place = tmp_path / str(number)
        outcome = try_one(specimens[name], number, SEED, runner, place)
        log(outcome)
        if outcome.faults:
            bad.append(told(outcome))
        if not ONLY:
            shutil.rmtree(place)
    assert not bad, "\n".join(bad)


def told(outcome: Outcome) -> str:
    return f"{outcome.name} ({outcome.done}): {'; '.join(outcome.faults)} [{outcome.said[-400:]}]"


def log(outcome: Outcome) -> None:
    """With ``pytest -s`` and one case asked for, what was said."""
    if ONLY:
        sys.stderr.write(f"{outcome}\n")
