"""MapInfo TAB and MIF: the charset line is often "Neutral" or wrong, so it is evidence only, as with shapefiles.

GDAL reads ``abc`` or nothing in a number column of a .mid as 0, 20210931 as a day of October, 20231301 as 1970-01-01,
2023-03-15 as nothing, and ``是`` in a logical column as false. So the text is looked at here, and a column with such a
cell is handed on as the text that stands in it. A .dat holds its numbers in binary, but dates by their parts, which may
be no day, and decimals as text.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from pathlib import Path

import pyarrow as pa

from landcheck.errors import InputError
from landcheck.read.drivers.gdal.vector import Known, Opening, batches_of, described, open_vector
from landcheck.read.encoding import RawText, decide_encoding, decode
from landcheck.read.layer import Layer
from landcheck.read.repair import CellsAsText
from landcheck.read.repair.dbf import DbfTable, dbf_header
from landcheck.read.repair.recoding import Recode
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource, link_or_copy

CHARSET = re.compile(rb'(charset\s+)"?([A-Za-z0-9_.-]+)"?', re.IGNORECASE)
CHARSETS = {
    "WindowsSimpChinese": "936", "WindowsTradChinese": "950", "WindowsLatin1": "1252", "WindowsLatin2": "1250",
    "WindowsCyrillic": "1251", "WindowsJapanese": "932", "WindowsKorean": "949", "UTF-8": "utf-8",
    "CodePage437": "437", "CodePage850": "850", "ISO8859_1": "88591",
}  # fmt: skip
OBJECT = re.compile(
    rb"\s*(?:none|point|multipoint|line|pline|region|arc|text|rect|roundrect|ellipse|collection)\b", re.I
)
DELIMITER = re.compile(r'^\s*delimiter\s+"(.)"', re.IGNORECASE | re.MULTILINE)
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)\d{3})?")
MAPINFO_PARTS = (".tab", ".dat", ".map", ".id", ".ind", ".mif", ".mid")
SAMPLED_ROWS = 4000
ROWS_AT_ONCE = 65_536
HEAD_BYTES = 65_536


def is_mapinfo(head: Head) -> bool:
    """A table, which begins with !table; an interchange file by its suffix."""
    return head.suffix == ".mif" or head.raw.lstrip().lower().startswith(b"!table")


def open_mapinfo(source: DataSource) -> Layer:
    """The table, read byte for byte through a copy whose charset line says ISO 8859-1, then decoded."""
    stem = source.path.stem.casefold()
    beside = source.path.parent.iterdir()
    companions = sorted(file for file in beside if file.is_file() and file.stem.casefold() == stem)
    parts = {file.suffix.lower(): file for file in companions}
    copy, charset = _byte_for_byte(source, companions)
    opening = Opening(copy.path, source.file)
    texts = [RawText(name.encode("latin-1"), cut=True) for name in described(opening).names]
    expected = _announced(source, parts)
    cells = TableCells(source, parts)
    texts_of_cells = [*_values(opening), *cells.texts()]
    decision = decide_encoding([*texts, *texts_of_cells], source.file, source.encoding, CHARSETS.get(charset))
    names = tuple(decode(text.raw, decision.codec, cut=True)[0] for text in texts)
    known = Known(names=names, expected=expected, encoding=decision.label, name=source.path.stem)
    source = replace(source.made_of(companions), notes=source.notes + decision.notes, keep=copy.keep)
    return open_vector(source, opening, known, cells, Recode(source, decision.codec))


def _byte_for_byte(source: DataSource, companions: Sequence[Path]) -> tuple[DataSource, str]:
    """A copy of the table's text part that says it is in ISO 8859-1, beside links to the rest; and what it says now."""
    copy = source.placed(source.path.stem + source.path.suffix.lower())
    raw = source.path.read_bytes()
    said = CHARSET.search(raw[:HEAD_BYTES])
    head = CHARSET.sub(rb'\1"ISO8859_1"', raw[:HEAD_BYTES].replace(b"!charset", b"!charset ", 1))
    head = re.sub(rb'(!charset\s+)"([^"]+)"', rb"\1\2", head, flags=re.IGNORECASE)  # of a .tab, without quotes
    copy.path.write_bytes(head + raw[HEAD_BYTES:])
    for file in companions:
        beside = copy.path.with_suffix(file.suffix.lower())
        if not beside.exists():
            link_or_copy(file, beside)
    return copy, said.group(2).decode("latin-1") if said else ""


