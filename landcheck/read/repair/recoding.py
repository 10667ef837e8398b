"""Text in another encoding than a library takes it for, or that it takes for something else than text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from landcheck import temporary
from landcheck.errors import InputError
from landcheck.model import Level
from landcheck.read.encoding import Decision, decode
from landcheck.read.layer import Tell
from landcheck.read.repair import Repair
from landcheck.read.source import CHUNK, DataSource

DECLARATION_CHARACTERS = 200
GUESSING_DRIVERS = frozenset(("GeoJSONSeq", "TopoJSON", "JSONFG"))
JSON_DRIVERS = GUESSING_DRIVERS | {"GeoJSON", "ESRIJSON"}
SEVENTEEN_DIGITS = r"^-?[0-9]+\.[0-9]+(e[-+][0-9]+)?$"
GUESSED_TYPES = frozenset(("OFTDate", "OFTDateTime", "OFTTime"))
MIXED_TYPES = frozenset(("OFTString", "OFSTJSON"))
MARK = "\ue000"
LIKE_A_DATE = re.compile(rb'(:\s*")(?=\s*[-+]?[0-9]+(?:[-/:]|\\/))')


def recoded_copy(source: DataSource, decision: Decision, declared: Callable[[str], str] = str) -> DataSource:
    """The same text as a copy in UTF-8; ``declared`` alters its first characters, where it says what it is in."""
    copy = source.placed()
    with (
        source.path.open(encoding=decision.codec, errors="replace") as raw,
        copy.path.open("w", encoding="utf-8") as clean,
    ):
        clean.write(declared(raw.read(DECLARATION_CHARACTERS)))
        while chunk := raw.read(CHUNK):
            clean.write(chunk)
    return copy


@dataclass
class Recode(Repair):
    """Decodes the text columns, which GDAL handed over byte for byte as ISO 8859-1; ``widths`` are theirs in bytes."""

    source: DataSource
    codec: str
    widths: tuple[int, ...] = ()

    def mend(self, table: pa.RecordBatch, first_row: int, tell: Tell) -> pa.RecordBatch:
        """The rows with their text decoded; of undecodable values there is one finding a column."""
        columns = table.columns
        for number, (name, column) in enumerate(zip(table.schema.names, table.columns, strict=True)):
            if pa.types.is_string(column.type):
                width = self.widths[number] if number < len(self.widths) else 0
                columns[number], bad = recode(column, self.codec, width)
                if bad:
                    values = {"column": name, "count": len(bad), "row": first_row + bad[0] + 1, "encoding": self.codec}
                    tell(self.source.finding(Level.ERROR, "read-undecodable-values", **values))
        return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if columns else table


def recode(column: pa.Array, codec: str, width: int) -> tuple[pa.Array, list[int]]:
    """The column decoded, and the rows that hold replacement characters; each different value is decoded once."""
    import pyarrow.compute as pc

    if pc.all(pc.string_is_ascii(column)).as_py() is not False:
        return column, []
    coded = column.dictionary_encode()
    raws = [value.encode("latin-1") for value in coded.dictionary.to_pylist()]
    pairs = [decode(raw, codec, cut=width > 0 and len(raw) >= width) for raw in raws]
    texts = pa.array([text for text, _ in pairs], pa.string())
    faulty = pa.array([faulty for _, faulty in pairs], pa.bool_())
    bad: list[int] = []
    if any(fault for _, fault in pairs):
        bad = pc.indices_nonzero(pc.fill_null(faulty.take(coded.indices), False)).to_pylist()
    return texts.take(coded.indices), bad


class JsonDates(Repair):
    """Texts in JSON that GDAL would take for dates, read from a copy in which they do not look like dates.

    Of any text that begins like a date GDAL makes one, and 2021-09-31 becomes the first of October: even a parcel's
    number. For GeoJSON it can be told not to (see ``vector``), for its other readers of JSON it cannot.
    """

    @staticmethod
    def needed(driver: str, types: tuple[str, ...]) -> bool:
        """Whether this driver of GDAL's guessed a date among the types of the columns."""
        return driver in GUESSING_DRIVERS and not GUESSED_TYPES.isdisjoint(types)

    def copy(self, path: Path) -> Path:
        """With a mark before what begins like a date; what is looked for holds no comma, so pieces end at one."""
        self.folder = temporary.Folder()
        copy = Path(self.folder.name) / path.name
        tail = b""
        with path.open("rb") as stream, copy.open("wb") as clean:
            while chunk := stream.read(CHUNK):
                window = tail + chunk
                end = window.rfind(b",") + 1
                clean.write(LIKE_A_DATE.sub(rb"\g<1>" + MARK.encode(), window[:end]))
                tail = window[end:]
            clean.write(LIKE_A_DATE.sub(rb"\g<1>" + MARK.encode(), tail))
        return copy

    def mend(self, table: pa.RecordBatch, _first_row: int, _tell: Tell) -> pa.RecordBatch:
        """The rows without the marks."""
        import pyarrow.compute as pc

        columns = [
            pc.replace_substring(column, MARK, "") if pa.types.is_string(column.type) else column
            for column in table.columns
        ]
        return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if columns else table


