"""How the sample plan is written in every format of the table, by which tool, and how far its areas may then differ."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from plan_writers import (
    METRES,
    SAMPLES,
    Writer,
    by_gdal,
    by_office,
    coordinate_list,
    database,
    dbf,
    drawing,
    esri_json,
    folder_of_shapefiles,
    geoarrow,
    hatched_drawing,
    labelled_points,
    outlines,
    parquet,
    points_csv,
    sample,
    sheet,
    sheet_by_gdal,
    topology,
    with_text,
    zipped,
)

from landcheck import Request

PLAN = SAMPLES / "plan.gpkg"
COMPANIONS = {role: str(PLAN) for role in ("parks", "green", "buildings")}
JOINED = {**COMPANIONS, "attributes": str(SAMPLES / "attributes.xlsx")}
EXACT = 1e-5  # as many digits as a double has, or millimetres, to which the plan is drawn
DEGREES = 1e-3  # of 15 digits
EIGHTH = 1  # decimal of a degree, half a millimetre to either side along a border of some 1,000 m
SEVENTH = 4  # decimal of a degree
CENTIMETRES = 5  # the steps of a .map whose bounds are those of the projection
TENTHS = 1e-3  # of a millimetre, the grid of a file geodatabase
IN_TWO = "PD02-09"


@dataclass(frozen=True)
class Form:
    """One way to write the parcels: by which tool, how far areas may differ from the plan's, the programs it takes, and
    how it is read: ``joined`` with the table of attributes, with ``options``. ``but`` one parcel, which the tool takes
    apart: that must be told."""

    kind: str
    tool: str
    write: Writer
    within_m2: float = EXACT
    needs: tuple[str, ...] = ()
    joined: bool = False
    but: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def made(self, folder: Path, rows: Any) -> Request:
        """Written, and what is to be checked then."""
        for program in self.needs:
            if not (shutil.which(program) or find_spec(program)):
                pytest.skip(f"{program} is not installed")
        return Request(str(self.write(folder, rows)), JOINED if self.joined else COMPANIONS, **self.options)


GDAL = "GDAL"
MAPINFO = {"encoding": "UTF-8", "ENCODING": "UTF-8"}
FORMS = (
    Form("shapefile", GDAL, by_gdal("p.shp", "ESRI Shapefile", encoding="GBK")),
    Form("sqlite", GDAL, by_gdal("p.gpkg", "GPKG", layer="parcels")),
    Form("flatgeobuf", GDAL, by_gdal("p.fgb", "FlatGeobuf")),
    Form("parquet", "geopandas", parquet),
    Form("parquet", "geopandas, GeoArrow", geoarrow),
    Form("xlsx", "pandas", sheet, options={"crs": METRES}),
    Form("xlsx", GDAL, sheet_by_gdal("p.xlsx", "XLSX"), options={"crs": METRES}),
    Form("xls", "LibreOffice", by_office("xls", "p.xls"), needs=("soffice",), options={"crs": METRES}),
    Form("xls", "LibreOffice, .et", by_office("xls", "p.et"), needs=("soffice",), options={"crs": METRES}),
    Form("ods", "LibreOffice", by_office("ods", "p.ods"), needs=("soffice",), options={"crs": METRES}),
    Form("ods", GDAL, sheet_by_gdal("p.ods", "ODS"), options={"crs": METRES}),
    Form("kmz", GDAL, by_gdal("p.kmz", "LIBKML", layer="parcels", degrees=True), DEGREES),
    Form("zip", GDAL, zipped),
    Form("dwg", "ezdwg", sample("plan.dwg"), needs=("ezdwg",), joined=True, options={"crs": METRES}),
    Form("access", "a stand-in", database),
    Form("dxf", GDAL, drawing, joined=True, but=IN_TWO, options={"crs": METRES}),
    Form("dxf", "a few lines", hatched_drawing, joined=True, options={"crs": METRES}),
    Form("dbf", GDAL, dbf, joined=True, options={"crs": METRES}),
    Form("mapinfo", GDAL, outlines("p.tab", "MapInfo File", **MAPINFO), CENTIMETRES, joined=True),
    Form("mapinfo", "GDAL, .mif", by_gdal("p.mif", "MapInfo File", FORMAT="MIF", **MAPINFO)),
    Form("text table", "pandas", with_text("p.xls", sep="\t", encoding="gb18030"), options={"crs": METRES}),
    Form("kml", GDAL, by_gdal("p.kml", "LIBKML", degrees=True), DEGREES),
    Form("gml", GDAL, by_gdal("p.gml", "GML")),
    Form("gml", "GDAL, JML", by_gdal("p.jml", "JML")),
    Form("xml", "GDAL, MapML", by_gdal("p.mapml", "MapML", degrees=True), EIGHTH),
    Form("coordinate report", "exchange.py", sample("parcels.txt"), joined=True),
    Form("coordinate list", "a few lines", coordinate_list, joined=True, options={"crs": METRES}),
    Form("coordinate list", "a few lines, labelled", labelled_points, joined=True, options={"crs": METRES}),
    Form("vct", "exchange.py", sample("plan.vct")),
    Form("topojson", "a few lines", topology, DEGREES, options={"crs": "EPSG:4490"}),
    Form("geojson", GDAL, by_gdal("p.geojson", "GeoJSON")),
    Form("geojson", "GDAL, degrees", by_gdal("p7.geojson", "GeoJSON", degrees=True, RFC7946="YES"), SEVENTH),
    Form("geojson", "a few lines, ESRI JSON", esri_json),
    Form("csv", "pandas", with_text("p.csv", encoding="gb18030"), options={"crs": METRES}),
    Form("csv", "pandas, boundary points", points_csv, joined=True, options={"crs": METRES}),
    Form("tab", "pandas", with_text("p.tab", sep="\t"), options={"crs": METRES}),
    Form("gdb", GDAL, by_gdal("p.gdb", "OpenFileGDB", layer="parcels", promote_to_multi=True), TENTHS),
    Form("folder", GDAL, folder_of_shapefiles),
    Form("geojson", "GDAL, GeoJSONSeq", by_gdal("p.geojsonl", "GeoJSONSeq", degrees=True), SEVENTH),
    Form("any", "GDAL, GMT", outlines("p.gmt", "OGR_GMT"), joined=True, but=IN_TWO),
)