def _announced(source: DataSource, parts: Mapping[str, Path]) -> int | None:
    """The rows the table must have, from its parts; InputError where a part is missing. GDAL stops at the shorter."""
    needed = (".dat", ".map", ".id") if source.path.suffix.lower() == ".tab" else (".mid",)
    lacking = [suffix for suffix in needed if suffix not in parts]
    if lacking and not (needed[0] in parts and needed[0] == ".dat" and len(lacking) == 2):
        raise InputError("read-mapinfo-part", file=source.file, parts=lacking)
    if ".dat" in needed:
        table = dbf_header(parts[".dat"], source.file)
        return max(table.announced, parts[".id"].stat().st_size // 4 if ".id" in parts else 0)
    with parts[".mid"].open("rb") as rows, source.path.open("rb") as shapes:
        return max(sum(bool(row.strip()) for row in rows), sum(bool(OBJECT.match(line)) for line in shapes))


def _values(opening: Opening) -> Iterator[RawText]:
    """The different texts of the first rows, as bytes."""
    for batch in batches_of(opening, SAMPLED_ROWS, []):
        for column in batch.columns:
            if pa.types.is_string(column.type):
                yield from (RawText(value.encode("latin-1")) for value in column.unique().to_pylist() if value)
        return


class TableCells(CellsAsText):
    """The columns with a cell that GDAL would misread, as bytes read as ISO 8859-1."""

    def __init__(self, source: DataSource, parts: Mapping[str, Path]) -> None:
        in_tab = source.path.suffix.lower() == ".tab"
        header = _head(source.path, None if in_tab else "data")
        columns = r"^\s*" + ("fields" if in_tab else "columns") + r"\s+(\d+)[^\n]*\n"
        found = re.search(columns, header, re.IGNORECASE | re.MULTILINE)
        lines = header[found.end() :].splitlines()[: int(found[1])] if found else []
        words = [line.split() for line in lines]  # of lines ``name type``
        types = [re.split(r"[^a-z]", parts[1].lower())[0] if len(parts) > 1 else "" for parts in words]
        if in_tab:
            self.columns = _misread_in_dat(dbf_header(parts[".dat"], source.file), types)
        else:
            delimiter = DELIMITER.search(header)
            self.columns = _misread_in_mid(parts[".mid"], delimiter[1] if delimiter else "\t", types)
        self.as_text = tuple(self.columns)

    def texts(self) -> Iterator[RawText]:
        """The different texts of the first rows."""
        for column in self.columns.values():
            yield from (RawText(cell.encode("latin-1")) for cell in set(column[:SAMPLED_ROWS]) if cell)


def _head(path: Path, end: str | None) -> str:
    """The lines before the one that says ``end``."""
    with path.open(encoding="latin-1") as text:
        return "".join(takewhile(lambda line: line.strip().lower() != end, text))


def _misread_in_mid(mid: Path, delimiter: str, types: Sequence[str]) -> dict[int, list[str | None]]:
    odd: set[int] = set()
    for rows in _lines(mid, delimiter):
        odd |= {
            at
            for at, kind in enumerate(types)
            if at not in odd and kind in SOUND and not all(map(SOUND[kind], {_cell(row, at) for row in rows}))
        }
    columns: dict[int, list[str | None]] = {number: [] for number in sorted(odd)}
    for rows in _lines(mid, delimiter) if odd else ():
        for number, column in columns.items():
            column += [_shown(_cell(row, number)) for row in rows]
    return columns


def _lines(mid: Path, delimiter: str) -> Iterator[list[list[str]]]:
    """Some rows at a time; each line by itself, as GDAL takes them, so that an open quote spoils no other."""
    with mid.open(encoding="latin-1") as lines:
        while some := list(islice(lines, ROWS_AT_ONCE)):
            yield [next(csv.reader([line], delimiter=delimiter), []) for line in some]


def _cell(row: list[str], number: int) -> str:
    return row[number].strip() if number < len(row) else ""


def _shown(cell: str) -> str | None:
    """The text of a cell, a day with its time in the usual form."""
    moment = _moment(cell) if len(cell) == 17 else None
    return moment.isoformat() if moment else cell or None


def _moment(cell: str) -> dt.datetime | None:
    found = MOMENT.fullmatch(cell)
    try:
        parts = [int(part or 0) for part in found.groups()] if found else []
        return dt.datetime(*parts) if parts else None  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


SOUND: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("integer", "smallint"), re.compile(r"[+-]?\d{1,9}").fullmatch),
    "largeint": re.compile(r"[+-]?\d{1,18}").fullmatch,
    **dict.fromkeys(("decimal", "float"), re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?").fullmatch),
    "logical": re.compile(r"[TFYN01]", re.IGNORECASE).fullmatch,
    **dict.fromkeys(("date", "datetime"), lambda cell: not cell or _moment(cell)),
}
"""By type, whether GDAL reads a cell for what it is; an empty number is none, and no 0."""


def _misread_in_dat(table: DbfTable, types: Sequence[str]) -> dict[int, list[str | None]]:
    """Of a .dat as read here: of a moment the day alone, which is what rules ask for."""
    found: dict[int, list[str | None]] = {}
    if len(types) == len(table.columns):
        for number, (kind, column) in enumerate(zip(types, table.columns, strict=True)):
            if kind in ("decimal", "date", "datetime"):
                held = _decimal if kind == "decimal" else _day
                cells = [held(cell) for cell in table.kept_cells(column)]
                found |= {} if all(map(SOUND[kind], {cell or "" for cell in cells})) else {number: cells}
    return found


def _decimal(cell: bytes) -> str | None:
    return cell.strip(b" \x00").decode("latin-1") or None


def _day(cell: bytes) -> str | None:
    """A day from its year, month and day; noughts are none."""
    year, month, day = struct.unpack("<HBB", cell[:4])
    return f"{year:04}{month:02}{day:02}" if any(cell[:4]) else None
