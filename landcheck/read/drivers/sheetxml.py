"""The XML of one xlsx sheet, looked through before calamine reads it.

calamine sets up every cell up to the farthest one, so a single cell at XFD1048576 takes all the memory; it gives an
empty text for an error as for a formula that was never calculated; and the 0 that a program saves in place of a result
it leaves to Excel reads like any other 0.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from array import array
from bisect import bisect_left
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
    rb'(?P<tag><(?:x:)?c\b[^>]*?\br="(?P<column>[A-Z]+)(?P<row>\d+)"[^>]*>)\s*'
    rb"<(?:x:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:x:)?f>)\s*"
    rb"(?:<(?:x:)?v\s*/>|<(?:x:)?v>(?P<zero>-?0(?:\.0*)?)?</(?:x:)?v>)?\s*</(?:x:)?c>"
)
NOT_A_NUMBER = re.compile(rb'\bt="(?!n")')
ACROSS = 1 << 14  # columns of a sheet
BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, NotImplementedError, RuntimeError)
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*?>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*?>")
CALCULATION = re.compile(r"<(?:\w+:)?calcPr\b[^>]*?>")
ROWS_SPANNED = re.compile(rb'number-rows-spanned="(?!1")')
PROPERTIES = re.compile(r"<(?:\w+:)?workbookPr\b[^>]*?>")


@dataclass(frozen=True, slots=True)
class Look:
    """What a sheet's XML tells besides its values.

    ``zeros`` are the places (row x ``ACROSS`` + column, from 0, ascending) of formulas whose saved 0 is no result;
    ``since_1904``: whether its days are counted from 1904, as Excel on the Mac once did.
    """

    findings: tuple[DataFinding, ...] = ()
    zeros: array[int] = field(default_factory=lambda: array("q"))
    since_1904: bool = False

    def zeros_in(self, row: int) -> list[int]:
        """The columns in which a formula of that row is not calculated."""
        first = bisect_left(self.zeros, row * ACROSS)
        return [place % ACROSS for place in self.zeros[first : bisect_left(self.zeros, (row + 1) * ACROSS, first)]]


@dataclass(slots=True)
class Seen:
    """How far a sheet reaches, and the cells that hold no value.

    ``unsettled``: the workbook is to be calculated when it is opened, so a 0 saved with a formula is no result. Excel
    drops that mark when it saves; the libraries that calculate themselves keep it, so any other number is trusted.
    """

    unsettled: bool = False
    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: list[str] = field(default_factory=list)
    not_calculated: list[str] = field(default_factory=list)
    zeros: array[int] = field(default_factory=lambda: array("q"))

    def add(self, xml: bytes) -> None:
        """Take in some whole rows of the sheet."""
        rows, cells = ROW.findall(xml), CELL.findall(xml)
        self.rows = max([self.rows, *map(int, rows[-1:])])
        self.columns = max([self.columns, *map(_number, set(cells))])
        self.cells += len(cells)
        self.errors += [cell.decode() for cell in ERROR.findall(xml)]
        for found in NOT_CALCULATED.finditer(xml):
            self._formula(found)

    def _formula(self, found: re.Match[bytes]) -> None:
        if found["zero"] is not None:
            if not self.unsettled or NOT_A_NUMBER.search(found["tag"]):
                return
            self.zeros.append((int(found["row"]) - 1) * ACROSS + _number(found["column"]) - 1)
        self.not_calculated.append((found["column"] + found["row"]).decode())


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def look_through(source: Source, sheet: str) -> Look:
    """Warnings for cells without a value; InputError for an archive or a sheet that would take all the memory."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            refuse_bomb(archive, source.path, source.file)
            book = _text(archive, "xl/workbook.xml")
            part = _part(archive, book, sheet)
            seen = Seen(unsettled=_says(book, CALCULATION, "fullCalcOnLoad"))
            for rows in _whole_rows(archive, part) if part else ():
                seen.add(rows)
    except BROKEN as error:
        raise InputError("read-failed", file=source.file, reason=str(error)) from error
    if seen.rows * seen.columns > max(CELLS_AT_MOST, SPARSE * seen.cells):
        raise InputError("read-sheet-sparse", file=source.file, layer=sheet, rows=seen.rows, columns=seen.columns)
    return Look(
        tuple(_findings(source, sheet, seen)), array("q", sorted(seen.zeros)), _says(book, PROPERTIES, "date1904")
    )


def _says(book: str, element: re.Pattern[str], name: str) -> bool:
    return any(_attribute(tag, name) in ("1", "true") for tag in element.findall(book))


def _part(archive: zipfile.ZipFile, book: str, sheet: str) -> str | None:
    """The entry that holds the sheet of that name."""
    relations = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in RELATION.findall(_text(archive, "xl/_rels/workbook.xml.rels"))
    }
    for tag in SHEET.findall(book):
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


def spans_rows(source: Source) -> bool:
    """Whether an OpenDocument sheet has cells merged over several rows, of which calamine does not tell."""
    last = b""
    try:
        with zipfile.ZipFile(source.path) as archive, archive.open("content.xml") as stream:
            while chunk := stream.read(CHUNK):
                if ROWS_SPANNED.search(last + chunk):
                    return True
                last = chunk[-40:]
    except BROKEN as error:
        raise InputError("read-failed", file=source.file, reason=str(error)) from error
    return False


def _findings(source: Source, sheet: str, seen: Seen) -> Iterator[DataFinding]:
    for code, cells in (("read-cell-errors", seen.errors), ("read-cell-not-calculated", seen.not_calculated)):
        if cells:
            values = {"file": source.file, "layer": sheet, "count": len(cells), "cells": cells[:5]}
            yield about_file("data/value", Level.ERROR, source.role, Message(code, values))
