"""The XML of a workbook, parsed before calamine reads its cells.

calamine sets up every cell up to the farthest one, so a single cell at XFD1048576 takes all the memory; it gives an
empty text for an error as for a formula that was never calculated; the 0 that a program saves in place of a result it
leaves to Excel reads like any other 0; and of ``<v>1900&#48;</v>`` it reads 1900, of a CDATA section nothing.
ECMA-376 part 1, 18.3; https://ecma-international.org/publications-and-standards
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import IO, NamedTuple
from xml.parsers import expat

from landcheck.errors import InputError
from landcheck.read.archive import refuse_bomb
from landcheck.read.drivers.tables.sheet_marks import MISREAD, UNCALCULATED, SheetMarks, matters
from landcheck.read.reader_calls import damaged
from landcheck.read.source import DataSource

CHUNK, PIECE = 1 << 22, 8
CELLS_AT_MOST = 20_000_000
SPARSE = 20
PLAIN_CELL = rb"""(?x) <%(p)sc [ ]r="([A-Z]{1,3})([0-9]{1,7})" (?:[ ]s="(?!(?:%(s)s)")[0-9]+" | [ ]t="(?:s|n|b|str)")*
    (?: /> | > (?: <%(p)sf>[^<>]*</%(p)sf> (?=<%(p)sv>[1-9]))? <%(p)sv>
    (?:[^<>&\s]+(?:[ ][^<>&\s]+)*)? </%(p)sv> </%(p)sc> )"""
"""A cell that holds a value, and no formula but with a result, as all programs write most of theirs: in C these are
counted and left out ten times faster than the parser would call for each. All others go to the parser, and
those whose style says more than their value."""
STYLES = "xl/styles.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
PECULIAR = re.compile(rb"&#|<!|<\?(?!xml )|v>\s|\s</")
"""Markup or blanks that calamine may stumble over within a value."""
ZERO = re.compile(r"-?0(?:\.0*)?")
BROKEN = (
    zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError, OSError, NotImplementedError, RuntimeError,
    expat.ExpatError,
)  # fmt: skip


def scanned_sheet(source: DataSource, sheet: str) -> SheetMarks:
    """The sheet of that name, looked through; InputError for an archive or a sheet that would take all the memory.

    A workbook that is to be calculated when it is opened may hold a 0 in place of any result. Excel drops that mark
    when it saves; the libraries that calculate themselves keep it, so any other number is trusted.
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            refuse_bomb(archive, source.path, source.file)
            book = _elements(archive, "xl/workbook.xml")
            part = _part(archive, book, sheet)
            styles = _styles(archive) if STYLES in archive.namelist() else CellStyles({}, frozenset())
            scan = _scanned(archive, part, styles, unsettled=_says(book, "calcPr", "fullCalcOnLoad"))
    except BROKEN as error:
        raise damaged(source.file, str(error)) from error
    if scan.rows * scan.columns > max(CELLS_AT_MOST, SPARSE * (scan.cells + scan.filtered)):
        raise InputError("read-sheet-sparse", file=source.file, layer=sheet, rows=scan.rows, columns=scan.columns)
    scan.marks.since_1904 = _says(book, "workbookPr", "date1904")
    return scan.marks


