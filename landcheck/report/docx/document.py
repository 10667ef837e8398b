"""The parts of the Word report in their order."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import Report
from landcheck.report import labels
from landcheck.report.docx.blocks import QUIET, Cell, boxed, field, form, packed, paragraph, run, set_fonts, table
from landcheck.report.options import NOTEWORTHY, Options
from landcheck.report.paper import STYLES, Cut, Line, Paper, Section, paper, shares
from landcheck.report.pdf import typesetter
from landcheck.report.pdf.typesetter import FAMILY, Letters
from landcheck.report.text import visible

if TYPE_CHECKING:
    from docx.document import Document

    from landcheck.report.picture import Picture

PAGE_MM, SIDE_MM, TOP_MM = (210, 297), 24, 25
WIDTH_MM = PAGE_MM[0] - 2 * SIDE_MM
ROOM = 105  # half-widths in a line of a table
LONGEST = (40, 32, 26, 20, 16, 12)  # of which a column is given at the most
# Percent of the width: verdict, subject, what was found, to do; of the summary rule, five verdicts, title.
FINDING_SHARES: dict[Lang, tuple[int, ...]] = {"zh": (11, 20, 39, 30), "en": (14, 18, 39, 29)}
SUMMARY_SHARES: dict[Lang, tuple[int, ...]] = {"zh": (19, 7, 8, 12, 13, 12, 29), "en": (18, 6, 6, 8, 15, 14, 33)}
CLAUSE_GROUND, HEAD_GROUND = "F3F5F7", "EEF1F4"


def pieces(report: Report, options: Options) -> Iterator[bytes]:
    """The report as one Word document."""
    import docx

    lang = options.lang
    told, document = paper(report, options), docx.Document()
    _set_up(document, report, told, lang)
    numbers = _numbers(lang)
    _front(document, told, lang)
    _summary(document, told, lang, next(numbers))
    _maps(document, report, lang, next(numbers))
    _rules(document, told, lang, next(numbers))
    for cut in told.tables:
        _table(document, cut, next(numbers))
    for note in told.notes:
        paragraph(document, note, colour=QUIET)
    _signatures(document, lang, next(numbers))
    yield packed(document)


def _numbers(lang: Lang) -> Iterator[str]:
    """More than there are parts: a long report has twelve."""
    ones = "一二三四五六七八九"
    chinese = (*ones, *("十" + one for one in ("", *ones)))
    return (f"{numeral}、" for numeral in chinese) if lang == "zh" else (f"{n}. " for n in range(1, 20))


def _set_up(document: Document, report: Report, told: Paper, lang: Lang) -> None:
    """Page, fonts, properties, header and footer."""
    from docx.shared import Mm

    set_fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.left_margin = section.right_margin = Mm(SIDE_MM)
    section.top_margin = section.bottom_margin = Mm(TOP_MM)
    _properties(document, report, told.title)
    made_by = say("paper-made-by", lang, version=version.__version__, date=report.as_of)
    before, between, after = say("paper-page", lang, page="\0", pages="\0").split("\0")
    _line(section.header.paragraphs[0], [run(told.title)])
    page = [run(before), *field("PAGE"), run(between), *field("NUMPAGES"), run(after)]
    _line(section.footer.paragraphs[0], [run(made_by + "    "), *page])


def _line(of: Any, runs: list[Any]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    of.style.font.size = Pt(9)
    of.alignment = WD_ALIGN_PARAGRAPH.CENTER
    of._p.extend(runs)


def _properties(document: Document, report: Report, title: str) -> None:
    """The template's own author and dates would tell of python-docx, not of this report."""
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title, "landcheck", "landcheck", ""
    core.created = core.modified = dt.datetime.combine(report.as_of, dt.time())
    core.language, core.revision = "", 1


def _front(document: Document, told: Paper, lang: Lang) -> None:
    """Title, result, notices, basis."""
    paragraph(document, told.title, "Title")
    style = STYLES[told.worst]
    boxed(document, told.state, _hex(style.ground), _hex(style.line), style="Subtitle")
    paragraph(document, told.totals)
    for code, lines in (("report-notices", told.notices), ("report-basis", told.basis)):
        if lines:
            paragraph(document, say(code, lang), "Heading 1")
        for line in lines:
            paragraph(document, line, "List Bullet")


