"""The objects in the sections of a VCT file: where the points of lines and polygons stand, by the counts before them.

GB/T 17798 of 1999 and 2007 and the layouts of the land surveys differ in a few lines; each object shows which it has.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from landcheck.read.drivers.survey.coordinate_rings import Floats, Ints
from landcheck.read.drivers.survey.text_lines import FARTHEST, NUMBER
from landcheck.read.drivers.survey.vct_text import VctPiece, numbers_in

PATH, ARC, RING, CIRCLE_OF_POINTS, CIRCLE = 11, -12, 11, 12, 13
"""Kinds of segments and rings; an arc is 12 among the segments of lines, and noted with a minus."""
DIRECT, INDIRECT, OF_LINES = 1, 100, 21
LONGEST_ID = 18
BORDER = "1099000000"
"""What borders are coded as that are no features themselves."""


class _NoObjectError(Exception):
    """The lines make no object."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the head says of how objects stand: the sign between numbers, and how a polygon without a type is made.

    ``style_first``: the style stands before the code; ``nodes``: lines end with two nodes and two polygons.
    """

    separator: str = ","
    topology: int | None = None
    style_first: bool = False
    nodes: bool = False


@dataclass(slots=True)
class Objects:
    """The objects of a piece, as lists with an entry an object: id, code, first line.

    ``spans`` are runs of points, (object, first point, points, kind); ``refs`` what polygons are made of, (object,
    ring, line, 1 or -1); ``radii`` of circles by their first point. ``unknown``: objects whose boundary is not
    understood; ``faults``: lines with which something begins that is no object.
    """

    ids: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    refs: list[tuple[int, int, int, int]] = field(default_factory=list)
    radii: dict[int, float] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)
    xy: Floats = field(default_factory=lambda: np.zeros((0, 2)))

    def only(self, kept: NDArray[np.bool_]) -> Objects:
        """Those of the objects that are kept."""
        if kept.all():
            return self
        new = (np.cumsum(kept) - 1).tolist()
        pick = np.flatnonzero(kept).tolist()
        return Objects(
            [self.ids[one] for one in pick],
            [self.codes[one] for one in pick],
            [self.lines[one] for one in pick],
            [(new[one], *rest) for one, *rest in self.spans if kept[one]],
            [(new[one], *rest) for one, *rest in self.refs if kept[one]],
            self.radii,
            [new[one] for one in self.unread if kept[one]],
            self.faults,
            self.xy,
        )


class ObjectReader:
    """Goes through a section piece by piece; what an object lacks at the end of one comes with the next."""

    def __init__(self, layout: Layout, codes: Collection[str], *, polygons: bool) -> None:
        self.layout, self.polygons = layout, polygons
        self.codes = {*codes, BORDER}
        self.left: tuple[pa.Array, Ints] = (pa.array([], pa.string()), np.zeros(0, np.int64))

    def read(self, piece: VctPiece) -> Objects:
        """The objects that are whole in the piece and what was left over before it."""
        piece = piece.after(*self.left)
        self.lines, self.numbers, self.last = piece.lines, piece.numbers, piece.last
        xy, found = numbers_in(piece.lines, self.layout.separator)
        control = np.flatnonzero(~found)
        texts = np.full(len(found), None, object)
        texts[control] = piece.lines.take(pa.array(control)).to_pylist()
        self.text: list[str | None] = texts.tolist()
        at = np.searchsorted(control, np.arange(len(found) + 1))
        self.after: list[int] = np.append(control, len(found))[at].tolist()
        if not self.polygons and len(self.text) > 1 and (self.text[1] or "").isdigit():
            self.codes.add(str(self.text[1]))
        self.found = Objects(xy=xy)
        end = self._walk()
        self.left = (piece.lines.slice(end), piece.numbers[end:])
        return self.found

    def _walk(self) -> int:
        """Read object after object; the line from which on more is needed."""
        at, size = 0, len(self.text)
        while at < size:
            if self.text[at] == "0":  # the end of the object before
                at += 1
                continue
            marks = len(self.found.spans), len(self.found.refs), len(self.found.unread)
            try:
                at = self._object(at)
            except (_NoObjectError, IndexError) as error:
                del self.found.spans[marks[0] :], self.found.refs[marks[1] :], self.found.unread[marks[2] :]
                if isinstance(error, IndexError) and not self.last:
                    return at
                at = self._skip(at)
        return size

    def _object(self, at: int) -> int:
        """Read one object; the line behind it."""
        if not self._begins(at):
            raise _NoObjectError
        number = len(self.found.ids)
        behind = self._polygon(at + 3, number) if self.polygons else self._line(at + 3, number)
        if behind < len(self.text) or not self.last:
            if self.text[behind] == "0":
                behind += 1
            elif not self._begins(behind):
                raise _NoObjectError
        self._note(at)
        return behind

    def _note(self, at: int) -> None:
        found = self.found
        found.ids.append(self.text[at] or "")
        found.codes.append(self.text[at + 1 + self.layout.style_first] or "")
        found.lines.append(int(self.numbers[at]))

    def _skip(self, at: int) -> int:
        """Over lines that make no object to the next that begins one; one of a known id has no known boundary."""
        self.found.faults.append((self.lines[at].as_py(), int(self.numbers[at])))
        if at + 1 < len(self.text) and self._begins(at):
            self.found.unread.append(len(self.found.ids))
            self._note(at)
        at += 1
        while at < len(self.text):
            try:
                if self._begins(at):
                    return at
            except IndexError:
                if not self.last:
                    return at
            at += 1
        return at

    def _begins(self, at: int) -> bool:
        """Whether an object begins here: an id, and the code of a feature."""
        text = self.text[at]
        if text is None or text == "0" or not text.isdecimal() or len(text) > LONGEST_ID:
            return False
        return self.text[at + 1 + self.layout.style_first] in self.codes

    def _count(self, at: int) -> int:
        text = self.text[at]
        if text is None or not text.isdecimal() or len(text) > LONGEST_ID:
            raise _NoObjectError
        return int(text)

    def _points(self, at: int, number: int, kind: int, count: int | None = None) -> int:
        """Points, by default with their count before them; the line behind them."""
        if count is None:
            count, at = self._count(at), at + 1
        end = at + count
        if count == 0 or self.after[at] < min(end, len(self.text)):
            raise _NoObjectError
        if end > len(self.text):
            raise IndexError
        if kind in (ARC, CIRCLE_OF_POINTS) and count != 3:
            self.found.unread.append(number)
        self.found.spans.append((number, at, count, kind))
        return end

    def _line(self, at: int, number: int) -> int:
        """The segments of a line: with or without their number and kinds."""
        kind = self._count(at)
        if kind == INDIRECT or kind > 6:
            self.found.unread.append(number)
            return self._ids(at + 1, number, keep=False)
        count = self._count(at + 1)
        if self.text[at + 2] is None:
            if kind != 1:
                self.found.unread.append(number)
            return self._points(at + 1, number, PATH) + 4 * self.layout.nodes
        at += 2
        for _ in range(count):
            kind = self._count(at)
            if kind == -ARC:
                at = self._points(at + 1, number, ARC, 3 if self.text[at + 1] is None else None)
                continue
            if kind != PATH:
                self.found.unread.append(number)
            at = self._points(at + 1, number, kind)
        return at

    def _polygon(self, at: int, number: int) -> int:
        """Rings of points, or the lines that bound it."""
        kind = None
        if self.text[at] is not None:
            kind, at = self._count(at), at + 1
        if self.text[at] is not None:  # there is always a point to label it at
            raise _NoObjectError
        at += 1
        if kind not in (DIRECT, INDIRECT):
            if self.layout.topology is None:
                raise _NoObjectError
            kind = INDIRECT if self.layout.topology else DIRECT
        return self._rings(at, number) if kind == DIRECT else self._ids(at, number, keep=True)

    def _rings(self, at: int, number: int) -> int:
        count = self._count(at)
        if self.text[at + 1] is None:  # counts and points, until a count of 0
            while (at := self._points(at, number, RING)) < len(self.text) or not self.last:
                if self.text[at] == "0":
                    return at + 1
                if self.text[at + 1] is not None:  # another object
                    return at
            return at
        at += 1
        for _ in range(count):
            kind = self._count(at)
            if kind in (RING, CIRCLE_OF_POINTS):
                at = self._points(at + 1, number, kind)
            elif kind == CIRCLE:
                self.found.radii[at + 1] = self._radius(at + 2)
                at = self._points(at + 1, number, kind, 1) + 1
            else:
                self.found.unread.append(number)
                at = self._points(at + 1, number, kind, 2) + 1
        return at

    def _radius(self, at: int) -> float:
        if not re.fullmatch(NUMBER, text := self.text[at] or ""):
            raise _NoObjectError
        if not 0 < float(text) < FARTHEST:
            raise _NoObjectError
        return float(text)

    def _ids(self, at: int, number: int, *, keep: bool) -> int:
        """Lines by their ids, those that run the other way with a minus; a 0 among them begins another ring."""
        count = self._count(at)
        if keep and count >= OF_LINES and self.text[at + 1] is not None and (self.text[at + 1] or "").isdecimal():
            if count != OF_LINES:
                self.found.unread.append(number)
            count, at = self._count(at + 1), at + 1
        at, taken, ring, line = at + 1, 0, 0, 0
        while taken < count:
            for text in self._as_text(at).split(self.layout.separator):
                if not (word := text.strip()):
                    continue
                if not word.lstrip("-").isdecimal() or len(word) > LONGEST_ID + 1:
                    raise _NoObjectError
                line = int(word)
                ring, taken = ring + (line == 0), taken + 1
                if line and keep:
                    self.found.refs.append((number, ring, abs(line), 1 if line > 0 else -1))
            at += 1
        if taken != count or line == 0:
            raise _NoObjectError
        return at

    def _as_text(self, at: int) -> str:
        text = self.text[at]
        return str(self.lines[at].as_py()) if text is None else text
