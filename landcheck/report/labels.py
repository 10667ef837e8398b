"""The names people read: of fields, values, units, subjects and verdicts."""

from __future__ import annotations

from functools import cache
from typing import Any

from landcheck.fields.catalogue import fields
from landcheck.messages import Lang, say
from landcheck.model import Field, Level, Rank, Reading, Role, Validity, Verdict

# In the order in which every report lists them.
VERDICTS = {
    Verdict.PASS: "report-verdict-pass",
    Verdict.FAIL: "report-verdict-fail",
    Verdict.REVIEW: "report-verdict-review",
    Verdict.UNDETERMINED: "report-verdict-undetermined",
    Verdict.NOT_APPLICABLE: "report-verdict-not-applicable",
}
LEVELS = {Level.ERROR: "report-level-error", Level.WARNING: "report-level-warning"}
READINGS = {Reading.THRESHOLD: "report-reading-threshold", Reading.LITERAL: "report-reading-literal"}
VALIDITIES = {
    Validity.STATED: "report-validity-stated",
    Validity.PRESUMED: "report-validity-presumed",
    Validity.NONE: "report-validity-none",
}
UNITS = {
    "1": "report-unit-ratio",
    "percent": "report-unit-percent",
    "points": "report-unit-points",
    "years": "report-unit-years",
    "m": "report-unit-m",
    "m2": "report-unit-m2",
    "CNY": "report-unit-cny",
    "100m_CNY": "report-unit-100m-cny",
    "floors": "report-unit-floors",
}
SUBJECTS = {
    "parcel": "report-subject-parcel",
    "park": "report-subject-park",
    "zone": "report-subject-zone",
    "green": "report-subject-green",
    "building": "report-subject-building",
    "layer": "report-subject-layer",
    "waiver": "report-subject-waiver",
}
ROLES = {
    "parcels": "report-layer-parcels",
    "parks": "report-layer-parks",
    "zones": "report-layer-zones",
    "green": "report-layer-green",
    "buildings": "report-layer-buildings",
    "attributes": "report-layer-attributes",
    "waivers": "report-layer-waivers",
    "baseline": "report-layer-baseline",
}
# A park is judged by its own fields and by those of its green.
LAYERS = {"parcel": (Role.PARCELS, Role.BUILDINGS), "park": (Role.PARKS, Role.GREEN)}


def verdict(value: Verdict, lang: Lang) -> str:
    """The verdict as a word of the language."""
    return say(VERDICTS[value], lang)


def rank(value: Rank | None, lang: Lang) -> str:
    """Where a text stands among the others; empty where it does not say."""
    return "" if value is None else say(value.label, lang)


def subject(kind: str, lang: Lang) -> str:
    """What a subject type is called; a type nobody foresaw is called by its own name."""
    return say(SUBJECTS[kind], lang) if kind in SUBJECTS else kind


def with_unit(amount: str, unit: str, lang: Lang) -> str:
    """An amount with its unit as the language writes it: 20年, 30 %."""
    if not unit:
        return amount
    before, after = _around(unit, lang, one=amount == "1")
    return f"{before}{amount}{after}"


@cache
def _around(unit: str, lang: Lang, *, one: bool) -> tuple[str, str]:
    amount = "1" if one else "\0"
    before, _, after = (
        say(UNITS[unit], lang, amount=amount).partition(amount) if unit in UNITS else ("", "", f" {unit}")
    )
    return before, after


def layer(role: str, lang: Lang) -> str:
    """What a layer is called by its role."""
    return say(ROLES[role], lang) if role in ROLES else role


@cache
def field_of(whose: str, name: str) -> Field | None:
    """The field meant by that name of a layer, or of a kind of subject; None where it names something else."""
    roles = LAYERS.get(whose) or tuple(role for role in Role if role == whose)
    found = (field for role in roles for field in fields(role) if field.name == name)
    return next(found, None)


def field_label(whose: str, name: str, lang: Lang) -> str:
    """The label of a field or measure; its name where there is none."""
    from landcheck.measures import MEASURES  # numpy, which a JSON report or a list of rules does without

    named = field_of(whose, name) or MEASURES.get(name)
    return named.label.say(lang) if named else name


@cache
def missing_field(per: str, name: str, lang: Lang) -> str:
    """A missing field by its label, its name, and the document that supplies it."""
    field = field_of(per, name)
    if field is None:
        return name
    label, document = field.label.say(lang), field.document.say(lang)
    return say("report-missing-field", lang, label=label, field=name, document=document)


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
    field = field_of(whose, name)
    choices = field.choices if field else ()
    return next((choice.label.say(lang) for choice in choices if choice.value == held), str(held))
