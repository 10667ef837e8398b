"""The names people read: of verdicts, units, subjects, layers, fields and their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from landcheck.fields.catalogue import fields
from landcheck.messages import Lang, say
from landcheck.model import Choice, Field, Level, Rank, Reading, Role, Rule, Validity, Verdict
from landcheck.report.content.mark import Mark

# In the order in which every report lists them.
JOIN = {"zh": "；", "en": "; "}
VERDICTS = {
    verdict: f"report-verdict-{verdict.word.replace('_', '-')}"
    for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.REVIEW, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
}
GRAVEST_FIRST = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.REVIEW, Verdict.PASS, Verdict.NOT_APPLICABLE)
UNITS = {
    "1": "report-unit-ratio",
    "CNY": "report-unit-cny",
    "100m_CNY": "report-unit-100m-cny",
    **{unit: f"report-unit-{unit}" for unit in ("percent", "points", "years", "m", "m2", "floors")},
}
WIDE_BRACKETS = str.maketrans("()", "（）")
DATA_RULES = frozenset(
    ("id", "value", "column", "geometry", "overlap", "area-consistent", "far-consistent", "gfa-consistent", "location",
     "crs", "pool", "waiver")
)  # fmt: skip
SUBJECTS = frozenset({"parcel", "park", "zone", "green", "building", "layer", "waiver"})
LAYERS = frozenset({*Role, "attributes", "waivers", "baseline"})
# A park is judged by its own fields and by those of its green.
ROLES = {"parcel": (Role.PARCELS, Role.BUILDINGS), "park": (Role.PARKS, Role.GREEN)}


def verdict(value: Verdict, lang: Lang) -> str:
    """The verdict as a word of the language."""
    return say(VERDICTS[value], lang)


def counted(counts: Mapping[Verdict, int], lang: Lang) -> tuple[str, ...]:
    """The verdicts that were given, each with how often."""
    return tuple(f"{verdict(one, lang)} {count:,}" for one, count in counts.items() if count)


def rule(value: Rule, lang: Lang) -> str:
    """What a rule is called where people read: its title, and in English its id."""
    return value.title.zh if lang == "zh" else f"{value.title.en} ({value.id})"


def data_rule(name: str, lang: Lang) -> str:
    """What a kind of data finding is called: in English its id."""
    kind = name.removeprefix("data/")
    return say(f"ci-data-{kind if kind in DATA_RULES else 'other'}", lang) if lang == "zh" else name


def clause_number(value: Rule, lang: Lang) -> str:
    """The number of a rule's clause as the language writes it: 五（二）."""
    return bracketed(value.clause.number, lang)


def bracketed(number: str, lang: Lang) -> str:
    """The number of a clause with the brackets of the language."""
    return number.translate(WIDE_BRACKETS) if lang == "zh" else number


def named_field(whose: str, name: str, lang: Lang) -> str:
    """A field by its label, in English with its canonical name."""
    label = field_label(whose, name, lang)
    return label if lang == "zh" else f"{label} {name}"


def level(value: Level, lang: Lang) -> str:
    """The weight of a data finding."""
    return say(f"report-level-{value.value}", lang)


def reading(value: Reading, lang: Lang) -> str:
    """How permissions are read."""
    return say(f"report-reading-{value.value}", lang)


def validity(value: Validity, lang: Lang) -> str:
    """How sure the end of a text's force is."""
    return say(f"report-validity-{value.value}", lang)


def rank(value: Rank | None, lang: Lang) -> str:
    """Where a text stands among the others; empty where it does not say."""
    return "" if value is None else say(value.label, lang)


def interpretation(name: str, lang: Lang) -> str:
    """Something that may be read in more than one way, or one of the ways."""
    return say(f"interpretation-{name.replace('_', '-')}", lang)


def subject(kind: str, lang: Lang) -> str:
    """What a subject type is called; a type nobody foresaw is called by its own name."""
    return say(f"report-subject-{kind}", lang) if kind in SUBJECTS else kind


def layer(role: str, lang: Lang) -> str:
    """What a layer is called by its role."""
    return say(f"report-layer-{role}", lang) if role in LAYERS else role


def with_unit(amount: str, unit: str, lang: Lang) -> str:
    """An amount with its unit as the language writes it: 20年, 30 %."""
    if not unit:
        return amount
    before, after = _beside(unit, lang, one=amount == "1")
    if isinstance(amount, Mark) and (single := _beside(unit, lang, one=True)) != (before, after):
        return amount.where("1", single, (before, after))
    return f"{before}{amount}{after}"


@cache
def _beside(unit: str, lang: Lang, *, one: bool) -> tuple[str, str]:
    """What stands before and after an amount in that unit."""
    if unit not in UNITS:
        return "", f" {unit}"
    amount = "1" if one else "\0"
    before, _, after = say(UNITS[unit], lang, amount=amount).partition(amount)
    return before, after


@cache
def field_of(whose: str, name: str) -> Field | None:
    """The field meant by that name of a layer, or of a kind of subject; None where it names something else."""
    roles = ROLES.get(whose) or tuple(role for role in Role if role == whose)
    return next((field for role in roles for field in fields(role) if field.name == name), None)


def field_label(whose: str, name: str, lang: Lang) -> str:
    """The label of a field or measure; its name where there is none."""
    from landcheck.measures import MEASURES  # numpy, which a JSON report or a list of rules does without

    named = field_of(whose, name) or MEASURES.get(name) or next(filter(None, (field_of(of, name) for of in Role)), None)
    return named.label.say(lang) if named else name


@cache
def missing_field(per: str, name: str, lang: Lang) -> str:
    """A missing field by its label, its name, and the document that supplies it."""
    field = field_of(per, name)
    if field is None:
        return name
    return say("report-missing-field", lang, label=field.label, field=name, document=field.document)


@cache
def documents(per: str, names: tuple[str, ...], lang: Lang) -> tuple[str, ...]:
    """The documents that supply those fields, each once."""
    found = (field.document.say(lang) for name in names if (field := field_of(per, name)))
    return tuple(dict.fromkeys(found))


def field_value(whose: str, name: str, held: Any, lang: Lang) -> str:
    """A truth value or an enumerated word as the language says it; anything else as it is."""
    if held is None:
        return say("report-unknown", lang)
    if isinstance(held, bool):
        return say("report-yes" if held else "report-no", lang)
    return next((choice.label.say(lang) for choice in _choices(whose, name) if choice.value == held), str(held))


@cache
def _choices(whose: str, name: str) -> tuple[Choice, ...]:
    """The words of a field, or of the fields that a measure is made of."""
    from landcheck.measures import MEASURES  # numpy, which a JSON report or a list of rules does without

    if (field := field_of(whose, name)) is not None:
        return field.choices
    inputs = (field_of(whose, each) for each in (MEASURES[name].inputs if name in MEASURES else ()))
    return tuple(choice for field in inputs if field is not None for choice in field.choices)


def either(texts: Iterable[str], lang: Lang) -> str:
    """Texts of which one holds."""
    return ("或" if lang == "zh" else " or ").join(texts)


def change(old: str, new: str, lang: Lang) -> str:
    """What became of a text; the text alone where it is the same."""
    return old if old == new else say("report-change-to", lang, old=old, new=new)


def joined(texts: Iterable[str], lang: Lang) -> str:
    """Texts in one line, one after the other."""
    return JOIN[lang].join(texts)
