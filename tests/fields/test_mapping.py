"""Columns onto fields: what maps, what is refused, what is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.errors import InputError, UsageError
from landcheck.fields.catalogue import fields
from landcheck.fields.field_names import named_field, parse_map
from landcheck.fields.headings import cuts
from landcheck.fields.mapping import map_columns
from landcheck.fields.overlooked import notes, overlooked, require
from landcheck.messages import Message
from landcheck.model import Role
from landcheck.request import ColumnRef

PARCELS = Role.PARCELS


def mapped(columns: Sequence[str], *maps: str, role: Role = PARCELS) -> dict[str, tuple[str, str]]:
    uses = map_columns(role, columns, dict(parse_map(text) for text in maps), "a.shp")
    return {use.field.name: (use.column, use.unit) for use in uses}


def said(columns: Sequence[str], role: Role = PARCELS) -> str:
    """What is said of the columns that hold no field, in both languages."""
    uses = map_columns(role, columns, {}, "a.shp")
    held = {use.field.name for use in uses}
    told = [*notes(role, columns, uses, "a.shp"), *overlooked(role, columns, uses, held, "")]
    return "\n".join(
        Message(one.code, {"file": "a.shp", **one.values}).say(lang) for one in told for lang in ("zh", "en")
    )


@pytest.mark.parametrize(
    ("column", "field", "unit"),
    [
        ("parcel_id", "parcel_id", ""),
        ("Parcel ID", "parcel_id", ""),
        ("地块编号", "parcel_id", ""),
        ("宗地 编号", "parcel_id", ""),
        ("zddm", "parcel_id", ""),
        ("BDCDYH", "parcel_id", ""),
        ("ＲＪＬ", "far", "1"),
        ("FAR", "far", "1"),
        ("容积率(%)", "far", "percent"),
        ("容积率（％）", "far", "percent"),
        ("用地面积", "site_area_m2", "m2"),
        ("用地面积(㎡)", "site_area_m2", "m2"),
        ("用地面积（m²）", "site_area_m2", "m2"),
        ("用地面积（公顷）", "site_area_m2", "ha"),
        ("用地面积[hm2]", "site_area_m2", "ha"),
        ("用地面积（单位：亩）", "site_area_m2", "mu"),
        ("用地面积/公顷", "site_area_m2", "ha"),
        ("用地面积(英亩)", "site_area_m2", "acre"),
        ("YDMJ_ha", "site_area_m2", "ha"),
        ("site_area_ft2", "site_area_m2", "ft2"),
        ("lot area (sq ft)", "site_area_m2", "ft2"),
        ("dkmj", "site_area_m2", "m2"),
        ("面积(公顷)", "site_area_m2", "ha"),
        ("计容建筑面积(万㎡)", "far_gfa_m2", "wan_m2"),
        ("计容建筑面积（万平方米）", "far_gfa_m2", "wan_m2"),
        ("地上建筑总量", "above_ground_gfa_m2", "m2"),
        ("地下建筑面积(提高前)", "underground_gfa_before_m2", "m2"),
        ("出让年期(年)", "term_years", "years"),
        ("土地使用年限", "term_years", "years"),
        ("容积率(FAR)", "far", "1"),
        ("容积率（RJL）(%)", "far", "percent"),
        ("用地面积\n（平方米）", "site_area_m2", "m2"),
        ("用地面积(S)(公顷)", "site_area_m2", "ha"),
        ("用地面积(Site Area, ha)", "site_area_m2", "ha"),
        ("Site Area(用地面积)", "site_area_m2", "m2"),
        ("计容建筑面积(GFA、万㎡)", "far_gfa_m2", "wan_m2"),
        ("出让年期(Term)", "term_years", "years"),
        ("地块编号(Parcel ID)", "parcel_id", ""),
        ("批准日期（Date）", "approval_date", ""),
        ("地下建筑面积(增加前)(㎡)", "underground_gfa_before_m2", "m2"),
        ("出让年限（月）", "term_years", "months"),
        ("增收土地价款(万元)", "extra_land_price_cny", "wan_CNY"),
        ("合同签订日期", "approval_date", ""),
        ("PFDATE", "approval_date", ""),
        ("YDXZDM", "land_code", ""),
        ("XZQMC", "district", ""),
    ],
)
def test_headings_planners_write(column: str, field: str, unit: str) -> None:
    assert mapped([column]) == {field: (column, unit)}


@pytest.mark.parametrize(
    "column",
    ["RJLSX", "面积", "总建筑面积", "建筑密度", "用地面积(约)", "用地面积(公", "容积率(规划)", "RJL_1",
    "成交价格(万元)",
     "容积率(max)", "容积率(before)", "容积率(GFA)", "地块编号(old)", "用地面积(公顷)(㎡)", "用地面积(公顷)(约)",
     "出让年份", "RJL2", "", "()", "name_ha", "id", "OBJECTID", "屋顶绿化面积", "受让方", "_"],
)  # fmt: skip
def test_headings_that_say_nothing_for_certain(column: str) -> None:
    assert mapped([column]) == {}


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("site_area_", "site_area_m2"),
        ("above_grou", "above_ground_gfa_m2"),
        ("other_indu", "other_industry_gfa_m2"),
        ("living_gfa", "living_gfa_m2"),
        ("far_gfa_m2", "far_gfa_m2"),
        ("in_high_te", "in_high_tech_zone"),
        ("extra_land", "extra_land_price_cny"),
        ("计容建筑面", "far_gfa_m2"),  # 计容建筑面积 in GBK
        ("生活配", "living_gfa_m2"),  # 生活配套... in UTF-8
        ("用地面", "site_area_m2"),
        ("地上建筑总", "above_ground_gfa_m2"),
    ],
)
def test_names_cut_by_a_shapefile(column: str, field: str) -> None:
    (use,) = map_columns(PARCELS, [column], {}, "a.shp")
    assert use.field.name == field
    assert use.unit == use.field.unit


@pytest.mark.parametrize("column", ["site_are", "above_ground", "容积", "地块", "计容建"[:2], "用地"])
def test_a_prefix_that_no_shapefile_leaves_maps_nowhere(column: str) -> None:
    assert mapped([column]) == {}


def test_two_fields_cut_to_one_name_map_nowhere_and_are_told() -> None:
    columns = ["parcel_id", "undergroun", "undergro_1"]
    assert mapped(columns) == {"parcel_id": ("parcel_id", "")}
    assert "underground_gfa_before_m2" in said(columns)
    assert "undergroun" in said(columns)


def test_they_map_when_the_user_says_which() -> None:
    chosen = mapped(
        ["undergroun", "undergro_1"], "underground_gfa_m2=undergroun", "underground_gfa_before_m2=undergro_1"
    )
    assert set(chosen) == {"underground_gfa_m2", "underground_gfa_before_m2"}


def test_a_numbered_twin_takes_the_certainty_from_a_cut_name() -> None:
    # 容积率上限 and 容积率下限 in UTF-8: ten bytes leave 容积率 of both, and the driver numbers the second
    columns = ["容积率", "容积_1"]
    assert mapped(columns) == {}
    assert "容积_1" in said(columns)


def test_a_cut_name_that_may_be_a_look_alike_maps_nowhere() -> None:
    # 出让年 in UTF-8 is what is left of 出让年期, and of 出让年份, the year of the grant
    assert mapped(["出让年"]) == {}
    assert "term_years" in said(["出让年"])
    assert mapped(["约定容积率"]) == {}  # 约定容积率上限 in GBK
    assert said(["约定容积率"]) == ""


def test_of_a_heading_that_stands_twice_nobody_knows_which_is_meant() -> None:
    columns = ["parcel_id", "term_years", "term_years (2)", "remark", "remark (2)"]
    with pytest.raises(InputError) as refused:
        map_columns(Role.PARCELS, columns, {}, "a.csv")
    assert refused.value.message.code == "fields-two-columns"
    uses = map_columns(Role.PARCELS, columns, dict([parse_map("term_years=term_years (2)")]), "a.csv")
    assert [(use.field.name, use.column) for use in uses][1:] == [("term_years", "term_years (2)")]
    uses = map_columns(Role.PARCELS, ["parcel_id", "备注", "备注 (2)"], {}, "a.csv")
    assert [(use.field.name, use.column) for use in uses][1:] == [("remarks", "备注")]


def test_a_joined_copy_of_a_short_name_is_no_twin() -> None:
    assert mapped(["RJL", "RJL_1"]) == {"far": ("RJL", "1")}


def test_a_unit_cut_off_is_told_and_not_taken_for_m2() -> None:
    assert "用地面积(公" in said(["用地面积(公"])
    assert mapped(["用地面积(公"], "site_area_m2=用地面积(公:公顷") == {"site_area_m2": ("用地面积(公", "ha")}


def test_look_alikes_of_no_field_are_told_in_one_line() -> None:
    assert said(["RJLSX", "成交价"]).count("\n") == 1
    assert "RJLSX" in said(["RJLSX", "成交价"])


@pytest.mark.parametrize(
    ("column", "lines"),
    [
        ("建筑面积", ["far_gfa_m2=建筑面积", "above_ground_gfa_m2=建筑面积"]),
        ("签约日期", ["approval_date=签约日期"]),
        ("土地出让合同签订日期", ["approval_date=土地出让合同签订日期"]),
        ("项目用地面积合计(公顷)", ["site_area_m2=项目用地面积合计(公顷)"]),
        ("用地面积(公", ["site_area_m2=用地面积(公:UNIT"]),
    ],
)
def test_a_column_that_looks_like_an_open_field_is_told_with_its_lines(column: str, lines: list[str]) -> None:
    uses = map_columns(PARCELS, ["parcel_id", column], {}, "a.csv")
    (told,) = overlooked(PARCELS, ["parcel_id", column], uses, {"parcel_id"}, "parcels")
    assert list(told.values["map"]) == [f"--map {line}" for line in lines]
    (told,) = overlooked(PARCELS, ["parcel_id", column], uses, {"parcel_id"}, "attributes")
    assert list(told.values["map"]) == [f"--map attributes.{line}" for line in lines]
    held = {"parcel_id", *(line.partition("=")[0] for line in lines)}
    assert list(overlooked(PARCELS, ["parcel_id", column], uses, held, "parcels")) == []


def test_a_date_of_the_grant_gives_way_to_that_of_the_approval() -> None:
    assert mapped(["出让日期"]) == {"approval_date": ("出让日期", "")}
    assert mapped(["出让日期", "批准日期"]) == {"approval_date": ("批准日期", "")}


def test_a_fallback_gives_way_and_is_told() -> None:
    assert mapped(["BDCDYH", "ZDDM"]) == {"parcel_id": ("ZDDM", "")}
    assert "BDCDYH" in said(["BDCDYH", "ZDDM"])
    assert mapped(["DLMC", "DLBM"]) == {"land_code": ("DLBM", "")}


@pytest.mark.parametrize("columns", [["容积率", "RJL"], ["far", "容积率"], ["地块编号", "宗地编号"], ["far", "far"]])
def test_two_columns_for_one_field_stop_the_run(columns: list[str]) -> None:
    with pytest.raises(InputError) as stop:
        mapped(columns)
    for column in columns:
        assert column in stop.value.say("zh")
        assert column in stop.value.say("en")


def test_the_user_may_choose_between_two_columns() -> None:
    assert mapped(["容积率", "RJL"], "far=RJL") == {"far": ("RJL", "1")}


@pytest.mark.parametrize("column", ["容积率(公顷)", "用地面积(万元)", "出让年期(%)", "地块编号(亩)", "是否存量(年)"])
def test_a_unit_that_cannot_be_is_an_input_error_naming_both(column: str) -> None:
    with pytest.raises(InputError) as stop:
        mapped([column])
    assert column in stop.value.say("zh")
    assert column in stop.value.say("en")


@pytest.mark.parametrize(
    ("text", "column", "unit"),
    [
        ("site_area_m2=b", "b", "m2"),
        ("site_area_m2=b:ha", "b", "ha"),
        ("site_area_m2 = b : 亩", "b", "mu"),
        ("site_area_m2＝b：公顷", "b", "ha"),
        ("SITE_AREA_M2=b:us_ft2", "b", "us_ft2"),
        ("parcels.site_area_m2=b:km²", "b", "km2"),
        ("site_area_m2=大小(公顷)", "大小(公顷)", "ha"),
        ("site_area_m2=大小(公顷):m2", "大小(公顷)", "m2"),
        ("site_area_m2=x:y", "x:y", "m2"),
        ("site_area_m2=x:y:ha", "x:y", "ha"),
    ],
)
def test_map_options(text: str, column: str, unit: str) -> None:
    assert mapped(["a", "b", "大小(公顷)", "x:y"], text) == {"site_area_m2": (column, unit)}


@pytest.mark.parametrize("text", ["far", "far=", "=b", "", "farr=b", "parks.far=b", "roads.name=b"])
def test_map_options_without_sense(text: str) -> None:
    with pytest.raises(UsageError) as stop:
        parse_map(text)
    assert stop.value.exit_status == 2
    assert stop.value.say("zh") != stop.value.say("en")


@pytest.mark.parametrize("text", ["far=c", "far=b:furlong", "far=b:ha", "parcel_id=b:ha", "site_area_m2=b:1"])
def test_map_options_that_do_not_fit_the_file(text: str) -> None:
    with pytest.raises(UsageError):
        mapped(["a", "b"], text)


def test_a_heading_unit_is_not_overlooked_under_map() -> None:
    with pytest.raises(InputError):
        mapped(["大小(万元)"], "site_area_m2=大小(万元)")


def test_a_column_may_be_named_without_its_unit() -> None:
    assert mapped(["占地(公顷)"], "site_area_m2=占地") == {"site_area_m2": ("占地(公顷)", "ha")}
    assert mapped(["占地(公顷)"], "site_area_m2=占地:亩") == {"site_area_m2": ("占地(公顷)", "mu")}
    with pytest.raises(UsageError):  # nobody can tell which
        mapped(["占地(公顷)", "占地(亩)"], "site_area_m2=占地")


def test_texts_of_a_drawing_may_be_called_so() -> None:
    assert mapped(["宗地号", "Layer"], "parcel_id=TEXT@宗地号")["parcel_id"][0] == "宗地号"
    with pytest.raises(UsageError):
        mapped(["宗地号", "Layer"], "parcel_id=TEXT@界址")


def test_a_field_of_another_layer_is_left_to_it() -> None:
    assert named_field("district").role is Role.PARCELS
    assert named_field("parks.district").role is Role.PARKS
    assert named_field("gfa_m2").role is Role.BUILDINGS
    assert mapped(["a"], "parks.district=b") == {}
    assert mapped(["b"], "parks.district=b", role=Role.PARKS) == {"district": ("b", "")}
    assert mapped(["c"], "district=b", role=Role.PARKS) == {}


def test_a_given_column_may_stand_in_the_attribute_table() -> None:
    given_refs = {"far": ColumnRef("密度")}
    assert map_columns(PARCELS, ["RJL"], given_refs, "a.shp", elsewhere=["密度"]) == ()
    (use,) = map_columns(PARCELS, ["密度"], given_refs, "a.csv", elsewhere=["RJL"])
    assert (use.column, use.evidence) == ("密度", "map")


def test_evidence_is_told() -> None:
    uses = map_columns(PARCELS, ["far", "YDMJ", "above_grou", "x"], {"name": ColumnRef("x")}, "a.shp")
    assert {use.field.name: use.evidence for use in uses} == {
        "name": "map", "far": "name", "site_area_m2": "alias", "above_ground_gfa_m2": "cut",
    }  # fmt: skip


def test_no_id_column_is_an_input_error_that_lists_the_columns() -> None:
    with pytest.raises(InputError, match="高度"):
        require(PARCELS, ["高度"], (), "a.shp", "parcels")
    require(PARCELS, ["RJL", "DKBH"], map_columns(PARCELS, ["RJL", "DKBH"], {}, "a.shp"), "a.shp", "parcels")
    require(Role.BUILDINGS, ["x"], (), "a.shp", "buildings")


HEADINGS = sorted({name for role in Role for each in fields(role) for name in (each.name, *each.aliases)})


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.lists(st.one_of(st.sampled_from(HEADINGS), st.text(max_size=12)), max_size=8), st.sampled_from(list(Role)))
def test_any_columns_map_each_field_once_or_stop_with_a_sentence(columns: list[str], role: Role) -> None:
    try:
        uses = map_columns(role, columns, {}, "a.shp")
    except InputError as stop:
        stop.say("zh")
        return
    assert len({use.field.name for use in uses}) == len(uses)
    assert len({use.column for use in uses}) == len(uses)
    for note in notes(role, columns, uses, "a.shp"):
        assert note.say("zh")
        assert note.say("en")


@pytest.mark.parametrize("role", list(Role))
def test_a_cut_heading_never_maps_to_another_field(role: Role) -> None:
    for each in fields(role):
        for name in (each.name, *each.aliases):
            for cut in cuts(name):
                uses = map_columns(role, [cut], {}, "a.shp")
                assert [use.field.name for use in uses] in ([], [each.name]), (name, cut)


@pytest.mark.parametrize(("column", "name"), [
    ("is_stok", "is_stock"), ("存量工业用的", "is_stock"), ("存量", "is_stock"), ("是否属于存量", "is_stock"),
    ("land_clas", "land_class"), ("aproval_date", "approval_date"), ("site_aera_m2", "site_area_m2"),
])  # fmt: skip
def test_a_slip_and_a_part_of_a_heading_are_told_with_the_line_that_takes_them(column: str, name: str) -> None:
    uses = map_columns(PARCELS, ["parcel_id", column], {}, "a.csv")
    (told,) = overlooked(PARCELS, ["parcel_id", column], uses, {"parcel_id"}, "parcels")
    assert told.values["fields"] == (name,)
    assert told.values["map"] == (f"--map {name}={column}",)


@pytest.mark.parametrize(
    "column", ["objectid", "建设单位", "建筑密度", "竣工日期", "总面积", "area", "备", "容积率上限"]
)
def test_a_heading_of_its_own_looks_like_no_field(column: str) -> None:
    uses = map_columns(PARCELS, ["parcel_id", column], {}, "a.csv")
    assert list(overlooked(PARCELS, ["parcel_id", column], uses, {"parcel_id"}, "parcels")) == []
