"""WKT with circular arcs as WKB of the same kinds, which shapely does not make; the arcs become lines elsewhere.

OGC 06-103r4 and ISO 13249-3. A member without a word is a line, in a multisurface a polygon; Z and M are left out.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

TOKEN = re.compile(r"\s*([A-Za-z]+|[(),]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
LINE, POLYGON, COLLECTION, CIRCULAR = 2, 3, 7, 8
KINDS = {
    "LINESTRING": LINE, "POLYGON": POLYGON, "GEOMETRYCOLLECTION": COLLECTION, "CIRCULARSTRING": CIRCULAR,
    "COMPOUNDCURVE": 9, "CURVEPOLYGON": 10, "MULTICURVE": 11, "MULTISURFACE": 12,
}  # fmt: skip
WORDLESS = {9: LINE, 10: LINE, 11: LINE, 12: POLYGON}
DEEPEST = 32
HEAD = b"\x01"


def curved_wkb(text: str) -> bytes | None:
    """The geometry written there, None where it is no valid WKT."""
    try:
        reader = _Reader(text)
        made = reader.geometry(None)
    except (ValueError, IndexError, KeyError):
        return None
    return made if reader.at == len(reader.tokens) else None


class _Reader:
    """Goes through the words once."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        self.at = self.depth = end = 0
        while end < len(text.rstrip()):
            if (found := TOKEN.match(text, end)) is None:
                raise ValueError
            self.tokens.append(found[1].upper())
            end = found.end()

    def geometry(self, wordless: int | None) -> bytes:
        """One geometry; ``wordless`` is the kind of a member that stands without its word."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError
        kind = self._kind(wordless)
        if self._takes("EMPTY"):
            body = struct.pack("<I", 0)
        elif kind in (LINE, CIRCULAR):
            body = self._points(odd=kind == CIRCULAR)
        elif kind == POLYGON:
            body = _counted(self._list(self._points))
        else:
            body = _counted(self._list(lambda: self.geometry(WORDLESS.get(kind))))
        self.depth -= 1
        return HEAD + struct.pack("<I", kind) + body

    def _kind(self, wordless: int | None) -> int:
        if self.tokens[self.at] == "(" and wordless is not None:
            return wordless
        word = self.tokens[self.at]
        self.at += 1
        kind = KINDS.get(word) or KINDS[re.sub("(ZM|Z|M)$", "", word)]
        for dimensions in ("ZM", "Z", "M"):
            self._takes(dimensions)
        return kind

    def _takes(self, token: str) -> bool:
        taken = self.tokens[self.at] == token
        self.at += taken
        return taken

    def _list(self, member: Callable[[], bytes]) -> list[bytes]:
        """Members in brackets, with commas between them."""
        if not self._takes("("):
            raise ValueError
        members = [member()]
        while self._takes(","):
            members.append(member())
        if not self._takes(")"):
            raise ValueError
        return members

    def _points(self, *, odd: bool = False) -> bytes:
        """The points of a line; of arcs there are an odd number, as each ends where the next begins."""
        points = self._list(self._point)
        if odd and len(points) % 2 == 0:
            raise ValueError
        return _counted(points)

    def _point(self) -> bytes:
        first = self.at
        while self.tokens[self.at] not in (",", ")"):
            self.at += 1
        numbers = [float(token) for token in self.tokens[first : self.at]]
        if not 2 <= len(numbers) <= 4:
            raise ValueError
        return struct.pack("<2d", *numbers[:2])


def _counted(members: list[bytes]) -> bytes:
    return struct.pack("<I", len(members)) + b"".join(members)
