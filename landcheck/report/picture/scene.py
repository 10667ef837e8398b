"""What is drawn, and where on the paper it comes to lie: subjects with their gravest verdicts, in groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import Report, Verdict
from landcheck.report.html.outlines import Outlines, joined

if TYPE_CHECKING:
    from landcheck.report.html.outlines import Kind


WIDTH = 1000
LOWEST, HIGHEST = 380, 1000
EDGE = 36  # px free around the outlines
SMALLEST_DM = 1000  # a single hut is not blown up over the whole sheet

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plot:
    """``scale`` is px a decimetre; ``west`` and ``north`` (dm) lie at the upper left corner; ``height`` in px."""

    scale: float
    west: float
    north: float
    height: int

    def to_paper(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Pixels from the upper left corner."""
        return (x - self.west) * self.scale, (self.north - y) * self.scale

    @property
    def bar(self) -> tuple[float, float]:
        """The scale bar: metres (1, 2 or 5 times a power of ten) and px, at most a fifth of the width."""
        most = WIDTH / 5 / self.scale / 10
        power = 10.0 ** math.floor(math.log10(most))
        metres = max(step * power for step in (1, 2, 5) if step * power <= most)
        return metres, metres * 10 * self.scale


def plot(box: Floats, highest: int = HIGHEST) -> Plot:
    """The sheet that holds a box (west, south, east, north in dm)."""
    west, south, east, north = box.tolist()
    wide, tall = max(east - west, SMALLEST_DM), max(north - south, SMALLEST_DM)
    height = min(highest, max(LOWEST, round((WIDTH - 2 * EDGE) * tall / wide) + 2 * EDGE))
    scale = min((WIDTH - 2 * EDGE) / wide, (height - 2 * EDGE) / tall)
    return Plot(scale, (west + east) / 2 - WIDTH / 2 / scale, (south + north) / 2 + height / 2 / scale, height)


@dataclass(frozen=True, slots=True)
class Shape:
    """One subject on the paper: ``rings`` as rows of (x, y) in px."""

    rings: tuple[Floats, ...]

    @property
    def path(self) -> str:
        """The outline as SVG writes it."""
        return "".join(_ring(ring) for ring in self.rings)


def shapes(of: Outlines, on: Plot) -> list[Shape]:
    """The subjects' outlines on the paper, to 0.1 px; points that fall together are drawn once."""
    x, y = on.to_paper(of.x.astype(np.float64), of.y.astype(np.float64))
    points = np.asarray(np.round(np.column_stack([x, y]), 1), np.float64)
    rings: list[Floats] = np.split(points, np.cumsum(of.points)[:-1]) if len(of.points) else []
    first = np.concatenate([[0], np.cumsum(of.rings)]).astype(int).tolist()
    thinned = [_thinned(ring) for ring in rings]
    return [Shape(tuple(thinned[a:b])) for a, b in pairwise(first)]


def boxes(of: Outlines) -> Floats:
    """West, south, east and north of each subject in dm; NaN for one without a ring."""
    found = np.full((len(of.rings), 4), np.nan)
    if len(of.x):
        points = np.add.reduceat(of.points, _starts(of.rings)[of.rings > 0])
        start = np.concatenate([[0], np.cumsum(points)[:-1]])
        lowest, highest = np.minimum.reduceat, np.maximum.reduceat
        sides = (lowest(of.x, start), lowest(of.y, start), highest(of.x, start), highest(of.y, start))
        found[of.rings > 0] = np.column_stack(sides)
    return found


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(counts) - counts


def _thinned(ring: Floats) -> Floats:
    moved: NDArray[np.bool_] = (np.diff(ring, axis=0, prepend=ring[-1:]) != 0).any(axis=1)
    return ring[moved] if moved.any() else ring[:1]


def _ring(ring: Floats) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in ring.tolist()) + "Z"


