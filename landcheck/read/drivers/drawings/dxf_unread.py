"""The entities of a drawing that GDAL passes over in silence, or draws roughly (SPLINE), and that may bound ground:
found in the file itself."""

from __future__ import annotations

import mmap
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

from landcheck.read.drivers.drawings.cad_layer import Unread
from landcheck.read.drivers.drawings.cad_splines import Points as Curve
from landcheck.read.drivers.drawings.cad_splines import spline_points
from landcheck.read.source import DataSource

BINARY = b"AutoCAD Binary DXF"
READ = (
    "POINT MTEXT TEXT ATTDEF ATTRIB SEQEND VERTEX LINE POLYLINE LWPOLYLINE CIRCLE ELLIPSE ARC HATCH SOLID TRACE 3DFACE"
)
NO_GROUND = (
    "ENDSEC EOF VIEWPORT XLINE RAY IMAGE OLEFRAME OLE2FRAME TOLERANCE SHAPE LIGHT SUN RTEXT ARCALIGNEDTEXT"
    " ACAD_TABLE PDFUNDERLAY DGNUNDERLAY DWFUNDERLAY CAMERA GEOPOSITIONMARKER"
)
DRAWN = "DIMENSION ARC_DIMENSION LARGE_RADIAL_DIMENSION LEADER MULTILEADER MLEADER WIPEOUT"
"""What is no ground either, and is drawn by GDAL all the same, arrows as areas."""
KNOWN = frozenset(f"{READ} {NO_GROUND} {DRAWN}".split())
NAMES = "|".join(f"(?<={kind[0]}){kind[1:]}" for kind in DRAWN.split()).encode()
TEXT_NAME = rb"(?m)^([ \t]*0[ \t]*\r?\n[ \t]*)[ADLMW]((?:%s)[ \t]*\r?)$" % NAMES
BINARY_NAME, OLD_NAME = (rb"(%s)[ADLMW]((?:%s)\x00)" % (begin, NAMES) for begin in (rb"\x00\x00", rb"\x00"))
# a line "0" and then one with a letter: no group's number has letters
ENTITY = re.compile(rb"(?m)^[ \t]*0[ \t]*\r?\n[ \t]*([\w$]*[A-Za-z][\w$]*)[ \t]*\r?$")
IN_BINARY = re.compile(rb"\x00\x00([A-Z][A-Z0-9_]{2,})\x00")
IN_OLD_BINARY = re.compile(rb"\x00([A-Z][A-Z0-9_]{2,})\x00")
STRUCTURE = ("SECTION", "BLOCK", "ENDBLK", "INSERT")
PAPER = ("*PAPER_SPACE", "$PAPER_SPACE")


class Found(NamedTuple):
    """An entity that GDAL does not read as it should: of an insert its block, where it stands in a block that one's
    name; of a curve in model space its handle and its points."""

    kind: str
    layer: str | None
    block: str = ""
    home: str | None = None
    handle: str = ""
    curve: Curve | None = None


def without_drawn(source: DataSource) -> DataSource:
    """The drawing as a copy in which what is no ground has a name that GDAL passes over; itself, where there is none.

    The copy has the same length: only the first letter of such a name is another.
    """
    data = source.path.read_bytes()
    found = re.compile(TEXT_NAME if not data.startswith(BINARY) else OLD_NAME if _is_old(data) else BINARY_NAME)
    if found.search(data) is None:
        return source
    copy = source.placed()
    copy.path.write_bytes(found.sub(rb"\1X\2", data))
    return copy


def _is_old(data: bytes | mmap.mmap) -> bool:
    """Whether a binary drawing is one of R12 or before, whose groups have numbers of one byte."""
    return data[len(BINARY) + 5 : len(BINARY) + 6] == b"S"


def unread_entities(path: Path, codec: str) -> tuple[list[Unread], dict[str, Curve]]:
    """Those in model space, and in blocks that are inserted anywhere; apart from them, by handle, the curves that can
    be drawn."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:32].startswith(BINARY):
            start = max(data.find(b"\x00BLOCKS\x00"), data.find(b"\x00ENTITIES\x00"), 0)
            end = data.find(b"\x00OBJECTS\x00", start)
            pattern = IN_OLD_BINARY if _is_old(data) else IN_BINARY
            kinds = (found[1].decode() for found in pattern.finditer(data, start, end if end > 0 else len(data)))
            return [Unread(kind, None) for kind in kinds if kind not in KNOWN.union(STRUCTURE)], {}
        placed = list(_placed(data, codec))
    inserted = {one.block for one in placed if one.kind == "INSERT"}
    times = Counter(one.handle for one in placed)
    curves = {
        one.handle: one.curve for one in placed if one.curve is not None and one.handle and times[one.handle] == 1
    }
    unread = [
        Unread(one.kind, one.layer)
        for one in placed
        if one.kind != "INSERT" and one.handle not in curves and (one.home is None or one.home in inserted)
    ]
    return unread, curves


def _placed(data: mmap.mmap, codec: str) -> Iterator[Found]:
    """Inserts and entities that are not read, each with the block it stands in, None for none."""
    section = ""
    home: str | None = None
    for entity, after in pairwise(chain(ENTITY.finditer(data), (None,))):
        assert entity is not None
        kind = entity[1].decode("ascii", errors="replace").upper()
        if kind in KNOWN:
            continue
        groups = _groups(data[entity.end() : after.start() if after else len(data)], codec)
        first = {number: values[0] for number, values in groups.items()}
        if kind == "SECTION":
            section = first.get("2", "").upper()
        elif kind in ("BLOCK", "ENDBLK"):
            home = first.get("2", "") if kind == "BLOCK" else None
        elif section in ("BLOCKS", "ENTITIES") and not _on_paper(first, home):
            curve = _curve(groups) if kind == "SPLINE" and home is None else None
            yield Found(kind, first.get("8", "0"), first.get("2", ""), home, first.get("5", ""), curve)


def _curve(groups: dict[str, list[str]]) -> Curve | None:
    """The points of a SPLINE; None where its groups are no curve."""
    try:
        numbers = [list(map(float, groups.get(number, ()))) for number in ("40", "41", "10", "20")]
        knots, weights, x, y = numbers
        return spline_points(int(groups["71"][0]), knots, list(zip(x, y, strict=True)), weights)
    except (ValueError, KeyError):
        return None


def _on_paper(groups: dict[str, str], home: str | None) -> bool:
    return groups.get("67") == "1" or (home or "").upper().startswith(PAPER)


def _groups(raw: bytes, codec: str) -> dict[str, list[str]]:
    """The groups of an entity by their number."""
    lines = [line.strip() for line in raw.decode(codec, errors="replace").split("\n")[1:]]
    groups: dict[str, list[str]] = {}
    for number, value in zip(lines[::2], lines[1::2], strict=False):
        groups.setdefault(number, []).append(value)
    return groups
