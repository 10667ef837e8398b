"""Layers for a GIS: GeoPackage, GeoJSON and shapefile, from the drawn subjects of a run read again."""

from __future__ import annotations

from pathlib import Path

from landcheck.model import Report
from landcheck.report.options import Options

# A shapefile is the parcels, with findings as points and overlaps beside them: everything these may consist of.
SHAPEFILE_PARTS = tuple(
    f"{stem}{ending}"
    for stem in ("", "_findings", "_overlaps")
    for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx")
)  # fmt: skip


def write_geopackage(report: Report, options: Options, path: Path) -> None:
    """Write parcels, parks, findings, overlaps, styles and the run itself to one file. UsageError without shapes."""
    from landcheck.report.gis import files

    files.write_geopackage(report, options, path)


def write_geojson(report: Report, options: Options, path: Path) -> None:
    """Write the parcels with their verdicts, in longitude and latitude. UsageError without shapes or a way there."""
    from landcheck.report.gis import files

    files.write_geojson(report, options, path)


def write_shapefile(report: Report, options: Options, path: Path) -> None:
    """Write the parcels and, beside them, findings and overlaps. UsageError without shapes."""
    from landcheck.report.gis import files

    files.write_shapefile(report, options, path)
