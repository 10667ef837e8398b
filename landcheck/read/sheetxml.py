"""The XML of one xlsx sheet, looked through before calamine reads it.

calamine sets up every cell up to the farthest one, so a single cell at XFD1048576 takes all the memory; and it gives an
empty text for an error as for a formula that was never calculated.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.model import DataFinding, Level
from landcheck.read.archive import refuse_bomb
from landcheck.read.layer import about_file
from landcheck.read.source import Source

CHUNK = 1 << 22
CELLS_AT_MOST = 20_000_000
SPARSE = 20
ROW_END = b"</row>"
ROW = re.compile(rb'<(?:x:)?row\b[^>]*?\br="(\d+)"')
CELL = re.compile(rb'<(?:x:)?c\b[^>]*?\br="([A-Z]{1,3})\d+"')
ERROR = re.compile(rb'<(?:x:)?c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]+\d+)"')
NOT_CALCULATED = re.compile(
    rb'<(?:x:)?c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<(?:x:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:x:)?f>)\s*'
    rb"(?:<(?:x:)?v\s*/>|<(?:x:)?v></(?:x:)?v>)?\s*</(?:x:)?c>"
)
BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, NotImplementedError, RuntimeError)
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*?>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*?>")


@dataclass(slots=True)
class Seen:
    """How far a sheet reaches, and the cells that hold no value."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: list[str] = field(default_factory=list)
    not_calculated: list[str] = field(default_factory=list)

    def add(self, xml: bytes) -> None:
        """Take in some whole rows of the sheet."""
        rows, cells = ROW.findall(xml), CELL.findall(xml)
        self.rows = max([self.rows, *map(int, rows[-1:])])
        self.columns = max([self.columns, *map(_number, set(cells))])
        self.cells += len(cells)
        self.errors += [cell.decode() for cell in ERROR.findall(xml)]
        self.not_calculated += [cell.decode() for cell in NOT_CALCULATED.findall(xml)]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def look_through(source: Source, sheet: str) -> tuple[DataFinding, ...]:
    """Warnings for cells without a value; InputError for an archive or a sheet that would take all the memory."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            refuse_bomb(archive, source.path, source.file)
            part = _part(archive, sheet)
            seen = _seen(archive, part) if part else Seen()
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise InputError("read-failed", file=source.file, reason=str(error)) from error
    if seen.rows * seen.columns > max(CELLS_AT_MOST, SPARSE * seen.cells):
        raise InputError("read-sheet-sparse", file=source.file, layer=sheet, rows=seen.rows, columns=seen.columns)
    return tuple(_findings(source, sheet, seen))


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The entry that holds the sheet of that name."""
    relations = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in RELATION.findall(_text(archive, "xl/_rels/workbook.xml.rels"))
    }
    for tag in SHEET.findall(_text(archive, "xl/workbook.xml")):
        if _attribute(tag, "name") == sheet:
            target = relations.get(_attribute(tag, r"\w+:id"), "")
            path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return path if path in archive.namelist() else None
    return None


def _text(archive: zipfile.ZipFile, part: str) -> str:
    return archive.read(part).decode("utf-8-sig", errors="replace")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}\s*=\s*(?:"([^"]*)"|\'([^\']*)\')', tag)
    return html.unescape(found.group(1) or found.group(2) or "") if found else ""


def _seen(archive: zipfile.ZipFile, part: str) -> Seen:
    seen = Seen()
    for rows in _whole_rows(archive, part):
        seen.add(rows)
    return seen


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    left = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            left += chunk
            end = left.rfind(ROW_END) + len(ROW_END)
            if end >= len(ROW_END):
                yield left[:end]
                left = left[end:]
    yield left


def _findings(source: Source, sheet: str, seen: Seen) -> Iterator[DataFinding]:
    for code, cells in (("read-cell-errors", seen.errors), ("read-cell-not-calculated", seen.not_calculated)):
        if cells:
            values = {"file": source.file, "layer": sheet, "count": len(cells), "cells": cells[:5]}
            yield about_file("data/value", Level.WARNING, source.role, Message(code, values))
