"""What GDAL leaves out of a drawing in text: tags of block attributes, and the extended data (XDATA) of entities."""

from __future__ import annotations

import mmap
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

from landcheck.read.drivers.drawings.cad_drawing import CadMarks, decoded_text
from landcheck.read.drivers.drawings.dxf_unread import BINARY, ENTITY

ATTRIBUTE = re.compile(rb"(?m)^[ \t]*0[ \t]*\r?\nATTRIB[ \t]*\r?$")
EXTENDED = re.compile(rb"(?m)^[ \t]*1001[ \t]*\r?$")
VALUES = ("1000", "1040", "1070", "1071")
OF_THE_PROGRAM = ("ACAD", "ACDB", "ACAE", "AVE_")
"""How the names of applications begin whose extended data is CAD's own."""


def dxf_marks(path: Path, codec: str) -> CadMarks:
    """Those of a drawing in text; a binary one and one without handles have none here."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        extended = EXTENDED.search(raw) is not None
        if raw[:32].startswith(BINARY) or not (extended or ATTRIBUTE.search(raw)):
            return CadMarks()
        tags: dict[str, str] = {}
        data: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for entity, after in pairwise(chain(ENTITY.finditer(raw), (None,))):
            assert entity is not None
            span = raw[entity.end() : after.start() if after else len(raw)]
            attribute = entity[1].upper() == b"ATTRIB"
            if not attribute and not (extended and EXTENDED.search(span)):
                continue
            groups = list(_groups(span, codec))
            handle = next((value for number, value in groups if number == "5"), "")
            if attribute and (tag := next((value for number, value in groups if number == "2"), "")):
                tags[handle] = decoded_text(tag)
            for column, value in _extended(groups):
                data[column][handle] = decoded_text(value)
    return CadMarks(tags, data)


def _groups(raw: bytes, codec: str) -> Iterator[tuple[str, str]]:
    lines = [line.strip() for line in raw.decode(codec, errors="replace").split("\n")[1:]]
    return zip(lines[::2], lines[1::2], strict=False)


def _extended(groups: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The values of each application, by its name and their number."""
    application, count = "", 0
    for number, value in groups:
        if number == "1001":
            application, count = value, 0
        elif application and number in VALUES and not application.upper().startswith(OF_THE_PROGRAM):
            count += 1
            yield f"{application}.{count}", value
