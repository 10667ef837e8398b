#!/bin/sh
# GDAL's LIBKML driver merges extended data whose names are hanzi of equal number.
#
# Seen 2026-11-27: pyogrio 0.13.0 (GDAL 3.12.4), Python 3.11.
# Input: a placemark with three Data elements, named 容积率 (floor area ratio), 绿地率 (green share) and 用途 (use).
#   OGC KML 2.2 makes the name of a Data element any text; the three names differ.
# Expected: three columns, one a name.
# Seen: every byte of a name that is not ASCII becomes an underscore, so that two names of three hanzi are both
#   "_________": one column, in which the last value stands. The floor area ratio 2.5 is gone and 30 stands for it,
#   with no warning. Names in Latin letters are kept.
# 三个汉字的字段名都变成九个下划线并合为一列:容积率 2.5 丢失,只剩绿地率 30,且无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyogrio==0.13.0 numpy==2.4.6
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
from pathlib import Path

from pyogrio.raw import read

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>P1</name>
<ExtendedData>{}</ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
121.50,31.20 121.51,31.20 121.51,31.21 121.50,31.20
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>
"""
OWN = {"id", "Name", "description", "timestamp", "begin", "end", "altitudeMode"}
OWN |= {"tessellate", "extrude", "visibility", "drawOrder", "icon"}

for names in (("far", "green", "use"), ("容积率", "绿地率", "用途")):
    values = zip(names, ("2.5", "30", "M1"))
    data = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in values)
    Path("parcel.kml").write_text(PAGE.format(data), encoding="utf-8")
    meta, _, _, columns = read("parcel.kml")
    print({str(field): str(column[0]) for field, column in zip(meta["fields"], columns) if field not in OWN})
PYTHON
cat >stated.txt <<'TEXT'
{'far': '2.5', 'green': '30', 'use': 'M1'}
{'_________': '30', '______': 'M1'}
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
