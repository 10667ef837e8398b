"""Geometries within geometries: GEOS follows them without end and takes the process with it; it gets none so deep."""

from __future__ import annotations

import struct

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

DEEPEST = 32
HARMLESS = 4096
"""Bytes of WKB or signs of WKT that hold no more than some 450 levels: they are not looked into."""
POINT, LINE, POLYGON, CIRCULAR, TRIANGLE = 1, 2, 3, 8, 17


def within_depth(raw: NDArray[np.object_]) -> NDArray[np.object_]:
    """The WKB (bytes), None in the place of what holds geometries within geometries beyond reason."""
    deep = [at for at, one in enumerate(raw) if one is not None and len(one) > HARMLESS and _deep(one)]
    if deep:
        raw = raw.copy()
        raw[deep] = None
    return raw


def written_within_depth(texts: pa.Array) -> pa.Array:
    """The same of WKT: which of the texts are not too deep; null where there is none."""
    long = np.flatnonzero(np.asarray(pc.fill_null(pc.greater(pc.binary_length(texts), HARMLESS), False)))
    within = np.ones(len(texts), bool)
    within[long] = [not _written_deep(text) for text in texts.take(pa.array(long)).to_pylist()]
    return pa.array(within, mask=np.asarray(texts.is_null()))


def head(wkb: bytes, at: int) -> tuple[str, int, int, int]:
    """Of the WKB that begins there, as ISO or PostGIS writes it: order, kind, numbers a point, where what follows is.

    struct.error or IndexError where it breaks off.
    """
    order = "<" if wkb[at] == 1 else ">"
    (kind,) = struct.unpack_from(order + "I", wkb, at + 1)
    thousands, plain = divmod(kind & 0xFFFF, 1000)
    wide = 2 + (bool(kind & 0x80000000) or thousands in (1, 3)) + (bool(kind & 0x40000000) or thousands in (2, 3))
    return order, plain, wide, at + (9 if kind & 0x20000000 else 5)


def _deep(wkb: bytes) -> bool:
    """What breaks off before, GEOS refuses itself."""
    at, left = 0, [1]  # members to come, of each geometry around
    try:
        while left and len(left) <= DEEPEST:
            if not left[-1]:
                left.pop()
                continue
            left[-1] -= 1
            order, kind, wide, at = head(wkb, at)
            if kind in (POINT, LINE, POLYGON, CIRCULAR, TRIANGLE):
                at = _end(wkb, at, order, kind, 8 * wide)
            else:
                left += struct.unpack_from(order + "I", wkb, at)
                at += 4
    except (struct.error, IndexError):
        return False
    return bool(left)


def _end(wkb: bytes, at: int, order: str, kind: int, width: int) -> int:
    """Where a geometry without others in it ends; ``width``: bytes a point."""
    if kind == POINT:
        return at + width
    runs = 1
    if kind in (POLYGON, TRIANGLE):
        (runs,) = struct.unpack_from(order + "I", wkb, at)
        at += 4
    for _ in range(runs):
        at += 4 + width * struct.unpack_from(order + "I", wkb, at)[0]
    return at


def _written_deep(text: str) -> bool:
    signs = np.frombuffer(text.encode(), np.uint8)
    return int(np.cumsum((signs == ord("(")).astype(np.int64) - (signs == ord(")"))).max()) > DEEPEST + 2
