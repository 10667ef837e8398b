#!/bin/sh
# ezdwg's DXF export forgets that an outline is mirrored, and counts nothing as skipped.
#
# Seen 2026-11-27: ezdwg 0.17.0, the DXF read by ezdxf 1.4.5, Python 3.11.
# Input: a DWG with a closed polyline whose extrusion is (0, 0, -1), as mirroring in CAD leaves it. Its points are
#   then in the object's own system, where x runs the other way (arbitrary axis algorithm of the DXF reference).
# Expected: in the DXF group 210 with the same direction, or points that are turned over; either way the outline
#   lies between x = -300 and x = -200. ezdwg itself reads the direction from the DWG.
# Seen: no direction and the points as they were: the plot now lies between 200 and 300, on the other side of the
#   origin. The result says that all was written and nothing skipped.
# 镜像的地块轮廓(拉伸方向为负)经 to_dxf 导出后丢失方向,地块移到原点另一侧,报告却称无一跳过。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ezdwg==0.17.0 ezdxf==1.4.5
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import ezdwg
import ezdxf

POINTS = [(200, 0), (300, 0), (300, 50), (200, 50)]


def extent(points):
    return min(x for x, *_ in points), max(x for x, *_ in points)


drawing = ezdwg.new()
drawing.modelspace().add_lwpolyline(POINTS, closed=True, extrusion=(0, 0, -1))
drawing.save("plot.dwg")
(entity,) = ezdwg.read("plot.dwg").modelspace().query()
print("DWG", entity.dxf["extrusion"], extent(entity.dxf["points"]))

result = ezdwg.to_dxf("plot.dwg", "plot.dxf")
print("written", result.written_entities, "skipped", result.skipped_entities)
(entity,) = ezdxf.readfile("plot.dxf").modelspace()
low, high = extent(list(entity.vertices_in_wcs()))
print("DXF", tuple(entity.dxf.extrusion), "in the world", (float(low), float(high)))

# The same plot in a DXF that keeps the direction.
sound = ezdxf.new("R2000")
kept = sound.modelspace().add_lwpolyline(POINTS, close=True, dxfattribs={"extrusion": (0, 0, -1)})
low, high = extent(list(kept.vertices_in_wcs()))
print("expected in the world", (float(low), float(high)))
PYTHON
cat >stated.txt <<'TEXT'
DWG (0.0, 0.0, -1.0) (200.0, 300.0)
written 1 skipped 0
DXF (0.0, 0.0, 1.0) in the world (200.0, 300.0)
expected in the world (-300.0, -200.0)
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
