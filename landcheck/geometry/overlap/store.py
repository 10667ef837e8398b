"""Temporary files that are looked into as memory, and the points of a layer in one."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.geometry.shapes.rings import Points
from landcheck.temporary import nameless_file

POINT = np.dtype(np.complex128)


class Mapped:
    """Memory that lies in a file without a name. It goes with the object."""

    def __init__(self) -> None:
        self._file, self.size = nameless_file(self), 0
        self._map: mmap.mmap | None = None

    def append(self, memory: memoryview) -> None:
        """Put something at the end."""
        self._map = None
        self._file.write(memory)
        self.size += memory.nbytes

    def take(self, at: NDArray[np.integer] | slice, kind: np.dtype[Any]) -> NDArray[Any]:
        """The things of that kind at those places, in memory of their own.

        What was looked at no longer counts as memory in use, where the system can be told.
        """
        if not self.size:
            return np.empty(0, kind)
        if self._map is None:
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            self._advise("MADV_RANDOM")
        held = np.frombuffer(self._map, kind)
        taken: NDArray[Any] = held[at].copy() if isinstance(at, slice) else held.take(at)
        self._advise("MADV_DONTNEED")
        return taken

    def _advise(self, what: str) -> None:
        if self._map is not None and hasattr(mmap, what):
            self._map.madvise(getattr(mmap, what))


class Store:
    """Points end to end."""

    def __init__(self) -> None:
        self._held = Mapped()
        self.points = 0

    def append(self, points: Points) -> int:
        """Puts points at the end; their first place."""
        first = self.points
        self._held.append(np.ascontiguousarray(points).data)
        self.points += len(points)
        return first

    def take(self, at: NDArray[np.int64] | slice) -> Points:
        """The points at those places."""
        return self._held.take(at, POINT)

    def whole(self) -> Points:
        """All points."""
        return self.take(slice(None))
