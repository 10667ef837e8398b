"""A layer that is open for reading, and the batches it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from landcheck.errors import InputError, InternalError
from landcheck.messages import Message
from landcheck.model import DataFinding, InputInfo, Level, Subject

if TYPE_CHECKING:
    import pyarrow as pa

    from landcheck.read.drivers.parts import Parts

ROWS_PER_BATCH = 65_536

Tell = Callable[[DataFinding], None]
ReadRows = Callable[[int, Tell], Iterator["Rows"]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a layer. ``first_row`` counts from 0; ``wkb`` is an Arrow binary array, None for a table."""

    first_row: int
    table: pa.RecordBatch
    wkb: pa.Array | None


@dataclass(slots=True)
class Layer:
    """One layer of one source.

    ``columns`` are the decoded names, ``wkt`` the coordinate system as the file gives it (WKT, PROJJSON or an authority
    code; None where it gives none). ``info.rows`` and ``findings`` are final once ``batches`` has been read to its end.
    ``keep`` holds what must live as long as the layer does, such as the folder an archive was unpacked to. ``parts``:
    the files and row groups it can be read by, one by one and elsewhere, where it is Parquet; ``fingerprint`` gives
    ``info.sha256`` where that waits for the rows to be read.
    """

    info: InputInfo
    columns: tuple[str, ...]
    has_geometry: bool
    wkt: str | None
    driver: str
    read: ReadRows
    opening: tuple[DataFinding, ...] = ()
    expected: int | None = None
    reading: tuple[DataFinding, ...] = ()
    keep: tuple[object, ...] = ()
    parts: Parts | None = None
    fingerprint: Callable[[], str] | None = None

    @property
    def findings(self) -> tuple[DataFinding, ...]:
        """What is wrong with the file: seen when it was opened, then seen while its rows were read."""
        return self.opening + self.reading

    def batches(self, size: int = ROWS_PER_BATCH) -> Iterator[Rows]:
        """The rows from the first to the last, at most ``size`` at a time; may be called again.

        Raises InputError where the source breaks off or gives other rows than it announced.
        """
        told: list[DataFinding] = []
        count = 0
        for rows in self.read(size, told.append):
            count += rows.table.num_rows
            yield rows
        if self.expected is not None and count != self.expected:
            raise InputError("read-rows-lost", file=self.info.path, announced=self.expected, read=count)
        self.reading = merged(told)
        self.info = replace(self.info, rows=count, sha256=self.info.sha256 or self._fingerprint())

    def _fingerprint(self) -> str:
        return "" if self.fingerprint is None else self.fingerprint()

    def __reduce__(self) -> tuple[Any, ...]:
        """What is known of the layer goes to another process, its rows do not."""
        known = (self.info, self.columns, self.has_geometry, self.wkt, self.driver, _elsewhere)
        return Layer, (*known, self.opening, self.expected, self.reading)


def _elsewhere(*_: object) -> Iterator[Rows]:
    raise InternalError("read-elsewhere")


def merged(findings: Iterable[DataFinding]) -> tuple[DataFinding, ...]:
    """Findings that batch after batch told of the same thing, as one with the whole count and the first row."""
    result: dict[tuple[object, ...], DataFinding] = {}
    for finding in findings:
        values = dict(finding.message.values)
        count = values.pop("count", None)
        values.pop("row", None)
        key = (finding.rule, finding.message.code, *map(str, values.items()))
        before = result.get(key)
        if before is None:
            result[key] = finding
        elif count is not None:
            total = {**before.message.values, "count": before.message.values["count"] + count}
            result[key] = replace(before, message=Message(finding.message.code, total))
    return tuple(result.values())


def about_file(rule: str, level: Level, role: str, message: Message, row: int | None = None) -> DataFinding:
    """A finding that speaks of a layer as a whole; ``row`` (from 1) is the first it concerns."""
    return DataFinding(rule, level, Subject("layer", role), message, row)
