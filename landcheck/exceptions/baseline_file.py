"""What an earlier run found, to hold a new one against: a saved result, or the baseline file made of one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from landcheck.errors import UsageError
from landcheck.model import FindingKey, InputInfo, Verdict
from landcheck.read.digest import sha256
from landcheck.read.source import shown

VERSION = "1"
KNOWN = {"fail": Verdict.FAIL, "review": Verdict.REVIEW}

Json = Mapping[str, Any]


class Before(NamedTuple):
    """A finding as it was: its verdict, and the margin of every requirement that did not hold (None without one)."""

    verdict: Verdict
    margins: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Held:
    """The findings of the earlier run, and what they were judged by; ``taken``: its choices by interpretation."""

    info: InputInfo
    packs: tuple[str, ...]
    taken: Mapping[str, str]
    parameters: Mapping[str, Decimal]
    findings: Mapping[FindingKey, Before]


def load_baseline(path: str) -> Held:
    """Read a baseline or a saved result.

    Of a result no undetermined verdict is taken, none that a waiver covered, and none of an id that is there twice.
    UsageError where the file is neither.
    """
    content = _read(path)
    try:
        entries = content["known"] if "baseline_version" in content else _of_result(content)
        found = [(_key(entry), _before(entry)) for entry in entries]
        often = Counter(key for key, _ in found)
        info = InputInfo("baseline", shown(path), None, None, "UTF-8", len(found), sha256((Path(path),)))
        return Held(
            info, tuple(_id(pack) for pack in content["pack"]), _taken(content),
            {name: Decimal(str(value)) for name, value in content["parameters"].items()},
            {key: before for key, before in found if often[key] == 1},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise UsageError("baseline-not-one", file=shown(path), reason=repr(error)) from error


def lines(held: Held) -> Iterator[str]:
    """The baseline file: what is known by rule and subject, a finding a line, sorted."""
    head = {"baseline_version": VERSION, "pack": list(held.packs), "reading": held.taken["reading"],
            "interpretations": [{"name": name, "taken": taken} for name, taken in sorted(held.taken.items())],
            "parameters": {name: float(value) for name, value in sorted(held.parameters.items())}}  # fmt: skip
    yield "{\n"
    yield from (f"{_encoded(name)}: {_encoded(value)},\n" for name, value in head.items())
    yield '"known": ['
    comma = "\n"
    for key, before in sorted(held.findings.items()):
        entry = {"rule": key.rule, "subject": {"type": key.type, "id": key.id}, "verdict": before.verdict.word,
                 "requirements": dict(sorted(before.margins.items()))}  # fmt: skip
        yield comma + _encoded(entry)
        comma = ",\n"
    yield "\n]\n}\n"


def _read(path: str) -> Json:
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError("baseline-unreadable", file=shown(path), reason=error.strerror or str(error)) from error
    except ValueError as error:
        raise UsageError("baseline-not-one", file=shown(path), reason=str(error)) from error
    version = content.get("baseline_version", content.get("schema_version")) if isinstance(content, dict) else None
    if version != VERSION:
        raise UsageError("baseline-not-one", file=shown(path), reason="baseline_version")
    known: Json = content
    return known


def _taken(content: Json) -> dict[str, str]:
    others = {str(one["name"]): str(one["taken"]) for one in content.get("interpretations", ())}
    return {**others, "reading": str(content["reading"])}


def _of_result(saved: Json) -> list[Json]:
    return [
        {**finding, "requirements": {
            one["name"]: one["margin"] for one in finding["requirements"] if one["verdict"] in KNOWN
        }}
        for finding in saved["findings"]
        if finding["verdict"] in KNOWN and "waived" not in finding
    ]  # fmt: skip


def _key(entry: Json) -> FindingKey:
    return FindingKey(str(entry["rule"]), str(entry["subject"]["type"]), str(entry["subject"]["id"]))


def _before(entry: Json) -> Before:
    margins = {str(name): None if margin is None else float(margin) for name, margin in entry["requirements"].items()}
    return Before(KNOWN[entry["verdict"]], margins)


def _id(pack: Any) -> str:
    return str(pack["id"] if isinstance(pack, dict) else pack)


def _encoded(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
