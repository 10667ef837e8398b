"""JSON as CONTRACT section 8 lays it down; ``schema.json`` beside this file says so strictly.

Written piece by piece, an item a line: a run may have millions of findings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson

from landcheck import version
from landcheck.errors import UsageError
from landcheck.messages import Lang, Message
from landcheck.model import (
    Areas,
    Change,
    DataFinding,
    Drawing,
    Finding,
    InputInfo,
    JointRemedy,
    LedgerRow,
    Outcome,
    Pack,
    Report,
    Rule,
    Transfer,
)
from landcheck.report import exceptions
from landcheck.report.conflicts import conflict_object
from landcheck.report.interpretations import interpretation_object
from landcheck.report.labels import VERDICTS
from landcheck.report.options import Options, shown
from landcheck.report.words import COMMON, message, remedy, requirement_of

SCHEMA_VERSION = "1"
AT_ONCE = 32  # items of an array given together

_in_full = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The whole report as one JSON object."""
    lang = options.lang
    if options.keep_geometry and report.drawing is None:
        raise UsageError("saved-no-drawing")
    yield "{\n"
    for key, value in header(report, options).items():
        yield f"{line(key)}: {line(value)},\n"
    yield from _array("findings", (finding_object(finding, lang) for finding in shown(report, options.show)))
    yield ",\n"
    yield from _array("data", (data_object(finding, lang) for finding in report.data))
    yield ",\n"
    yield from _array("green_ledger", map(ledger_object, report.ledger))
    yield ",\n"
    yield from _array("transfers", map(transfer_object, report.transfers))
    yield ",\n"
    yield from _array("conflicts", (conflict_object(conflict, lang) for conflict in report.conflicts))
    yield ",\n"
    yield from _array("interpretations", (interpretation_object(one, lang) for one in report.interpretations))
    if options.keep_geometry and report.drawing is not None:
        yield from _drawing(report, report.drawing)
    yield "\n}\n"


