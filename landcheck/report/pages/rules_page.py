"""The pages about rules: the list, one card, and the catalogue of whole packs as Markdown or HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from landcheck.errors import UsageError
from landcheck.messages import Lang, say
from landcheck.model import Pack, Rule
from landcheck.report.content import labels, overview, rule_cards
from landcheck.report.content.report_tables import Table, heads
from landcheck.report.content.rule_cards import HeadedLines
from landcheck.report.md import escape
from landcheck.report.plain import lines, section, table_lines
from landcheck.report.write import destinations, write_all

Pieces = Callable[[Sequence[Pack], Lang], Iterator[str]]


def list_rules(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """``rules list``: a line a rule, pack by pack, as plain text."""
    names = heads(lang, "rule", "subject", "clause", "title")
    for pack in packs:
        rows = tuple(
            (rule.id, labels.subject(rule.per, lang), labels.clause_number(rule, lang), rule.title.say(lang))
            for rule in pack.rules
        )
        yield from table_lines(Table(_name(pack, lang), names, rows))
        parameters = (overview.parameter(one.name, one.value, one, lang) for one in pack.parameters)
        about = (overview.in_force(pack, lang), pack.validity_source.say(lang), *parameters)
        yield "\n"
        yield from lines(*(f"  {line}" for line in about))


def show_rule(pack: Pack, rule: Rule, lang: Lang) -> Iterator[str]:
    """``rules show``: one card, as plain text."""
    yield from lines(f"{rule.id}  {rule.title.say(lang)}", _name(pack, lang))
    used = {test.parameter for requirement in rule.requires for test in requirement.any if test.parameter}
    about = (
        *rule_cards.parameters(pack, lang, used),
        *rule_cards.standing(pack, lang),
        *rule_cards.not_at_hand(pack, lang),
    )
    for head, texts in (*rule_cards.card(rule, lang), *about):
        yield "\n"
        yield from section(head, texts)


def _name(pack: Pack, lang: Lang) -> str:
    return say("report-card-pack", lang, id=pack.id, title=pack.title, number=pack.number)


def docs(packs: Sequence[Pack], name: str, lang: Lang) -> Iterator[str]:
    """``rules docs``: the catalogue for standard output. UsageError for a format it does not come in."""
    if name not in CATALOGUES:
        raise UsageError("bad-choice", name="output-format", value=name, known=list(CATALOGUES))
    return CATALOGUES[name](packs, lang)


def write_docs(packs: Sequence[Pack], paths: Sequence[str], lang: Lang) -> None:
    """The same in files, all or none, in the format of their suffix. UsageError for any but ``.md`` and ``.html``."""
    files = destinations(paths)
    for to in files:
        if to.format.name not in CATALOGUES:
            raise UsageError("docs-suffix", file=to.given)
    write_all([(to, partial(_draw, CATALOGUES[to.format.name], packs, lang)) for to in files])


def _draw(pieces: Pieces, packs: Sequence[Pack], lang: Lang, draft: Path) -> None:
    draft.write_text("".join(pieces(packs, lang)), encoding="utf-8", newline="\n")


def _md(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """Markdown; the headings of packs and rules are their ids, so that their anchors are, too."""
    yield f"# {escape(say('report-docs-title', lang))}\n\n{escape(say('report-docs-note', lang))}\n\n"
    yield from (f"- [{escape(pack.id)}](#{quote(pack.id)}) {escape(_called(pack, lang))}\n" for pack in packs)
    for pack in packs:
        yield f"\n## {escape(pack.id)}\n\n**{escape(_called(pack, lang))}**\n"
        yield from _md_sections(_pack_sections(pack, lang))
        yield f"\n**{escape(say('report-docs-rules', lang))}**\n\n"
        yield from (f"- [{escape(rule.id)}](#{quote(rule.id)}) {escape(rule.title.say(lang))}\n" for rule in pack.rules)
        for rule in pack.rules:
            yield f"\n### {escape(rule.id)}\n\n**{escape(rule.title.say(lang))}**\n"
            yield from _md_sections(_rule_sections(rule, lang))
        yield from _md_sections(_unruled(pack, lang))


def _md_sections(sections: Sequence[HeadedLines]) -> Iterator[str]:
    for head, texts in sections:
        yield f"\n*{escape(head)}*\n\n"
        yield from (f"- {escape(line)}\n" for line in texts)


def _html(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """One self-contained page in the dress of the HTML report, without script."""
    from landcheck.report.html import assets, page  # jinja2, which a page of Markdown does without

    quoted = {say("report-card-clause", lang), say("report-card-translation", lang)}

    def unquoted(rule: Rule) -> list[HeadedLines]:
        """The sections of a card but for those that the page sets as a quotation."""
        return [one for one in _rule_sections(rule, lang) if one[0] not in quoted]

    yield from page.filled(
        "catalogue.html", lang, (assets.style(*assets.CATALOGUE_STYLES),), packs=packs,
        called=partial(_called, lang=lang), pack_sections=partial(_pack_sections, lang=lang), rule_sections=unquoted,
        unruled=partial(_unruled, lang=lang), subject=partial(labels.subject, lang=lang),
        clause_number=labels.clause_number,
    )  # fmt: skip


def _pack_sections(pack: Pack, lang: Lang) -> tuple[HeadedLines, ...]:
    return (*rule_cards.standing(pack, lang), *rule_cards.parameters(pack, lang))


def _rule_sections(rule: Rule, lang: Lang) -> tuple[HeadedLines, ...]:
    return (
        *rule_cards.card(rule, lang),
        *rule_cards.headed(lang, ("report-explain-formula", rule_cards.formulas(rule, lang))),
    )


def _unruled(pack: Pack, lang: Lang) -> tuple[HeadedLines, ...]:
    return (
        *rule_cards.headed(lang, ("report-card-left-out", rule_cards.left_out(pack, lang))),
        *rule_cards.not_at_hand(pack, lang),
    )


def _called(pack: Pack, lang: Lang) -> str:
    return say("report-docs-called", lang, title=pack.title, number=pack.number)


CATALOGUES: Mapping[str, Pieces] = {"md": _md, "html": _html}
