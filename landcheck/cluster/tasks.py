"""What runs on the workers: pure functions of what they are sent, so that a task lost with its worker is done again."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyproj
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.facts.companions import Around
from landcheck.facts.pools import Pools
from landcheck.facts.relations import Homes, locate_buildings, pools_of, shapes_of
from landcheck.geometry.overlap.pairs import Overlap, Overlaps
from landcheck.geometry.overlap.ringtable import Piece, Tile
from landcheck.read.drivers.parts import Parts
from landcheck.run.stages import Run
from landcheck.version import __version__

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Given:
    """What a part of the parcels gave: the run's accumulators, and what does not belong to the run.

    ``met``: as ``Around.met`` gives it; ``digests``: of the files that begin in this part; ``middles`` (2, n): where
    some of its parcels lie.
    """

    run: Run
    met: list[NDArray[np.bool_]]
    digests: dict[str, str]
    middles: Floats

    @classmethod
    def none(cls, run: Run) -> Given:
        """What no part gave yet, into that run."""
        return cls(run, run.around.met(), {}, np.empty((2, 0)))

    def merge(self, other: Given) -> None:
        """Take in what the next part gave."""
        self.run.merge(other.run)
        self.met = [mine | theirs for mine, theirs in zip(self.met, other.met, strict=True)]
        self.digests |= other.digests
        self.middles = np.concatenate([self.middles, other.middles], axis=1)


def version() -> str:
    """The landcheck of this worker."""
    return __version__


def packed(run: Run) -> bytes:
    """A run that has not begun, with what stands around the parcels, as every task gets it."""
    around = replace(run.around, green=None, findings=[])
    if around.sums is not None:
        around.buildings = None
    sheet = replace(run.sheet, findings=[])
    return pickle.dumps(replace(run, around=around, sheet=sheet, held=None))


def same(blob: bytes) -> bytes:
    """A task of its own, so that the workers hand the run on to each other, and one that lost it gets it again."""
    return blob


def homes(blob: bytes, part: Parts) -> Homes | None:
    """Which of these parcels the buildings stand on that name none."""
    run = _run(blob, part)
    return locate_buildings(run.around, run.sheet, run.request)


def pools(blob: bytes, part: Parts) -> Pools:
    """The pools these parcels belong to."""
    run = _run(blob, part)
    return pools_of(run.sheet, run.around, run.request)


def judge(blob: bytes, part: Parts) -> tuple[Given, Piece | None]:
    """These parcels through the ordinary stages; their rings by themselves, to be looked at with their neighbours'."""
    run = _run(blob, part)
    for batch in run.sheet.batches(run.request):
        run.add(batch)
    piece = None if run.overlaps is None else run.overlaps.given_up()
    middles = np.empty((2, 0)) if piece is None else piece.middles()
    met, digests = run.around.met(), {one.path: part.digest(one.path) for one in part.parts if not one.first_group}
    run.around, run.overlaps, run.finder = Around(), None, None
    return Given(run, met, digests, middles), piece


def first(judged: tuple[Given, Piece | None]) -> Given:
    """What a part gave, without its rings."""
    return judged[0]


def together(given: Sequence[Given]) -> Given:
    """What several parts that follow each other gave."""
    whole: Given = pickle.loads(pickle.dumps(given[0]))  # noqa: S301 - a copy: what a task is given stays as it was
    for other in given[1:]:
        whole.merge(other)
    return whole


def spread(judged: tuple[Given, Piece | None], tiles: Sequence[Tile]) -> dict[int, Piece]:
    """The rings of a part by the tiles they reach into."""
    piece = judged[1]
    pieces = {} if piece is None else {number: piece.within(tile) for number, tile in enumerate(tiles)}
    return {number: its for number, its in pieces.items() if len(its.table)}


def numbers(pieces: dict[int, Piece]) -> list[int]:
    """The tiles that a part reaches into."""
    return sorted(pieces)


def of_tile(pieces: dict[int, Piece], number: int) -> Piece:
    """What of a part reaches into one tile."""
    return pieces[number]


def overlaps(crs: pyproj.CRS | None, pieces: Sequence[Piece]) -> tuple[list[Overlap], bool]:
    """The overlaps among what reaches into a tile, and whether there are more than were looked for."""
    layer = Overlaps(crs)
    for piece in pieces:
        layer.take(piece)
    return layer.finish(), layer.truncated


def parents(blob: bytes, part: Parts, wanted: Sequence[str]) -> dict[str, bytes]:
    """The shapes of those of these parcels that surplus parts were split from."""
    run = _run(blob, part)
    return shapes_of(wanted, run.sheet, run.request)


def _run(blob: bytes, part: Parts) -> Run:
    """A fresh run over some of the parcels. InputError where this worker does not see their file."""
    from pyarrow.fs import FileType

    for one in part.parts:
        if part.system.get_file_info(one.path).type != FileType.File:
            raise InputError("cluster-part-unseen", file=f"{part.source.file}/{one.name}".rstrip("/"))
    run: Run = pickle.loads(blob)  # noqa: S301 - the client's own
    run.sheet.layer = part.layer(run.sheet.layer.info)
    return run
