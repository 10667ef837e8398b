#!/bin/sh
# python-calamine refuses the .ods workbooks that GDAL and QGIS write, since their rows stand on lines of their own.
#
# Seen 2026-11-28: python-calamine 0.9.1, pyogrio 0.13.0 (GDAL 3.12.4); pandas 3.1.1 with odfpy 1.4.1 beside it.
# Input: a layer of two rows that GDAL's driver ODS writes, as QGIS does in "save features as"; in its content.xml there
#   are line breaks between the elements of a row, which OpenDocument (part 3, 1.3) lets a reader skip there.
# Expected: two rows under their heading, as odfpy reads them.
# Seen: calamine raises an error that names an XML text of a line break instead of a table cell, and reads nothing.
# calamine 无法读取 GDAL、QGIS 写出的 .ods 表格：行内元素之间有换行即报错。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 pyogrio==0.13.0 numpy==2.4.6 pandas==3.1.1 odfpy==1.4.1
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import numpy as np
import pandas as pd
from pyogrio.raw import write
from python_calamine import CalamineError, CalamineWorkbook

columns = [np.array(["P1", "P2"], dtype=object), np.array([1.5, 2.5])]
write("plan.ods", None, columns, ["parcel_id", "far"], driver="ODS", layer="parcels")
try:
    print("calamine", CalamineWorkbook.from_path("plan.ods").get_sheet_by_index(0).to_python())
except CalamineError as error:
    print("calamine", str(error).partition(",")[0])
print("odfpy", pd.read_excel("plan.ods", engine="odf").values.tolist())
PYTHON
cat >stated.txt <<'TEXT'
calamine Expecting 'table-cell'
odfpy [['P1', 1.5], ['P2', 2.5]]
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
