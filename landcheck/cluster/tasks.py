"""What runs on the workers: pure functions of what they are sent, so that a task lost with its worker is done again."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyproj
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.facts.mapped import MappedLayer
from landcheck.facts.pools import PoolParts
from landcheck.facts.relations import BuildingParcels, locate_buildings, pools_of, shapes_of
from landcheck.geometry.overlap.pairs import Overlap, Overlaps
from landcheck.geometry.overlap.ringtable import Piece, Tile
from landcheck.read.drivers.columnar.parquet_files import ParquetParts
from landcheck.run.batches import Accumulators, Run
from landcheck.version import __version__

Floats = NDArray[np.float64]


@dataclass(slots=True)
class PartResult:
    """What a part of the parcels gave: what was collected of them, and the layer with what is wrong with it.

    ``digests``: of the files that begin in this part; ``middles`` (2, n): where some of its parcels lie.
    """

    collected: Accumulators
    parcels: MappedLayer
    digests: dict[str, str] = field(default_factory=dict)
    middles: Floats = field(default_factory=lambda: np.empty((2, 0)))

    def merge(self, other: PartResult) -> None:
        """Take in what the next part gave."""
        self.collected.merge(other.collected)
        self.parcels.merge(other.parcels)
        self.digests |= other.digests
        self.middles = np.concatenate([self.middles, other.middles], axis=1)


def version() -> str:
    """The landcheck of this worker."""
    return __version__


def packed(run: Run) -> bytes:
    """A run that has not begun, with its companions, as every task gets it."""
    companions = replace(run.companions, green=None, findings=[])
    if companions.floor_sums is not None:
        companions.buildings = None
    layers = {"parcels": replace(run.parcels, findings=[])}
    return pickle.dumps(replace(run, companions=companions, layers=layers, baseline=None))


def same(blob: bytes) -> bytes:
    """A task of its own, so that the workers hand the run on to each other, and one that lost it gets it again."""
    return blob


def buildings(blob: bytes, part: ParquetParts) -> BuildingParcels | None:
    """Which of these parcels the buildings stand on that name none."""
    run = _run(blob, part)
    return locate_buildings(run.companions, run.parcels, run.request)


def pools(blob: bytes, part: ParquetParts) -> PoolParts:
    """The pools these parcels belong to."""
    run = _run(blob, part)
    return pools_of(run.parcels, run.companions, run.request)


def judge(blob: bytes, part: ParquetParts) -> tuple[PartResult, Piece | None]:
    """These parcels through the ordinary stages; their rings by themselves, to be looked at with their neighbours'."""
    run = _run(blob, part)
    for batch in run.parcels.batches(run.request):
        run.add(batch)
    shared = run.collected.overlaps
    piece = None if shared.overlaps is None else shared.overlaps.given_up()
    shared.overlaps = None
    result = PartResult(run.collected, run.parcels)
    result.digests = {one.path: part.digest(one.path) for one in part.parts if not one.first_group}
    if piece is not None:
        result.middles = piece.middles()
    return result, piece


def first(judged: tuple[PartResult, Piece | None]) -> PartResult:
    """What a part gave, without its rings."""
    return judged[0]


def together(results: Sequence[PartResult]) -> PartResult:
    """What several parts that follow each other gave."""
    whole: PartResult = pickle.loads(pickle.dumps(results[0]))  # noqa: S301 - a copy: what a task is given stays as it was
    for other in results[1:]:
        whole.merge(other)
    return whole


def spread(judged: tuple[PartResult, Piece | None], tiles: Sequence[Tile]) -> dict[int, Piece]:
    """The rings of a part by the tiles they reach into."""
    piece = judged[1]
    pieces = {} if piece is None else {number: piece.within(tile) for number, tile in enumerate(tiles)}
    return {number: its for number, its in pieces.items() if len(its.table)}


def overlaps(crs: pyproj.CRS | None, least_m2: float, pieces: Sequence[Piece]) -> tuple[list[Overlap], bool]:
    """The overlaps among what reaches into a tile, and whether there are more than were looked for."""
    layer = Overlaps(crs, least_m2)
    for piece in pieces:
        layer.take(piece)
    return layer.finish(), layer.truncated


def parents(blob: bytes, part: ParquetParts, wanted: Sequence[str]) -> dict[str, bytes]:
    """The shapes of those of these parcels that surplus parts were split from."""
    run = _run(blob, part)
    return shapes_of(wanted, run.parcels, run.request)


def _run(blob: bytes, part: ParquetParts) -> Run:
    """A fresh run over some of the parcels. InputError where this worker does not see their file."""
    from pyarrow.fs import FileType

    for one in part.parts:
        if part.system.get_file_info(one.path).type != FileType.File:
            raise InputError("cluster-part-unseen", file=f"{part.source.file}/{one.name}".rstrip("/"))
    run: Run = pickle.loads(blob)  # noqa: S301 - the client's own
    run.parcels.source = part.layer(run.parcels.source.info)
    return run
