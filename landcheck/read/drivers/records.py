"""The records of a delimited text: quotes that do not close and rows of another length are told of, never swallowed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

DELIMITERS = ",\t;|，"
LONGEST_FIELD = 64 << 20
LOOKED_AT = 65_536
RECORDS_AT_ONCE = 65_536

Record = list[str]


@dataclass(frozen=True, slots=True)
class Delimited:
    """How to cut a text into records. ``by_line``: its quotes cannot be trusted, so every line is a record;
    ``zeros``: zero bytes stand in it, which are left out."""

    path: Path
    codec: str
    delimiter: str = ","
    by_line: bool = False
    zeros: bool = False

    def lines(self) -> Iterator[str]:
        """The lines with their ends."""
        with self.path.open(encoding=self.codec, errors="replace", newline="") as stream:
            yield from (line.replace("\x00", "") for line in stream) if self.zeros else stream

    def records(self) -> Iterator[Record]:
        """The records; a line whose quotes do not close gives only the fields before the first quote."""
        csv.field_size_limit(LONGEST_FIELD)
        if not self.by_line:
            return csv.reader(self.lines(), delimiter=self.delimiter, strict=False)
        return (self._alone(line) for line in self.lines())

    def _alone(self, line: str) -> Record:
        try:
            return next(csv.reader([line], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return [*line.split('"', maxsplit=1)[0].split(self.delimiter)[:-1], UNCLOSED]


UNCLOSED = "\x00unclosed quote"
"""Stands as the last field of a record whose quotes do not close; no text file holds a zero byte."""


def examine(path: Path, codec: str, *, quotes: bool, zeros: bool) -> Delimited:
    """Find the delimiter, and whether the quotes (where there are any) can be trusted."""
    with path.open(encoding=codec, errors="replace", newline="") as stream:
        text = Delimited(path, codec, _delimiter(stream.read(LOOKED_AT)), zeros=zeros)
    return replace(text, by_line=quotes and not _quotes_close(text))


def _delimiter(start: str) -> str:
    """The sign that cuts the first lines most often, and each of them."""
    lines = [line for line in start.splitlines()[:20] if line.strip()]
    counts = {sign: [_outside_quotes(line).count(sign) for line in lines] for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: (sum(count > 0 for count in counts[sign]), sum(counts[sign])))


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _quotes_close(text: Delimited) -> bool:
    """Read everything once, strictly. A field that holds whole records is a quote that closed in another row."""
    csv.field_size_limit(LONGEST_FIELD)
    lines = csv.reader(text.lines(), delimiter=text.delimiter, strict=True)
    before, width = 0, 0
    try:
        while records := list(islice(lines, RECORDS_AT_ONCE)):
            width = width or len(records[0])
            if lines.line_num - before > len(records) and _swallows(records, text.delimiter, width):
                return False
            before = lines.line_num
    except csv.Error:
        return False
    return True


def _swallows(records: Iterable[Record], delimiter: str, width: int) -> bool:
    return any(
        line.count(delimiter) >= max(width - 2, 1)
        for record in records
        for field in record
        if "\n" in field
        for line in field.splitlines()[1:]
    )
