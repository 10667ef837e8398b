"""What a card demands, and when: its ``[applies]``, and each ``[[require]]`` with tests, words and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter

from landcheck.measures import Measure
from landcheck.model import Clause, Condition, Kind, Operator, Requirement, Test
from landcheck.rulebook.lawtext import UNITS, scale
from landcheck.rulebook.proof import LawSource, prove_comparisons, prove_limit, prove_words
from landcheck.rulebook.tables import TomlTable
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

Measures = Mapping[str, Measure]


def read_conditions(table: TomlTable | None, known: Measures) -> tuple[Condition, ...]:
    """The lines of ``[applies]``: ``name = [values]``, and ``known = [names]``."""
    if table is None:
        return ()
    conditions = []
    for name, values in table.items():
        if name != "known":
            conditions.append(_condition(table, name, values, known))
            continue
        for subject in table.texts("known"):
            if subject not in known:
                table.fault("pack-name-unknown", "known", name=subject)
            conditions.append(Condition(subject, known=True))
    return tuple(conditions)


def _condition(table: TomlTable, name: str, values: object, known: Measures) -> Condition:
    wanted = tuple(values) if isinstance(values, list) else ()
    measure = known.get(name)
    if measure is None:
        table.fault("pack-name-unknown", name, name=name)
    elif measure.kind not in (Kind.BOOL, Kind.ENUM):
        table.fault("pack-condition-kind", name, name=name, kind=measure.kind.value)
    elif not wanted or not all(
        isinstance(value, bool) if measure.kind is Kind.BOOL else value in measure.values for value in wanted
    ):
        allowed = ["true", "false"] if measure.kind is Kind.BOOL else list(measure.values)
        table.fault("pack-condition-values", name, name=name, allowed=allowed)
    return Condition(name, wanted)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the requirements of one card are read against: its clause, the law, and the names its subject has."""

    clause: Clause
    source: LawSource
    known: Measures


def read_requirement(table: TomlTable, setting: Setting) -> Requirement:
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
    # a parameter brings the words of its own source, and their force (原则上不超过)
    parameters = (source.parameters.get(test.parameter or "") for test in tests)
    force = modality(words + tuple(word for p in parameters if p for word in p.words), source.vocabulary)
    alone = len(tests) == 1 and "name" not in table.values
    name = tests[0].measure if alone else table.text("name", required=bool(tests))
    requirement = Requirement(name, table.both("label"), tests, force, table.both("remedy"), words)
    table.close()
    prove_words(table, own, setting.clause.quote, source)
    prove_comparisons(table, requirement, source)
    _check_ways(table, inner)
    _check_remedy(table, requirement, setting.known)
    return requirement


def _read_test(table: TomlTable, words: tuple[str, ...], setting: Setting) -> Test | None:
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


def _test(table: TomlTable, name: str, operator: Operator, measure: Measure | None, source: LawSource) -> Test | None:
    if KINDS[operator] is Kind.NUMBER:
        return _number_test(table, name, operator, measure, source)
    if operator is Operator.IS:
        table.flag("is", default=True)
        truth = table.values["is"]
        return Test(name, operator, truth) if isinstance(truth, bool) else None
    wanted = table.texts("one_of")
    for value in wanted if measure else ():
        if measure and value not in measure.values:
            table.fault("pack-choice", "one_of", value=value, choices=list(measure.values))
    return Test(name, operator, wanted) if wanted else None


def _number_test(
    table: TomlTable, name: str, operator: Operator, measure: Measure | None, source: LawSource
) -> Test | None:
    unit = table.text("unit")
    factor = scale(unit, measure.unit) if measure else Decimal(1)
    if unit and unit not in UNITS:
        table.fault("pack-choice", "unit", value=unit, choices=list(UNITS))
    elif unit and factor is None:
        table.fault("pack-unit", "unit", unit=unit, name=name, wanted=measure.unit if measure else "")
    limit, parameter = _limit(table, operator.value, unit, source)
    return None if limit is None else Test(name, operator, limit, unit, parameter, factor or Decimal(1))


def _limit(table: TomlTable, key: str, unit: str, source: LawSource) -> tuple[Decimal | None, str | None]:
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


def _check_ways(table: TomlTable, inner: list[TomlTable]) -> None:
    if len(inner) == 1:
        table.fault("pack-any-single", "any")
    for key in ("measure", "unit", *OPERATORS) if inner else ():
        if key in table.values:
            table.fault("pack-any-beside", key)


def _check_remedy(table: TomlTable, requirement: Requirement, known: Measures) -> None:
    """Only values that will be there may be named, and the same in both languages."""
    remedy, numeric = requirement.remedy, requirement.numeric
    allowed = {"measured"} if numeric is None else set(PLACEHOLDERS)
    if numeric and not (numeric.measure in known and known[numeric.measure].in_m2):
        allowed.discard("gap_m2")
    used = {lang: _placeholders(table, lang, text) for lang, text in (("zh", remedy.zh), ("en", remedy.en)) if text}
    for lang, names in used.items():
        for name in sorted(names - allowed):
            table.fault("pack-placeholder", f"remedy.{lang}", name=name, allowed=sorted(allowed))
    if len(used) == 2 and used["zh"] != used["en"]:
        table.fault("pack-placeholder-languages", "remedy")


def _placeholders(table: TomlTable, lang: str, template: str) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)
    except ValueError:
        table.fault("pack-braces", f"remedy.{lang}")
        return frozenset()
