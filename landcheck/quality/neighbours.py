"""Plots that are pooled (统筹平衡) although they do not lie beside each other, as the texts that allow it suppose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
import shapely
from numpy.typing import NDArray

from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.crs.systems import on_a_plane
from landcheck.geometry.shapes.batch import Objects, Shapes, shapes
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Subject, Tri

# What may lie between adjacent plots, a small road or river (规模较小的道路、河道, 357号), has no width in any text:
# with more between them somebody should look.
GAP_M = 50.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A pooled parcel: its row (from 0), and its shape as WKB, None where it has none."""

    row: int
    ident: str
    pool: str
    wkb: bytes | None


@dataclass(slots=True)
class Neighbours:
    """The parcels in recognised pools, as an accumulator."""

    plots: list[Plot] = field(default_factory=list)

    def add(self, batch: Batch, ids: pa.Array, drawn: Shapes | None) -> None:
        """Keep the pooled plots of a batch."""
        pools = batch.texts["pool_id"]
        pooled = pc.and_(pools.is_valid(), pa.array(batch.columns["pool_recognised"] == Tri.TRUE))
        rows = np.flatnonzero(pooled.to_numpy(zero_copy_only=False))
        wkb = [None] * len(rows) if drawn is None else drawn.take(rows).wkb.to_pylist()
        told = zip((batch.first_row + rows).tolist(), ids.take(rows).to_pylist(), pools.take(rows).to_pylist(), wkb,
                   strict=True)  # fmt: skip
        self.plots += [Plot(*one) for one in told]

    def merge(self, other: Neighbours) -> None:
        """Take in another partition's."""
        self.plots += other.plots

    def finish(self, frame: Frame | None) -> list[DataFinding]:
        """A warning for each plot that is all there is of its pool, or that lies away from it.

        Without a coordinate system there is no telling metres, which ``data/crs`` then says.
        """
        pools = defaultdict[str, list[Plot]](list)
        for plot in self.plots:
            pools[plot.pool].append(plot)
        found = [_warning(plots[0], "pool-single") for plots in pools.values() if len(plots) == 1]
        if frame is None or frame.known is None:
            return found
        apart = (_apart([plot for plot in plots if plot.wkb], frame.known) for plots in pools.values())
        return [*found, *chain.from_iterable(apart)]


def _apart(plots: list[Plot], crs: pyproj.CRS) -> Iterator[DataFinding]:
    """Those that are not connected with most of the others."""
    if len(plots) < 2:
        return
    placed = on_a_plane(shapes(pa.array([plot.wkb for plot in plots], pa.binary())).geoms(), crs)
    groups = _together(placed)
    main = np.bincount(groups).argmax()
    rest = shapely.union_all(placed[groups == main])
    for i in np.flatnonzero(groups != main).tolist():
        yield _warning(plots[i], "pool-apart", metres=round(float(shapely.distance(placed[i], rest))), gap=GAP_M)


def _together(geoms: Objects) -> NDArray[np.intp]:
    """For each shape the number of the group that is connected over gaps of ``GAP_M``."""
    near, other = shapely.STRtree(geoms).query(geoms, predicate="dwithin", distance=GAP_M)
    group, before = np.arange(len(geoms)), np.empty(0, np.intp)
    while not np.array_equal(group, before):
        before = group.copy()
        np.minimum.at(group, near, before[other])
        group = group[group]
    return group


def _warning(plot: Plot, code: str, **values: object) -> DataFinding:
    message = Message(code, {"parcel": plot.ident, "pool": plot.pool, **values})
    return DataFinding("data/location", Level.WARNING, Subject("parcel", plot.ident), message, plot.row + 1)
