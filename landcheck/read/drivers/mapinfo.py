"""MapInfo TAB and MIF: the charset line is often "Neutral" or wrong, so it is evidence only, as with shapefiles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from landcheck import temporary
from landcheck.errors import InputError
from landcheck.read.drivers import dbf
from landcheck.read.drivers.vector import Known, Opening, batches_of, open_vector, shape_of
from landcheck.read.encoding import Text, decide, decode
from landcheck.read.layer import Layer
from landcheck.read.repair.mapcells import AsWritten, misread_in_dat, misread_in_mid
from landcheck.read.repair.recode import Recode
from landcheck.read.source import Source
from landcheck.read.staging import same_file

CHARSET = re.compile(rb'(charset\s+)"?([A-Za-z0-9_.-]+)"?', re.IGNORECASE)
CHARSETS = {
    "WindowsSimpChinese": "936", "WindowsTradChinese": "950", "WindowsLatin1": "1252", "WindowsLatin2": "1250",
    "WindowsCyrillic": "1251", "WindowsJapanese": "932", "WindowsKorean": "949", "UTF-8": "utf-8",
    "CodePage437": "437", "CodePage850": "850", "ISO8859_1": "88591",
}  # fmt: skip
OBJECT = re.compile(
    rb"\s*(?:none|point|multipoint|line|pline|region|arc|text|rect|roundrect|ellipse|collection)\b", re.I
)
SAMPLED_ROWS = 4000
HEAD_BYTES = 65_536


def open_mapinfo(source: Source) -> Layer:
    """The table, read byte for byte through a copy whose charset line says ISO 8859-1, then decoded."""
    path, charset, keep = _byte_for_byte(source)
    opening = Opening(path, source.file)
    names = shape_of(opening).names
    expected = _announced(source)
    misread = _misread(source)
    decision = decide([*_texts(opening, names), *_cells(misread)], source.file, source.encoding, CHARSETS.get(charset))
    decoded = tuple(decode(name.encode("latin-1"), decision.codec, cut=True)[0] for name in names)
    known = Known(
        names=decoded,
        decode=AsWritten(misread, Recode(source.role, source.file, decision.codec, ())),
        expected=expected,
        encoding=decision.label,
        files=tuple(_companions(source.path)),
        notes=() if decision.note is None else (decision.note,),
        name=source.path.stem,
        keep=keep,
        as_text=tuple(decoded[number] for number in misread),
    )
    return open_vector(source, opening, "MapInfo File", known)


def _companions(path: Path) -> list[Path]:
    stem = path.stem.casefold()
    return sorted(file for file in path.parent.iterdir() if file.is_file() and file.stem.casefold() == stem)


def _announced(source: Source) -> int | None:
    """The rows the table must have, from its parts; InputError where a part is missing. GDAL stops at the shorter."""
    parts = {file.suffix.lower(): file for file in _companions(source.path)}
    needed = (".dat", ".map", ".id") if source.path.suffix.lower() == ".tab" else (".mid",)
    lacking = [suffix for suffix in needed if suffix not in parts]
    if lacking and not (needed[0] in parts and needed[0] == ".dat" and len(lacking) == 2):
        raise InputError("read-mapinfo-part", file=source.file, parts=lacking)
    if ".dat" in needed:
        table = dbf.header(parts[".dat"], source.file)
        return max(table.announced, parts[".id"].stat().st_size // 4 if ".id" in parts else 0)
    with parts[".mid"].open("rb") as rows, source.path.open("rb") as shapes:
        return max(sum(bool(row.strip()) for row in rows), sum(bool(OBJECT.match(line)) for line in shapes))


def _misread(source: Source) -> dict[int, list[str | None]]:
    """The text of the columns with cells that GDAL would misread."""
    parts = {file.suffix.lower(): file for file in _companions(source.path)}
    if source.path.suffix.lower() == ".tab":
        return misread_in_dat(source.path, dbf.header(parts[".dat"], source.file))
    return misread_in_mid(source.path, parts[".mid"])


def _cells(misread: dict[int, list[str | None]]) -> Iterator[Text]:
    """The different texts of the first rows that stand in other columns than those of text."""
    for cells in misread.values():
        yield from (Text(cell.encode("latin-1")) for cell in set(cells[:SAMPLED_ROWS]) if cell)


def _byte_for_byte(source: Source) -> tuple[Path, str, tuple[object, ...]]:
    """A copy of the table's text part with its charset replaced, beside links to the rest; and the charset."""
    folder = temporary.Folder()
    for file in _companions(source.path):
        copy = Path(folder.name) / (source.path.stem + file.suffix.lower())
        if file != source.path and not copy.exists():
            same_file(file, copy)
    path = Path(folder.name) / (source.path.stem + source.path.suffix.lower())
    raw = source.path.read_bytes()
    said = CHARSET.search(raw[:HEAD_BYTES])
    head = CHARSET.sub(rb'\1"ISO8859_1"', raw[:HEAD_BYTES].replace(b"!charset", b"!charset ", 1))
    path.write_bytes(_unquoted_bang(head) + raw[HEAD_BYTES:])
    return path, said.group(2).decode("latin-1") if said else "", (folder,)


def _unquoted_bang(head: bytes) -> bytes:
    """The line ``!charset`` of a .tab takes its word without quotes."""
    return re.sub(rb'(!charset\s+)"([^"]+)"', rb"\1\2", head, flags=re.IGNORECASE)


def _texts(opening: Opening, names: tuple[str, ...]) -> list[Text]:
    return [Text(name.encode("latin-1"), cut=True) for name in names] + list(_values(opening))


def _values(opening: Opening) -> Iterator[Text]:
    """The different texts of the first rows, as bytes."""
    import pyarrow as pa

    for batch in batches_of(opening, SAMPLED_ROWS, []):
        for column in batch.columns:
            if pa.types.is_string(column.type):
                yield from (Text(value.encode("latin-1")) for value in column.unique().to_pylist() if value)
        return
