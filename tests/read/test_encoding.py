"""The decision on an encoding, on texts alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from read_samples import content

from landcheck.model import Level
from landcheck.read import open_layer
from landcheck.read.encoding import RawText, codec_of, decide_encoding, decode

HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)


@given(st.lists(HANZI, min_size=6, max_size=20))
def test_utf8_is_always_recognised(words: list[str]) -> None:
    decision = decide_encoding([RawText(word.encode()) for word in words], "f", None, None)
    assert decision.codec == "utf-8"


@given(HANZI, st.integers(0, 60), st.sampled_from(["utf-8", "gb18030"]))
def test_a_text_cut_anywhere_decodes_to_its_beginning(word: str, width: int, codec: str) -> None:
    text, faulty = decode(word.encode(codec)[:width], codec, cut=True)
    assert not faulty
    assert word.startswith(text)
    assert len(word.encode(codec)[:width]) - len(text.encode(codec)) < 4


@pytest.mark.parametrize(
    ("sound", "damaged", "codec", "code"),
    [
        (99, 1, "utf-8", "read-encoding-utf8-mostly"),
        (18, 2, "utf-8", "read-encoding-utf8-mostly"),
        (17, 3, "gb18030", "read-encoding-gb18030"),
        (9, 1, "gb18030", "read-encoding-gb18030"),
    ],
)
def test_a_few_damaged_texts_do_not_spoil_a_utf8_table(sound: int, damaged: int, codec: str, code: str) -> None:
    """All of these bytes are valid GB18030 as well, and would read 娴︿笢鏂板尯."""
    texts = [RawText("浦东新区".encode())] * sound + [RawText("徐汇区一号".encode("gbk"))] * damaged
    decision = decide_encoding(texts, "f", None, None)
    assert decision.codec == codec
    assert [note.code for note in decision.notes] == [code]


def test_a_table_of_ascii_has_no_question() -> None:
    assert decide_encoding([RawText(b"P1"), RawText(b"P2")], "f", None, "nonsense").notes == ()


@pytest.mark.parametrize(
    ("said", "codec"),
    [
        ("UTF-8", "utf-8"), ("utf8", "utf-8"), ("65001", "utf-8"), ("ANSI 936", "gb18030"), ("936", "gb18030"),
        ("GBK", "gb18030"), ("GB2312", "gb18030"), ("EUC-CN", "gb18030"), ("CP936", "gb18030"), ("LDID/77", "cp77"),
        ("Big5", "big5"), ("950", "big5"), ("ISO-8859-1", "iso8859-1"), ("88591", "iso8859-1"), ("1252", "cp1252"),
        ("OEM", None), ("", None), ("\x00", None), ("a b c", None),
    ],
)  # fmt: skip
def test_names_of_encodings_as_people_and_programs_write_them(said: str, codec: str | None) -> None:
    assert codec_of(said) == (None if codec == "cp77" else codec)


def test_texts_in_utf8_within_a_table_in_gbk_are_told(tmp_path: Path) -> None:
    rows = ["地块编号,区,备注", *(f"{number},浦东新区,产业项目类工业用地" for number in range(40))]
    raw = [row.encode("gb18030") for row in rows]
    raw[7] = rows[7].encode("utf-8")
    raw[20] = "20,浦东新区,".encode("gb18030") + "标准厂房，".encode()
    path = tmp_path / "p.csv"
    path.write_bytes(b"\n".join(raw))
    layer = open_layer(str(path), "attributes")
    content(layer)
    (found,) = [one for one in layer.findings if one.message.code == "read-text-two-encodings"]
    assert found.level is Level.ERROR
    assert {name: found.message.values[name] for name in ("count", "line", "text")} == {
        "count": 3, "line": 8, "text": "浦东新区",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_table_in_one_encoding_has_no_texts_in_another(tmp_path: Path, encoding: str) -> None:
    """Among all pairs of the most usual hanzi many are valid UTF-8 in GBK by chance."""
    usual = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xC8) for low in range(0xA1, 0xF0)]
    rows = [f"{number},{one}{usual[number * 7 % 1000]}{usual[number * 3 % 1000]}" for number, one in enumerate(usual)]
    path = tmp_path / "p.csv"
    path.write_text("\n".join(["编号,区", *rows]), encoding=encoding)
    layer = open_layer(str(path), "attributes")
    content(layer)
    assert layer.findings == ()
