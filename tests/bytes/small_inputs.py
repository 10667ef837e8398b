"""The inputs of the small cases: the sample parcels, and text files in ``made/`` that show what those do not."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CRS = "EPSG:4549"

# A square of 200 m by 100 m in EPSG:4549: 20,000 m², FAR 2.0 from 40,000 m² on; passes every rule.
SOUND = {
    "parcel_id": "", "land_class": "industrial_project", "site_area_m2": "20000", "far_gfa_m2": "40000",
    "single_use": "true", "in_high_tech_zone": "true", "is_stock": "false", "is_surplus_part": "false",
    "approval_date": "2022-01-01", "term_years": "20", "recognition": "none", "above_ground_gfa_m2": "40000",
    "other_industry_gfa_m2": "6000", "living_gfa_m2": "6000",
}  # fmt: skip
LIMITS = (
    {}, {"far_gfa_m2": "39999.99"}, {"far_gfa_m2": "40000.0000000001"}, {"far_gfa_m2": ""}, {"term_years": "20.01"},
    {"term_years": "50", "recognition": "municipal_key_project"}, {"term_years": "50.01", "recognition": "none"},
    {"living_gfa_m2": "6000.01"}, {"other_industry_gfa_m2": "6000.01"}, {"above_ground_gfa_m2": "0"},
    {"approval_date": "2021-08-31"}, {"approval_date": "2021-09-01"}, {"in_high_tech_zone": "false"},
    {"single_use": ""}, {"is_stock": "true", "far_before": "1.9", "increase_approved": "true"},
    {"is_stock": "true", "far_before": "1.9"}, {"is_stock": "true", "far_before": "2.0"},
    {"is_stock": "true", "far_before": "1.5", "increase_approved": "true", "extra_land_price_cny": "0.01"},
    {"land_class": "rd_general", "far_gfa_m2": "60000"}, {"land_class": "rd_general", "far_gfa_m2": "59999"},
    {"roof_greening": "false"}, {"land_class": ""}, {"land_code": "M0", "single_use": ""},
    {"far": "0", "far_gfa_m2": ""}, {"far_gfa_m2": "0"}, {"far": "2.5"}, {"recognition": ""},
    {"is_surplus_part": "true", "parent_id": "L01", "subdivision_permitted": "true", "transferee": "park_platform",
     "transfer_channel": "land_market", "listing": "with_industry_project"},
    {"is_surplus_part": "true", "parent_id": "L99", "transferee": "other"},
)  # fmt: skip
FAULTS = (
    {"far_gfa_m2": "about 2"}, {"far_gfa_m2": "-5 m²"}, {"far_gfa_m2": "4万平方米"}, {"far_gfa_m2": "４００００"},
    {"far_gfa_m2": "40,000"}, {"far_gfa_m2": "4.0000,00"}, {"far_gfa_m2": "部分"}, {"far_gfa_m2": "/"},
    {"far": "31", "far_gfa_m2": ""}, {"far": "1.5-2.5", "far_gfa_m2": ""}, {"far": "≥2.0", "far_gfa_m2": ""},
    {"site_area_m2": "2"}, {"site_area_m2": "30 mu"}, {"site_area_m2": "2公顷"}, {"site_area_m2": "1e99"},
    {"site_area_m2": "25000"}, {"term_years": "120"}, {"term_years": "50年"}, {"term_years": "-1"},
    {"approval_date": "31/08/2021"}, {"approval_date": "2023-02-30"}, {"approval_date": "2040-01-01"},
    {"approval_date": "2026-12-01"}, {"approval_date": "2023年5月1日"}, {"approval_date": "44562"},
    {"approval_date": "不详"}, {"single_use": "部分"}, {"single_use": "也许"}, {"in_high_tech_zone": "外"},
    {"in_high_tech_zone": "2"}, {"land_class": "待定"}, {"land_class": "产业项目类工业用地"}, {"land_class": "M1"},
    {"recognition": "国家级"}, {"transferred_share": "90%"}, {"transferred_share": "120"}, {"living_gfa_m2": "50000"},
    {"other_industry_gfa_m2": "38000", "living_gfa_m2": "9000"}, {"parcel_id": ""}, {"parcel_id": "L01"},
    {"parcel_id": "甪直㎡²✓"}, {"parcel_id": "a|b;c\"d'e<f>&"}, {"wkt": ""}, {"wkt": "POLYGON EMPTY"},
    {"wkt": "POLYGON ((640000 3456000, 640100 3456100, 640100 3456000, 640000 3456100, 640000 3456000))"},
    {"wkt": "POINT (640000 3456000)"}, {"wkt": "not a shape"}, {"wkt": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0))"},
    {"wkt": "POLYGON ((640000 3455000, 640150 3455000, 640150 3455100, 640000 3455100, 640000 3455000))"},
)  # fmt: skip
POOLS = (
    {"pool_id": "G1", "pool_recognised": "true", "living_gfa_m2": "9000", "owner": "甲"},
    {"pool_id": "G1", "pool_recognised": "true", "living_gfa_m2": "1000", "owner": "甲"},
    {"pool_id": "G2", "pool_recognised": "true", "pool_living_gfa_m2": "9000", "owner": "甲"},
    {"pool_id": "G2", "pool_recognised": "true", "pool_living_gfa_m2": "12000", "owner": "乙"},
    {"pool_id": "G3", "pool_recognised": "", "pool_concentrated_gfa_m2": "30000"},
    {"pool_id": "G3", "pool_recognised": "true", "living_gfa_m2": ""},
    {"smart_space": "true", "far_gfa_m2": "60001"}, {"smart_space": "", "far_gfa_m2": "60001"},
    {"term_years": "30", "major_project": "municipal", "district_quota": "true", "district_decision": "true"},
    {"term_years": "30", "lease_years": "6"}, {"special_process_recognised": "true", "far_gfa_m2": "100"},
    {"land_class": "rd_general", "transferred_share": "0.31", "far_gfa_m2": "60000"},
    {"toxic_gas": "true", "plot_green_m2": "5000", "protection_belt_m": "49"}, {"ground_green_m2": "100"},
    {"in_industrial_park": "false", "plot_green_m2": "3999"}, {"statutory_use": "residential", "term_years": "71"},
)  # fmt: skip
WAIVER = {"number": "沪规划资源〔2024〕12号", "approver": "市规划资源局", "reason": "历史遗留", "expires": "2027-12-31"}
WAIVED = (
    {"rule": "far-industrial", "parcel": "L02", "fingerprint": "g1-1ea42d5294e5"},
    {"rule": "far-industrial", "parcel": "L04"},
    {"rule": "living-15", "parcel": "L08", "fingerprint": "g1-000000000000"}, {"rule": "term-50", "parcel": "L99"},
    {"rule": "term-50", "parcel": "L05", "expires": "2022-01-01"}, {"rule": "mixed-use-30", "parcel": "L01"},
    {"rule": "roof-greening", "polygon": "POLYGON ((639000 3454000, 660000 3454000, 660000 3456000, 639000 3456000, "
     "639000 3454000))", "crs": CRS},
)  # fmt: skip
CONFIGURATION = """as_of = 2026-06-30
pack = ["shanghai-2021-9", "shanghai-2025-28"]
reading = "literal"
show = "all"
fail_on = ["review"]
waivers = "waivers.toml"
[map]
name = "land_class"
[set]
base_term_years = 30
"""
FAULTY_CONFIGURATION = "speed = 3\nreading = 7\nmap = 3\n[set]\nbase_term_years = 'x'\n"
RAW = {
    "empty.csv": "", "head.csv": "parcel_id,far\n", "no-id.csv": "far,site_area_m2\n2.0,100\n2.5,200\n",
    "twice.csv": "parcel_id,far,容积率\nP1,2.0,2.1\n",
    "text.shp": "this is no shapefile", "broken.geojson": '{"type": "Fe',
    "no-toml.toml": "not toml at all", "faulty.toml": FAULTY_CONFIGURATION, "landcheck.toml": CONFIGURATION,
    "faulty-waivers.toml": "[[waiver]]\nnumber = 1\nrule = 'far-lunar'\nexpiry = 'soon'\n",
    "other.json": '{"schema_version": "9"}', "green.csv": "绿地编号,园区,变化类型,绿地面积(公顷),已建成项目,调减原因\n"
    "G1,PD01,调减,0.1,是,改扩建\nG2,PD01,新建规划,0.2,,\nG3,PD09,调减,约1,否,其他\n,PD02,新建,1,,\n",
    "suspect.csv": "宗地号,出让日期,建筑面积,RJL,YDMJ,备注\nA1,2023-01-02,40000,2.0,2,M0\nA2,2020-01-02,30000,1.5,2,\n",
    "bad-pack/pack.toml": 'id = "bad-pack"\nspeed = 3\nrules = ["nothing"]\n', "bad-pack/policy.txt": "一、无\n",
}  # fmt: skip


def write(place: Path) -> None:
    """The samples as they lie in this repository and what is made besides; the same bytes each time."""
    hidden = shutil.ignore_patterns("*.py", "*.md", "*.toml", "__pycache__")
    shutil.copytree(ROOT / "sample_parcels", place / "sample_parcels", ignore=hidden)
    shutil.copytree(ROOT / "docs" / "example-pack" / "beijing-green-1990", place / "made" / "beijing-green-1990")
    made = place / "made"
    for name, text in RAW.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text, encoding="utf-8", newline="")
    for name, changes in (("limits", LIMITS), ("faults", FAULTS), ("pools", POOLS)):
        _write_table(made / f"{name}.csv", changes)
    (made / "small-gbk.csv").write_bytes((made / "suspect.csv").read_text("utf-8").encode("gb18030"))
    entries = [{**WAIVER, **entry} for entry in WAIVED]
    (made / "waivers.toml").write_text("".join(map(_entry, entries)), encoding="utf-8", newline="")
    _write_axes(place)
    _write_zip(place)


def _write_table(path: Path, changes: Iterable[dict[str, str]]) -> None:
    """One row a change to the sound parcel, its square beside the one before."""
    rows = []
    for number, change in enumerate(changes, 1):
        west = 640_000 + 220 * number
        corners = ((west, 3455000), (west + 200, 3455000), (west + 200, 3455100), (west, 3455100), (west, 3455000))
        wkt = f"POLYGON (({', '.join(f'{x} {y}' for x, y in corners)}))"
        rows.append({**SOUND, "wkt": wkt, "parcel_id": f"L{number:02}", **change})
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(_quoted(row.get(name, "")) for name in columns) for row in rows]
    path.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8", newline="")


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _entry(values: dict[str, str]) -> str:
    texts = {key: json.dumps(text, ensure_ascii=False) for key, text in values.items()}
    lines = (f"{key} = {text}" for key, text in {**texts, "expires": values["expires"]}.items())
    return "\n".join(["[[waiver]]", *lines, ""])


def _write_axes(place: Path) -> None:
    """The small layer with latitude before longitude, as a careless export has it."""
    drawn = json.loads((place / "sample_parcels" / "small.geojson").read_text(encoding="utf-8"))
    for feature in drawn["features"]:
        feature["geometry"]["coordinates"] = _swapped(feature["geometry"]["coordinates"])
    (place / "made" / "swapped.geojson").write_text(json.dumps(drawn, ensure_ascii=False), encoding="utf-8")


def _swapped(part: list[Any]) -> list[Any]:
    return part[::-1] if isinstance(part[0], float) else [_swapped(inner) for inner in part]


def _write_zip(place: Path) -> None:
    with zipfile.ZipFile(place / "made" / "gbk.zip", "w") as archive:
        for path in sorted((place / "sample_parcels" / "gbk").iterdir()):
            archive.writestr(zipfile.ZipInfo(f"成果/{path.name}"), path.read_bytes())
