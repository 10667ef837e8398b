"""What a pack says of its text, in words: rank, dates, source, precedence, further texts, and what is not at hand."""

from __future__ import annotations

import datetime as dt

from landcheck.messages import Lang, Text, say
from landcheck.model import Document, Pack, Parameter, Rank, Validity
from landcheck.report import labels
from landcheck.report.cards import Section


def standing(pack: Pack, lang: Lang) -> tuple[Section, ...]:
    """The sections about the text a pack stands for, each a head and its lines; empty ones stay out."""
    sections = (
        ("report-pack-text", _text(pack, lang)),
        ("report-card-validity", _in_force(pack, lang)),
        ("report-pack-source", _source(pack, lang)),
        ("report-pack-precedence", _precedence(pack, lang)),
        ("report-pack-documents", tuple(line for one in pack.documents for line in _document(one, lang))),
    )
    return tuple((say(code, lang), lines) for code, lines in sections if lines)


def parameters(pack: Pack, lang: Lang, names: set[str] | None = None) -> tuple[Section, ...]:
    """The section of the pack's parameters, or of those named; none where there are none."""
    used = [parameter for parameter in pack.parameters if names is None or parameter.name in names]
    lines = tuple(_parameter(parameter, lang) for parameter in used)
    return ((say("report-card-parameters", lang), lines),) if lines else ()


def not_at_hand(pack: Pack, lang: Lang) -> tuple[Section, ...]:
    """The section of what the text is known to say beyond its excerpt; none where nothing is."""
    lines = tuple(
        say("report-pack-not-at-hand-line", lang, number=one.clause, what=one.what) for one in pack.not_at_hand
    )
    return ((say("report-pack-not-at-hand", lang), lines),) if lines else ()


def _text(pack: Pack, lang: Lang) -> tuple[str, ...]:
    number = say("report-pack-number", lang, number=pack.number, issued=pack.issued)
    return number, say("report-pack-issuer", lang, issuer=pack.issuer), *_rank(pack.rank, lang)


def _rank(rank: Rank | None, lang: Lang) -> tuple[str, ...]:
    return () if rank is None else (say("report-pack-rank", lang, rank=say(rank.label, lang)),)


def _in_force(pack: Pack, lang: Lang) -> tuple[str, ...]:
    code = "report-pack-since-quote" if pack.in_force_quote else "report-pack-since-source"
    source = pack.in_force_quote or pack.in_force_source
    since = say(code, lang, since=pack.in_force_from, source=source)
    return since, _end(pack.in_force_until, pack.validity, pack.validity_source, lang)


def _end(until: dt.date | None, validity: Validity, source: Text, lang: Lang) -> str:
    code = "report-pack-endless" if until is None else "report-pack-end"
    word = say(labels.VALIDITIES[validity], lang)
    return say(code, lang, until=until, validity=word, source=source)


def _source(pack: Pack, lang: Lang) -> tuple[str, ...]:
    whole = say("report-pack-excerpt" if pack.excerpt else "report-pack-whole", lang)
    return (whole, pack.text_source.say(lang)) if pack.text_source.say(lang) else (whole,)


def _precedence(pack: Pack, lang: Lang) -> tuple[str, ...]:
    if pack.precedence is None:
        return ()
    quote, reading = pack.precedence.quote, pack.precedence.reading
    return (say("report-pack-precedence-line", lang, quote=quote, reading=reading),)


def _document(document: Document, lang: Lang) -> tuple[str, ...]:
    rank = "" if document.rank is None else say(document.rank.label, lang)
    end = _end(document.in_force_until, document.validity, document.validity_source, lang)
    values = {"number": document.number, "title": document.title, "issuer": document.issuer, "rank": rank}
    return (say("report-pack-document", lang, since=document.in_force_from, end=end, **values),)


def _parameter(parameter: Parameter, lang: Lang) -> str:
    amount = labels.with_unit(f"{parameter.value:f}", parameter.unit, lang)
    return say(
        "report-pack-parameter", lang, name=parameter.name, value=amount, meaning=parameter.meaning,
        source=parameter.source, quote=parameter.quote,
    )  # fmt: skip
