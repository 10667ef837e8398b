"""What a report on paper holds, for Word and PDF: its parts in order, where long lists are cut, and the colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import Level, Report, Rule, Verdict
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.causes import Cause, entries, together_note
from landcheck.report.content.report_tables import Table
from landcheck.report.content.rollup_tables import rollup_tables, sums, telling
from landcheck.report.content.screen import TextLine, firsts
from landcheck.report.content.text import width
from landcheck.report.options import Options
from landcheck.request import PROJECT

INK, QUIET, PARK, PAPER = "#1c2733", "#5c6773", "#1f4e79", "#ffffff"
TILE = 8


@dataclass(frozen=True, slots=True)
class VerdictStyle:
    """``ground`` and ``line`` are colours; ``mark`` is what the pattern draws on the ground, as SVG."""

    ground: str
    line: str
    mark: str = ""


DOTS = '<g fill="#8a5200"><circle cx="2" cy="2" r="1.1"/><circle cx="6" cy="6" r="1.1"/></g>'
LEVELS = '<path d="M0 2H8M0 6H8" stroke="#4a3f8f" stroke-width="1"/>'
DIAGONALS = '<path d="M-1 9L9 -1M-1 1L1 -1M7 9L9 7" stroke="#a3201d" stroke-width="1.4"/>'

STYLES = {
    Verdict.FAIL: VerdictStyle("#f3b3ac", "#8f1512", DIAGONALS),
    Verdict.UNDETERMINED: VerdictStyle("#dcd9f3", "#453a87", LEVELS),
    Verdict.REVIEW: VerdictStyle("#fbe3b0", "#7a4700", DOTS),
    Verdict.PASS: VerdictStyle("#cfe8da", "#1b6e4b"),
    Verdict.NOT_APPLICABLE: VerdictStyle("#f7f8f9", "#98a2ad"),
}


def patterns() -> str:
    """The definitions that ``fill`` refers to."""
    return "".join(
        f'<pattern id="v{int(verdict)}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse">'
        f'<rect width="{TILE}" height="{TILE}" fill="{style.ground}"/>{style.mark}</pattern>'
        for verdict, style in STYLES.items()
        if style.mark
    )


def fill(verdict: Verdict) -> str:
    """The paint of a verdict: its colour, or its pattern."""
    return f"url(#v{int(verdict)})" if STYLES[verdict].mark else STYLES[verdict].ground


# Nobody reads on through more pages than these make; the whole list is in the other formats, and the page says so.
LINES = 40  # of findings and causes: nine pages at the most
ROWS_OF_A_TABLE = 60
OPINIONS, SIGNERS = ("agreed", "corrected", "supplied", "other"), ("checked", "reviewed", "approved", "stamp")
JOIN: dict[Lang, str] = {"zh": "、", "en": ", "}

# Widths in half-widths: of a text, an id and another word that are given room for, of the narrowest column.
LONGEST_TEXT, LONGEST_ID, LONGEST_WORD, SHORTEST = 64, 44, 28, 8
SHORT_TEXT = 13  # stands in one line where there is room for it
HALF_MM, BESIDE_MM = 1.65, 3.0  # a half-width of the tables' print, and what stands free at both sides of a column
WORD = re.compile("[!-~]+")  # of a table's cell: it is not broken


@dataclass(frozen=True, slots=True)
class RuleSection:
    """One rule: its clause in the original and translated, how often it gave each verdict, and its findings.

    ``findings`` hold verdict, subjects, what was found and what to do, a cause a row; ``verdicts`` are theirs.
    """

    quote: str
    translation: str
    counts: str
    findings: Table
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The parts in their order; the map is drawn by the format.

    ``project``: what is said of it by label, empty to be filled in by hand. ``opinions`` and ``signers`` stand beside
    each other, to be ticked and signed. The first page ends with ``sources`` and ``basis``. ``causes_note``: what is
    said of the lines of sections that stand for more findings than they name.
    """

    title: str
    state: str
    worst: Verdict
    project: tuple[tuple[str, str], ...]
    opinions: tuple[str, ...]
    signers: tuple[str, ...]
    sources: Table
    basis: tuple[str, ...]
    notices: tuple[str, ...]
    summary: Table
    totals: str
    firsts: tuple[TextLine, ...]
    sections: tuple[RuleSection, ...]
    causes_note: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    footer: str
    page: tuple[str, ...]  # what stands before, between and after the number of the page and of all pages


def paper(report: Report, options: Options) -> Paper:
    """The report as paper has it."""
    lang = options.lang
    worst, state = overview.state(report, "paper-state", lang)
    sections, causes_note = _sections(report, options)
    return Paper(
        title=say("paper-title", lang),
        state=state,
        worst=worst,
        project=tuple(
            (say(f"paper-project-{name.replace('_', '-')}", lang), report.project.get(f"project_{name}", ""))
            for name in PROJECT
        ),
        opinions=tuple(say(f"paper-opinion-{opinion}", lang) for opinion in OPINIONS),
        signers=tuple(say(f"paper-sign-{signer}", lang) for signer in SIGNERS),
        sources=_sources(report, lang),
        basis=overview.basis(replace(report, project={}), lang),
        notices=overview.notices(report, lang),
        summary=report_tables.summary(report, lang),
        totals=overview.totals(report, lang),
        firsts=tuple(firsts(report, lang)),
        sections=sections,
        causes_note=causes_note,
        tables=tuple(_tables(report, lang)),
        notes=tuple(overview.note_lines(report, lang)),
        footer=say("paper-made-by", lang, version=version.__version__, date=report.as_of),
        page=tuple(say("paper-page", lang, page="\0", pages="\0").split("\0")),
    )


