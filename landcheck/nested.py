"""Collections within collections: GEOS follows them without end and takes the process with it; it gets none so deep."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

DEEPEST = 32
A_LEVEL = 9  # bytes: order, kind, number of members
COLLECTION = re.compile(
    rb"\x01(?:\x07\x00|\xef\x03|\xd7\x07|\xbf\x0b)\x00[\x00\x20\x40\x60\x80\xa0\xc0\xe0]"
    rb"|\x00[\x00\x20\x40\x60\x80\xa0\xc0\xe0]\x00(?:\x00\x07|\x03\xef|\x07\xd7|\x0b\xbf)"
)
"""The head of a collection in WKB: either order of bytes, with Z and M as ISO or PostGIS write them."""


def within_depth(raw: NDArray[np.object_]) -> NDArray[np.object_]:
    """The WKB (bytes), None in the place of what may hold collections within collections beyond reason."""
    deep = [at for at, one in enumerate(raw) if one is not None and len(one) > DEEPEST * A_LEVEL and _deep(one)]
    if deep:
        raw = raw.copy()
        raw[deep] = None
    return raw


def written_within_depth(texts: pa.Array) -> pa.Array:
    """The same of WKT: which of the texts are not too deep; null where there is none."""
    return pc.less(pc.count_substring(texts, "COLLECTION", ignore_case=True), DEEPEST)


def _deep(wkb: bytes) -> bool:
    return COLLECTION.match(wkb) is not None and sum(1 for _ in COLLECTION.finditer(wkb)) > DEEPEST
