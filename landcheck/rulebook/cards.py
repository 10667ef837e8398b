"""Rule cards, one TOML file a rule, and ``*.cases.toml``: what a rule must say of made-up facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from landcheck.fields.catalogue import has_field
from landcheck.measures import LAYER_OF, nameable
from landcheck.messages import Text
from landcheck.model import Case, Clause, Reading, Requirement, Role, Rule, Verdict
from landcheck.rulebook.header import Header
from landcheck.rulebook.proof import LawSource, prove_asides, prove_quote, prove_words
from landcheck.rulebook.requirements import Setting, read_conditions, read_requirement
from landcheck.rulebook.tables import NO_TEXT, TomlTable

KINDS = (
    "at_limit", "past_limit", "holds", "broken", "not_applicable", "measure_missing", "applicability_missing", "other",
)  # fmt: skip
VERDICTS: Mapping[str, Verdict] = {verdict.word: verdict for verdict in Verdict}

Facts = dict[str, Any]


def read_card(table: TomlTable, name: str, header: Header, source: LawSource) -> Rule:
    """The rule of one card; each fault is noted in the table and stands for an empty value.

    A section of a further text brings that text's own days.
    """
    per = table.choice("per", list(LAYER_OF)) or "parcel"
    known = nameable(per, source.measures)
    clause = _clause(table, source)
    setting = Setting(clause, source, known)
    requires = tuple(read_requirement(entry, setting) for entry in table.tables("require"))
    clause = _settled(table, clause, requires, source)
    document = header.document_of(clause.number)
    text = document or header.pack
    matter = table.text("matter", required=False)
    if matter and matter not in source.matters:
        table.fault("pack-matter-unknown", "matter", name=matter, known=list(source.matters))
    rule = Rule(
        id=table.text("id"), per=per, title=table.both("title"), clause=clause,
        applies=header.applies + read_conditions(table.table("applies", required=False), known), requires=requires,
        evidence=table.both("evidence"), pack=header.pack.id, document=document.number if document else "",
        matter=matter, matter_label=source.matters.get(matter, NO_TEXT), in_force_from=text.in_force_from,
        in_force_until=text.in_force_until, validity=text.validity,
    )  # fmt: skip
    table.close()
    if rule.id and rule.id != name:
        table.fault("pack-id-not-file-name", "id", id=rule.id, name=name)
    names = [requirement.name for requirement in requires if requirement.name]
    for twice in dict.fromkeys(name for name in names if names.count(name) > 1):
        table.fault("pack-requirement-twice", "require", name=twice)
    return rule


def _clause(table: TomlTable, source: LawSource) -> Clause:
    inner = table.table("clause")
    if inner is None:
        return Clause("", "", ())
    clause = Clause(
        inner.text("number"), inner.text("quote"), inner.texts("words", required=False), inner.text("translation"),
        tuple(_aside(entry) for entry in inner.tables("aside", required=False)),
    )  # fmt: skip
    inner.close()
    prove_quote(inner, clause.number, clause.quote, source)
    prove_words(inner, clause.words, clause.quote, source)
    return clause


def _aside(table: TomlTable) -> tuple[str, Text]:
    aside = table.text("word"), table.both("reason")
    table.close()
    return aside


def _settled(table: TomlTable, clause: Clause, requires: tuple[Requirement, ...], source: LawSource) -> Clause:
    """The clause with the words of all its requirements, its permissions accounted for."""
    words = dict.fromkeys(word for requirement in requires for word in requirement.words)
    inner = table.table("clause", required=False)
    if inner is not None:
        prove_asides(inner, clause, words, source)
    return replace(clause, words=tuple(words))


def read_cases(table: TomlTable, rule: Rule, parameters: frozenset[str]) -> tuple[Case, ...]:
    """The cases of a card's file; facts of ``[common]`` hold in each, but for those a case is ``without``."""
    common = _facts(table.table("common", required=False), LAYER_OF[rule.per])
    cases = tuple(_case(entry, rule, common, parameters) for entry in table.tables("case"))
    table.close()
    return cases


def _case(entry: TomlTable, rule: Rule, common: Facts, parameters: frozenset[str]) -> Case:
    without = entry.texts("without", required=False)
    for name in without:
        if name not in common:
            entry.fault("pack-case-without", "without", name=name)
    given = {name: value for name, value in common.items() if name not in without}
    given |= _facts(entry.table("given", required=False), LAYER_OF[rule.per])
    expect = entry.choice("expect", list(VERDICTS))
    reading = entry.choice("reading", [r.value for r in Reading], required=False) or Reading.THRESHOLD.value
    case = Case(
        rule=rule.id, name=entry.both("name"), kind=entry.choice("kind", KINDS), given=given,
        expect=VERDICTS.get(expect, Verdict.UNDETERMINED), reading=Reading(reading),
        parks=tuple(_facts(row, Role.PARKS) for row in entry.tables("parks", required=False)),
        green=tuple(_facts(row, Role.GREEN) for row in entry.tables("green", required=False)),
        as_of=entry.date("as_of", required=False), assume=entry.flag("assume", default=True),
        parameters=_settings(entry, parameters), missing=_missing(entry),
    )  # fmt: skip
    entry.close()
    if rule.per == "park" and not case.parks:
        entry.fault("pack-key-missing", "parks")
    if rule.per == "park" and case.given:
        entry.fault("pack-case-layers", "given", per=rule.per)
    if rule.per == "parcel" and (case.parks or case.green):
        entry.fault("pack-case-layers", "parks" if case.parks else "green", per=rule.per)
    return case


def _facts(table: TomlTable | None, role: Role) -> Facts:
    """Field names with their values as a file would hold them."""
    if table is None:
        return {}
    facts = {}
    for name, value in table.items():
        if not has_field(role, name):
            table.fault("pack-field-unknown", name, name=name, role=role.value)
        elif not isinstance(value, str | bool | Decimal | dt.date):
            table.fault("pack-case-value", name)
        else:
            facts[name] = value
    return facts


def _settings(entry: TomlTable, parameters: frozenset[str]) -> dict[str, Decimal]:
    table = entry.table("set", required=False)
    settings = {}
    for name, value in table.items() if table else ():
        if name not in parameters:
            entry.fault("pack-parameter-unknown", f"set.{name}", name=name, known=sorted(parameters))
        elif not isinstance(value, Decimal):
            entry.fault("pack-case-value", f"set.{name}")
        else:
            settings[name] = value
    return settings


def _missing(entry: TomlTable) -> tuple[str, ...] | None:
    """The fields a case must name; None where it leaves that open, which an empty list does not."""
    if entry.values.get("missing") == []:
        entry.asked.add("missing")
        return ()
    return entry.texts("missing", required=False) or None
