"""Excel: what stands on which sheet; every table of the report to filter and to count in, text never as a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from xlsxwriter import Workbook

from landcheck.messages import Lang, say
from landcheck.model import Finding, Report, Verdict
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.filled import Block, blocks, of_block
from landcheck.report.content.report_tables import Table
from landcheck.report.content.sentences import (
    deciding_outcome,
    limit_words,
    measured_words,
    message,
    remedy,
    requirement_of,
)
from landcheck.report.options import Options, shown, shown_count
from landcheck.report.xlsx import rollup_sheet
from landcheck.report.xlsx.front_sheet import front
from landcheck.report.xlsx.rollup_sheet import room_columns, with_rooms
from landcheck.report.xlsx.worksheet import (
    Book,
    Column,
    SheetTable,
    Value,
    sheet_table,
)

# The columns of the sheets behind the first: code of the head, width, and whether it wraps.
FINDINGS = (
    ("report-head-verdict", 13, False), ("report-head-rule", 30, True), ("report-head-subject", 7, False),
    ("xlsx-head-id", 16, False), ("xlsx-head-row", 7, False), ("report-head-clause", 9, False),
    ("report-head-message", 52, True), ("report-head-remedy", 42, True), ("xlsx-head-rule-id", 17, False),
    ("xlsx-head-requirement", 24, True),
    ("xlsx-head-measured", 13, False), ("xlsx-head-limit", 13, False), ("xlsx-head-unit", 7, False),
    ("xlsx-head-margin", 12, False), ("xlsx-head-margin-m2", 13, False), ("xlsx-head-missing", 28, True),
    ("xlsx-head-lon", 12, False), ("xlsx-head-lat", 12, False),
)  # fmt: skip
SUBJECTS = (("xlsx-head-id", 18, False), ("xlsx-head-row", 7, False), ("xlsx-head-gravest", 14, False))
DATA = (
    ("report-head-level", 9, False), ("report-head-rule", 26, True), ("report-head-subject", 8, False),
    ("xlsx-head-id", 18, False), ("xlsx-head-row", 7, False), ("report-head-message", 80, True),
    ("xlsx-head-lon", 12, False), ("xlsx-head-lat", 12, False), ("xlsx-head-rule-id", 20, False),
)  # fmt: skip
RULES = ("report-head-rule", "report-head-clause", "xlsx-head-quote", "xlsx-head-translation", "xlsx-head-evidence",
         "xlsx-head-rule-id")  # fmt: skip


def pieces(report: Report, options: Options) -> Iterator[bytes]:
    """The workbook as one piece."""
    out, lang = io.BytesIO(), options.lang
    made = _workbook(out, report, lang)
    book = Book(made, lang)
    front(book, report, shown_count(report, options.show))
    rows = (row for block in blocks(report, options.show) for row in _rows(block, lang))
    columns = _columns(FINDINGS, lang)
    book.grid(say("report-findings", lang), columns, rows, frozen=4, printed=8, nothing="report-no-findings")
    book.grid(*_matrix(report, "parcel", options), frozen=3)
    _rollups(book, report, options)
    _tables(book, say("supply-sheet", lang), report_tables.asks(report, lang), report_tables.assumptions(report, lang))
    _data(book, report)
    rest = (report_tables.hanging, report_tables.disagreements, report_tables.waivers)
    others = _rules(report, lang), *(make(report, lang) for make in rest)
    _tables(book, say("sources-sheet", lang), report_tables.inputs(report, lang), *others)
    made.close()
    yield out.getvalue()


def _workbook(out: io.BytesIO, report: Report, lang: Lang) -> Workbook:
    """An empty workbook that takes no text for a formula or a link, and depends on no clock."""
    # constant_memory keeps one row at a time: a run may have a million findings.
    settings = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    made = Workbook(out, settings)
    created = dt.datetime.combine(report.as_of, dt.time())
    made.set_properties({"title": say("paper-title", lang), "author": "landcheck", "created": created})
    return made


def _columns(given: Iterable[tuple[str, float, bool]], lang: Lang) -> list[Column]:
    return [Column(say(code, lang), wide, wraps) for code, wide, wraps in given]


def _rows(block: Block, lang: Lang) -> Iterator[list[Value]]:
    """The findings of a block, each with its words."""
    words = of_block(block, partial(_words, lang=lang))
    for finding, *said in zip(block, *(column.to_pylist() for column in words), strict=True):
        yield _finding(finding, said, lang)


def _words(finding: Finding, lang: Lang) -> list[str | None]:
    """Message, remedy, and what decided in words: measured and limit."""
    outcome = deciding_outcome(finding)
    if outcome is None:
        return [message(finding, lang), remedy(finding, lang), None, None]
    requirement, per = requirement_of(finding.rule, outcome), finding.rule.per
    test = requirement.any[0] if requirement else None
    compared = (words(outcome, test, per, lang) for words in (measured_words, limit_words))
    return [message(finding, lang), remedy(finding, lang), *compared]


def _finding(finding: Finding, said: Sequence[str | None], lang: Lang) -> list[Value]:
    sentence, to_do, *compared = said
    return [
        finding.verdict,
        finding.rule.title.say(lang),
        labels.subject(finding.subject.type, lang),
        finding.subject.id,
        finding.row,
        labels.clause_number(finding.rule, lang),
        sentence,
        to_do,
        finding.rule.id,
        *_measured(finding, compared, lang),
        "; ".join(finding.missing),
        *(finding.location or (None, None)),
    ]


def _measured(finding: Finding, words: Sequence[str | None], lang: Lang) -> list[Value]:
    """Of what decided: requirement, measured, limit, unit, margin and margin in m²; what is no number in words."""
    outcome = deciding_outcome(finding)
    if outcome is None:
        return [None] * 6
    measured, limit = _plain_number(outcome.measured), _plain_number(outcome.limit)
    if measured is None and outcome.measured is not None:
        measured = words[0]
    unit = labels.with_unit("", outcome.unit, lang).strip()
    compared = (measured, words[1] if limit is None else limit)
    return [outcome.label.say(lang), *compared, unit, outcome.margin, outcome.margin_m2]


def _plain_number(value: object) -> Value:
    return value if isinstance(value, float | int) and not isinstance(value, bool) else None


def _matrix(report: Report, kind: str, options: Options) -> SheetTable:
    """Parcels or parks by rules, parcels with their headroom where it is known; no rows where none was judged."""
    lang = options.lang
    title, named = say("xlsx-matrix", lang, kind=labels.subject(kind, lang)), _columns(SUBJECTS, lang)
    rules = {rule.id: rule.title.say(lang) for rule in overview.rules(report) if rule.per == kind}
    columns = [*named, *(Column(text, 17) for text in rules.values())]
    if not rules or not report.summary.subjects.get(kind):
        return SheetTable(title, columns, ())
    drawn = _drawn_rows(report, kind, tuple(rules))
    first = next(drawn, None)
    rows = _found_rows(report, kind, tuple(rules), options) if first is None else chain([first], drawn)
    if kind == "park" or report.headroom is None:
        return SheetTable(title, columns, rows)
    return SheetTable(title, [*columns, *room_columns(lang)], with_rooms(rows, report.headroom, lang))


def _drawn_rows(report: Report, kind: str, rules: Sequence[str]) -> Iterator[Sequence[Value]]:
    """Id, row from 1, gravest verdict and a verdict a rule, from the layer itself, which has every one of them."""
    for batch in () if report.drawing is None else report.drawing.of(kind):
        said = batch.verdicts[[batch.rules.index(rule) for rule in rules]].T.tolist()
        for ident, row, numbers in zip(batch.ids, batch.rows.tolist(), said, strict=True):
            verdicts = [Verdict(number) for number in numbers]
            yield ident, row + 1, gravest_of(verdicts), *verdicts


def _found_rows(report: Report, kind: str, rules: Sequence[str], options: Options) -> Iterator[Sequence[Value]]:
    """The same from the findings, of a table without shapes: what is not among them is passed or not applicable."""
    subjects: dict[tuple[int, str], dict[str, Verdict]] = {}
    for finding in shown(report, options.show):
        if finding.subject.type == kind:
            key = (finding.row or 0, finding.subject.id)
            subjects.setdefault(key, {})[finding.rule.id] = finding.verdict
    other = say("xlsx-pass-or-not-applicable", options.lang)
    for (row, ident), verdicts in sorted(subjects.items()):
        yield ident, row or None, gravest_of(verdicts.values()), *(verdicts.get(rule, other) for rule in rules)
    rest = report.summary.subjects[kind] - len(subjects)
    if rest > 0:
        yield say("xlsx-other-subjects", options.lang, count=f"{rest:,}"), None, *[other] * (len(rules) + 1)


def gravest_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of them; not applicable only where every rule says so."""
    return max((one for one in verdicts if one is not Verdict.NOT_APPLICABLE), default=Verdict.NOT_APPLICABLE)


