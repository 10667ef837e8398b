"""Section 9 of docs/contract.md, item by item, as it is settled.

What the page says is not done yet must fail here, and what it says nothing of must hold: who brings an item about takes
its line "Not yet" off both pages. Each item is one example that decides it, not the whole of its test.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyproj
import pytest

from landcheck import InputError, Options, Report, Request, UsageError, check, render, write_files

ROOT = Path(__file__).parents[2]
METRE_X, METRE_Y = 1 / 95_300, 1 / 110_900  # in degrees, at Shanghai
SOUND = {
    "parcel_id": "P1", "in_high_tech_zone": True, "approval_date": "2022-01-01", "land_class": "industrial_project",
    "single_use": True, "recognition": "none", "term_years": 20, "site_area_m2": 10_000, "far_gfa_m2": 25_000,
    "above_ground_gfa_m2": 25_000, "other_industry_gfa_m2": 1000, "living_gfa_m2": 1000, "is_stock": False,
    "is_surplus_part": False, "roof_greening": True,
}  # fmt: skip
Shape = tuple[float, float, float, float]
HERE: Shape = (0, 0, 100, 100)
Rows = Iterable[tuple[dict[str, Any], Shape]]


def row(shape: Shape = HERE, **values: Any) -> tuple[dict[str, Any], Shape]:
    """A sound parcel with other values; None takes a column away."""
    return {name: value for name, value in {**SOUND, **values}.items() if value is not None}, shape


def layer(name: str, rows: Rows, epsg: int = 4326) -> str:
    """Rectangles (metres from a place in Shanghai: left, bottom, width, height) as GeoJSON."""
    to_system = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    features = []
    for values, (left, bottom, width, height) in rows:
        corners = ((0, 0), (width, 0), (width, height), (0, height), (0, 0))
        ring = [to_system.transform(121.6 + (left + x) * METRE_X, 31.2 + (bottom + y) * METRE_Y) for x, y in corners]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": values, "geometry": shape})
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
    content = {"type": "FeatureCollection", "features": features, **({"crs": crs} if epsg != 4326 else {})}
    Path(f"{name}.geojson").write_text(json.dumps(content), encoding="utf-8")
    return f"{name}.geojson"


def judged(*rows: tuple[dict[str, Any], Shape], epsg: int = 4326, zones: Rows = (), **options: Any) -> Report:
    sources = {"zones": layer("zones", zones)} if zones else {}
    parcels = layer("parcels", rows, epsg)
    return check(Request(parcels, sources, as_of=dt.date(2026, 6, 30), show_all=True, **options))


def verdict(report: Report, rule: str, parcel: str = "P1") -> str:
    (found,) = (f for f in report.findings if f.rule.id == rule and f.subject.id == parcel)
    return found.verdict.word


def told(report: Report) -> set[tuple[str, str]]:
    """The data findings as rule and level."""
    return {(finding.rule, finding.level.value) for finding in report.data}


def unreadable_is_not_absent() -> None:
    for field, cell in (("approval_date", "31/08/2021"), ("in_high_tech_zone", "部分"), ("site_area_m2", "90%")):
        report = judged(row(**{field: cell}))
        assert ("data/value", "error") in told(report)
        assert verdict(report, "far-industrial") == "undetermined", field
    report = judged(row(far_gfa_m2="-3", far=2.5, roof_greening="部分"))
    assert [verdict(report, rule) for rule in ("far-industrial", "roof-greening")] == ["undetermined"] * 2


def unknown_is_never_false() -> None:
    report = judged(row(approval_date="2025-06-30"), packs=("shanghai-2025-28",))
    assert verdict(report, "far-control-2025-28") == "undetermined"  # 2.5, if no special process is recognised


def an_impossible_value_decides_nothing() -> None:
    for values in ({"far_gfa_m2": 350_000}, {"site_area_m2": 5, "far_gfa_m2": 15}, {"approval_date": "2040-01-01"}):
        report = judged(row(**values))
        assert ("data/value", "error") in told(report), values
        assert verdict(report, "far-industrial") == "undetermined", values


def zones() -> None:
    halves = [({"zone_id": "Z1"}, (-100.0, -100.0, 140.0, 400.0)), ({"zone_id": "Z2"}, (40.0, -100.0, 40.0, 400.0))]
    assert verdict(judged(row(in_high_tech_zone=None), zones=halves), "far-industrial") == "pass"


def parent_and_part() -> None:
    part = row((0, 0, 50, 50), parcel_id="P2", is_surplus_part=True, parent_id="P1", site_area_m2=2500)
    assert ("data/overlap", "error") not in told(judged(row(), part))


def m0() -> None:
    report = judged(row(single_use=None, land_code="M0", living_gfa_m2=9000))
    assert verdict(report, "living-15") == "not_applicable"
    assert "single_use" not in {assumption.field for assumption in report.assumptions}


def major_projects() -> None:
    stated = {"recognition": "municipal_key_project", "term_years": 30}
    assert verdict(judged(row(**stated)), "term-50") == "pass"
    report = judged(row(**stated, major_project="none"))
    assert verdict(report, "term-50") == "undetermined"
    assert [(one.rule, one.level.value) for one in report.data] == [("data/value", "error")]


def land_codes() -> None:
    report = judged(row(land_class=None, land_code="R2"))
    assert verdict(report, "far-industrial") == "not_applicable"
    assert "land_class" not in {assumption.field for assumption in report.assumptions}
    for values in ({"land_code": "M1"}, {"land_code": "C65"}, {"land_code": "R2", "is_stock": True}):
        assert verdict(judged(row(land_class=None, **values)), "far-industrial") == "undetermined", values
    report = judged(row(land_code="R2"))
    assert verdict(report, "far-industrial") == "pass"
    assert ("data/value", "warning") in told(report)


def far_0() -> None:
    assert verdict(judged(row(far_gfa_m2=0)), "far-industrial") == "fail"
    assert verdict(judged(row(far_gfa_m2=None, far=0)), "far-industrial") == "undetermined"


def web_mercator() -> None:
    for epsg in (3857, 3395):
        assert verdict(judged(row(site_area_m2=None), epsg=epsg), "far-industrial") == "pass", epsg
        planar = judged(row(site_area_m2=None), epsg=epsg, area_basis="planar")
        assert verdict(planar, "far-industrial") == "undetermined", epsg


def local_grids() -> None:
    """A hectare, on which 25,000 m² are a FAR of 2.5; Beijing 54 has no way to CGCS2000."""
    for basis, word in (("planar", "pass"), ("ellipsoidal", "undetermined")):
        report = judged(row(site_area_m2=None), epsg=2437, area_basis=basis)
        assert verdict(report, "far-industrial") == word, basis


def strays() -> None:
    astray = row((-121.6 / METRE_X, -31.2 / METRE_Y, 100, 100), site_area_m2=None, parcel_id="P3")
    report = judged(row(site_area_m2=None), row((200, 0, 100, 100), parcel_id="P2"), astray)
    assert [verdict(report, "far-industrial", parcel) for parcel in ("P1", "P3")] == ["pass", "undetermined"]
    assert [(f.rule, f.row) for f in report.data if f.rule == "data/crs"] == [("data/crs", 3)]


def pools() -> None:
    pool = {
        "approval_date": "2025-06-30", "pool_id": "T", "pool_recognised": True, "living_gfa_m2": 9000,
        "pool_above_ground_gfa_m2": 50_000, "pool_other_industry_gfa_m2": 2000, "pool_living_gfa_m2": 7000,
    }  # fmt: skip
    other = {**pool, "parcel_id": "P2", "living_gfa_m2": 1000}  # 10,000 in all, more than the pool says
    report = judged(row(**pool), row((100, 0, 100, 100), **other), packs=("shanghai-2025-28",))
    assert ("data/pool", "error") in told(report)
    assert verdict(report, "living-2025-28") == "undetermined"


def baseline_and_waivers() -> None:
    Path("waivers.toml").write_text(
        '[[waiver]]\nnumber = "1"\napprover = "a"\nreason = "r"\nexpires = 2027-01-01\nrule = "far-industrial"\n'
        'parcel = "P1"\n',
        encoding="utf-8",
    )
    report = judged(row(far_gfa_m2=18_000), waivers="waivers.toml")
    assert not [finding for finding in report.findings if finding.waived is not None]


def no_id_column() -> None:
    with pytest.raises(InputError) as refused:
        judged(row(parcel_id=None, lot="a1"), row((200, 0, 100, 100), parcel_id=None, lot="a2"))
    assert "--map parcel_id=lot" in refused.value.say("en")
    assert judged(row(parcel_id=None), maps=maps("parcel_id=#row")).summary.subjects["parcel"] == 1


def maps(text: str) -> Any:
    from landcheck.request import ColumnRef

    field, column = text.split("=")
    return {field: ColumnRef(column)}


def an_unused_column_that_looks_like_a_field() -> None:
    for heading in ("出让日期", "合同签订日期", "出让合同签订日期", "批准日期", "批准时间"):
        report = judged(row(approval_date=None, **{heading: "2020-01-01"}))
        assert verdict(report, "far-industrial") == "not_applicable", heading
    assert ("data/column", "warning") in told(judged(row(far_gfa_m2=None, 建筑面积=25_000)))


def several_columns_of_one_field() -> None:
    for other, expected in ((18_000, "fail"), (None, "fail"), (25_000, "undetermined")):
        report = judged(row(far_gfa_m2=18_000, **({"计容建筑面积": other} if other else {})))
        assert verdict(report, "far-industrial") == expected
        assert (("data/value", "error") in told(report)) == (expected == "undetermined")


def companions_of_a_source() -> None:
    source = ROOT / "sample_parcels/gbk"
    for file in source.glob("parcels.*"):
        Path(file.name).write_bytes(file.read_bytes())
    Path("parcels.shx").unlink()
    before = {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in Path().iterdir()}
    check(Request("parcels.shp"))
    assert before == {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in Path().iterdir()}


def configuration() -> None:
    from landcheck.cli import config

    Path("landcheck.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert config.load(None).options == {"project.name": "x"}


def rules_left_out() -> None:
    short = row(far_gfa_m2=15_000, above_ground_gfa_m2=15_000)
    assert verdict(judged(short), "far-industrial") == "fail"
    report = judged(short, ignore=("far",))
    assert [rule.id for rule in report.not_judged] == ["far-industrial", "far-rd-general"]
    assert "far-industrial" not in report.summary.verdicts
    assert report.notices[0].code == "rules-not-judged"
    with pytest.raises(UsageError):
        judged(short, ignore=("shanghai-2021-9",))


def order_in_lines() -> None:
    report = judged(row(parcel_id="B", term_years=60, far_gfa_m2=15_000), row((200, 0, 100, 100), far_gfa_m2=None))
    text = "".join(render(report, "plain", Options("en")))
    told = ("Verdict: 2 fail, 1 undetermined", "Most frequent", "Summary of verdicts", "B (row 1)", "P1 (row 2)",
            "Notices", "Inputs", "Basis")  # fmt: skip
    places = [text.index(part) for part in told]
    assert places == sorted(places)
    assert places[0] == 0


def folders() -> None:
    write_files(judged(row()), ["new/deep/report.json"], "en")
    assert Path("new/deep/report.json").is_file()


def chinese() -> None:
    text = "".join(render(judged(row(far_gfa_m2=15_000)), "plain", Options("zh")))
    assert "容积率为1.5，低于下限2.0（差0.5，折合5,000平方米）" in text
    assert "far_gfa_m2" not in text


def the_table_of_attributes() -> None:
    told = [verdict_beside_a_table(f"far_gfa_m2\nP1,{area}") for area in (25_000, 24_900, 15_000)]
    assert told == ["pass", "pass", "undetermined"]
    assert verdict_beside_a_table("land_class\nP1,rd_general") == "undetermined"


def verdict_beside_a_table(cells: str) -> str:
    Path("a.csv").write_text(f"parcel_id,{cells}\n", encoding="utf-8")
    parcels = layer("parcels", [row()])
    report = check(Request(parcels, {"attributes": "a.csv"}, as_of=dt.date(2026, 6, 30), show_all=True))
    return verdict(report, "far-industrial")


def messages() -> None:
    report = judged(*(row((200.0 * place, 0, 100, 100)) for place in range(60)))  # one id sixty times
    (repeated,) = (finding for finding in report.data if finding.rule == "data/id")
    assert len(re.findall(r"\d+", repeated.message.say("en"))) < 20
    with pytest.raises(UsageError) as refused:
        judged(row(), packs=("shanghai-2021-8",))
    assert "shanghai-green" not in refused.value.say("en")


ITEMS: dict[str, Callable[[], None]] = {
    "Unreadable is not absent.": unreadable_is_not_absent,
    "Unknown is never false.": unknown_is_never_false,
    "An impossible value decides nothing.": an_impossible_value_decides_nothing,
    "The table of attributes": the_table_of_attributes,
    "Zones": zones,
    "Parent and part": parent_and_part,
    "M0": m0,
    "Major projects": major_projects,
    "Land codes": land_codes,
    "FAR 0": far_0,
    "Web Mercator": web_mercator,
    "Local grids": local_grids,
    "Strays": strays,
    "Pools": pools,
    "Baseline and waivers": baseline_and_waivers,
    "No id column": no_id_column,
    "An unused column that looks like a field": an_unused_column_that_looks_like_a_field,
    "Several columns of one field": several_columns_of_one_field,
    "Companions of a source": companions_of_a_source,
    "Configuration": configuration,
    "Rules left out": rules_left_out,
    "Order in lines": order_in_lines,
    "Folders": folders,
    "Chinese": chinese,
    "Messages": messages,
}


def items(page: str) -> list[tuple[str, bool]]:
    """The items of the section and whether each has a line of what is not done yet."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    section = re.split(r"^## 9\. .*\n", text, flags=re.MULTILINE)[1].split("\n## ")[0]
    found = re.findall(r"^- \*\*(.*?)\*\*(.*(?:\n  .*)*)", section, re.MULTILINE)
    return [(name, re.search(r"^  \*(?:Not yet|尚未做到)", rest, re.MULTILINE) is not None) for name, rest in found]


def test_the_pages_and_these_tests_speak_of_the_same_items() -> None:
    assert [name for name, _ in items("contract.md")] == list(ITEMS)
    assert [late for _, late in items("contract.md")] == [late for _, late in items("contract.zh-CN.md")]


@pytest.mark.parametrize(("name", "late"), items("contract.md"))
def test_an_item_holds_unless_the_page_says_not_yet(
    name: str, *, late: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if not late:
        ITEMS[name]()
        return
    with pytest.raises((AssertionError, UsageError, InputError)):
        ITEMS[name]()
