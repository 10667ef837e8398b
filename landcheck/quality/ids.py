"""Who a row speaks of: ids and subjects of a batch, findings about a row, and ids that are missing or repeated."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.normalise import hide
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Role, Subject
from landcheck.quality.alike import MANY, SUBJECTS, of_each
from landcheck.verdicts.totals import BatchResult, DataCheck

Floats = NDArray[np.float64]

IDS = {Role.PARCELS: "parcel_id", Role.PARKS: "park_id", Role.GREEN: "green_id", Role.BUILDINGS: "building_id"}

SUMMED = {Role.GREEN: "area_m2", Role.BUILDINGS: "gfa_m2"}
TOTALS = ("合计", "总计", "小计", "共计", "累计", "汇总", "total", "totals", "subtotal", "sum", "grand total")
NOTE = r"^\s*(合\s*计|总\s*计|小\s*计|共\s*计|注|备注|附注|说明|填表|制表|审核|单位|数据来源)\s*([:：]|人|说明|日期|$)"


def idents(batch: Batch) -> pa.Array:
    """The ids of all rows, row numbers (``#5``, from 1) standing in for missing ones."""
    given = batch.texts[IDS[batch.role]]
    if not given.null_count:
        return given
    numbers = pa.array([f"#{batch.first_row + i + 1}" for i in range(batch.rows)])
    return pc.coalesce(given, numbers)


def subject_of(batch: Batch, row: int) -> Subject:
    """The subject of one row of a batch: its id, or its row number (from 1) where it has none."""
    name = IDS.get(batch.role)
    ident = batch.texts[name][row].as_py() if name else None
    return Subject(SUBJECTS[batch.role], ident or f"#{batch.first_row + row + 1}")


def row_finding(
    rule: str, level: Level, batch: Batch, row: int, code: str, values: Mapping[str, Any], place: Floats | None = None
) -> DataFinding:
    """A finding about one row (from 0) of a batch; ``place`` is (longitude, latitude), NaN unknown.

    The message may name the subject's id by the kind of subject, as ``parcel``, and the number of the ``row`` from 1.
    """
    subject, number = subject_of(batch, row), batch.first_row + row + 1
    message = Message(code, {subject.type: subject.id, "row": number, **values})
    return DataFinding(rule, level, subject, message, number, None if place is None else location(place))


def totals_or_notes(texts: pa.Array) -> pa.Array:
    """Which texts are what a table says of its totals, or what people write below it."""
    spelt = [spelling for word in TOTALS for spelling in (word, word.title(), word.upper())]
    found = pc.is_in(texts, value_set=pa.array(spelt))
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return found
    return pc.or_(found, pc.fill_null(pc.match_substring_regex(texts, NOTE), False))


def no_rows_of_their_own(batch: Batch, file: str) -> Iterator[DataFinding]:
    """An error for each row that holds a table's totals or a note, by what stands in the place of the id.

    What it would add to a sum is unknown.
    """
    ids = batch.texts[IDS[batch.role]]
    totals = rows_of(totals_or_notes(ids))
    if totals and batch.role in SUMMED:
        hide(batch, SUMMED[batch.role], np.isin(np.arange(batch.rows), totals))
    yield from of_each(
        totals,
        lambda row: row_finding(
            "data/id", Level.ERROR, batch, row, "row-no-parcel", {"file": file, "id": ids[row].as_py()}
        ),
    )


def location(place: Floats) -> tuple[float, float] | None:
    """A place (longitude, latitude) as a finding holds it, None where it is unknown (NaN)."""
    return None if np.isnan(place).any() else (float(place[0]), float(place[1]))


@dataclass(slots=True)
class Ids(DataCheck):
    """Missing and repeated ids of one layer, whose rows are subjects of that type.

    ``parts``: the first row of each batch and its ids, packed, since they stay until the last row.
    """

    subject: str
    file: str
    parts: list[tuple[int, pa.Buffer]] = field(default_factory=list)

    def add(self, result: BatchResult) -> None:
        """Take in the ids of a batch."""
        self.parts.append((result.batch.first_row, _packed(result.batch.texts[IDS[result.batch.role]])))

    def merge(self, other: Ids) -> None:
        """Take in another part's ids."""
        self.parts += other.parts

    def finish(self) -> list[DataFinding]:
        """An error for each row without an id and for each id that stands more than once."""
        self.parts.sort(key=lambda part: part[0])
        if self._ascending():
            return []
        ids = self.all()
        missing = of_each(
            rows_of(ids.is_null()),
            lambda row: self._finding(f"#{row + 1}", "id-missing", row + 1, {"row": row + 1}),
        )
        return [*missing, *self._repeated(ids)]

    def _repeated(self, ids: pa.Array) -> Iterator[DataFinding]:
        again = repeated(ids)
        again = again.filter(pc.invert(totals_or_notes(again))).sort()
        place = pc.index_in(ids, value_set=again[: MANY + 1])
        rows, places = np.array(rows_of(place.is_valid()), np.int64) + 1, place.drop_null().to_numpy()
        order = np.argsort(places, kind="stable")
        at = np.split(rows[order], np.flatnonzero(np.diff(places[order])) + 1)

        def tell(number: int) -> DataFinding:
            ident, where = again[number].as_py(), at[number].tolist()
            return self._finding(ident, "id-repeated", where[0], {"id": ident, "rows": where})

        return of_each(range(len(again)), tell)

    def all(self) -> pa.Array:
        """The ids of all rows, null where one is missing."""
        return pa.chunked_array(list(self._unpacked()), pa.string()).combine_chunks()

    def named(self, rows: Sequence[int]) -> dict[int, str]:
        """The ids of those rows, ``#`` and the row's number (from 1) for a missing one."""
        self.parts.sort(key=lambda part: part[0])
        starts = [first for first, _ in self.parts]
        found: dict[int, str] = {}
        for part, of_part in groupby(sorted(set(rows)), lambda row: bisect_right(starts, row) - 1):
            ids = _unpacked(self.parts[part][1])
            found |= {row: ids[row - starts[part]].as_py() or f"#{row + 1}" for row in of_part}
        return found

    def _unpacked(self) -> Iterator[pa.Array]:
        return (_unpacked(part) for _, part in self.parts)

    def _ascending(self) -> bool:
        """Every row has a greater id than the one before: most layers come so, and then none is looked up."""
        last = ""
        for ids in filter(len, self._unpacked()):
            if ids.null_count or not last < ids[0].as_py() or not pc.all(pc.less(ids[:-1], ids[1:])).as_py():
                return False
            last = ids[-1].as_py()
        return True

    def _finding(self, ident: str, code: str, row: int, values: dict[str, Any]) -> DataFinding:
        message = Message(code, {"file": self.file, **values})
        return DataFinding("data/id", Level.ERROR, Subject(self.subject, ident), message, row)


def _packed(ids: pa.Array) -> pa.Buffer:
    batch, packed = pa.record_batch([ids], ["id"]), pa.BufferOutputStream()
    with pa.ipc.new_stream(packed, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
        stream.write_batch(batch)
    return packed.getvalue()


def _unpacked(packed: pa.Buffer) -> pa.Array:
    return pa.ipc.open_stream(packed).read_next_batch().column(0)


def repeated(ids: pa.Array) -> pa.Array:
    """The ids that stand more than once."""
    counted = pc.value_counts(ids.drop_null())
    return counted.field("values").filter(pc.greater(counted.field("counts"), 1))


def present(places: NDArray[np.integer], ids: int) -> NDArray[np.bool_]:
    """Which of so many ids some row has; ``places`` holds for each row the place of its id, -1 for none."""
    found = np.zeros(ids, np.bool_)
    found[places[places >= 0]] = True
    return found


def rows_of(mask: pa.Array) -> list[int]:
    """The rows (from 0) where an Arrow mask without nulls holds."""
    rows: list[int] = np.flatnonzero(mask.to_numpy(zero_copy_only=False)).tolist()
    return rows
