"""Which verdicts the waivers of a register cover: an accumulator over batches, and the fingerprint for a new waiver.

Only what an entry speaks of is looked at: parcels found by their id, and parcels that meet an area.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landcheck.errors import InputError, UsageError
from landcheck.exceptions.register import Register, Waiver
from landcheck.facts.companions import nearest_ids
from landcheck.facts.mapped import open_layers
from landcheck.geometry.crs.frame import Frame
from landcheck.geometry.shapes.batch import Shapes, objects
from landcheck.geometry.shapes.fingerprint import fingerprint
from landcheck.measures import TOLERANCE
from landcheck.model import OPEN, UNMET, Batch, Reading, Role, Verdict
from landcheck.request import Request
from landcheck.rulebook import find_rule, load_packs
from landcheck.verdicts.decide import Evaluation
from landcheck.verdicts.outcomes import margin
from landcheck.verdicts.totals import BatchResult

SHARE = 0.001  # of a shape: less of it in an area is a boundary shared
TYPES = {Role.PARCELS: ("parcel", "parcel_id"), Role.PARKS: ("park", "park_id")}


@dataclass(frozen=True, slots=True)
class WaiverSubject:
    """A subject that an entry speaks of. ``row`` counts from 1.

    ``open``: a requirement of the rule lacks a fact, whatever the verdict. ``inside``: wholly in the entry's area, None
    where that cannot be told. ``mark``: the fingerprint of its shape, where the entry names it and it has one.
    ``grown``: a requirement, the value of it that was waived, and the worse one there is now.
    """

    id: str
    row: int
    verdict: Verdict
    open: bool
    mark: str | None
    inside: bool | None
    grown: tuple[str, float, float] | None = None


@dataclass(slots=True)
class Waivers:
    """Who the entries speak of, batch by batch; ``inside`` counts the parcels wholly in an entry's area."""

    register: Register
    reading: Reading
    parameters: Mapping[str, Decimal]
    seen: list[list[WaiverSubject]] = field(init=False)
    inside: list[int] = field(init=False)
    unplaced: set[int] = field(default_factory=set)
    moved: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seen = [[] for _ in self.register.entries]
        self.inside = [0] * len(self.register.entries)

    def add(self, result: BatchResult) -> None:
        """Take in a batch of parcels, or the parks."""
        batch, shapes = result.batch, result.shapes
        kind, name = TYPES[batch.role]
        by_rule = dict(zip([rule.id for rule in result.rules], result.verdicts, strict=True))
        judged = JudgedBatch(batch, batch.texts[name], shapes, by_rule, self)
        entries = [(at, e) for at, e in enumerate(self.register.entries) if e.type == kind and e.rule_id in by_rule]
        for at, entry in entries:
            if entry.area is not None and at not in self.moved:
                self._place(at, entry, result.frame)
        self._named([pair for pair in entries if pair[1].subject is not None], judged)
        for at, entry in entries:
            if entry.subject is None and self.moved.get(at) is not None and shapes is not None:
                self._in_area(at, entry, judged)

    def merge(self, other: Waivers) -> None:
        """Take in another partition's."""
        self.seen = [mine + theirs for mine, theirs in zip(self.seen, other.seen, strict=True)]
        self.inside = [mine + theirs for mine, theirs in zip(self.inside, other.inside, strict=True)]
        self.unplaced |= other.unplaced

    def _place(self, at: int, entry: Waiver, frame: Frame | None) -> None:
        assert entry.area is not None
        self.moved[at] = None if frame is None else entry.area.within(frame)
        if self.moved[at] is None:
            self.unplaced.add(at)
        else:
            shapely.prepare(self.moved[at])

    def _named(self, entries: Sequence[tuple[int, Waiver]], judged: JudgedBatch) -> None:
        names = pa.array(sorted({str(entry.subject) for _, entry in entries}), pa.string())
        place = pc.fill_null(pc.index_in(judged.ids, value_set=names), -1).to_numpy(zero_copy_only=False)
        rows: dict[str, list[int]] = {}
        for row in np.flatnonzero(place >= 0).tolist():
            rows.setdefault(names[int(place[row])].as_py(), []).append(row)
        for at, entry in entries:
            met = np.array(rows.get(str(entry.subject), ()), np.intp)
            self.seen[at] += judged.seen(entry, met, judged.inside(met, self.moved.get(at)))

    def _in_area(self, at: int, entry: Waiver, judged: JudgedBatch) -> None:
        assert judged.shapes is not None
        area = self.moved[at]
        west, south, east, north = judged.shapes.bounds().T
        box = shapely.bounds(area)
        with np.errstate(invalid="ignore"):
            near = np.flatnonzero((west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1]))
        geoms = judged.shapes.geoms(near)
        whole = shapely.covers(area, geoms)
        self.inside[at] += int(whole.sum())
        verdicts = judged.verdicts[entry.rule_id][near]
        told = np.isin(verdicts, OPEN) & (whole | _shares(area, geoms))
        self.seen[at] += judged.seen(entry, near[told], whole[told].tolist())


