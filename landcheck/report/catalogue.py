"""The rule packs for readers on a terminal: the list, and one card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landcheck.messages import Lang, say
from landcheck.model import Pack, Rule
from landcheck.report import content, labels
from landcheck.report.cards import card
from landcheck.report.content import Table, heads
from landcheck.report.plain import table_lines
from landcheck.report.standing import not_at_hand, parameters, standing
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
    used = {test.parameter for requirement in rule.requires for test in requirement.any if test.parameter}
    about = (*parameters(pack, lang, used), *standing(pack, lang), *not_at_hand(pack, lang))
    for head, lines in (*card(rule, lang), *about):
        yield f"\n{console(head)}\n"
        yield from (f"  {console(line)}\n" for line in lines)


def _rules(pack: Pack, lang: Lang) -> Table:
    rows = tuple(
        (rule.id, labels.subject(rule.per, lang), rule.clause.number, rule.title.say(lang)) for rule in pack.rules
    )
    names = heads(lang, "rule", "subject", "clause", "title")
    return Table(_name(pack, lang), names, rows)


def _about(pack: Pack, lang: Lang) -> tuple[str, ...]:
    named = (content.parameter(p.name, p.value, p, lang) for p in pack.parameters)
    return (content.in_force(pack, lang), pack.validity_source.say(lang), *named)


def _name(pack: Pack, lang: Lang) -> str:
    return say("report-card-pack", lang, id=pack.id, title=pack.title, number=pack.number)
