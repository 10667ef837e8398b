"""typst at work in a folder of its own, with the font of this package and nothing else; which letters the font has."""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from landcheck import temporary
from landcheck.errors import InternalError
from landcheck.messages.visible import shortened

FONTS = Path(__file__).parent / "font"
FAMILY = "Landcheck Sans SC"
MIDNIGHT = dt.time(tzinfo=dt.UTC)
PX_PER_INCH = 220

# A longer run without a place to break at would leave the page; in pieces it may break.
_LONG_RUN = re.compile(r"[!-~]{60}(?=[!-~])")


def installed() -> bool:
    """Whether typst is there: it comes with the extra ``pdf``."""
    return find_spec("typst") is not None


def pdf(files: Mapping[str, bytes], date: dt.date) -> bytes:
    """``main.typ`` among the files as PDF/A-2a and PDF/UA-1, dated midnight (UTC). InternalError if typst refuses."""
    # A document may not be without its identifier; of several pages one file comes back, never a list.
    return _set(files, format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=dt.datetime.combine(date, MIDNIGHT))


def png(svg: str, width_mm: float) -> bytes:
    """A picture as PNG, to be printed that wide."""
    sheet = f'#set page(width: {width_mm}mm, height: auto, margin: 0mm)\n#image("picture.svg", width: 100%)'
    return _set({"main.typ": sheet.encode(), "picture.svg": svg.encode()}, format="png", ppi=PX_PER_INCH)


def _set(files: Mapping[str, bytes], **how: Any) -> bytes:
    import typst

    with temporary.Folder() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        compiler = typst.Compiler(Path(folder) / "main.typ", root=folder, font_paths=fonts)
        try:
            made, warnings = compiler.compile_with_warnings(**how)
        except typst.TypstError as error:
            raise InternalError("pdf-refused", reason=error.message) from error
    # typst takes another font for one it does not find, and only warns.
    if warnings:
        raise InternalError("pdf-refused", reason=warnings[0].message)
    assert isinstance(made, bytes)
    return made


class Letters:
    """Spells texts for the font; ``lacking`` are the characters it had to tell by number."""

    def __init__(self) -> None:
        self.lacking: set[str] = set()

    def spell(self, text: str) -> str:
        """The text in one line, with nothing in it that is invisible or that the font lacks."""
        seen = shortened(text)
        missing = {character for character in seen if ord(character) not in covered()}
        self.lacking |= missing
        return "".join(numbered(one) if one in missing else one for one in seen) if missing else seen

    def breakable(self, text: str) -> str:
        """As ``spell``, long words in pieces."""
        return _LONG_RUN.sub("\\g<0>\u200b", self.spell(text))


def numbered(character: str) -> str:
    """A character by its number: ``[U+4E00]``."""
    return f"[U+{ord(character):04X}]"


@cache
def covered() -> frozenset[int]:
    """The code points of the font, from the format 12 subtable of its cmap (OpenType specification, cmap)."""
    data = (FONTS / "LandcheckSansSC-Regular.otf").read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    tables = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
    cmap = next(offset for name, _, offset, _ in tables if name == b"cmap")
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    offsets = (cmap + struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)[2] for i in range(count))
    at = next(offset for offset in offsets if struct.unpack_from(">H", data, offset) == (12,))
    (groups,) = struct.unpack_from(">I", data, at + 12)
    ranges = (struct.unpack_from(">III", data, at + 16 + 12 * i) for i in range(groups))
    return frozenset(point for first, last, _ in ranges for point in range(first, last + 1))
