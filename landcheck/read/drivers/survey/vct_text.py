"""The text of a VCT file in pieces: the lines of its sections as Arrow columns, and the numbers among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.read.drivers.survey.coordinate_rings import Floats, Ints
from landcheck.read.drivers.survey.text_lines import as_numbers, filled_lines
from landcheck.read.source import DataSource

MARK = r"(?i)^[a-z]+(?:begin|end)$"
SECTIONS = frozenset(
    ("head", "featurecode", "tablestructure", "point", "line", "polygon", "solid", "aggregation", "annotation",
     "topology", "attribute", "style", "varchar")
)  # fmt: skip
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VctPiece:
    """Lines of one section, none of them blank, with their numbers (from 1); ``last``: the section ends with them.

    What stands in no section has "" as its name.
    """

    section: str
    lines: pa.Array
    numbers: Ints
    last: bool

    def after(self, lines: pa.Array, numbers: Ints) -> VctPiece:
        """The same with lines before it that were left over from the piece before."""
        both = pa.concat_arrays([lines, self.lines]) if len(lines) else self.lines
        return VctPiece(self.section, both, np.concatenate([numbers, self.numbers]), self.last)


def pieces(source: DataSource, codec: str) -> Iterator[VctPiece]:
    """The file from its first line to its last; InputError where a section does not end, or ends without a beginning.

    Comments are left out.
    """
    section, began, comment = "", 0, 0
    for lines, numbers in filled_lines(source, codec):
        kept, start = np.ones(len(lines), bool), 0
        for at in np.flatnonzero(np.asarray(pc.match_substring_regex(lines, MARK))).tolist():
            word, line = lines[at].as_py().lower(), int(numbers[at])
            if word == "commentbegin" and not comment:
                comment = line
            if comment:
                kept[(numbers >= comment) & (numbers <= line)] = False
                comment = 0 if word == "commentend" else comment
                continue
            begins = word[:-5] if word.endswith("begin") and word[:-5] in SECTIONS else ""
            ends = word == section + "end" or (not section and word.endswith("end"))
            if begins or ends:
                if bool(section) == bool(begins):
                    raise InputError("read-vct-section", file=source.file, section=section or word[:-3], line=line)
                yield from _piece(section, lines, numbers, kept, slice(start, at), last=True)
                section, began, start = begins, line, at + 1
        if comment:
            kept[numbers >= comment] = False
        yield from _piece(section, lines, numbers, kept, slice(start, None), last=False)
    if section or comment:
        values = {"section": section or "comment", "line": began if section else comment}
        raise InputError("read-vct-section", file=source.file, **values)


def _piece(section: str, lines: pa.Array, numbers: Ints, kept: Mask, part: slice, *, last: bool) -> Iterator[VctPiece]:
    inside = np.flatnonzero(kept[part]) + (part.start or 0)
    if len(inside) or (section and last):
        yield VctPiece(section, lines.take(pa.array(inside)), numbers[inside], last)


def numbers_in(lines: pa.Array, separator: str) -> tuple[Floats, Mask]:
    """The first two numbers of each line that holds two or three, (n, 2), and which lines these are."""
    parts = pc.split_pattern(lines, separator)
    length = np.asarray(pc.list_value_length(parts))
    likely = np.flatnonzero((length == 2) | (length == 3))
    flat = pc.utf8_trim_whitespace(parts.take(pa.array(likely)).flatten())
    values = as_numbers(flat)
    first = np.cumsum(length[likely]) - length[likely]
    last = first + length[likely] - 1
    good = np.isfinite(values[first]) & np.isfinite(values[first + 1]) & np.isfinite(values[last])
    xy, found = np.full((len(lines), 2), np.nan), np.zeros(len(lines), bool)
    xy[likely[good]] = np.column_stack([values[first], values[first + 1]])[good]
    found[likely[good]] = True
    return xy, found


def cells(lines: pa.Array, separator: str) -> tuple[Any, Ints]:
    """The values of each line, trimmed, as one flat array and the number of the first of each, and one more."""
    parts = pc.split_pattern(lines, separator)
    counts = np.asarray(pc.list_value_length(parts), np.int64)
    return pc.utf8_trim_whitespace(parts.flatten()), np.concatenate([[0], np.cumsum(counts)])
