"""CSV and its kin: encodings, quotes, uneven rows and geometry as text."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from read_samples import codes, content, notes, refusal, snapshot

from landcheck.fields.cells import UNREAD
from landcheck.read import open_layer

SQUARE = "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"
LOST = UNREAD + "?"


def table(folder: Path, text: str | bytes, encoding: str = "utf-8", name: str = "t.csv") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return str(path)


@pytest.mark.parametrize(
    ("encoding", "label"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gbk", "GB18030"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_the_encoding_is_decided_over_the_whole_file(tmp_path: Path, encoding: str, label: str) -> None:
    path = table(tmp_path, "地块编号,容积率\n001,2.0\n002,浦东新区张江\n", encoding)
    layer = open_layer(path, "attributes")
    assert content(layer) == {"地块编号": ["001", "002"], "容积率": ["2.0", "浦东新区张江"]}
    assert layer.info.encoding == label
    assert not layer.has_geometry
    assert codes(layer) == []


def test_a_character_far_behind_decides_too(tmp_path: Path) -> None:
    path = table(tmp_path, ("id,name\n" + f"1,{'a' * 1000}\n" * 2000 + "2,浦东新区张江镇\n").encode("gbk"))
    layer = open_layer(path, "attributes")
    assert content(layer, 65_536)["name"][-1] == "浦东新区张江镇"
    assert layer.info.encoding == "GB18030"


def test_one_damaged_value_does_not_spoil_a_utf8_file(tmp_path: Path) -> None:
    text = ("id,name\n" + "1,浦东新区\n" * 50).encode() + b"2,\xff\xfe\n"
    layer = open_layer(table(tmp_path, text), "attributes")
    values = content(layer, 100)["name"]
    assert values[:50] == ["浦东新区"] * 50
    assert values[50] == "\ufffd\ufffd"
    assert codes(layer) == ["read-text-undecodable"]


def test_a_wrong_encoding_from_the_user_leaves_a_finding(tmp_path: Path) -> None:
    layer = open_layer(table(tmp_path, "id,name\n1,浦东\n", "gbk"), "attributes", encoding="utf-8")
    content(layer)
    assert codes(layer) == ["read-text-undecodable"]
    assert notes(layer) == ["read-encoding-given"]


@pytest.mark.parametrize("sign", [",", "\t", ";", "|", "，"])
def test_the_delimiter_is_found(tmp_path: Path, sign: str) -> None:
    path = table(tmp_path, f'id{sign}name{sign}far\n1{sign}"a,b;c"{sign}2\n2{sign}x{sign}3\n')
    assert content(open_layer(path, "attributes")) == {"id": ["1", "2"], "name": ["a,b;c", "x"], "far": ["2", "3"]}


def test_codes_keep_their_zeros_and_nothing_is_a_number(tmp_path: Path) -> None:
    path = table(tmp_path, "id,n\n0012,1e5\n310115000000000001234,NaN\n")
    assert content(open_layer(path, "attributes")) == {
        "id": ["0012", "310115000000000001234"],
        "n": ["1e5", "NaN"],
    }


def test_empty_lines_and_trailing_delimiters_are_no_rows_and_no_columns(tmp_path: Path) -> None:
    layer = open_layer(table(tmp_path, "id,n,,\r\n1,2,,\r\n\r\n,,,\r\n2,,,\r\n,,\r\n"), "attributes")
    assert content(layer) == {"id": ["1", "2"], "n": ["2", None]}
    assert layer.info.rows == 2
    assert codes(layer) == []


def test_a_title_above_the_heading_is_passed_over(tmp_path: Path) -> None:
    path = table(tmp_path, "上海市地块一览表,,\n单位:公顷,,\n地块编号,容积率,面积\n1,2,3\n")
    assert content(open_layer(path, "attributes")) == {"地块编号": ["1"], "容积率": ["2"], "面积(公顷)": ["3"]}


def test_uneven_rows_are_counted_and_never_shifted_in_silence(tmp_path: Path) -> None:
    path = table(tmp_path, "id,a,b\n1,2,3\n2,2\n3,x,y,z\n4,2,3\n5\n")
    layer = open_layer(path, "attributes")
    values = content(layer, 2)
    assert values == {
        "id": ["1", "2", "3", "4", "5"], "a": ["2", "2", LOST, "2", LOST], "b": ["3", LOST, LOST, "3", LOST],
    }  # fmt: skip
    told = {f.message.code: (f.level, f.row, f.message.values["count"]) for f in layer.findings}
    assert told == {"read-row-short": ("error", 2, 2), "read-row-long": ("error", 3, 1)}


def test_a_quote_that_does_not_close_swallows_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, 'id,a,b\n1,x,3\n2,"x,3\n3,x,3\n4,x,3\n')
    layer = open_layer(path, "attributes")
    assert content(layer) == {
        "id": ["1", "2", "3", "4"],
        "a": ["x", LOST, "x", "x"],
        "b": ["3", LOST, "3", "3"],
    }
    assert [(f.message.code, f.row, f.message.values["count"]) for f in layer.findings] == [
        ("read-quote-unclosed", 2, 1)
    ]


def test_two_stray_quotes_that_close_each_other_rows_apart_swallow_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, 'id,a,b\n1,x,3\n2,"x,3\n3,x,3\n4,x",3\n5,x,3\n')
    layer = open_layer(path, "attributes")
    values = content(layer)
    assert values["id"] == ["1", "2", "3", "4", "5"]
    assert layer.findings


def test_a_line_break_inside_quotes_is_part_of_the_value(tmp_path: Path) -> None:
    layer = open_layer(table(tmp_path, 'id,note\n1,"two\nlines"\n2,x\n'), "attributes")
    assert content(layer) == {"id": ["1", "2"], "note": ["two\nlines", "x"]}
    assert codes(layer) == []


@pytest.mark.parametrize("column", ["WKT", "geometry", "wkb", "the_geom"])
@pytest.mark.parametrize(
    "shape", [SQUARE, f"SRID=4549;{SQUARE}", shapely.to_wkb(shapely.from_wkt(SQUARE), hex=True)]
)  # fmt: skip
def test_a_column_of_wkt_or_hexadecimal_wkb_is_the_geometry(tmp_path: Path, column: str, shape: str) -> None:
    layer = open_layer(table(tmp_path, f'id,{column}\n1,"{shape}"\n2,\n3,"{shape[:-3]}"\n'), "parcels")
    values = content(layer)
    assert layer.columns == ("id",)
    assert [None if wkb is None else shapely.from_wkb(wkb).area for wkb in values["wkb"]] == [1.0, None, None]
    assert layer.wkt == ("EPSG:4549" if "SRID" in shape else None)
    assert [(f.rule, f.row, f.message.values["count"]) for f in layer.findings] == [("data/geometry", 3, 1)]


def test_a_hexadecimal_wkb_with_an_srid_names_its_system(tmp_path: Path) -> None:
    shape = shapely.to_wkb(shapely.set_srid(shapely.from_wkt(SQUARE), 4490), hex=True, include_srid=True)
    layer = open_layer(table(tmp_path, f"id,geom\n1,{shape}\n"), "parcels")
    assert layer.wkt == "EPSG:4490"
    assert shapely.from_wkb(content(layer)["wkb"][0]).area == 1.0


@pytest.mark.parametrize("spoilt", [15, 17, 18, 19, 41])
def test_hexadecimal_digits_cut_short_are_an_error_of_their_row(tmp_path: Path, spoilt: int) -> None:
    shape = shapely.to_wkb(shapely.from_wkt(SQUARE), hex=True)
    layer = open_layer(table(tmp_path, f"id,wkb\nA,{shape[:spoilt]}\nB,-\nC,{shape}\n"), "parcels")
    assert [wkb is not None for wkb in content(layer)["wkb"]] == [False, False, True]
    (fault,) = [one for one in layer.findings if one.message.code == "read-shape-text"]
    assert (fault.row, fault.message.values["count"]) == (1, 2)


def test_a_column_called_geometry_that_holds_words_is_an_attribute(tmp_path: Path) -> None:
    layer = open_layer(table(tmp_path, "id,shape\n1,round\n"), "attributes")
    assert content(layer) == {"id": ["1"], "shape": ["round"]}


def test_repeated_and_missing_column_names(tmp_path: Path) -> None:
    layer = open_layer(table(tmp_path, "id,far,far,,x\n1,2,3,4,5\n"), "attributes")
    assert content(layer) == {"id": ["1"], "far": ["2"], "far (2)": ["3"], "column 4": ["4"], "x": ["5"]}
    assert codes(layer) == ["read-column-twice"]


def test_zero_bytes_are_left_out_and_told_of(tmp_path: Path) -> None:
    layer = open_layer(table(tmp_path, b"id,a\n1,x\x00y\n"), "attributes")
    assert content(layer) == {"id": ["1"], "a": ["xy"]}
    assert codes(layer) == ["read-text-undecodable"]


def test_a_line_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as stream:
        stream.write(b"id,a\n1,")
        for _ in range(100):
            stream.write(b"x" * (1 << 20))
    assert refusal(path, "attributes") == "read-line-too-long"


def test_a_table_is_read_without_touching_its_folder(tmp_path: Path) -> None:
    path = table(tmp_path, "id,a\n1,2\n")
    before = snapshot(tmp_path)
    content(open_layer(path, "attributes"))
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_text_under_the_name_of_a_workbook_is_read_and_told(tmp_path: Path, encoding: str) -> None:
    layer = open_layer(table(tmp_path, "地块编号\t区\n01\t浦东新区\n", encoding, "t.xls"), "attributes")
    assert content(layer) == {"地块编号": ["01"], "区": ["浦东新区"]}
    assert "read-text-not-workbook" in notes(layer)


def test_more_columns_than_any_table_has_are_refused_at_once(tmp_path: Path) -> None:
    assert refusal(table(tmp_path, ",".join(f"c{number}" for number in range(400_000)))) == "read-too-many-columns"
    wide = ",".join(["地块编号", *(f"c{number}" for number in range(4_999))])
    assert len(open_layer(table(tmp_path, wide + "\n1\n"), "parcels").columns) == 5_000
