"""The pictures of a report: one sheet, or an overview with numbered frames and a sheet for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import Report
from landcheck.report.content import labels
from landcheck.report.content.labels import GRAVEST_FIRST
from landcheck.report.picture.scene import WIDTH, Plot, Scene, extent, groups, plot, scene
from landcheck.report.picture.svg import Lettering, Sheet, names, svg

OVERVIEW_HIGHEST = 420


@dataclass(frozen=True, slots=True)
class Picture:
    """``svg`` is ``width`` x ``height`` px. ``words`` is the picture in words, ``notes`` what a reader must know."""

    svg: str
    width: int
    height: int
    words: str
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
    return tuple(_pictures(found, Lettering(lang, family, spell, names(found.parcels.ids), names(found.parks.ids))))


def _pictures(found: Scene, lettering: Lettering) -> Iterator[Picture]:
    boxes = np.concatenate([found.parcels.boxes, found.parks.boxes])
    shaped = np.flatnonzero(~np.isnan(boxes[:, 0]))
    parts = [shaped[rows] for rows in groups(boxes[shaped])]
    if len(parts) == 1:
        sheet = _sheet(found, shaped, plot(extent(boxes[shaped])))
        yield _picture(sheet, found.notes, lettering)
        return
    frames = [extent(boxes[rows]) for rows in parts]
    overview = _sheet(found, shaped, plot(extent(np.array(frames)), OVERVIEW_HIGHEST), frames)
    note = say("picture-frames", lettering.lang, count=len(frames))
    yield _picture(overview, (note, *found.notes), lettering)
    for number, (rows, frame) in enumerate(zip(parts, frames, strict=True), 1):
        yield _picture(_sheet(found, rows, plot(frame)), (), lettering, number)


def _sheet(found: Scene, rows: NDArray[np.int64], on: Plot, frames: Sequence[NDArray[np.float64]] = ()) -> Sheet:
    """Those subjects on one sheet; the rows of parks are counted on from the parcels."""
    count = len(found.parcels.ids)
    return Sheet(found.parcels.on(on, rows[rows < count]), found.parks.on(on, rows[rows >= count] - count), on, frames)


def _picture(sheet: Sheet, notes: tuple[str, ...], lettering: Lettering, number: int = 0) -> Picture:
    """The sheet drawn, with how many parcels of each verdict it shows; a numbered one is a part of the overview."""
    text, height = svg(sheet, lettering)
    lang, counts = lettering.lang, sheet.counts
    if not sheet.frames and not sheet.to_name:
        notes = (*notes, say("picture-no-names", lang))
    each = labels.counted({verdict: counts[verdict] for verdict in GRAVEST_FIRST}, lang)
    words = say("picture-told", lang, parcels=f"{counts.total():,}", counts=each)
    if number:
        words = say("picture-part", lang, number=number, told=words)
    return Picture(text, WIDTH, height, words, notes)
