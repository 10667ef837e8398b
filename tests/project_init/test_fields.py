"""``landcheck fields``: what columns are taken for, what is open, and a configuration that fixes it."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PLAIN = ("--lang", "en", "--output-format", "plain")
JSON = ("--lang", "en", "--output-format", "json")
FIXED = ("--as-of", "2026-06-30", "--show", "all", *JSON)


def surveyed(run: Callable[..., Any], *arguments: str, status: int = 0) -> dict[str, Any]:
    said = run("fields", *arguments, *JSON)
    assert said.status == status, said.err
    page: dict[str, Any] = json.loads(said.out)
    return page


def columns(page: dict[str, Any], role: str = "parcels") -> dict[str, tuple[Any, Any, Any]]:
    layer = next(one for one in page["layers"] if one["role"] == role)
    return {one["column"]: (one["field"], one["unit"], one["evidence"]) for one in layer["columns"]}


def table(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return path.name


def test_each_column_is_told_with_its_field_unit_and_evidence(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "DKBH,site_area_m2,计容面积(万㎡),绿化,term\nA1,30000,6,x,20\nA2,,4,,50\n")
    page = surveyed(run, file, "--map", "term_years=term:months")
    assert columns(page) == {
        "DKBH": ("parcel_id", None, "alias"),
        "site_area_m2": ("site_area_m2", "m2", "name"),
        "计容面积(万㎡)": ("far_gfa_m2", "wan_m2", "alias"),
        "绿化": (None, None, None),
        "term": ("term_years", "months", "map"),
    }
    by_name = {one["column"]: one for one in page["layers"][0]["columns"]}
    assert by_name["site_area_m2"]["filled"] == 1
    assert by_name["DKBH"]["samples"] == ["A1", "A2"]
    assert page["layers"][0]["rows"] == 2


def test_values_that_cannot_be_used_are_counted_and_the_first_is_shown(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "parcel_id,far\nA1,2.0\nA2,abc\nA3,-1\n")
    column = surveyed(run, file)["layers"][0]["columns"][1]
    assert column["unread"] == 2
    assert "line 3" in column["first_unread"]
    assert '"abc"' in column["first_unread"]


def test_suspected_units_are_told(run: Callable[..., Any], here: Path) -> None:
    rows = "".join(f"A{n},{n + 1},{20000 * (n + 1)},2\n" for n in range(5))
    file = table(here / "a.csv", "parcel_id,site_area_m2,far_gfa_m2,far\n" + rows)
    (told,) = surveyed(run, file)["layers"][0]["suspected_units"]
    assert "site_area_m2=site_area_m2:ha" in told


def test_two_columns_for_one_field_are_shown_with_the_way_to_choose(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "parcel_id,宗地面积,用地面积,RJL\nA1,1,1.5,2\n")
    said = run("fields", file, *PLAIN)
    assert said.status == 3
    assert "--map site_area_m2=宗地面积 (the column holds 1)" in said.out
    assert "--map site_area_m2=用地面积 (the column holds 1.5)" in said.out
    page = surveyed(run, file, status=3)
    assert page["layers"][0]["problems"][0]["columns"] == ["宗地面积", "用地面积"]
    assert columns(page)["RJL"][0] == "far"
    assert run("check", file, *FIXED).status == 1  # the row in which they differ is an error
    settled = surveyed(run, file, "--map", "site_area_m2=用地面积")
    assert columns(settled)["用地面积"] == ("site_area_m2", "m2", "map")


def test_a_heading_whose_unit_does_not_fit_is_shown(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "parcel_id,出让年期(公顷)\nA1,20\n")
    (problem,) = surveyed(run, file, status=3)["layers"][0]["problems"]
    assert problem["choices"] == ["term_years=出让年期(公顷):years"]
    assert columns(surveyed(run, file, "--map", problem["choices"][0]))["出让年期(公顷)"][0] == "term_years"


def test_a_required_field_without_a_column_is_shown(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "x,RJL\nA1,2\n")
    (problem,) = surveyed(run, file, status=3)["layers"][0]["problems"]
    assert problem["field"] == "parcel_id"
    assert columns(surveyed(run, file, "--map", "parcel_id=x", status=0))["x"][0] == "parcel_id"


def test_missing_fields_name_the_rules_that_need_them(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "parcel_id,land_class,term_years\nA1,industrial_project,30\n")
    missing = {(one["layer"], one["field"]): one for one in surveyed(run, file)["missing"]}
    assert missing["parcels", "recognition"]["rules"] == ["term-50"]
    assert missing["parcels", "living_gfa_m2"]["rules"] == ["mixed-use-30", "living-15"]
    assert missing["green", "reason"]["rules"] == ["green-balance"]
    assert missing["parcels", "single_use"]["instead"] == "assumed: yes"
    assert missing["parcels", "recognition"]["instead"] is None
    assert ("parcels", "term_years") not in missing
    assert ("parcels", "name") not in missing, "no rule needs a name"


@pytest.mark.parametrize("given", ["far", "far_gfa_m2,site_area_m2"])
def test_either_way_to_a_floor_area_ratio_is_enough(run: Callable[..., Any], here: Path, given: str) -> None:
    file = table(here / "a.csv", f"parcel_id,{given}\nA1,{','.join('2' for _ in given.split(','))}\n")
    missing = {one["field"] for one in surveyed(run, file)["missing"]}
    assert not missing & {"far", "far_gfa_m2", "site_area_m2"}


def test_without_assumptions_nothing_stands_in(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "parcel_id\nA1\n")
    missing = surveyed(run, file, "--no-assumptions")["missing"]
    assert {one["instead"] for one in missing} == {None}
    assert "single_use" in {one["field"] for one in missing}


def test_what_place_drawing_and_buildings_supply_is_told(run: Callable[..., Any], samples: Path) -> None:
    gbk = samples / "gbk"
    page = surveyed(run, str(gbk / "parcels.shp"), "--parks", str(gbk / "parks.shp"))
    instead = {one["field"]: one["instead"] for one in page["missing"]}
    assert instead["in_high_tech_zone"] == "the place"
    assert "site_area_m2" not in instead


SOURCES = {
    "gbk/parcels.shp": ("--parks", "gbk/parks.shp", "--green", "gbk/green.shp", "--buildings", "gbk/buildings.shp"),
    "plan.gpkg": (),
    "gbk": (),
    "parcels_without_attributes.geojson": ("--attributes", "attributes.xlsx", "--crs", "EPSG:4326"),
    "metres.geojson": ("--no-assumptions",),
}


@pytest.mark.parametrize("source", SOURCES)
def test_the_configuration_saved_reproduces_the_run(
    run: Callable[..., Any], here: Path, samples: Path, source: str
) -> None:
    shutil.copytree(samples, here, dirs_exist_ok=True)
    page = surveyed(run, source, *SOURCES[source])
    before = run("check", source, *SOURCES[source], *FIXED)
    (here / "landcheck.toml").write_text(page["configuration"], encoding="utf-8")
    after = run("check", source, *FIXED)
    assert (after.status, after.out) == (before.status, before.out)
    assert before.status in {0, 1, 3}, before.err


def test_the_configuration_maps_columns_that_no_heading_would(run: Callable[..., Any], here: Path) -> None:
    """The saved mapping alone must carry what was said with --map, units and odd names included."""
    file = table(here / "a.csv", 'id,"a: b",x\nA1,3,"60"\n')
    maps = ("--map", "parcel_id=id", "--map", "site_area_m2=a: b:mu", "--map", "far_gfa_m2=x:mu")
    page = surveyed(run, file, *maps)
    (here / "landcheck.toml").write_text(page["configuration"], encoding="utf-8")
    again = surveyed(run, file)
    assert columns(again) == columns(page)
    assert columns(again)["a: b"] == ("site_area_m2", "mu", "map")
    assert json.loads(run("check", file, *FIXED).out)["summary"]["parcel"] == 1


def test_a_field_two_files_hold_under_different_names_has_a_line_for_each(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "parcel_id\nA1\n")
    table(here / "b.csv", "地块编号,RJL\nA1,2\n")
    page = surveyed(run, file, "--attributes", "b.csv")
    written = tomllib.loads(page["configuration"])
    lines = {"parcel_id": "parcel_id", "attributes": {"parcel_id": "地块编号", "far": "RJL:1"}}
    assert written == {"attributes": "b.csv", "lang": "en", "map": lines}


@pytest.mark.parametrize("lines", [("parcel_id=BH",), ("parcels.parcel_id=BH",), ("attributes.parcel_id=NR",)])
def test_a_table_maps_by_itself(run: Callable[..., Any], here: Path, lines: tuple[str, ...]) -> None:
    """A line for the parcels binds no table with an alias of its own, and a table's line no parcels."""
    own = "地块编号" if lines[0].startswith("attr") else "BH"
    file = table(here / "a.csv", f"{own},land_class\nA,industrial_project\n")
    table(here / "b.csv", f"{'NR' if lines[0].startswith('attr') else '地块编号'},far\nA,1.9\n")
    maps = [word for line in lines for word in ("--map", line)]
    told = json.loads(run("check", file, "--attributes", "b.csv", *maps, *FIXED, "--show", "all").out)
    (far,) = [one for one in told["findings"] if one["rule"] == "far-industrial"]
    assert (far["verdict"], far["subject"]["id"]) == ("fail", "A")


