"""The entities of a drawing that GDAL passes over in silence, and that may bound ground: found in the file itself."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

from landcheck.read.drivers.cad_layer import Unread

BINARY = b"AutoCAD Binary DXF"
READ = (
    "POINT MTEXT TEXT ATTDEF ATTRIB SEQEND VERTEX LINE POLYLINE LWPOLYLINE CIRCLE ELLIPSE ARC SPLINE HELIX DIMENSION"
    " ARC_DIMENSION LARGE_RADIAL_DIMENSION HATCH SOLID TRACE 3DFACE LEADER MULTILEADER MLEADER"
)
NO_GROUND = (
    "ENDSEC EOF VIEWPORT XLINE RAY IMAGE WIPEOUT OLEFRAME OLE2FRAME TOLERANCE SHAPE LIGHT SUN RTEXT ARCALIGNEDTEXT"
    " ACAD_TABLE PDFUNDERLAY DGNUNDERLAY DWFUNDERLAY CAMERA GEOPOSITIONMARKER"
)
KNOWN = frozenset(f"{READ} {NO_GROUND}".split())
# a line "0" and then one with a letter: no group's number has letters
ENTITY = re.compile(rb"(?m)^[ \t]*0[ \t]*\r?\n[ \t]*([\w$]*[A-Za-z][\w$]*)[ \t]*\r?$")
IN_BINARY = re.compile(rb"\x00\x00([A-Z][A-Z0-9_]{2,})\x00")
STRUCTURE = ("SECTION", "BLOCK", "ENDBLK", "INSERT")
PAPER = ("*PAPER_SPACE", "$PAPER_SPACE")


def unread_entities(path: Path, codec: str) -> list[Unread]:
    """Those in model space, and in blocks that are inserted anywhere."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:32].startswith(BINARY):
            start = max(data.find(b"\x00BLOCKS\x00"), data.find(b"\x00ENTITIES\x00"), 0)
            end = data.find(b"\x00OBJECTS\x00", start)
            kinds = (found[1].decode() for found in IN_BINARY.finditer(data, start, end if end > 0 else len(data)))
            return [Unread(kind, None) for kind in kinds if kind not in KNOWN.union(STRUCTURE)]
        placed = list(_placed(data, codec))
    inserted = {block for kind, _, block, _ in placed if kind == "INSERT"}
    return [
        Unread(kind, layer)
        for kind, layer, _, home in placed
        if kind != "INSERT" and (home is None or home in inserted)
    ]


def _placed(data: mmap.mmap, codec: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Inserts and unread entities: kind, layer, group 2 (an insert's block), the block it stands in, None for none."""
    section = ""
    home: str | None = None
    for entity, after in pairwise(chain(ENTITY.finditer(data), (None,))):
        assert entity is not None
        kind = entity[1].decode("ascii", errors="replace").upper()
        if kind in KNOWN:
            continue
        groups = _groups(data[entity.end() : after.start() if after else len(data)], codec)
        if kind == "SECTION":
            section = groups.get("2", "").upper()
        elif kind in ("BLOCK", "ENDBLK"):
            home = groups.get("2", "") if kind == "BLOCK" else None
        elif section in ("BLOCKS", "ENTITIES") and not _on_paper(groups, home):
            yield kind, groups.get("8", "0"), groups.get("2", ""), home


def _on_paper(groups: dict[str, str], home: str | None) -> bool:
    return groups.get("67") == "1" or (home or "").upper().startswith(PAPER)


def _groups(raw: bytes, codec: str) -> dict[str, str]:
    """The groups of an entity by their number, of equal ones the first."""
    lines = [line.strip() for line in raw.decode(codec, errors="replace").split("\n")[1:]]
    groups: dict[str, str] = {}
    for number, value in zip(lines[::2], lines[1::2], strict=False):
        groups.setdefault(number, value)
    return groups
