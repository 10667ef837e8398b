"""What stands in every report for people, as lines and tables of plain strings; formats lay out and escape them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from landcheck import version
from landcheck.messages import Lang, number, say
from landcheck.model import Assumption, DataFinding, Finding, Level, Pack, Parameter, Report, Rule, Subject, Verdict
from landcheck.report import exceptions, labels, readings
from landcheck.report.amounts import grouped
from landcheck.report.words import JOIN, message, remedy


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows of the same length; ``numbers`` are the columns to set flush right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in words."""

    verdict: str
    rule: str
    subject: str
    clause: str
    message: str
    remedy: str


GRAVEST_FIRST = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.REVIEW, Verdict.PASS, Verdict.NOT_APPLICABLE)

# Words of the field catalogue for a value that is worked out.
ASSUMED = {"geometry": "report-assumed-geometry", "footprint_floors": "report-assumed-footprint"}


def title(lang: Lang) -> str:
    """The name of the report, with the program's version."""
    return say("report-title", lang, version=version.__version__)


def basis(report: Report, lang: Lang) -> tuple[str, ...]:
    """What was checked against: packs in force from when, the date, the reading, the parameters."""
    lines = list(packs(report, lang))
    lines.append(say("report-as-of", lang, date=report.as_of))
    lines.append(say("report-reading", lang, reading=say(labels.READINGS[report.reading], lang)))
    known = {parameter.name: parameter for pack in report.packs for parameter in pack.parameters}
    lines += [parameter(name, value, known.get(name), lang) for name, value in report.parameters.items()]
    return tuple(lines)


def packs(report: Report, lang: Lang) -> Iterator[str]:
    """The text of each pack, its days, and how many parcels it binds by their date."""
    for pack in report.packs:
        line, count = in_force(pack, lang), report.summary.in_force.get(pack.id)
        yield line if count is None else say("report-pack-binds", lang, line=line, count=f"{count:,}")


def notices(report: Report, lang: Lang) -> tuple[str, ...]:
    """What a reader must be told before trusting a verdict."""
    return tuple(notice.say(lang) for notice in report.notices)


def totals(report: Report, lang: Lang) -> str:
    """One line: how many subjects, how many data errors and warnings, and how many findings are excused."""
    subjects = tuple(
        say("report-count", lang, name=labels.subject(kind, lang), count=count)
        for kind, count in report.summary.subjects.items()
    )
    errors = sum(finding.level is Level.ERROR for finding in report.data)
    told = say("report-totals", lang, subjects=subjects, errors=errors, warnings=len(report.data) - errors)
    return JOIN[lang].join((told, *exceptions.totals(report, lang)))


def summary(report: Report, lang: Lang) -> Table:
    """How often each rule gave each verdict."""
    titles = {rule.id: rule.title.say(lang) for rule in rules(report)}
    rows = tuple(
        (rule, *(str(counts[verdict]) for verdict in labels.VERDICTS), titles.get(rule, ""))
        for rule, counts in report.summary.verdicts.items()
    )
    verdicts = (labels.verdict(verdict, lang) for verdict in labels.VERDICTS)
    names = (*heads(lang, "rule"), *verdicts, *heads(lang, "title"))
    return Table(say("report-summary", lang), names, rows, (1, 2, 3, 4, 5))


def sums(report: Report) -> dict[Verdict, int]:
    """How often each verdict was given, the gravest first."""
    return {verdict: sum(counts[verdict] for counts in report.summary.verdicts.values()) for verdict in GRAVEST_FIRST}


def state(report: Report, codes: str, lang: Lang) -> tuple[Verdict, str]:
    """The gravest verdict there is, and the result in one sentence: the one of ``codes`` that speaks of it."""
    worst, count = next(((one, n) for one, n in sums(report).items() if n), (Verdict.NOT_APPLICABLE, 0))
    name = "none" if worst is Verdict.NOT_APPLICABLE else worst.word
    return worst, say(f"{codes}-{name}", lang, count=f"{count:,}")


