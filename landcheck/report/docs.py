"""The catalogue page: every pack with what its text is, all its cards and what they leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from landcheck.errors import UsageError
from landcheck.messages import Lang, say
from landcheck.model import Pack, Rule
from landcheck.report import labels
from landcheck.report.comparisons import formulas
from landcheck.report.md import escape
from landcheck.report.rule_pages import Section, card, left_out, not_at_hand, parameters, standing
from landcheck.report.write import destinations, write_all

Pieces = Callable[[Sequence[Pack], Lang], Iterator[str]]


def docs(packs: Sequence[Pack], name: str, lang: Lang) -> Iterator[str]:
    """The page for standard output. UsageError for a format it does not come in."""
    if name not in FORMATS:
        raise UsageError("bad-choice", name="output-format", value=name, known=list(FORMATS))
    return FORMATS[name](packs, lang)


def write_docs(packs: Sequence[Pack], paths: Sequence[str], lang: Lang) -> None:
    """The page in files, all or none, in the format of their suffix. UsageError for any but ``.md`` and ``.html``."""
    asked = destinations(paths)
    for to in asked:
        if to.format.name not in FORMATS:
            raise UsageError("docs-suffix", file=to.given)
    write_all([(to, partial(_draw, FORMATS[to.format.name], packs, lang)) for to in asked])


def _draw(pieces: Pieces, packs: Sequence[Pack], lang: Lang, draft: Path) -> None:
    draft.write_text("".join(pieces(packs, lang)), encoding="utf-8", newline="\n")


def _md(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """Markdown; the headings of packs and rules are their ids, so that their anchors are, too."""
    yield f"# {escape(say('report-docs-title', lang))}\n\n{escape(say('report-docs-note', lang))}\n\n"
    yield from (f"- [{escape(pack.id)}](#{quote(pack.id)}) {escape(_called(pack, lang))}\n" for pack in packs)
    for pack in packs:
        yield f"\n## {escape(pack.id)}\n\n**{escape(_called(pack, lang))}**\n"
        yield from _md_sections((*standing(pack, lang), *parameters(pack, lang)))
        yield f"\n**{escape(say('report-docs-rules', lang))}**\n\n"
        yield from (f"- [{escape(rule.id)}](#{quote(rule.id)}) {escape(rule.title.say(lang))}\n" for rule in pack.rules)
        for rule in pack.rules:
            yield f"\n### {escape(rule.id)}\n\n**{escape(rule.title.say(lang))}**\n"
            yield from _md_sections(_rule_sections(rule, lang))
        yield from _md_sections(_unruled(pack, lang))


def _md_sections(sections: Sequence[Section]) -> Iterator[str]:
    for head, lines in sections:
        yield f"\n*{escape(head)}*\n\n"
        yield from (f"- {escape(line)}\n" for line in lines)


def _html(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """One self-contained page in the dress of the HTML report, without script."""
    from landcheck.report.html import assets, page  # jinja2, which a page of Markdown does without

    styles = (assets.style(*assets.CATALOGUE_STYLES),)
    yield from page.filled("catalogue.html", lang, styles, packs=[_pack(pack, lang) for pack in packs])


def _pack(pack: Pack, lang: Lang) -> Mapping[str, Any]:
    return {
        "id": pack.id,
        "called": _called(pack, lang),
        "standing": (*standing(pack, lang), *parameters(pack, lang)),
        "rules": [_rule(rule, lang) for rule in pack.rules],
        "unruled": _unruled(pack, lang),
    }


def _rule(rule: Rule, lang: Lang) -> Mapping[str, Any]:
    shown = {say("report-card-clause", lang), say("report-card-translation", lang)}
    return {
        "id": rule.id,
        "title": rule.title.say(lang),
        "per": labels.subject(rule.per, lang),
        "clause": rule.clause,
        "sections": [section for section in _rule_sections(rule, lang) if section[0] not in shown],
    }


def _rule_sections(rule: Rule, lang: Lang) -> tuple[Section, ...]:
    sums = formulas(rule, lang)
    return (*card(rule, lang), *([(say("report-explain-formula", lang), sums)] if sums else []))


def _unruled(pack: Pack, lang: Lang) -> tuple[Section, ...]:
    lines = left_out(pack, lang)
    return (*([(say("report-card-left-out", lang), lines)] if lines else []), *not_at_hand(pack, lang))


def _called(pack: Pack, lang: Lang) -> str:
    return say("report-docs-called", lang, title=pack.title, number=pack.number)


FORMATS: Mapping[str, Pieces] = {"md": _md, "html": _html}
