"""The baseline: what an earlier run found, and a run held against it.

What was there before and is no worse does not fail the run; what is undetermined is never known.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from landcheck.bounded import RESULT, octets, reason
from landcheck.errors import InputError
from landcheck.messages import Message, Text
from landcheck.messages.visible import escaped
from landcheck.model import UNMET, Baseline, Covered, Finding, FindingKey, InputInfo, Report, Rule, Verdict
from landcheck.read.source import sha256_of, shown
from landcheck.verdicts.difference import moved
from landcheck.verdicts.gather import Place

VERSION = "1"
KNOWN = {"fail": Verdict.FAIL, "review": Verdict.REVIEW}
TENTH_OF_A_METRE = 1e-6  # degrees, in which places are told
NAMED = 10  # how many findings a notice lists before it only counts


class EarlierFinding(NamedTuple):
    """A finding as it was: its verdict, and the margin of every requirement that did not hold (None without one).

    ``location``: longitude and latitude of the middle of the subject's shape, None without one.
    """

    verdict: Verdict
    margins: Mapping[str, float | None]
    location: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """The findings of the earlier run, and what they were judged by; ``taken``: its choices by interpretation."""

    info: InputInfo
    packs: tuple[str, ...]
    taken: Mapping[str, str]
    parameters: Mapping[str, Decimal]
    findings: Mapping[FindingKey, EarlierFinding]

    def subjects(self) -> Mapping[str, set[str]]:
        """By rule the ids of the subjects that the baseline speaks of."""
        ids: dict[str, set[str]] = defaultdict(set)
        for key in self.findings:
            ids[key.rule].add(key.id)
        return ids

    def of_others_than(self, rules: Collection[Rule]) -> EarlierRun:
        """The same without what it knows of those rules: where they are not judged, nothing is resolved."""
        names = {rule.id for rule in rules}
        left = {key: one for key, one in self.findings.items() if key.rule not in names}
        return replace(self, findings=left)

    def lines(self) -> Iterator[str]:
        """The baseline file: what is known by rule and subject, a finding a line, sorted."""
        head = {"baseline_version": VERSION, "pack": list(self.packs), "reading": self.taken["reading"],
                "interpretations": [{"name": name, "taken": taken} for name, taken in sorted(self.taken.items())],
                "parameters": {name: float(value) for name, value in sorted(self.parameters.items())}}  # fmt: skip
        yield "{\n"
        yield from (f"{_encoded(name)}: {_encoded(value)},\n" for name, value in head.items())
        yield '"known": ['
        comma = "\n"
        for key, before in sorted(self.findings.items()):
            entry = {"rule": key.rule, "subject": {"type": key.type, "id": key.id}, "verdict": before.verdict.word,
                     "location": before.location, "requirements": dict(sorted(before.margins.items()))}  # fmt: skip
            yield comma + _encoded(entry)
            comma = ",\n"
        yield "\n]\n}\n"


class NamedPack(Struct):
    """A pack as a result names it."""

    id: str


class TakenReading(Struct):
    """What may be read in more than one way, and the way taken."""

    name: str
    taken: str


class KnownSubject(Struct):
    """Whose finding it is."""

    type: str
    id: str


class KnownFinding(Struct):
    """A finding in a baseline file: the margins by requirement."""

    rule: str
    subject: KnownSubject
    verdict: Annotated[str, Meta(pattern="^(fail|review)$")]
    requirements: dict[str, float | None]
    location: tuple[float, float] | None = None


class BaselineFile(Struct):
    """What ``landcheck baseline`` writes."""

    baseline_version: Literal["1"]
    pack: list[str]
    reading: str
    parameters: dict[str, float]
    known: list[KnownFinding]
    interpretations: list[TakenReading] = []


class FoundMargin(Struct):
    """A requirement in a result."""

    name: str
    verdict: str
    margin: float | None


class FoundBefore(Struct):
    """A finding in a result."""

    rule: str
    subject: KnownSubject
    verdict: str
    requirements: list[FoundMargin]
    location: tuple[float, float] | None = None
    waived: msgspec.Raw | UnsetType = UNSET


class ResultBefore(Struct):
    """What of a result makes a baseline."""

    schema_version: Literal["1"]
    pack: list[NamedPack]
    reading: str
    parameters: dict[str, float]
    findings: list[FoundBefore]
    interpretations: list[TakenReading] = []


class AnyVersion(Struct):
    """What tells the two apart."""

    baseline_version: str | UnsetType = UNSET


def load_baseline(path: str, *, large: bool = False) -> EarlierRun:
    """Read a baseline or a saved result; ``large``: of any size.

    Of a result no undetermined verdict is taken, none that a waiver covered, and none of an id that is there twice.
    InputError where the file is neither.
    """
    file = shown(path)
    try:
        raw = octets(path, file, None if large else RESULT)
    except OSError as error:
        raise InputError("baseline-unreadable", file=file, reason=reason(error)) from error
    try:
        held = _decoded(raw.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:  # a ValidationError of msgspec is one, and names the place
        raise InputError("baseline-not-one", file=file, reason=reason(error)) from error
    entries = held.known if isinstance(held, BaselineFile) else _of_result(held)
    packs = held.pack if isinstance(held, BaselineFile) else [pack.id for pack in held.pack]
    found = [(FindingKey(one.rule, one.subject.type, one.subject.id),
              EarlierFinding(KNOWN[one.verdict], one.requirements, one.location)) for one in entries]  # fmt: skip
    often = Counter(key for key, _ in found)
    info = InputInfo("baseline", file, None, None, "UTF-8", len(found), sha256_of([BytesIO(raw)]))
    taken = {one.name: one.taken for one in held.interpretations} | {"reading": held.reading}
    parameters = {name: Decimal(str(value)) for name, value in held.parameters.items()}
    return EarlierRun(info, tuple(packs), taken, parameters, {key: one for key, one in found if often[key] == 1})


def _decoded(raw: bytes) -> BaselineFile | ResultBefore:
    try:
        if msgspec.json.decode(raw, type=AnyVersion).baseline_version is UNSET:
            return msgspec.json.decode(raw, type=ResultBefore)
        return msgspec.json.decode(raw, type=BaselineFile)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:  # a lone surrogate, of an undecodable name, is no text to msgspec
        known = json.loads(raw.decode())
        if isinstance(known, dict) and "baseline_version" in known:
            return msgspec.convert(known, BaselineFile)
        return msgspec.convert(known, ResultBefore)


def _of_result(saved: ResultBefore) -> Iterator[KnownFinding]:
    for one in saved.findings:
        if one.verdict in KNOWN and one.waived is UNSET:
            margins = {part.name: part.margin for part in one.requirements if part.verdict in KNOWN}
            yield KnownFinding(one.rule, one.subject, one.verdict, margins, one.location)


def _encoded(value: Any) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))


@dataclass(slots=True)
class Comparison:
    """A run held against the earlier one; ``known``: the verdict of each place that was known and is no worse."""

    held: EarlierRun
    known: dict[Place, Verdict] = field(default_factory=dict)
    found: Counter[FindingKey] = field(default_factory=Counter)
    undetermined: list[FindingKey] = field(default_factory=list)
    worse: list[FindingKey] = field(default_factory=list)

    def add(self, findings: Iterable[Finding]) -> None:
        """Each finding whose key the baseline has: known, worse, or no longer to be judged."""
        places, often = defaultdict[FindingKey, list[Place]](list), Counter[FindingKey]()
        for one in findings:
            key = FindingKey(one.rule.id, one.subject.type, one.subject.id)
            before = self.held.findings.get(key)
            if before is None or one.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
                continue
            often[key] += 1
            if _elsewhere(one, before):
                continue
            self.found[key] += 1
            if Verdict.UNDETERMINED in (one.verdict, *(part.verdict for part in one.requirements)):
                self.undetermined.append(key)
            elif _worse(one, before):
                self.worse.append(key)
            else:
                place = (one.rule.id, one.subject.type, one.row or 0)
                places[key].append(place)
                self.known[place] = one.verdict
        for key, times in often.items():
            for place in places[key] if times > 1 else ():  # the same id twice: nothing tells which of them was known
                del self.known[place]

    def finish(self, waived: Iterable[Place]) -> Baseline:
        """The comparison for the report; what a waiver covers is not counted as known."""
        fails, reviews = Counter[str](), Counter[str]()
        for place in self.known.keys() - set(waived):
            (fails if self.known[place] is Verdict.FAIL else reviews)[place[0]] += 1
        known = {rule: Covered(fails[rule], reviews[rule]) for rule in sorted({*fails, *reviews})}
        stale = tuple(sorted(self.held.findings.keys() - self.found.keys()))
        return Baseline(known, stale, tuple(sorted(self.undetermined)), tuple(sorted(self.worse)))


def _elsewhere(finding: Finding, before: EarlierFinding) -> bool:
    """Whether the subject is another of the same id: its shape lies elsewhere, or only one of the two has a place."""
    now, was = finding.location, before.location
    if now is None or was is None:
        return now is not was
    return any(abs(one - other) > TENTH_OF_A_METRE for one, other in zip(now, was, strict=True))


def _worse(finding: Finding, before: EarlierFinding) -> bool:
    """A graver verdict, another requirement broken, or one missed by more than before."""
    for one in finding.requirements:
        if one.verdict in UNMET:
            was = before.margins.get(one.name)
            if one.name not in before.margins or (
                one.margin is not None and (was is None or moved(one.margin, was) < 0)
            ):
                return True
    return finding.verdict > before.verdict


def baseline_notices(report: Report, held: EarlierRun, baseline: Baseline) -> Iterator[Message]:
    """What a reader must know of the comparison."""
    parameters, before = ({name: float(value) for name, value in of.items()}
                          for of in (report.parameters, held.parameters))  # fmt: skip
    taken = {"reading": report.reading.value, **{one.name: one.taken for one in report.interpretations}}
    differing = [Message("differs-" + name.replace("_", "-")) for name, differs in (
        ("pack", held.packs != tuple(pack.id for pack in report.packs)),
        *((name, held.taken.get(name, choice) != choice) for name, choice in taken.items()),
        ("parameters", before != parameters),
    ) if differs]  # fmt: skip
    if differing:
        yield Message("baseline-differs", {"file": held.info.path, "what": differing})
    for code, keys in (
        ("baseline-stale", baseline.stale),
        ("baseline-undetermined", baseline.undetermined),
        ("baseline-worse", baseline.worse),
    ):
        if keys:
            titles = {rule.id: rule.title.zh for pack in report.packs for rule in pack.rules}
            named = [
                Text(f"{key.id}：{titles.get(key.rule, key.rule)}", f"{key.id}: {key.rule}") for key in keys[:NAMED]
            ]
            more = [Message("and-more", {"count": len(keys) - NAMED})] if len(keys) > NAMED else []
            yield Message(code, {"file": held.info.path, "count": len(keys), "named": [*named, *more]})