def test_a_line_of_the_table_counts_before_one_of_the_parcels(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "BH,land_class\nA,industrial_project\n")
    table(here / "b.csv", "BH,NR,far\nx,A,1.9\n")
    maps = ("--map", "parcel_id=BH", "--map", "attributes.parcel_id=NR")
    told = json.loads(run("check", file, "--attributes", "b.csv", *maps, *FIXED).out)
    assert [one["rule"] for one in told["data"]] == []
    assert "far-industrial" in {one["rule"] for one in told["findings"] if one["verdict"] == "fail"}
    refused = run("check", file, "--map", "attributes.parcel_id=NR", *FIXED)
    assert (refused.status, "attributes" in refused.err) == (2, True)


def test_an_unused_column_is_told_first_where_its_value_was_assumed(run: Callable[..., Any], here: Path) -> None:
    """签约日期 is no known heading; 2020 is before the text, and the date of the check is not."""
    file = table(here / "a.csv", "parcel_id,land_class,far,签约日期\nA,industrial_project,1.9,2020-01-01\n")
    told = json.loads(run("check", file, *FIXED).out)
    (column,) = [one for one in told["data"] if one["rule"] == "data/column"]
    assert (column["level"], column["subject"]) == ("warning", {"type": "layer", "id": "parcels"})
    assert "--map approval_date=签约日期" in column["message"]
    assert told["notices"][0]["code"] == "overlooked-assumed"
    assert "--map approval_date=签约日期" in told["notices"][0]["message"]
    assert "--map approval_date=签约日期" in run("fields", file, *PLAIN).out
    mapped = json.loads(run("check", file, "--map", "approval_date=签约日期", *FIXED).out)
    assert mapped["summary"]["verdicts"]["far-industrial"]["not_applicable"] == 1
    assert mapped["notices"][0]["code"] == "mechanical-check"


