"""A run held against an earlier one: what is known and no worse does not fail it; the undetermined is never known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from landcheck.exceptions.baseline_file import Before, Held
from landcheck.messages import Message
from landcheck.model import Baseline, Covered, Finding, FindingKey, Report, Verdict
from landcheck.verdicts.difference import moved

NAMED = 10  # how many findings a notice lists before it only counts

Place = tuple[str, str, int]


@dataclass(slots=True)
class Compared:
    """``known``: by rule, kind of subject and row (from 1) the verdict that was there before."""

    known: dict[Place, Verdict] = field(default_factory=dict)
    found: Counter[FindingKey] = field(default_factory=Counter)
    undetermined: list[FindingKey] = field(default_factory=list)
    worse: list[FindingKey] = field(default_factory=list)


def compare(findings: Iterable[Finding], held: Held) -> Compared:
    """Each finding whose key the baseline has: known, worse, or no longer to be judged."""
    compared = Compared()
    places: dict[FindingKey, list[Place]] = defaultdict(list)
    for one in findings:
        key = FindingKey(one.rule.id, one.subject.type, one.subject.id)
        before = held.findings.get(key)
        if before is None or one.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
            continue
        compared.found[key] += 1
        if _open(one):
            compared.undetermined.append(key)
        elif _worse(one, before):
            compared.worse.append(key)
        else:
            place = (one.rule.id, one.subject.type, one.row or 0)
            places[key].append(place)
            compared.known[place] = one.verdict
    for key, times in compared.found.items():
        for place in places[key] if times > 1 else ():  # the same id twice: which of them was known cannot be told
            del compared.known[place]
    return compared


def summed(compared: Compared, held: Held, waived: Iterable[Place]) -> Baseline:
    """The comparison for the report; what a waiver covers is not counted as known."""
    fails, reviews = Counter[str](), Counter[str]()
    for place in compared.known.keys() - set(waived):
        (fails if compared.known[place] is Verdict.FAIL else reviews)[place[0]] += 1
    known = {rule: Covered(fails[rule], reviews[rule]) for rule in sorted({*fails, *reviews})}
    stale = tuple(sorted(held.findings.keys() - compared.found.keys()))
    return Baseline(known, stale, tuple(sorted(compared.undetermined)), tuple(sorted(compared.worse)))


def notices(report: Report, held: Held, baseline: Baseline) -> Iterator[Message]:
    """What a reader must know of the comparison."""
    differing = [name for name, differs in (
        ("pack", held.packs != tuple(pack.id for pack in report.packs)),
        *((name, held.taken.get(name, taken) != taken) for name, taken in _taken(report).items()),
        ("parameters", {n: float(v) for n, v in held.parameters.items()}
                       != {n: float(v) for n, v in report.parameters.items()}),
    ) if differs]  # fmt: skip
    if differing:
        yield Message("baseline-differs", {"file": held.info.path, "what": differing})
    for code, keys in (
        ("baseline-stale", baseline.stale),
        ("baseline-undetermined", baseline.undetermined),
        ("baseline-worse", baseline.worse),
    ):
        if keys:
            named = [f"{key.id}: {key.rule}" for key in keys[:NAMED]]
            yield Message(code, {"file": held.info.path, "count": len(keys), "named": named})


def _taken(report: Report) -> dict[str, str]:
    """How the run read what may be read in more than one way."""
    return {"reading": report.reading.value, **{one.name: one.taken for one in report.interpretations}}


def _open(finding: Finding) -> bool:
    """Whether the rule or one of its requirements lacks a fact."""
    return Verdict.UNDETERMINED in (finding.verdict, *(one.verdict for one in finding.requirements))


def _worse(finding: Finding, before: Before) -> bool:
    """A graver verdict, another requirement broken, or one missed by more than before."""
    broken = [one for one in finding.requirements if one.verdict in (Verdict.FAIL, Verdict.REVIEW)]
    return finding.verdict > before.verdict or any(
        one.name not in before.margins or _fell(one.margin, before.margins[one.name]) for one in broken
    )


def _fell(now: float | None, was: float | None) -> bool:
    if now is None or was is None:
        return now is not was and now is not None
    return moved(now, was) < 0
