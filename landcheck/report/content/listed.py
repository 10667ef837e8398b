"""Findings of a saved result, those alike told apart as in a block of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.messages import RowAt
from landcheck.model import Areas, Finding, JointRemedy, Outcome, Subject
from landcheck.verdicts.finding_block import OWN, Cells

PARTS = (Areas, JointRemedy)  # objects that hold numbers


class ListedFindings:
    """Some findings of one rule, as ``FindingBlock`` has them in columns."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings, self.rule = findings, findings[0].rule
        self._ids = pa.array([one.subject.id if _sound(one) else None for one in findings], pa.string())
        self._parks = pa.array([one.park if _sound(one) else None for one in findings], pa.string())
        self.rows = np.array([one.row or 0 for one in findings], np.int64)
        self.lines = np.array([0 if one.at is None else one.at.number for one in findings], np.int64)
        self._numbers: list[list[float]] = []
        kinds: dict[Any, list[int]] = {}
        for at, one in enumerate(findings):
            numbers: list[float] = []
            nameless = one._replace(
                subject=Subject(one.subject.type, ""),
                row=None if one.row is None else 0,
                at=one.at and RowAt(one.at.of, 0),
                park=None if one.park is None else "",
            )
            kind = _structure(nameless, numbers) if _sound(one) else at
            kinds.setdefault(kind, []).append(at)
            self._numbers.append(numbers)
        self._alike = [np.array(rows, np.intp) for rows in kinds.values()]
        self._kind_of = {int(row): rows for rows in self._alike for row in rows}

    def __iter__(self) -> Iterator[Finding]:
        """The findings one by one."""
        return iter(self.findings)

    def alike(self) -> list[NDArray[np.intp]]:
        """The rows whose findings are the same but for their numbers, their ids, their parks and their rows."""
        return self._alike

    def finding(self, at: int, cells: Cells = OWN) -> Finding:
        """The finding of a row."""
        one = self.findings[at]
        if not _sound(one):
            return one
        rows = self._kind_of[at]
        table = np.full((len(self._numbers[at]), len(self.findings)), np.nan)
        table[:, rows] = np.array([self._numbers[row] for row in rows]).T
        columns = iter(table)
        made: Finding = _again(one, lambda: cells.number(next(columns), at))
        subject = Subject(one.subject.type, cells.text(self._ids, at))
        park = None if one.park is None else cells.text(self._parks, at)
        made = made._replace(at=one.at and RowAt(one.at.of, cells.row(self.lines, at)), park=park)
        return made._replace(subject=subject, row=None if one.row is None else cells.row(self.rows, at))


def _sound(one: Finding) -> bool:
    """Whether UTF-8 can hold id and park; what stood in no code page is kept as a lone surrogate, which it cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in one.subject.id + (one.park or ""))


def _structure(value: Any, numbers: list[float]) -> Any:
    """What of a value is none of its numbers, which are added to the list."""
    if type(value) is float:
        numbers.append(value)
        return (value > 0) - (value < 0)
    if isinstance(value, PARTS):
        return type(value), _structure(tuple(getattr(value, name) for name in value.__slots__), numbers)
    if isinstance(value, Outcome) and value.limit != ():  # the same for all that are alike
        return value.limit, _structure(value._replace(limit=()), numbers)
    return (type(value), *(_structure(one, numbers) for one in value)) if isinstance(value, tuple) else value


def _again(value: Any, number: Callable[[], float | None]) -> Any:
    """The value with other numbers in the place of its own."""
    if type(value) is float:
        return number()
    if isinstance(value, PARTS):
        return type(value)(*_again(tuple(getattr(value, name) for name in value.__slots__), number))
    if not isinstance(value, tuple):
        return value
    if isinstance(value, Outcome) and value.limit != ():
        return _again(value._replace(limit=()), number)._replace(limit=value.limit)
    held = [_again(one, number) for one in value]
    return tuple(held) if type(value) is tuple else type(value)(*held)