def test_what_is_open_stands_in_the_configuration_as_a_comment(run: Callable[..., Any], here: Path) -> None:
    file = table(here / "a.csv", "parcel_id,RJL,FAR\nA1,2,3\n")
    text = surveyed(run, file, status=3)["configuration"]
    assert '# far = "RJL"' in text
    (here / "landcheck.toml").write_text(text.replace('# far = "FAR"', 'far = "FAR"'), encoding="utf-8")
    assert columns(surveyed(run, file))["FAR"] == ("far", "1", "map")


def test_without_a_file_all_fields_are_listed(run: Callable[..., Any]) -> None:
    said = run("fields", *PLAIN)
    assert said.status == 0
    for name in ("parcel_id", "district_balance_approved", "project_completed", "floors_above"):
        assert name in said.out


def test_the_input_is_not_touched_and_a_bad_one_is_refused(run: Callable[..., Any], here: Path) -> None:
    assert run("fields", "nothing.shp").status == 4
    file = table(here / "a.csv", "parcel_id\nA1\n")
    assert run("fields", file, "--map", "far=nowhere").status == 2
    assert run("fields", file, "--output-format", "docx").status == 2
    assert run("fields", file, "--map", "green.area_m2=x").status == 2
    assert [path.name for path in here.iterdir()] == ["a.csv"]
