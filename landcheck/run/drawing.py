"""The subjects of a run with shapes and verdicts, read again from the inputs: what maps and layers are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.facts.layers import Sheetful, idents
from landcheck.geometry.crs.frame import Frame
from landcheck.model import DrawnRows, Rule
from landcheck.request import Request


@dataclass(slots=True)
class Verdicts:
    """Every verdict on every row, one byte each, as an accumulator."""

    parts: list[tuple[int, NDArray[np.int8]]] = field(default_factory=list)

    def add(self, first_row: int, verdicts: NDArray[np.int8]) -> None:
        """Keep a batch's matrix (rules x rows)."""
        self.parts.append((first_row, verdicts))

    def merge(self, other: Verdicts) -> None:
        """Take in another partition's."""
        self.parts += other.parts

    def finish(self) -> NDArray[np.int8]:
        """All verdicts in the order of the rows."""
        return np.concatenate([part for _, part in sorted(self.parts, key=lambda part: part[0])], axis=1)


@dataclass(frozen=True, slots=True)
class Subjects:
    """One kind of subject: the layer it is read from, and its verdicts (rules x rows)."""

    sheet: Sheetful
    rules: Sequence[Rule]
    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Drawn:
    """Implements :class:`landcheck.model.Drawing` over the layers of a run."""

    request: Request
    subjects: dict[str, Subjects]

    def crs(self, subject: str) -> str | None:
        """The coordinate system as WKT; None where it is unknown."""
        frame: Frame | None = self.subjects[subject].sheet.frame if subject in self.subjects else None
        return None if frame is None or frame.known is None else frame.known.to_wkt()

    def of(self, subject: str) -> Iterator[DrawnRows]:
        """The subjects batch by batch; none where the layer has no shapes."""
        if subject not in self.subjects:
            return
        source = self.subjects[subject]
        rules, verdicts = tuple(rule.id for rule in source.rules), source.verdicts.finish()
        for batch in source.sheet.again(self.request):
            if batch.wkb is not None:
                rows = np.arange(batch.first_row, batch.first_row + batch.rows)
                ids: pa.Array = idents(batch)
                yield DrawnRows(tuple(ids.to_pylist()), rows, batch.wkb, rules, verdicts[:, rows])
