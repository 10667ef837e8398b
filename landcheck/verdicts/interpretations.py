"""Named interpretations: what may be read in more than one way, and the verdicts that hang on the way it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.measures import measure
from landcheck.measures.floor_area import ABOVE_GROUND, FAR_GFA, PARTS, of_whole
from landcheck.messages import Message, Text
from landcheck.model import (
    Alternative,
    Hanging,
    Interpretation,
    Modality,
    Pack,
    Reading,
    Requirement,
    Rule,
    Verdict,
)
from landcheck.request import INTERPRETATIONS, Request
from landcheck.verdicts.decide import VerdictCodes
from landcheck.verdicts.totals import BatchResult, HangingKey

NAMED = 10  # how many verdicts a notice lists before it only counts
DRAWN = "drawn_"  # alternatives of area_basis beside the other basis: the drawn area in the place of a declared one
WHOLES = {"above_ground": ABOVE_GROUND, "far_gfa": FAR_GFA}
SHARES = tuple(f"{pool}{name}" for pool in ("", "pooled_") for name in PARTS)


def as_read(packs: Sequence[Pack], denominator: str) -> tuple[Pack, ...]:
    """The packs with their shares over the denominator taken."""
    return tuple(replace(pack, rules=tuple(over(rule, denominator) for rule in pack.rules)) for pack in packs)


def over(rule: Rule, denominator: str) -> Rule:
    """The rule with its shares over that denominator; the rule itself where it has none."""
    requires = tuple(_over(requirement, WHOLES[denominator]) for requirement in rule.requires)
    return rule if requires == rule.requires else replace(rule, requires=requires)


def _over(requirement: Requirement, whole: str) -> Requirement:
    shares = {of_whole(name, other): of_whole(name, whole) for other in WHOLES.values() for name in SHARES}
    tests = tuple(replace(test, measure=shares.get(test.measure, test.measure)) for test in requirement.any)
    if tests == requirement.any:
        return requirement
    label = requirement.label if len(tests) > 1 else measure(tests[0].measure, "parcel").label
    return replace(requirement, any=tests, label=label)


class IdSequence(Sequence[str]):
    """Ids in their order, held as Arrow holds them: a layer of a million may have as many."""

    def __init__(self, ids: pa.Array) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids.to_pylist())

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self._ids[index].to_pylist() if isinstance(index, slice) else str(self._ids[index])

    def __arrow_array__(self, type: pa.DataType | None = None) -> pa.Array:  # noqa: A002 - pyarrow's own name
        return self._ids if type is None else self._ids.cast(type)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class AlternativeReading:
    """One other way to read: the rules that may say something else under it, and their lines in the verdict matrix."""

    name: str
    choice: str
    lines: tuple[int, ...]
    rules: tuple[Rule, ...]
    reading: Reading


def alternative_readings(rules: Sequence[Rule], request: Request) -> tuple[AlternativeReading, ...]:
    """Every other way but that of the area, which needs the drawing."""
    soft = [line for line, rule in enumerate(rules) if any(r.modality is Modality.MAY for r in rule.requires)]
    found = [
        AlternativeReading("reading", reading.value, tuple(soft), tuple(rules[line] for line in soft), reading)
        for reading in Reading
        if reading is not request.reading
    ]
    for whole in (whole for whole in WHOLES if whole != request.share_denominator):
        read = {line: other for line, rule in enumerate(rules) if (other := over(rule, whole)) is not rule}
        found.append(AlternativeReading("share_denominator", whole, tuple(read), tuple(read.values()), request.reading))
    return tuple(other for other in found if other.lines)


def reads_area(rule: Rule) -> bool:
    """Whether the rule's verdict can depend on the site area."""
    return any("site_area_m2" in measure(subject, rule.per).inputs for subject in rule.subjects)


def differing(
    way: tuple[str, str], rules: Sequence[Rule], verdicts: VerdictCodes, others: VerdictCodes, ids: pa.Array
) -> Iterator[tuple[HangingKey, pa.Array]]:
    """The ids whose verdicts (rules x rows) differ by the other ``way`` to read, by rule and by the two verdicts."""
    for rule, was, now in zip(rules, verdicts, others, strict=True):
        rows = np.flatnonzero(was != now)
        pairs = was[rows] * np.int8(len(Verdict)) + now[rows]
        for pair in np.unique(pairs).tolist():
            yield (*way, rule.id, *divmod(pair, len(Verdict))), ids.take(rows[pairs == pair])