@dataclass(frozen=True, slots=True)
class JudgedBatch:
    """A batch with its verdicts, rule by rule."""

    batch: Batch
    ids: pa.Array
    shapes: Shapes | None
    verdicts: Mapping[str, NDArray[np.int8]]
    run: Waivers

    def seen(self, entry: Waiver, rows: NDArray[np.intp], inside: Sequence[bool | None]) -> list[WaiverSubject]:
        """The subjects of those rows as the entry meets them."""
        found, verdicts, grown = [], self.verdicts[entry.rule_id][rows].tolist(), self._grown(entry, rows)
        for row, verdict, lacks, lies, worse in zip(
            rows.tolist(), verdicts, self._open(entry, rows), inside, grown, strict=True
        ):
            number = self.batch.first_row + row + 1
            mark = None if entry.subject is None else _fingerprint(self.batch, row)
            ident = self.ids[row].as_py() or f"#{number}"
            found.append(WaiverSubject(ident, number, Verdict(verdict), lacks, mark, lies, worse))
        return found

    def inside(self, rows: NDArray[np.intp], area: Any | None) -> list[bool | None]:
        """Whether each lies wholly in the area; None where there is no area or no shape."""
        if area is None or self.shapes is None:
            return [None] * len(rows)
        return [None if geom is None else bool(shapely.covers(area, geom)) for geom in self.shapes.geoms(rows)]

    def _open(self, entry: Waiver, rows: NDArray[np.intp]) -> list[bool]:
        """Where some requirement of the rule lacks a fact: a waiver must not hide that."""
        assert entry.rule is not None
        if not len(rows):
            return []
        evaluation = self._evaluation(rows)
        judged = [evaluation.judged(one, entry.rule.per, self.run.reading) for one in entry.rule.requires]
        lacking = np.any([one == Verdict.UNDETERMINED for one in judged], axis=0)
        open_here: list[bool] = (lacking & np.isin(self.verdicts[entry.rule_id][rows], UNMET)).tolist()
        return open_here

    def _evaluation(self, rows: NDArray[np.intp]) -> Evaluation:
        columns = {name: column[rows] for name, column in self.batch.columns.items()}
        return Evaluation(columns, self.run.parameters)

    def _grown(self, entry: Waiver, rows: NDArray[np.intp]) -> list[tuple[str, float, float] | None]:
        """Where a value is worse than the one that was waived."""
        assert entry.rule is not None
        found: list[tuple[str, float, float] | None] = [None] * len(rows)
        if not entry.measured or not len(rows):
            return found
        evaluation = self._evaluation(rows)
        for requirement in entry.rule.requires:
            test, was = requirement.numeric, entry.measured.get(requirement.name)
            if test is None or was is None:
                continue
            scale, limit = float(1 / test.scale), evaluation.limit(test)
            now = np.asarray(evaluation.measured(test, entry.rule.per), np.float64) * scale
            then = margin(np.full_like(now, was), test.operator, limit * scale) - TOLERANCE * max(1.0, abs(was))
            for at in np.flatnonzero(margin(now, test.operator, limit * scale) < then).tolist():
                found[at] = (requirement.name, was, float(now[at]))
        return found


def _shares(area: Any, geoms: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which shapes have some of their ground in the area: more than what its slack makes of a shared boundary."""
    part = shapely.area(shapely.intersection(area, geoms))
    shares: NDArray[np.bool_] = part > SHARE * shapely.area(geoms)
    return shares


def _fingerprint(batch: Batch, row: int) -> str | None:
    return None if batch.wkb is None else fingerprint(objects(batch.wkb.slice(row, 1))[0])


def current_fingerprint(request: Request, rule: str, kind: str, subject: str) -> str | None:
    """What a new waiver has to say of a parcel or park: the fingerprint as it is drawn now, None without a shape.

    UsageError where the rule does not speak of such a subject, InputError where it is not there or not unique.
    """
    if find_rule(load_packs(request.packs), rule).per != kind:
        raise UsageError("waiver-new-other-subject", rule=rule, option="park" if kind == "parcel" else "parcel")
    layer = open_layers(replace(request, waivers=None)).get(f"{kind}s")
    if layer is None:
        raise UsageError("waiver-new-no-parks")
    marks, known = [], []
    for batch in layer.batches(request):
        ids = batch.texts[TYPES[batch.role][1]]
        known.append(ids)
        met = pc.fill_null(pc.equal(ids, pa.scalar(subject)), False)
        marks += [_fingerprint(batch, int(row)) for row in np.flatnonzero(met.to_numpy(zero_copy_only=False))]
    if len(marks) > 1:
        raise InputError("waiver-new-unique", file=layer.file, id=subject)
    if not marks:
        near = nearest_ids(subject, pa.chunked_array(known, pa.string()).combine_chunks())
        raise InputError("waiver-new-none", file=layer.file, id=subject, ids=near)
    return marks[0]
