"""Shapes of Shapely as WKB, the plain polygons among them all at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

Drawn = NDArray[np.object_]
Bools = NDArray[np.bool_]

POLYGON = 3
ONE_RING = np.frombuffer(b"\x01\x03\x00\x00\x00\x01\x00\x00\x00", np.uint8)
"""How a polygon of one ring begins, lowest byte first; the number of its points follows."""


def drawn_wkb(drawn: Drawn) -> pa.Array:
    """Shapes as ISO WKB, byte for byte as Shapely writes them; None stays null. ArrowInvalid for over two gigabytes."""
    plain = _plain(drawn)
    if plain.all():
        return _polygons(drawn)
    others = pa.array(shapely.to_wkb(drawn[~plain], flavor="iso"), pa.binary())
    places = np.argsort(np.argsort(~plain, kind="stable"))
    return pa.concat_arrays([_polygons(drawn[plain]), others]).take(pa.array(places))


def _plain(drawn: Drawn) -> Bools:
    """Which are polygons of one ring in two dimensions, and not empty."""
    polygon = (shapely.get_type_id(drawn) == POLYGON) & ~shapely.is_empty(drawn)
    flat = shapely.get_coordinate_dimension(drawn) == 2
    return np.asarray(polygon & flat & (shapely.get_num_interior_rings(drawn) == 0))


def _polygons(drawn: Drawn) -> pa.Array:
    count = shapely.get_num_coordinates(drawn)
    heads = np.empty((len(drawn), len(ONE_RING) + 4), np.uint8)
    heads[:, : len(ONE_RING)] = ONE_RING
    heads[:, len(ONE_RING) :] = count.astype("<u4")[:, None].view(np.uint8)
    points = shapely.get_coordinates(drawn).astype("<f8", copy=False)
    begins = np.full(len(drawn), heads.shape[1])
    return pc.binary_join_element_wise(_cut(heads, begins), _cut(points, count * points.strides[0]), b"")


def _cut(octets: NDArray[np.generic], lengths: NDArray[np.integer]) -> pa.Array:
    """The memory of an array in pieces of these lengths."""
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]), pa.int32())
    return pa.Array.from_buffers(pa.binary(), len(lengths), [None, offsets.buffers()[1], pa.py_buffer(octets)])
