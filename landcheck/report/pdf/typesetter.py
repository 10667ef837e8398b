"""typst at work in a folder of its own, with the font of this package and nothing else; which letters the font has."""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from landcheck import temporary
from landcheck.errors import InternalError
from landcheck.report.text import visible

FILE = Path(__file__).parent / "font" / "LandcheckSansSC-Regular.otf"
FAMILY = "Landcheck Sans SC"

# A run this long without a place to break at would leave its column; in pieces it may break.
_LONG_RUN = re.compile(r"[!-~]{24}(?=[!-~]{8})")


class Letters:
    """Spells texts for the font and remembers what it had to tell by number."""

    def __init__(self) -> None:
        self.lacking: Counter[str] = Counter()

    def spell(self, text: str) -> str:
        """The text in one line, with nothing in it that is invisible or that the font lacks."""
        seen = visible(text)
        if covered().issuperset(map(ord, seen)):
            return seen
        return "".join(character if ord(character) in covered() else self._numbered(character) for character in seen)

    def breakable(self, text: str) -> str:
        """As ``spell``, long words in pieces."""
        return _LONG_RUN.sub("\\g<0>\u200b", self.spell(text))

    def _numbered(self, character: str) -> str:
        self.lacking[character] += 1
        return numbered(character)


def numbered(character: str) -> str:
    """A character by its number: ``[U+4E00]``."""
    return f"[U+{ord(character):04X}]"


@cache
def covered() -> frozenset[int]:
    """The code points of the font, from the format 12 subtable of its cmap (OpenType specification, cmap)."""
    data = FILE.read_bytes()
    at = _subtable(data, _table(data, b"cmap"))
    (groups,) = struct.unpack_from(">I", data, at + 12)
    ranges = (struct.unpack_from(">III", data, at + 16 + 12 * i) for i in range(groups))
    return frozenset(point for first, last, _ in ranges for point in range(first, last + 1))


def _table(data: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
    return next(int(offset) for name, _, offset, _ in records if name == tag)


def _subtable(data: bytes, cmap: int) -> int:
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    offsets = (cmap + struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)[2] for i in range(count))
    return next(int(offset) for offset in offsets if struct.unpack_from(">H", data, offset) == (12,))


FONTS = Path(__file__).parent / "font"
MIDNIGHT = dt.time(tzinfo=dt.UTC)
PX_PER_INCH = 220


def installed() -> bool:
    """Whether typst is there: it comes with the extra ``pdf``."""
    return find_spec("typst") is not None


def pdf(files: Mapping[str, bytes], date: dt.date) -> bytes:
    """``main.typ`` among the files as PDF/A-2b, dated midnight (UTC) of that day. InternalError where typst refuses."""
    made = _set(files, format="pdf", pdf_standards=["a-2b"], timestamp=dt.datetime.combine(date, MIDNIGHT))
    # A document may not be without its identifier; of several pages one file comes back, never a list.
    assert isinstance(made, bytes)
    return made


def png(svg: str, width_mm: float) -> bytes:
    """A picture as PNG, to be printed that wide."""
    sheet = f'#set page(width: {width_mm}mm, height: auto, margin: 0mm)\n#image("picture.svg", width: 100%)'
    made = _set({"main.typ": sheet.encode(), "picture.svg": svg.encode()}, format="png", ppi=PX_PER_INCH)
    assert isinstance(made, bytes)
    return made


def _set(files: Mapping[str, bytes], **how: Any) -> Any:
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
    return made
