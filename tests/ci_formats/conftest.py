"""The hand-made report and the hostile texts of tests/report, and one real run with something of everything."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from landcheck.model import Report
from landcheck.request import Request
from landcheck.run.check import check

TESTS = Path(__file__).parents[1]
_spec = importlib.util.spec_from_file_location("report_fixtures", TESTS / "report" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_made)

hostile = _made.hostile
made = _made.made
report = _made.report
report_of = _made.report_of
a_fixed_version = _made.a_fixed_version
a_message_that_says_anything = _made.a_message_that_says_anything


@pytest.fixture(scope="session", params=["plan", "dirty"])
def run(request: pytest.FixtureRequest) -> Report:
    """The sample plan, which has failures, and the spoilt one, which has errors of the data."""
    return check(Request(str(TESTS.parent / "sample_parcels" / f"{request.param}.gpkg")))
