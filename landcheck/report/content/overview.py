"""What stands at the head of every report: what was checked against, what came of it, and what a reader must know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import Covered, Level, Pack, Parameter, Report, Rule, Verdict
from landcheck.report.content import labels
from landcheck.report.content.labels import GRAVEST_FIRST
from landcheck.report.options import NOTEWORTHY


def title(lang: Lang) -> str:
    """The name of the report, with the program's version."""
    return say("report-title", lang, version=version.__version__)


def basis(report: Report, lang: Lang) -> tuple[str, ...]:
    """What was checked against: the project, packs in force from when, the date, the reading, the parameters."""
    return (*project(report, lang), *packs(report, lang), *settings(report, lang))


def project(report: Report, lang: Lang) -> Iterator[str]:
    """What was said of the project."""
    return (say("report-" + name.replace("_", "-"), lang, value=value) for name, value in report.project.items())


def settings(report: Report, lang: Lang) -> Iterator[str]:
    """The date, the reading and the parameters."""
    known = {parameter.name: parameter for pack in report.packs for parameter in pack.parameters}
    yield say("report-as-of", lang, date=report.as_of)
    yield say("report-reading", lang, reading=labels.reading(report.reading, lang))
    yield from (parameter(name, value, known.get(name), lang) for name, value in report.parameters.items())


def packs(report: Report, lang: Lang) -> Iterator[str]:
    """The text of each pack, its days, and how many parcels it binds by their date."""
    for pack in report.packs:
        line, count = in_force(pack, lang), report.summary.in_force.get(pack.id)
        yield line if count is None else say("report-pack-binds", lang, line=line, count=f"{count:,}")


def in_force(pack: Pack, lang: Lang) -> str:
    """The text a pack stands for, and from when until when it is in force."""
    return say(
        "report-pack" if pack.in_force_until is None else "report-pack-until", lang, id=pack.id, title=pack.title,
        number=pack.number, since=pack.in_force_from, until=pack.in_force_until,
        validity=labels.validity(pack.validity, lang),
    )  # fmt: skip


def parameter(name: str, value: Decimal, known: Parameter | None, lang: Lang) -> str:
    """A parameter with the value used; with its meaning and source where the pack has it."""
    if known is None:
        return say("report-parameter", lang, name=name, value=f"{value:f}")
    amount = labels.with_unit(f"{value:f}", known.unit, lang)
    return say("report-parameter-of", lang, name=name, value=amount, meaning=known.meaning, source=known.source)


def notices(report: Report, lang: Lang) -> tuple[str, ...]:
    """What a reader must know before trusting a verdict."""
    return tuple(notice.say(lang) for notice in report.notices)


def notice_lines(report: Report, lang: Lang) -> Iterator[str]:
    """The same, each named as a notice."""
    return (say("report-notice", lang, notice=notice) for notice in notices(report, lang))


def notes(report: Report, lang: Lang) -> tuple[str, ...]:
    """What was decided while reading."""
    return tuple(note.say(lang) for info in report.inputs for note in info.notes)


def note_lines(report: Report, lang: Lang) -> Iterator[str]:
    """The same, each named as a note."""
    return (say("report-note", lang, note=note) for note in notes(report, lang))


def totals(report: Report, lang: Lang) -> str:
    """One line: how many subjects, how many data errors and warnings, and how many findings are excused."""
    subjects = tuple(
        say("report-count", lang, name=labels.subject(kind, lang), count=count)
        for kind, count in report.summary.subjects.items()
    )
    errors = sum(finding.level is Level.ERROR for finding in report.data)
    parts = [say("report-totals", lang, subjects=subjects, errors=errors, warnings=len(report.data) - errors)]
    if report.waivers is not None:
        parts.append(say("waived-total", lang, entries=len(report.waivers), **_sum(report.waived.values())))
    if report.baseline is not None:
        known = report.baseline.known.values()
        parts.append(say("known-total", lang, stale=len(report.baseline.stale), **_sum(known)))
    return labels.joined(parts, lang)


def verdict_line(report: Report, lang: Lang) -> str:
    """The result in one line: how often each verdict was given, the gravest first, and how many data errors."""
    counted = _counted(sums(report), lang)
    errors = sum(finding.level is Level.ERROR for finding in report.data)
    more = say("report-and-data-errors", lang, errors=f"{errors:,}") if errors else ""
    more += say("report-and-not-judged", lang, count=len(report.not_judged)) * bool(report.not_judged)
    return say("report-verdict-line", lang, counts=counted, more=more)


def _counted(counts: Mapping[Verdict, int], lang: Lang) -> tuple[str, ...]:
    """Each verdict with how often it was given."""
    return tuple(
        say("report-verdict-count", lang, verdict=labels.verdict(verdict, lang), count=f"{count:,}")
        for verdict, count in counts.items()
    )


def _sum(covered: Collection[Covered]) -> dict[str, str]:
    return {"fail": f"{sum(one.fail for one in covered):,}", "review": f"{sum(one.review for one in covered):,}"}


def sums(report: Report) -> dict[Verdict, int]:
    """How often each verdict was given, the gravest first."""
    return {verdict: sum(counts[verdict] for counts in report.summary.verdicts.values()) for verdict in GRAVEST_FIRST}


def state(report: Report, codes: str, lang: Lang) -> tuple[Verdict, str]:
    """The gravest verdict there is, and the result in one sentence: the one of ``codes`` that speaks of it, with how
    often every other verdict was given that leaves something to do.
    """
    every = sums(report)
    worst = next((verdict for verdict, count in every.items() if count), Verdict.NOT_APPLICABLE)
    name = "none" if worst is Verdict.NOT_APPLICABLE else worst.word
    told = say(f"{codes}-{name}", lang, count=f"{every[worst]:,}")
    if others := {one: every[one] for one in NOTEWORTHY if one is not worst and every[one]}:
        told += say("report-and-verdicts", lang, counts=_counted(others, lang))
    return worst, told + say("report-and-not-judged", lang, count=len(report.not_judged)) * bool(report.not_judged)


def rules(report: Report) -> Iterator[Rule]:
    """The rules of every pack, in their order."""
    return (rule for pack in report.packs for rule in pack.rules)


def clause(rule: Rule, lang: Lang) -> tuple[str, str]:
    """The clause of a rule with its number, and in an English report its translation, else nothing."""
    foreign = rule.clause.translation if lang == "en" else ""
    return (
        say("report-clause", lang, number=labels.clause_number(rule, lang), quote=rule.clause.quote),
        say("report-translation", lang, translation=foreign) if foreign else "",
    )
