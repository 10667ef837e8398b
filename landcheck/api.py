"""The public functions: inputs in, a Report out, and what can be made of it. What goes wrong is a LandcheckError.

Each imports what it needs when it is called: reading, geometry and the formats of reports are heavy, and no run needs
all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landcheck.errors import InputError, InternalError, LandcheckError, PackError, UsageError
from landcheck.messages import Lang
from landcheck.model import (
    DataFinding,
    Difference,
    Explanation,
    Finding,
    Outcome,
    Pack,
    Report,
    Rollup,
    Rule,
    Subject,
    Verdict,
)
from landcheck.report.options import Options
from landcheck.request import Cluster, Reading, Request
from landcheck.version import __version__

if TYPE_CHECKING:
    from landcheck.fields.candidates import Survey
    from landcheck.report.converted import Converted
    from landcheck.report.options import Show
    from landcheck.run.compare import Compared
    from landcheck.run.one_parcel import WhatIf

__all__ = [
    "Cluster",
    "DataFinding",
    "Difference",
    "Explanation",
    "Finding",
    "InputError",
    "InternalError",
    "LandcheckError",
    "Options",
    "Outcome",
    "Pack",
    "PackError",
    "Reading",
    "Report",
    "Request",
    "Rollup",
    "Rule",
    "Subject",
    "UsageError",
    "Verdict",
    "__version__",
    "check",
    "compare",
    "convert",
    "difference",
    "explain",
    "load_pack",
    "load_packs",
    "load_report",
    "pack_names",
    "render",
    "survey_fields",
    "whatif",
    "write_files",
]

Progress = Callable[[int, int], None]


def check(request: Request, progress: Progress | None = None, cluster: Cluster | None = None) -> Report:
    """Read the layers, judge every subject by every rule, and report.

    ``progress`` is called with the parcels done and the parcels in all. With a ``cluster`` the parcels, which must then
    be GeoParquet, are judged by the workers of a Dask cluster. Raises UsageError, PackError, InputError and
    InternalError, and LandcheckError where a cluster fails; what is wrong with single rows or values is a finding.
    """
    if cluster is not None:
        from landcheck.cluster import check as check_on

        return check_on(cluster, request, progress)
    from landcheck.run.check import check as check_here

    return check_here(request, progress)


def explain(request: Request, parcel: str, rules: Sequence[str] = ()) -> tuple[Report, list[Explanation]]:
    """Check the whole layer and give the sum behind each verdict of one parcel, or of those ``rules`` alone.

    UsageError for an unknown rule, InputError where there is no such parcel.
    """
    from landcheck.run.one_parcel import explain as explained

    return explained(request, parcel, rules)


def whatif(request: Request, parcel: str, changes: Mapping[str, str]) -> WhatIf:
    """Judge one parcel again with ``changes`` put in: a field, and the value as it would be written, empty for none.

    UsageError for a field or value that cannot be, InputError where there is no such parcel, or more than one.
    """
    from landcheck.run.one_parcel import whatif as supposed

    return supposed(request, parcel, changes)


def compare(old: Request, new: Request, progress: Progress | None = None) -> Compared:
    """Judge the inputs as either request asks, at two dates or by two packs, and set the results side by side."""
    from landcheck.run.compare import compare as compared

    return compared(old, new, progress)


def convert(request: Request, output: str | Path, inputs: Sequence[str] = ()) -> Converted:
    """Write the layers of the request as a GeoPackage (``.gpkg``) or its parcels as a coordinate report (``.txt``).

    Never over one of ``inputs``; what is wrong with the layers is told in what comes back.
    """
    from landcheck.report.converted import convert as written

    return written(request, str(output), inputs)


def difference(old: Report, new: Report) -> Difference:
    """What lies between two reports: findings new and fixed, verdicts changed, margins better and worse."""
    from landcheck.verdicts.difference import difference as between

    return between(old, new)


def survey_fields(request: Request) -> Survey:
    """How the columns of every layer map onto the fields, what is missing, and which rules need it."""
    from landcheck.run.field_survey import survey_fields as surveyed

    return surveyed(request)


def load_report(path: str, packs: Sequence[str] = (), *, large: bool = False) -> Report:
    """A result saved as JSON, without its inputs; ``packs``: directories of packs that do not come along.

    InputError where it is larger than 64 MB, unless ``large``.
    """
    from landcheck.report.result.decode import load_report as loaded

    return loaded(path, packs, large=large)


def load_pack(name: str) -> Pack:
    """A rule pack by its name or directory. PackError with every fault."""
    from landcheck.rulebook import load_pack as loaded

    return loaded(name)


def load_packs(names: Sequence[str]) -> tuple[Pack, ...]:
    """Several packs that are used together; ``auto`` stands for all that come along. PackError with every fault."""
    from landcheck.rulebook import load_packs as loaded

    return loaded(names)


def pack_names() -> tuple[str, ...]:
    """The names of the packs that come along."""
    from landcheck.rulebook import pack_names as named

    return named()


def render(report: Report, form: str, options: Options) -> Iterator[str]:
    """The report piece by piece, in a format of standard output: plain, json, csv, md ... UsageError for another."""
    from landcheck.report.write import render as rendered

    return rendered(report, form, options)


def write_files(
    report: Report,
    paths: Sequence[str | Path],
    lang: Lang,
    show: Show = "findings",
    inputs: Sequence[str | Path] = (),
    *,
    keep_geometry: bool = False,
    headroom: bool = True,
) -> None:
    """Write the report to each path in the format of its suffix, all or none, never over one of ``inputs``.

    With ``keep_geometry`` a JSON file holds the shapes too, so that maps and layers can be made of it later, with
    ``headroom`` what may still be built on every parcel, where the report has it. UsageError for a path that cannot
    be, LandcheckError where the disk refuses.
    """
    from landcheck.report.write import write_files as written

    written(report, paths, lang, show, inputs, keep_geometry=keep_geometry, headroom=headroom)
