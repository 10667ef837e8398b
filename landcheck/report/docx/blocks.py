"""Paragraphs, tables, fields and fonts as WordprocessingML, and the file as bytes that depend on its content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from landcheck.messages.visible import shortened
from landcheck.report.paper import WORD

# Of official documents: 仿宋 for the text, 黑体 for headings (GB/T 9704).
TEXT = ("Times New Roman", "仿宋")
HEADING = ("Arial", "黑体")
# Points: size, space before and after.
PARAGRAPHS = {
    "Title": (22, 0, 8), "Subtitle": (13, 0, 6), "Heading 1": (15, 16, 6), "Heading 2": (12, 12, 4),
    "Normal": (11, 0, 4), "List Bullet": (10.5, 0, 2), "Caption": (9, 0, 2),
}  # fmt: skip
HEADINGS = ("Title", "Subtitle", "Heading 1", "Heading 2")
ACCENT, HAIR, QUIET = "1F4E79", "C9D1D9", "5C6773"
NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip knows; it is no date of the report
TWIPS_A_MM = 56.7
LONG_ROW = 1200  # characters: a longer row may break across pages; a shorter one must not
GAP_PT = 8
PRINT, SMALLEST = 18, 12  # half points of the tables' print
CAPITAL_EM, LETTER_EM = 0.72, 0.5  # how wide a letter of the text's Latin font is
CELL_SIDE = 70  # twips free at both sides


def packed(document: Document) -> bytes:
    """The .docx file."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            entry = zipfile.ZipInfo(part.filename, NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(part))
    return out.getvalue()


def set_fonts(document: Document) -> None:
    """Give every style its Latin and its Chinese font, and take the theme's colours off the headings."""
    _drop_old_styles(document)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        _set_fonts(fonts, *TEXT)
    for style in document.styles:
        # those of tables and lists have no fonts of their own
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
            heading = any(name in style.name for name in ("Title", "Subtitle", "Heading", "heading"))
            _set_fonts(style.element.get_or_add_rPr().get_or_add_rFonts(), *(HEADING if heading else TEXT))
    document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")
    for name in HEADINGS:
        _set_plain(document.styles[name])
    for name, sizes in PARAGRAPHS.items():
        style, space = document.styles[name], document.styles[name].paragraph_format
        style.font.size, space.space_before, space.space_after = map(Pt, sizes)
    document.styles["Caption"].font.bold = False


def _drop_old_styles(document: Document) -> None:
    """The template's second set of styles, for Word 2010, knows nothing of what is set here."""
    for name, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            document.part.drop_rel(name)


def _set_fonts(fonts: Any, latin: str, chinese: str) -> None:
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for script, font in (("w:ascii", latin), ("w:hAnsi", latin), ("w:eastAsia", chinese), ("w:cs", latin)):
        fonts.set(qn(script), font)


def _set_plain(style: Any) -> None:
    """A heading in the accent colour, upright, without the rule and the spread letters of the template."""
    style.font.italic, style.font.color.rgb = False, RGBColor.from_string(ACCENT)
    for holder, tag in ((style.element.rPr, "w:spacing"), (style.element.pPr, "w:pBdr")):
        found = None if holder is None else holder.find(qn(tag))
        if found is not None:
            holder.remove(found)


