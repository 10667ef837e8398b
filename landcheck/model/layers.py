"""Layers as they are read: fields, batches of rows, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from landcheck.messages import ROWS, Message, RowAt, Text
from landcheck.model.values import Kind, Level, Role

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


NO_DATE = -(2**31)
EPOCH = dt.date(1970, 1, 1)


def day_number(date: dt.date) -> int:
    """The date as columns hold it: days since 1970-01-01."""
    return (date - EPOCH).days


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an enumerated field, with the words people write for it."""

    value: str
    label: Text
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One canonical field of a layer; ``unit`` is the unit its numbers are held in.

    ``possible``: the least and the greatest value there can be, nought apart, and ``slip`` what one beyond them mostly
    comes of. ``zero_is_none``: nought means that no figure was set.
    """

    name: str
    role: Role
    kind: Kind
    label: Text
    meaning: Text
    document: Text
    unit: str = ""
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    assumed: Any = None
    required: bool = False
    at_least: float | None = None
    more_than: float | None = None
    possible: tuple[float, float] | None = None
    slip: Text | None = None
    zero_is_none: bool = False

    @property
    def named(self) -> Text:
        """What a message calls the field: in Chinese by its label, in English by its canonical name."""
        return Text(self.label.zh, self.name)

    @property
    def values(self) -> tuple[str, ...]:
        """The words of an enumerated field, in the order of their codes."""
        return tuple(choice.value for choice in self.choices)


class Subject(NamedTuple):
    """Who a finding speaks of: a parcel, a park, a row of another layer, or a layer as a whole."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class DataFinding:
    """Something wrong with the data. ``row`` counts from 1; ``location`` is (longitude, latitude).

    ``other_row``: the row of the second subject, where two are at odds. ``shape``: the ground in question as WKB, in
    the parcels' own coordinates. ``at``: the row as people find it, where that is known. ``others``: how many further
    rows it stands for, while a run collects them.
    """

    rule: str
    level: Level
    subject: Subject
    message: Message
    row: int | None = None
    location: tuple[float, float] | None = None
    other_row: int | None = None
    shape: bytes | None = None
    at: RowAt | None = None
    others: int = 0

    def place(self) -> tuple[str, str, str, int, str]:
        """Where a report lists it: by rule, subject and row."""
        return self.rule, self.subject.type, self.subject.id, self.row or 0, self.message.code


class TableLines(NamedTuple):
    """Where the rows of a table stand ``of`` its sheet or text; all numbers are from 1.

    ``steps``: a row and the line it stands in; up to the next pair the rows follow one another.
    """

    of: str
    steps: Sequence[tuple[int, int]]

    def at(self, rows: NDArray[np.integer]) -> RowAt:
        """Those rows as people find them: the number is an array."""
        import numpy as np

        row, line = np.array(self.steps, np.int64).T
        step = np.maximum(np.searchsorted(row, rows, "right") - 1, 0)
        return RowAt(self.of, line[step] + rows - row[step])

    def found(self, row: Any) -> RowAt:
        """A row, or a list of rows, as people find it."""
        if isinstance(row, (list, tuple)):
            return RowAt(self.of, [self.found(one).number for one in row])
        first, line = self.steps[max(bisect_right(self.steps, row, key=lambda step: step[0]) - 1, 0)]
        return RowAt(self.of, line + row - first)

    def said(self, message: Message) -> Message:
        """The sentence with its rows as people find them."""
        values = {
            name: self.found(value)
            for name, value in message.values.items()
            if (name in ROWS and isinstance(value, int)) or (name == "rows" and type(value) in (list, tuple))
        }
        return replace(message, values={**message.values, **values})

    def told(self, finding: DataFinding) -> DataFinding:
        """The finding with its rows as people find them."""
        at = None if finding.row is None else self.found(finding.row)
        return replace(finding, message=self.said(finding.message), at=at)


@dataclass(slots=True)
class Batch:
    """Some rows of one layer, field by field.

    ``columns``: number float64 (NaN missing), bool int8 (Tri), enum int8 (index into ``Field.values``, -1 missing),
    date int32 (days since 1970-01-01, ``NO_DATE`` missing). ``texts``: Arrow string arrays (null missing).
    ``wkb``: Arrow binary array, None for a table without geometry. ``first_row`` counts from 0. ``unset``: the rows
    (from 0, of the batch) in which a nought means that no figure was set.
    """

    role: Role
    rows: int
    first_row: int = 0
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    texts: dict[str, pa.Array] = field(default_factory=dict)
    wkb: pa.Array | None = None
    origins: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    unset: NDArray[np.intp] | None = None

    def take(self, rows: NDArray[np.intp]) -> Batch:
        """Those rows only, in that order."""
        return Batch(
            self.role, len(rows), self.first_row,
            {name: column[rows] for name, column in self.columns.items()},
            {name: column.take(rows) for name, column in self.texts.items()},
            None if self.wkb is None else self.wkb.take(rows),
            {name: column[rows] for name, column in self.origins.items()},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class InputInfo:
    """What was read: the file, the layer in it, and what was decided about it; ``lines`` where it is a table."""

    role: str
    path: str
    layer: str | None
    crs: str | None
    encoding: str | None
    rows: int
    sha256: str
    notes: tuple[Message, ...] = ()
    lines: TableLines | None = None


def lines_of(inputs: Iterable[InputInfo]) -> dict[str, TableLines]:
    """Where the rows of the layers stand that are tables, by their parts in the run."""
    return {one.role: one.lines for one in inputs if one.lines is not None}


def as_found(finding: DataFinding, lines: Mapping[str, TableLines]) -> DataFinding:
    """The finding with its rows as people find them in the table that it speaks of."""
    who = finding.subject
    own = lines.get({"parcel": "parcels", "park": "parks", "zone": "zones", "building": "buildings"}.get(
        who.type, who.id if who.type == "layer" else who.type))  # fmt: skip
    return finding if own is None or finding.at is not None else own.told(finding)