@dataclass(slots=True)
class Interpretations:
    """The subjects whose verdicts hang on how a text is read; ``drawn``: some subject has a shape."""

    request: Request
    parts: dict[HangingKey, list[pa.Array]] = field(default_factory=dict)
    drawn: bool = False

    def add(self, result: BatchResult) -> None:
        """Take in a batch."""
        self.drawn |= bool(result.drawn)
        for key, ids in result.hanging.items():
            self.parts.setdefault(key, []).append(ids)

    def merge(self, other: Interpretations) -> None:
        """Take in another part's."""
        self.drawn |= other.drawn
        for key, ids in other.parts.items():
            self.parts.setdefault(key, []).extend(ids)

    def finish(self, packs: Sequence[Pack]) -> tuple[Interpretation, ...]:
        """Each with the way taken, the others, and what hangs on them in the order of the packs' rules."""
        rules = [rule for pack in packs for rule in pack.rules]
        return tuple(self._finished(name, rules) for name in INTERPRETATIONS)

    def _finished(self, name: str, rules: Sequence[Rule]) -> Interpretation:
        taken = str(getattr(self.request, name))
        others = [choice for choice in choices(name, drawn=self.drawn) if choice != taken]
        found = (Alternative(choice, tuple(self._hanging((name, choice), rules))) for choice in others)
        return Interpretation(name, taken, tuple(found))

    def _hanging(self, way: tuple[str, str], rules: Sequence[Rule]) -> Iterator[Hanging]:
        of_way = [key for key in self.parts if key[:2] == way]
        order = {rule.id: number for number, rule in enumerate(rules)}
        for key in sorted(of_way, key=lambda key: (order[key[2]], *key[3:])):
            ids = pa.chunked_array(self.parts[key]).combine_chunks()
            named = IdSequence(ids.take(pc.array_sort_indices(ids)))
            yield Hanging(rules[order[key[2]]], Verdict(key[3]), Verdict(key[4]), named)


def choices(name: str, *, drawn: bool = True) -> tuple[str, ...]:
    """The ways in which something may be read; ``drawn``: with those of the drawn area in the place of a declared."""
    more = tuple(DRAWN + basis for basis in INTERPRETATIONS[name]) if drawn and name == "area_basis" else ()
    return (*INTERPRETATIONS[name], *more)


def area_notices(interpretations: Sequence[Interpretation]) -> Iterator[Message]:
    """The verdicts that hang on which site area is taken, the first of them by name."""
    rules: dict[str, dict[str, pa.Array]] = defaultdict(dict)
    titles: dict[str, Text] = {}
    for alternative in (a for one in interpretations if one.name == "area_basis" for a in one.alternatives):
        basis = alternative.choice.removeprefix(DRAWN)
        for hanging in alternative.hanging:
            titles[hanging.rule.id] = hanging.rule.named
            there = rules[hanging.rule.id].get(basis, pa.array([], pa.string()))
            rules[hanging.rule.id][basis] = pa.concat_arrays([there, pa.array(hanging.ids, pa.string())])
    parcels = {rule: pc.unique(pa.chunked_array(list(ids.values()))).sort() for rule, ids in sorted(rules.items())}
    if parcels:
        named = ((rule, ident) for rule, ids in parcels.items() for ident in ids[:NAMED].to_pylist())
        verdicts = [
            Message("area-decides-one", {"parcel": ident, "rule": titles[rule], "bases": _bases(rules[rule], ident)})
            for rule, ident in islice(named, NAMED)
        ]
        count = sum(map(len, parcels.values()))
        more = [Message("and-more", {"count": count - NAMED})] if count > NAMED else []
        yield Message("area-decides", {"count": count, "verdicts": [*verdicts, *more]})


def _bases(ids: Mapping[str, pa.Array], parcel: str) -> list[Message]:
    return [Message(f"area-of-{basis}") for basis, of in ids.items() if pc.index(of, parcel).as_py() >= 0]
