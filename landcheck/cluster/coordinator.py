"""check() on a cluster: the stages of ``landcheck.run.check`` over parts of the parcels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import getitem
from typing import TYPE_CHECKING, Any

from landcheck.cluster import tasks
from landcheck.cluster.client import Work, connected, refuse_without_dask
from landcheck.errors import UsageError
from landcheck.facts.companions import sum_floor_areas
from landcheck.facts.pools import PoolParts
from landcheck.facts.relations import building_parcels, has_pools
from landcheck.geometry.overlap.pairs import Overlaps
from landcheck.geometry.overlap.tiles import plan
from landcheck.model import Report
from landcheck.read.drivers.columnar.parquet_files import ParquetParts
from landcheck.read.source import joint_sha256
from landcheck.request import Cluster, Request
from landcheck.run.batches import Run
from landcheck.run.check import Progress, begin, conclude

if TYPE_CHECKING:
    from distributed import Future

# parcels of a part, where a file holds more in row groups, and of a tile in which overlaps are looked for
PART_ROWS = 131_072
TILE_ROWS = 65_536
# parts that are merged on a worker before the client takes them
TOGETHER = 16


def check(cluster: Cluster, request: Request, progress: Progress | None = None) -> Report:
    """As ``landcheck.check``, with the parcels read, judged and compared by the workers of a cluster.

    The parcels must be GeoParquet: a file, or the files of a folder or object store address, that every worker sees.
    UsageError where they are not or Dask is not installed; LandcheckError where the cluster fails.
    """
    refuse_without_dask()
    run = begin(request)
    parts = run.parcels.source.parts
    if not isinstance(parts, ParquetParts):
        raise UsageError("cluster-not-parquet", file=run.parcels.file)
    if parts.rows:
        # the coordinate system, from the rows that a run on one machine takes
        next(run.parcels.batches(request, again=True))
        with connected(cluster) as client:
            ClusterRun(run, parts.cut(PART_ROWS), Work(client)).judge(progress, parts.rows)
    return conclude(run)


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """One run on the cluster, over the parcels in ``pieces``; what its stages give goes into ``run``."""

    run: Run
    pieces: Sequence[ParquetParts]
    work: Work

    def judge(self, progress: Progress | None, rows: int) -> None:
        """All stages; what a part raises is raised here."""
        self._locate_buildings()
        self._sum_pools()
        blob = self._packed()
        judged = [self.work.submit(tasks.judge, blob, piece) for piece in self.pieces]
        rows_of = {future.key: piece.rows for future, piece in zip(judged, self.pieces, strict=True)}
        done = 0
        for future in self.work.completed(judged):
            done += rows_of[future.key]
            if progress is not None:
                progress(done, rows)
        whole = self._gather(judged)
        if whole.middles.size:
            self._overlaps(judged, whole)
        splits = self.run.collected.splits
        if splits.parts:
            for parents in self._over_pieces(tasks.parents, blob, splits.wanted()):
                splits.parents |= parents

    def _packed(self) -> Future:
        return self.work.submit(tasks.same, tasks.packed(self.run))

    def _over_pieces(self, task: Callable[..., Any], blob: Future, *values: Any) -> Iterator[Any]:
        """What a task gives for each piece, in their order."""
        return self.work.results([self.work.submit(task, blob, piece, *values) for piece in self.pieces])

    def _locate_buildings(self) -> None:
        run, located = self.run, building_parcels(self.run.companions)
        if located is not None:
            for part in self._over_pieces(tasks.buildings, self._packed()):
                located.merge(part)
        sum_floor_areas(run.companions, run.request, *(() if located is None else located.finish()))

    def _sum_pools(self) -> None:
        run, pools = self.run, PoolParts()
        if has_pools(run.parcels, run.companions, run.rules.columns):
            for part in self._over_pieces(tasks.pools, self._packed()):
                pools.merge(part)
            run.companions.pools = pools.finish()

    def _gather(self, judged: Sequence[Future]) -> tasks.PartResult:
        """What all parts gave, in the order of the rows, into the run; a few parts at a time pass through here."""
        results = [self.work.submit(tasks.first, one) for one in judged]
        groups = [results[at : at + TOGETHER] for at in range(0, len(results), TOGETHER)]
        whole = tasks.PartResult(self.run.collected, self.run.parcels)
        for result in self.work.results([self.work.submit(tasks.together, group) for group in groups]):
            whole.merge(result)
        source = self.run.parcels.source
        own = source.fingerprint if len(whole.digests) == 1 else None  # that of an archive it may lie in
        sha256 = own() if own else joint_sha256([whole.digests[path] for path in sorted(whole.digests)])
        source.info = replace(source.info, rows=self.run.collected.totals.rows, sha256=sha256)
        return whole

    def _overlaps(self, judged: list[Future], whole: tasks.PartResult) -> None:
        """Looked for tile by tile; a part's rings are let go once they lie in their tiles."""
        work, frame, shared = self.work, self.run.parcels.frame, self.run.collected.overlaps
        crs = frame.known if frame else None
        tiles = plan(whole.middles, self.run.collected.totals.rows, TILE_ROWS)
        spread = [work.submit(tasks.spread, one, tiles) for one in judged]
        reach = list(work.results([work.submit(list, pieces) for pieces in spread]))
        judged.clear()
        found = [
            work.submit(tasks.overlaps, crs, shared.least_m2, [work.submit(getitem, pieces, number)
                                              for pieces, its in zip(spread, reach, strict=True) if number in its])
            for number in range(len(tiles))
        ]  # fmt: skip
        shared.frame, shared.overlaps = frame, Overlaps(crs, shared.least_m2)
        for overlaps, truncated in work.results(found):
            shared.overlaps.know(overlaps, truncated=truncated)