def xml_parser(start: Callable[[str, dict[str, str]], object]) -> expat.XMLParserType:
    """A parser that knows namespaces (names are ``URI name``) and refuses a document type, hence all entities."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise ValueError("document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    return parser


def _elements(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a part in its order: its name without namespace, its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    with archive.open(part) as stream:
        xml_parser(lambda name, attributes: found.append((name.rpartition(" ")[2], attributes))).ParseFile(stream)
    return found


def _says(book: list[tuple[str, dict[str, str]]], element: str, attribute: str) -> bool:
    return any(attributes.get(attribute) in ("1", "true") for name, attributes in book if name == element)


def _part(archive: zipfile.ZipFile, book: list[tuple[str, dict[str, str]]], sheet: str) -> str | None:
    """The entry that holds the sheet of that name."""
    relations = {about.get("Id"): about.get("Target", "") for _, about in _elements(archive, RELATIONS)}
    about = next((about for name, about in book if name == "sheet" and about.get("name") == sheet), {})
    target = relations.get(next((relation for name, relation in about.items() if name.endswith(" id")), None), "")
    path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    return path if path in archive.namelist() else None


class CellStyles(NamedTuple):
    """The numbers of the styles that say more than the values of their cells: number formats, and struck through."""

    formats: Mapping[str, str]
    struck: frozenset[str]


def _styles(archive: zipfile.ZipFile) -> CellStyles:
    section, codes, fonts, formats, struck = "", dict[str, str](), list[bool](), dict[str, str](), set[str]()
    styles = 0
    for name, about in _elements(archive, STYLES):
        if name in ("numFmts", "fonts", "fills", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            section = name
        match section, name:
            case "numFmts", "numFmt":
                codes[about.get("numFmtId", "")] = about.get("formatCode", "")
            case "fonts", "font":
                fonts.append(False)
            case "fonts", "strike":
                fonts[-1] = about.get("val") not in ("0", "false")
            case "cellXfs", "xf":
                if matters(code := codes.get(about.get("numFmtId", ""), "")):
                    formats[str(styles)] = code
                if any(fonts[int(about.get("fontId", 0)) :][:1]):
                    struck.add(str(styles))
                styles += 1
    return CellStyles(formats, frozenset(struck))


def _scanned(archive: zipfile.ZipFile, part: str | None, styles: CellStyles, *, unsettled: bool) -> SheetScan:
    """The sheet looked through; a second time cell by cell where one does not say where it stands."""
    for filtered in (True, False):
        scan = SheetScan(styles, unsettled=unsettled)
        if part is not None:
            with archive.open(part) as stream:
                scan.read(stream, filtered=filtered)
        if not (scan.unplaced and scan.filtered):
            break
    return scan


class SheetScan:
    """What a sheet's XML tells besides its values: how far it reaches, and its ``marks``.

    ``filtered`` cells were left out before the parser. One without a reference stands where calamine puts it, after
    the one before in the row that is open: where there is such a cell, none may be left out.
    """

    def __init__(self, styles: CellStyles, *, unsettled: bool = False) -> None:
        self.styles, self.unsettled, self.marks = styles, unsettled, SheetMarks()
        self.rows = self.columns = self.cells = self.filtered = 0
        self.inside = self.unplaced = False
        self.row = self.column = 0
        self.cell = (0, 0)
        self.kind, self.style = "n", ""
        self.formula = self.held = self.peculiar = self.misread = False
        self.value: list[str] = []
        self.chunk, self.fed = b"", 0

    def read(self, stream: IO[bytes], *, filtered: bool) -> None:
        """Take in the sheet, a few megabytes at a time."""
        self.parser = xml_parser(self._start)
        self.parser.EndElementHandler = self._end
        self.parser.StartCdataSectionHandler = lambda: self._markup(always=True)
        self.parser.CommentHandler = lambda _: self._markup()
        self.parser.ProcessingInstructionHandler = lambda *_: self._markup()
        chunk = stream.read(CHUNK)
        prefix = SHEET_DATA.search(chunk)
        told = "|".join([*self.styles.formats, *self.styles.struck]) or "-"
        plain = re.compile(PLAIN_CELL % {b"p": re.escape(prefix[1]) if prefix else b"", b"s": told.encode()})
        while chunk:
            if filtered:
                pieces = plain.split(chunk)
                chunk, letters, rows = b"".join(pieces[::3]), set(pieces[1::3]), set(pieces[2::3])
                self.filtered += len(pieces) // 3
                columns = max((_number(some.decode()) for some in letters), default=0)
                self._reaches(max(map(int, rows), default=0), columns)
            self.peculiar = self.peculiar or bool(PECULIAR.search(self.chunk[-PIECE:] + chunk))
            self.chunk = chunk
            self.parser.Parse(chunk, False)
            self.fed += len(chunk)
            chunk = stream.read(CHUNK)
        self.parser.Parse(b"", True)

    def _reaches(self, rows: int, columns: int) -> None:
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "sheetData":
                self.inside = True
            case "row" if self.inside:
                self.row = int(attributes.get("r", self.row + 1)) - 1
                self._reaches(self.row + 1, 0)
                if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
                    self.marks.hidden.add(self.row)
            case "c" if self.inside:
                self._cell(attributes)
            case "f" if self.inside:
                self.formula = True
            case "is" if self.inside:
                self.held = True
            case "v" if self.inside:
                self.held = True
                if self.formula or self.kind == "e" or self.peculiar:
                    self.parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        self.value.append(text)
        at = self.parser.CurrentByteIndex - self.fed
        if self.chunk[at : at + 2] == b"&#" or (self.kind == "s" and text != text.strip()):
            self._markup()

    def _markup(self, *, always: bool = False) -> None:
        """Something within a value that is no plain character of it; in words only CDATA is lost."""
        inside = self.parser.CharacterDataHandler is not None
        self.misread = self.misread or (inside and (always or self.kind != "str"))

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.formula, self.held, self.misread, self.value = False, False, False, []
        reference = REFERENCE.fullmatch(attributes.get("r", "").upper())
        if reference:
            self.cell = int(reference[2]) - 1, _number(reference[1]) - 1
        else:
            self.cell = self.row, self.column
            self.unplaced = True
        self.column = self.cell[1] + 1
        self._reaches(self.cell[0] + 1, self.column)
        self.cells += 1

    def _end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "sheetData":
                self.inside = False
            case "row" if self.inside:
                self.row, self.column = self.row + 1, 0
            case "v":
                self.parser.CharacterDataHandler = None
            case "c" if self.inside:
                self._ended("".join(self.value).strip())

    def _ended(self, saved: str) -> None:
        """What the cell that ends here tells."""
        if self.misread:
            self.marks.misread.add(*self.cell, MISREAD)
        if self.kind == "e":
            self.marks.errors.add(*self.cell, saved or "#")
        elif self.formula:
            no_result = self.unsettled and self.kind == "n" and ZERO.fullmatch(saved)
            if no_result or not (saved or (self.kind == "str" and self.held)):  # an empty text is a result
                self.marks.not_calculated.add(*self.cell, UNCALCULATED)
        if self.held and self.style in self.styles.struck:
            self.marks.struck.add(self.cell[0])
        if self.held and (code := self.styles.formats.get(self.style)):
            self.marks.formats.add(*self.cell, code)


def _number(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
