#!/bin/sh
# GDAL's DXF driver drops the attributes of an inserted block whose definition is empty, and calls the block missing.
#
# Seen 2026-11-28: pyogrio 0.13.0 (GDAL 3.12.4), Python 3.11.
# Input: a drawing with two inserts that carry an attribute each (DKBH, the number of a plot). The block of the first
#   has a line in its definition, that of the second nothing, as where the attributes alone make the label. An INSERT
#   with attributes following (group 66) owns them whatever its block holds.
# Expected: both texts, MH-01 and MH-02, each at its place.
# Seen: MH-01 only. The second insert and its attribute are in none of the features; the warning says that the block
#   does not exist, which stands in the file, and nothing of the text that was lost.
# 块定义中没有其他实体时,该插入的块属性(如地块编号)整个丢失,警告却说块不存在;块中有一条线时则读得到。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyogrio==0.13.0 numpy==2.4.6
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import warnings
from pathlib import Path

from pyogrio.raw import read


def groups(*values):
    return "".join(f"{value}\n" for value in values)


def insert(block, number, x):
    placed = groups(0, "INSERT", 5, f"A{x}", 8, "0", 66, 1, 2, block, 10, x, 20, 0)
    text = groups(0, "ATTRIB", 5, f"B{x}", 8, "0", 10, x, 20, 0, 40, 1, 1, number, 2, "DKBH", 70, 0)
    return placed + text + groups(0, "SEQEND", 8, "0")


line = groups(0, "LINE", 8, "0", 10, 0, 20, 0, 11, 1, 21, 1)
blocks = "".join(
    groups(0, "BLOCK", 8, "0", 2, name, 10, 0, 20, 0, 3, name) + held + groups(0, "ENDBLK", 8, "0")
    for name, held in (("WITH_LINE", line), ("EMPTY", ""))
)
drawing = groups(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015", 0, "ENDSEC")
drawing += groups(0, "SECTION", 2, "BLOCKS") + blocks + groups(0, "ENDSEC")
drawing += groups(0, "SECTION", 2, "ENTITIES") + insert("WITH_LINE", "MH-01", 1) + insert("EMPTY", "MH-02", 2)
Path("plots.dxf").write_text(drawing + groups(0, "ENDSEC", 0, "EOF"), encoding="utf-8")

with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    meta, _, _, columns = read("plots.dxf")
texts = columns[list(meta["fields"]).index("Text")]
print("texts", [str(text) for text in texts if text])
print("warnings", sorted({str(one.message) for one in said}))
PYTHON
cat >stated.txt <<'TEXT'
texts ['MH-01']
warnings ['Block EMPTY does not exist']
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
