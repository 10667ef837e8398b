"""``*.cases.toml``: what a rule must say of made-up facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from landcheck.fields.catalogue import fields
from landcheck.model import Case, Reading, Role, Rule, Verdict
from landcheck.rulebook.tables import Table, as_number

KINDS = (
    "at_limit", "past_limit", "holds", "broken", "not_applicable", "measure_missing", "applicability_missing", "other",
)  # fmt: skip
VERDICTS: Mapping[str, Verdict] = {verdict.word: verdict for verdict in Verdict}
COMMON = "common"


def read_cases(table: Table, rule: Rule, parameters: frozenset[str]) -> tuple[Case, ...]:
    """The cases of a card's file; facts of ``[common]`` hold in each, but for those a case is ``without``."""
    role = Role.PARCELS if rule.per == "parcel" else Role.PARKS
    inner = table.table(COMMON, required=False)
    common = _facts(inner, role)
    cases = tuple(_case(entry, rule, common, role, parameters) for entry in table.tables("case"))
    table.close()
    return cases


def _case(entry: Table, rule: Rule, common: Mapping[str, Any], role: Role, parameters: frozenset[str]) -> Case:
    without = entry.texts("without", required=False)
    for name in without:
        if name not in common:
            entry.fault("pack-case-without", "without", name=name)
    given = {name: value for name, value in common.items() if name not in without}
    given |= _facts(entry.table("given", required=False), role)
    expect = entry.choice("expect", list(VERDICTS))
    reading = entry.choice("reading", [r.value for r in Reading], required=False) or Reading.THRESHOLD.value
    case = Case(
        rule=rule.id, name=entry.both("name"), kind=entry.choice("kind", KINDS), given=given,
        expect=VERDICTS.get(expect, Verdict.UNDETERMINED), reading=Reading(reading),
        parks=_rows(entry, "parks", Role.PARKS), green=_rows(entry, "green", Role.GREEN),
        as_of=entry.date("as_of", required=False), assume=entry.flag("assume", default=True),
        parameters=_settings(entry, parameters), missing=_missing(entry),
    )  # fmt: skip
    entry.close()
    _check_layers(entry, rule, case)
    return case


def _facts(table: Table | None, role: Role) -> dict[str, Any]:
    """Field names with their values as a file would hold them."""
    if table is None:
        return {}
    known = {field.name for field in fields(role)}
    facts = {}
    for name, value in table.items():
        if name not in known:
            table.fault("pack-field-unknown", name, name=name, role=role.value)
        elif not isinstance(value, str | bool | Decimal | dt.date):
            table.fault("pack-case-value", name)
        else:
            facts[name] = value
    return facts


def _rows(entry: Table, key: str, role: Role) -> tuple[Mapping[str, Any], ...]:
    return tuple(_facts(row, role) for row in entry.tables(key, required=False))


def _settings(entry: Table, parameters: frozenset[str]) -> dict[str, Decimal]:
    table = entry.table("set", required=False)
    settings = {}
    for name, value in table.items() if table else ():
        number = as_number(value)
        if name not in parameters:
            entry.fault("pack-parameter-unknown", f"set.{name}", name=name, known=sorted(parameters))
        elif not isinstance(number, Decimal):
            entry.fault("pack-case-value", f"set.{name}")
        else:
            settings[name] = number
    return settings


def _missing(entry: Table) -> tuple[str, ...] | None:
    if entry.values.get("missing") == []:
        entry.asked.add("missing")
        return ()
    return entry.texts("missing", required=False) or None


def _check_layers(entry: Table, rule: Rule, case: Case) -> None:
    if rule.per == "park" and not case.parks:
        entry.fault("pack-key-missing", "parks")
    if rule.per == "park" and case.given:
        entry.fault("pack-case-layers", "given", per=rule.per)
    if rule.per == "parcel" and (case.parks or case.green):
        entry.fault("pack-case-layers", "parks" if case.parks else "green", per=rule.per)
