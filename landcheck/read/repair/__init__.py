"""Repairs: what a library would misread, or refuse for a slight damage, is read as what stands in the file.

A driver looks at the file's own bytes, and hands the repairs they ask for to ``open_vector``, which applies them in
their order. Nothing is put right in silence: a repair's ``findings``, and those it gives while the rows are read, say
what was changed in the file; a cell handed on as text is judged as strictly as any text by whoever reads the values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from landcheck.model import DataFinding
from landcheck.read.layer import Tell


class Repair:
    """One repair of a layer that GDAL reads; as it stands here it changes nothing.

    ``as_text`` are the columns (from 0) whose cells are handed on as text, so that what GDAL says of their values is of
    no account; ``codec`` is the encoding of the text that GDAL takes for ISO 8859-1, where it does.
    """

    findings: tuple[DataFinding, ...] = ()
    as_text: Collection[int] = ()
    codec: str | None = None

    def copy(self, path: Path) -> Path:
        """Where GDAL is to read: the file itself, or a mended copy, which is there as long as the repair."""
        return path

    def mend(self, table: pa.RecordBatch, _first_row: int, _tell: Tell) -> pa.RecordBatch:
        """The rows, put right; what shows only in them is said by ``tell``."""
        return table


class CellsAsText(Repair):
    """Puts the text that stands in the file in the place of the columns with a cell that GDAL would misread.

    ``columns`` are these columns where they are held whole; else ``cells`` gives a stretch of them.
    """

    columns: Mapping[int, Sequence[str | None]]

    def cells(self, first_row: int, rows: int) -> Mapping[int, Sequence[str | None]]:
        """By column the text of these rows, None where nothing stands; the last rows may be missing."""
        return {number: column[first_row : first_row + rows] for number, column in self.columns.items()}

    def mend(self, table: pa.RecordBatch, first_row: int, _tell: Tell) -> pa.RecordBatch:
        """The rows with those columns as text."""
        columns = table.columns
        for number, cells in self.cells(first_row, table.num_rows).items() if self.as_text else ():
            columns[number] = pa.array([*cells, *[None] * (table.num_rows - len(cells))], pa.string())
        return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if self.as_text else table
