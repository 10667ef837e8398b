#!/bin/sh
# GDAL reads a float column of a .dbf without decimals as whole numbers, and an exponent ends the number.
#
# Seen 2026-11-27: pyogrio 0.13.0 (GDAL 3.12.4), pyshp 3.1.6 and dbfread 2.0.7 beside it, Python 3.11.
# Input: a .dbf with columns of type F, which dBASE IV defines as a floating point number kept as text; the value is
#   15000 in the notation with an exponent, in which shapefiles commonly hold floats. The columns differ in the count
#   of decimals in their descriptors alone: 0 or 11.
# Expected: 15000 in both, as pyshp and dbfread read them.
# Seen: GDAL takes F(19,11) as 15000, but F(14,0) as an integer column with the value 1, and does not warn.
#   A site of 15000 square metres becomes one of 1, and every ratio over it is enormous.
# 浮点字段(F 型,小数位为 0)中以指数写成的 1.50000e+004 被读成整数 1,且无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    pyogrio==0.13.0 numpy==2.4.6 pyshp==3.1.6 dbfread==2.0.7
PYTHONUTF8=1 venv/bin/python -W always - >seen.txt <<'PYTHON'
import struct
import warnings
from pathlib import Path

import dbfread
import shapefile
from pyogrio.raw import read

COLUMNS = [("F14", 14, 0, "1.50000e+004"), ("F19", 19, 11, "1.50000000000e+004")]

head = struct.pack("<4BIHH20x", 3, 126, 11, 27, 1, 33 + 32 * len(COLUMNS), 1 + sum(width for _, width, *_ in COLUMNS))
head += b"".join(struct.pack("<11sc4x2B14x", name.encode(), b"F", *size) for name, *size, _ in COLUMNS)
record = b" " + b"".join(text.rjust(width).encode() for _, width, _, text in COLUMNS)
Path("parcels.dbf").write_bytes(head + b"\r" + record + b"\x1a")

with warnings.catch_warnings(record=True) as told:
    meta, _, _, columns = read("parcels.dbf", read_geometry=False)
print("GDAL", [(str(kind), float(column[0])) for kind, column in zip(meta["dtypes"], columns)], "warnings", len(told))
with shapefile.Reader(dbf="parcels.dbf") as table:
    print("pyshp", [float(value) for value in table.record(0)])
print("dbfread", [float(value) for value in next(iter(dbfread.DBF("parcels.dbf"))).values()])
PYTHON
cat >stated.txt <<'TEXT'
GDAL [('int64', 1.0), ('float64', 15000.0)] warnings 0
pyshp [15000.0, 15000.0]
dbfread [15000.0, 15000.0]
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
