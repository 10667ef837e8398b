"""A saved result (JSON as CONTRACT section 8 lays it down) as a Report again, without the inputs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from landcheck.errors import InputError, UsageError
from landcheck.messages import Message, Text
from landcheck.model import (
    Areas,
    Ask,
    Assumption,
    Change,
    DataFinding,
    Finding,
    InputInfo,
    JointRemedy,
    LedgerRow,
    Level,
    Operator,
    Outcome,
    Pack,
    Reading,
    Report,
    Rule,
    Subject,
    Summary,
    Transfer,
    Verdict,
)
from landcheck.report.result import kept, saved_exceptions, saved_texts
from landcheck.rulebook import load_packs, pack_names

Json = Mapping[str, Any]
SCHEMA_VERSION = "1"


def load_report(path: str, packs: Sequence[str] = ()) -> Report:
    """The report of a result file; notices and data findings keep the language they were saved in.

    ``packs`` are the directories of packs that do not come with the program.

    InputError for a file that is no result of ``landcheck check --output-format json``, or whose geometry is damaged;
    PackError and UsageError for a pack that is not at hand.
    """
    saved = _read(path)
    try:
        report = _report(saved, _packs(saved, packs, path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("saved-not-a-result", file=path, reason=repr(error)) from error
    if "drawing" not in saved:
        return report
    try:
        return _drawn(report, saved["drawing"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("saved-drawing-damaged", file=path, reason=str(error)) from error


def _drawn(report: Report, saved: Json) -> Report:
    """The report with the geometry that was kept."""
    rules = {kind: tuple(rule.id for pack in report.packs for rule in pack.rules if rule.per == kind)
             for kind in kept.SUBJECTS}  # fmt: skip
    drawing = kept.drawing_of(saved, rules, report.summary.subjects)
    grounds = kept.grounds_of(saved["grounds"], drawing, len(report.data))
    data = tuple(replace(fault, shape=grounds.get(place)) for place, fault in enumerate(report.data))
    return replace(report, drawing=drawing, data=data)


def _read(path: str) -> Json:
    try:
        saved = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError("saved-unreadable", file=path, reason=error.strerror or str(error)) from error
    except ValueError as error:
        raise InputError("saved-not-a-result", file=path, reason=str(error)) from error
    if not isinstance(saved, dict) or saved.get("schema_version") != SCHEMA_VERSION:
        raise InputError("saved-not-a-result", file=path, reason="schema_version")
    return saved


def _packs(saved: Json, named: Sequence[str], path: str) -> tuple[Pack, ...]:
    """The packs a result was made with: of the directories named, else of the program's own."""
    known = {name: name for name in pack_names()} | {Path(name).resolve().name: name for name in named}
    ids = [pack["id"] for pack in saved["pack"]]
    for unknown in (name for name in ids if name not in known):
        raise UsageError("saved-pack-unknown", file=path, pack=unknown)
    return saved_texts.as_read_then(load_packs([known[name] for name in ids]), saved)


def _report(saved: Json, packs: tuple[Pack, ...]) -> Report:
    return Report(
        packs=packs,
        as_of=dt.date.fromisoformat(saved["as_of"]),
        reading=Reading(saved["reading"]),
        notices=tuple(map(_message, saved["notices"])),
        inputs=tuple(map(_input, saved["inputs"])),
        assumptions=tuple(Assumption(a["role"], a["field"], a["value"], a["rows"]) for a in saved["assumptions"]),
        summary=_summary(saved),
        findings=_findings(saved, packs),
        data=tuple(map(_data, saved["data"])),
        ledger=tuple(LedgerRow(**row) for row in saved["green_ledger"]),
        transfers=tuple(Transfer(t["from_park"], t["to_park"], t["area_m2"]) for t in saved["transfers"]),
        parameters={name: Decimal(str(value)) for name, value in saved["parameters"].items()},
        asks=tuple(Ask(**ask) for ask in saved["ask_first"]),
        conflicts=tuple(saved_texts.conflicts(saved, packs)),
        interpretations=tuple(saved_texts.interpretations(saved, packs)),
        **saved_exceptions.of_report(saved),
    )


def _findings(saved: Json, packs: tuple[Pack, ...]) -> tuple[Finding, ...]:
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    return tuple(_finding(finding, rules[finding["rule"]]) for finding in saved["findings"])


def _finding(saved: Json, rule: Rule) -> Finding:
    areas, joint = saved["areas"], saved["joint_remedy"]
    return Finding(
        rule=rule,
        subject=Subject(**saved["subject"]),
        verdict=Verdict[saved["verdict"].upper()],
        requirements=tuple(_outcome(outcome, rule) for outcome in saved["requirements"]),
        missing=tuple(saved["missing"]),
        row=saved["row"],
        location=_place(saved["location"]),
        out_of_force=saved["out_of_force"],
        areas=None if areas is None else Areas(**areas),
        joint=None if joint is None else JointRemedy(_changes(joint["changes"]), joint["total_m2"]),
        waived=saved_exceptions.waived(saved["waived"]) if "waived" in saved else None,
        known=saved.get("known", False),
    )


def _outcome(saved: Json, rule: Rule) -> Outcome:
    labels = {requirement.name: requirement.label for requirement in rule.requires}
    limit = saved["limit"]
    return Outcome(
        name=saved["name"],
        label=labels.get(saved["name"], Text(saved["label"], saved["label"])),
        verdict=Verdict[saved["verdict"].upper()],
        measured=saved["measured"],
        operator=Operator(saved["operator"]),
        limit=tuple(limit) if isinstance(limit, list) else limit,
        unit=saved["unit"],
        margin=saved["margin"],
        margin_m2=saved["margin_m2"],
        missing=tuple(saved["missing"]),
        alternatives=tuple(_outcome(way, rule) for way in saved.get("alternatives", ())),
        ways=tuple(map(_changes, saved.get("changes", ()))),
    )


def _changes(saved: list[Json]) -> tuple[Change, ...]:
    return tuple(Change(**change) for change in saved)


def _data(saved: Json) -> DataFinding:
    return DataFinding(
        saved["rule"], Level(saved["level"]), Subject(**saved["subject"]), _message(saved), saved["row"],
        _place(saved["location"]), saved.get("other_row"),
    )  # fmt: skip


def _place(saved: list[float] | None) -> tuple[float, float] | None:
    return None if saved is None else (saved[0], saved[1])


def _input(saved: Json) -> InputInfo:
    return InputInfo(**{**saved, "notes": tuple(map(_message, saved["notes"]))})


def _message(saved: Json) -> Message:
    """The sentence as it was saved, under its own code."""
    return Message(saved["code"], {}, saved["message"])


def _summary(saved: Json) -> Summary:
    summary = saved["summary"]
    verdicts = {
        rule: (c["pass"], c["review"], c["undetermined"], c["fail"], c["not_applicable"])
        for rule, c in summary["verdicts"].items()
    }
    in_force = {pack["id"]: pack["parcels_in_force"] for pack in saved["pack"]}
    return Summary({name: count for name, count in summary.items() if isinstance(count, int)}, verdicts, in_force)
