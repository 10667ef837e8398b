"""What is drawn: the parcels and parks of a report with their gravest verdicts, and where each lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import Report, Verdict
from landcheck.report.html.varint import Outlines, joined
from landcheck.report.picture.plot import Plot, Shape, boxes, shapes

if TYPE_CHECKING:
    from landcheck.report.html.drawn import Kind

Floats = NDArray[np.float64]


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
    from landcheck.report.html.drawn import drawn

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
