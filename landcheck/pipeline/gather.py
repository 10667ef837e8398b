"""Findings made from kept columns, a block at a time: a Finding exists only while somebody looks at it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from landcheck import remedies
from landcheck.decide import Sheet, out_of_force, verdicts_of
from landcheck.measures import Masks, Measure, measure
from landcheck.model import (
    Areas,
    Condition,
    Finding,
    JointRemedy,
    Kind,
    Operator,
    Outcome,
    Reading,
    Requirement,
    Rule,
    Subject,
    Test,
    Verdict,
)
from landcheck.pipeline.tally import SHOWN, Kept

BLOCK = 4096
JOINT = (
    ("far", Operator.AT_LEAST),
    ("other_use_share", Operator.AT_MOST),
    ("living_share", Operator.AT_MOST),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """What all findings of a run have in common."""

    reading: Reading
    parameters: Mapping[str, Decimal]
    everything: bool


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule, its line in the verdict matrix, and the subjects it was put to."""

    rule: Rule
    line: int
    kept: Kept | None


class Findings(Sequence[Finding]):
    """The findings to show, by rule in the pack's order, then by subject."""

    def __init__(self, ruled: Sequence[Ruled], bench: Bench) -> None:
        self._bench = bench
        self._shared = tuple(shared for one in ruled for shared in _sharing(one))
        self._plan = [(one, _shown(one, bench)) for one in ruled if one.kept is not None]

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self._plan)

    def __iter__(self) -> Iterator[Finding]:
        for ruled, rows in self._plan:
            for start in range(0, len(rows), BLOCK):
                yield from _block(ruled, rows[start : start + BLOCK], self._bench, self._shared)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        for ruled, rows in self._plan:
            if 0 <= at < len(rows):
                return next(_block(ruled, rows[at : at + 1], self._bench, self._shared))
            at -= len(rows)
        raise IndexError(index)


def _shown(ruled: Ruled, bench: Bench) -> NDArray[np.intp]:
    assert ruled.kept is not None
    verdicts = ruled.kept.verdicts[ruled.line]
    if bench.everything:
        return np.arange(len(verdicts))
    return np.flatnonzero((verdicts >= min(SHOWN)) & (verdicts <= max(SHOWN)))


def _block(ruled: Ruled, rows: NDArray[np.intp], bench: Bench, shared: Sequence[Shared]) -> Iterator[Finding]:
    rule, kept = ruled.rule, ruled.kept
    assert kept is not None
    sheet = Sheet({name: column[rows] for name, column in kept.columns.items()}, bench.parameters)
    verdicts = kept.verdicts[ruled.line, rows].tolist()
    outcomes = [_outcomes(sheet, requirement, rule.per, bench.reading) for requirement in rule.requires]
    unclear = _unclear_applicability(sheet, rule)
    areas = _areas(rule, kept, rows, sheet)
    outside = _out_of_force(sheet, rule)
    ids, places = kept.ids.take(rows).to_pylist(), kept.places[rows].tolist()
    for i, number in enumerate(kept.rows[rows].tolist()):
        verdict = Verdict(verdicts[i])
        judged = () if verdict is Verdict.NOT_APPLICABLE else tuple(outcome[i] for outcome in outcomes)
        yield Finding(
            rule=rule,
            subject=Subject(rule.per, ids[i]),
            verdict=verdict,
            requirements=judged,
            missing=_union([unclear[i], *(outcome.missing for outcome in judged)]),
            row=number + 1,
            location=None if np.isnan(places[i][0]) else (places[i][0], places[i][1]),
            areas=areas[i],
            joint=_joint(rule, kept, sheet, shared, (i, int(rows[i]))) if verdict is Verdict.FAIL else None,
            out_of_force=outside[i],
        )


def _out_of_force(sheet: Sheet, rule: Rule) -> list[str | None]:
    before, after = out_of_force(sheet.columns, rule)
    if not before.any() and not after.any():
        return [None] * len(before)
    return ["before" if early else "after" if late else None for early, late in zip(before, after, strict=True)]


@dataclass(frozen=True, slots=True)
class Shared:
    """A requirement that a joint remedy has to meet: the line of its rule in the verdict matrix, and its test."""

    rule: Rule
    line: int
    test: Test


