"""Rule cards: one TOML file a rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from landcheck.measures import LAYER_OF, Measure, nameable
from landcheck.messages import Text
from landcheck.model import Clause, Condition, Document, Kind, Requirement, Rule, Validity
from landcheck.model.rules import NO_TEXT
from landcheck.rulebook.proof import Source, prove_asides, prove_quote, prove_words
from landcheck.rulebook.requirements import Setting, read_requirement
from landcheck.rulebook.tables import Table


@dataclass(frozen=True, slots=True)
class Common:
    """What every card of a pack takes from it; a section of a further text brings that text's own days."""

    pack: str
    in_force_from: dt.date
    in_force_until: dt.date | None
    validity: Validity
    applies: tuple[Condition, ...]
    documents: Mapping[str, Document] = field(default_factory=dict)


def read_card(table: Table, name: str, common: Common, source: Source) -> Rule:
    """The rule of one card; each fault is noted in the table and stands for an empty value."""
    per = table.choice("per", list(LAYER_OF)) or "parcel"
    known = nameable(per, source.measures)
    clause = _clause(table, source)
    setting = Setting(clause, source, known)
    requires = tuple(read_requirement(entry, setting) for entry in table.tables("require"))
    clause = _settled(table, clause, requires, source)
    document = common.documents.get(clause.number)
    matter = table.text("matter", required=False)
    text = document or common
    rule = Rule(
        id=table.text("id"), per=per, title=table.both("title"), clause=clause,
        applies=common.applies + _applies(table, known), requires=requires, evidence=table.both("evidence"),
        pack=common.pack, document=document.number if document else "", matter=matter,
        matter_label=_matter(table, matter, source), in_force_from=text.in_force_from,
        in_force_until=text.in_force_until, validity=text.validity,
    )  # fmt: skip
    table.close()
    if rule.id and rule.id != name:
        table.fault("pack-id-not-file-name", "id", id=rule.id, name=name)
    _same_name_twice(table, requires)
    return rule


def read_conditions(table: Table | None, known: Mapping[str, Measure]) -> tuple[Condition, ...]:
    """The lines of ``[applies]``: ``name = [values]``, and ``known = [names]``."""
    if table is None:
        return ()
    conditions = []
    for name, values in table.items():
        if name == "known":
            conditions += [_known(table, subject, known) for subject in table.texts("known")]
        else:
            conditions.append(_condition(table, name, values, known))
    return tuple(conditions)


def _clause(table: Table, source: Source) -> Clause:
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


def _aside(table: Table) -> tuple[str, Text]:
    aside = table.text("word"), table.both("reason")
    table.close()
    return aside


def _settled(table: Table, clause: Clause, requires: tuple[Requirement, ...], source: Source) -> Clause:
    """The clause with the words of all its requirements, its permissions accounted for."""
    words = dict.fromkeys(word for requirement in requires for word in requirement.words)
    inner = table.table("clause", required=False)
    if inner is not None:
        prove_asides(inner, clause, words, source)
    return replace(clause, words=tuple(words))


def _matter(table: Table, matter: str, source: Source) -> Text:
    """The label of what the rule is about."""
    if matter and matter not in source.matters:
        table.fault("pack-matter-unknown", "matter", name=matter, known=list(source.matters))
    return source.matters.get(matter, NO_TEXT)


def _applies(table: Table, known: Mapping[str, Measure]) -> tuple[Condition, ...]:
    return read_conditions(table.table("applies", required=False), known)


def _known(table: Table, name: str, known: Mapping[str, Measure]) -> Condition:
    if name not in known:
        table.fault("pack-name-unknown", "known", name=name)
    return Condition(name, known=True)


def _condition(table: Table, name: str, values: object, known: Mapping[str, Measure]) -> Condition:
    wanted = tuple(values) if isinstance(values, list) else ()
    measure = known.get(name)
    if measure is None:
        table.fault("pack-name-unknown", name, name=name)
    elif measure.kind not in (Kind.BOOL, Kind.ENUM):
        table.fault("pack-condition-kind", name, name=name, kind=measure.kind.value)
    elif not wanted or not all(_fits(value, measure) for value in wanted):
        allowed = ["true", "false"] if measure.kind is Kind.BOOL else list(measure.values)
        table.fault("pack-condition-values", name, name=name, allowed=allowed)
    return Condition(name, wanted)


def _fits(value: object, measure: Measure) -> bool:
    return isinstance(value, bool) if measure.kind is Kind.BOOL else value in measure.values


def _same_name_twice(table: Table, requires: tuple[Requirement, ...]) -> None:
    names = [requirement.name for requirement in requires if requirement.name]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            table.fault("pack-requirement-twice", "require", name=name)