def together(tables: Sequence[Table]) -> Table:
    """Tables of one kind as one."""
    return replace(tables[0], rows=tuple(row for table in tables for row in table.rows))


def widths_mm(table: Table, room_mm: float) -> tuple[float, ...]:
    """How wide each column is in print: what its longest word needs, or its short texts where there is room, and
    of the rest a share by its longest text.
    """
    columns = list(zip(table.heads, *table.rows, strict=True))
    least = np.array([max(_word(x, cell, table) for cell in column) for x, column in enumerate(columns)])
    whole = np.array([min(LONGEST_TEXT, max(map(width, column))) for column in columns])
    cells = np.array(
        [max(map(width, column), default=0) for column in zip(*table.rows, strict=True)] or [0] * len(columns)
    )
    for x in np.argsort(cells - least, kind="stable"):
        wider = np.where(np.arange(len(least)) == x, np.maximum(least, cells), least)
        if cells[x] <= SHORT_TEXT and (wider * HALF_MM + BESIDE_MM).sum() <= room_mm:
            least = wider
    need, lack = least * HALF_MM + BESIDE_MM, np.maximum(whole - least, 0) * HALF_MM
    spare = room_mm - float(need.sum())
    given = need + lack * min(1.0, max(0.0, spare) / max(float(lack.sum()), 1e-9))
    return tuple((given * room_mm / given.sum()).tolist())


def _word(column: int, cell: str, table: Table) -> int:
    """The longest word of the cell, in half-widths, as far as it is given room for."""
    longest = max(map(len, WORD.findall(cell)), default=0)
    return max(SHORTEST, min(longest, LONGEST_ID if column in table.ids else LONGEST_WORD))


def _sources(report: Report, lang: Lang) -> Table:
    """Each file once, with the layers it supplied and its whole digest."""
    files: dict[tuple[str, str], list[str]] = {}
    for info in report.inputs:
        files.setdefault((info.path, info.sha256), []).append(labels.layer(info.role, lang))
    rows = tuple((path, JOIN[lang].join(dict.fromkeys(layers)), digest) for (path, digest), layers in files.items())
    return Table(say("paper-sources", lang), (*report_tables.heads(lang, "file", "role"), "SHA-256"), rows)


def _sections(report: Report, options: Options) -> tuple[tuple[RuleSection, ...], str]:
    """A section a rule, with the causes of its findings that are wanted, the gravest first; what is said of causes."""
    found = entries(report, options.show, LINES)
    most = next(n for n in range(LINES, 0, -1) if n == 1 or sum(min(n, len(each)) for each in found.values()) <= LINES)
    sections = (_section(rule, report, found.get(rule.id, []), most, options.lang) for rule in overview.rules(report))
    listed = [cause for each in found.values() for cause in each[:most]]
    return tuple(sections), together_note(listed, options.lang)


def _section(rule: Rule, report: Report, causes: list[Cause], most: int, lang: Lang) -> RuleSection:
    listed = causes[:most]
    counts = report.summary.verdicts.get(rule.id, (0,) * len(Verdict))
    each = tuple(f"{labels.verdict(verdict, lang)} {counts[verdict]:,}" for verdict in labels.VERDICTS)
    findings = report_tables.findings(labels.rule(rule, lang), listed, lang)
    verdicts = tuple(cause.verdict for cause in listed)
    all_counts = say("paper-counts", lang, kind=labels.subject(rule.per, lang), counts=each)
    told, count = (sum(cause.count for cause in some) for some in (listed, causes))
    note = _left_out(told, count, lang) if listed else say("paper-nothing", lang)
    return RuleSection(*overview.clause(rule, lang), all_counts, replace(findings, note=note), verdicts)


def _tables(report: Report, lang: Lang) -> Iterator[Table]:
    """The data findings, errors first, then what closes every report."""
    data = sorted(report.data, key=lambda finding: list(Level).index(finding.level))
    if data:
        faults = report_tables.data(replace(report, data=tuple(data[:ROWS_OF_A_TABLE])), lang)
        yield replace(faults, note=_left_out(len(faults.rows), len(data), lang))
    for table in (*_rollups(report, lang), *report_tables.closing(report, lang, 0)):
        rows = table.rows[:ROWS_OF_A_TABLE]
        yield replace(table, rows=rows, note=_left_out(len(rows), len(table.rows), lang) or table.note)


def _rollups(report: Report, lang: Lang) -> Iterator[Table]:
    """The groupings that tell something, the headroom of the first of them alone."""
    groupings = telling(report)
    yield from rollup_tables(report, groupings[:1], lang)
    yield from (sums(report, by, lang) for by in groupings[1:])


def _left_out(listed: int, total: int, lang: Lang) -> str:
    if listed == total:
        return ""
    return say("paper-cut", lang, listed=f"{listed:,}", count=f"{total - listed:,}", total=f"{total:,}")
