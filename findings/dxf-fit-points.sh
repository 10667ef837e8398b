#!/bin/sh
# One spline given by fit points makes GDAL refuse a whole DXF, plots and all.
#
# Seen 2026-11-28: pyogrio 0.13.0 (GDAL 3.12.4), shapely 2.2.0, input by ezdxf 1.4.5, Python 3.11.
# Input: DXF R2010 with a closed triangle; in the second file a SPLINE beside it that holds five fit points and no
#   control points, which the DXF reference provides for (group codes 11, 21 and 31). ezdxf finds nothing to mend.
# Expected: the triangle in both, and a line through the points or a warning for what is not drawn.
# Seen: the first is read; of the second GDAL raises an error that names a line of the file, and no feature comes.
# 图中只要有一条由拟合点定义的样条，GDAL 就读不出整个 DXF，地块也一并丢失。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    pyogrio==0.13.0 numpy==2.4.6 shapely==2.2.0 ezdxf==1.4.5
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import ezdxf
import shapely
from pyogrio.errors import FeatureError
from pyogrio.raw import read

for points in ((), [(0, 0, 0), (100, 0, 0), (100, 100, 0), (0, 100, 0), (0, 0, 0)]):
    drawing = ezdxf.new("R2010")
    drawing.modelspace().add_lwpolyline([(0, 0), (10, 0), (10, 10)], close=True)
    if points:
        drawing.modelspace().add_spline(fit_points=points)
    about = f"{len(points)} fit points, to mend {len(drawing.audit().errors)}:"
    drawing.saveas("plan.dxf")
    try:
        print(about, [round(float(line.length), 1) for line in shapely.from_wkb(read("plan.dxf")[2])])
    except FeatureError:
        print(about, "FeatureError")
PYTHON
cat >stated.txt <<'TEXT'
0 fit points, to mend 0: [34.1]
5 fit points, to mend 0: FeatureError
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
