"""The document's fonts. Word takes Chinese letters from ``w:eastAsia`` alone, and a theme attribute overrules it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

# Of official documents: 仿宋 for the text, 黑体 for headings (GB/T 9704).
TEXT = ("Times New Roman", "仿宋")
HEADING = ("Arial", "黑体")
# Points: size, space before and after.
PARAGRAPHS = {
    "Title": (22, 0, 8), "Subtitle": (13, 0, 6), "Heading 1": (15, 16, 6), "Heading 2": (12, 12, 4),
    "Normal": (11, 0, 4), "List Bullet": (10.5, 0, 2), "Caption": (9, 0, 2),
}  # fmt: skip
HEADINGS = ("Title", "Subtitle", "Heading 1", "Heading 2")
ACCENT = "1F4E79"


def set_fonts(document: Document) -> None:
    """Give every style its Latin and its Chinese font, and take the theme's colours off the headings."""
    from docx.oxml.ns import qn

    for fonts in document.styles.element.iter(qn("w:rFonts")):
        _set(fonts, *TEXT)
    for style in _fonts(document):
        heading = any(name in style.name for name in ("Title", "Subtitle", "Heading", "heading"))
        _set(style.element.get_or_add_rPr().get_or_add_rFonts(), *(HEADING if heading else TEXT))
    document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")
    for name in HEADINGS:
        _plain(document.styles[name])
    _space(document)


def _space(document: Document) -> None:
    from docx.shared import Pt

    for name, sizes in PARAGRAPHS.items():
        style = document.styles[name]
        space = style.paragraph_format
        style.font.size, space.space_before, space.space_after = map(Pt, sizes)
    document.styles["Caption"].font.bold = False


def _fonts(document: Document) -> Iterator[Any]:
    """Styles of paragraphs and characters, which have fonts; those of tables and lists have none of their own."""
    from docx.enum.style import WD_STYLE_TYPE

    return (style for style in document.styles if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER))


def _set(fonts: Any, latin: str, chinese: str) -> None:
    from docx.oxml.ns import qn

    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for script, font in (("w:ascii", latin), ("w:hAnsi", latin), ("w:eastAsia", chinese), ("w:cs", latin)):
        fonts.set(qn(script), font)


def _plain(style: Any) -> None:
    """A heading in the accent colour, upright, without the rule and the spread letters of the template."""
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    style.font.italic, style.font.color.rgb = False, RGBColor.from_string(ACCENT)
    for holder, tag in ((style.element.rPr, "w:spacing"), (style.element.pPr, "w:pBdr")):
        found = None if holder is None else holder.find(qn(tag))
        if found is not None:
            holder.remove(found)