def _sharing(ruled: Ruled) -> Iterator[Shared]:
    for requirement in ruled.rule.requires if ruled.rule.per == "parcel" else ():
        for test in requirement.any:
            if (test.measure, test.operator) in JOINT and test.number is not None:
                yield Shared(ruled.rule, ruled.line, test)


def _joint(rule: Rule, kept: Kept, sheet: Sheet, shared: Sequence[Shared], row: tuple[int, int]) -> JointRemedy | None:
    """The least change that meets all broken requirements on floor areas, where there are two or more; ``row`` in the
    sheet and among the kept."""
    if rule not in [one.rule for one in shared]:
        return None
    applying = [one for one in shared if kept.verdicts[one.line, row[1]] in (Verdict.PASS, Verdict.FAIL)]
    broken = [one for one in applying if kept.verdicts[one.line, row[1]] == Verdict.FAIL]
    if len(broken) < 2:
        return None
    limits = {one.test.measure: Decimal(repr(sheet.limit(one.test))) for one in applying}
    values = _decimals(sheet, {name for measured in limits for name in measure(measured, "parcel").inputs}, row[0])
    wanted = {"above_ground_gfa_m2", "living_gfa_m2", "other_industry_gfa_m2"}
    wanted |= {"far_gfa_m2", "site_area_m2"} if "far" in limits else set()
    return remedies.joint(limits, values) if wanted <= values.keys() else None


def _decimals(sheet: Sheet, names: Collection[str], row: int) -> dict[str, Decimal]:
    """The known numbers of one row, as they are written."""
    held = {name: float(sheet.columns[name][row]) for name in names}
    return {name: Decimal(repr(number)) for name, number in held.items() if not np.isnan(number)}


def _areas(rule: Rule, kept: Kept, rows: NDArray[np.intp], sheet: Sheet) -> Sequence[Areas | None]:
    """The areas behind each verdict of a rule that reads the site area."""
    measures = (measure(test.measure, rule.per) for r in rule.requires for test in r.any)
    if kept.drawn is None or not any("site_area_m2" in of.inputs for of in measures):
        return [None] * len(rows)
    table = np.column_stack([sheet.columns["site_area_m2"], kept.drawn[rows]])
    return [Areas(*(None if np.isnan(m2) else m2 for m2 in line)) for line in table.tolist()]


def _outcomes(sheet: Sheet, requirement: Requirement, per: str, reading: Reading) -> list[Outcome]:
    """How the requirement came out, row by row."""
    verdicts = sheet.judged(requirement, per, reading)
    unknown = verdicts == Verdict.UNDETERMINED
    ways = [_test_outcomes(sheet, test, requirement, per, reading) for test in requirement.any]
    lacking = [_lacking(sheet, test, per, unknown) for test in requirement.any]
    missing = [_union(names) for names in zip(*lacking, strict=True)]
    numbers_first = sorted(range(len(ways)), key=lambda i: requirement.any[i].number is None)
    told = [
        _spoken([way[row] for way in ways], numbers_first, Verdict(verdict), missing[row])
        for row, verdict in enumerate(verdicts.tolist())
    ]
    return [_with_ways(outcome, requirement, sheet, row, per) for row, outcome in enumerate(told)]


def _with_ways(outcome: Outcome, requirement: Requirement, sheet: Sheet, row: int, per: str) -> Outcome:
    """The outcome with what to change, where it is broken and a number can be given."""
    test = requirement.numeric
    if outcome.verdict not in (Verdict.FAIL, Verdict.REVIEW) or test is None:
        return outcome
    numbers = [name for name in measure(test.measure, per).inputs if sheet.columns[name].dtype == np.float64]
    return replace(outcome, ways=remedies.ways(test, outcome, _decimals(sheet, numbers, row)))


def _spoken(ways: list[Outcome], order: list[int], verdict: Verdict, missing: tuple[str, ...]) -> Outcome:
    """Of several ways to meet a requirement, the one that gives it its verdict speaks; a number before a word."""
    speaker = next((ways[i] for i in order if ways[i].verdict is verdict), ways[order[0]])
    return replace(speaker, verdict=verdict, missing=missing, alternatives=tuple(ways) if len(ways) > 1 else ())