MOST = 6
# Empty land of more than this share of a sheet parts the sheet.
APART = 0.2

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Cut:
    share: float
    near: Ints
    far: Ints


def groups(boxes: Floats) -> list[Ints]:
    """The rows of each group, the northern ones first; ``boxes`` (west, south, east, north) without NaN."""
    found = [np.arange(len(boxes))]
    while len(found) < MOST:
        cuts = [_widest(boxes, rows) for rows in found]
        best = max(range(len(cuts)), key=lambda i: cuts[i].share)
        if cuts[best].share <= APART:
            break
        found[best : best + 1] = [cuts[best].near, cuts[best].far]
    return sorted(found, key=lambda rows: (-float(boxes[rows, 3].max()), float(boxes[rows, 0].min())))


def around(boxes: Floats) -> Floats:
    """The box that holds all of them."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _widest(boxes: Floats, rows: Ints) -> _Cut:
    west, south, east, north = around(boxes[rows])
    extent = max(east - west, north - south, 1.0)
    cuts = (_gap(boxes[rows, side], boxes[rows, side + 2], rows) for side in (0, 1))
    best = max(cuts, key=lambda cut: cut.share)
    return _Cut(best.share / extent, best.near, best.far)


def _gap(low: Floats, high: Floats, rows: Ints) -> _Cut:
    """The widest stretch along one axis that no box covers."""
    if len(rows) < 2:
        return _Cut(0.0, rows, rows[:0])
    order = np.argsort(low, kind="stable")
    reach = np.maximum.accumulate(high[order])
    gaps = low[order][1:] - reach[:-1]
    at = int(gaps.argmax())
    return _Cut(float(gaps[at]), rows[order[: at + 1]], rows[order[at + 1 :]])


@dataclass(frozen=True, slots=True)
class Layer:
    """Subjects of one kind; ``boxes`` (west, south, east, north in dm) is NaN for one without a shape."""

    ids: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    outlines: Outlines
    boxes: Floats

    def on(self, plot: Plot, rows: NDArray[np.int64]) -> list[tuple[str, Verdict, Shape]]:
        """Those subjects on the paper."""
        drawn = shapes(self.outlines, plot)
        return [(self.ids[row] or "", self.verdicts[row], drawn[row]) for row in rows.tolist()]


@dataclass(frozen=True, slots=True)
class Scene:
    """``notes`` say how it is drawn and what is missing."""

    parcels: Layer
    parks: Layer
    notes: tuple[str, ...]


def scene(report: Report, lang: Lang) -> Scene | None:
    """The scene of a report; None where no shapes or no coordinate system are known."""
    from landcheck.report.html.outlines import drawn

    made = drawn(report, lang)
    if made is None:
        return None
    notes = [made.label]
    if made.only_findings:
        notes.append(say("picture-only-findings", lang))
    if unshaped := made.kinds["parcel"].unshaped:
        notes.append(say("picture-unshaped", lang, count=f"{unshaped:,}"))
    if "park" in made.untold:
        notes.append(say("picture-no-parks", lang))
    return Scene(_layer(made.kinds["parcel"]), _layer(made.kinds["park"]), tuple(notes))


def worst(verdicts: NDArray[np.int8]) -> tuple[Verdict, ...]:
    """The gravest verdict of each subject (rules x subjects); not applicable only where every rule says so."""
    if not verdicts.size:
        return (Verdict.NOT_APPLICABLE,) * int(verdicts.shape[1])
    said: list[int] = np.where(verdicts == Verdict.NOT_APPLICABLE, -1, verdicts).max(axis=0).tolist()
    return tuple(Verdict.NOT_APPLICABLE if value < 0 else Verdict(value) for value in said)


def _layer(kind: Kind) -> Layer:
    outlines = joined(kind.outlines)
    verdicts = worst(np.concatenate(kind.verdicts, axis=1)) if kind.ids else ()
    return Layer(tuple(kind.ids), verdicts, outlines, boxes(outlines))
