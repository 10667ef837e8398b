"""A register of waivers as it stands in its file: TOML with ``[[waiver]]``, or any table, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from landcheck.bounded import REGISTER, octets, reason, toml
from landcheck.errors import InputError, UsageError, nearest
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.cells import set_aside
from landcheck.fields.choices import texts
from landcheck.fields.dates import dates
from landcheck.fields.headings import key as folded
from landcheck.fields.mapping import ColumnUse
from landcheck.messages import Message
from landcheck.model import EPOCH, NO_DATE, InputInfo, Role
from landcheck.read import open_layer
from landcheck.read.layer import Layer
from landcheck.read.source import sha256, shown

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
    "measured": ("豁免值", "豁免时数值", "批准时数值"),
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
    if not os.path.lexists(path):
        raise UsageError("waivers-missing", file=shown(path))
    return _toml(path) if path.lower().endswith(".toml") else _table(path)


def _toml(path: str) -> WrittenRegister:
    try:
        content = toml(octets(path, shown(path), REGISTER, UsageError), shown(path))
    except (ValueError, OSError) as error:
        raise UsageError("waivers-unreadable", file=shown(path), reason=reason(error)) from error
    entries = content.get("waiver", [])
    sound = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    count = len(entries) if isinstance(entries, list) else 0
    info = InputInfo("waivers", shown(path), None, None, "UTF-8", count, sha256((Path(path),)))
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
    column, told = set_aside(column)
    for row in told.tolist():
        rows[row].unread.add(name)
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
    for row, value, why in faults:
        rows[row].unread.add(name)
        values = {"file": written.info.path, "place": rows[row].place, "key": name, "value": value, "reason": why}
        written.faults.append(Message("waiver-unreadable-value", values))


def _unknown(file: str, place: Message | None, name: str, known: list[str]) -> Message:
    known = nearest(name.casefold(), known)
    values = {"file": file, "place": place or Message("waiver-file"), "key": name, "known": known}
    return Message("waiver-key-unknown", values)
