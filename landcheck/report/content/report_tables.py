"""The tables that stand in every report for people, as plain strings; formats lay them out and escape them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from landcheck.messages import Lang, number, say
from landcheck.model import Ask, Assumption, Conflict, DataFinding, Grant, Hanging, Report, Side
from landcheck.report.content import labels
from landcheck.report.content.amounts import about, grouped
from landcheck.report.content.causes import Cause, cause_words, together_note
from landcheck.report.content.overview import rules
from landcheck.report.content.sentences import Remark, remark, subject_words

DIGITS = 64  # of a SHA-256
LISTED_CONFLICTS = 200  # of a run that may have a million; the JSON holds them all
NAMED = 5  # subjects that hang on another reading; the JSON names them all
BALANCE = ("need_m2", "have_m2", "from_district_m2", "uncovered_m2", "given_m2", "left_over_m2")
# Words of the field catalogue for a value that is worked out.
ASSUMED = {"geometry": "report-assumed-geometry", "footprint_floors": "report-assumed-footprint"}

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows of the same length.

    ``numbers`` are the columns to set flush right, ``ids`` those that name subjects.
    ``note``: where the format does not list every row, how many it leaves out and where they are.
    """

    title: str
    heads: Row
    rows: tuple[Row, ...]
    numbers: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()
    note: str = ""

    def lines(self, lang: Lang) -> Iterator[str]:
        """Each row as one text, every cell with its head."""
        return (headed_cells(self.heads, row, lang) for row in self.rows)

    def entries(self, lang: Lang) -> Iterator[str]:
        """Each row as one text under the title."""
        return (say("report-headed", lang, head=self.title, cell=labels.joined(row, lang)) for row in self.rows)


def headed_cells(names: Iterable[str], cells: Iterable[str], lang: Lang) -> str:
    """Cells in one text, each with its head."""
    pairs = zip(names, cells, strict=True)
    return labels.joined((say("report-headed", lang, head=head, cell=cell) for head, cell in pairs), lang)


def heads(lang: Lang, *names: str) -> Row:
    """Column heads in the language."""
    return tuple(say(f"report-head-{name}", lang) for name in names)


def summary(report: Report, lang: Lang) -> Table:
    """How often each rule gave each verdict, and the id by which options and registers name it."""
    titles = {rule.id: rule.title.say(lang) for rule in rules(report)}
    rows = tuple(
        (titles.get(rule, rule), *(f"{counts[verdict]:,}" for verdict in labels.VERDICTS), rule)
        for rule, counts in report.summary.verdicts.items()
    )
    left_out = say("report-rule-not-judged", lang)
    rows += tuple(
        (left_out + rule.title.say(lang), *[""] * len(labels.VERDICTS), rule.id) for rule in report.not_judged
    )
    verdicts = (labels.verdict(verdict, lang) for verdict in labels.VERDICTS)
    names = (*heads(lang, "rule"), *verdicts, say("xlsx-head-id", lang))
    return Table(say("report-summary", lang), names, rows, (1, 2, 3, 4, 5))


def findings(title: str, listed: Sequence[Cause], lang: Lang) -> Table:
    """Verdict, subjects, what was found and what to do: the causes of one rule."""
    said = (cause_words(one, lang) for one in listed)
    rows = tuple((one.verdict, one.subject, one.message, one.remedy) for one in said)
    return Table(
        title, heads(lang, "verdict", "subject", "message", "remedy"), rows, ids=(1,), note=together_note(listed, lang)
    )


def data(report: Report, lang: Lang, *, together: bool = False) -> Table:
    """What is wrong with the data; ``together``: faults of one kind are one row with the first of them."""
    remarks = (remark(fault, lang) for fault in report.data) if not together else _of_one_kind(report, lang)
    rows = tuple((one.verdict, labels.data_rule(one.rule, lang), one.subject, one.message) for one in remarks)
    return Table(say("report-data", lang), heads(lang, "level", "rule", "subject", "message"), rows, ids=(2,))


