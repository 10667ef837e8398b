"""One small plan in every format that landcheck reads: what the mutations start from."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
LAYERS = ("parcels", "parks", "green", "buildings")
ROWS = 6  # enough for a hole, several parts and empty values; few enough to be quick
DRIVERS = {
    "plan.fgb": "FlatGeobuf",
    "plan.kml": "LIBKML",
    "plan.gml": "GML",
    "plan.dxf": "DXF",
    "plan.geojsonl": "GeoJSONSeq",
}
MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""
JET = b"\x00\x01\x00\x00Standard Jet DB\x00"
MDBTOOLS = """#!{python}
import os, sys
name, at = os.path.basename(sys.argv[0]), next(n for n, one in enumerate(sys.argv) if one.endswith(".mdb"))
folder = os.path.join(os.path.dirname(sys.argv[at]), "tables")
if name == "mdb-tables":
    print(chr(10).join(sorted(one[:-4] for one in os.listdir(folder))))
else:
    with open(os.path.join(folder, sys.argv[at + 1] + ".csv"), "rb") as file:
        data = file.read()
    sys.stdout.buffer.write(data if name == "mdb-export" else str(data.count(10) - 1).encode())
"""
"""A stand-in for mdbtools: the tables of the database lie beside it, as text."""
OPTIONS = {"DXF": ("--map", "parcel_id=EntityHandle")}


@dataclass(frozen=True, slots=True)
class Specimen:
    """A sound source: its files in a folder of their own, and what the command is given."""

    name: str
    folder: Path
    arguments: tuple[str, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file, in a fixed order."""
        return tuple(sorted(path for path in self.folder.rglob("*") if path.is_file()))


def write_specimens(folder: Path) -> dict[str, Specimen]:
    """Every specimen by its name."""
    made = (*_samples(folder), *_shapefiles(folder), *_by_gdal(folder), *_tables(folder), *_archives(folder),
            *_old_workbooks(folder), _database(folder))  # fmt: skip
    return {one.name: one for one in made}


def _new(folder: Path, name: str, arguments: Sequence[str], files: Mapping[str, bytes] | None = None) -> Specimen:
    own = folder / name
    own.mkdir(parents=True, exist_ok=True)
    for file, content in (files or {}).items():
        (own / file).parent.mkdir(parents=True, exist_ok=True)
        (own / file).write_bytes(content)
    return Specimen(name, own, tuple(arguments))


def _samples(folder: Path) -> Iterator[Specimen]:
    """The sample parcels themselves."""
    for file in ("plan.gpkg", "dirty.gpkg", "small.geojson", "metres.geojson"):
        yield _new(folder, file.replace(".", "-"), [file], {file: (SAMPLES / file).read_bytes()})
    files = {name: (SAMPLES / name).read_bytes() for name in ("parcels_without_attributes.geojson", "attributes.xlsx")}
    given = ["parcels_without_attributes.geojson", "--attributes", "attributes.xlsx"]
    yield _new(folder, "geojson-xlsx", given, files)
    yield _new(folder, "vct", ["plan.vct"], {"plan.vct": (SAMPLES / "plan.vct").read_bytes()})
    report = {name: (SAMPLES / name).read_bytes() for name in ("parcels.txt", "attributes.xlsx")}
    yield _new(folder, "coordinate-report", ["parcels.txt", "--attributes", "attributes.xlsx"], report)
    points = [line.split(",") for line in report["parcels.txt"].decode("gbk").splitlines()[12:]]
    bare = "\n".join("" if point[-1] == "@" else ",".join(point[2:]) for point in points)
    given = ["points.txt", "--map", "parcel_id=#row", "--crs", "EPSG:4549"]
    yield _new(folder, "coordinate-list", given, {"points.txt": bare.encode()})
    labelled = "\n".join("" if point[-1] == "@" else f"{point[0]},,{point[3]},{point[2]},4.5" for point in points)
    yield _new(folder, "labelled-points", ["points.dat", *given[1:]], {"points.dat": labelled.encode()})


def _shapefiles(folder: Path) -> Iterator[Specimen]:
    files = {path.name: path.read_bytes() for path in sorted((SAMPLES / "gbk").iterdir())}
    companions = [word for name in LAYERS[1:] for word in (f"--{name}", f"{name}.shp")]
    yield _new(folder, "shapefile", ["parcels.shp", *companions], files)
    own = _new(folder, "shapefile-folder", ["gbk"], {f"gbk/{name}": content for name, content in files.items()})
    for name in LAYERS:
        (own.folder / "gbk" / f"{name}.cpg").write_text("GBK")
    yield own
    table = {"small.geojson": (SAMPLES / "small.geojson").read_bytes(), "table.dbf": files["parcels.dbf"]}
    yield _new(folder, "dbf", ["small.geojson", "--attributes", "table.dbf"], table)


