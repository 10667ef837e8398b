"""Findings of one rule, a column each and a row a finding; single ones, or one that stands for all alike."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.messages import RowAt
from landcheck.model import Areas, Change, Finding, JointRemedy, Outcome, Rule, Subject, Verdict, Waived
from landcheck.verdicts.exact import Numbers
from landcheck.verdicts.name_sets import NameSets
from landcheck.verdicts.outcomes import VERDICTS, RequirementColumns, TestColumns
from landcheck.verdicts.remedies import ChangeColumn, JointColumns

OUT_OF_FORCE = {-1: "before", 0: None, 1: "after"}
MOST = 2**50  # of the codes put together


class Cells(Protocol):
    """How the values of a row are taken out of the columns."""

    def number(self, column: Numbers, at: int) -> float | None:
        """The number there; None for NaN."""

    def row(self, column: NDArray[np.int64], at: int) -> int:
        """The row of the layer."""

    def text(self, column: pa.Array, at: int) -> str:
        """The text of the data there."""


class OwnCells:
    """The values of the row itself."""

    def number(self, column: Numbers, at: int) -> float | None:
        """The number there; None for NaN."""
        value = float(column[at])
        return None if math.isnan(value) else value

    def row(self, column: NDArray[np.int64], at: int) -> int:
        """The row of the layer."""
        return int(column[at])

    def text(self, column: pa.Array, at: int) -> str:
        """The text of the data there."""
        found: str = column[at].as_py()
        return found


OWN = OwnCells()


@dataclass(frozen=True, slots=True)
class FindingBlock:
    """Some findings of one rule; ``rows`` from 1, ``places`` longitude and latitude, ``areas`` as in ``Areas``.

    ``out_of_force``: -1 before, 1 after the text's days. ``waived``: which of ``documents`` covers it, -1 none.
    ``lines``: where the rows stand in a table.
    """

    rule: Rule
    verdicts: NDArray[np.int8]
    ids: pa.Array
    parks: pa.Array
    rows: NDArray[np.int64]
    places: Numbers
    areas: tuple[Numbers, ...]
    out_of_force: NDArray[np.int8]
    requirements: tuple[RequirementColumns, ...]
    missing: NameSets
    unreadable: NameSets
    joint: JointColumns | None
    documents: tuple[Waived, ...]
    waived: NDArray[np.int64]
    known: NDArray[np.bool_]
    lines: RowAt | None = None

    def __iter__(self) -> Iterator[Finding]:
        """The findings one by one."""
        return (self.finding(at) for at in range(len(self.rows)))

    def finding(self, at: int, cells: Cells = OWN) -> Finding:
        """The finding of a row."""
        verdict, waived = VERDICTS[self.verdicts[at]], int(self.waived[at])
        judged = () if verdict is Verdict.NOT_APPLICABLE else self.requirements
        areas = [cells.number(area, at) for area in self.areas]
        longitude, latitude = (cells.number(self.places[:, axis], at) for axis in (0, 1))
        return Finding(
            self.rule,
            Subject(self.rule.per, cells.text(self.ids, at)),
            verdict,
            tuple([_outcome(one, at, cells) for one in judged]),
            self.missing.of(at),
            cells.row(self.rows, at),
            None if longitude is None or latitude is None else (longitude, latitude),
            Areas(*areas) if areas else None,
            None if self.joint is None else _joint(self.joint, at, cells),
            OUT_OF_FORCE[int(self.out_of_force[at])],
            None if waived < 0 else self.documents[waived],
            bool(self.known[at]),
            self.unreadable.of(at),
            cells.text(self.parks, at) if self.parks[at].is_valid else None,
            None if self.lines is None else RowAt(self.lines.of, cells.row(self.lines.number, at)),
        )

    def alike(self) -> list[NDArray[np.intp]]:
        """The rows whose findings are the same but for their numbers, their ids, their parks and their rows."""
        key = np.zeros(len(self.rows), np.int64)
        for codes in self._codes():
            least, span = codes.min(), int(codes.max()) - int(codes.min()) + 1
            if span > 1:
                key = key * span + (codes.astype(np.int64) - least)
                if key.max() > MOST:
                    key = np.unique(key, return_inverse=True)[1]
        order = np.argsort(key, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(key[order])) + 1)

    def _codes(self) -> Iterator[NDArray[Any]]:
        """What of a finding is not one of its numbers, as whole numbers."""
        yield from (self.verdicts, self.out_of_force, self.missing.codes, self.unreadable.codes)
        yield from (self.waived, self.known.view(np.int8))
        yield self.parks.is_valid().to_numpy(zero_copy_only=False).view(np.int8)
        yield from map(_sign, (self.places[:, 0], *self.areas))
        changes = [] if self.joint is None else [*self.joint.changes]
        for one in self.requirements:
            yield from (one.verdicts, one.speaker, one.missing.codes, one.unreadable.codes)
            changes += [change for way in one.ways for change in way]
            for test in one.tests:
                measured = _sign(test.measured) if test.words is None else test.measured
                yield from (test.verdicts, test.missing.codes, measured, _sign(test.margin), _sign(test.margin_m2))
        yield from (_sign(change.by) for change in changes)


def _sign(column: Numbers) -> NDArray[np.int8]:
    """Whether there is a number, and whether it is below nought or above."""
    return np.where(np.isnan(column), np.int8(2), (column > 0).view(np.int8) - (column < 0).view(np.int8))


def _outcome(one: RequirementColumns, at: int, cells: Cells) -> Outcome:
    """How the requirement came out in a row, by the way that speaks for it."""
    name, label = one.requirement.name, one.requirement.label
    spoken = Outcome(name, label, VERDICTS[one.verdicts[at]], *_compared(one.tests[one.speaker[at]], at, cells))
    each = one.tests if len(one.tests) > 1 else ()
    return spoken._replace(
        missing=one.missing.of(at),
        unreadable=one.unreadable.of(at),
        alternatives=tuple(
            [
                Outcome(name, label, VERDICTS[test.verdicts[at]], *_compared(test, at, cells))._replace(
                    missing=test.missing.of(at)
                )
                for test in each
            ]
        ),
        ways=tuple([changes for way in one.ways if (changes := _changes(way, at, cells))]),
    )


def _compared(one: TestColumns, at: int, cells: Cells) -> tuple[Any, ...]:
    """Measured, operator, limit, unit and margins."""
    if one.words is None:
        measured: Any = cells.number(one.measured, at)
    else:
        code = int(one.measured[at])
        measured = None if code < 0 else one.words[code]
    margins = (cells.number(margin, at) for margin in (one.margin, one.margin_m2))
    return measured, one.test.operator, one.limit, one.test.unit, *margins


def _changes(changes: tuple[ChangeColumn, ...], at: int, cells: Cells) -> tuple[Change, ...]:
    found = ((change, cells.number(change.by, at)) for change in changes)
    return tuple([Change(change.field, by, change.unit) for change, by in found if by is not None])


def _joint(joint: JointColumns, at: int, cells: Cells) -> JointRemedy | None:
    total = cells.number(joint.total_m2, at)
    return None if total is None else JointRemedy(_changes(joint.changes, at, cells), total)
