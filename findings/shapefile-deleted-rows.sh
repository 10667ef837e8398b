#!/bin/sh
# A deleted row of a shapefile: pyshp gives the next plot the deleted one's outline, DuckDB's ST_ReadSHP brings it back.
#
# Seen 2026-11-28: pyshp 3.1.6, duckdb 1.5.5 with its extension spatial 1.5.5; pyogrio 0.13.0 (GDAL 3.12.4), shapely
#   2.2.0 and duckdb's ST_Read (GDAL, too) beside them; the row deleted by dbf 0.99.11, Python 3.11.
# Input: three plots of 100, 200 and 300 square metres, A, B and C. B is deleted as dBASE does it, by the mark * at
#   the start of its record; the record stays in its place, and so does its shape, until the file is packed.
# Expected: A with 100 and C with 300, as GDAL reads it.
# Seen: pyshp leaves the record out and not the shape: iterShapeRecords pairs C with the outline of B, 200 m2, and
#   len tells three; shapeRecord(2) has C with 300. DuckDB's own reader does not look at the mark: B is there again.
#   Neither warns.
# shapefile 中已标记删除的行：pyshp 把被删地块的图形安到下一地块上，DuckDB 的 ST_ReadSHP 则读回已删地块，均无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    pyshp==3.1.6 dbf==0.99.11 pyogrio==0.13.0 numpy==2.4.6 shapely==2.2.0 \
    duckdb==1.5.5 duckdb-extensions==1.5.5 duckdb-extension-spatial==1.5.5
HOME="$folder" PYTHONUTF8=1 venv/bin/python -W always - >seen.txt <<'PYTHON'
import warnings

import dbf
import duckdb
import shapefile
import shapely
from duckdb_extensions import import_extension
from pyogrio.raw import read

with shapefile.Writer("plots") as writer:
    writer.field("plot", "C", size=1)
    for plot, width in zip("ABC", (10, 20, 30)):
        writer.poly([[(0, 0), (0, 10), (width, 10), (width, 0), (0, 0)]])
        writer.record(plot)
table = dbf.Table("plots.dbf").open(dbf.READ_WRITE)
dbf.delete(table[1])
table.close()


def pair(one):
    return one.record["plot"], round(shapely.geometry.shape(one.shape.__geo_interface__).area)


with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    _, _, outlines, (names,) = read("plots.shp")
    print("GDAL", [(str(name), round(float(one.area))) for name, one in zip(names, shapely.from_wkb(outlines))])
    with shapefile.Reader("plots") as reader:
        print("pyshp", list(map(pair, reader.iterShapeRecords())), "of", len(reader))
        print("pyshp, by number", [pair(reader.shapeRecord(number)) for number in (0, 2)])
    import_extension("spatial")
    duck = duckdb.connect()
    duck.load_extension("spatial")
    for function in ("ST_Read", "ST_ReadSHP"):
        rows = duck.sql(f"SELECT plot, round(ST_Area(geom))::INT FROM {function}('plots.shp')")
        print(function, rows.fetchall())
print("warnings", len(told))
PYTHON
cat >stated.txt <<'TEXT'
GDAL [('A', 100), ('C', 300)]
pyshp [('A', 100), ('C', 200)] of 3
pyshp, by number [('A', 100), ('C', 300)]
ST_Read [('A', 100), ('C', 300)]
ST_ReadSHP [('A', 100), ('B', 200), ('C', 300)]
warnings 0
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
