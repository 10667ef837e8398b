"""The letters the font has; a character it lacks is told by its number, for PDF/A allows no empty box in its place."""

from __future__ import annotations

import re
import struct
from collections import Counter
from functools import cache
from pathlib import Path

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