def rules(report: Report) -> Iterator[Rule]:
    """The rules of every pack, in their order."""
    return (rule for pack in report.packs for rule in pack.rules)


def told(finding: Finding, lang: Lang) -> Told:
    """The finding in words."""
    return Told(
        exceptions.verdict(finding, lang),
        finding.rule.id,
        subject(finding.subject, finding.row, lang),
        finding.rule.clause.number,
        message(finding, lang),
        remedy(finding, lang) or "",
    )


def subject(who: Subject, row: int | None, lang: Lang) -> str:
    """A subject by its kind and id, and the row it stands in."""
    name = say("report-subject", lang, kind=labels.subject(who.type, lang), id=who.id)
    return name if row is None else say("report-subject-row", lang, subject=name, row=row)


def data(report: Report, lang: Lang) -> Table:
    """What is wrong with the data."""
    rows = tuple(_fault(finding, lang) for finding in report.data)
    return Table(say("report-data", lang), heads(lang, "level", "rule", "subject", "message"), rows)


def ledger(report: Report, lang: Lang) -> Table:
    """The green balance, a park a row, in m²."""
    rows = tuple(
        (row.park_id, row.district or "", *map(grouped, (
            row.need_m2, row.have_m2, row.from_district_m2, row.uncovered_m2, row.given_m2, row.left_over_m2,
        )))
        for row in report.ledger
    )  # fmt: skip
    names = heads(lang, "park", "district", "need", "have", "from-district", "uncovered", "given", "left-over")
    return Table(say("report-ledger", lang), names, rows, (2, 3, 4, 5, 6, 7))


def disagreements(report: Report, lang: Lang) -> Table:
    """Where texts in force disagree, a text a row; of many conflicts the first."""
    names = tuple(say(code, lang) for code in readings.CONFLICT_HEADS)
    return Table(readings.conflict_title(report, lang), names, readings.conflict_rows(report, lang), (7, 8))


def hanging(report: Report, lang: Lang) -> Table:
    """What may be read otherwise, and the verdicts that hang on it."""
    names = tuple(say(code, lang) for code in readings.INTERPRETATION_HEADS)
    return Table(say("report-interpretations", lang), names, readings.interpretation_rows(report, lang), (6,))


def transfers(report: Report, lang: Lang) -> Table:
    """Which park gave how much green to which."""
    rows = tuple((t.giver, t.taker, grouped(t.area_m2)) for t in report.transfers)
    return Table(say("report-transfers", lang), heads(lang, "from-park", "to-park", "area"), rows, (2,))


def assumptions(report: Report, lang: Lang) -> Table:
    """Which values were taken for missing ones, and how often."""
    rows = tuple(
        (labels.layer(a.role, lang), f"{labels.field_label(a.role, a.field, lang)} {a.field}",
         _value(a, lang), f"{a.rows:,}")
        for a in report.assumptions
    )  # fmt: skip
    return Table(say("report-assumptions", lang), heads(lang, "layer", "field", "value", "rows"), rows, (3,))


def asks(report: Report, lang: Lang) -> Table:
    """Which missing facts to ask for first, with the document that supplies each."""
    rows = tuple(
        (f"{labels.field_label(ask.subject, ask.field, lang)} {ask.field}",
         "; ".join(labels.documents(ask.subject, (ask.field,), lang)), f"{ask.verdicts:,}", f"{ask.alone:,}")
        for ask in report.asks
    )  # fmt: skip
    return Table(say("report-asks", lang), heads(lang, "field", "document", "verdicts", "alone"), rows, (2, 3))


def waivers(report: Report, lang: Lang) -> Table:
    """The register of waivers: which document excuses what, and how many verdicts."""
    number, approver, *more = (say(code, lang) for code in exceptions.HEADS.values())
    names = (number, approver, *heads(lang, "rule"), *more)
    return Table(say("waivers-title", lang), names, exceptions.rows(report, lang), (6,))


