"""Plots that share their facilities: the pool's floor areas are the sums over its plots, or unknown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box
from typer.testing import CliRunner, Result

from landcheck.cli.app import app

HEAD = (
    "parcel_id,land_class,single_use,pool_id,pool_recognised,above_ground_gfa_m2,other_industry_gfa_m2,living_gfa_m2,"
    "pool_above_ground_gfa_m2,approval_date"
)
# 10,000 + 30,000 above ground; 4,000 + 5,000 other and living: 40 % on A alone, 22.5 % of the pool
A = "A,industrial_project,true,G1,true,10000,1000,3000,,2025-06-01"
B = "B,industrial_project,true,G1,true,30000,3000,2000,,2025-06-01"
ALONE = "C,industrial_project,true,,false,10000,1000,3000,,2025-06-01"
OTHERS = "D,industrial_project,true,G2,true,10000,0,1500,,2025-06-01"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def run(command: str, *more: str) -> Result:
    words = [command, "p.csv", "--pack", "shanghai-2025-28", "--as-of", "2026-01-01", "--lang", "en", *more]
    return CliRunner().invoke(app, [*words, "--output-format", "json"])


def check(*rows: str, more: tuple[str, ...] = (), head: str = HEAD) -> dict[str, Any]:
    Path("p.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    told: dict[str, Any] = json.loads(run("check", "--show", "all", "--exit-zero", *more).stdout)
    return told


def share(told: dict[str, Any], parcel: str, rule: str = "mixed-use-2025-28") -> tuple[str, Any, list[str]]:
    found = next(f for f in told["findings"] if (f["subject"]["id"], f["rule"]) == (parcel, rule))
    return found["verdict"], found["requirements"][0]["measured"], found["missing"]


def test_a_recognised_pool_is_judged_by_the_sums_over_its_plots() -> None:
    told = check(A, B, ALONE, OTHERS)
    assert share(told, "A") == share(told, "B") == ("pass", pytest.approx(22.5), [])
    # living: 5,000 of 40,000
    assert share(told, "A", "living-2025-28") == ("pass", pytest.approx(12.5), [])
    assert share(told, "C")[:2] == ("fail", pytest.approx(40))
    # the one plot of its pool that is there: what the others add to it is not known
    assert share(told, "D")[0] == "undetermined"
    assert any(
        'For 2 parcels "pool: floor area of living facilities" was summed up over' in one["message"]
        for one in told["notices"]
    )


def test_a_plot_without_its_floor_area_makes_the_sum_of_its_pool_unknown() -> None:
    told = check(A, B.replace(",2000,", ",,"), OTHERS)
    assert share(told, "A") == ("undetermined", None, ["pool_living_gfa_m2"])


def test_a_pool_nobody_recognised_is_none() -> None:
    told = check(A.replace("G1,true", "G1,false"), B)
    assert share(told, "A")[:2] == ("fail", pytest.approx(40))


def test_where_recognition_is_unknown_what_holds_either_way_is_the_verdict() -> None:
    unknown_a, unknown_b = (row.replace("G1,true", "G1,") for row in (A, B))
    told = check(unknown_a, unknown_b)
    assert share(told, "A") == ("undetermined", None, ["pool_recognised"])  # 40 % on the plot, 22.5 % of the pool
    assert share(told, "B") == ("pass", pytest.approx(22.5), [])  # 5,000 of 30,000 on the plot; the graver is told
    assert share(told, "B", "living-2025-28") == ("pass", pytest.approx(12.5), [])  # 6.7 % on the plot
    # 7,000 of 10,000 on the plot, 15,000 of 40,000 in the pool: too much in both; B has 26.7 % on the plot
    told = check(unknown_a.replace(",1000,", ",4000,"), unknown_b.replace(",3000,", ",6000,"))
    assert share(told, "A") == ("fail", pytest.approx(70), [])
    assert share(told, "B") == ("undetermined", None, ["pool_recognised"])


def test_an_unknown_recognition_of_a_pool_that_contradicts_itself_decides_nothing() -> None:
    low = [row.replace("G1,true", "G1,") for row in (A.replace(",1000,3000,", ",100,100,"), B)]
    assert share(check(*low), "A")[0] == "pass"
    told = check(low[0], low[1].replace(",,2025", ",20000,2025"))  # 40,000 in all
    assert [one["code"] for one in told["data"]] == ["pool-total-wrong"]
    assert share(told, "A") == share(told, "B") == ("undetermined", None, ["pool_recognised"])
    # not recognised, a pool is none, whatever is written of it
    told = check(*(row.replace("G1,", "G1,false") for row in (low[0], low[1].replace(",,2025", ",20000,2025"))))
    assert (told["data"], share(told, "A")[0]) == ([], "pass")


def test_a_recognition_that_cannot_be_read_leaves_the_share_open() -> None:
    told = check(A.replace("G1,true", "G1,部分").replace(",1000,3000,", ",100,100,"), B.replace("G1,true", "G1,"))
    assert share(told, "A") == ("undetermined", None, ["pool_recognised"])


def test_a_total_that_is_stated_counts_first() -> None:
    # 9,000 of the 40,200 stated for the one plot and of the 40,000 summed for the other: half a per cent apart
    told = check(A.replace(",,2025", ",40200,2025"), B)
    assert share(told, "A")[:2] == ("pass", pytest.approx(900 / 40.2))
    assert share(told, "B")[:2] == ("pass", pytest.approx(22.5))
    # a plot by itself cannot be held against a total of its pool, nor be the whole of another
    assert share(check(A.replace(",,2025", ",40000,2025")), "A")[0] == "undetermined"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((A.replace(",,2025", ",20000,2025"), B), "pool-total-wrong"),  # 40,000 in all
        ((A.replace(",,2025", ",50000,2025"), B), "pool-total-wrong"),  # both plots are there
        ((A.replace(",,2025", ",20000,2025"), B.replace(",30000,3000,2000,", ",,3000,2000,")), None),
        ((A.replace(",,2025", ",9000,2025"), B.replace(",30000,3000,2000,", ",,3000,2000,")), "pool-total-wrong"),
        ((A.replace(",,2025", ",40000,2025"), B.replace(",,2025", ",41000,2025")), "pool-totals-differ"),
        ((A, B.replace("G1,true", "G1,false")), "pool-recognised-apart"),
        ((A.replace("G1,true", ",true"), B), "pool-nameless"),
    ],
)
def test_a_pool_that_contradicts_itself_decides_nothing(rows: tuple[str, str], code: str | None) -> None:
    told = check(*rows)
    found = [one for one in told["data"] if one["level"] == "error"]
    assert [one["code"] for one in found] == ([] if code is None else [code])
    assert {one["rule"] for one in found} <= {"data/pool"}
    if code is not None:
        assert share(told, "A") == ("undetermined", None, ["pool_recognised"])
        assert share(told, "A", "living-2025-28")[0] == "undetermined"
        assert share(told, "A", "pool-cap-2025-28")[0] == "undetermined"


@pytest.mark.parametrize(
    ("owners", "verdict", "codes"),
    [
        (("甲公司", "甲公司"), "pass", {"pool-unproven"}),  # without shapes nothing shows that they are adjacent
        (("甲公司", "乙公司"), "undetermined", {"pool-owners", "pool-unproven"}),
        (("甲公司", ""), "undetermined", {"pool-owners", "pool-unproven"}),
        (("", ""), "pass", {"pool-unproven"}),
    ],
)
def test_the_plots_of_a_pool_have_one_owner(owners: tuple[str, str], verdict: str, codes: set[str]) -> None:
    told = check(*(f"{row},{owner}" for row, owner in zip((A, B), owners, strict=True)), head=f"{HEAD},权利人名称")
    assert share(told, "A")[0] == share(told, "B")[0] == verdict
    assert {one["code"] for one in told["data"]} == codes


def test_parts_of_a_pool_above_its_whole_decide_nothing() -> None:
    head = HEAD.replace("pool_above_ground_gfa_m2", "pool_above_ground_gfa_m2,pool_living_gfa_m2")
    told = check(A.replace(",,2025", ",4000,5000,2025"), head=head)
    assert {one["code"] for one in told["data"]} >= {"pool-parts-exceed"}
    assert share(told, "A")[0] == "undetermined"


def test_pool_and_floor_areas_may_stand_in_the_table_of_attributes() -> None:
    Path("a.csv").write_text("parcel_id,pool_id,living_gfa_m2\nA,G1,3000\nB,G1,2000\n", encoding="utf-8")
    head = "parcel_id,land_class,single_use,pool_recognised,above_ground_gfa_m2,other_industry_gfa_m2,approval_date"
    rows = (
        "A,industrial_project,true,true,10000,1000,2025-06-01",
        "B,industrial_project,true,true,30000,3000,2025-06-01",
    )
    told = check(*rows, head=head, more=("--attributes", "a.csv"))
    assert share(told, "A") == ("pass", pytest.approx(22.5), [])
    assert [one["code"] for one in told["data"]] == ["pool-unproven"]


def test_the_sum_is_explained_and_moves_with_what_is_supposed() -> None:
    check(A, B, ALONE)
    told = run("explain", "--parcel", "A", "--rule", "living-2025-28").stdout
    assert '"origin":"pool"' in told.replace(" ", "")
    assert "5000 / 40000 = 0.125" in told
    alone = run("explain", "--parcel", "C", "--rule", "mixed-use-2025-28").stdout
    assert "(1000 + 3000) / 10000 = 0.4" in alone
    # 4,999 more living on A: 9,999 of 40,000 are 24.9975 %
    after = json.loads(run("whatif", "--parcel", "A", "--set", "living_gfa_m2=7999").stdout)["whatif"]
    living = next(one for one in after if one["rule"] == "living-2025-28")
    assert living["before"] == "pass"
    assert living["after"]["requirements"][0]["measured"] == pytest.approx(24.9975)


def test_a_pack_that_asks_for_no_pool_sums_none() -> None:
    told = check(A, B)
    assert "summed-over-pool" in {notice["code"] for notice in told["notices"]}
    other = CliRunner().invoke(app, ["check", "p.csv", "--as-of", "2026-01-01", "--output-format", "json"])
    assert "summed-over-pool" not in other.stdout


def test_batches_change_no_sum() -> None:
    from landcheck import Request
    from landcheck import check as checked

    check(A, B, ALONE, OTHERS)
    reports = [checked(Request("p.csv", packs=("shanghai-2025-28",), show_all=True, batch_rows=n)) for n in (1, 3, 100)]
    told = [(report.summary, list(report.findings), report.notices) for report in reports]
    assert told[0] == told[1] == told[2]


def drawn(crs: str, *plots: tuple[str, str, float]) -> list[tuple[str, str, str]]:
    """Squares of 100 m with their west sides so far east; what is said about where they lie."""
    from landcheck import Request
    from landcheck import check as checked

    rows = [{"parcel_id": ident, "pool_id": pool, "pool_recognised": True} for ident, pool, _ in plots]
    shapes = [box(500_000 + east, 3_450_000, 500_100 + east, 3_450_100) for _, _, east in plots]
    gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4549").to_crs(crs).to_file("p.gpkg", driver="GPKG")
    report = checked(Request("p.gpkg", packs=("shanghai-2025-28",)))
    told = [fault for fault in report.data if fault.rule == "data/pool" and fault.message.code != "pool-unproven"]
    levels = {"pool-apart": "error", "pool-single": "warning"}
    assert all(fault.level.value == levels[fault.message.code] for fault in told)
    return [(fault.subject.id, fault.message.code, fault.message.say("en")) for fault in told]


def test_a_local_system_is_a_plane_itself() -> None:
    from landcheck import Request
    from landcheck import check as checked

    rows = {"parcel_id": ["A", "B"], "pool_id": ["G1", "G1"], "pool_recognised": [True, True]}
    plots = [box(0, 0, 100, 100), box(900, 0, 1000, 100)]
    gpd.GeoDataFrame(rows, geometry=plots, crs='LOCAL_CS["Shanghai",UNIT["Meter",1.0]]').to_file(
        "p.gpkg", driver="GPKG"
    )
    report = checked(Request("p.gpkg", packs=("shanghai-2025-28",)))
    told = [fault.message for fault in report.data if fault.message.code == "pool-apart"]
    assert [(one.values["parcel"], one.values["metres"]) for one in told] == [("B", 800)]


@pytest.mark.parametrize("crs", ["EPSG:4549", "EPSG:4490", "EPSG:3857"])
def test_a_plot_away_from_its_pool_is_told_and_how_far(crs: str) -> None:
    # A, B and C follow each other over gaps of 0 and 49 m; D lies 800 m on; G2 shares its ground with nobody
    told = drawn(crs, ("D", "G1", 1149), ("A", "G1", 0), ("B", "G1", 100), ("C", "G1", 249), ("E", "G2", 1300))
    assert [one[:2] for one in told] == [("D", "pool-apart"), ("E", "pool-single")]
    assert "parcel D (row 1) lies 80" in told[0][2] or "parcel D (row 1) lies 79" in told[0][2]


def test_a_gap_over_the_tolerance_parts_a_pool() -> None:
    assert drawn("EPSG:4549", ("A", "G1", 0), ("B", "G1", 149.5)) == []
    # of two as large, the one that comes first stays
    assert [one[:2] for one in drawn("EPSG:4549", ("A", "G1", 0), ("B", "G1", 151))] == [("B", "pool-apart")]


def test_where_nothing_is_drawn_only_a_plot_alone_is_told() -> None:
    told = check(A, B, OTHERS, A.replace("A,", "F,").replace("G1,true", "G3,false"))["data"]
    assert [(one["subject"]["id"], one["code"]) for one in told] == [("A", "pool-unproven"), ("D", "pool-single")]
