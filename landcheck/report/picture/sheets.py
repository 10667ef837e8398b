"""The pictures of a report: one sheet, or an overview with numbered frames and a sheet for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import Report, Verdict
from landcheck.report import labels
from landcheck.report.paper import WORST_FIRST
from landcheck.report.picture.scene import WIDTH, Plot, Scene, around, groups, plot, scene
from landcheck.report.picture.svg import Drawn, Hand, svg, to_name
from landcheck.report.text import visible

OVERVIEW_HIGHEST = 420

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Picture:
    """``svg`` is ``width`` x ``height`` px. ``told`` is the picture in words, ``notes`` what a reader must know."""

    svg: str
    width: int
    height: int
    told: str
    notes: tuple[str, ...] = ()


def pictures(
    report: Report, lang: Lang, family: str = "sans-serif", spell: Callable[[str], str] = visible
) -> tuple[Picture, ...]:
    """The map of a report; none where no shapes or no coordinate system are known.

    ``family`` is the font of the names, ``spell`` makes a text of the data fit for it.
    """
    found = scene(report, lang)
    if found is None or np.isnan(found.parcels.boxes).all():
        return ()
    return tuple(_pictures(found, Hand(lang, family, spell)))


def _pictures(found: Scene, hand: Hand) -> Iterator[Picture]:
    boxes = np.concatenate([found.parcels.boxes, found.parks.boxes])
    shaped = np.flatnonzero(~np.isnan(boxes[:, 0]))
    parts = [shaped[rows] for rows in groups(boxes[shaped])]
    if len(parts) == 1:
        yield _picture(found, shaped, plot(around(boxes[shaped])), hand, found.notes)
        return
    frames = [around(boxes[rows]) for rows in parts]
    yield _overview(found, shaped, frames, hand)
    for number, (rows, frame) in enumerate(zip(parts, frames, strict=True), 1):
        yield _picture(found, rows, plot(frame), hand, (), number)


def _overview(found: Scene, rows: Rows, frames: Sequence[Floats], hand: Hand) -> Picture:
    on = plot(around(np.array(frames)), OVERVIEW_HIGHEST)
    note = say("picture-frames", hand.lang, count=len(frames))
    return _picture(found, rows, on, hand, (note, *found.notes), frames=frames)


def _picture(
    found: Scene, rows: Rows, on: Plot, hand: Hand, notes: tuple[str, ...], number: int = 0,
    frames: Sequence[Floats] = (),
) -> Picture:  # fmt: skip
    """One sheet with those subjects, parks counted on from the parcels; a numbered one is a part of the overview."""
    count = len(found.parcels.ids)
    drawn = Drawn(found.parcels.on(on, rows[rows < count]), found.parks.on(on, rows[rows >= count] - count))
    text, height = svg(drawn, on, hand, frames)
    if not frames and not to_name(drawn.parcels):
        notes = (*notes, say("picture-no-names", hand.lang))
    told = _told(drawn.counts, hand.lang)
    if number:
        told = say("picture-part", hand.lang, number=number, told=told)
    return Picture(text, WIDTH, height, told, notes)


def _told(counts: Counter[Verdict], lang: Lang) -> str:
    """How many parcels of each verdict are drawn."""
    each = tuple(f"{labels.verdict(verdict, lang)} {counts[verdict]:,}" for verdict in WORST_FIRST if counts[verdict])
    return say("picture-told", lang, parcels=f"{counts.total():,}", counts=each)
