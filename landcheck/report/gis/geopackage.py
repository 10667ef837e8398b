"""GeoPackage: layers by GDAL, then the tables GDAL does not write: styles that QGIS picks up, and the run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from landcheck import version
from landcheck.model import Report
from landcheck.report import content
from landcheck.report.gis import ogr, style
from landcheck.report.gis.layers import Layer, layers
from landcheck.report.options import Options
from landcheck.report.text import visible

# The table as QGIS makes it.
STYLES = """CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
STYLED = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, 'geom', 'landcheck', ?, '', 1, '', '', ?)"""
RUN = """CREATE TABLE landcheck_run (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, section TEXT, name TEXT,
value TEXT)"""
REGISTERED = """INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
VALUES (?, 'attributes', ?, '', ?)"""


def write(report: Report, options: Options, path: Path) -> None:
    """One file: parcels, parks, findings; ``layer_styles`` and ``landcheck_run`` as attribute tables."""
    made = layers(report, options, path.name)
    with ogr.dated(report.as_of) as moment:
        for layer in made:
            # 1.2, as QGIS and GDAL of some years ago warn of anything newer.
            ogr.write(layer, path, "GPKG", VERSION="1.2")
    with ogr.disk_refusals(path), closing(sqlite3.connect(path)) as base, base:
        _styles(base, made, options, moment)
        _run(base, report, options, moment)


def _styles(base: sqlite3.Connection, made: Iterable[Layer], options: Options, moment: str) -> None:
    base.execute(STYLES)
    base.executemany(STYLED, [(layer.name, style.qml(layer, options.lang), moment) for layer in made])
    base.execute(REGISTERED, ("layer_styles", "layer_styles", moment))


def _run(base: sqlite3.Connection, report: Report, options: Options, moment: str) -> None:
    """What the verdicts rest on, a line a row: the basis, the notices, then the tables that close every report."""
    lang = options.lang
    lines = [("tool", "landcheck", version.__version__), ("as_of", "as_of", report.as_of.isoformat())]
    lines += [("reading", "reading", report.reading.value)]
    lines += [("pack", pack.id, line) for pack, line in zip(report.packs, content.packs(report, lang), strict=True)]
    lines += [("parameter", name, f"{value:f}") for name, value in report.parameters.items()]
    lines += [("notice", notice.code, notice.say(lang)) for notice in report.notices]
    for table in (content.summary(report, lang), *content.closing(report, lang)):
        for row in table.rows:
            told = "; ".join(f"{head}: {cell}" for head, cell in zip(table.heads[1:], row[1:], strict=True))
            lines.append((table.title, row[0], told))
    lines.append(("totals", "totals", content.totals(report, lang)))
    base.execute(RUN)
    base.executemany(
        "INSERT INTO landcheck_run (section, name, value) VALUES (?, ?, ?)",
        [tuple(map(visible, line)) for line in lines],
    )
    base.execute(REGISTERED, ("landcheck_run", "landcheck_run", moment))
