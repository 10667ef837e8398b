"""What a run drew, as its JSON keeps it when asked to, and read back: maps and layers without the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec.structs import asdict
from pyproj.exceptions import CRSError

from landcheck.geometry.shapes.packing import POINTS_AT_MOST, pack, packed, steps_per_unit, unpack, unpacked
from landcheck.model import DataFinding, Drawing, DrawnRows, Verdict
from landcheck.report.result.line import array, line
from landcheck.report.result.types import BatchRecord, DrawingRecord, DrawnRecord, GroundsRecord

SUBJECTS = ("parcel", "park")
# a verdict by its first letter, in the order of ``Verdict``
LETTERS = np.frombuffer("".join(verdict.word[0] for verdict in Verdict).encode(), np.uint8)


@dataclass(frozen=True, slots=True)
class KeptDrawing:
    """Implements :class:`landcheck.model.Drawing` over what was saved."""

    systems: Mapping[str, str | None]
    batches: Mapping[str, tuple[DrawnRows, ...]]

    def crs(self, subject: str) -> str | None:
        """The coordinate system as WKT; None where it is unknown."""
        return self.systems.get(subject)

    def of(self, subject: str) -> Iterator[DrawnRows]:
        """The subjects batch by batch."""
        yield from self.batches.get(subject, ())


def pieces(drawing: Drawing, data: Sequence[DataFinding]) -> Iterator[str | bytes]:
    """A :class:`DrawingRecord`, a batch a line."""
    yield "{\n"
    for subject in SUBJECTS:
        wkt = drawing.crs(subject)
        steps = steps_per_unit(wkt)
        yield f'"{subject}": {line({"crs": wkt, "steps_per_unit": steps}).removesuffix("}")}, '
        yield from array("batches", (_packed(batch, steps) for batch in drawing.of(subject)))
        yield "},\n"
    at = np.array([place for place, fault in enumerate(data) if fault.shape is not None], np.int64)
    shapes = pa.array([data[place].shape for place in at.tolist()], pa.binary())
    grounds = GroundsRecord(packed(at), **pack(shapes, steps_per_unit(drawing.crs("parcel"))))
    yield f'"grounds": {line(grounds)}\n}}'


def _packed(batch: DrawnRows, steps: int) -> BatchRecord:
    letters = (line.tobytes().decode() for line in LETTERS[batch.verdicts])
    verdicts = dict(zip(batch.rules, letters, strict=True))
    return BatchRecord(list(batch.ids), packed(batch.rows + 1), verdicts, **pack(batch.wkb, steps))


def drawing_of(saved: DrawingRecord, rules: Mapping[str, tuple[str, ...]], subjects: Mapping[str, int]) -> KeptDrawing:
    """The drawing again. ``rules`` and ``subjects``: of each kind, which rules and how many subjects there must be.

    ValueError, naming the key, for what is damaged.
    """
    systems, drawn, most = {}, dict[str, tuple[DrawnRows, ...]](), POINTS_AT_MOST
    for subject in SUBJECTS:
        kind: DrawnRecord = getattr(saved, subject)
        systems[subject] = _system(kind, subject)
        batches = list[DrawnRows]()
        for number, batch in enumerate(kind.batches):
            where = f"{subject}.batches[{number}]"
            rows, points = _batch(batch, kind.steps_per_unit, rules[subject], where, most)
            batches.append(rows)
            most -= points
        drawn[subject] = tuple(batches)
        if drawn[subject] and sum(len(batch.ids) for batch in drawn[subject]) != subjects.get(subject):
            raise ValueError(f"{subject}.batches: id")
    return KeptDrawing(systems, drawn)


def grounds_of(saved: GroundsRecord, drawing: Drawing, findings: int) -> dict[int, bytes]:
    """The ground of data findings as WKB, by their place in ``data``. ValueError for what is damaged."""
    at = unpacked(saved.finding, findings)
    shapes, _ = unpack(asdict(saved), steps_per_unit(drawing.crs("parcel")), findings, POINTS_AT_MOST)
    if len(at) != len(shapes) or not ((at >= 0) & (at < findings)).all():
        raise ValueError("grounds: finding")
    return {place: wkb for place, wkb in zip(at.tolist(), shapes.to_pylist(), strict=True) if wkb is not None}


def _system(kind: DrawnRecord, subject: str) -> str | None:
    try:
        steps = steps_per_unit(kind.crs)
    except (CRSError, RecursionError) as error:
        raise ValueError(f"{subject}.crs: {error}") from error
    if kind.steps_per_unit != steps:
        raise ValueError(f"{subject}.steps_per_unit: {kind.steps_per_unit}")
    return kind.crs


def _batch(saved: BatchRecord, steps: int, rules: tuple[str, ...], where: str, most: int) -> tuple[DrawnRows, int]:
    try:
        rows = unpacked(saved.row, len(saved.id)) - 1
        shapes, points = unpack(asdict(saved), steps, len(saved.id), most)
        if {len(rows), len(shapes)} != {len(saved.id)} or (np.diff(rows, prepend=-1) < 1).any():
            raise ValueError("row")
        if set(saved.verdicts) != set(rules):
            raise ValueError("verdicts")
        verdicts = np.stack([_verdicts(saved.verdicts[rule], rule, len(rows)) for rule in rules])
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{where}: {error}") from error
    return DrawnRows(tuple(saved.id), rows, shapes, rules, verdicts), points


def _verdicts(letters: str, rule: str, rows: int) -> Any:
    found = np.frombuffer(letters.encode(), np.uint8)[:, None] == LETTERS
    if len(found) != rows or not found.any(axis=1).all():
        raise ValueError(f"verdicts.{rule}")
    return found.argmax(axis=1).astype(np.int8)