@dataclass(frozen=True, slots=True)
class WordCell:
    """A cell's text; colours as RRGGBB, ``right``: set flush right."""

    text: str
    ground: str = ""
    colour: str = ""
    bold: bool = False
    right: bool = False


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """``<w:tag w:attribute="...">`` with children."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def run(text: str, *properties: Any) -> Any:
    """A run of text, everything invisible spelled out."""
    words = element("t")
    words.text = shortened(text)
    words.set(qn("xml:space"), "preserve")
    return element("r", element("rPr", *properties), words)


def field(instruction: str) -> list[Any]:
    """Runs that Word fills in: PAGE, NUMPAGES."""
    text = element("instrText")
    text.text = f" {instruction} "
    begin, apart, end = (element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end"))
    return [element("r", begin), element("r", text), element("r", apart), run("1"), element("r", end)]


def paragraph(document: Document, text: str, style: str = "Normal", colour: str = "", *, next_too: bool = False) -> Any:
    """A paragraph at the end of the document; ``next_too`` keeps it on one page with what follows."""
    made = document.add_paragraph(style=style)
    made._p.append(run(text, *_ink(colour)))
    made.paragraph_format.keep_with_next = next_too or None
    return made


def boxed(document: Document, text: str, ground: str, line: str, *, style: str = "Normal", ink: str = "") -> None:
    """A paragraph on a ground with a thick line at its left."""
    properties = paragraph(document, text, style, ink, next_too=True)._p.get_or_add_pPr()
    border = element("left", val="single", sz="24", space="6", color=line)
    properties.insert_element_before(element("pBdr", border), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    properties.insert_element_before(_shade(ground), "w:tabs", "w:spacing", "w:ind", "w:jc")


def table(
    document: Document, heads: Sequence[WordCell], rows: Iterable[Sequence[WordCell]], widths_mm: Sequence[float]
) -> None:
    """A table whose head is repeated on every page."""
    widths = _twips(widths_mm)
    _add_table(document, widths, [_row(heads, widths, head=True), *(_row(cells, widths) for cells in rows)])


def form(document: Document, rows: Sequence[Sequence[str]], widths_mm: Sequence[float], height_mm: float) -> None:
    """A grid to be filled in by hand; a row with fewer cells has a wide last one."""
    widths = _twips(widths_mm)
    _add_table(document, widths, [_form_row(texts, widths, round(height_mm * TWIPS_A_MM)) for texts in rows], QUIET)


def _twips(widths_mm: Sequence[float]) -> list[int]:
    return [round(mm * TWIPS_A_MM) for mm in widths_mm]


def _add_table(document: Document, widths: Sequence[int], rows: Sequence[Any], line: str = "") -> None:
    """Before the section's properties, and a small paragraph after it: two tables in a row would grow together.

    A form, which has lines all around, is read out by its first column, any other table by its head.
    """
    sides = ("top", "left", "bottom", "right", "insideH", "insideV") if line else ("top", "bottom", "insideH")
    properties = element(
        "tblPr",
        element("tblW", w=str(sum(widths)), type="dxa"),
        element("tblBorders", *(element(side, val="single", sz="4", space="0", color=line or HAIR) for side in sides)),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *(element(side, w=str(CELL_SIDE), type="dxa") for side in ("left", "right"))),
        element("tblLook", firstRow=str(int(not line)), firstColumn=str(int(bool(line))), noHBand="1", noVBand="1"),
    )
    columns = element("tblGrid", *(element("gridCol", w=str(width)) for width in widths))
    body = document.element.body
    body.insert(len(body) - 1, element("tbl", properties, columns, *rows))
    after = document.add_paragraph()
    after.paragraph_format.space_after, after.paragraph_format.line_spacing = 0, Pt(GAP_PT)


def _row(cells: Sequence[WordCell], widths: Sequence[int], *, head: bool = False) -> Any:
    marks = [element("tblHeader")] if head else []
    if head or sum(len(cell.text) for cell in cells) < LONG_ROW:
        marks.insert(0, element("cantSplit"))
    return element("tr", element("trPr", *marks), *map(_cell, cells, widths))


def _cell(cell: WordCell, width: int) -> Any:
    shade = [_shade(cell.ground)] if cell.ground else []
    align = [element("jc", val="right")] if cell.right else []
    space = element("spacing", before="40", after="40", line="252", lineRule="auto")
    size = [element(tag, val=str(_print(cell.text, width))) for tag in ("sz", "szCs")]
    ink = [*([element("b")] if cell.bold else []), *_ink(cell.colour), *size]
    words = element("p", element("pPr", space, *align), run(cell.text, *ink))
    return element("tc", element("tcPr", element("tcW", w=str(width), type="dxa"), *shade), words)


def _print(text: str, width: int) -> int:
    """The size in half points in which the longest word, with a full-width mark behind it, stays in one piece."""
    ems = max(map(_ems, WORD.findall(text)), default=0.0)
    room_pt = (width - 2 * CELL_SIDE) / 20
    return max(SMALLEST, min(PRINT, int(2 * room_pt / (ems + 1))))


def _ems(word: str) -> float:
    capitals = sum(map(str.isupper, word))
    return CAPITAL_EM * capitals + LETTER_EM * (len(word) - capitals)


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


def _shade(colour: str) -> Any:
    return element("shd", val="clear", color="auto", fill=colour)


def _ink(colour: str) -> list[Any]:
    return [element("color", val=colour)] if colour else []