def _of_one_kind(report: Report, lang: Lang) -> Iterator[Remark]:
    kinds: dict[tuple[str, str, str], list[DataFinding]] = {}
    for fault in report.data:
        kinds.setdefault((fault.rule, fault.level.value, fault.message.code), []).append(fault)
    for faults in kinds.values():
        first, count = remark(faults[0], lang), f"{len(faults):,}"
        yield (
            first
            if len(faults) == 1
            else first._replace(message=say("report-data-alike", lang, count=count, message=first.message))
        )


def closing(report: Report, lang: Lang, digits: int = DIGITS) -> Sequence[Table]:
    """The tables that close every report, hashes with so many digits; empty ones stay out."""
    tables = [table(report, lang) for table in (disagreements, hanging, asks, waivers, ledger, transfers, assumptions)]
    return [table for table in (*tables, inputs(report, lang, digits)) if table.rows]


def disagreements(report: Report, lang: Lang) -> Table:
    """Where texts in force disagree, a text a row; of many conflicts the first."""
    count = len(report.conflicts)
    code = "report-conflicts-first" if count > LISTED_CONFLICTS else "report-conflicts"
    title = say(code, lang, count=f"{count:,}", first=LISTED_CONFLICTS)
    rows = tuple(
        (subject_words(conflict.subject, None, lang), conflict.label.say(lang), *_side(side, lang))
        for conflict in islice(report.conflicts, LISTED_CONFLICTS)
        for side in conflict.sides
    )
    numbers = (say("xlsx-head-measured", lang), say("xlsx-head-margin", lang))
    names = heads(lang, "subject", "matter", "text", "rank", "since", "rule", "verdict")
    return Table(title, (*names, *numbers), rows, (7, 8), (0,))


def _side(side: Side, lang: Lang) -> Row:
    """Text, rank, first day, rule, verdict, measured and margin."""
    text = side.standing
    amounts = (
        "" if amount is None
        else labels.with_unit(("-" if amount < 0 else "") + about(abs(amount)), side.unit, lang)
        for amount in (side.measured, side.margin)
    )  # fmt: skip
    rank, since = labels.rank(text.rank, lang), str(text.in_force_from)
    return text.number, rank, since, labels.rule(side.rule, lang), labels.verdict(side.verdict, lang), *amounts


def conflict_line(conflict: Conflict, lang: Lang) -> str:
    """A conflict in one line: what each text says."""
    sides = [
        say("report-conflict-side", lang, rule=labels.rule(side.rule, lang), text=side.standing.number,
            verdict=labels.verdict(side.verdict, lang))
        for side in conflict.sides
    ]  # fmt: skip
    return say("report-conflict-line", lang, label=conflict.label, sides=labels.joined(sides, lang))


def hanging(report: Report, lang: Lang, *, idle: bool = True) -> Table:
    """What may be read otherwise, and by rule and pair of verdicts which hang on it; ``idle``: also where none does."""
    rows = tuple(
        (*(labels.interpretation(name, lang) for name in (one.name, one.taken, other.choice)), *cells)
        for one in report.interpretations
        for other in one.alternatives
        for cells in [_hanging(which, lang) for which in other.hanging] or [("", "", "", "0", "")] * idle
    )
    names = ("interpretation", "taken", "otherwise", "rule", "verdict", "other-verdict", "hanging", "subject")
    return Table(say("report-interpretations", lang), heads(lang, *names), rows, (6,), (7,))


def _hanging(one: Hanging, lang: Lang) -> Row:
    named = (", " if lang == "en" else "、").join(one.ids[:NAMED])
    rest = len(one.ids) - NAMED
    if rest > 0:
        named = say("report-and-more", lang, named=named, count=f"{rest:,}")
    verdicts = (labels.verdict(verdict, lang) for verdict in (one.verdict, one.other))
    return labels.rule(one.rule, lang), *verdicts, f"{len(one.ids):,}", named


