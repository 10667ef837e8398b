"""JSON whose texts GDAL takes for dates, read from a copy in which they do not look like dates.

Of any text that begins like a date GDAL makes one, and 2021-09-31 becomes the first of October: even a parcel's number.
For GeoJSON it can be told not to (see ``vector``), for its other readers of JSON it cannot.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from landcheck import temporary

if TYPE_CHECKING:
    import pyarrow as pa

    from landcheck.read.drivers.vector import Known, Opening
    from landcheck.read.layer import Tell

GUESSING_DRIVERS = frozenset(("GeoJSONSeq", "TopoJSON", "JSONFG"))
GUESSED_TYPES = frozenset(("OFTDate", "OFTDateTime", "OFTTime"))
MARK = "\ue000"
LIKE_A_DATE = re.compile(rb'(:\s*")(?=\s*[-+]?[0-9]+(?:[-/:]|\\/))')
CHUNK = 1 << 20


def as_written(opening: Opening, known: Known) -> tuple[Opening, Known]:
    """The copy to open, and what is known of it: that the marks are to be taken away again."""
    folder = temporary.Folder()
    copy = Path(folder.name) / opening.path.name
    _marked(opening.path, copy)
    return replace(opening, path=copy), replace(known, decode=_unmarked, keep=(*known.keep, folder))


def _marked(path: Path, copy: Path) -> None:
    """Put a mark before what begins like a date; what is looked for holds no comma, so pieces end at one."""
    tail = b""
    with path.open("rb") as stream, copy.open("wb") as clean:
        while chunk := stream.read(CHUNK):
            window = tail + chunk
            end = window.rfind(b",") + 1
            clean.write(LIKE_A_DATE.sub(rb"\g<1>" + MARK.encode(), window[:end]))
            tail = window[end:]
        clean.write(LIKE_A_DATE.sub(rb"\g<1>" + MARK.encode(), tail))


def _unmarked(table: pa.RecordBatch, _: int, __: Tell) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [
        pc.replace_substring(column, MARK, "") if pa.types.is_string(column.type) else column
        for column in table.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if columns else table
