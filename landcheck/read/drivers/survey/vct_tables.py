"""The table of attributes of one feature class in a VCT file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.model import DataFinding, Level
from landcheck.read.drivers.survey.coordinate_rings import Ints
from landcheck.read.drivers.survey.vct_head import VctHead
from landcheck.read.drivers.survey.vct_text import VctPiece, cells
from landcheck.read.source import DataSource

SHOWN = 12


@dataclass(slots=True)
class VctTable:
    """Rows of the table called ``name``: the id of an object, then its values, of which the first may be the id again.

    ``stated`` is how many fields the file says there are.
    """

    name: str
    columns: tuple[str, ...]
    separator: str
    stated: int
    shared: bool
    current: str | None = None
    lines: list[pa.Array] = field(default_factory=list)
    numbers: list[Ints] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)
    ids: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))

    @classmethod
    def of(cls, head: VctHead, code: str) -> VctTable:
        """The table of a feature class, with no rows yet."""
        name = head.classes[code].table
        columns = tuple(head.tables.get(name, ()))
        shared = sum(one.table == name for one in head.classes.values()) > 1
        return cls(name, columns, head.separator, head.stated.get(name, -1), shared)

    def read(self, piece: VctPiece) -> None:
        """Lines of the section: the name of a table, its rows, TableEnd, and so on."""
        ends = np.flatnonzero(np.asarray(pc.equal(pc.utf8_lower(piece.lines), "tableend")))
        start = 0
        for end in [*ends.tolist(), len(piece.lines)]:
            if self.current is None and start < end:
                self.current, start = piece.lines[start].as_py(), start + 1
            if self.current is not None and self.current.lower() == self.name.lower() and start < end:
                self.lines.append(piece.lines.slice(start, end - start))
                self.numbers.append(piece.numbers[start:end])
            if end < len(piece.lines):
                self.current, start = None, end + 1

    def joined(self, ids: list[str]) -> tuple[list[pa.Array], Ints]:
        """For each object its values, column by column, and the objects of which there is no row.

        A row with another number of values than the others has none that can be told apart.
        """
        lines = pa.chunked_array(self.lines, pa.string()).combine_chunks()
        numbers = np.concatenate([np.zeros(0, np.int64), *self.numbers])
        flat, first = cells(lines, self.separator)
        counts, fields = np.diff(first), len(self.columns)
        again = int((counts == fields + 1).sum() > (counts == fields).sum())
        sound = counts == fields + again
        self.strange = numbers[~sound].tolist()
        self.ids = flat.take(pa.array(first[:-1]))
        at = pc.index_in(pa.array(ids, pa.string()), self.ids.filter(pa.array(sound)))
        starts = first[:-1][sound] + again
        columns = [flat.take(pa.array(starts + number)).take(at) for number in range(fields)]
        columns = [pc.if_else(pc.equal(one, ""), pa.scalar(None, pa.string()), one) for one in columns]
        return columns, np.flatnonzero(np.asarray(pc.is_null(at)))

    def findings(self, source: DataSource, known: Collection[str]) -> Iterator[DataFinding]:
        """What contradicts the structure the file states, and rows that belong to no object or share one."""

        def told(code: str, **values: Any) -> DataFinding:
            return source.finding(Level.ERROR, code, table=self.name, **values)

        if self.stated >= 0 and self.stated != len(self.columns):
            yield told("read-vct-fields", stated=self.stated, count=len(self.columns))
        if self.strange:
            yield told("read-vct-rows", count=len(self.strange), line=self.strange[0], columns=len(self.columns))
        counted = pc.value_counts(self.ids)
        values, counts = counted.field("values"), np.asarray(counted.field("counts"))
        if twice := values.filter(pa.array(counts > 1)).to_pylist():
            yield told("read-vct-rows-twice", count=len(twice), ids=twice[:SHOWN])
        lone = pc.invert(pc.is_in(values, pa.array(sorted(known), pa.string())))
        if alone := values.filter(lone).to_pylist():
            yield told("read-vct-no-object", count=len(alone), ids=alone[:SHOWN])