def _data(book: Book, report: Report) -> None:
    lang = book.lang
    rows = (
        [
            labels.level(one.level, lang), labels.data_rule(one.rule, lang),
            labels.subject(one.subject.type, lang), one.subject.id, one.row, one.message.say(lang),
            *(one.location or (None, None)), one.rule,
        ]
        for one in report.data
    )  # fmt: skip
    book.grid(say("report-data", lang), _columns(DATA, lang), rows, frozen=1)


def _rollups(book: Book, report: Report, options: Options) -> None:
    """The roll-ups; below them the verdicts on parks and the green that they balance."""
    lang = options.lang
    green = [sheet_table(make(report, lang)) for make in (report_tables.ledger, report_tables.transfers)]
    below = [grid for grid in (_matrix(report, "park", options), *green) if grid.rows]
    columns, rows = rollup_sheet.columns(lang), rollup_sheet.rows(report, lang)
    book.grid(say("rollup-sheet", lang), columns, rows, frozen=2, printed=13, below=below)


def _tables(book: Book, title: str, first: Table, *others: Table) -> None:
    """A sheet of tables below each other; empty ones stay out."""
    grids = [sheet_table(table) for table in others if table.rows]
    top = sheet_table(first)
    book.grid(title, top.columns, top.rows, below=grids)


def _rules(report: Report, lang: Lang) -> Table:
    """The rules with their clauses, so that the workbook can be read without the law at hand."""
    foreign = lang == "en"
    heads = [code for code in RULES if foreign or code != "xlsx-head-translation"]
    rows = tuple(
        (one.title.say(lang), labels.clause_number(one, lang), one.clause.quote,
         *([one.clause.translation] if foreign else []), one.evidence.say(lang), one.id)
        for one in overview.rules(report)
    )  # fmt: skip
    return Table(say("xlsx-rules", lang), tuple(say(code, lang) for code in heads), rows)
