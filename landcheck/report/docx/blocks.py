"""Paragraphs, tables and fields as WordprocessingML; built directly, for python-docx takes seconds for long tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landcheck.report.text import visible

if TYPE_CHECKING:
    from docx.document import Document

HAIR, QUIET = "C9D1D9", "5C6773"
TWIPS_A_MM = 56.7
TABLE_HALF_POINTS = 18
# A longer row may break across pages; a shorter one must not.
LONG_ROW = 1200
GAP_PT = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text; colours as RRGGBB, ``right``: set flush right."""

    text: str
    ground: str = ""
    colour: str = ""
    bold: bool = False
    right: bool = False


Cells = Sequence[Cell]


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """``<w:tag w:attribute="...">`` with children; a trailing underscore in an attribute's name is dropped."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name.rstrip('_')}"), value)
    made.extend(children)
    return made


def run(text: str, *properties: Any) -> Any:
    """A run of text, everything invisible spelled out."""
    from docx.oxml.ns import qn

    words = element("t")
    words.text = visible(text)
    words.set(qn("xml:space"), "preserve")
    return element("r", element("rPr", *properties), words)


def paragraph(document: Document, text: str, style: str = "Normal", colour: str = "", *, next_too: bool = False) -> Any:
    """A paragraph at the end of the document; ``next_too`` keeps it on one page with what follows."""
    made = document.add_paragraph(style=style)
    made._p.append(run(text, *_ink(colour)))
    made.paragraph_format.keep_with_next = next_too or None
    return made


def boxed(document: Document, text: str, ground: str, line: str, *, style: str = "Normal") -> Any:
    """A paragraph on a ground with a thick line at its left."""
    made = paragraph(document, text, style, next_too=True)
    properties = made._p.get_or_add_pPr()
    border = element("left", val="single", sz="24", space="6", color=line)
    properties.insert_element_before(element("pBdr", border), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    properties.insert_element_before(_shade(ground), "w:tabs", "w:spacing", "w:ind", "w:jc")
    return made


def table(
    document: Document, heads: Sequence[Cell], rows: Iterable[Sequence[Cell]], widths_mm: Sequence[float]
) -> None:
    """A table whose head is repeated on every page."""
    twips = [round(mm * TWIPS_A_MM) for mm in widths_mm]
    made = element("tbl", _table_properties(sum(twips)), element("tblGrid", *(_column(width) for width in twips)))
    made.append(_row(heads, twips, head=True))
    made.extend(_row(cells, twips) for cells in rows)
    _append(document, made)


def form(document: Document, rows: Sequence[Sequence[str]], widths_mm: Sequence[float], height_mm: float) -> None:
    """A grid to be filled in by hand; a row with fewer cells has a wide last one."""
    twips = [round(mm * TWIPS_A_MM) for mm in widths_mm]
    made = element("tbl", _table_properties(sum(twips), line=QUIET), element("tblGrid", *map(_column, twips)))
    for texts in rows:
        made.append(_form_row(texts, twips, round(height_mm * TWIPS_A_MM)))
    _append(document, made)


def field(instruction: str) -> list[Any]:
    """Runs that Word fills in: PAGE, NUMPAGES."""
    text = element("instrText")
    text.text = f" {instruction} "
    begin, apart, end = (element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end"))
    return [element("r", begin), element("r", text), element("r", apart), run("1"), element("r", end)]


def _append(document: Document, made: Any) -> None:
    """Before the section's properties, and a small paragraph after it: two tables in a row would grow together."""
    from docx.shared import Pt

    body = document.element.body
    body.insert(len(body) - 1, made)
    after = document.add_paragraph()
    after.paragraph_format.space_after, after.paragraph_format.line_spacing = 0, Pt(GAP_PT)


def _table_properties(width: int, line: str = "") -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV") if line else ("top", "bottom", "insideH")
    borders = (element(side, val="single", sz="4", space="0", color=line or HAIR) for side in sides)
    margins = (element(side, w=str(width), type="dxa") for side, width in (("left", 70), ("right", 70)))
    return element(
        "tblPr",
        element("tblW", w=str(width), type="dxa"),
        element("tblBorders", *borders),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *margins),
    )


def _row(cells: Sequence[Cell], widths: Sequence[int], *, head: bool = False) -> Any:
    marks = [element("tblHeader")] if head else []
    if head or sum(len(cell.text) for cell in cells) < LONG_ROW:
        marks.insert(0, element("cantSplit"))
    return element("tr", element("trPr", *marks), *map(_cell, cells, widths))


def _cell(cell: Cell, width: int) -> Any:
    shade = [_shade(cell.ground)] if cell.ground else []
    align = [element("jc", val="right")] if cell.right else []
    space = element("spacing", before="40", after="40", line="252", lineRule="auto")
    ink = [*([element("b")] if cell.bold else []), *_ink(cell.colour), *_size()]
    words = element("p", element("pPr", space, *align), run(cell.text, *ink))
    return element("tc", element("tcPr", element("tcW", w=str(width), type="dxa"), *shade), words)


def _form_row(texts: Sequence[str], widths: Sequence[int], height: int) -> Any:
    cells = []
    for i, text in enumerate(texts):
        span = len(widths) - i if i == len(texts) - 1 else 1
        size = element("tcW", w=str(sum(widths[i : i + span])), type="dxa")
        wide = [element("gridSpan", val=str(span))] if span > 1 else []
        properties = element("tcPr", size, *wide, element("vAlign", val="center"))
        words = element("p", element("pPr", element("keepNext"), element("spacing", after="0")), run(text))
        cells.append(element("tc", properties, words))
    tall = element("trHeight", val=str(height), hRule="atLeast")
    return element("tr", element("trPr", element("cantSplit"), tall), *cells)


def _column(width: int) -> Any:
    return element("gridCol", w=str(width))


def _shade(colour: str) -> Any:
    return element("shd", val="clear", color="auto", fill=colour)


def _ink(colour: str) -> list[Any]:
    return [element("color", val=colour)] if colour else []


def _size() -> list[Any]:
    return [element(tag, val=str(TABLE_HALF_POINTS)) for tag in ("sz", "szCs")]
