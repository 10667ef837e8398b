#!/bin/sh
# GDAL reads an empty number of KML as 0, and one of GML that holds white space: no floor area given becomes none built.
#
# Seen 2026-11-28: pyogrio 0.13.0 (GDAL 3.12.4), fastkml 1.4.0 beside it, Python 3.11.
# Input: three plots with a floor area of 15000, with an empty one, and with none. The KML has a Schema with a field of
#   type double; its SimpleData may be empty (OGC KML 2.2: an extension of xs:string), and fastkml finds it valid by
#   OGC's schema. The GML has no schema, and in its empty element a line break, as a template leaves one.
# Expected: no value for the second as for the third, as fastkml has it.
# Seen: 0.0 for the second, with no warning. A share of at most 15 % is then kept by every plot whose sheet is unfilled.
#   In the GML an element with nothing at all in it is no value, one with white space is 0.0. Nothing of either was
#   found in GDAL's pages or issues.
# KML 中空的数值(SimpleData 为空)与 GML 中只含空白的数值被读成 0：未填的建筑面积变成 0，且无警告。
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    pyogrio==0.13.0 numpy==2.4.6 'fastkml[lxml]==1.4.0'
PYTHONUTF8=1 venv/bin/python -W always - >seen.txt <<'PYTHON'
import warnings
from pathlib import Path

import fastkml
from fastkml.utils import find_all
from pyogrio.raw import read

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Schema name="plots" id="plots"><SimpleField type="double" name="floor_area"/></Schema>
{}
</Document></kml>
"""
PLACEMARK = """<Placemark><ExtendedData><SchemaData schemaUrl="#plots">{}</SchemaData></ExtendedData>
<Point><coordinates>121.5,31.2</coordinates></Point></Placemark>"""
GML = """<?xml version="1.0" encoding="UTF-8"?>
<plots xmlns:gml="http://www.opengis.net/gml/3.2">
{}
</plots>
"""
MEMBER = '<gml:featureMember><plot gml:id="{}">{}</plot></gml:featureMember>'


def floor_areas(path):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        meta, _, _, columns = read(path)
    return columns[list(meta["fields"]).index("floor_area")].tolist(), "warnings", len(told)


cells = [f'<SimpleData name="floor_area">{text}</SimpleData>' for text in ("15000", "")] + [""]
Path("plots.kml").write_text(KML.format("\n".join(map(PLACEMARK.format, cells))), encoding="utf-8")
document = fastkml.KML.parse("plots.kml", validate=True)
values = [one.value for data in find_all(document, of_type=fastkml.SchemaData) for one in data.data]
print("KML, fastkml", values, "and none of the third")
print("KML, GDAL", *floor_areas("plots.kml"))

cells = [f"<floor_area>{text}</floor_area>" for text in ("15000", "\n", "")] + [""]
members = (MEMBER.format(f"p{number}", cell) for number, cell in enumerate(cells))
Path("plots.gml").write_text(GML.format("\n".join(members)), encoding="utf-8")
print("GML, GDAL", *floor_areas("plots.gml"))
PYTHON
cat >stated.txt <<'TEXT'
KML, fastkml ['15000', None] and none of the third
KML, GDAL [15000.0, 0.0, nan] warnings 0
GML, GDAL [15000.0, 0.0, nan, nan] warnings 0
TEXT
diff stated.txt seen.txt || { echo "not as stated any more" >&2; exit 1; }
echo "as stated"
