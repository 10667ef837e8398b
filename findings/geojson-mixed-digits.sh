#!/bin/sh
# GDAL turns the number 1.1 of GeoJSON into the text 1.1000000000000001 where another feature has a text in that place.
#
# Seen 2026-11-28: pyogrio 0.13.0 (GDAL 3.12.4), Python 3.11.
# Input: two GeoJSON files with the property "code", 1.1 and 2.4 in both; in one of them a third feature has "A-2".
# Expected: 1.1 and 2.4, be it as numbers or as text, as they stand in the file.
# Seen: numbers alone come as 1.1 and 2.4; beside the text they come as 1.1000000000000001 and 2.3999999999999999,
#   without a warning, and the filter code = '1.1' finds the feature in the first file and none in the second.
#   Plots numbered 1.1, 1.2 and A-2 lose their numbers, and a table joined by them finds no plot.
# 一列中数字与文字混用时，GeoJSON 的 1.1 被读成文字 1.1000000000000001，按编号连接不上，且无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyogrio==0.13.0 numpy==2.4.6
PYTHONUTF8=1 venv/bin/python -W always - >seen.txt <<'PYTHON'
import json
import warnings
from pathlib import Path

from pyogrio.raw import read

for name, values in {"numbers": [1.1, 2.4], "mixed": [1.1, 2.4, "A-2"]}.items():
    features = [{"type": "Feature", "properties": {"code": value}, "geometry": None} for value in values]
    path = Path(f"{name}.geojson")
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    with warnings.catch_warnings(record=True) as told:
        cells = read(path, read_geometry=False)[3][0].tolist()
        found = read(path, read_geometry=False, where="code = '1.1'")[3][0]
    print(name, cells, "found", len(found), "warnings", len(told))
PYTHON
cat >stated.txt <<'TEXT'
numbers [1.1, 2.4] found 1 warnings 0
mixed ['1.1000000000000001', '2.3999999999999999', 'A-2'] found 0 warnings 0
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
