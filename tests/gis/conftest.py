"""The hand-made report and the hostile texts of tests/report with a drawing, and real runs over the samples."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyproj
import pytest
import shapely

from landcheck.model import DrawnRows, Report, Verdict
from landcheck.request import Request
from landcheck.run.check import check

TESTS = Path(__file__).parents[1]
SAMPLES = TESTS.parent / "sample_parcels"
_spec = importlib.util.spec_from_file_location("report_fixtures_gis", TESTS / "report" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_made)

hostile = _made.hostile
report_of = _made.report_of
a_fixed_version = _made.a_fixed_version
a_message_that_says_anything = _made.a_message_that_says_anything


@dataclass(frozen=True)
class OneSquare:
    """A drawing of one parcel: a square of 100 m near Shanghai, or nothing."""

    ident: str
    system: str | None = "EPSG:4549"
    shape: object = shapely.box(650_000, 3_450_000, 650_100, 3_450_100)
    drawn: bool = True

    def crs(self, subject: str) -> str | None:
        return pyproj.CRS(self.system).to_wkt() if self.system and subject == "parcel" else None

    def of(self, subject: str) -> Iterator[DrawnRows]:
        if subject == "parcel" and self.drawn:
            verdicts = np.array([[Verdict.FAIL], [Verdict.NOT_APPLICABLE]], np.int8)
            wkb = pa.array([shapely.to_wkb(self.shape)], pa.binary())
            yield DrawnRows((self.ident,), np.array([0]), wkb, ("far-industrial", "term-50"), verdicts)


@pytest.fixture
def drawn_of(report_of: Callable[[str], Report]) -> Callable[..., Report]:
    """A report with one text wherever text can stand, and one square drawn."""

    def build(text: str, **more: object) -> Report:
        return replace(report_of(text), drawing=OneSquare(text, **more))  # type: ignore[arg-type]

    return build


@pytest.fixture(scope="session")
def dirty() -> Report:
    """A spoilt plan: overlaps, a bow-tie, a parcel without a shape."""
    return check(Request(str(SAMPLES / "dirty.gpkg")))


@pytest.fixture(scope="session")
def plan() -> Report:
    """A sound plan of four parks with their green."""
    return check(Request(str(SAMPLES / "plan.gpkg")))
