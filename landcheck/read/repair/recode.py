"""Text that GDAL handed over byte for byte (as ISO-8859-1), decoded in the encoding that was decided on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landcheck.messages import Message
from landcheck.model import Level
from landcheck.read.encoding import decode
from landcheck.read.layer import Tell, about_file

if TYPE_CHECKING:
    import pyarrow as pa

    from landcheck.read.repair.dbfcells import Raw


@dataclass(slots=True)
class Recode:
    """Decodes the text columns of each batch.

    ``widths`` are the columns' widths in bytes; ``raw`` has the columns whose cells are to be read as the text that
    stands there.
    """

    role: str
    file: str
    codec: str
    widths: tuple[int, ...]
    raw: Raw | None = None

    def __call__(self, table: pa.RecordBatch, first_row: int, tell: Tell) -> pa.RecordBatch:
        """The batch with its text decoded; undecodable values are told of, one finding a column."""
        import pyarrow as pa

        columns = []
        for number, (name, column) in enumerate(zip(table.schema.names, table.columns, strict=True)):
            if self.raw is not None and number in self.raw.columns:
                column = self.raw.text(number, first_row, len(column))  # noqa: PLW2901 - as it stands in the file
            if pa.types.is_string(column.type):
                column, bad = recode(column, self.codec, self._width(number))  # noqa: PLW2901 - the decoded one
                self._undecodable(name, bad, first_row, tell)
            columns.append(column)
        return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if columns else table

    def _width(self, number: int) -> int:
        return self.widths[number] if number < len(self.widths) else 0

    def _undecodable(self, column: str, bad: list[int], first_row: int, tell: Tell) -> None:
        if bad:
            row = first_row + bad[0] + 1
            values = {"file": self.file, "column": column, "count": len(bad), "row": row, "encoding": self.codec}
            tell(about_file("data/value", Level.ERROR, self.role, Message("read-undecodable-values", values), row))


def recode(column: pa.Array, codec: str, width: int) -> tuple[pa.Array, list[int]]:
    """The column decoded, and the rows that hold replacement characters; each different value is decoded once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.all(pc.string_is_ascii(column)).as_py() is not False:
        return column, []
    coded = column.dictionary_encode()
    pairs = [_decoded(value, codec, width) for value in coded.dictionary.to_pylist()]
    texts = pa.array([text for text, _ in pairs], pa.string())
    faulty = pa.array([faulty for _, faulty in pairs], pa.bool_())
    bad: list[int] = []
    if any(fault for _, fault in pairs):
        bad = pc.indices_nonzero(pc.fill_null(faulty.take(coded.indices), False)).to_pylist()
    return texts.take(coded.indices), bad


def _decoded(value: str, codec: str, width: int) -> tuple[str, bool]:
    raw = value.encode("latin-1")
    return decode(raw, codec, cut=width > 0 and len(raw) >= width)
