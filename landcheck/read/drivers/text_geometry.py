"""Geometry written as text in a column: WKT, EWKT, or WKB as hexadecimal digits.

WKT with circular arcs becomes WKB of the same kinds, which shapely does not make; the arcs become lines elsewhere.
OGC 06-103r4 and ISO 13249-3. A member without a word is a line, in a multisurface a polygon; Z and M are left out.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from landcheck.model import DataFinding, Level
from landcheck.read.source import DataSource

NAMES = ("wkt", "geometry", "wkb", "geom", "the_geom", "wkb_geometry", "wkt_geom", "shape", "几何", "图形")
WKT = re.compile(
    r"\s*(?:SRID=(\d+);)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION"
    r"|CURVE|CURVEPOLYGON|COMPOUNDCURVE|CIRCULARSTRING|SURFACE)(?:ZM|Z|M)?\b",
    re.IGNORECASE,
)
HEX = re.compile(r"\s*0[01][0-9a-fA-F]{8,}\s*$")
WITH_SRID = 0x20000000
TOKEN = re.compile(r"\s*([A-Za-z]+|[(),]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
LINE, POLYGON, CIRCULAR = 2, 3, 8
KINDS = {
    "LINESTRING": LINE, "POLYGON": POLYGON, "GEOMETRYCOLLECTION": 7, "CIRCULARSTRING": CIRCULAR,
    "COMPOUNDCURVE": 9, "CURVEPOLYGON": 10, "MULTICURVE": 11, "MULTISURFACE": 12,
}  # fmt: skip
WORDLESS = {9: LINE, 10: LINE, 11: LINE, 12: POLYGON}
DEEPEST = 32


def geometry_column(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[int | None, str | None]:
    """The column that is named and filled like geometry, and the coordinate system its first value names."""
    for at, name in enumerate(columns):
        if name.strip().lower() in NAMES:
            values = [row[at] for row in rows if at < len(row) and isinstance(row[at], str) and row[at].strip()]
            if not values:
                continue
            if match := WKT.match(values[0]):
                return at, f"EPSG:{match.group(1)}" if match.group(1) else None
            if HEX.match(values[0]):
                return at, _srid(bytes.fromhex(values[0].strip()[:18]))
    return None, None


def _srid(wkb: bytes) -> str | None:
    """The coordinate system that the head of a geometry in EWKB names."""
    kind, srid = struct.unpack("<II" if wkb[0] == 1 else ">II", wkb[1:9].ljust(8, b"\x00"))
    return f"EPSG:{srid}" if kind & WITH_SRID else None


@dataclass(slots=True)
class TextGeometry:
    """Turns a column of text into WKB and remembers the values that are no geometry."""

    source: DataSource
    bad: list[int] = field(default_factory=list)

    def wkb(self, column: pa.Array, first_row: int) -> pa.Array:
        """The column as WKB, null where nothing or no geometry stands."""
        import pyarrow.compute as pc
        import shapely

        plain = pc.replace_substring_regex(column, r"^\s*(?i:SRID=\d+;)?\s*", "")
        texts = plain.to_numpy(zero_copy_only=False)
        is_hex = pc.fill_null(pc.match_substring_regex(plain, r"^0[01][0-9a-fA-F]{8,}\s*$"), False)
        hexed = is_hex.to_numpy(zero_copy_only=False)
        written = np.full(len(texts), None, object)
        written[~hexed] = _written(texts[~hexed], shapely.from_wkt, curved_wkb)
        written[hexed] = _written(texts[hexed], shapely.from_wkb, bytes.fromhex)
        bad = np.array([one is None for one in written], bool) & pc.is_valid(plain).to_numpy(zero_copy_only=False)
        self.bad += (np.flatnonzero(bad) + first_row + 1).tolist()
        return pa.array(written, pa.binary())

    def findings(self) -> Iterator[DataFinding]:
        """One error that counts the unreadable values."""
        if self.bad:
            values = {"count": len(self.bad), "row": self.bad[0]}
            yield self.source.finding(Level.ERROR, "read-shape-text", "data/geometry", **values)


def _written(texts: Any, read: Callable[..., Any], curved: Callable[[str], bytes | None]) -> Any:
    """The values as WKB, None for what is no geometry; a single curve among them stops shapely for all."""
    import shapely

    def one(text: str | None) -> Any:
        if text is None:
            return None
        try:
            return shapely.to_wkb(read(text, on_invalid="ignore"))
        except NotImplementedError:
            return curved(text)

    with np.errstate(all="ignore"):
        try:
            return shapely.to_wkb(read(texts, on_invalid="ignore"))
        except NotImplementedError:
            return np.array([one(text) for text in texts], object)


def curved_wkb(text: str) -> bytes | None:
    """The geometry written in this WKT, None where it is not valid."""
    try:
        parser = _WktParser(text)
        made = parser.geometry(None)
    except (ValueError, IndexError, KeyError):
        return None
    return made if parser.at == len(parser.tokens) else None


class _WktParser:
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
        return b"\x01" + struct.pack("<I", kind) + body

    def _kind(self, wordless: int | None) -> int:
        word = self.tokens[self.at]
        if word == "(" and wordless is not None:
            return wordless
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
