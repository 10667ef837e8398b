"""Parcels added up by park, district, land class and rule, and their headroom: one pass of sums a batch.

Areas are added in whole hundredths of a m², which floating point does without a remainder: order and size of the
batches change nothing. What is kept is a line a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.measures import far
from landcheck.model import USES, Batch, GroupRoom, Headroom, Role, Rollup, Rule, UseRoom, Verdict
from landcheck.verdicts.decide import Mask, VerdictCodes
from landcheck.verdicts.exact import Numbers
from landcheck.verdicts.totals import BatchResult

Key = tuple[str | None, str | None, str | None]  # park, district, land class
Sums = NDArray[np.float64]

STEPS = 100  # of a m²
LAND, OTHERS = "site_area_m2", ("above_ground_gfa_m2", "far_gfa_m2")
VERDICTS, STATES = len(Verdict), 4
KNOWN, FREE, UNKNOWN, POOLED = range(STATES)
Codes = NDArray[np.int64]


class Line(NamedTuple):
    """What is added up of some parcels, and the least and the greatest FAR among them."""

    sums: Sums
    lowest: float
    highest: float

    def plus(self, other: Line) -> Line:
        """Both together."""
        return Line(self.sums + other.sums, min(self.lowest, other.lowest), max(self.highest, other.highest))


@dataclass(slots=True)
class Rollups:
    """The parcels of a run by park, district and land class together, and by rule."""

    rules: Sequence[Rule]
    groups: dict[Key, Line] = field(default_factory=dict)
    by_rule: dict[str, Line] = field(default_factory=dict)

    def add(self, result: BatchResult) -> None:
        """Add a batch that was judged and whose headroom is known."""
        amounts = _amounts(result)
        for key, line in _grouped(result, amounts):
            _put(self.groups, key, line)
        for rule, verdicts in zip(self.rules, result.verdicts, strict=True):
            if (of_rule := _of_rule(verdicts, amounts)) is not None:
                _put(self.by_rule, rule.id, of_rule)

    def merge(self, other: Rollups) -> None:
        """Take in another part's."""
        for key, line in other.groups.items():
            _put(self.groups, key, line)
        for rule, line in other.by_rule.items():
            _put(self.by_rule, rule, line)

    def finish(self) -> tuple[Rollup, ...]:
        """Every group, by park, district, land class and rule."""
        return tuple(self._finished())

    def _finished(self) -> Iterator[Rollup]:
        classes = catalogue_field(Role.PARCELS, "land_class").values
        for place, by in enumerate(("park", "district", "land_class")):
            found: dict[str | None, Line] = {}
            for key, line in self.groups.items():
                _put(found, key[place], line)
            ranks = {name: number for number, name in enumerate(classes)} if by == "land_class" else {}
            order = sorted(found, key=lambda name: (name is None, ranks.get(name or "", 0), name or ""))
            yield from (_rollup(by, name, found[name]) for name in order)
        whole = np.sum([line.sums[: 2 * VERDICTS] for line in self.groups.values()], axis=0).reshape(2, -1).sum(axis=1)
        for rule in (rule.id for rule in self.rules if rule.id in self.by_rule):
            sums = self.by_rule[rule].sums.copy()
            spoken = sums[: 2 * VERDICTS].reshape(2, -1)
            spoken[:, Verdict.NOT_APPLICABLE] = whole - spoken.sum(axis=1)
            yield _rollup("rule", rule, self.by_rule[rule]._replace(sums=sums))


K = TypeVar("K")


