#!/bin/sh
# GDAL's XLSX driver appends the phonetic guide of a cell to its text.
#
# Seen 2026-11-27: pyogrio 0.13.0 (GDAL 3.12.4), python-calamine 0.9.1 beside it, Python 3.11.
# Input: a workbook in which one name carries a phonetic guide (拼音指南), as Chinese and Japanese Excel keep one
#   with a typed name. ECMA-376 part 1 has the element rPh for it: a hint for reading the base text, no part of it.
# Expected: 张江, which is what the sheet shows and what calamine reads.
# Seen: 张江zhangjiang, with no warning; a join by the name of the park finds nothing.
# 拼音指南被并入单元格文字:园区名称“张江”读成“张江zhangjiang”,按名称关联即失败,且无任何警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    pyogrio==0.13.0 numpy==2.4.6 python-calamine==0.9.1 xlsxwriter==3.3.1
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import zipfile

import python_calamine
import xlsxwriter
from pyogrio.raw import read

with xlsxwriter.Workbook("plain.xlsx") as book:
    sheet = book.add_worksheet("parks")
    for number, row in enumerate([("park", "site"), ("张江", 15000), ("金桥", 20000)]):
        sheet.write_row(number, 0, row)

# The same workbook, with a guide beside the first name.
guide = '<rPh sb="0" eb="2"><t>zhangjiang</t></rPh><phoneticPr fontId="0" type="noConversion"/>'
with zipfile.ZipFile("plain.xlsx") as plain, zipfile.ZipFile("guided.xlsx", "w") as guided:
    for name in plain.namelist():
        part = plain.read(name).decode()
        if name == "xl/sharedStrings.xml":
            assert part.count("<t>张江</t>") == 1
            part = part.replace("<t>张江</t>", "<t>张江</t>" + guide)
        guided.writestr(name, part)

for name in ("plain.xlsx", "guided.xlsx"):
    rows = python_calamine.CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python()[1:]
    print(name, "calamine", [row[0] for row in rows])
    print(name, "GDAL", list(read(name)[3][0]))
PYTHON
cat >stated.txt <<'TEXT'
plain.xlsx calamine ['张江', '金桥']
plain.xlsx GDAL ['张江', '金桥']
guided.xlsx calamine ['张江', '金桥']
guided.xlsx GDAL ['张江zhangjiang', '金桥']
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
