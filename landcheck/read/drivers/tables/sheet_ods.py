"""What an OpenDocument sheet tells besides its values: calamine gives empty texts for errors, and no merged cells.

A comment, or a shape with text that is anchored to a cell, stands inside the cell's element and is no part of its
value; calamine takes the shape's text for a line of the cell's.

OASIS Open Document Format 1.3, part 3, chapter 9: https://docs.oasis-open.org/office/OpenDocument/v1.3
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import product
from pathlib import Path

from landcheck.read.drivers.tables.sheet_marks import UNCALCULATED, SheetMarks, Span, matters
from landcheck.read.drivers.tables.sheet_xml import BROKEN, CHUNK, xml_parser
from landcheck.read.reader_calls import damaged
from landcheck.read.source import DataSource

ERROR = re.compile(r"#[A-Z/0!?]+|(?:Err|错误):\d{3}", re.IGNORECASE)
AS_ANOTHER = re.compile(r"0\d|.*[^-\d.,\s%eE+]")
"""A number shown with leading zeros, or with anything that is no part of a number."""

BETWEEN_CELLS = re.compile(rb"(<[^<>]*>)\s+(?=</?(?:table:|office:|text:p[\s>/]))")


BESIDE = "beside"  # the value of a cell
SHAPE = b"<draw:"
SHAPE_TAG = re.compile(rb"""<(/?)draw:(?:[^<>"']|"[^"]*"|'[^']*')*?(/?)>""")


def has_shapes(path: Path) -> bool:
    """Whether anything is drawn on a sheet of the workbook; False for what is no workbook."""
    end = b""
    with suppress(*BROKEN), zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        while piece := stream.read(CHUNK):
            if SHAPE in end + piece:
                return True
            end = piece[1 - len(SHAPE) :]
    return False


def only_cells(path: Path) -> io.BytesIO:
    """The workbook without shapes, and without white space between its elements, as GDAL and whoever indents XML write
    it: calamine reads none with it."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for part in archive.infolist():
            data = archive.read(part)
            data = BETWEEN_CELLS.sub(rb"\1", _without_shapes(data)) if part.filename == "content.xml" else data
            other.writestr(part.filename, data, zipfile.ZIP_STORED if part.filename == "mimetype" else None)
    made.seek(0)
    return made


def _without_shapes(content: bytes) -> bytes:
    parts, depth, done = [], 0, 0
    for tag in SHAPE_TAG.finditer(content):
        if depth == 0:
            parts.append(content[done : tag.start()])
        depth += 0 if tag[2] else -1 if tag[1] else 1
        if depth == 0:
            done = tag.end()
    return b"".join([*parts, content[done:]])


def scanned_ods(source: DataSource, sheet: str) -> SheetMarks:
    """The sheet of that name, looked through; InputError for XML that is broken or declares entities."""
    scan = OdsScan(sheet)
    parser = xml_parser(lambda name, about: scan.start(_short(name), _plain(about)))
    parser.EndElementHandler = lambda name: scan.end(_short(name))
    parser.CharacterDataHandler = scan.text
    try:
        with zipfile.ZipFile(source.path) as archive, archive.open("content.xml") as stream:
            parser.ParseFile(stream)
    except BROKEN as error:
        raise damaged(source.file, str(error)) from error
    return scan.marks


@lru_cache(256)
def _short(name: str) -> str:
    """The name of an element without its namespace; of a comment or a shape BESIDE."""
    space, _, local = name.rpartition(" ")
    return BESIDE if local == "annotation" or ":drawing:" in space else local


def _plain(about: Mapping[str, str]) -> dict[str, str]:
    """The attributes without namespaces; that of the type as the office's own, which has no word for an error."""
    ranked = sorted(about.items(), key=lambda one: "calcext" in one[0])
    return {name.rpartition(" ")[2]: value for name, value in ranked}


class OdsScan:
    """The marks of one sheet, gathered while its document is parsed."""

    def __init__(self, sheet: str) -> None:
        self.sheet, self.marks = sheet, SheetMarks()
        self.inside = False
        self.row = self.column = self.beside = 0
        self.about: dict[str, str] = {}
        self.rows = 1
        self.hidden = False
        self.style, self.struck = "", set[str]()
        self.texts: list[str] = []

    def start(self, name: str, about: dict[str, str]) -> None:
        """An element begins."""
        if self.beside or name == BESIDE:
            self.beside += 1
            return
        match name:
            case "style":
                self.style = about.get("name", "")
            case "text-properties" if about.get("text-line-through-style", "none") != "none":
                self.struck.add(self.style)
            case "table":
                self.inside, self.row = about.get("name") == self.sheet, 0
            case "table-row" if self.inside:
                self.column, self.rows = 0, int(about.get("number-rows-repeated", 1))
                self.hidden = about.get("visibility") in ("collapse", "filter")
            case "table-cell" | "covered-table-cell" if self.inside:
                self.about, self.texts = about, []

    def text(self, text: str) -> None:
        """A piece of text."""
        if not self.beside:
            self.texts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if self.beside:
            self.beside -= 1
            return
        match name:
            case "table":
                self.inside = False
            case "table-row" if self.inside:
                self.row += self.rows
            case "table-cell" | "covered-table-cell" if self.inside:
                columns = int(self.about.get("number-columns-repeated", 1))
                text = "".join(self.texts).strip()
                if text or not self.about.keys().isdisjoint(("value-type", "formula")):
                    self._cell(text, range(self.column, self.column + columns), covered=name != "table-cell")
                self.column += columns

    def _cell(self, text: str, columns: range, *, covered: bool) -> None:
        rows = range(self.row, self.row + self.rows)
        if self.hidden:
            self.marks.hidden.update(rows)
        if covered:
            return
        if self.about.get("style-name") in self.struck:
            self.marks.struck.update(rows)
        down, right = (int(self.about.get(f"number-{of}-spanned", 1)) for of in ("rows", "columns"))
        if down > 1 or right > 1:
            self.marks.spans.append(Span(self.row, columns[0], self.row + down - 1, columns[0] + right - 1))
        self._mark(text, rows, columns)

    def _mark(self, text: str, rows: range, columns: range) -> None:
        kind, formula = self.about.get("value-type"), "formula" in self.about
        code = '"' + text.replace('"', "") + '"'
        if kind == "error" or (formula and kind == "string" and ERROR.fullmatch(text)):
            marked, word = self.marks.errors, text or "#"
        elif formula and not text and kind is None:
            marked, word = self.marks.not_calculated, UNCALCULATED
        elif kind == "float" and matters(code) and AS_ANOTHER.match(text):
            marked, word = self.marks.formats, code
        else:
            return
        for place in product(rows, columns):
            marked.add(*place, word)
