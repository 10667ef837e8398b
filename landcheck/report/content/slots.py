"""Sentences for many findings at once: said of one that stands for all that are alike, then filled a column at a time.

A writer's function is called with one finding of each kind (``FindingBlock.alike``: the same but for its numbers, its
id and its row). What is a number there is a ``Slot``: it compares as the number of that finding, and is written as a
mark. Where a mark stands, the texts of all rows are put. A slot can be written in no other way, so that the number of
one finding never stands in the sentence of another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.report.content.mark import BARE, BEGIN, END, Mark
from landcheck.report.content.numerals import Numbers, json_numbers

Write = Callable[..., pa.Array]

# the mark of a number that stands in JSON as one loses the quotes around it
_MARK = re.compile(f'"{BARE}([0-9]+){END}"|{BEGIN}([0-9]+){END}')


class MarkedTexts:
    """The columns of texts that are to be put in the place of marks."""

    def __init__(self) -> None:
        self.columns: list[pa.Array] = []
        self._data: set[int] = set()
        # the source is held, so that its id stays its own; a mark would be a circle, and outlast the block by long
        self._known: dict[tuple[Any, ...], tuple[int, Any]] = {}

    def mark(self, source: Any, write: Write, *given: Any, bare: bool = False) -> Mark:
        """The mark for the texts that ``write`` makes of a column, once for each that is asked for."""
        key = (id(source), write, *given)
        if key not in self._known:
            self._known[key] = len(self.columns), source
            self.columns.append(write(source, *given))
        return Mark.of(self, self._known[key][0], bare=bare)

    def put_data(self, texts: pa.Array) -> Mark:
        """The mark for a column of texts of the data."""
        self._data.add(len(self.columns))
        return self.put(texts)

    def put(self, texts: pa.Array) -> Mark:
        """The mark for a column of texts."""
        self.columns.append(texts)
        return Mark.of(self, len(self.columns) - 1)

    def chosen(self, mark: Mark, text: str, then: tuple[str, str], otherwise: tuple[str, str]) -> Mark:
        """As ``Mark.where``."""
        found = self.columns[mark.number]
        texts = [pc.binary_join_element_wise(before, found, after, "") for before, after in (then, otherwise)]
        return self.put(pc.if_else(pc.equal(found, text), *texts))

    def filled(self, text: str, rows: int, fit: Write | None = None) -> pa.Array:
        """The text of each row; ``fit`` is what the format does to a text of the data.

        A lone surrogate, of an undecodable name, is spelled out.
        """
        pieces, at = list[Any](), 0
        text = text.encode("utf-8", "backslashreplace").decode()
        for match in _MARK.finditer(text):
            number = int(match[1] or match[2])
            column = self.columns[number]
            pieces += [text[at : match.start()], fit(column) if fit is not None and number in self._data else column]
            at = match.end()
        pieces = [piece for piece in (*pieces, text[at:]) if not isinstance(piece, str) or piece]
        if all(isinstance(piece, str) for piece in pieces):
            return pa.repeat(pa.scalar("".join(pieces), pa.string()), rows)
        return pieces[0] if len(pieces) == 1 else pc.binary_join_element_wise(*pieces, "")


class Slot(float):
    """A number of a finding that stands for others: ``column`` holds theirs."""

    __slots__ = ("column", "marks")
    column: Numbers
    marks: MarkedTexts

    @classmethod
    def of(cls, column: Numbers, marks: MarkedTexts) -> Slot:
        """The slot of a column that holds a number in every row."""
        slot = cls(column[0])
        slot.column, slot.marks = column, marks
        return slot

    def written(self, write: Write, *given: Any) -> Mark:
        """The mark for the numbers as ``write`` writes them."""
        return self.marks.mark(self.column, write, *given)

    def bare(self) -> Mark:
        """The mark for the numbers as JSON writes them."""
        return self.marks.mark(self.column, json_numbers, bare=True)

    def __abs__(self) -> Slot:
        return Slot.of(np.abs(self.column), self.marks)

    def __neg__(self) -> Slot:
        return Slot.of(-self.column, self.marks)

    def __add__(self, other: float) -> Slot:
        return Slot.of(self.column + (other.column if isinstance(other, Slot) else other), self.marks)

    __radd__ = __add__

    def __round__(self, digits: int = 0) -> Slot:  # type: ignore[override]
        return Slot.of(np.round(self.column, digits), self.marks)

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a slot stands for many numbers")

    __str__ = __repr__ = __format__ = __int__ = __float__ = __sub__ = __mul__ = __truediv__ = _refuse


class RowSlot(int):
    """The row of a finding that stands for others."""

    column: NDArray[np.int64]
    marks: MarkedTexts

    @classmethod
    def of(cls, column: NDArray[np.int64], marks: MarkedTexts) -> RowSlot:
        """The slot of a column of rows."""
        slot = cls(int(column[0]))
        slot.column, slot.marks = column, marks
        return slot

    def bare(self) -> Mark:
        """The mark for the rows as JSON writes them."""
        return self.marks.mark(self.column, _digits, bare=True)

    def __str__(self) -> str:
        return self.marks.mark(self.column, _digits)

    __repr__ = __str__


def _digits(column: NDArray[np.int64]) -> pa.Array:
    return pc.cast(pa.array(column), pa.string())


class SlotCells:
    """Takes slots out of the columns of a block of findings, for the rows that are alike."""

    def __init__(self, rows: NDArray[np.intp]) -> None:
        self.marks = MarkedTexts()
        self.rows = rows

    def number(self, column: Numbers, at: int) -> float | None:
        """The slot; None where there is no number, as in every row that is alike."""
        return None if np.isnan(column[at]) else Slot.of(column[self.rows], self.marks)

    def row(self, column: NDArray[np.int64], _at: int) -> int:
        """The slot of the rows."""
        return RowSlot.of(column[self.rows], self.marks)

    def text(self, column: pa.Array, _at: int) -> str:
        """The mark of the texts."""
        return self.marks.put_data(column.take(pa.array(self.rows)))
