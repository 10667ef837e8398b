"""The formats a report can take: the one place that lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from landcheck.errors import UsageError
from landcheck.model import Report
from landcheck.report import (  # fmt: skip
    codequality,
    csv,
    docx,
    gis,
    github,
    html,
    json,
    junit,
    md,
    parquet,
    pdf,
    plain,
    sarif,
    table,
    xlsx,
)
from landcheck.report.options import Options

Pieces = Callable[[Report, Options], Iterator[str] | Iterator[bytes] | Iterator[str | bytes]]
Files = Callable[[Report, Options, Path], None]


@dataclass(frozen=True, slots=True)
class Format:
    """``pieces`` gives text (written in ``encoding``) or bytes, bit by bit, and prints nothing.

    What is no stream is written by ``files`` instead, to a path; ``parts`` are the endings, after the stem of the name,
    of all files it may consist of. ``ours``: of a format that is a folder, whether one that is there is such a report.
    ``layer``: a folder that is checked would take it for input. ``ready`` raises UsageError, naming the file asked for,
    where something the format takes is not installed.
    """

    name: str
    pieces: Pieces | None
    suffixes: tuple[str, ...] = ()
    on_standard_output: bool = True
    encoding: str = "utf-8"
    files: Files | None = None
    parts: tuple[str, ...] = ()
    layer: bool = False
    ready: Callable[[str], None] | None = None
    ours: Callable[[Path], bool] | None = None


FORMATS: Mapping[str, Format] = {
    entry.name: entry
    for entry in (
        Format("table", table.pieces),
        Format("plain", plain.pieces),
        Format("json", json.pieces, (".json",)),
        Format("jsonl", json.lines, (".jsonl",)),
        # With the mark, or Excel takes the text for GBK; the csv reader of Python knows it as utf-8-sig.
        Format("csv", csv.pieces, (".csv",), encoding="utf-8-sig"),
        Format("md", md.pieces, (".md",)),
        Format("html", html.pieces, (".html",), on_standard_output=False),
        Format("xlsx", xlsx.pieces, (".xlsx",), on_standard_output=False),
        Format("docx", docx.pieces, (".docx",), on_standard_output=False),
        Format("pdf", pdf.pieces, (".pdf",), on_standard_output=False, ready=pdf.ready),
        Format("github", github.pieces),
        Format("sarif", sarif.pieces, (".sarif",), on_standard_output=False),
        Format("junit", junit.pieces, (".junit.xml",), on_standard_output=False),
        Format("codequality", codequality.pieces, (".codequality.json",), on_standard_output=False),
        Format("gpkg", None, (".gpkg",), on_standard_output=False, files=gis.write_geopackage, layer=True),
        Format("geojson", None, (".geojson",), on_standard_output=False, files=gis.write_geojson, layer=True),
        Format(
            "parquet",
            None,
            (".parquet",),
            on_standard_output=False,
            files=parquet.write,
            layer=True,
            ours=parquet.ours,
        ),
        Format(
            "shp",
            None,
            (".shp",),
            on_standard_output=False,
            files=gis.write_shapefile,
            parts=gis.SHAPEFILE_PARTS,
            layer=True,
        ),
    )
}


def standard_output_formats() -> tuple[str, ...]:
    """The names that ``--output-format`` takes."""
    return tuple(entry.name for entry in FORMATS.values() if entry.on_standard_output)


def format_of_file(name: str) -> Format:
    """The format a file name asks for by its suffix, the longest that fits. UsageError where there is none."""
    built = {suffix: entry for entry in FORMATS.values() for suffix in entry.suffixes}
    suffix = max((suffix for suffix in built if name.casefold().endswith(suffix)), key=len, default=None)
    if suffix is None:
        raise UsageError("report-suffix-unknown", file=name, suffixes=tuple(built))
    entry = built[suffix]
    if entry.ready is not None:
        entry.ready(name)
    return entry


def format_named(name: str) -> Format:
    """The format of that name for standard output. UsageError where there is none."""
    entry = FORMATS.get(name)
    if entry is None or not entry.on_standard_output:
        raise UsageError("report-format-unknown", format=name, formats=standard_output_formats())
    return entry