def _rows() -> Any:
    """Some parcels under the canonical names, which every format can hold; without the names, which KML has already."""
    import pyogrio

    from landcheck.fields.mapping import map_columns
    from landcheck.model import Role

    rows = pyogrio.read_dataframe(SAMPLES / "gbk" / "parcels.shp", encoding="GBK").head(ROWS)
    uses = map_columns(Role.PARCELS, list(rows.columns), {}, "parcels.shp")
    return rows.rename(columns={use.column: use.field.name for use in uses}).drop(columns="name")


def _by_gdal(folder: Path) -> Iterator[Specimen]:
    import pyogrio

    rows = _rows()
    for file, driver in DRIVERS.items():
        own = _new(folder, driver.lower(), [file, *OPTIONS.get(driver, ())])
        frame = rows[["geometry"]] if driver == "DXF" else rows
        if driver in ("LIBKML", "GeoJSONSeq"):
            frame = frame.to_crs(4326)
        pyogrio.write_dataframe(frame, own.folder / file, driver=driver)
        yield own
    yield _mapinfo(folder, rows, "plan.tab")
    yield _mapinfo(folder, rows, "plan.mif")
    own = _new(folder, "geodatabase", ["plan.gdb"])
    pyogrio.write_dataframe(rows, own.folder / "plan.gdb", driver="OpenFileGDB", layer="parcels")
    yield own
    own = _new(folder, "geoparquet", ["plan.parquet"])
    rows.to_parquet(own.folder / "plan.parquet")
    yield own
    own = _new(folder, "geoarrow", ["plan.parquet"])
    rows.assign(geometry=rows.geometry.force_2d()).to_parquet(own.folder / "plan.parquet", geometry_encoding="geoarrow")
    yield own
    yield from _points_and_drawing(folder, rows)


def _points_and_drawing(folder: Path, rows: Any) -> Iterator[Specimen]:
    """A table of boundary points, and a DWG where its reader is installed, which writes it as well."""
    corners = rows.geometry.exterior.dropna().get_coordinates()
    lines = [f"{rows.parcel_id[at]},J{n},{y},{x}" for n, (at, x, y) in enumerate(corners.itertuples())]
    table = "\n".join(["地块编号,点号,X坐标,Y坐标", *lines]).encode()
    yield _new(folder, "boundary-points", ["points.csv", "--crs", "4549"], {"points.csv": table})
    if find_spec("ezdwg") is None:
        return
    import ezdwg

    own, drawing = _new(folder, "dwg", ["plan.dwg", "--map", "parcel_id=EntityHandle", "--crs", "4549"]), ezdwg.new()
    for _, ring in corners.groupby(level=0):
        drawing.modelspace().add_lwpolyline(ring.to_numpy()[:-1].tolist(), closed=True)
    drawing.save(str(own.folder / "plan.dwg"))
    yield own


def _mapinfo(folder: Path, rows: Any, file: str) -> Specimen:
    import pyogrio

    own = _new(folder, f"mapinfo-{file[-3:]}", [file])
    options = {"FORMAT": "MIF"} if file.endswith("mif") else {}
    pyogrio.write_dataframe(rows, own.folder / file, driver="MapInfo File", encoding="UTF-8", **options)
    return own


def _tables(folder: Path) -> Iterator[Specimen]:
    """Text tables with WKT and hexadecimal WKB, workbooks, and TopoJSON."""
    rows = _rows()
    wkt = rows.drop(columns="geometry").assign(WKT=rows.geometry.to_wkt())
    text = wkt.to_csv(index=False).encode("gb18030")
    yield _new(folder, "csv-wkt", ["plan.csv", "--crs", "EPSG:4549"], {"plan.csv": text})
    hexed = rows.drop(columns="geometry").assign(geom=rows.geometry.to_wkb(hex=True))
    yield _new(folder, "tsv-wkb", ["plan.tsv"], {"plan.tsv": hexed.to_csv(index=False, sep="\t").encode("utf-16")})
    yield _workbook(folder, wkt)
    yield _open_document(folder, wkt)
    yield _new(folder, "topojson", ["plan.topojson"], {"plan.topojson": _topojson()})


