"""The parts of the Word report in their order."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import Report, Verdict
from landcheck.report.content import labels
from landcheck.report.content.report_tables import Table
from landcheck.report.docx.blocks import (
    ACCENT,
    QUIET,
    WordCell,
    boxed,
    field,
    form,
    packed,
    paragraph,
    run,
    set_fonts,
    table,
)
from landcheck.report.options import NOTEWORTHY, Options
from landcheck.report.paper import STYLES, Paper, RuleSection, paper, together, widths_mm
from landcheck.report.pdf import typesetter
from landcheck.report.picture import pictures

PAGE_MM, SIDE_MM, TOP_MM = (210, 297), 24, 25
WIDTH_MM = PAGE_MM[0] - 2 * SIDE_MM
CLAUSE_GROUND, CLAUSE_LINE, HEAD_GROUND = "F3F5F7", "98A2AD", "EEF1F4"


def pieces(report: Report, options: Options) -> Iterator[bytes]:
    """The report as one Word document."""
    document, held = docx.Document(), paper(report, options)
    _set_up(document, held, report.as_of)
    writer = _Writer(document, held, options.lang, _numbers(options.lang))
    writer.front()
    writer.summary()
    writer.maps(report)
    writer.rules()
    for one in held.tables:
        writer.table(one)
    for note in held.notes:
        writer.note(note)
    yield packed(document)


def _numbers(lang: Lang) -> Iterator[str]:
    """More than there are parts: a long report has twelve."""
    ones = "一二三四五六七八九"
    chinese = (*ones, *("十" + one for one in ("", *ones)))
    return (f"{numeral}、" for numeral in chinese) if lang == "zh" else (f"{n}. " for n in range(1, 20))


def _set_up(document: Document, held: Paper, day: dt.date) -> None:
    """Page, fonts, properties, header and footer."""
    set_fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.left_margin = section.right_margin = Mm(SIDE_MM)
    section.top_margin = section.bottom_margin = Mm(TOP_MM)
    # The template's own author and dates would tell of python-docx, not of this report.
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = held.title, "landcheck", "landcheck", ""
    core.created = core.modified = dt.datetime.combine(day, dt.time())
    core.language, core.revision = "", 1
    before, between, after = held.page
    _edge(section.header.paragraphs[0], [run(held.title)])
    page = [run(before), *field("PAGE"), run(between), *field("NUMPAGES"), run(after)]
    _edge(section.footer.paragraphs[0], [run(held.footer + "    "), *page])


def _edge(of: Any, runs: list[Any]) -> None:
    """A line at the upper or the lower edge of every page."""
    of.style.font.size = Pt(9)
    of.alignment = WD_ALIGN_PARAGRAPH.CENTER
    of._p.extend(runs)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts at the end of the document, each main one under the next number."""

    document: Document
    paper: Paper
    lang: Lang
    numbers: Iterator[str]

    def heading(self, text: str, *, next_too: bool = False) -> None:
        paragraph(self.document, next(self.numbers) + text, "Heading 1", next_too=next_too)

    def front(self) -> None:
        """Title, result, what is most urgent, what is signed, basis, notices."""
        held, worst = self.paper, STYLES[self.paper.worst]
        paragraph(self.document, held.title, "Title")
        ground, line = _hex(worst.ground), _hex(worst.line)
        boxed(self.document, held.state, ground, line, style="Subtitle", ink=line)
        paragraph(self.document, held.totals)
        for first in held.firsts:
            style, colour = "List Bullet" if first.indent else "Normal", ACCENT if first.head else ""
            paragraph(self.document, first.text, style, colour, next_too=first.head)
        self.signed()
        for code, lines in (("report-basis", held.basis), ("report-notices", held.notices)):
            if lines:
                paragraph(self.document, say(code, self.lang), "Heading 1")
            for line in lines:
                paragraph(self.document, line, "List Bullet")

    def signed(self) -> None:
        """What is signed: the project, the opinion with a signature beside it, and the files."""
        held, sources = self.paper, self.paper.sources
        (name, number, applicant, author), lang = held.project, self.lang
        form(self.document, [[*name, *number], [*applicant, *author]], _widths((16, 36, 16, 32)), 7)
        paragraph(self.document, say("paper-opinion", lang), "Heading 1", next_too=True)
        date = say("paper-sign-date", lang)
        rows = [[opinion, who, "", date, ""] for opinion, who in zip(held.opinions, held.signers, strict=True)]
        form(self.document, rows, _widths((36, 20, 19, 9, 16)), 11)
        paragraph(self.document, sources.title, "Heading 1", next_too=True)
        cells = ([WordCell(text) for text in row] for row in sources.rows)
        table(self.document, _heads(sources.heads), cells, widths_mm(sources, WIDTH_MM))

    def summary(self) -> None:
        summary = self.paper.summary
        self.heading(summary.title)
        heads = _heads(summary.heads, summary.numbers)
        table(self.document, heads, map(_counts, summary.rows), widths_mm(summary, WIDTH_MM))

    def maps(self, report: Report) -> None:
        self.heading(say("paper-map", self.lang))
        if not typesetter.installed():
            paragraph(self.document, say("paper-map-needs-typst", self.lang))
            return
        drawn = pictures(report, self.lang, typesetter.FAMILY, typesetter.Letters().spell)
        if not drawn:
            paragraph(self.document, say("paper-no-map", self.lang))
        for made in drawn:
            self.picture(made.svg, made.words, made.notes)

    def picture(self, svg: str, words: str, notes: Sequence[str]) -> None:
        """A picture with what it tells beneath it, on one page."""
        png = io.BytesIO(typesetter.png(svg, WIDTH_MM))
        shape = self.document.add_picture(png, width=Mm(WIDTH_MM))
        for side in ("distT", "distB", "distL", "distR"):  # LibreOffice keeps 3 mm clear where none is given
            shape._inline.set(side, "0")
        shape._inline.docPr.set("descr", visible(words))
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        for note in notes:
            paragraph(self.document, note, "Caption", QUIET, next_too=True)
        paragraph(self.document, words, "Caption", QUIET)

    def rules(self) -> None:
        self.heading(say("paper-rules", self.lang))
        self.note(self.paper.causes_note)
        widths = widths_mm(together([section.findings for section in self.paper.sections]), WIDTH_MM)
        for section in self.paper.sections:
            self.rule(section, widths)

    def rule(self, section: RuleSection, widths: Sequence[float]) -> None:
        findings = section.findings
        paragraph(self.document, findings.title, "Heading 2")
        for text in filter(None, (section.quote, section.translation)):
            boxed(self.document, text, CLAUSE_GROUND, CLAUSE_LINE)
        paragraph(self.document, section.counts, next_too=bool(findings.rows))
        if findings.rows:
            rows = map(_finding, findings.rows, section.verdicts)
            table(self.document, _heads(findings.heads), rows, widths)
        self.note(findings.note)

    def table(self, held: Table) -> None:
        self.heading(held.title)
        rows = ([WordCell(text, right=x in held.numbers) for x, text in enumerate(row)] for row in held.rows)
        table(self.document, _heads(held.heads, held.numbers), rows, widths_mm(held, WIDTH_MM))
        self.note(held.note)

    def note(self, text: str) -> None:
        if text:
            paragraph(self.document, text, colour=QUIET)


def _heads(texts: Sequence[str], numbers: Sequence[int] = ()) -> list[WordCell]:
    return [WordCell(text, HEAD_GROUND, bold=True, right=x in numbers) for x, text in enumerate(texts)]


def _counts(row: Sequence[str]) -> list[WordCell]:
    """A rule's counts; those that ask for attention in the verdict's colour."""
    cells = [WordCell(row[0])]
    for verdict, count in zip(labels.VERDICTS, row[1:6], strict=True):
        marked = verdict in NOTEWORTHY and count != "0"
        cells.append(WordCell(count, colour=_hex(STYLES[verdict].line) if marked else "", bold=marked, right=True))
    return [*cells, WordCell(row[6])]


def _finding(row: Sequence[str], verdict: Verdict) -> list[WordCell]:
    style = STYLES[verdict]
    return [WordCell(row[0], _hex(style.ground), _hex(style.line), bold=True), *map(WordCell, row[1:])]


def _widths(parts: Sequence[int]) -> list[float]:
    return [WIDTH_MM * part / sum(parts) for part in parts]


def _hex(colour: str) -> str:
    return colour.removeprefix("#").upper()
