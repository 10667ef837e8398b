"""``[[require]]`` of a card: its tests, words and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter
from typing import Any

from landcheck.measures import Measure
from landcheck.model import Clause, Kind, Operator, Requirement, Test
from landcheck.rulebook.proof import Source, prove_comparisons, prove_limit, prove_words
from landcheck.rulebook.tables import Table
from landcheck.rulebook.units import UNITS, scale
from landcheck.rulebook.vocabulary import modality

OPERATORS: Mapping[str, Operator] = {operator.value: operator for operator in Operator}
KINDS: Mapping[Operator, Kind] = {
    Operator.AT_LEAST: Kind.NUMBER,
    Operator.AT_MOST: Kind.NUMBER,
    Operator.EQUALS: Kind.NUMBER,
    Operator.ONE_OF: Kind.ENUM,
    Operator.IS: Kind.BOOL,
}
PLACEHOLDERS = frozenset({"gap", "gap_m2", "limit", "measured"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What the requirements of one card are read against: its clause, and the names its subject has."""

    clause: Clause
    source: Source
    known: Mapping[str, Measure]


def read_requirement(table: Table, setting: Setting) -> Requirement:
    """One requirement: a single test, or ``any`` of several, one level deep."""
    source = setting.source
    own = table.texts("words", required=False)
    words = own or setting.clause.words
    if not words:
        table.fault("pack-key-missing", "words")
    inner = table.tables("any", required=False)
    read = (_read_test(entry, words, setting) for entry in inner or [table])
    tests = tuple(test for test in read if test is not None)
    for entry in inner:
        entry.close()
    force = modality(_force_words(words, tests, source), source.vocabulary)
    requirement = Requirement(_name(table, tests), table.both("label"), tests, force, table.both("remedy"), words)
    table.close()
    prove_words(table, own, setting.clause.quote, source)
    prove_comparisons(table, requirement, source)
    _check_ways(table, inner)
    _check_remedy(table, requirement, setting.known)
    return requirement


def _name(table: Table, tests: tuple[Test, ...]) -> str:
    if len(tests) == 1 and "name" not in table.values:
        return tests[0].measure
    return table.text("name", required=bool(tests))


def _force_words(words: tuple[str, ...], tests: tuple[Test, ...], source: Source) -> tuple[str, ...]:
    """A parameter brings the words of its own source, and their force (原则上不超过)."""
    parameters = (source.parameters.get(test.parameter or "") for test in tests)
    return words + tuple(word for parameter in parameters if parameter for word in parameter.words)


def _read_test(table: Table, words: tuple[str, ...], setting: Setting) -> Test | None:
    name = table.text("measure")
    given = [key for key in OPERATORS if key in table.values]
    if len(given) != 1:
        table.fault("pack-one-comparison", "", choices=list(OPERATORS), found=len(given))
        table.asked |= {*given, "unit"}
        return None
    operator = OPERATORS[given[0]]
    measure = setting.known.get(name)
    if name and measure is None:
        table.fault("pack-name-unknown", "measure", name=name)
    elif measure and measure.kind is not KINDS[operator]:
        table.fault("pack-comparison-kind", operator.value, name=name, kind=measure.kind.value)
        measure = None
    test = _test(table, name, operator, measure, setting.source)
    if test is not None:
        prove_limit(table, test, words, setting.clause.quote, setting.source)
    return test


def _test(table: Table, name: str, operator: Operator, known: Measure | None, source: Source) -> Test | None:
    if KINDS[operator] is Kind.NUMBER:
        return _number_test(table, name, operator, known, source)
    limit = _truth(table) if operator is Operator.IS else _choices(table, known)
    return None if limit is None else Test(name, operator, limit)


def _number_test(table: Table, name: str, operator: Operator, known: Measure | None, source: Source) -> Test | None:
    unit = table.text("unit")
    factor = scale(unit, known.unit) if known else Decimal(1)
    if unit and unit not in UNITS:
        table.fault("pack-choice", "unit", value=unit, choices=list(UNITS))
    elif unit and factor is None:
        table.fault("pack-unit", "unit", unit=unit, name=name, wanted=known.unit if known else "")
    limit, parameter = _limit(table, operator.value, unit, source)
    return None if limit is None else Test(name, operator, limit, unit, parameter, factor or Decimal(1))


def _limit(table: Table, key: str, unit: str, source: Source) -> tuple[Decimal | None, str | None]:
    """A number of the law, or ``{parameter = "name"}``."""
    if not isinstance(table.values[key], dict):
        return table.number(key), None
    inner = table.table(key)
    name = inner.text("parameter") if inner else ""
    parameter = source.parameters.get(name)
    if inner:
        inner.close()
    if name and parameter is None:
        table.fault("pack-parameter-unknown", key, name=name, known=list(source.parameters))
    if parameter and unit and parameter.unit != unit:
        table.fault("pack-unit", "unit", unit=unit, name=name, wanted=parameter.unit)
    return (parameter.value, name) if parameter else (None, None)


def _truth(table: Table) -> bool | None:
    value: Any = table.values["is"]
    table.flag("is", default=True)
    return value if isinstance(value, bool) else None


def _choices(table: Table, known: Measure | None) -> tuple[str, ...] | None:
    wanted = table.texts("one_of")
    for value in wanted if known else ():
        if known and value not in known.values:
            table.fault("pack-choice", "one_of", value=value, choices=list(known.values))
    return wanted or None


def _check_ways(table: Table, inner: list[Table]) -> None:
    if len(inner) == 1:
        table.fault("pack-any-single", "any")
    if inner:
        table.asked |= {"measure", "unit", *OPERATORS}
        for key in ("measure", "unit", *OPERATORS):
            if key in table.values:
                table.fault("pack-any-beside", key)


def _check_remedy(table: Table, requirement: Requirement, known: Mapping[str, Measure]) -> None:
    """Only values that will be there may be named, and the same in both languages."""
    remedy = requirement.remedy
    allowed = {"measured"} if requirement.numeric is None else set(PLACEHOLDERS)
    if requirement.numeric and not _has_area(requirement.numeric.measure, known):
        allowed.discard("gap_m2")
    used = {lang: _placeholders(table, lang, text) for lang, text in (("zh", remedy.zh), ("en", remedy.en)) if text}
    for lang, names in used.items():
        for name in sorted(names - allowed):
            table.fault("pack-placeholder", f"remedy.{lang}", name=name, allowed=sorted(allowed))
    if len(used) == 2 and used["zh"] != used["en"]:
        table.fault("pack-placeholder-languages", "remedy")


def _has_area(name: str, known: Mapping[str, Measure]) -> bool:
    return name in known and known[name].in_m2


def _placeholders(table: Table, lang: str, template: str) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)
    except ValueError:
        table.fault("pack-braces", f"remedy.{lang}")
        return frozenset()
