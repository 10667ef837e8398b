"""landcheck: parcels against the land clauses of Shanghai policy 沪府规〔2021〕9号.

>>> from landcheck import Request, check, write_files            # doctest: +SKIP
>>> report = check(Request("parcels.shp", {"parks": "parks.shp"}))  # doctest: +SKIP
>>> write_files(report, ["report.json"], "en")                   # doctest: +SKIP

Names are loaded when first used, so that ``import landcheck`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from landcheck.version import __version__

if TYPE_CHECKING:
    from landcheck.errors import InputError, InternalError, LandcheckError, PackError, UsageError
    from landcheck.model import DataFinding, Finding, Outcome, Pack, Reading, Report, Rule, Subject, Verdict
    from landcheck.report import render, write_files
    from landcheck.request import Request
    from landcheck.rulebook import load_pack, pack_names
    from landcheck.run.check import check
    from landcheck.run.explain import explain

_HOMES = {
    "landcheck.errors": ("InputError", "InternalError", "LandcheckError", "PackError", "UsageError"),
    "landcheck.model": (
        "DataFinding", "Finding", "Outcome", "Pack", "Reading", "Report", "Rule", "Subject", "Verdict",
    ),
    "landcheck.run.check": ("check",),
    "landcheck.run.explain": ("explain",),
    "landcheck.request": ("Request",),
    "landcheck.report": ("render", "write_files"),
    "landcheck.rulebook": ("load_pack", "pack_names"),
}  # fmt: skip

__all__ = [
    "DataFinding",
    "Finding",
    "InputError",
    "InternalError",
    "LandcheckError",
    "Outcome",
    "Pack",
    "PackError",
    "Reading",
    "Report",
    "Request",
    "Rule",
    "Subject",
    "UsageError",
    "Verdict",
    "__version__",
    "check",
    "explain",
    "load_pack",
    "pack_names",
    "render",
    "write_files",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'landcheck' has no attribute {name!r}")
