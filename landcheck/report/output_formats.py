"""The formats a report can take: the one table of them.

Help pages read it too, so what writes a format is imported only when a report is written in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from landcheck.errors import UsageError, nearest

How = Literal["printed", "stream", "files", "folder"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format and its writer, a function named with the module of this package that holds it.

    A stream, which may be ``printed`` on standard output or not, is given in pieces, text (written in ``encoding``) or
    bytes, from the report and its :class:`Options`. ``files`` and a ``folder`` are written to a path that is given as
    well. ``parts`` are the endings, after the stem of the name, of all files a report may consist of, ``beside`` those,
    after the whole name, of what a program that has it open keeps there and would take for part of the new one. The
    module of a folder says besides, by ``ours(path)``, whether one that is there is such a report.

    ``drawing``: a layer of the drawn subjects. ``headroom``: it states that of every parcel. ``needs``: a library that
    may not be installed, and the message then.
    """

    name: str
    how: How
    writer: str
    suffix: str = ""
    encoding: str = "utf-8"
    parts: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    drawing: bool = False
    headroom: bool = False
    needs: tuple[str, str] | None = None

    @property
    def is_input(self) -> bool:
        """Whether a folder that is checked would take it for input."""
        return self.drawing or self.how == "folder"

    def load(self, function: str = "") -> Any:
        """The writer, or another function of its module."""
        module, _, writer = self.writer.partition(":")
        return getattr(import_module(f"landcheck.report.{module}"), function or writer)


# A shapefile is the parcels, with findings as points and overlaps beside them: everything these may consist of.
_OF_SHAPEFILE = tuple(
    f"{stem}{ending}"
    for stem in ("", "_findings", "_overlaps")
    for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx")
)

_OF_SQLITE = ("-journal", "-wal", "-shm")

FORMATS: Mapping[str, Format] = {
    entry.name: entry
    for entry in (
        Format("table", "printed", "terminal:pieces"),
        Format("plain", "printed", "plain:pieces"),
        Format("json", "printed", "json:pieces", ".json"),
        Format("jsonl", "printed", "json:lines", ".jsonl"),
        # With the mark, or Excel takes the text for GBK; the csv reader of Python knows it as utf-8-sig.
        Format("csv", "printed", "csv:pieces", ".csv", encoding="utf-8-sig"),
        Format("md", "printed", "md:pieces", ".md"),
        Format("html", "stream", "html.page:pieces", ".html"),
        Format("xlsx", "stream", "xlsx.book:pieces", ".xlsx", headroom=True),
        Format("docx", "stream", "docx.word_report:pieces", ".docx"),
        Format("pdf", "stream", "pdf.typst_report:pieces", ".pdf", needs=("typst", "pdf-needs-typst")),
        Format("github", "printed", "ci.github:pieces"),
        Format("sarif", "stream", "ci.sarif:pieces", ".sarif"),
        Format("junit", "stream", "ci.junit:pieces", ".junit.xml"),
        Format("codequality", "stream", "ci.codequality:pieces", ".codequality.json"),
        Format("gpkg", "files", "gis.files:write_geopackage", ".gpkg", beside=_OF_SQLITE, drawing=True, headroom=True),
        Format("geojson", "files", "gis.files:write_geojson", ".geojson", drawing=True, headroom=True),
        Format("parquet", "folder", "parquet:write", ".parquet"),
        Format("shp", "files", "gis.files:write_shapefile", ".shp", parts=_OF_SHAPEFILE, drawing=True, headroom=True),
    )
}


def standard_output_formats() -> tuple[str, ...]:
    """The names that ``--output-format`` takes."""
    return tuple(entry.name for entry in FORMATS.values() if entry.how == "printed")


def suffixes() -> tuple[str, ...]:
    """The endings of file names that ask for a format."""
    return tuple(entry.suffix for entry in FORMATS.values() if entry.suffix)


def format_of_file(name: str) -> Format:
    """The format a file name asks for by its suffix, the longest that fits.

    UsageError where there is none, or where a library that it needs is not installed.
    """
    fitting = [entry for entry in FORMATS.values() if entry.suffix and name.casefold().endswith(entry.suffix)]
    if not fitting:
        raise UsageError("report-suffix-unknown", file=name, suffixes=suffixes())
    entry = max(fitting, key=lambda one: len(one.suffix))
    if entry.needs and find_spec(entry.needs[0]) is None:
        raise UsageError(entry.needs[1], file=name)
    return entry


def format_named(name: str) -> Format:
    """The format of that name for standard output. UsageError where there is none."""
    if name not in standard_output_formats():
        raise UsageError("report-format-unknown", format=name, formats=nearest(name, standard_output_formats()))
    return FORMATS[name]
