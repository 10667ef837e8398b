"""The formats that are read apart, in the child process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from landcheck.errors import InputError
from landcheck.read.choose import choose
from landcheck.read.drivers.dxf import open_dxf
from landcheck.read.drivers.geopackage import open_geopackage
from landcheck.read.drivers.mapinfo import open_mapinfo
from landcheck.read.drivers.parts import open_parquet
from landcheck.read.drivers.shapefile import open_shapefile
from landcheck.read.drivers.vector import Known, Opening, open_vector
from landcheck.read.drivers.workbook import open_workbook
from landcheck.read.drivers.xml import checked, open_gml
from landcheck.read.hear import hear, read_or_refuse
from landcheck.read.layer import Layer
from landcheck.read.source import Source


def open_any(source: Source) -> Layer:
    """A layer of a source that GDAL recognises by itself."""
    name, driver = chosen(source)
    opening = Opening(source.path, source.file, name)
    return open_vector(source, opening, driver, Known())


def open_ods(source: Source) -> Layer:
    """A sheet of an OpenDocument workbook; calamine does not read those that GDAL wrote, GDAL does."""
    try:
        return open_workbook(source)
    except InputError as error:
        if error.message.code != "read-failed":
            raise
        return open_any(source)


def open_kml(source: Source) -> Layer:
    """A layer (folder) of a KML document, or of another in XML."""
    return open_any(checked(source))


def open_gml_layer(source: Source) -> Layer:
    """A feature type of a GML document, read from a folder where GDAL may leave its notes."""
    origin = source.path
    source = checked(source)
    path, options, keep = open_gml(source, origin)
    name, driver = chosen(replace(source, path=path), options)
    opening = Opening(path, source.file, name, options=options)
    return open_vector(source, opening, driver, Known(keep=keep))


def chosen(source: Source, options: dict[str, str] | None = None) -> tuple[str, str]:
    """The layer that is meant, of those with rows and shapes where several are there, and GDAL's driver for it."""
    layers = read_or_refuse(source.file, source.path, _layers, source, options or {})
    if not layers:
        raise InputError("read-no-layers", file=source.file)
    names = [name for name, _ in layers]
    if source.layer is None and len(layers) > 1:
        spatial = [name for name, info in layers if info["geometry_type"] is not None and info["features"]]
        names = spatial if spatial and source.role != "attributes" else names
    name = choose(names, source.role, source.layer, source.file)
    return name, str(dict(layers)[name]["driver"])


def layer_names(source: Source) -> list[str]:
    """Every layer of the source."""
    return [name for name, _ in read_or_refuse(source.file, source.path, _layers, source, {})]


def _layers(source: Source, options: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    import pyogrio

    said: list[str] = []
    names = [str(name) for name in hear(said, pyogrio.list_layers, source.path)[:, 0]]
    return [
        (name, hear(said, pyogrio.read_info, source.path, layer=name, force_feature_count=True, **options))
        for name in names
    ]


OPENERS_APART: dict[str, Callable[[Source], Layer]] = {
    "any": open_any,
    "dxf": open_dxf,
    "gdb": open_any,
    "gml": open_gml_layer,
    "kml": open_kml,
    "mapinfo": open_mapinfo,
    "ods": open_ods,
    "parquet": open_parquet,
    "shapefile": open_shapefile,
    "sqlite": open_geopackage,
    "topojson": open_any,
    "xls": open_workbook,
    "xlsb": open_workbook,
    "xml": open_kml,
    "xlsx": open_workbook,
}
