"""Runs the program over a folder of cases as they were filed, and lists every one that does not give what is right.

    python tests/foreign/cases.py FOLDER

``manifest.json`` names the files of each case and the options; what is right stands here, by the name of the first
file. Each kind has a test of its own with inputs made by the test; this is for the files as they came.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FIXED = ("--lang", "en", "--as-of", "2026-06-30", "--show", "all", "--output-format", "json")
OPEN = "undetermined"


@dataclass(frozen=True)
class Right:
    """``far``: verdicts on the FAR (of any class) by id, in part; ``others`` by rule and id. ``codes``: messages told.

    ``planar``: drawn area by id in m². ``refused``: words of the refusal instead of all that.
    """

    far: dict[str, str] = field(default_factory=dict)
    others: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: int | None = None
    crs: str | None = None
    codes: tuple[str, ...] = ()
    planar: dict[str, float] = field(default_factory=dict)
    refused: str = ""


TWO = {"A": "fail", "B": "pass"}
STOCK = {("stock-approval", f"P{number:02}"): OPEN for number in (2, 4, 5, 7, 10, 11)}
SHARES = {(rule, name): OPEN for rule in ("mixed-use-30", "living-15") for name in "AB"}
RIGHT = {
    "x1_unitsrow.xlsx": Right(TWO, rows=2, codes=("read-units-beside",)),
    "x1f_title_unit.xlsx": Right({"A": OPEN}, codes=("far-impossible",)),
    "x1g_title_year.xlsx": Right({"A": "fail"}, rows=1),
    "d3_bulge_flip.dxf": Right({"30": "fail"}, planar={"30": 31415.9}),
    "k1_data.kml": Right(TWO),
    "map_parcels.gpkg": Right(TWO),
    "d12_mixed_mpolygon.dxf": Right(rows=1, codes=("read-dxf-unread",)),
    "d16_paper5.dxf": Right(rows=5),
    "d17_nohead_gbk.dxf": Right(rows=1),
    "d1_text_ids.dxf": Right({"MH-01": OPEN, "MH-02": OPEN}),
    "d2_unclosed.dxf": Right(rows=2, codes=("read-dxf-joined", "read-dxf-open")),
    "stray_origin.gpkg": Right({"A": "pass", "D": OPEN}, codes=("data-crs-stray",)),
    "native_4528.parquet": Right(TWO, crs="EPSG:4528"),
    "j7_esri_wkid102.json": Right({"A": "fail"}),
    "x9_dates.xlsx": Right({"P00": "fail", "P10": OPEN}),
    "x3_hidden.xlsx": Right({"A": "fail", "C": "pass"}, codes=("read-rows-hidden",)),
    "e1_html.xls": Right(refused="save it as XLSX"),
    "e2_tsv.xls": Right({"A": "fail"}, codes=("read-text-not-workbook",)),
    "c1_eqquote.csv": Right({"0310112001": "fail", "0310112002": "pass"}),
    "b1_overflow.shp": Right({"3101120010010000002": "fail"}, rows=4, codes=("read-dbf-stars",)),
    "j10_dupkey.geojson": Right({"A": OPEN}),
    "txt_std_gbk.txt": Right(rows=2, crs="EPSG:4528", planar={"MH-01": 10_000, "MH-02": 10_000}),
    "txt_noprefix.txt": Right(crs="EPSG:4549"),
    "txt_bare.txt": Right(rows=1, codes=("data-crs-missing",)),
    "v3.vct": Right(rows=1),
    "t1_ratiocut.shp": Right(others=SHARES),
    "b1_flags.xlsx": Right(others=STOCK),
    "v5_quotednl.csv": Right({"A": "fail"}),
    "k1_encrypted.xlsx": Right(refused="protected by a password"),
    "g1_alias.gpkg": Right(TWO),
    "i1_numfmt.xlsx": Right({"PD-001": "pass", "PD-002": "fail"}),
    "j_layer.geojson": Right({"PD01-01": "fail", "PD01-06": "fail"}, codes=("id-folded", "attributes-without-parcel")),
    "b4_class.xlsx": Right({"P08": "fail", "P00": OPEN}),
    "tx2_utf16.txt": Right(planar={"PD-01": 10_000}),
    "tx4_plain.txt": Right(refused="#row"),
    "tx6_equal_lines.txt": Right(rows=2, codes=("id-repeated",)),
    "tx8_line_and_point.txt": Right(rows=1),
    "tx10_hole_restart.txt": Right(planar={"PD-01": 9_100}),
    "vc1_hole_indirect.vct": Right(crs="EPSG:4528", planar={"PD-01": 9_100}),
    "dw1_cn.dwg": Right(refused="DWG"),
    "n1_merged_hidden.xlsx": Right({"A1": OPEN, "A2": OPEN}, codes=("read-merged-total",)),
    "n2_error_cells.ods": Right(codes=("read-cell-errors",)),
    "n2_error_cells.xls": Right(codes=("read-cell-errors",)),
    "n3_digits.shp": Right({"B1": "fail", "B2": "pass"}),
    "n4_hanzi_names.kml": Right({"C1": OPEN, "C2": OPEN}),
    "n5_own_towgs84.parquet": Right({"T1": "fail"}),
    "n6_unit_numbers.geojson": Right(rows=6),
}


def given(folder: Path, files: list[str], options: str) -> tuple[int, Any, str]:
    """Exit status, result and standard error of a check in a folder with those files; the files have to stay."""
    with tempfile.TemporaryDirectory() as place:
        for name in files:
            for file in folder.glob(f"{Path(name).stem}.*" if name.endswith(".shp") else name):
                shutil.copy2(file, place)
        before = state(Path(place))
        command = [sys.executable, "-m", "landcheck", "check", files[0], *shlex.split(options), *FIXED]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(command, cwd=place, env=surroundings, capture_output=True, text=True, check=False)
        changed = "" if state(Path(place)) == before else "an input or what lies beside it was changed"
        return ended.returncode, json.loads(ended.stdout) if ended.stdout else None, changed + ended.stderr


def state(folder: Path) -> dict[str, tuple[str, int]]:
    files = [file for file in folder.iterdir() if not file.name.startswith("x.")]  # reports that a case asks for
    return {file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) for file in files}


def wrong(right: Right, result: Any, errors: str) -> list[str]:
    """What differs, in words."""
    if result is None:
        return [] if right.refused and right.refused in errors else [errors.strip()]
    far = {one["subject"]["id"]: one["verdict"] for one in result["findings"]
           if one["rule"] in ("far-industrial", "far-rd-general") and one["verdict"] != "not_applicable"}  # fmt: skip
    rules = {(one["rule"], one["subject"]["id"]): one["verdict"] for one in result["findings"]}
    areas = {one["subject"]["id"]: one["areas"]["planar_m2"] for one in result["findings"] if one.get("areas")}
    parcels = next(one for one in result["inputs"] if one["role"] == "parcels")
    told = {one["code"] for one in result["data"]} | {note["code"] for one in result["inputs"] for note in one["notes"]}
    found = [f"FAR of {name}: {far.get(name)}, not {verdict}" for name, verdict in right.far.items()
             if far.get(name) != verdict]  # fmt: skip
    found += [f"{key}: {rules.get(key)}" for key, verdict in right.others.items() if rules.get(key) != verdict]
    found += [f"{name}: {areas.get(name)} m2" for name, area in right.planar.items()
              if abs((areas.get(name) or 0) - area) > 1]  # fmt: skip
    found += [f"{parcels['rows']} rows"] if right.rows not in (None, parcels["rows"]) else []
    found += [f"system {parcels['crs']}"] if right.crs not in (None, parcels["crs"]) else []
    return (
        found
        + [f"not told: {code} of {sorted(told)}" for code in right.codes if code not in told]
        + [errors][: bool(errors)]
    )


def main(folder: Path) -> int:
    """Every case in a line; the number of those that differ."""
    differing = 0
    for case in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        firsts = (
            case["file"] if len({Path(name).stem for name in case["file"]}) < len(case["file"]) else case["file"][:1]
        )
        for first in [name for name in firsts if name in RIGHT]:
            status, result, errors = given(folder, [first, *(set(case["file"]) - {first})], case["args"])
            found = wrong(RIGHT[first], result, errors)
            differing += bool(found)
            sys.stdout.write(f"{'DIFFERS' if found else 'as right'}  {first} (exit {status})  {'; '.join(found)}\n")
        if case["file"][0] not in RIGHT:
            sys.stdout.write(f"unknown   {case['file'][0]}\n")
    return differing


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
