"""What is drawn, and where on the paper it comes to lie: subjects with their gravest verdicts, in groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import Report, Verdict
from landcheck.report.site_map import MappedKind, PlaneRings, gravest, site_map

WIDTH = 1000
LOWEST, HIGHEST = 380, 1000
EDGE = 36  # px free around the outlines
SMALLEST_DM = 1000  # a single hut is not blown up over the whole sheet
MOST_SHEETS = 6
APART = 0.2  # empty land of more than this share of a sheet parts the sheet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
        return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring.tolist()) + "Z" for ring in self.rings)


def shapes(of: PlaneRings, on: Plot) -> list[Shape]:
    """The subjects' outlines on the paper, to 0.1 px; points that fall together are drawn once."""
    x, y = on.to_paper(of.x.astype(np.float64), of.y.astype(np.float64))
    points = np.asarray(np.round(np.column_stack([x, y]), 1), np.float64)
    rings: list[Floats] = np.split(points, np.cumsum(of.points)[:-1]) if len(of.points) else []
    thinned = [_thinned(ring) for ring in rings]
    first = np.concatenate([[0], np.cumsum(of.rings)]).astype(int).tolist()
    return [Shape(tuple(thinned[a:b])) for a, b in pairwise(first)]


def _thinned(ring: Floats) -> Floats:
    moved: NDArray[np.bool_] = (np.diff(ring, axis=0, prepend=ring[-1:]) != 0).any(axis=1)
    return ring[moved] if moved.any() else ring[:1]


def boxes(of: PlaneRings) -> Floats:
    """West, south, east and north of each subject in dm; NaN for one without a ring."""
    found = np.full((len(of.rings), 4), np.nan)
    if len(of.x):
        first_ring = np.cumsum(of.rings) - of.rings
        points = np.add.reduceat(of.points, first_ring[of.rings > 0])
        start = np.cumsum(points) - points
        lowest, highest = np.minimum.reduceat, np.maximum.reduceat
        sides = (lowest(of.x, start), lowest(of.y, start), highest(of.x, start), highest(of.y, start))
        found[of.rings > 0] = np.column_stack(sides)
    return found


def extent(boxes: Floats) -> Floats:
    """The box that holds all of them."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def groups(boxes: Floats) -> Sequence[Ints]:
    """The rows of each group, the northern ones first; ``boxes`` (west, south, east, north) without NaN."""
    found = [np.arange(len(boxes))]
    while len(found) < MOST_SHEETS:
        cuts = [_widest_gap(boxes, rows) for rows in found]
        best = max(range(len(cuts)), key=lambda i: cuts[i][0])
        share, near, far = cuts[best]
        if share <= APART:
            break
        found[best : best + 1] = [near, far]
    return sorted(found, key=lambda rows: (-float(boxes[rows, 3].max()), float(boxes[rows, 0].min())))


def _widest_gap(boxes: Floats, rows: Ints) -> tuple[float, Ints, Ints]:
    """The widest stretch along either axis that no box covers, as a share of the sheet, and the rows on both sides."""
    west, south, east, north = extent(boxes[rows])
    best: tuple[float, Ints, Ints] = (0.0, rows, rows[:0])
    for side in (0, 1) if len(rows) > 1 else ():
        low, high = boxes[rows, side], boxes[rows, side + 2]
        order = np.argsort(low, kind="stable")
        gaps = low[order][1:] - np.maximum.accumulate(high[order])[:-1]
        at = int(gaps.argmax())
        if gaps[at] > best[0]:
            best = float(gaps[at]), rows[order[: at + 1]], rows[order[at + 1 :]]
    return best[0] / max(east - west, north - south, 1.0), *best[1:]


@dataclass(frozen=True, slots=True)
class SceneSubjects:
    """Subjects of one kind; ``boxes`` (west, south, east, north in dm) is NaN for one without a shape."""

    ids: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    rings: PlaneRings
    boxes: Floats

    def on(self, plot: Plot, rows: Ints) -> list[tuple[str, Verdict, Shape]]:
        """Those subjects on the paper."""
        drawn = shapes(self.rings, plot)
        return [(self.ids[row] or "", self.verdicts[row], drawn[row]) for row in rows.tolist()]


@dataclass(frozen=True, slots=True)
class Scene:
    """``notes`` say how it is drawn and what is missing."""

    parcels: SceneSubjects
    parks: SceneSubjects
    notes: tuple[str, ...]


def scene(report: Report, lang: Lang) -> Scene | None:
    """The scene of a report; None where no shapes or no coordinate system are known."""
    made = site_map(report, lang)
    if made is None:
        return None
    notes = [made.label]
    if made.only_findings:
        notes.append(say("picture-only-findings", lang))
    if unshaped := made.kinds["parcel"].unshaped:
        notes.append(say("picture-unshaped", lang, count=f"{unshaped:,}"))
    if "park" in made.untold:
        notes.append(say("picture-no-parks", lang))
    return Scene(_subjects(made.kinds["parcel"]), _subjects(made.kinds["park"]), tuple(notes))


def _subjects(kind: MappedKind) -> SceneSubjects:
    verdicts = gravest(np.concatenate(kind.verdicts, axis=1)).tolist() if kind.ids else ()
    return SceneSubjects(tuple(kind.ids), tuple(map(Verdict, verdicts)), kind.rings, boxes(kind.rings))