def _put(lines: dict[K, Line], key: K, line: Line) -> None:
    lines[key] = lines[key].plus(line) if key in lines else line


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Of each row: land, and what else is added up (9 x rows), in steps; FAR, NaN unknown."""

    land: Sums
    others: Sums
    far: Numbers


def _amounts(result: BatchResult) -> _Amounts:
    """Open verdicts; land unknown; each floor area and where it is unknown; FAR times land, its land, FAR unknown."""
    columns = result.batch.columns
    land, ratio = columns[LAND], far(columns)
    both = np.isfinite(land) & np.isfinite(ratio)
    rows = [np.count_nonzero(result.verdicts == Verdict.UNDETERMINED, axis=0), np.isnan(land)]
    for name in OTHERS:
        rows += [_steps(columns[name]), np.isnan(columns[name])]
    steps = _steps(land)
    rows += [np.where(both, _steps(ratio * land), 0), np.where(both, steps, 0), np.isnan(ratio)]
    return _Amounts(steps, np.array(rows, np.float64), ratio)


def _steps(column: Numbers) -> Numbers:
    steps: Numbers = np.rint(np.where(np.isfinite(column), column, 0) * STEPS)
    return steps


def _grouped(result: BatchResult, amounts: _Amounts) -> Iterator[tuple[Key, Line]]:
    codes, keys = _groups(result.batch)
    count, gravest = len(keys), _gravest(result.verdicts)
    sums = [_counts(codes, gravest, count, VERDICTS), _counts(codes, gravest, count, VERDICTS, amounts.land)]
    sums.append(np.stack([_added(codes, row, count) for row in amounts.others], axis=1))
    sums += [_of_use(codes, sums[0].sum(axis=1), *result.rooms[use]) for use in USES]
    lowest, highest = np.full(count, np.inf), np.full(count, -np.inf)
    np.fmin.at(lowest, codes, amounts.far)
    np.fmax.at(highest, codes, amounts.far)
    for number, key in enumerate(keys):
        yield key, Line(np.concatenate([part[number] for part in sums]), lowest[number], highest[number])


def _of_use(codes: Codes, parcels: Sums, room: Numbers, short: Numbers, pooled: Mask) -> Sums:
    """By group: parcels by state, what may be added, must go and must be built, and of how many that is unknown."""
    limited, count = np.flatnonzero(~(np.isinf(room) & (short == 0))), len(parcels)
    codes, room, short = codes[limited], room[limited], short[limited]
    state = np.where(np.isinf(room), FREE, np.where(np.isnan(room), UNKNOWN + pooled[limited], KNOWN))
    states = _counts(codes, state, count, STATES)
    states[:, FREE] += parcels - np.bincount(codes, minlength=count)
    held = np.where(state == KNOWN, room, 0)
    each = (_steps(np.maximum(held, 0)), _steps(np.maximum(-held, 0)), _steps(short), np.isnan(short))
    return np.column_stack([states, *(_added(codes, row, count) for row in each)])


def _gravest(verdicts: VerdictCodes) -> NDArray[np.int8]:
    """The gravest verdict of each row; not applicable only where every rule says so."""
    ranked = ((verdicts + np.int8(1)) % np.int8(VERDICTS)).max(axis=0, initial=0)
    return np.asarray((ranked + Verdict.NOT_APPLICABLE) % VERDICTS, np.int8)


def _counts(codes: Codes, kinds: NDArray[np.integer], count: int, many: int, weights: Sums | None = None) -> Sums:
    return np.bincount(codes * many + kinds, weights, count * many).astype(np.float64).reshape(count, many)


def _added(codes: Codes, row: NDArray[Any], count: int) -> Sums:
    return np.asarray(np.bincount(codes, row, count), np.float64) if row.any() else np.zeros(count)


def _groups(batch: Batch) -> tuple[Codes, list[Key]]:
    """The number of its group for each row, and the keys of the groups."""
    classes = batch.columns["land_class"], catalogue_field(Role.PARCELS, "land_class").values
    axes = [*(_texts(batch.texts[name]) for name in ("park_id", "district")), classes]
    sizes = [len(names) + 1 for _, names in axes]
    codes = np.ravel_multi_index([numbers.astype(np.int64) + 1 for numbers, _ in axes], sizes)
    there, codes = np.unique(codes, return_inverse=True) if np.prod(sizes) > 4 * batch.rows else _present(codes)
    at = np.unravel_index(there, sizes)
    named = [[(None, *names)[one] for one in axis.tolist()] for (_, names), axis in zip(axes, at, strict=True)]
    return codes, list(zip(*named, strict=True))


def _present(codes: Codes) -> tuple[Codes, Codes]:
    """As ``np.unique`` with the inverse, of small numbers: without sorting them."""
    there = np.bincount(codes) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


def _texts(column: pa.Array) -> tuple[Codes, Sequence[str]]:
    """The number of each text among those there are, -1 for none."""
    if column.null_count == len(column):
        return np.full(len(column), -1), ()
    coded = column.dictionary_encode()
    return pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), coded.dictionary.to_pylist()


def _of_rule(verdicts: VerdictCodes, amounts: _Amounts) -> Line | None:
    """The parcels that the rule speaks of, those alone; None where there are none."""
    rows = np.flatnonzero(verdicts != Verdict.NOT_APPLICABLE)
    if not len(rows):
        return None
    of_rows, ratio, land = verdicts[rows], amounts.far[rows], amounts.land[rows]
    counts, areas = (np.bincount(of_rows, weights, VERDICTS) for weights in (None, land))
    others = amounts.others[:, rows].sum(axis=1)
    others[0] = counts[Verdict.UNDETERMINED]
    lowest, highest = np.fmin.reduce(ratio, initial=np.inf), np.fmax.reduce(ratio, initial=-np.inf)
    return Line(np.concatenate([counts, areas, others]), lowest, highest)


def _rollup(by: str, key: str | None, line: Line) -> Rollup:
    verdicts, land, others, rest = np.split(line.sums, [VERDICTS, 2 * VERDICTS, 2 * VERDICTS + 9])
    counted = slice(None, Verdict.NOT_APPLICABLE if by == "rule" else None)
    asked, land_unknown, above, above_unknown, floor, floor_unknown, far_land, land_of_far, far_unknown = (
        others.tolist()
    )
    found = np.isfinite(line.lowest)
    return Rollup(
        by, key, int(verdicts[counted].sum()), tuple(map(int, verdicts)), tuple((land / STEPS).tolist()), int(asked),
        float(land[counted].sum()) / STEPS, int(land_unknown), above / STEPS, int(above_unknown), floor / STEPS,
        int(floor_unknown), far_land / land_of_far if land_of_far else None,
        float(line.lowest) if found else None, float(line.highest) if found else None, int(far_unknown),
        dict(zip(USES, map(_room, rest.reshape(-1, 2 * STATES)), strict=True)) if len(rest) else {},
    )  # fmt: skip


def _room(sums: Sums) -> GroupRoom:
    known, free, unknown, pooled, may, over, short, short_unknown = sums.tolist()
    areas = (may / STEPS, over / STEPS, short / STEPS)
    return GroupRoom(*areas, *map(int, (known, free, unknown, pooled, short_unknown)))


@dataclass(slots=True)
class ParcelRooms:
    """The headroom of every parcel, batch by batch, where a report is to state it."""

    parts: list[tuple[int, pa.Array, Mapping[str, UseRoom]]] = field(default_factory=list)

    def add(self, result: BatchResult) -> None:
        """Keep a batch's."""
        self.parts.append((result.batch.first_row, result.ids, result.explained))

    def merge(self, other: ParcelRooms) -> None:
        """Take in another part's."""
        self.parts += other.parts

    def finish(self) -> Headroom:
        """That of all parcels in the order of the rows."""
        parts = sorted(self.parts, key=lambda part: part[0])
        rows = [np.arange(first, first + len(ids)) for first, ids, _ in parts]
        uses = {use: _joined([explained[use] for _, _, explained in parts]) for use in USES}
        return Headroom(pa.chunked_array([ids for _, ids, _ in parts]).combine_chunks(), np.concatenate(rows), uses)


def _joined(parts: Sequence[UseRoom]) -> UseRoom:
    numbers: dict[tuple[str, ...], int] = {}
    codes = [np.array([numbers.setdefault(names, len(numbers)) for names in part.names], np.intp)[part.missing]
             for part in parts]  # fmt: skip
    room, short, pooled = (np.concatenate(column) for column in zip(*(part[:3] for part in parts), strict=True))
    return UseRoom(room, short, pooled, np.concatenate(codes), tuple(numbers))
