"""What a sheet of an old workbook (.xls) tells besides its values, from its records: errors, formats, hidden rows.

[MS-XLS] 2.4 and [MS-CFB]: https://learn.microsoft.com/openspecs/office_file_formats
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from landcheck.read.drivers.tables.sheet_marks import SheetMarks, matters
from landcheck.read.source import DataSource

FREE = 0xFFFFFFFA
SMALL = 4096
BIFF8 = 0x0600
BOF, EOF, SHEET, FONT, FORMAT, XF, ROW = 0x0809, 0x000A, 0x0085, 0x0031, 0x041E, 0x00E0, 0x0208
FORMULA, BOOL_OR_ERROR, NUMBERS, NUMBER_RUN = 0x0006, 0x0205, (0x0203, 0x027E), 0x00BD
TEXTS = (0x00FD, 0x0204, 0x00D6)
WORDS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
Records = Iterator[tuple[int, bytes]]


def scanned_xls(source: DataSource, sheet: str) -> SheetMarks | None:
    """The sheet of that name, looked through; None for a workbook whose records are not laid out like those of 1997."""
    try:
        stream = _stream(source.path.read_bytes())
        globals_ = list(_records(stream, 0))
        if struct.unpack_from("<H", globals_[0][1])[0] != BIFF8:
            return None
        at = next(
            struct.unpack_from("<I", data)[0]
            for kind, data in globals_
            if kind == SHEET and _name(data[6:], 1) == sheet
        )
        return _marks(_records(stream, at), *_styles(globals_))
    except (struct.error, LookupError, ValueError, StopIteration, UnicodeDecodeError):
        return None


def _stream(raw: bytes) -> bytes:
    """The stream of the workbook in its container, which is laid out like a disk."""
    sector = 1 << struct.unpack_from("<H", raw, 30)[0]

    def at(number: int) -> bytes:
        return raw[(number + 1) * sector : (number + 2) * sector]

    def numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def chain(first: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while first < FREE and len(found) <= len(table):
            found.append(first)
            first = table[first]
        return found

    listed, more = numbers(raw[76:512]), struct.unpack_from("<I", raw, 68)[0]
    while more < FREE and len(listed) * sector < len(raw):
        *those, more = numbers(at(more))
        listed += those
    table = [number for place in listed if place < FREE for number in numbers(at(place))]

    def whole(first: int) -> bytes:
        return b"".join(map(at, chain(first, table)))

    folder = whole(struct.unpack_from("<I", raw, 48)[0])
    entries = {}
    for place in range(0, len(folder), 128):
        name = folder[place : place + max(struct.unpack_from("<H", folder, place + 64)[0] - 2, 0)].decode("utf-16-le")
        entries[name] = struct.unpack_from("<II", folder, place + 116)
    first, size = entries["Workbook"]
    if size >= SMALL:
        return whole(first)[:size]
    small, tiny = whole(entries["Root Entry"][0]), numbers(whole(struct.unpack_from("<I", raw, 60)[0]))
    return b"".join(small[number * 64 : (number + 1) * 64] for number in chain(first, tiny))[:size]


def _records(stream: bytes, at: int) -> Records:
    """The records of one part of the stream, to its end; parts within it, as charts are, are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == BOF) - (kind == EOF)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if depth == 0:
            return


def _name(data: bytes, width: int) -> str:
    """A text with its length before it, in Latin-1 or UTF-16 as the flag after that says."""
    length, wide = int.from_bytes(data[:width], "little"), data[width] & 1
    text = data[width + 1 : width + 1 + length * (1 + wide)]
    return text.decode("utf-16-le" if wide else "latin-1")


def _styles(records: list[tuple[int, bytes]]) -> tuple[dict[int, str], set[int]]:
    """The styles whose number format matters, and those struck through; there is no font of number 4."""
    fonts = [bool(data[2] & 8) for kind, data in records if kind == FONT]
    fonts[4:4] = [False]
    codes = {struct.unpack_from("<H", data)[0]: _name(data[2:], 2) for kind, data in records if kind == FORMAT}
    styles = [struct.unpack_from("<HH", data) for kind, data in records if kind == XF]
    formats = {number: codes[code] for number, (_, code) in enumerate(styles) if matters(codes.get(code, ""))}
    return formats, {number for number, (font, _) in enumerate(styles) if fonts[font : font + 1] == [True]}


def _marks(records: Records, formats: dict[int, str], struck: set[int]) -> SheetMarks:
    marks = SheetMarks()
    for kind, data in records:
        if kind == ROW and data[12] & 0x20:
            marks.hidden.add(struct.unpack_from("<H", data)[0])
        elif kind in (FORMULA, BOOL_OR_ERROR, NUMBER_RUN, *NUMBERS, *TEXTS):
            row, column, style = struct.unpack_from("<HHH", data)
            # a run holds a style and a number of four bytes for each cell
            run = [struct.unpack_from("<H", data, at)[0] for at in range(4, len(data) - 2, 6)]
            styles = run if kind == NUMBER_RUN else [style]
            if not struck.isdisjoint(styles):
                marks.struck.add(row)
            for number, code in enumerate(map(formats.get, styles)):
                if code and kind not in TEXTS:
                    marks.formats.add(row, column + number, code)
            if error := _error(kind, data):
                marks.errors.add(row, column, error)
    return marks


def _error(kind: int, data: bytes) -> str | None:
    """The error that a cell holds, or the result of its formula is."""
    if kind == FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return WORDS.get(data[8], "#")
    return WORDS.get(data[6], "#") if kind == BOOL_OR_ERROR and data[7] else None
