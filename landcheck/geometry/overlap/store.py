"""Coordinates put aside in a temporary file, so that a layer of any size can be looked at again piece by piece."""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray

from landcheck.temporary import nameless_file

Points = NDArray[np.complex128]

BYTES = np.dtype(np.complex128).itemsize


class Store:
    """Points end to end. The file has no name and goes with the object."""

    def __init__(self) -> None:
        self._file = nameless_file(self)
        self._map: mmap.mmap | None = None
        self.points = 0

    def append(self, points: Points) -> int:
        """Puts points at the end; their first place."""
        first = self.points
        self._map = None
        self._file.write(np.ascontiguousarray(points).data)
        self.points += len(points)
        return first

    def take(self, at: NDArray[np.int64]) -> Points:
        """The points at those places."""
        if not len(at):
            return np.empty(0, np.complex128)
        if self._map is None:
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), self.points * BYTES, access=mmap.ACCESS_READ)
            self._advise("MADV_RANDOM")
        taken = np.frombuffer(self._map, np.complex128).take(at)
        self._advise("MADV_DONTNEED")
        return taken

    def whole(self) -> Points:
        """All points."""
        return self.take(np.arange(self.points))

    def _advise(self, what: str) -> None:
        """Keeps the pages read from counting as memory in use, where the system can be told."""
        if self._map is not None and hasattr(mmap, what):
            self._map.madvise(getattr(mmap, what))
