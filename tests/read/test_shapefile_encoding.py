"""The .dbf's encoding, on the files of the wild: GBK and UTF-8, with and without a .cpg, with a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_samples import codes, content, dbf_layout, notes, patch, write

from landcheck.errors import UsageError
from landcheck.read import open_layer

NAMES = ["浦东新区张江镇", "徐汇区漕河泾", "临港产业园区", "松江区九亭镇"]
LDID = 29


def shapefile(folder: Path, encoding: str, *, cpg: str | None, ldid: int = 0, column: str = "名称") -> str:
    path = write(folder / "p.shp", {column: NAMES}, encoding=encoding)
    (folder / "p.cpg").unlink(missing_ok=True)
    if cpg is not None:
        (folder / "p.cpg").write_text(cpg)
    patch(folder / "p.dbf", LDID, bytes([ldid]))
    return str(path)


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
@pytest.mark.parametrize("cpg", [None, "UTF-8", "GBK", "ANSI 936", "OEM", "ISO-8859-1", "nonsense", "\x00\x01"])
@pytest.mark.parametrize("ldid", [0x00, 0x4D, 0x57])
def test_text_is_read_right_whatever_the_file_says_of_itself(
    tmp_path: Path, encoding: str, cpg: str | None, ldid: int
) -> None:
    layer = open_layer(shapefile(tmp_path, encoding, cpg=cpg, ldid=ldid), "parcels")
    assert content(layer)["名称"] == NAMES
    assert layer.info.encoding == encoding
    assert codes(layer) == []
    assert notes(layer) == ["read-encoding-gb18030" if encoding == "GB18030" else "read-encoding-utf8"]


@pytest.mark.parametrize(("encoding", "kept"), [("UTF-8", "规划用"), ("GB18030", "规划用地面")])
def test_a_column_name_cut_at_ten_bytes_inside_a_character_is_still_readable(
    tmp_path: Path, encoding: str, kept: str
) -> None:
    layer = open_layer(shapefile(tmp_path, encoding, cpg=None, column="规划用地面积"), "parcels")
    assert layer.columns == (kept,)
    assert content(layer)[kept] == NAMES


def test_the_users_word_wins_and_a_wrong_one_is_found_out(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "GB18030", cpg=None)
    layer = open_layer(path, "parcels", encoding="UTF-8")
    content(layer)
    assert layer.info.encoding == "UTF-8"
    assert notes(layer) == ["read-encoding-given"]
    assert "read-undecodable-values" in codes(layer)
    assert [f.message.values["count"] for f in layer.findings if f.message.code == "read-undecodable-values"] == [4]
    with pytest.raises(UsageError):
        open_layer(path, "parcels", encoding="klingon")


def test_values_that_do_not_decode_are_counted_with_the_first_row(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "UTF-8", cpg="UTF-8")
    _, header, record = dbf_layout(tmp_path / "p.dbf")
    patch(tmp_path / "p.dbf", header + 2 * record + 1, b"\xff\xfe")
    layer = open_layer(path, "parcels", encoding="UTF-8")
    values = content(layer)["名称"]
    (finding,) = layer.findings
    assert values[:2] == NAMES[:2]
    assert "\ufffd" in values[2]
    assert (finding.rule, finding.row, finding.message.values["count"]) == ("data/value", 3, 1)


def test_a_value_cut_at_the_width_of_its_column_is_no_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "p.shp", {"name": ["浦东新区张江镇" * 20, "徐汇区"]}, encoding="UTF-8")
    layer = open_layer(str(path), "parcels")
    values = content(layer)["name"]
    assert values[0] == ("浦东新区张江镇" * 20)[: 254 // 3]
    assert codes(layer) == []


def test_with_few_characters_the_file_s_own_word_decides_between_two_valid_readings(tmp_path: Path) -> None:
    """涓枃 in GBK are the bytes of 中文 in UTF-8, less the last: the bytes alone tell nothing."""
    word = "联通"  # GBK C1 AA CD A8, which is UTF-8 for U+006A (overlong, so invalid) and U+0368
    assert word.encode("gbk") == b"\xc1\xaa\xcd\xa8"
    ambiguous = b"\xc4\xaa\xcd\xa8".decode("gbk")  # both characters valid in both encodings
    for cpg, expected in (("GBK", ambiguous), ("UTF-8", b"\xc4\xaa\xcd\xa8".decode("utf-8"))):
        folder = tmp_path / cpg
        folder.mkdir()
        path = write(folder / "p.shp", {"name": [ambiguous]}, encoding="GBK")
        (folder / "p.cpg").write_text(cpg)
        layer = open_layer(str(path), "parcels")
        assert content(layer)["name"] == [expected]
        assert notes(layer) == ["read-encoding-few-declared"]


def test_western_text_with_a_declared_code_page_is_not_taken_for_hanzi(tmp_path: Path) -> None:
    path = write(tmp_path / "p.shp", {"name": ["Café Müller", "São Paulo", "Zürich"]}, encoding="ISO-8859-1")
    (tmp_path / "p.cpg").write_text("ISO-8859-1")
    assert content(open_layer(str(path), "parcels"))["name"] == ["Café Müller", "São Paulo", "Zürich"]


def test_text_in_another_encoding_than_the_first_thousands_is_still_found(tmp_path: Path) -> None:
    """The last of 20,000 records is GBK in a UTF-8 table: outside the sample, yet counted."""
    count = 20_001
    path = write(tmp_path / "p.shp", {"name": ["浦东新区"] * count}, encoding="UTF-8")
    _, header, record = dbf_layout(tmp_path / "p.dbf")
    row = 19_997
    patch(tmp_path / "p.dbf", header + row * record + 1, "徐汇区".encode("gbk").ljust(12))
    layer = open_layer(str(path), "parcels")
    content(layer, 7000)
    assert layer.info.encoding == "UTF-8"
    assert [(f.row, f.message.values["count"]) for f in layer.findings] == [(row + 1, 1)]
