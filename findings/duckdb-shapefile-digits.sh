#!/bin/sh
# DuckDB's ST_ReadSHP rounds whole numbers of a shapefile as floats are, so that two plots get one number.
#
# Seen 2026-11-28: duckdb 1.5.5 with its extension spatial 1.5.5, the file by pyogrio 0.13.0 (GDAL 3.12.4), duckdb's
#   ST_Read (GDAL, too) and dbfread 2.0.7 beside it, Python 3.11.
# Input: a shapefile with two plots numbered by 18 digits, as codes are that begin with those of the district; they
#   stand in a column N(18,0) of the .dbf, which keeps numbers as text, so that no digit is lost in the file.
# Expected: two numbers that differ in their last digit, as ST_Read and dbfread give them.
# Seen: the type is BIGINT, which has room for 18 digits, but both values are 310115001001000000: they went through a
#   float of 53 bits. GROUP BY makes one plot of two, a join by number finds none; nothing is warned of. Codes of up to
#   15 digits are right. Neither the function's description nor an issue was found to say so.
# ST_ReadSHP 把 18 位地块编号按浮点数读入，末几位被抹掉，两块地变成同一编号，类型仍是 BIGINT，且无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    duckdb==1.5.5 duckdb-extensions==1.5.5 duckdb-extension-spatial==1.5.5 \
    pyogrio==0.13.0 numpy==2.4.6 shapely==2.2.0 dbfread==2.0.7
HOME="$folder" PYTHONUTF8=1 venv/bin/python -W always - >seen.txt <<'PYTHON'
import warnings

import dbfread
import duckdb
import numpy as np
import shapely
from duckdb_extensions import import_extension
from pyogrio.raw import write

outlines = shapely.to_wkb([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
columns = [np.array([310115001001000001, 310115001001000002]), np.array([310115001001001, 310115001001002])]
write("plots.shp", outlines, columns, ["code18", "code15"], crs="EPSG:4549", geometry_type="Polygon")

import_extension("spatial")
duck = duckdb.connect()
duck.load_extension("spatial")
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    table = dbfread.DBF("plots.dbf")
    print("dbfread", [(field.type, field.length, field.decimal_count) for field in table.fields])
    print("dbfread", [tuple(row.values()) for row in table])
    for function in ("ST_Read", "ST_ReadSHP"):
        rows = duck.sql(f"SELECT code18, code15 FROM {function}('plots.shp')")
        print(function, rows.types[0], rows.fetchall())
        plots = duck.sql(f"SELECT count(*), sum(ST_Area(geom)) FROM {function}('plots.shp') GROUP BY code18")
        print(function, "grouped", plots.fetchall())
print("warnings", len(told))
PYTHON
cat >stated.txt <<'TEXT'
dbfread [('N', 18, 0), ('N', 18, 0)]
dbfread [(310115001001000001, 310115001001001), (310115001001000002, 310115001001002)]
ST_Read BIGINT [(310115001001000001, 310115001001001), (310115001001000002, 310115001001002)]
ST_Read grouped [(1, 100.0), (1, 100.0)]
ST_ReadSHP BIGINT [(310115001001000000, 310115001001001), (310115001001000000, 310115001001002)]
ST_ReadSHP grouped [(2, 200.0)]
warnings 0
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
