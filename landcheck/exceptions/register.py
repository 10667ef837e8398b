"""The register of waivers: read from TOML with ``[[waiver]]`` or from any table, each entry checked.

Every fault is told at once: nothing of a register is passed over in silence.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from landcheck.errors import FaultsError, InputError, UsageError
from landcheck.exceptions.register_area import WaiverArea, area_file, read_area
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.choices import texts
from landcheck.fields.dates import dates
from landcheck.fields.headings import key as folded
from landcheck.fields.mapping import ColumnUse
from landcheck.geometry.shapes.fingerprint import FORM
from landcheck.messages import Message
from landcheck.model import EPOCH, NO_DATE, InputInfo, Pack, Role, Rule, Waived
from landcheck.read import open_layer
from landcheck.read.layer import Layer
from landcheck.read.source import sha256, shown
from landcheck.rulebook import load_pack, pack_names

DATES = ("expires", "granted")
NOTE = "note"
ALIASES: Mapping[str, tuple[str, ...]] = {
    "number": ("文号", "批文号", "批准文号", "豁免文号", "文件号", "document", "document_number"),
    "approver": ("批准人", "批准机关", "批准单位", "批准部门", "审批人", "审批机关", "审批单位", "approved_by"),
    "reason": ("理由", "豁免理由", "原因", "事由"),
    "expires": ("有效期至", "到期", "到期日", "到期日期", "失效日期", "截止日期", "有效期", "valid_until", "expiry"),
    "granted": ("批准日期", "审批日期", "发文日期", "approved_on"),
    "rule": ("规则", "规则编号", "条款规则", "rule_id"),
    "parcel": ("地块", "地块编号", "宗地编号", "宗地号", "地块号", "parcel_id"),
    "park": ("园区", "园区编号", "park_id"),
    "polygon": ("范围", "范围线", "区域", "area"),
    "crs": ("坐标系", "坐标系统", "空间参考"),
    "fingerprint": ("指纹", "图形指纹", "几何指纹", "地块指纹"),
    NOTE: ("备注", "说明", "序号", "no", "remark"),
}
WORDS = {folded(word): name for name, others in ALIASES.items() for word in (name, *others)}

Value = str | dt.date


@dataclass(slots=True)
class WrittenEntry:
    """One entry: where it stands (``entry`` or ``row``, from 1) and what it says, key by key.

    ``unread`` are the keys whose value is a fault already told.
    """

    place: Message
    unread: set[str] = field(default_factory=set)
    values: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class WrittenRegister:
    """A register as it stands in its file, and everything wrong with how it is written."""

    info: InputInfo
    entries: list[WrittenEntry] = field(default_factory=list)
    faults: list[Message] = field(default_factory=list)


def read_register(path: str) -> WrittenRegister:
    """The entries of the file. UsageError where it is not there or cannot be read at all."""
    if not Path(path).is_file():
        raise UsageError("waivers-missing", file=shown(path))
    return _toml(path) if path.lower().endswith(".toml") else _table(path)


def _toml(path: str) -> WrittenRegister:
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError("waivers-unreadable", file=shown(path), reason=str(error)) from error
    entries = content.get("waiver", [])
    sound = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    info = InputInfo("waivers", shown(path), None, None, "UTF-8", len(entries), sha256((Path(path),)))
    written = WrittenRegister(info)
    written.faults += [_unknown(shown(path), None, name, ["waiver"]) for name in content if name != "waiver"]
    if not sound:
        written.faults.append(Message("waivers-form", {"file": shown(path)}))
        return written
    for number, entry in enumerate(entries, start=1):
        written.entries.append(_written(entry, Message("waiver-entry", {"number": number}), written))
    return written


def _written(entry: Mapping[str, Any], place: Message, written: WrittenRegister) -> WrittenEntry:
    raw, file = WrittenEntry(place), written.info.path
    for name, value in entry.items():
        if name not in ALIASES:
            written.faults.append(_unknown(file, place, name, list(ALIASES)))
        elif isinstance(value, str | int) and not isinstance(value, bool):
            _put_column(name, pa.array([str(value)], pa.string()), [raw], written)
        elif name in DATES and type(value) is dt.date:
            raw.values[name] = value
        elif name != NOTE:
            raw.unread.add(name)
            values = {"file": file, "place": place, "key": name, "value": str(value)}
            written.faults.append(Message("waiver-value", values))
    return raw


def _table(path: str) -> WrittenRegister:
    try:
        layer = open_layer(path, "waivers")
        batches = [rows.table for rows in layer.batches()]
    except InputError as error:
        raise UsageError(error.message.code, **error.message.values) from error
    written = WrittenRegister(layer.info)
    written.faults += [finding.message for finding in layer.findings]
    if layer.has_geometry:
        written.faults.append(Message("waivers-not-a-table", {"file": layer.info.path}))
    columns = _columns(layer, written)
    for table in batches:
        before = len(written.entries)
        rows = [WrittenEntry(Message("waiver-row", {"number": before + at + 1})) for at in range(table.num_rows)]
        for name, column in columns.items():
            if name != NOTE:
                _put_column(name, table.column(column), rows, written)
        written.entries += rows
    return written


def _columns(layer: Layer, written: WrittenRegister) -> dict[str, str]:
    """The column of each key; headings nobody knows, or two for one key, are faults."""
    file, found = layer.info.path, dict[str, str]()
    headings = [f"{name} ({others[0]})" for name, others in ALIASES.items()]
    for column in layer.columns:
        name = WORDS.get(folded(column))
        if name is None:
            written.faults.append(_unknown(file, None, column, headings))
        elif name in found and name != NOTE:
            values = {"file": file, "columns": [found[name], column], "key": name}
            written.faults.append(Message("waiver-heading-twice", values))
        else:
            found[name] = column
    return found


def _put_column(name: str, column: pa.Array, rows: list[WrittenEntry], written: WrittenRegister) -> None:
    """Read a column of dates or of texts into the entries; what cannot be read is a fault."""
    if name in DATES:
        days, faults = dates(column)
        held: list[Value | None] = [
            None if day == NO_DATE else EPOCH + dt.timedelta(days=day) for day in np.asarray(days).tolist()
        ]
    else:
        read, faults = texts(column, ColumnUse(catalogue_field(Role.PARCELS, "parcel_id"), name, 1.0, "", "name"))
        held = read.to_pylist()
    for raw, value in zip(rows, held, strict=True):
        if value is not None:
            raw.values[name] = value
    for row, value, reason in faults:
        rows[row].unread.add(name)
        values = {"file": written.info.path, "place": rows[row].place, "key": name, "value": value, "reason": reason}
        written.faults.append(Message("waiver-unreadable-value", values))


def _unknown(file: str, place: Message | None, name: str, known: list[str]) -> Message:
    near = get_close_matches(name.casefold(), known, n=1)
    values = {"file": file, "place": place or Message("waiver-file"), "key": name, "known": near or known}
    return Message("waiver-key-unknown", values)


REQUIRED = ("number", "approver", "reason", "expires", "rule")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver. ``subject`` is the id of a parcel or park; with ``area`` alone, every parcel inside is meant.

    ``rule`` is None where the rule belongs to a pack that this run does not use.
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
    granted, expires = held.get("granted"), held.get("expires")
    if isinstance(granted, dt.date) and isinstance(expires, dt.date) and granted > expires:
        yield Message("waiver-dates-swapped", {"granted": granted, "expires": expires})


def _rule_faults(rule: str, held: Mapping[str, object], rules: Mapping[str, Rule]) -> Iterator[Message]:
    if rule.startswith("data/"):
        yield Message("waiver-of-data", {"rule": rule})
    elif rule and rule not in rules:
        known = sorted({*rules, *(one.id for name in pack_names() for one in load_pack(name).rules)})
        if rule not in known:
            yield Message("waiver-rule-unknown", {"rule": rule, "known": get_close_matches(rule, known, n=3) or known})
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
    )