class ShortNumbers(Repair):
    """Numbers among texts in JSON, which GDAL writes with seventeen digits: 1.1 is no parcel 1.1000000000000001."""

    @staticmethod
    def needed(driver: str, types: tuple[str, ...]) -> bool:
        """Whether this driver of GDAL's makes one column of texts and numbers."""
        return driver in JSON_DRIVERS and not MIXED_TYPES.isdisjoint(types)

    def mend(self, table: pa.RecordBatch, _first_row: int, _tell: Tell) -> pa.RecordBatch:
        """The rows with such numbers as short as they tell the same."""
        columns = [_shortened(one) if pa.types.is_string(one.type) else one for one in table.columns]
        return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if columns else table


def _shortened(column: pa.Array) -> pa.Array:
    """Only what is shorter by two digits or more: a text of sixteen digits is one that somebody wrote."""
    import pyarrow.compute as pc

    long = pc.fill_null(pc.match_substring_regex(column, SEVENTEEN_DIGITS), False)
    if not pc.any(long).as_py():
        return column
    texts = column.filter(long)
    short = texts.cast(pa.float64()).cast(pa.string())
    shorter = pc.less(pc.add(pc.utf8_length(short), 1), pc.utf8_length(texts))
    return pc.replace_with_mask(column, long, pc.if_else(shorter, short, texts))


def sound_batch(batch: pa.RecordBatch, first_row: int, source: DataSource, tell: Tell) -> pa.RecordBatch:
    """The batch as it is, or with text that is no UTF-8 decoded as GB18030: GDAL hands on what a damaged file holds.

    Raises InputError where it is broken, as with offsets that point outside.
    """
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        columns = [_sound_column(name, batch.column(name), first_row, source, tell) for name in batch.schema.names]
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)
    return batch


def _sound_column(name: str, column: pa.Array, first_row: int, source: DataSource, tell: Tell) -> pa.Array:
    """The column; values that are no UTF-8 are taken as GB18030, with a finding."""
    binary = column.view(pa.binary()) if pa.types.is_string(column.type) else column
    try:
        binary.validate(full=True)
    except pa.ArrowInvalid:
        raise InputError("read-column-broken", file=source.file, column=name) from None
    if binary is column:
        return column
    values = binary.to_pylist()
    bad = [row for row, value in enumerate(values) if value is not None and decode(value, "utf-8", cut=False)[1]]
    if bad:
        tell(source.finding(Level.ERROR, "read-not-utf8", column=name, count=len(bad), row=first_row + bad[0] + 1))
    for row in bad:
        values[row] = values[row].decode("gb18030", errors="replace").encode()
    return pa.array(values, pa.binary()).cast(pa.string())
