"""Waivers by the real command line: what they cover, what they never cover, and what is told of the others."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace as Plan

import jsonschema
import pytest
import xlsxwriter

import landcheck.report
from landcheck import Request, check, render
from landcheck.exceptions.excuse import apply_waivers
from landcheck.exceptions.waivers import Waivers
from landcheck.report.options import Options
from landcheck.run.check import run_check

SCHEMA = json.loads((Path(landcheck.report.__file__).parent / "schema.json").read_text(encoding="utf-8"))


def mark_of(plan: Plan, parcel: str = "FAIL") -> str:
    printed = plan.run("waivers", "new", "parcels.csv", "--crs", "EPSG:4549", "--parcel", parcel,
                       "--rule", "far-industrial")  # fmt: skip
    assert printed.exit_code == 0, printed.output
    line = printed.stdout.splitlines()[-1]
    assert line.startswith('fingerprint = "g1-')
    return str(json.loads(line.partition(" = ")[2]))


def test_a_waived_failure_keeps_its_verdict_and_fails_the_run_no_more(plan: Plan) -> None:
    plan.write(plan.FAIL, plan.GOOD)
    status, before = plan.check()
    assert status == 1
    plan.register(plan.WAIVER | {"fingerprint": mark_of(plan), "granted": "2024-01-02"})
    status, result = plan.check("--waivers", "waivers.toml")
    jsonschema.validate(result, SCHEMA)
    assert status == 0
    one = plan.finding(result, "FAIL")
    assert (one["verdict"], one["waived"]) == ("fail", {
        "number": "沪规划资源〔2024〕12号", "approver": "市规划资源局", "expires": "2025-12-31", "reason": "历史遗留",
    })  # fmt: skip
    assert "FAR: 1.8 is below the minimum 2.0" in one["message"]
    assert "Waived by 沪规划资源〔2024〕12号 (市规划资源局) until 2025-12-31: 历史遗留" in one["message"]
    assert result["summary"]["verdicts"] == before["summary"]["verdicts"]
    assert result["summary"]["waived"] == {"far-industrial": {"fail": 1, "review": 0}}
    assert result["waivers"][0]["covers"] == {"fail": 1, "review": 0}
    assert plan.told(result) == []
    assert [info["role"] for info in result["inputs"]] == ["parcels", "waivers"]


def test_a_verdict_for_review_is_waived_as_well(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER)
    options = ("--reading", "literal", "--fail-on", "review")
    assert plan.check(*options)[0] == 3
    status, result = plan.check(*options, "--waivers", "waivers.toml")
    assert (status, result["summary"]["waived"]) == (0, {"far-industrial": {"fail": 0, "review": 1}})


@pytest.mark.parametrize(("as_of", "status"), [("2025-12-31", 0), ("2026-01-01", 1)])
def test_a_waiver_holds_to_its_last_day(plan: Plan, as_of: str, status: int) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER | {"fingerprint": mark_of(plan)})
    code, result = plan.check("--waivers", "waivers.toml", as_of=as_of)
    assert code == status
    assert plan.told(result) == ([] if status == 0 else [("error", "FAIL", "waiver-expired")])


def test_a_waiver_holds_from_its_first_day(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER | {"granted": "2024-06-02"})
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("error", "FAIL", "waiver-not-yet")])


def test_a_parcel_drawn_otherwise_has_outgrown_its_waiver(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER | {"fingerprint": mark_of(plan)})
    plan.write({**plan.FAIL, "wkt": plan.square(0, 200.5)})
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("error", "FAIL", "waiver-outgrown")])
    assert "waived" not in plan.finding(result, "FAIL")


@pytest.mark.parametrize(
    ("parcel", "told"),
    [
        ("GOOD", ("warning", "GOOD", "waiver-passes")),
        ("RD", ("warning", "RD", "waiver-not-applicable")),
        ("NOBODY", ("warning", "NOBODY", "waiver-no-subject")),
        ("OPEN", ("warning", "OPEN", "waiver-undetermined")),
    ],
)
def test_a_waiver_that_covers_nothing_says_why(plan: Plan, parcel: str, told: tuple[str, str, str]) -> None:
    plan.write(*plan.ALL)
    plan.register(plan.WAIVER | {"parcel": parcel})
    _, before = plan.check()
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [told])
    assert result["summary"]["verdicts"] == before["summary"]["verdicts"]
    assert result["summary"]["waived"] == {}


def test_nothing_undetermined_is_waived(plan: Plan) -> None:
    plan.write(plan.OPEN)
    plan.register(plan.WAIVER | {"parcel": "OPEN"})
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.finding(result, "OPEN")["verdict"]) == (3, "undetermined")


def test_a_waiver_does_not_hide_a_requirement_that_lacks_a_fact(plan: Plan) -> None:
    """term-50: 60 years break the first requirement, the second hangs on the recognition nobody gave."""
    plan.write(plan.row("T", 0, term_years="60", recognition=""))
    plan.register(plan.WAIVER | {"parcel": "T", "rule": "term-50"})
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("warning", "T", "waiver-open")])


def without(entry: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in entry.items() if name not in names}


def test_without_a_fingerprint_it_excuses_nothing_and_says_how_to_add_it(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(without(plan.WAIVER, "fingerprint"))
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("error", "FAIL", "waiver-no-fingerprint")])
    told = next(one["message"] for one in result["data"] if one["rule"] == "data/waiver")
    assert f'fingerprint = "{mark_of(plan)}"' in told
    assert "waived" not in plan.finding(result, "FAIL")


def test_a_parcel_without_a_shape_cannot_be_waived_by_its_number(plan: Plan) -> None:
    plan.write({**plan.FAIL, "wkt": ""}, plan.GOOD)
    plan.register(without(plan.WAIVER, "fingerprint"))
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("error", "FAIL", "waiver-no-shape")])


def test_a_reused_number_elsewhere_is_not_the_parcel_that_was_waived(plan: Plan) -> None:
    plan.write({**plan.FAIL, "wkt": plan.square(50_000)})
    plan.register(plan.WAIVER)
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("error", "FAIL", "waiver-outgrown")])


@pytest.mark.parametrize(
    ("gfa", "status"), [("36000", 0), ("38000", 0), ("35999", 1), ("6000", 1)]
)  # FAR 1.8 as waived, 1.9, 1.79995, 0.3
def test_a_value_worse_than_the_one_waived_is_outgrown(plan: Plan, gfa: str, status: int) -> None:
    plan.write(plan.FAIL)
    printed = plan.run("waivers", "new", "parcels.csv", "--parcel", "FAIL", "--rule", "far-industrial", "--crs", "4549")
    assert 'measured = "far = 1.8"' in printed.stdout
    plan.register(plan.WAIVER | {"measured": "far = 1.8"})
    plan.write({**plan.FAIL, "far_gfa_m2": gfa})
    code, result = plan.check("--waivers", "waivers.toml")
    assert (code, plan.told(result)) == (status, [("error", "FAIL", "waiver-worse")] if status else [])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("far-industrial", ""),
        ("term-50", "the rule term-50 is pass for FAIL now"),
        ("surplus-transfer", "the rule surplus-transfer is not applicable for FAIL now"),
    ],
)
def test_an_entry_for_a_verdict_that_nothing_excuses_says_so(plan: Plan, rule: str, said: str) -> None:
    plan.write(plan.FAIL)
    printed = plan.run("waivers", "new", "parcels.csv", "--parcel", "FAIL", "--rule", rule, "--crs", "4549")
    assert printed.exit_code == 0
    assert f'rule = "{rule}"' in printed.stdout
    assert printed.stderr.partition(";")[0].strip() == said


def test_a_term_longer_than_the_one_waived_is_outgrown(plan: Plan) -> None:
    plan.register(plan.WAIVER | {"rule": "term-50", "measured": "term_cap = 60; recognised_or_base_term = 60"})
    for years, status in (("60", 0), ("59", 0), ("61", 1)):
        plan.write({**plan.GOOD, "parcel_id": "FAIL", "wkt": plan.square(0), "term_years": years})
        assert plan.check("--waivers", "waivers.toml")[0] == status, years


@pytest.mark.parametrize("written", ["far: 1.8", "1.8", "far = about 1.8", "far = 1.8,"])
def test_a_waived_value_in_another_form_is_refused(plan: Plan, written: str) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER | {"measured": written})
    status, told = plan.check("--waivers", "waivers.toml")
    assert (status, "far = 1.8" in told) == (2, True)


def test_a_waived_value_of_no_requirement_is_refused(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER | {"measured": "far = 1.8; farr = 1.8"})
    status, told = plan.check("--waivers", "waivers.toml")
    assert (status, "measured names farr" in told, told.rstrip().endswith("there are: far")) == (2, True, True)


@pytest.mark.parametrize("text", ["waiver = 3", "waiver = 'x'", "waiver = [1]", "[waiver]\nnumber = '1'"])
def test_entries_that_are_none_are_refused_with_a_sentence(plan: Plan, text: str) -> None:
    plan.write(plan.FAIL)
    Path("waivers.toml").write_text(text + "\n", encoding="utf-8")
    status, told = plan.check("--waivers", "waivers.toml")
    assert (status, "each waiver is written as [[waiver]]" in told) == (2, True)


def test_the_tally_says_that_a_failure_is_excused(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER)
    for more, end in (
        ((), "Exit status 1 (a failure or a data error)"),
        (
            ("--waivers", "waivers.toml"),
            "but those that a waiver or the baseline excuses, and no data error)",
        ),
    ):
        told = plan.run("check", "parcels.csv", "--as-of", "2024-06-01", "--lang", "en", *more).stdout
        assert told.rstrip().endswith(end)


def test_an_id_that_stands_twice_is_waived_for_neither(plan: Plan) -> None:
    plan.write(plan.FAIL, {**plan.FAIL, "wkt": plan.square(300)})
    plan.register(plan.WAIVER)
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("error", "FAIL", "waiver-ambiguous")])
    assert result["summary"]["waived"] == {}


def test_a_row_without_an_id_is_waived_by_no_number(plan: Plan) -> None:
    plan.write({**plan.FAIL, "parcel_id": ""})
    plan.register(plan.WAIVER | {"parcel": "#1"})
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("warning", "#1", "waiver-no-subject")])


AREA = {"number": "甲1号", "approver": "a", "reason": "b", "expires": "2025-12-31", "rule": "far-industrial"}


def box(west: float, east: float) -> str:
    x, y = 640_000, 3_455_000
    return (f"POLYGON (({x + west} {y - 10}, {x + east} {y - 10}, {x + east} {y + 110}, {x + west} {y + 110}, "
            f"{x + west} {y - 10}))")  # fmt: skip


@pytest.mark.parametrize(
    ("west", "east", "status", "told"),
    [
        (-10, 210, 0, []),
        (0, 200, 0, []),
        (1, 210, 1, [("warning", "FAIL", "waiver-partly-inside")]),
        (590, 810, 1, [("warning", "甲1号", "waiver-area-idle")]),
        (2000, 2100, 1, [("warning", "甲1号", "waiver-area-empty")]),
    ],
)
def test_a_waiver_of_an_area_covers_the_parcels_wholly_inside(
    plan: Plan, west: float, east: float, status: int, told: list[tuple[str, str, str]]
) -> None:
    plan.write(plan.FAIL, plan.GOOD)
    plan.register(AREA | {"polygon": box(west, east), "crs": "EPSG:4549"})
    code, result = plan.check("--waivers", "waivers.toml")
    assert (code, plan.told(result)) == (status, told)


def test_a_parcel_that_left_the_area_it_was_waived_in_is_told(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(AREA | {"parcel": "FAIL", "polygon": box(-10, 150), "crs": "EPSG:4549"})
    status, result = plan.check("--waivers", "waivers.toml")
    assert (status, plan.told(result)) == (1, [("error", "FAIL", "waiver-left-area")])


def test_an_area_may_be_a_file_in_another_coordinate_system(plan: Plan) -> None:
    geopandas, shapely = pytest.importorskip("geopandas"), pytest.importorskip("shapely")
    plan.write(plan.FAIL)
    drawn = geopandas.GeoSeries([shapely.from_wkt(box(-10, 210))], crs="EPSG:4549").to_crs("EPSG:4490")
    Path("sub").mkdir()
    drawn.to_file("sub/area.gpkg", layer="area")
    plan.register(AREA | {"polygon": "area.gpkg"}, name="sub/waivers.toml")
    status, result = plan.check("--waivers", "sub/waivers.toml")
    assert (status, result["waivers"][0]["scope"]) == (0, {"type": "area", "id": None})
    assert [info["path"] for info in result["inputs"]] == ["parcels.csv", "sub/waivers.toml", "sub/area.gpkg"]


def test_an_area_beside_parcels_of_unknown_place_covers_none(plan: Plan) -> None:
    plan.write({**plan.FAIL, "wkt": ""})
    plan.register(AREA | {"polygon": box(-10, 210), "crs": "EPSG:4549"})
    result = plan.run("check", "parcels.csv", "--as-of", "2024-06-01", "--output-format", "json",
                      "--waivers", "waivers.toml")  # fmt: skip
    assert result.exit_code == 1
    assert plan.told(json.loads(result.stdout)) == [("error", "甲1号", "waiver-unplaced")]


def test_every_fault_of_a_register_is_told_at_once_and_nothing_is_checked(plan: Plan) -> None:
    plan.write(plan.FAIL)
    good = plan.WAIVER
    plan.register(
        {**good, "rule": "far-industral", "parcel": "P1"},
        {**good, "expires": "2025-02-30 ", "parcel": "P2"},
        {name: value for name, value in good.items() if name != "approver"} | {"aprover": "x", "parcel": "P9"},
        {**good, "rule": "data/overlap", "parcel": "P3"},
        {name: value for name, value in good.items() if name != "parcel"},
        {**good, "fingerprint": "abc", "parcel": "P4"},
        {**good, "granted": "2026-01-01", "parcel": "P5"},
        good,
        good,
        {**good, "rule": "green-balance", "parcel": "P6"},
        {**good, "polygon": box(0, 1)},
        {**good, "polygon": "POLYGON ((0 0, 1 1))", "crs": "EPSG:4549"},
    )
    result = plan.run("check", "parcels.csv", "--waivers", "waivers.toml", "--lang", "en", "-o", "r.json")
    assert result.exit_code == 2
    said = result.output
    for place, word in [
        (1, "far-industrial"), (2, "2025-02-30"), (3, "aprover"), (3, "approver is missing"), (4, "data/overlap"),
        (5, "no scope"), (6, "abc"), (7, "2026-01-01"), (9, "same rule and scope as entry 8"), (10, "park"),
        (11, "no coordinate system"), (12, "cannot be used"),
    ]:  # fmt: skip
        assert any(f"waivers.toml, entry {place}:" in line and word in line for line in said.splitlines()), (
            place,
            word,
        )
    assert "entry 8:" not in said
    assert "expires is missing" not in said
    assert not Path("r.json").exists()
    assert "Traceback" not in said


@pytest.mark.parametrize("text", ["[[waivers]]\nnumber = 'x'\n", "waiver = 'x'\n", "[[waiver]\n"])
def test_a_register_in_another_form_is_refused(plan: Plan, text: str) -> None:
    plan.write(plan.FAIL)
    Path("waivers.toml").write_text(text, encoding="utf-8")
    assert plan.run("check", "parcels.csv", "--waivers", "waivers.toml").exit_code == 2


def test_a_register_that_is_not_there_is_refused(plan: Plan) -> None:
    plan.write(plan.FAIL)
    assert plan.run("check", "parcels.csv", "--waivers", "nowhere.toml").exit_code == 2


CHINESE = ("文号", "批准人", "豁免理由", "有效期至", "规则", "地块编号", "指纹", "备注")


def sheet_row(plan: Plan, mark: str) -> list[str]:
    own = plan.WAIVER
    return [own["number"], own["approver"], own["reason"], "2025年12月31日", own["rule"], "FAIL", mark, "随便写"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_sheet_with_chinese_headings_is_a_register(plan: Plan, encoding: str) -> None:
    plan.write(plan.FAIL)
    out = io.StringIO()
    csv.writer(out).writerows([CHINESE, sheet_row(plan, mark_of(plan))])
    Path("豁免.csv").write_text(out.getvalue(), encoding=encoding)
    status, result = plan.check("--waivers", "豁免.csv")
    assert (status, plan.told(result)) == (0, [])
    assert plan.finding(result, "FAIL")["waived"]["number"] == "沪规划资源〔2024〕12号"
    assert plan.finding(result, "FAIL")["waived"]["reason"] == "历史遗留"


def test_a_workbook_is_a_register(plan: Plan) -> None:
    plan.write(plan.FAIL)
    book = xlsxwriter.Workbook("豁免.xlsx")
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, CHINESE)
    sheet.write_row(1, 0, sheet_row(plan, mark_of(plan)))
    book.close()
    status, result = plan.check("--waivers", "豁免.xlsx")
    assert (status, plan.told(result)) == (0, [])


HEADS = "文号,批准人,理由,有效期至,规则,地块编号"


@pytest.mark.parametrize(
    ("headings", "values", "word"),
    [
        ("文号,批准人,理由,有效期至,规则,地块编,园区", "a,b,c,2025-12-31,term-50,P,K", "地块编"),
        (f"{HEADS},宗地号", "a,b,c,2025-12-31,term-50,P,P", "宗地号"),
        (HEADS, "a,b,c,2025/13/1,term-50,P", "2025/13/1"),
        (HEADS, "a,b,c,2025-12-31,term-5,P", "term-50"),
        (HEADS, "a,,c,2025-12-31,term-50,P", "approver"),
        (HEADS, "a,b,c,2025-12-31,term-50,P,more", "row 1"),
    ],
)
def test_a_sheet_that_is_not_sound_is_refused(plan: Plan, headings: str, values: str, word: str) -> None:
    plan.write(plan.FAIL)
    Path("w.csv").write_text(f"{headings}\n{values}\n", encoding="utf-8")
    result = plan.run("check", "parcels.csv", "--waivers", "w.csv", "--lang", "en")
    assert (result.exit_code, word in result.output) == (2, True), result.output


def test_the_configuration_may_name_the_register(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER)
    Path("landcheck.toml").write_text('waivers = "waivers.toml"\n', encoding="utf-8")
    assert plan.check()[0] == 0


def test_explain_names_the_document(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER)
    said = plan.run("explain", "parcels.csv", "--parcel", "FAIL", "--rule", "far-industrial", "--as-of", "2024-06-01",
                    "--waivers", "waivers.toml", "--lang", "en")  # fmt: skip
    assert said.exit_code == 0
    assert "fail (waived)" in said.stdout
    assert "Waived by 沪规划资源〔2024〕12号" in said.stdout


def test_a_saved_result_keeps_its_waivers_and_diff_tells_when_one_lapses(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER)
    plan.check("--waivers", "waivers.toml", "-o", "old.json")
    plan.check("--waivers", "waivers.toml", "-o", "new.json", as_of="2026-01-01")
    assert plan.run("report", "old.json", "-o", "again.json", "--lang", "en").exit_code == 0
    assert Path("again.json").read_bytes() == Path("old.json").read_bytes()
    lapsed = plan.run("diff", "old.json", "new.json", "--lang", "en")
    assert (lapsed.exit_code, "fail (waived) -> fail" in lapsed.stdout) == (1, True)
    assert plan.run("diff", "new.json", "old.json").exit_code == 0


def test_ci_sees_the_waiver_and_no_error(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER | {"fingerprint": mark_of(plan)})
    plan.check("--waivers", "waivers.toml", "-o", "r.sarif", "-o", "r.junit.xml", "-o", "r.codequality.json")
    result = json.loads(Path("r.sarif").read_text(encoding="utf-8"))["runs"][0]["results"][0]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted",
        "justification": "沪规划资源〔2024〕12号 (市规划资源局), until 2025-12-31: 历史遗留"}]  # fmt: skip
    junit = Path("r.junit.xml").read_text(encoding="utf-8")
    assert 'type="waived"' in junit
    assert "<failure" not in junit
    issues = json.loads(Path("r.codequality.json").read_text(encoding="utf-8"))
    assert {one["severity"] for one in issues} == {"info"}
    annotated = plan.run("check", "parcels.csv", "--as-of", "2024-06-01", "--crs", "4549", "--lang", "en",
                         "--waivers", "waivers.toml", "--output-format", "github")  # fmt: skip
    assert "::error" not in annotated.stdout
    assert "::notice" in annotated.stdout
    assert annotated.exit_code == 0


def test_a_park_is_waived_by_its_own_rule(plan: Plan) -> None:
    sample = Path(__file__).parents[2] / "sample_parcels" / "plan.gpkg"
    printed = plan.run("waivers", "new", str(sample), "--park", "MH01", "--rule", "green-balance")
    mark = json.loads(printed.stdout.splitlines()[-1].partition(" = ")[2])
    plan.register({**{k: v for k, v in plan.WAIVER.items() if k != "parcel"}, "rule": "green-balance", "park": "MH01",
                   "fingerprint": mark})  # fmt: skip
    _, result = plan.check("--waivers", "waivers.toml", plan=str(sample))
    assert result["summary"]["waived"] == {"green-balance": {"fail": 1, "review": 0}}
    assert plan.finding(result, "MH01", "green-balance")["verdict"] == "fail"
    assert plan.told(result) == []


@pytest.mark.parametrize("rows", [1, 2, 65_536])
def test_the_size_of_batches_changes_nothing(plan: Plan, rows: int) -> None:
    plan.write(*plan.ALL, plan.row("FAR2", 1200, far_gfa_m2="1000"))
    plan.register(
        plan.WAIVER | {"fingerprint": mark_of(plan)}, plan.WAIVER | {"parcel": "OPEN"},
        AREA | {"polygon": box(-10, 1500), "crs": "EPSG:4549"}, AREA | {"polygon": box(100, 1500), "crs": "EPSG:4549"},
    )  # fmt: skip
    asked = Request("parcels.csv", crs="EPSG:4549", as_of=dt.date(2024, 6, 1), waivers="waivers.toml")
    small, whole = ("".join(render(check(replace(asked, batch_rows=n)), "json", Options("en"))) for n in (rows, 65_536))
    assert small == whole
    covers = [one["covers"]["fail"] for one in json.loads(whole)["waivers"]]
    assert covers == [1, 0, 1, 0], "a verdict is covered by the first entry that fits"


def test_partitions_merged_are_the_whole(plan: Plan) -> None:
    plan.write(*plan.ALL)
    plan.register(plan.WAIVER, AREA | {"polygon": box(-10, 1500), "crs": "EPSG:4549"})
    asked = Request("parcels.csv", crs="EPSG:4549", as_of=dt.date(2024, 6, 1), waivers="waivers.toml")
    whole = run_check(asked)[0].collected.waivers
    assert whole is not None
    merged, other = (Waivers(whole.register, whole.reading, whole.parameters) for _ in range(2))
    merged.seen = [seen[:1] for seen in whole.seen]
    other.seen = [seen[1:] for seen in whole.seen]
    merged.inside, other.inside = [0, 1], [0, whole.inside[1] - 1]
    merged.merge(other)
    assert (merged.seen, merged.inside) == (whole.seen, whole.inside)
    assert apply_waivers(merged, asked.as_of) == apply_waivers(whole, asked.as_of)


def test_no_report_is_written_over_the_register_or_its_area(plan: Plan) -> None:
    plan.write(plan.FAIL)
    ring = [[121.0, 30.9], [121.9, 30.9], [121.9, 31.4], [121.0, 31.4], [121.0, 30.9]]
    whole = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    Path("area.geojson").write_text(json.dumps(whole), encoding="utf-8")
    plan.register(AREA | {"polygon": "area.geojson"})
    assert plan.check("--waivers", "waivers.toml", "-o", "other.geojson")[0] == 0
    for output in ("area.geojson", "waivers.toml"):
        assert plan.check("--waivers", "waivers.toml", "-o", output)[0] == 2
    assert json.loads(Path("area.geojson").read_text(encoding="utf-8")) == whole


def test_every_report_for_people_names_the_document(plan: Plan) -> None:
    plan.write(plan.FAIL)
    plan.register(plan.WAIVER)
    names = ("r.md", "r.html", "r.docx", "r.xlsx", "r.csv", "r.jsonl")
    plan.check("--waivers", "waivers.toml", *(word for name in names for word in ("-o", name)))
    for name in names:
        data = Path(name).read_bytes()
        if name.endswith(("docx", "xlsx")):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                data = b"".join(parts.read(part) for part in parts.namelist())
        text = data.decode("utf-8", "replace")
        assert "沪规划资源〔2024〕12号" in text, name
        assert "历史遗留" in text, name
    for name in ("table", "plain", "github", "md"):
        said = plan.run("check", "parcels.csv", "--waivers", "waivers.toml", "--as-of", "2024-06-01",
                        "--output-format", name, "--lang", "zh").stdout  # fmt: skip
        assert "已豁免：沪规划资源〔2024〕12号" in "".join(said.split()), name
