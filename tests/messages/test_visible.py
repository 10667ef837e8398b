"""One gate for whatever leaves the program: nothing in it is unseen, and nothing is obeyed."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

from landcheck.messages.visible import escaped, logged, printed, shortened, visible

# Default_Ignorable_Code_Point, DerivedCoreProperties of the Unicode Character Database
IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip


def test_every_character_that_is_not_seen_is_spelled() -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    unseen = {chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) in hidden}
    unseen |= {chr(point) for first, last in IGNORABLE for point in range(first, last + 1)}
    assert {character for character in unseen if visible(character) == character} == set()


def test_what_is_seen_stays() -> None:
    for text in ("地块㎡ 五(二)", "P-01/é²", "a\u3000b\xa0c", "\ue000", "{[<&;'\"\\|"):
        assert visible(text) == logged(text) == printed(text) == escaped(text) == text


@pytest.mark.parametrize(
    ("character", "spelled"), [("\ufffe", "\\ufffe"), ("\uffff", "\\uffff"), ("\U0010fffe", "\\U0010fffe")]
)
def test_a_noncharacter_is_spelled(character: str, spelled: str) -> None:
    assert visible(f"a{character}b") == f"a{spelled}b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", ": :error::x"), ("  ::error::x", "  : :error::x"), ("a\n::error::x", "a\n: :error::x"),
        ("a\r::error::x", "a\\r::error::x"), ("\rdone", "\rdone"), ("\r  \r", "\r  \r"), ("a::b", "a::b"),
        ("x ##[error]y", "x # #[error]y"), ("##vso[x]", "# #vso[x]"), ("\x1b[1mx", "\\x1b[1mx"),
    ],
)  # fmt: skip
def test_a_log_holds_no_command(text: str, shown: str) -> None:
    assert logged(text) == shown


def test_a_very_long_name_is_shown_shortened_with_its_length() -> None:
    assert shortened(f"parcel {'长' * 10_000} (row 1)") == f"parcel {'长' * 60}…(10,000) (row 1)"
    assert shortened("A" * 200) == "A" * 200
    assert shortened("A" * 201) == "A" * 60 + "…(201)"
    assert shortened("a b" * 10_000) == ("a b" * 10_000)[:5_000] + "…(30,000)"
    assert shortened("\x1b") == "\\x1b"


def test_what_is_printed_keeps_its_lines_and_colours() -> None:
    assert printed("\x1b[1;31mred\x1b[0m\n\x1b]8;;x\x07\x9b") == "\x1b[1;31mred\x1b[0m\n\\x1b]8;;x\\x07\\x9b"


def test_json_escapes_what_is_unseen() -> None:
    text = "a\u202e\x9b\x7f\U000e0100\u3164b"
    written = escaped(json.dumps(text, ensure_ascii=False))
    assert written.isascii()
    assert json.loads(written) == text


def test_radicals_and_compatibility_ideographs_are_shown_by_ordinary_characters() -> None:
    copied = "⼯⽤地 來 ㎡ ①"  # as they come out of some PDFs; signs that are meant stay
    assert (shortened(copied), visible(copied)) == ("工用地 來 ㎡ ①", copied)
