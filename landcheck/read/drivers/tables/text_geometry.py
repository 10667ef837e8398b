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

from landcheck.fields.cells import set_aside
from landcheck.model import DataFinding, Level
from landcheck.nested import within_depth, written_within_depth
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
    """The column that is named and filled like geometry, and the coordinate system its first good value names."""
    for at, name in enumerate(columns):
        if name.strip().lower() in NAMES:
            values = [row[at] for row in rows if at < len(row) and isinstance(row[at], str) and row[at].strip()]
            for value in values:
                if match := WKT.match(value):
                    return at, f"EPSG:{match.group(1)}" if match.group(1) else None
                if HEX.match(value):
                    return at, _srid(_from_hex(value.strip()[:18]) or b"")
    return None, None


def _srid(wkb: bytes) -> str | None:
    """The coordinate system that the head of a geometry in EWKB names."""
    kind, srid = struct.unpack("<II" if wkb[:1] == b"\x01" else ">II", wkb[1:9].ljust(8, b"\x00"))
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

        plain = pc.replace_substring_regex(set_aside(column)[0], r"^\s*(?i:SRID=\d+;)?\s*", "")
        is_hex = pc.fill_null(pc.match_substring_regex(plain, r"^0[01][0-9a-fA-F]{8,}\s*$"), False)
        hexed = is_hex.to_numpy(zero_copy_only=False)
        written = np.full(len(plain), None, object)
        shallow = pc.if_else(written_within_depth(plain), plain, pa.scalar(None, pa.string()))
        texts = shallow.to_numpy(zero_copy_only=False).copy()
        binary = within_depth(np.array([_from_hex(text) for text in texts[hexed]], object))
        texts[hexed] = np.where([one is None for one in binary], None, texts[hexed])
        written[~hexed] = _written(texts[~hexed], shapely.from_wkt, curved_wkb)
        written[hexed] = _written(texts[hexed], shapely.from_wkb, _from_hex)
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


def _from_hex(text: str) -> bytes | None:
    return bytes.fromhex(text) if len(text) % 2 == 0 else None


def curved_wkb(text: str) -> bytes | None:
    """The geometry written in this WKT, None where it is not valid."""
    found = list(TOKEN.finditer(text))
    tokens = [token[1].upper() for token in reversed(found)]
    try:
        made = _geometry(tokens, None, 0)
    except (ValueError, IndexError, KeyError):
        return None
    return None if tokens or sum(len(token[0]) for token in found) != len(text.rstrip()) else made


def _geometry(tokens: list[str], wordless: int | None, depth: int) -> bytes:
    """One geometry, taken off the end of the words; ``wordless``: the kind of a member that stands without its word."""
    if depth == DEEPEST:
        raise ValueError
    kind = wordless
    if tokens[-1] != "(" or kind is None:
        word = tokens.pop()
        kind = KINDS.get(word) or KINDS[re.sub("(ZM|Z|M)$", "", word)]
        for dimensions in ("ZM", "Z", "M"):
            tokens[-1:] = [] if tokens[-1] == dimensions else tokens[-1:]
    head = b"\x01" + struct.pack("<I", kind)
    if tokens[-1] == "EMPTY":
        tokens.pop()
        return head + struct.pack("<I", 0)
    if kind in (LINE, CIRCULAR):
        return head + _points(tokens, odd=kind == CIRCULAR)
    if kind == POLYGON:
        return head + _counted(_members(tokens, lambda: _points(tokens)))
    return head + _counted(_members(tokens, lambda: _geometry(tokens, WORDLESS.get(kind), depth + 1)))


def _members(tokens: list[str], member: Callable[[], bytes]) -> list[bytes]:
    """Members in brackets, with commas between them."""
    if tokens.pop() != "(":
        raise ValueError
    members = [member()]
    while (mark := tokens.pop()) == ",":
        members.append(member())
    if mark != ")":
        raise ValueError
    return members


def _points(tokens: list[str], *, odd: bool = False) -> bytes:
    """The points of a line; of arcs there are an odd number, as each ends where the next begins."""

    def point() -> bytes:
        numbers = []
        while tokens[-1] not in (",", ")"):
            numbers.append(float(tokens.pop()))
        if not 2 <= len(numbers) <= 4:
            raise ValueError
        return struct.pack("<2d", *numbers[:2])

    points = _members(tokens, point)
    if odd and len(points) % 2 == 0:
        raise ValueError
    return _counted(points)


def _counted(members: list[bytes]) -> bytes:
    return struct.pack("<I", len(members)) + b"".join(members)
