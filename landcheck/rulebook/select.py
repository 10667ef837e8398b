"""Picking from packs: a rule by its name, and the parameters of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from landcheck.errors import UsageError
from landcheck.model import Pack, Rule


def find_rule(packs: Sequence[Pack], rule_id: str) -> Rule:
    """The rule of that name. UsageError with the names there are."""
    rules = [rule for pack in packs for rule in pack.rules]
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise UsageError("rule-unknown", rule=rule_id, known=[rule.id for rule in rules])


def parameters(packs: Sequence[Pack], given: Mapping[str, str | int | float | Decimal]) -> dict[str, Decimal]:
    """Every parameter of the packs, as set by the user or else by its pack. UsageError for a name or number unknown."""
    values = {parameter.name: parameter.value for pack in packs for parameter in pack.parameters}
    for name, value in given.items():
        if name not in values:
            raise UsageError("parameter-unknown", name=name, known=sorted(values))
        values[name] = _number(name, value)
    return values


def _number(name: str, value: str | int | float | Decimal) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("nan")
    if isinstance(value, bool) or not number.is_finite():
        raise UsageError("parameter-not-a-number", name=name, value=str(value))
    return number
