"""The register of waivers, each entry checked.

Every fault is told at once: nothing of a register is passed over in silence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from landcheck.errors import FaultsError, UsageError, nearest
from landcheck.exceptions.register_area import WaiverArea, area_file, read_area
from landcheck.exceptions.written_register import WrittenEntry, read_register
from landcheck.geometry.shapes.fingerprint import FORM
from landcheck.messages import Message
from landcheck.model import InputInfo, Pack, Rule, Waived
from landcheck.rulebook import load_pack, pack_names

MEASURED = re.compile(r"\s*([a-z0-9_]+)\s*[=＝]\s*(-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)\s*", re.IGNORECASE)
MEASURED_END = re.compile("[;；]")
REQUIRED = ("number", "approver", "reason", "expires", "rule")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver. ``subject`` is the id of a parcel or park; with ``area`` alone, every parcel inside is meant.

    ``rule`` is None where the rule belongs to a pack that this run does not use. ``measured``: by requirement the value
    that was waived, in its unit.
    """

    place: Message
    waived: Waived
    granted: dt.date | None
    rule_id: str
    rule: Rule | None
    type: str
    subject: str | None
    area: WaiverArea | None
    fingerprint: str | None
    measured: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Register:
    """All entries in the order of the file, and the files that were read for them."""

    file: str
    entries: tuple[Waiver, ...]
    inputs: tuple[InputInfo, ...]


def area_files(path: str) -> list[str]:
    """The files that the register at that path names, so that no report is written over one. UsageError."""
    named = (area_file(str(raw.values.get("polygon") or ""), path) for raw in read_register(path).entries)
    return [file for file in named if file is not None]


def load_register(path: str, packs: Sequence[Pack]) -> Register:
    """Read and check a register. FaultsError with every fault."""
    written = read_register(path)
    faults, entries, inputs = list(written.faults), list[Waiver](), [written.info]
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    seen: dict[tuple[object, ...], Message] = {}
    for raw in written.entries:
        own = list(_faults(raw, rules))
        try:
            area = read_area(raw.values, path)
        except UsageError as error:
            area, own = None, [*own, error.message]
        scope = tuple(raw.values.get(name) for name in ("rule", "parcel", "park", "polygon"))
        if scope in seen and not own:
            own.append(Message("waiver-twice", {"other": seen[scope]}))
        seen.setdefault(scope, raw.place)
        faults += [Message(one.code, {"file": written.info.path, "place": raw.place, **one.values}) for one in own]
        if not own and not raw.unread:
            entries.append(_waiver(raw, rules, area))
            inputs += [area.info] if area is not None and area.info is not None else []
    if faults:
        raise FaultsError("waivers-faults", faults, file=written.info.path, count=len(faults))
    return Register(written.info.path, tuple(entries), tuple(inputs))


def _faults(raw: WrittenEntry, rules: Mapping[str, Rule]) -> Iterator[Message]:
    held = raw.values
    for name in REQUIRED:
        if not held.get(name) and name not in raw.unread:
            yield Message("waiver-key-missing", {"key": name})
    yield from _rule_faults(str(held.get("rule", "")), held, rules)
    yield from _scope_faults(held)
    yield from _measured_faults(str(held.get("measured", "")), rules.get(str(held.get("rule", ""))))
    granted, expires = held.get("granted"), held.get("expires")
    if isinstance(granted, dt.date) and isinstance(expires, dt.date) and granted > expires:
        yield Message("waiver-dates-swapped", {"granted": granted, "expires": expires})


def _rule_faults(rule: str, held: Mapping[str, object], rules: Mapping[str, Rule]) -> Iterator[Message]:
    if rule.startswith("data/"):
        yield Message("waiver-of-data", {"rule": rule})
    elif rule and rule not in rules:
        known = sorted({*rules, *(one.id for name in pack_names() for one in load_pack(name).rules)})
        if rule not in known:
            yield Message("waiver-rule-unknown", {"rule": rule, "known": nearest(rule, known)})
    elif rule in rules and rules[rule].per == "park" and not held.get("park"):
        yield Message("waiver-needs-park", {"rule": rule})
    elif rule in rules and rules[rule].per == "parcel" and held.get("park"):
        yield Message("waiver-needs-parcel", {"rule": rule})


def _scope_faults(held: Mapping[str, object]) -> Iterator[Message]:
    parcel, park, polygon = (bool(held.get(name)) for name in ("parcel", "park", "polygon"))
    if not (parcel or park or polygon):
        yield Message("waiver-without-scope")
    if park and (parcel or polygon):
        yield Message("waiver-scopes-clash")
    if held.get("crs") and not polygon:
        yield Message("waiver-crs-alone")
    mark = held.get("fingerprint")
    if mark and not (parcel or park):
        yield Message("waiver-fingerprint-of-area")
    elif mark and not FORM.fullmatch(str(mark)):
        yield Message("waiver-fingerprint-form", {"fingerprint": mark})


def _measured_faults(measured: str, rule: Rule | None) -> Iterator[Message]:
    known = [one.name for one in rule.requires if one.numeric] if rule else []
    if measured and not all(map(MEASURED.fullmatch, MEASURED_END.split(measured))):
        yield Message("waiver-measured-form", {"measured": measured})
    elif rule:
        for name in (name for name in _measured(measured) if name not in known):
            values = {"name": name, "rule": rule.id, "known": nearest(name, known)}
            yield Message("waiver-measured-unknown", values)


def _measured(text: str) -> dict[str, float]:
    found = (MEASURED.fullmatch(part) for part in MEASURED_END.split(text))
    return {one[1]: float(one[2]) for one in found if one}


def _waiver(raw: WrittenEntry, rules: Mapping[str, Rule], area: WaiverArea | None) -> Waiver:
    held = raw.values
    expires, granted = held["expires"], held.get("granted")
    assert isinstance(expires, dt.date)
    number, approver, reason, rule = (str(held[name]) for name in ("number", "approver", "reason", "rule"))
    subject, mark = held.get("park") or held.get("parcel"), held.get("fingerprint")
    return Waiver(
        place=raw.place,
        waived=Waived(number, approver, expires, reason),
        granted=granted if isinstance(granted, dt.date) else None,
        rule_id=rule,
        rule=rules.get(rule),
        type="park" if held.get("park") else "parcel",
        subject=None if subject is None else str(subject),
        area=area,
        fingerprint=None if mark is None else str(mark),
        measured=_measured(str(held.get("measured", ""))),
    )
