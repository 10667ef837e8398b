#!/bin/sh
# GEOS's smallest rectangle around a parcel is centimetres off where the eastings carry a zone number.
#
# Seen 2026-11-27: shapely 2.2.0 (its wheel's GEOS), numpy 2.4.6, Python 3.11.
# Input: a true rectangle of 300 m by 20 m, turned by 17.3 degrees, in metres: once at an easting of 500,000
#   (EPSG:4549), once at 40,500,000 (EPSG:4528, the same place with the zone number 40 in front).
# Expected: the parcel itself, give or take the coordinates' own rounding, 7 nanometres at 40,500,000.
# Seen: with the zone number the rectangle is 2.5 square metres too large, and yet the parcel sticks out of it by
#   more than a centimetre. Without it both errors are below a millimetre. The parcel's own area is right in both
#   places, so nothing hints at it. Width and depth of a plot are often taken from this rectangle.
# 带号坐标(如 40500000)下,最小外接矩形偏差达厘米级,地块甚至超出矩形;去掉带号即正常。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check shapely==2.2.0 numpy==2.4.6
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import shapely
from shapely.affinity import rotate, translate

for easting in (500_000, 40_500_000):
    parcel = translate(rotate(shapely.box(0, 0, 300, 20), 17.3), easting, 3_450_000)
    around = shapely.oriented_envelope(parcel)
    out = max(shapely.Point(point).distance(around) for point in parcel.exterior.coords)
    print(
        easting,
        f"parcel {parcel.area:.3f}",
        "rectangle off by over 1 m2:", abs(around.area - parcel.area) > 1,
        "parcel outside by over 1 cm:", out > 0.01,
        "by over 1 mm:", out > 0.001,
    )
PYTHON
cat >stated.txt <<'TEXT'
500000 parcel 6000.000 rectangle off by over 1 m2: False parcel outside by over 1 cm: False by over 1 mm: False
40500000 parcel 6000.000 rectangle off by over 1 m2: True parcel outside by over 1 cm: True by over 1 mm: True
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