def _summary(document: Document, told: Paper, lang: Lang, number: str) -> None:
    paragraph(document, number + told.summary.title, "Heading 1")
    heads = _heads(told.summary.heads, told.summary.numbers)
    table(document, heads, map(_counts, told.summary.rows), _widths(SUMMARY_SHARES[lang]))


def _counts(row: tuple[str, ...]) -> list[Cell]:
    """A rule's counts; those that ask for attention in the verdict's colour."""
    cells = [Cell(row[0])]
    for verdict, count in zip(labels.VERDICTS, row[1:6], strict=True):
        marked = verdict in NOTEWORTHY and count != "0"
        cells.append(Cell(count, colour=_hex(STYLES[verdict].line) if marked else "", bold=marked, right=True))
    return [*cells, Cell(row[6])]


def _maps(document: Document, report: Report, lang: Lang, number: str) -> None:
    paragraph(document, number + say("paper-map", lang), "Heading 1")
    if not typesetter.installed():
        paragraph(document, say("paper-map-needs-typst", lang))
        return
    from landcheck.report.picture import pictures  # numpy, which the list of formats does without

    drawn = pictures(report, lang, FAMILY, Letters().spell)
    if not drawn:
        paragraph(document, say("paper-no-map", lang))
    for made in drawn:
        _map(document, made)


def _map(document: Document, made: Picture) -> None:
    """A picture with what it tells beneath it, on one page."""
    from docx.shared import Mm

    shape = document.add_picture(io.BytesIO(typesetter.png(made.svg, WIDTH_MM)), width=Mm(WIDTH_MM))
    for side in ("distT", "distB", "distL", "distR"):  # LibreOffice keeps 3 mm clear where a distance is not given
        shape._inline.set(side, "0")
    shape._inline.docPr.set("descr", visible(made.told))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    for text in (*made.notes, made.told):
        paragraph(document, text, "Caption", QUIET, next_too=text is not made.told)


def _rules(document: Document, told: Paper, lang: Lang, number: str) -> None:
    paragraph(document, number + say("paper-rules", lang), "Heading 1")
    for section in told.sections:
        _rule(document, section, lang)


def _rule(document: Document, section: Section, lang: Lang) -> None:
    paragraph(document, section.title, "Heading 2")
    boxed(document, section.quote, CLAUSE_GROUND, "98A2AD")
    if section.translation:
        boxed(document, section.translation, CLAUSE_GROUND, "98A2AD")
    paragraph(document, section.counts, next_too=bool(section.lines))
    if section.lines:
        table(document, _heads(section.heads), map(_finding, section.lines), _widths(FINDING_SHARES[lang]))
    if section.note:
        paragraph(document, section.note, colour=QUIET)


def _finding(line: Line) -> list[Cell]:
    style = STYLES[line.verdict]
    verdict, *rest = line.cells
    return [Cell(verdict, _hex(style.ground), _hex(style.line), bold=True), *map(Cell, rest)]


def _table(document: Document, cut: Cut, number: str) -> None:
    paragraph(document, number + cut.table.title, "Heading 1")
    rows = ([Cell(text, right=x in cut.table.numbers) for x, text in enumerate(row)] for row in cut.table.rows)
    table(document, _heads(cut.table.heads, cut.table.numbers), rows, _widths(_fitting(cut)))
    if cut.note:
        paragraph(document, cut.note, colour=QUIET)


def _heads(texts: tuple[str, ...], numbers: tuple[int, ...] = ()) -> list[Cell]:
    return [Cell(text, HEAD_GROUND, bold=True, right=x in numbers) for x, text in enumerate(texts)]


def _signatures(document: Document, lang: Lang, number: str) -> None:
    paragraph(document, number + say("paper-sign", lang), "Heading 1", next_too=True)
    date = say("paper-sign-date", lang)
    who = ("paper-sign-checked", "paper-sign-reviewed", "paper-sign-approved")
    rows = [[say(code, lang), "", date, ""] for code in who]
    form(document, [*rows, [say("paper-sign-stamp", lang), ""]], _widths((20, 34, 12, 34)), 13)


def _fitting(cut: Cut) -> tuple[int, ...]:
    """Less for the long texts of a table with many columns, until short ones need not break."""
    tried = (shares(cut.table, most) for most in LONGEST)
    return next((parts for parts in tried if sum(parts) <= ROOM), shares(cut.table, LONGEST[-1]))


def _widths(parts: tuple[int, ...]) -> list[float]:
    return [WIDTH_MM * part / sum(parts) for part in parts]


def _hex(colour: str) -> str:
    return colour.removeprefix("#").upper()
