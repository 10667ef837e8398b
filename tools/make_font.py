"""Cut the Chinese font of the PDF report out of Noto Sans CJK: `python tools/make_font.py`.

Needs fontTools and two Debian packages: fonts-noto-cjk (the font) and unicode-data (which of the ideographs are among
the 8,105 of 通用规范汉字表). The same versions of these give the same bytes.
"""

from __future__ import annotations

import bz2
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FACE = "Noto Sans CJK SC"
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
TARGET = Path(__file__).parent.parent / "landcheck" / "report" / "pdf" / "font" / "LandcheckSansSC-Regular.otf"
# A name of its own: a cut font must not pass for the whole one where both are installed.
FAMILY = "Landcheck Sans SC"
# Copyright, unique id, version, trademark, licence and its address stay as they are.
NAMES = {1: FAMILY, 2: "Regular", 4: FAMILY, 6: "LandcheckSansSC-Regular"}
KEPT_NAMES = (0, 1, 2, 4, 5, 6, 7, 8, 9, 11, 13, 14)
# Latin with its accents, punctuation, raised digits, currency, letterlike, roman and circled numbers, arrows,
# comparison signs, boxes, CJK punctuation, squared units (㎡), full-width forms.
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x2089), (0x20A0, 0x20BF),
    (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF),
    (0x2605, 0x2606), (0x2713, 0x2717), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFF01, 0xFFEF),
)  # fmt: skip


def main() -> None:
    """Write the font and tell its size."""
    wanted = gb2312() | table_of_8105() | {point for first, last in RANGES for point in range(first, last + 1)}
    font = next(face for face in TTCollection(SOURCE).fonts if face["name"].getDebugName(4) == FACE)
    cut(font, wanted)
    rename(font)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.recalcTimestamp = False
    font.save(TARGET)
    lacking = (gb2312() | table_of_8105()) - set(TTFont(TARGET).getBestCmap())
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters, lacks {lacking}")  # noqa: T201


def gb2312() -> set[int]:
    """Every character of GB 2312."""
    rows = (bytes([0xA0 + row, 0xA0 + column]) for row in range(1, 88) for column in range(1, 95))
    return {ord(character) for pair in rows for character in pair.decode("gb2312", "ignore")}


def table_of_8105() -> set[int]:
    """The ideographs of 通用规范汉字表, by Unihan's kTGH."""
    lines = bz2.decompress(UNIHAN.read_bytes()).decode("utf-8").splitlines()
    return {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}


def cut(font: TTFont, wanted: set[int]) -> None:
    """Keep the wanted characters; no hints and no vertical forms, which a PDF read on screen and paper never uses."""
    options = subset.Options(
        layout_features=["kern"], hinting=False, notdef_outline=True, name_IDs=list(KEPT_NAMES), name_languages=[0x409],
        drop_tables=["vhea", "vmtx", "VORG", "BASE", "DSIG"], recalc_timestamp=False,
    )  # fmt: skip
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)


def rename(font: TTFont) -> None:
    """Give the font its own name, in the name table and in the CFF."""
    for identifier, name in NAMES.items():
        font["name"].setName(name, identifier, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [NAMES[6]]
    cff.topDictIndex[0].FullName = cff.topDictIndex[0].FamilyName = FAMILY


if __name__ == "__main__":
    main()
