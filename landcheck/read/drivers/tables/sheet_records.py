"""The rows of a sheet as they are shown: what stands under merged cells, is hidden or struck through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from landcheck.fields.cells import UNREAD
from landcheck.messages import Message
from landcheck.model import DataFinding, Kind, Level
from landcheck.read.drivers.tables.sheet_columns import SheetHeading, as_text, empty
from landcheck.read.drivers.tables.sheet_marks import MISREAD, SheetMarks, Span
from landcheck.read.drivers.tables.sheet_units import Cells
from landcheck.read.reader_calls import each_or_refuse
from landcheck.read.source import DataSource

if TYPE_CHECKING:
    import python_calamine


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook that is open: its cells as calamine gives them, and what is known besides.

    calamine leaves out the empty columns before the first that holds something: ``left`` is their number. ``spans``
    are counted without them. ``unmarked``: nothing is known of it but the values.
    """

    source: DataSource
    name: str
    cells: python_calamine.CalamineSheet
    marks: SheetMarks
    left: int
    spans: Sequence[Span]
    unmarked: bool

    def rows(self, start: int = 0) -> Iterator[Cells]:
        """The rows from that one (from 0, as in the sheet) to the last that holds something, as they are shown.

        What stands under merged cells, and is still in the file, is left out.
        """
        rows = each_or_refuse(self.source.file, self.source.path, [], islice(self.cells.iter_rows(), start, None))
        return self._uncovered(rows, start) if self.spans else rows

    def _uncovered(self, rows: Iterator[Cells], start: int) -> Iterator[Cells]:
        coming, over = list(self.spans)[::-1], list[Span]()
        for number, row in enumerate(rows, start):
            while coming and coming[-1].top <= number:
                over.append(coming.pop())
            over = [one for one in over if one.bottom >= number]
            cells = list(row) if over else row
            for one in over:
                first = one.left + (number == one.top)
                width = len(cells[first : one.right + 1])
                cells[first : first + width] = [None] * width  # type: ignore[index]  # a list wherever one is over it
            yield cells

    def message(self, code: str, **values: Any) -> Message:
        """A sentence about the sheet."""
        return Message(code, {"file": self.source.file, "layer": self.name, **values})


@dataclass(slots=True)
class Merges:
    """The rows below the heading as they are shown, with the values of merged cells carried down.

    A number merged over several rows is their total and not each one's: it is unknown in each of them, and so is what
    a cell merged over several columns covers. Which cells those were is told, and so are rows that are hidden or struck
    through.
    """

    sheet: WorkbookSheet
    heading: SheetHeading
    kinds: Sequence[Kind | None]
    dates: frozenset[int]
    filled: Sequence[bool]
    running: dict[int, tuple[Span, Any]] = field(default_factory=dict)
    told: dict[str, dict[Span, None]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def records(self) -> Iterator[Cells]:
        """The rows in which something of their own stands."""
        width, below, count = len(self.heading.names), self.heading.below, 0
        coming = [one for one in self.sheet.spans if one.top >= below and one.left < width][::-1]
        marks = self.sheet.marks
        for number, row in enumerate(self.sheet.rows(below), below):
            cells = list(row[:width])
            marks.apply(number, cells, self.sheet.left, self.kinds)
            while coming and coming[-1].top <= number:
                self._enter(coming.pop(), cells)
            if self.filled[number - below]:
                count += 1
                for code, those in (("read-rows-hidden", marks.hidden), ("read-rows-struck", marks.struck)):
                    if number in those:
                        self.rows.setdefault(code, []).append(count)
                yield self._carried(number, cells) if self.running else cells

    def _enter(self, span: Span, cells: list[Any]) -> None:
        """Take in merged cells that start in this row."""
        value = cells[span.left]
        if empty(value):
            return
        for place in range(span.left + 1, min(span.right + 1, len(cells))):
            self.told.setdefault("read-merged-across", {})[span] = None
            cells[place] = UNREAD + MISREAD  # whether the value is this column's too is not known
            self.running[place] = span, cells[place]
        if span.bottom > span.top:
            first = span.top - self.heading.below
            several = sum(self.filled[first : span.bottom - self.heading.below + 1]) > 1
            if several and self._is_total(span.left, value):
                value = f"{as_text(value)} ({self._name(span)})"
                cells[span.left] = value
            self.running[span.left] = span, value

    def _is_total(self, column: int, value: Any) -> bool:
        kind = self.kinds[column]
        is_number = type(value) in (int, float) and column not in self.dates
        return kind is Kind.NUMBER or (kind is None and is_number)

    def _carried(self, number: int, cells: list[Any]) -> list[Any]:
        for place, (span, value) in list(self.running.items()):
            if number > span.bottom:
                del self.running[place]
            elif number > span.top:
                cells[place] = value
                if place > span.left:
                    continue
                total = isinstance(value, str) and value.endswith(f"({self._name(span)})")
                self.told.setdefault("read-merged-total" if total else "read-merged-down", {})[span] = None
        return cells

    def _name(self, span: Span) -> str:
        from xlsxwriter.utility import xl_range

        left = self.sheet.left
        return str(xl_range(span.top, span.left + left, span.bottom, span.right + left))

    def findings(self) -> Iterator[DataFinding]:
        """One warning for each kind of merged cells, and for rows that are hidden or struck through."""
        finding = self.sheet.source.finding
        for code, spans in self.told.items():
            columns = tuple(dict.fromkeys(self.heading.names[one.left] for one in spans))
            cells = list(map(self._name, spans))
            yield finding(Level.WARNING, code, layer=self.sheet.name, count=len(spans), columns=columns, cells=cells)
        for code, rows in self.rows.items():
            yield finding(Level.WARNING, code, layer=self.sheet.name, count=len(rows), row=rows[0], rows=rows)