def _test_outcomes(sheet: Sheet, test: Test, requirement: Requirement, per: str, reading: Reading) -> list[Outcome]:
    """How one way of meeting the requirement came out by itself, row by row."""
    of = measure(test.measure, per)
    scale = float(1 / test.scale)
    limit, measured = limit_of(sheet, test), _measured(sheet.value(of), of.kind, of.values, scale)
    verdicts = verdicts_of(sheet.holds(test, per), requirement.modality, reading)
    margins = margins_of(sheet, test, per)
    in_m2 = _in_m2(margins, of, sheet)
    return [
        Outcome(
            requirement.name, requirement.label, Verdict(verdict), value, test.operator, limit, test.unit,
            None if np.isnan(margin) else margin * scale, None if np.isnan(m2) else m2,
        )
        for verdict, value, margin, m2 in zip(
            verdicts.tolist(), measured, margins.tolist(), in_m2.tolist(), strict=True
        )
    ]  # fmt: skip


def limit_of(sheet: Sheet, test: Test) -> float | bool | tuple[str, ...]:
    """What is compared with, a number in the test's unit."""
    if isinstance(test.limit, Decimal):
        return float(sheet.parameters[test.parameter] if test.parameter else test.limit)
    return test.limit


def _measured(value: NDArray[Any], kind: Kind, words: tuple[str, ...], scale: float) -> list[float | bool | str | None]:
    if kind is Kind.ENUM:
        return [None if code < 0 else words[code] for code in value.tolist()]
    if kind is Kind.BOOL:
        return [None if tri == 0 else tri > 0 for tri in value.tolist()]
    return [None if np.isnan(number) else number for number in (value * scale).tolist()]


def margins_of(sheet: Sheet, test: Test, per: str) -> NDArray[np.float64]:
    """Distance to the limit in the measure's own unit, negative where the limit is missed; NaN if there is none."""
    value = sheet.value(measure(test.measure, per))
    if not isinstance(test.limit, Decimal):
        return np.full(len(value), np.nan)
    limit = sheet.limit(test)
    above = np.asarray(value, np.float64) - limit
    if test.operator is Operator.EQUALS:
        return -np.abs(above)
    return above if test.operator is Operator.AT_LEAST else -above


def _in_m2(margins: NDArray[np.float64], of: Measure, sheet: Sheet) -> NDArray[np.float64]:
    """The distance as an area that would close it: floor area for a FAR or share, green for the ledger."""
    if of.area:
        return margins * sheet.columns[of.area]
    return margins if of.unit == "m2" else np.full_like(margins, np.nan)


def _lacking(sheet: Sheet, test: Test, per: str, unknown: NDArray[np.bool_]) -> list[tuple[str, ...]]:
    open_here = unknown & (sheet.holds(test, per) == 0)
    return _names(measure(test.measure, per).lacks(sheet.columns), open_here)


def _unclear_applicability(sheet: Sheet, rule: Rule) -> list[tuple[str, ...]]:
    """The fields that leave open whether the rule applies, row by row; none where it surely does or does not."""
    unknown = sheet.applies(rule) == 0
    conditions = [*rule.applies, Condition("approval_date", known=True)]
    each = [_condition_lacks(sheet, condition, rule.per, unknown) for condition in conditions]
    return [_union(names) for names in zip(*each, strict=True)]


def _condition_lacks(sheet: Sheet, condition: Condition, per: str, unknown: NDArray[np.bool_]) -> list[tuple[str, ...]]:
    lacks = measure(condition.subject, per).lacks(sheet.columns)
    open_here = unknown if condition.known else unknown & (sheet.condition(condition, per) == 0)
    return _names(lacks, open_here)


def _names(lacks: Masks, where: NDArray[np.bool_]) -> list[tuple[str, ...]]:
    masks = [(name, (mask & where).tolist()) for name, mask in lacks.items()]
    return [tuple(name for name, mask in masks if mask[row]) for row in range(len(where))]


def _union(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in names for name in group))
