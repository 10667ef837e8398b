"""The rules for one kind of subject, put to a batch: measure, decide, and what the verdicts would be read otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.normalise import unreadable_rows
from landcheck.geometry.crs.frame import lonlat
from landcheck.measures import MEASURES, UNREAD, Columns, cells_of, measure
from landcheck.messages import Message
from landcheck.model import OPEN, Batch, Origin, Pack, Rule, Validity, Verdict
from landcheck.request import Request
from landcheck.verdicts.decide import RECORDED, Evaluation, VerdictCodes, judge, rules_per
from landcheck.verdicts.headroom import Rooms, bounds
from landcheck.verdicts.held_columns import held_once
from landcheck.verdicts.interpretations import DRAWN, alternative_readings, differing, reads_area
from landcheck.verdicts.reliance import FALLBACK, RESTING, Reliance
from landcheck.verdicts.totals import BatchResult, HangingKey, ReportRows


class RuleSet:
    """The rules of all packs for one kind of subject, in the packs' order; ``columns`` are those that they read."""

    def __init__(self, packs: Sequence[Pack], per: str, request: Request, parameters: Mapping[str, Decimal]) -> None:
        self.per, self.request, self.parameters = per, request, parameters
        self.rules = rules_per(packs, per)
        self.columns = _read_by(self.rules) | {UNREAD}
        self.reliance = Reliance(self.rules)
        self.readings = alternative_readings(self.rules, request)
        self.bounds = bounds(self.rules)
        self.area_lines = [line for line, rule in enumerate(self.rules) if reads_area(rule)]

    def judge(self, result: BatchResult) -> None:
        """Every rule on every row of a completed batch, and the rows that the report shows."""
        columns, ids = result.batch.columns, result.ids
        columns[UNREAD] = _unread_cells(result.batch, self.per)
        result.rules, result.verdicts = self.rules, self._verdicts(self.rules, columns)
        filled = result.counts.of(FALLBACK)
        result.counts.count(RESTING, self.reliance.resting(result.batch, filled, result.verdicts))
        for other in self.readings:
            others = judge(other.rules, columns, len(ids), other.reading, self.parameters)
            given = result.verdicts[list(other.lines)]
            result.hanging |= differing((other.name, other.choice), other.rules, given, others, ids)
        if result.drawn:
            result.hanging |= self._by_area(result)
        result.selected = self._rows(result, self._wanted(result))

    def find_rooms(self, result: BatchResult) -> None:
        """The headroom of every row of a judged batch; with what is missing where each is to be told."""
        columns = result.batch.columns
        rooms = Rooms(self.bounds, Evaluation(columns, self.parameters), len(result.ids))
        result.rooms = {use: rooms.of(use) for use in self.bounds}
        if self.request.headroom:
            result.explained = {use: rooms.explained(use) for use in self.bounds}

    def _verdicts(self, rules: Sequence[Rule], columns: Columns) -> VerdictCodes:
        return judge(rules, columns, len(columns["approval_date"]), self.request.reading, self.parameters)

    def _by_area(self, result: BatchResult) -> Iterator[tuple[HangingKey, pa.Array]]:
        """The site area taken otherwise: as drawn where one is declared, by the other basis where none is."""
        rules, given = [self.rules[line] for line in self.area_lines], result.verdicts[self.area_lines]
        columns, site = result.batch.columns, result.batch.columns["site_area_m2"]
        origins = result.batch.origins.get("site_area_m2", np.int8(Origin.LAYER))
        undeclared = (np.isnan(site) & (origins != Origin.UNREADABLE)) | (origins == Origin.ASSUMED)
        for basis, area in result.drawn.items():
            known = ~np.isnan(area) & ~np.isnan(site)
            others = self._verdicts(rules, {**columns, "site_area_m2": np.where(known, area, site)})
            settled = known & (given != Verdict.UNDETERMINED) & (others != Verdict.UNDETERMINED)
            drawn = np.where(settled, others, given)
            result.flips += [(_flip(rule, basis), flip) for rule, flip in zip(rules, drawn != given, strict=True)]
            way = ("area_basis", DRAWN + basis)
            yield from differing(way, rules, given, np.where(undeclared, given, drawn), result.ids)
            if self.request.assume and basis != self.request.area_basis and undeclared.any():
                taken = np.where(undeclared, np.where(area > 0, area, np.nan), site)
                others = self._verdicts(rules, {**columns, "site_area_m2": taken})
                yield from differing(("area_basis", basis), rules, given, others, result.ids)

    def _wanted(self, result: BatchResult) -> NDArray[np.intp]:
        """The rows that the report shows: of the one parcel asked for, else all, or those that some rule flagged."""
        verdicts, request = result.verdicts, self.request
        if request.only is not None and self.per == "parcel":
            return np.flatnonzero(pc.equal(result.ids, pa.scalar(request.only)).to_numpy(zero_copy_only=False))
        if request.show_all:
            return np.arange(verdicts.shape[1])
        return np.flatnonzero(((verdicts >= min(OPEN)) & (verdicts <= max(OPEN))).any(axis=0))

    def _rows(self, result: BatchResult, rows: NDArray[np.intp]) -> ReportRows:
        places = np.broadcast_to(np.nan, (len(rows), 2))
        if result.shapes is not None:
            x, y = result.shapes.centroids(rows).T
            places = lonlat(x, y, result.frame)
        columns = {name: held_once(result.batch.columns[name][rows]) for name in self.columns}
        drawn = np.column_stack([area[rows] for area in result.drawn.values()]).round(2) if result.drawn else None
        number = result.batch.first_row + rows
        parks = result.batch.texts["park_id"] if self.per == "parcel" else pa.nulls(result.batch.rows, pa.string())
        return ReportRows(
            result.ids.take(rows), parks.take(rows), number, result.verdicts[:, rows], columns, places, drawn
        )


def _read_by(rules: Sequence[Rule]) -> frozenset[str]:
    """The columns that some rule reads."""
    subjects = {(subject, rule.per) for rule in rules for subject in rule.subjects}
    names = {name for subject, per in subjects for name in measure(subject, per).inputs}
    areas = {m.area for m in MEASURES.values() if m.area and (m.name, "parcel") in subjects}
    stated = {RECORDED for rule in rules if rule.validity is Validity.STATED and rule.per == "parcel"}
    return frozenset(names | areas | stated | {"approval_date"})


def _unread_cells(batch: Batch, per: str) -> NDArray[np.int64]:
    """A bit for each cell of a row that cannot be read."""
    bits = np.zeros(batch.rows, np.int64)
    for bit, name in enumerate(cells_of(per)):
        if (rows := unreadable_rows(batch, name)).any():
            bits |= rows.astype(np.int64) << bit
    return bits


def _flip(rule: Rule, basis: str) -> Message:
    """The verdict of a rule over another area."""
    return Message("area-flip", {"rule": rule.named, "basis": Message(f"area-of-{basis}")})
