"""Truth values, enumerations and texts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from bare_texts import bare_of
from hypothesis import given, settings
from hypothesis import strategies as st

from landcheck.fields.catalogue import field, fields, qualified
from landcheck.fields.mapping import map_columns
from landcheck.fields.normalise import ValueFault, normalise
from landcheck.model import Batch, Kind, Role, Tri
from landcheck.request import ColumnRef


def read(values: Any, name: str, role: Role = Role.PARCELS) -> tuple[Batch, list[ValueFault]]:
    column = values if isinstance(values, pa.Array) else pa.array(values)
    rows = pa.RecordBatch.from_arrays([column], ["x"])
    uses = map_columns(role, ["x"], {qualified(field(role, name)): ColumnRef("x")}, "a.csv")
    return normalise(role, rows, uses, 0)


def truth(value: Any, name: str = "roof_greening") -> Tri | str:
    batch, faults = read([value] if not isinstance(value, pa.Array) else value, name)
    assert batch.columns[name].dtype == "int8"
    return faults[0].reason.code if faults else Tri(batch.columns[name][0])


def word(value: Any, name: str, role: Role = Role.PARCELS) -> str | None:
    batch, faults = read(pa.array([value]), name, role)
    code = int(batch.columns[name][0])
    if faults:
        assert code == -1
        return faults[0].reason.code
    return field(role, name).values[code] if code >= 0 else None


@pytest.mark.parametrize(
    "value",
    ["是", "有", "真", "√", "Y", "y", "yes", "YES", "true", "True", "T", "1", "１", "Ｙ", " 是 ", "1.0", True, 1, 1.0,
    Decimal(1)],
)  # fmt: skip
def test_yes(value: Any) -> None:
    assert truth(value) is Tri.TRUE


@pytest.mark.parametrize(
    "value", ["否", "无", "假", "×", "N", "n", "no", "false", "F", "0", "０", "0.0", False, 0, 0.0, Decimal(0)]
)
def test_no(value: Any) -> None:
    assert truth(value) is Tri.FALSE


@pytest.mark.parametrize(
    "value", ["", "  ", "NULL", "<Null>", "无数据", float("nan"), pa.array([None], pa.bool_()), pa.nulls(1)]
)
def test_neither_where_empty(value: Any) -> None:
    assert truth(value) is Tri.UNKNOWN


@pytest.mark.parametrize(
    "value",
    [
        "2",
        "-",
        "/",
        "待定",
        "是否",
        "不详",
        "①",
        "²",
        "x",
        "是/否",
        2,
        -1,
        0.5,
        float("inf"),
        pa.array([0], pa.date32()),
    ],
)
def test_what_is_neither_yes_nor_no_is_a_fault(value: Any) -> None:
    assert truth(value) == "fields-not-a-truth"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("single_use", "单一用途", Tri.TRUE), ("single_use", "混合用途", Tri.FALSE), ("is_stock", "存量", Tri.TRUE),
        ("is_stock", "新增", Tri.FALSE), ("increase_approved", "已批准", Tri.TRUE),
        ("increase_approved", "未批准", Tri.FALSE),
        ("in_high_tech_zone", "区外", Tri.FALSE),
    ],
)  # fmt: skip
def test_words_of_a_field_for_yes_and_no(name: str, text: str, expected: Tri) -> None:
    assert truth(text, name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("industrial_project", "industrial_project"), ("Industrial Project", "industrial_project"),
        ("产业项目类工业用地", "industrial_project"), ("产业项目类", "industrial_project"),
        ("工业用地（产业项目类）", "industrial_project"),
        ("标准厂房类工业用地", "industrial_standard"), ("标准厂房类", "industrial_standard"),
        ("通用类研发用地", "rd_general"),
        ("通用类研发", "rd_general"), ("研发总部通用类", "rd_general"), ("研发总部产业项目类", "rd_project"),
        ("产业项目类研发用地", "rd_project"), ("商业用地", "other"), ("其他", "other"), ("", None), ("NULL", None),
        (None, None),
        ("工业用地", "fields-not-a-choice"), ("研发用地", "fields-not-a-choice"), ("M1", "fields-not-a-choice"),
        ("-", "fields-not-a-choice"), ("其", "fields-not-a-choice"), (1, "fields-not-a-choice"),
        (1.0, "fields-not-a-choice"),
    ],
)  # fmt: skip
def test_classes_of_land(text: Any, expected: str | None) -> None:
    assert word(text, "land_class") == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("recognition", "none", "none"), ("recognition", "无", "none"), ("recognition", "未认定", "none"),
        ("recognition", "", None), ("recognition", "市级企业技术中心", "enterprise_technology_centre"),
        ("recognition", "国家战略类产业项目", "national_strategic_project"),
        ("recognition", "区级企业技术中心", "fields-not-a-choice"),
        ("recognition", "企业技术中心", "fields-not-a-choice"),
        ("listing", "“带产业项目”挂牌", "with_industry_project"), ("listing", "带产业项目", "with_industry_project"),
        ("transfer_channel", "土地交易市场", "land_market"), ("transferee", "园区平台", "park_platform"),
    ],
)  # fmt: skip
def test_other_enumerations(name: str, text: str, expected: str | None) -> None:
    assert word(text, name) == expected


def test_green_and_buildings() -> None:
    assert word("调减", "change", Role.GREEN) == "reduction"
    assert word("新建规划绿地", "change", Role.GREEN) == "new_planned"
    assert word("改建", "reason", Role.GREEN) == "renovation"
    assert word("宿舍", "use", Role.BUILDINGS) == "living"


def test_an_unknown_word_lists_the_allowed_ones_in_both_languages() -> None:
    _, faults = read(["工业用地"], "land_class")
    for lang in ("zh", "en"):
        sentence = faults[0].message("a.csv").say(lang)
        assert "标准厂房类工业用地" in sentence
        assert ("rd_general" in sentence) is (lang == "en")


ENUMS = [each for role in Role for each in fields(role) if each.kind is Kind.ENUM]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda each: f"{each.role}.{each.name}")
def test_every_word_of_every_enumeration_is_read_as_its_value(enum: Any) -> None:
    for choice in enum.choices:
        for text in (choice.value, choice.label.zh, choice.label.en, *choice.aliases):
            assert word(text, enum.name, enum.role) == choice.value


def ids(column: pa.Array) -> tuple[list[str | None], list[str]]:
    batch, faults = read(column, "parcel_id")
    assert batch.texts["parcel_id"].type == pa.string()
    return batch.texts["parcel_id"].to_pylist(), [fault.reason.code for fault in faults]


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (
            pa.array([" P1 ", "007", "", "NULL", "\u3000", None, "P1\u200b"]),
            ["P1", "007", None, None, None, None, "P1"],
        ),
        (pa.array([1001.0, 0.0, None, float("nan"), 1.5, -3.0]), ["1001", "0", None, None, "1.5", "-3"]),
        (pa.array([310115001001000123, None]), ["310115001001000123", None]),
        (pa.array([Decimal("1001.00"), Decimal("1.50")]), ["1001", "1.50"]),
        (pa.array(["a", "a", None]).dictionary_encode(), ["a", "a", None]),
        (pa.array(["a b"], pa.large_string()), ["a b"]),
        (pa.nulls(2), [None, None]),
        (pa.array([], pa.string()), []),
        (pa.array([0], pa.date32()), ["1970-01-01"]),
    ],
)
def test_texts(column: pa.Array, texts: list[str | None]) -> None:
    assert ids(column) == (texts, [])


def test_an_id_that_lost_its_digits_is_a_fault_and_no_other_id() -> None:
    assert ids(pa.array([2.0**53 - 1, 2.0**53, 3.10115001e18, float("inf")])) == (
        ["9007199254740991", None, None, None], ["fields-digits-lost"] * 3,
    )  # fmt: skip


def test_bytes_are_no_text() -> None:
    assert ids(pa.array([b"\xff", None])) == ([None, None], ["fields-not-a-text"])


@pytest.mark.parametrize("text", ["浦东新区", "浦东", "上海市浦东新区", "310115", 310115, 310115.0, " 浦东新区 "])
def test_a_district_has_one_spelling(text: Any) -> None:
    batch, _ = read(pa.array([text]), "district")
    assert batch.texts["district"].to_pylist() == ["浦东新区"]


def test_an_unknown_district_stays_as_it_is() -> None:
    batch, faults = read(pa.array(["南汇区", None, ""]), "district")
    assert batch.texts["district"].to_pylist() == ["南汇区", None, None]
    assert not faults


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.lists(st.none() | st.text(max_size=6), max_size=8))
def test_a_text_changes_at_its_ends_only(texts: list[str | None]) -> None:
    found, codes = ids(pa.array(texts, pa.string()))
    assert not codes
    for before, after in zip(texts, found, strict=True):
        if after is not None:
            assert before is not None
            assert after in before


@settings(deadline=None)  # the first example pays for what is loaded
@given(st.text(max_size=6), st.sampled_from(["roof_greening", "is_stock"]))
def test_any_text_is_yes_no_empty_or_a_fault(text: str, name: str) -> None:
    outcome = truth(text, name)
    bare = bare_of(text).casefold()
    if outcome is Tri.UNKNOWN:
        assert bare in {"", "null", "<null>", "(null)", "nan", "<na>", "nat", "none", "无数据"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("通用类研发用地（C65）", "rd_general"),
        ("工业用地（标准厂房类）", "industrial_standard"),
        ("产业项目类工业用地(M1)", "industrial_project"),
        ("标准厂房类(100102)", "industrial_standard"),
        ("工业用地(M1)", "fields-not-a-choice"),
        ("通用类研发用地(部分)", "fields-not-a-choice"),
        ("产业项目类工业用地、通用类研发用地", "fields-not-a-choice"),
    ],
)
def test_a_plan_code_in_brackets_adds_nothing_to_a_class(text: str, value: str) -> None:
    assert word(text, "land_class") == value


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("ＰＤ０１－０６", "PD01-06"),
        ("'0310112", "0310112"),
        ("’0310", "0310"),
        ('="0310"', "0310"),
        ("PD01—07", "PD01—07"),
        ("d'A", "d'A"),
    ],
)
def test_ids_are_folded_from_full_width_and_without_the_mark_of_a_text(written: str, read_as: str) -> None:
    for name, role in (("parcel_id", Role.PARCELS), ("park_id", Role.PARCELS), ("building_id", Role.BUILDINGS)):
        batch, faults = read([written, None, "P1"], name, role)
        assert batch.texts[name].to_pylist() == [read_as, None, "P1"]
        assert faults == []
    assert read([written], "name")[0].texts["name"].to_pylist() == [written]


@pytest.mark.parametrize("ident", ["3.1E+11", "3.10112E+14", "3E+5", "３.1Ｅ+11"])
def test_an_id_that_a_spreadsheet_shortened_is_none(ident: str) -> None:
    batch, faults = read([ident, "3E5", "E+11"], "parcel_id")
    assert batch.texts["parcel_id"].to_pylist() == [None, "3E5", "E+11"]
    assert [fault.reason.code for fault in faults] == ["fields-id-exponent"]
