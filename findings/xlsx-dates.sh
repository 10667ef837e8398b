#!/bin/sh
# Three valid ways of storing a date in a workbook: GDAL gets each wrong, openpyxl one of them.
#
# Seen 2026-11-27: pyogrio 0.13.0 (GDAL 3.12.4), openpyxl 3.1.5, python-calamine 0.9.1 beside them, Python 3.11.
# Input: 2021-09-01 four times. ECMA-376 part 1 allows them all:
#   plain     a serial number with the built-in number format 14;
#   chinese   the same with the built-in format 31, which the standard's zh-cn list shows as 2021年9月1日
#             (formats 27 to 36 and 50 to 58 stand in the file by their number alone);
#   calendar  a workbook that counts its days from 1904 (workbookPr date1904);
#   iso       a cell of type "d", whose value is the text 2021-09-01.
# Expected: 2021-09-01 from each, as calamine reads it.
# Seen: GDAL gives the number 44440, then 2017-08-31, then 1905-07-13; openpyxl gives 44440 for the Chinese format.
#   Nothing is warned of. An approval of 2021 then falls before the policy that it is under.
# 同一批准日期的几种合法写法:中文内置格式读成 44440,1904 日期系统早四年,ISO 日期读成 1905 年,均无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    pyogrio==0.13.0 numpy==2.4.6 openpyxl==3.1.5 python-calamine==0.9.1 xlsxwriter==3.3.1
PYTHONUTF8=1 venv/bin/python - >seen.txt <<'PYTHON'
import datetime as dt

import openpyxl
import python_calamine
import xlsxwriter
from pyogrio.raw import read

DAY = dt.date(2021, 9, 1)


def serial(path, format_number, **options):
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("parcels")
        sheet.write_row(0, 0, ["id", "approved"])
        sheet.write(1, 0, "P1")
        sheet.write_datetime(1, 1, DAY, book.add_format({"num_format": format_number}))


def iso(path):
    book = openpyxl.Workbook()
    book.iso_dates = True
    book.active.append(["id", "approved"])
    book.active.append(["P1", DAY])
    book.save(path)


serial("plain.xlsx", 14)
serial("chinese.xlsx", 31)
serial("calendar.xlsx", 14, date_1904=True)
iso("iso.xlsx")

for name in ("plain", "chinese", "calendar", "iso"):
    path = name + ".xlsx"
    calamine = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1][1]
    opened = openpyxl.load_workbook(path).active["B2"].value
    print(name, *(str(value).split(" ")[0] for value in (calamine, opened, read(path)[3][1][0])))
PYTHON
cat >stated.txt <<'TEXT'
plain 2021-09-01 2021-09-01 2021-09-01
chinese 2021-09-01 44440 44440
calendar 2021-09-01 2021-09-01 2017-08-31
iso 2021-09-01 2021-09-01 1905-07-13
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
