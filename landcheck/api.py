"""The public functions: inputs in, a Report out, and what can be made of it. What goes wrong is a LandcheckError.

Each imports what it needs when it is called: reading, geometry and the formats of reports are heavy, and no run needs
all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from landcheck.errors import InputError, InternalError, LandcheckError, PackError, UsageError, nearest
from landcheck.messages import Lang
from landcheck.model import (
    DataFinding,
    Difference,
    Explanation,
    Finding,
    Outcome,
    Pack,
    Rollup,
    Rule,
    Subject,
    Verdict,
)
from landcheck.model import Report as AnyReport
from landcheck.report.checked_report import CheckedReport as Report
from landcheck.report.checked_report import at_hand
from landcheck.report.options import Options
from landcheck.request import OPTIONS, CheckOptions, Cluster, Option, Reading, Request, Source, day_of, parameters_of
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
PYTHON_NAMES = {"map": "mapping", "set": "parameters", "no_assumptions": "assume"}
"""Options of the command line that have another name in Python, where theirs means something else."""


def check(
    parcels: Source | Request,
    progress: Progress | None = None,
    cluster: Cluster | None = None,
    *,
    lang: Lang = "en",
    **options: Unpack[CheckOptions],
) -> Report:
    """Read the layers, judge every subject by every rule, and report.

    Each layer is a path, a GeoDataFrame, a DataFrame with a column of WKB, or whatever gives an Arrow stream; the
    ``options`` are those of the command line. Or it is all said in a Request. The report speaks ``lang``.

    ``progress`` is called with the parcels done and the parcels in all. With a ``cluster`` the parcels, which must then
    be GeoParquet, are judged by the workers of a Dask cluster. Raises UsageError, PackError, InputError and
    InternalError, and LandcheckError where a cluster fails; what is wrong with single rows or values is a finding.
    """
    request = _requested(parcels, options)
    if cluster is not None:
        from landcheck.cluster import check as check_on

        return at_hand(check_on(cluster, request, progress), request, lang)
    from landcheck.run.check import check as check_here

    return at_hand(check_here(request, progress), request, lang)


def _requested(parcels: Source | Request, options: CheckOptions) -> Request:
    """The run asked for, what is in memory taken over once. UsageError for an option that there is not."""
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(parcels, Request):
        request, known = parcels, {}
    else:
        known = {PYTHON_NAMES.get(option.name, option.name): option for option in OPTIONS}
    for name in given.keys() - known.keys():
        raise UsageError("check-no-option", name=name, known=nearest(name, known))
    fields: dict[str, Any] = {}
    for name, option in known.items():
        if name not in given:
            continue
        value = _value(option, given[name])
        if option.field in ("sources", "project"):
            fields.setdefault(option.field, {})[option.name] = value
        else:
            fields[option.field or option.name] = value
    if not isinstance(parcels, Request):
        request = Request(parcels, **fields)
    sources = {role: _held(source, role) for role, source in request.sources.items()}
    return replace(request, parcels=_held(request.parcels, "parcels"), sources=sources)


def _value(option: Option, given: Any) -> Any:
    """An option as the engine takes it. UsageError."""
    if option.choices and given not in option.choices:
        raise UsageError("bad-choice", name=option.name, value=given, known=list(option.choices))
    if option.form == "list":
        given = (given,) if isinstance(given, str) else tuple(given)
    if option.value is not None:
        return option.value(given)
    if option.form in ("set", "map"):
        from landcheck.fields.field_names import parse_map

        texts = [f"{name}={value}" for name, value in given.items()]
        return parameters_of(texts) if option.form == "set" else dict(map(parse_map, texts))
    return day_of(given) if option.form == "date" else str(given) if option.form == "text" else given


def _held(source: Source, role: str) -> Source:
    """A table in memory as it is read, so that asking for more later reads what was checked."""
    if isinstance(source, str | os.PathLike):
        return source
    from landcheck.read import held

    return held(source, role)


def explain(request: Request, parcel: str, rules: Sequence[str] = ()) -> tuple[AnyReport, list[Explanation]]:
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


def difference(old: AnyReport, new: AnyReport) -> Difference:
    """What lies between two reports: findings new and fixed, verdicts changed, margins better and worse."""
    from landcheck.verdicts.difference import difference as between

    return between(old, new)


def survey_fields(request: Request) -> Survey:
    """How the columns of every layer map onto the fields, what is missing, and which rules need it."""
    from landcheck.run.field_survey import survey_fields as surveyed

    return surveyed(request)


def load_report(path: str, packs: Sequence[str] = (), *, large: bool = False, lang: Lang = "en") -> Report:
    """A result saved as JSON, without its inputs; ``packs``: directories of packs that do not come along.

    InputError where it is larger than 64 MB, unless ``large``.
    """
    from landcheck.report.result.decode import load_report as loaded

    return at_hand(loaded(path, packs, large=large), None, lang)


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


def render(report: AnyReport, form: str, options: Options) -> Iterator[str]:
    """The report piece by piece, in a format of standard output: plain, json, csv, md ... UsageError for another."""
    from landcheck.report.write import render as rendered

    return rendered(report, form, options)


def write_files(
    report: AnyReport,
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