def line(value: Any) -> str:
    """A value on one line; a number that is none (NaN, infinite) becomes null."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a kind it does not know, a lone surrogate of an undecodable name
        return _in_full(_plain(value))


def header(report: Report, options: Options) -> dict[str, Any]:
    """Everything but the findings and the ledger."""
    lang = options.lang
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "landcheck", "version": version.__version__},
        "language": lang,
        "show": options.show,
        "pack": [_pack(pack, report.summary.in_force.get(pack.id), lang) for pack in report.packs],
        "rules": [_rule(rule, lang) for pack in report.packs for rule in pack.rules],
        "parameters": dict(report.parameters),
        "as_of": report.as_of.isoformat(),
        "reading": report.reading.value,
        "notices": [_message(notice, lang) for notice in report.notices],
        "inputs": [_input(info, lang) for info in report.inputs],
        "assumptions": [
            {"role": a.role, "field": a.field, "value": a.value, "rows": a.rows} for a in report.assumptions
        ],
        "summary": _summary(report),
        "ask_first": [asdict(ask) for ask in report.asks],
        **exceptions.of_head(report),
    }


def finding_object(finding: Finding, lang: Lang) -> dict[str, Any]:
    """One finding with its reason in words and in numbers."""
    told = {
        "rule": finding.rule.id,
        "subject": {"type": finding.subject.type, "id": finding.subject.id},
        "row": finding.row,
        "verdict": finding.verdict.word,
        "clause": finding.rule.clause.number,
        "message": message(finding, lang),
        "requirements": _requirements(finding.rule, finding.requirements, lang),
        "missing": finding.missing,
        "remedy": remedy(finding, lang),
        "location": finding.location,
        "areas": None if finding.areas is None else _areas(finding.areas),
        "out_of_force": finding.out_of_force,
        "joint_remedy": None if finding.joint is None else _joint(finding.joint),
    }
    return told | exceptions.of_finding(finding) if finding.excused else told


def data_object(finding: DataFinding, lang: Lang) -> dict[str, Any]:
    """One thing wrong with the data."""
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "subject": {"type": finding.subject.type, "id": finding.subject.id},
        "row": finding.row,
        "other_row": finding.other_row,
        "location": finding.location,
        **_message(finding.message, lang),
    }


def ledger_object(row: LedgerRow) -> dict[str, Any]:
    """The green balance of one park."""
    return {
        "park_id": row.park_id,
        "district": row.district,
        "need_m2": row.need_m2,
        "have_m2": row.have_m2,
        "from_district_m2": row.from_district_m2,
        "uncovered_m2": row.uncovered_m2,
        "given_m2": row.given_m2,
        "left_over_m2": row.left_over_m2,
    }


def transfer_object(transfer: Transfer) -> dict[str, Any]:
    """Green that one park gave to another."""
    return {"from_park": transfer.giver, "to_park": transfer.taker, "area_m2": transfer.area_m2}


def outcome_object(outcome: Outcome, lang: Lang) -> dict[str, Any]:
    """One comparison: measured, limit and margin are in ``unit``."""
    return {
        "name": outcome.name,
        "label": outcome.label.say(lang),
        "verdict": outcome.verdict.word,
        "measured": outcome.measured,
        "operator": outcome.operator,
        "limit": outcome.limit,
        "unit": outcome.unit,
        "margin": _unsigned_zero(outcome.margin),
        "margin_m2": _unsigned_zero(outcome.margin_m2),
        "missing": outcome.missing,
    }


@lru_cache(maxsize=COMMON)
def _requirements(rule: Rule, outcomes: tuple[Outcome, ...], lang: Lang) -> list[dict[str, Any]]:
    return [_requirement(rule, outcome, lang) for outcome in outcomes]


def _requirement(rule: Rule, outcome: Outcome, lang: Lang) -> dict[str, Any]:
    requirement = requirement_of(rule, outcome)
    told = outcome_object(outcome, lang)
    told["modality"] = requirement.modality if requirement else None
    told["alternatives"] = [outcome_object(way, lang) for way in outcome.alternatives]
    told["changes"] = [[_change(change) for change in way] for way in outcome.ways]
    return told


def _change(change: Change) -> dict[str, Any]:
    return {"field": change.field, "by": change.by, "unit": change.unit}


def _areas(areas: Areas) -> dict[str, Any]:
    return {"taken_m2": areas.taken_m2, "ellipsoidal_m2": areas.ellipsoidal_m2, "planar_m2": areas.planar_m2}


def _joint(joint: JointRemedy) -> dict[str, Any]:
    return {"changes": [_change(change) for change in joint.changes], "total_m2": joint.total_m2}


def _message(told: Message, lang: Lang) -> dict[str, str]:
    return {"code": told.code, "message": told.say(lang)}


def _pack(pack: Pack, parcels: int | None, lang: Lang) -> dict[str, Any]:
    return {
        "id": pack.id,
        "title": pack.title.say(lang),
        "issuer": pack.issuer,
        "number": pack.number,
        "issued": pack.issued.isoformat(),
        "in_force_from": pack.in_force_from.isoformat(),
        "in_force_until": pack.in_force_until.isoformat() if pack.in_force_until else None,
        "validity": pack.validity.value,
        "validity_source": pack.validity_source.say(lang),
        "rank": pack.rank.value if pack.rank else None,
        "precedence": _precedence(pack, lang),
        "parcels_in_force": parcels,
    }


def _precedence(pack: Pack, lang: Lang) -> dict[str, str] | None:
    of = pack.precedence
    return None if of is None else {"quote": of.quote, "reading": of.reading.say(lang)}


def _rule(rule: Rule, lang: Lang) -> dict[str, Any]:
    return {
        "id": rule.id,
        "pack": rule.pack,
        "per": rule.per,
        "matter": rule.matter or None,
        "document": rule.document or None,
        "title": rule.title.say(lang),
        "clause": rule.clause.number,
        "quote": rule.clause.quote,
        "translation": rule.clause.translation,
        "evidence": rule.evidence.say(lang),
    }


def _input(info: InputInfo, lang: Lang) -> dict[str, Any]:
    return {
        "role": info.role,
        "path": info.path,
        "layer": info.layer,
        "crs": info.crs,
        "encoding": info.encoding,
        "rows": info.rows,
        "sha256": info.sha256,
        "notes": [_message(note, lang) for note in info.notes],
    }


def _summary(report: Report) -> dict[str, Any]:
    verdicts = {
        rule: {verdict.word: counts[verdict] for verdict in VERDICTS}
        for rule, counts in report.summary.verdicts.items()
    }
    return {**report.summary.subjects, "verdicts": verdicts, **exceptions.of_summary(report)}


def _unsigned_zero(value: float | None) -> float | None:
    return None if value is None else value + 0.0


def _drawing(report: Report, drawing: Drawing) -> Iterator[str]:
    from landcheck.report.result import kept

    yield ',\n"drawing": {\n'
    for subject in kept.SUBJECTS:
        yield f"{line(subject)}: {line(kept.head(drawing, subject)).removesuffix('}')}, "
        yield from _array("batches", kept.batches(drawing, subject))
        yield "},\n"
    yield f'"grounds": {line(kept.grounds(drawing, report.data))}\n}}'


def _array(key: str, items: Iterable[Any]) -> Iterator[str]:
    yield f"{line(key)}: ["
    before, lines = "\n", map(line, items)
    while some := list(islice(lines, AT_ONCE)):
        yield before + ",\n".join(some)
        before = ",\n"
    yield "\n]"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return _plain(int(value) if value == value.to_integral_value() else float(value))
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