def inputs(report: Report, lang: Lang, digits: int = 64) -> Table:
    """What was read, and how; of the hash so many digits."""
    rows = tuple(
        (labels.layer(info.role, lang), info.path, info.layer or "", info.crs or "", info.encoding or "",
         f"{info.rows:,}", info.sha256[:digits])
        for info in report.inputs
    )  # fmt: skip
    names = heads(lang, "role", "file", "layer", "crs", "encoding", "rows")
    return Table(say("report-inputs", lang), (*names, "SHA-256"), rows, (5,))


def input_notes(report: Report, lang: Lang) -> tuple[str, ...]:
    """What was decided while reading."""
    return tuple(note.say(lang) for info in report.inputs for note in info.notes)


def closing(report: Report, lang: Lang, digits: int = 64) -> Sequence[Table]:
    """The tables that close every report, hashes with so many digits; empty ones stay out."""
    balance = (ledger(report, lang), transfers(report, lang))
    tables = (
        disagreements(report, lang),
        hanging(report, lang),
        asks(report, lang),
        waivers(report, lang),
        *balance,
        assumptions(report, lang),
        inputs(report, lang, digits),
    )
    return [table for table in tables if table.rows]


def heads(lang: Lang, *names: str) -> tuple[str, ...]:
    """Column heads in the language."""
    return tuple(say(HEADS[name], lang) for name in names)


def in_force(pack: Pack, lang: Lang) -> str:
    """The text a pack stands for, and from when until when it is in force."""
    validity = say(labels.VALIDITIES[pack.validity], lang)
    until = "" if pack.in_force_until is None else str(pack.in_force_until)
    code = "report-pack-until" if until else "report-pack"
    return say(
        code, lang, id=pack.id, title=pack.title, number=pack.number, since=pack.in_force_from,
        until=until, validity=validity,
    )  # fmt: skip


def parameter(name: str, value: Decimal, known: Parameter | None, lang: Lang) -> str:
    """A parameter with the value used; with its meaning and source where the pack has it."""
    if known is None:
        return say("report-parameter", lang, name=name, value=f"{value:f}")
    amount = labels.with_unit(f"{value:f}", known.unit, lang)
    return say("report-parameter-of", lang, name=name, value=amount, meaning=known.meaning, source=known.source)


def _fault(finding: DataFinding, lang: Lang) -> tuple[str, ...]:
    who = subject(finding.subject, finding.row, lang)
    return say(labels.LEVELS[finding.level], lang), finding.rule, who, finding.message.say(lang)


def _value(assumption: Assumption, lang: Lang) -> str:
    value = assumption.value
    if value in ASSUMED:
        return say(ASSUMED[value], lang)
    if isinstance(value, float):
        return number(value)
    return labels.field_value(assumption.role, assumption.field, value, lang)


HEADS = {
    "alone": "report-head-alone",
    "document": "report-head-document",
    "verdicts": "report-head-verdicts",
    "area": "report-head-area",
    "clause": "report-head-clause",
    "crs": "report-head-crs",
    "district": "report-head-district",
    "encoding": "report-head-encoding",
    "field": "report-head-field",
    "file": "report-head-file",
    "from-district": "report-head-from-district",
    "from-park": "report-head-from-park",
    "given": "report-head-given",
    "have": "report-head-have",
    "layer": "report-head-layer",
    "left-over": "report-head-left-over",
    "level": "report-head-level",
    "message": "report-head-message",
    "need": "report-head-need",
    "park": "report-head-park",
    "remedy": "report-head-remedy",
    "role": "report-head-role",
    "rows": "report-head-rows",
    "rule": "report-head-rule",
    "subject": "report-head-subject",
    "title": "report-head-title",
    "to-park": "report-head-to-park",
    "uncovered": "report-head-uncovered",
    "value": "report-head-value",
    "verdict": "report-head-verdict",
}