def asks(report: Report, lang: Lang) -> Table:
    """Which missing facts to ask for first, with the document that supplies each."""
    rows = tuple(
        (labels.named_field(ask.subject, ask.field, lang),
         labels.joined(labels.documents(ask.subject, (ask.field,), lang), lang) + cells_to_correct(ask, lang),
         f"{ask.verdicts:,}", f"{ask.alone:,}")
        for ask in report.asks
    )  # fmt: skip
    return Table(say("report-asks", lang), heads(lang, "field", "document", "verdicts", "alone"), rows, (2, 3))


def cells_to_correct(ask: Ask, lang: Lang) -> str:
    """How many of the verdicts wait for a cell to be corrected; empty where none does."""
    return say("report-ask-cells", lang, count=f"{ask.unreadable:,}") if ask.unreadable else ""


def waivers(report: Report, lang: Lang) -> Table:
    """The register of waivers: which document excuses what, and how many verdicts."""
    rows = tuple(
        (grant.waived.number, grant.waived.approver, grant.rule, _scope(grant, lang), str(grant.waived.expires),
         grant.waived.reason, f"{sum(grant.covers):,}")
        for grant in report.waivers or ()
    )  # fmt: skip
    own = ("number", "approver", "scope", "expires", "reason", "covers")
    names, rule = [say(f"waiver-head-{name}", lang) for name in own], heads(lang, "rule")
    return Table(say("waivers-title", lang), (*names[:2], *rule, *names[2:]), rows, (6,), (3,))


def _scope(grant: Grant, lang: Lang) -> str:
    if grant.scope == "area":
        return say("waiver-area", lang) if grant.subject is None else say("waiver-in-area", lang, id=grant.subject)
    return say("report-subject", lang, kind=labels.subject(grant.scope, lang), id=grant.subject)


def ledger(report: Report, lang: Lang) -> Table:
    """The green balance, a park a row, in m²."""
    rows = tuple(
        (row.park_id, row.district or "", *(grouped(getattr(row, amount), 2) for amount in BALANCE))
        for row in report.ledger
    )
    names = heads(lang, "park", "district", "need", "have", "from-district", "uncovered", "given", "left-over")
    return Table(say("report-ledger", lang), names, rows, (2, 3, 4, 5, 6, 7), (0,))


def transfers(report: Report, lang: Lang) -> Table:
    """Which park gave how much green to which."""
    rows = tuple((one.giver, one.taker, grouped(one.area_m2, 2)) for one in report.transfers)
    return Table(say("report-transfers", lang), heads(lang, "from-park", "to-park", "area"), rows, (2,), (0, 1))


def assumptions(report: Report, lang: Lang) -> Table:
    """Which values were taken for missing ones, and how often."""
    rows = tuple(
        (labels.layer(one.role, lang), labels.named_field(one.role, one.field, lang),
         _assumed(one, lang), f"{one.rows:,}")
        for one in report.assumptions
    )  # fmt: skip
    return Table(say("report-assumptions", lang), heads(lang, "layer", "field", "value", "rows"), rows, (3,))


def _assumed(one: Assumption, lang: Lang) -> str:
    if one.value in ASSUMED:
        return say(ASSUMED[one.value], lang)
    if isinstance(one.value, float):
        return number(one.value)
    return labels.field_value(one.role, one.field, one.value, lang)


def inputs(report: Report, lang: Lang, digits: int = DIGITS) -> Table:
    """What was read, and how; of the hash so many digits, none for no hash."""
    rows = tuple(
        (labels.layer(info.role, lang), info.path, info.layer or "", info.crs or "", info.encoding or "",
         f"{info.rows:,}", *([info.sha256[:digits]] if digits else []))
        for info in report.inputs
    )  # fmt: skip
    names = heads(lang, "role", "file", "layer", "crs", "encoding", "rows")
    return Table(say("report-inputs", lang), (*names, *(["SHA-256"] if digits else [])), rows, (5,))