def _workbook(folder: Path, table: Any) -> Specimen:
    import xlsxwriter

    own = _new(folder, "xlsx", ["plan.xlsx"])
    with xlsxwriter.Workbook(own.folder / "plan.xlsx") as book:
        sheet = book.add_worksheet("宗地")
        for column, name in enumerate(table.columns):
            sheet.write(0, column, name)
            for row, value in enumerate(table[name], 1):
                if value is not None and value == value:  # noqa: PLR0124 - a NaN is not itself
                    sheet.write(row, column, str(value) if not isinstance(value, int | float) else value)
    return own


def _open_document(folder: Path, table: Any) -> Specimen:
    """A sheet as LibreOffice writes it: one line, cells of text."""
    own = _new(folder, "ods", ["plan.ods"])
    rows = [list(table.columns), *table.astype(str).to_numpy().tolist()]
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    sheet = f'<table:table table:name="parcels">{lines}</table:table>'
    place = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
    spaces = " ".join(f'xmlns:{name}="{place.format(name)}"' for name in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    with zipfile.ZipFile(own.folder / "plan.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return own


def _topojson() -> bytes:
    arcs = [[[0, 0], [100, 0], [0, 100], [-100, 0], [0, -100]]]
    shape = {"type": "Polygon", "arcs": [[0]], "properties": {"parcel_id": "T1", "far": 2.5}}
    objects = {"parcels": {"type": "GeometryCollection", "geometries": [shape]}}
    place = {"scale": [1e-5, 1e-5], "translate": [121.5, 31.2]}
    return json.dumps({"type": "Topology", "transform": place, "objects": objects, "arcs": arcs}).encode()


def _archives(folder: Path) -> Iterator[Specimen]:
    own = _new(folder, "zip", ["plan.zip"])
    with zipfile.ZipFile(own.folder / "plan.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((SAMPLES / "gbk").iterdir()):
            archive.write(path, f"成果/{path.name}")
    yield own
    own = _new(folder, "kmz", ["plan.kmz"])
    with zipfile.ZipFile(own.folder / "plan.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "libkml" / "plan.kml", "doc.kml")
    yield own


def copy(specimen: Specimen, target: Path) -> Specimen:
    """The same source in another folder, to be spoiled there."""
    shutil.copytree(specimen.folder, target)
    return Specimen(specimen.name, target, specimen.arguments)


def _old_workbooks(folder: Path) -> Iterator[Specimen]:
    """What LibreOffice makes of the workbook, where it is installed; WPS calls the same .et."""
    if not shutil.which("soffice"):
        return
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "xlsx" / "plan.xlsx")], check=True, capture_output=True, timeout=300)
    for suffix in ("xls", "et"):
        yield _new(folder, suffix, [f"plan.{suffix}"], {f"plan.{suffix}": (folder / "plan.xls").read_bytes()})


def _database(folder: Path) -> Specimen:
    """A personal geodatabase by its documented layout, and the programs that read it on the path."""
    import pyproj

    rows, tables = _rows(), dict[str, Any]()
    shapes = [_record(shape) for shape in rows.geometry]
    system = pyproj.CRS("EPSG:4549").to_wkt("WKT1_ESRI").replace('"', '""')
    tables["GDB_GeomColumns"] = "TableName,FieldName,ShapeType,HasZ,HasM,SRID\nparcels,Shape,4,0,0,7\n"
    tables["GDB_SpatialRefs"] = f'SRID,SRTEXT,FalseX\n7,"{system}",0\n'
    cells = rows.drop(columns="geometry")
    cells.insert(0, "Shape", shapes)
    tables["parcels"] = cells.to_csv(index_label="OBJECTID", na_rep="\x1a")
    files = {f"tables/{name}.csv": text.encode() for name, text in tables.items()}
    programs = folder / "programs"
    programs.mkdir()
    for name in ("mdb-tables", "mdb-export", "mdb-count"):
        (programs / name).write_text(MDBTOOLS.format(python=sys.executable), encoding="utf-8")
        (programs / name).chmod(0o755)
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return _new(folder, "access", ["plan.mdb"], {"plan.mdb": JET + bytes(100), **files})


def _record(shape: Any) -> str:
    """The record of a polygon in a .shp without its head: outer rings clockwise."""
    import shapely

    parts = shapely.get_parts(shapely.orient_polygons(shape, exterior_cw=True))
    rings = [shapely.get_coordinates(ring) for part in parts for ring in shapely.get_rings(part)]
    starts = [sum(map(len, rings[:at])) for at in range(len(rings))]
    points = b"".join(ring.tobytes() for ring in rings)
    head = struct.pack("<I4d2i", 5, *shape.bounds, len(rings), sum(map(len, rings)))
    return (head + struct.pack(f"<{len(rings)}i", *starts) + points).hex()
