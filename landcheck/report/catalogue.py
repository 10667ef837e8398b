"""The rule packs for readers: the list, one card, and the page of all cards in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landcheck.messages import Lang, say
from landcheck.model import Pack, Rule
from landcheck.report import content, labels
from landcheck.report.cards import Section, card, left_out
from landcheck.report.content import Table, heads
from landcheck.report.md import escape
from landcheck.report.plain import table_lines
from landcheck.report.text import console


def list_rules(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """``rules list``: a line a rule, pack by pack, as plain text."""
    for pack in packs:
        yield from table_lines(_rules(pack, lang))
        yield "\n"
        yield from (f"  {console(line)}\n" for line in _about(pack, lang))


def show_rule(pack: Pack, rule: Rule, lang: Lang) -> Iterator[str]:
    """``rules show``: one card, as plain text."""
    yield console(f"{rule.id}  {rule.title.say(lang)}") + "\n"
    yield f"{console(_name(pack, lang))}\n"
    for head, lines in (*card(rule, lang), *_pack_sections(pack, rule, lang)):
        yield f"\n{console(head)}\n"
        yield from (f"  {console(line)}\n" for line in lines)


def docs(packs: Sequence[Pack], lang: Lang) -> Iterator[str]:
    """``rules docs``: every pack with all its cards and what they leave out, as Markdown."""
    for pack in packs:
        yield f"# {escape(_name(pack, lang))}\n\n"
        yield from (f"- {escape(line)}\n" for line in _about(pack, lang))
        for rule in pack.rules:
            yield f"\n## {escape(rule.id)}: {escape(rule.title.say(lang))}\n"
            yield from _sections(card(rule, lang), "###")
        yield from _sections(((say("report-card-left-out", lang), left_out(pack, lang)),), "##")


def _sections(sections: Sequence[Section], mark: str) -> Iterator[str]:
    for head, lines in sections:
        yield f"\n{mark} {escape(head)}\n\n"
        yield from (f"- {escape(line)}\n" for line in lines)


def _rules(pack: Pack, lang: Lang) -> Table:
    rows = tuple(
        (rule.id, labels.subject(rule.per, lang), rule.clause.number, rule.title.say(lang)) for rule in pack.rules
    )
    names = heads(lang, "rule", "subject", "clause", "title")
    return Table(_name(pack, lang), names, rows)


def _pack_sections(pack: Pack, rule: Rule, lang: Lang) -> tuple[Section, ...]:
    used = {test.parameter for requirement in rule.requires for test in requirement.any}
    named = tuple(content.parameter(p.name, p.value, p, lang) for p in pack.parameters if p.name in used)
    validity = (say("report-card-validity", lang), (content.in_force(pack, lang), pack.validity_source.say(lang)))
    return (*([(say("report-card-parameters", lang), named)] if named else []), validity)


def _about(pack: Pack, lang: Lang) -> tuple[str, ...]:
    named = (content.parameter(p.name, p.value, p, lang) for p in pack.parameters)
    return (content.in_force(pack, lang), pack.validity_source.say(lang), *named)


def _name(pack: Pack, lang: Lang) -> str:
    return say("report-card-pack", lang, id=pack.id, title=pack.title, number=pack.number)
