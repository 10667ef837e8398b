"""The formats that are read, in one table: how each is recognised, where it is looked for, and who opens it.

A new input format is a driver and a row here: recognising files, looking through folders and archives, reading in a
process of its own and the sentences that name formats follow from the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from landcheck.errors import InputError
from landcheck.messages import Text
from landcheck.read.drivers.columnar.object_stores import is_address, open_address
from landcheck.read.drivers.columnar.parquet_files import PARQUET_SUFFIXES, open_parquet
from landcheck.read.drivers.databases.access import ACCESS_MARKS, access_layers, open_access
from landcheck.read.drivers.databases.postgis import is_postgis, open_postgis
from landcheck.read.drivers.drawings.dwg import DWG_MARKS, open_dwg
from landcheck.read.drivers.drawings.dxf import is_dxf, open_dxf
from landcheck.read.drivers.gdal.documents import is_gml, is_json, is_topojson, is_xml, open_geojson, open_gml, open_xml
from landcheck.read.drivers.gdal.geodatabases import open_geodatabase
from landcheck.read.drivers.gdal.geopackages import geopackage_layers, may_hang_or_crash, open_geopackage, with_journal
from landcheck.read.drivers.gdal.kml import open_kml
from landcheck.read.drivers.gdal.mapinfo import MAPINFO_PARTS, is_mapinfo, open_mapinfo
from landcheck.read.drivers.gdal.shapefiles import SHAPEFILE_PARTS, open_shapefile
from landcheck.read.drivers.gdal.vector import open_any, open_file, vector_layers
from landcheck.read.drivers.survey.boundary_tables import with_plots
from landcheck.read.drivers.survey.coordinate_lists import is_coordinate_list, open_coordinate_list
from landcheck.read.drivers.survey.coordinate_report import is_coordinate_report, open_coordinate_report
from landcheck.read.drivers.survey.vct import is_vct, open_vct, vct_layers
from landcheck.read.drivers.tables.delimited import open_delimited
from landcheck.read.drivers.tables.workbook import (
    is_text_table,
    is_web_table,
    is_xls,
    is_xlsx,
    is_xml_2003,
    open_ods,
    open_text_table,
    open_xls,
    open_xlsx,
)
from landcheck.read.layer import Layer
from landcheck.read.repair.dbf import DBF_VERSIONS
from landcheck.read.sniff import OLE, ZIP, Head, head_of
from landcheck.read.source import DataSource

SHAPES, TABLE, FILES = "shapes", "a table", "files"
POINT_TABLES = ("xlsx", "xls", "ods", "dbf", "text table", "csv", "tab")
"""The kinds whose rows may be the boundary points of plots."""


@dataclass(frozen=True, slots=True)
class InputFormat:
    """One kind of input. A file is of the first kind in the table that fits its head.

    Recognised: the file starts with one of ``marks`` where there are any, has one of the suffixes where the format goes
    by its ``named``, and passes the ``test``. ``suffixes`` are looked for in folders and archives; a ``rarer`` one is
    taken only where the user names the file. A file with the first suffix of a ``certain`` format, and another
    beginning than all formats, is damaged.

    Read: by ``opener``, after ``prepare``; ``isolated`` in a process of its own, as its library may crash or hang, or
    where the single file is ``risky``. ``driver`` is GDAL's, where one name is to stand for several. ``layers`` lists
    the layers of a format that holds more than one. ``unpacked``: an archive, read from what is in it; ``refusal`` is
    the message for what cannot be read. ``parts`` are the suffixes of the files that make one input.
    """

    kind: str
    opener: Callable[[DataSource], Layer] | None = None
    suffixes: tuple[str, ...] = ()
    holds: str = SHAPES
    marks: tuple[bytes, ...] = ()
    named: bool = False
    test: Callable[[Head], bool] | None = None
    certain: bool = False
    rarer: tuple[str, ...] = ()
    isolated: bool = False
    risky: Callable[[DataSource], bool] | None = None
    prepare: Callable[[DataSource], DataSource] | None = None
    layers: Callable[[DataSource], tuple[str, ...]] | None = None
    driver: str | None = None
    unpacked: bool = False
    refusal: str | None = None
    parts: tuple[str, ...] = ()
    name: str | Text = ""

    def fits(self, head: Head) -> bool:
        """Whether a file with this head is of the format."""
        named = not self.named or head.suffix in self.suffixes + self.rarer
        return named and head.raw.startswith(self.marks or b"") and (self.test is None or self.test(head))

    def open(self, source: DataSource) -> Layer:
        """The layer of the source that is meant, read in this process."""
        assert self.opener is not None
        layer = self.opener(source)
        if self.kind in POINT_TABLES:
            layer = with_plots(source, layer)
        layer.driver = self.driver or layer.driver
        return layer


row = InputFormat
FORMATS = (
    # known by their first bytes
    row("shapefile", open_shapefile, (".shp",), marks=(b"\x00\x00\x27\x0a",), certain=True, parts=SHAPEFILE_PARTS,
        name=Text("Shapefile", "shapefile")),
    row("sqlite", open_geopackage, (".gpkg",), marks=(b"SQLite format 3\x00",), certain=True, prepare=with_journal,
        risky=may_hang_or_crash, layers=geopackage_layers, name="GeoPackage"),
    row("flatgeobuf", open_file, (".fgb",), marks=(b"fgb\x03",), certain=True),
    row("parquet", open_parquet, PARQUET_SUFFIXES, marks=(b"PAR1",), certain=True),
    row("xlsx", open_xlsx, (".xlsx", ".xlsm"), TABLE, ZIP, named=True, test=is_xlsx, certain=True,
        rarer=(".xltx", ".et", ".xls"), name="XLSX"),
    row("xls", open_xls, (".xls", ".et"), TABLE, (*ZIP, OLE), test=is_xls, certain=True, isolated=True),
    row("ods", open_ods, (".ods",), TABLE, ZIP, named=True, certain=True, isolated=True),
    row("ole", marks=(OLE,), refusal="read-format-word"),
    row("word", marks=ZIP, named=True, rarer=(".docx", ".pptx", ".wps"), refusal="read-format-word"),
    row("kmz", None, (".kmz",), marks=ZIP, named=True, certain=True, unpacked=True),
    row("zip", None, (".zip",), FILES, ZIP, certain=True, unpacked=True),
    row("rar", None, (".rar",), FILES, (b"Rar!",), refusal="read-format-rar"),
    row("7z", None, (".7z",), FILES, (b"7z\xbc\xaf\x27\x1c",), refusal="read-format-7z"),
    row("gzip", None, (".gz", ".tgz", ".tar"), FILES, (b"\x1f\x8b",), refusal="read-format-gzip"),
    row("dwg", open_dwg, (".dwg",), marks=DWG_MARKS, certain=True, isolated=True),
    row("access", open_access, (".mdb", ".accdb"), marks=ACCESS_MARKS, certain=True, isolated=True,
        layers=access_layers),
    row("pdf", marks=(b"%PDF",), refusal="read-format-pdf"),
    row("dxf", open_dxf, (".dxf",), test=is_dxf, certain=True, isolated=True),
    # known by their suffix, and most by their first bytes as well
    row("dbf", open_shapefile, (".dbf",), TABLE, named=True, test=lambda head: head.raw[0] in DBF_VERSIONS,
        certain=True, parts=SHAPEFILE_PARTS),
    row("mapinfo", open_mapinfo, (".tab", ".mif"), named=True, test=is_mapinfo, isolated=True, parts=MAPINFO_PARTS),
    row("arcinfo", named=True, rarer=(".e00",), refusal="read-format-arcinfo"),
    # known by their text
    row("web table", test=is_web_table, refusal="read-format-web-table"),
    row("xml 2003", test=is_xml_2003, refusal="read-format-xml-2003"),
    row("text table", open_text_table, test=is_text_table),
    row("kml", open_kml, (".kml",), test=lambda head: head.root == "kml", isolated=True),
    row("virtual", test=lambda head: head.root == "ogrvrtdatasource", refusal="read-virtual"),
    row("page", test=lambda head: head.root == "html", refusal="read-web-page"),
    row("gml", open_gml, (".gml",), test=is_gml, isolated=True, parts=(".xsd",)),
    row("xml", open_xml, test=is_xml, isolated=True),
    row("coordinate report", open_coordinate_report, test=is_coordinate_report),
    row("coordinate list", open_coordinate_list, test=is_coordinate_list),
    row("vct", open_vct, (".vct",), test=is_vct, layers=vct_layers),
    row("topojson", open_any, (".topojson",), test=is_topojson, isolated=True),
    row("geojson", open_geojson, (".geojson", ".json"), test=is_json, driver="GeoJSON", name="GeoJSON"),
    row("csv", open_delimited, (".csv", ".tsv"), TABLE, named=True, rarer=(".txt",), name="CSV"),
    row("tab", open_delimited, named=True, test=lambda head: head.text is not None, rarer=(".tab",)),
)  # fmt: skip
GEODATABASE = row("gdb", open_geodatabase, isolated=True, layers=vector_layers)
FOLDER = row("folder", holds=FILES)
ANY = row("any", open_any, isolated=True)

ADDRESSES: tuple[tuple[Callable[[str], bool], Callable[[str, str, str | None], Layer]], ...] = (
    (is_postgis, open_postgis),
    (is_address, open_address),
)
"""What is no path: how it is recognised, and who opens it for a role and a layer."""

BY_KIND = {one.kind: one for one in (*FORMATS, GEODATABASE, FOLDER, ANY)}
SPATIAL_SUFFIXES, TABLE_SUFFIXES, ARCHIVE_SUFFIXES = (
    frozenset(suffix for one in FORMATS if one.holds is holds for suffix in one.suffixes)
    for holds in (SHAPES, TABLE, FILES)
)
CERTAIN_SUFFIXES = frozenset(one.suffixes[0] for one in FORMATS if one.certain)
PARTS = frozenset(suffix for one in FORMATS for suffix in one.parts)
ADVISED = tuple(BY_KIND[kind].name for kind in ("sqlite", "shapefile", "geojson", "csv", "xlsx"))
"""What the user is told to export, the best first."""


def is_geodatabase(path: Path) -> bool:
    """Whether a folder is an Esri file geodatabase."""
    return path.is_dir() and (path.suffix.lower() == ".gdb" or any(path.glob("a00000001.gdbtable")))


def format_of(source: DataSource) -> InputFormat:
    """The format of a file or folder; InputError for one that cannot be read at all."""
    path, file = source.path, source.file
    if path.is_dir():
        return GEODATABASE if is_geodatabase(path) else FOLDER
    head = head_of(path, file)
    found = next((one for one in FORMATS if one.fits(head)), ANY)
    if found is ANY and head.suffix in CERTAIN_SUFFIXES:
        raise InputError("read-not-what-it-says", file=file, suffix=path.suffix)
    if found.refusal:
        raise InputError(found.refusal, file=file)
    return found
