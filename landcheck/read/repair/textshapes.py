"""Geometry written as text in a column: WKT, EWKT, or WKB as hexadecimal digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.layer import about_file
from landcheck.read.repair.curvetext import curved_wkb

if TYPE_CHECKING:
    import pyarrow as pa

NAMES = ("wkt", "geometry", "wkb", "geom", "the_geom", "wkb_geometry", "wkt_geom", "shape", "几何", "图形")
WKT = re.compile(
    r"\s*(?:SRID=(\d+);)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION"
    r"|CURVE|CURVEPOLYGON|COMPOUNDCURVE|CIRCULARSTRING|SURFACE)(?:ZM|Z|M)?\b",
    re.IGNORECASE,
)
HEX = re.compile(r"\s*0[01][0-9a-fA-F]{8,}\s*$")
WITH_SRID = 0x20000000


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
                return at, _srid(values[0].strip())
    return None, None


def _srid(digits: str) -> str | None:
    raw = bytes.fromhex(digits[:18])
    order = "little" if raw[0] == 1 else "big"
    if not int.from_bytes(raw[1:5], order) & WITH_SRID:  # type: ignore[arg-type]  # one of the two words
        return None
    return f"EPSG:{int.from_bytes(raw[5:9], order)}"  # type: ignore[arg-type]


@dataclass(slots=True)
class Shapes:
    """Turns a column of text into WKB and remembers the values that are no geometry."""

    role: str
    file: str
    bad: list[int] = field(default_factory=list)

    def wkb(self, column: pa.Array, first_row: int) -> pa.Array:
        """The column as WKB, null where nothing or no geometry stands."""
        import numpy as np
        import pyarrow as pa
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
            values = {"file": self.file, "count": len(self.bad), "row": self.bad[0]}
            message = Message("read-shape-text", values)
            yield about_file("data/geometry", Level.ERROR, self.role, message, self.bad[0])


def _written(texts: Any, read: Callable[..., Any], curved: Callable[[str], bytes | None]) -> Any:
    """The values as WKB, None for what is no geometry; a single curve among them stops shapely for all."""
    import numpy as np
    import shapely

    with np.errstate(all="ignore"):
        try:
            return shapely.to_wkb(read(texts, on_invalid="ignore"))
        except NotImplementedError:
            return np.array([None if text is None else _one(text, read, curved) for text in texts], object)


def _one(text: str, read: Callable[..., Any], curved: Callable[[str], bytes | None]) -> bytes | None:
    import shapely

    try:
        made: bytes | None = shapely.to_wkb(read(text, on_invalid="ignore"))
    except NotImplementedError:
        return curved(text)
    return made
