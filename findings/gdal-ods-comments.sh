#!/bin/sh
# GDAL's ODS driver reads the comment on a cell as part of the cell's text.
#
# Seen 2026-11-27: pyogrio 0.13.0 (GDAL 3.12.4), python-calamine 0.9.1 beside it, written by odfpy 1.4.1, Python 3.11.
# Input: a sheet in which somebody commented a land code. OpenDocument 1.2 keeps a comment as office:annotation
#   inside the cell, before its paragraphs; it is an annotation, no content.
# Expected: M1, which is what the sheet shows and what calamine reads.
# Seen: the comment, a line break and M1, with no warning. A rule for M1 no longer speaks of the parcel.
#   A comment on a number does no harm: its value stands in an attribute.
# 单元格批注被读入内容:用地代码“M1”前多出批注文字,按代码判断的规则便不再适用,且无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    pyogrio==0.13.0 numpy==2.4.6 python-calamine==0.9.1 odfpy==1.4.1
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import python_calamine
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from pyogrio.raw import read


def cell(value, comment=None):
    number = isinstance(value, (int, float))
    one = TableCell(valuetype="float", value=value) if number else TableCell(valuetype="string")
    if comment:
        note = Annotation()
        note.addElement(P(text=comment))
        one.addElement(note)
    one.addElement(P(text=str(value)))
    return one


book = OpenDocumentSpreadsheet()
table = Table(name="parcels")
for cells in (
    [cell("id"), cell("land_code"), cell("gfa")],
    [cell("P1"), cell("M1", "待核实"), cell(15000, "待核实")],
    [cell("P2"), cell("M1"), cell(20000)],
):
    row = TableRow()
    for one in cells:
        row.addElement(one)
    table.addElement(row)
book.spreadsheet.addElement(table)
book.save("parcels.ods")

rows = python_calamine.CalamineWorkbook.from_path("parcels.ods").get_sheet_by_index(0).to_python()[1:]
_, codes, floor = read("parcels.ods")[3]
print("calamine", [row[1] for row in rows], [float(row[2]) for row in rows])
print("GDAL", [str(code) for code in codes], [float(number) for number in floor])
PYTHON
cat >stated.txt <<'TEXT'
calamine ['M1', 'M1'] [15000.0, 20000.0]
GDAL ['待核实\nM1', 'M1'] [15000.0, 20000.0]
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
