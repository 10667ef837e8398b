"""What a run drew, as its JSON keeps it when asked to, and read back: maps and layers without the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
from pyproj.exceptions import CRSError

from landcheck.geometry.shapes.packing import pack, packed, steps_per_unit, unpack, unpacked
from landcheck.model import DataFinding, Drawing, DrawnRows, Verdict

Json = Mapping[str, Any]

SUBJECTS = ("parcel", "park")
# a verdict by its first letter, in the order of ``Verdict``
LETTERS = "".join(verdict.word[0] for verdict in Verdict).encode()


@dataclass(frozen=True, slots=True)
class Kept:
    """Implements :class:`landcheck.model.Drawing` over what was saved."""

    systems: Mapping[str, str | None]
    batches: Mapping[str, tuple[DrawnRows, ...]]

    def crs(self, subject: str) -> str | None:
        """The coordinate system as WKT; None where it is unknown."""
        return self.systems.get(subject)

    def of(self, subject: str) -> Iterator[DrawnRows]:
        """The subjects batch by batch."""
        yield from self.batches.get(subject, ())


def head(drawing: Drawing, subject: str) -> dict[str, Any]:
    """The coordinate system of one kind of subject, and how fine its coordinates are kept."""
    wkt = drawing.crs(subject)
    return {"crs": wkt, "steps_per_unit": steps_per_unit(wkt)}


def batches(drawing: Drawing, subject: str) -> Iterator[dict[str, Any]]:
    """The subjects of a kind with verdicts and shapes; ``row`` packs their rows from 1."""
    steps = steps_per_unit(drawing.crs(subject))
    letters = np.frombuffer(LETTERS, np.uint8)
    for batch in drawing.of(subject):
        told = letters[batch.verdicts]
        yield {
            "id": batch.ids,
            "row": packed(batch.rows + 1),
            "verdicts": {rule: line.tobytes().decode() for rule, line in zip(batch.rules, told, strict=True)},
            **pack(batch.wkb, steps),
        }


def grounds(drawing: Drawing, data: Sequence[DataFinding]) -> dict[str, Any]:
    """The ground that data findings speak of, in the parcels' system; ``finding`` packs their places in ``data``."""
    at = np.array([place for place, fault in enumerate(data) if fault.shape is not None], np.int64)
    shapes = pa.array([data[place].shape for place in at.tolist()], pa.binary())
    return {"finding": packed(at), **pack(shapes, steps_per_unit(drawing.crs("parcel")))}


def drawing_of(saved: Json, rules: Mapping[str, tuple[str, ...]], subjects: Mapping[str, int]) -> Kept:
    """The drawing again. ``rules`` and ``subjects``: of each kind, which rules and how many subjects there must be.

    ValueError, naming the key, for what is damaged.
    """
    systems, drawn = {}, {}
    for subject in SUBJECTS:
        kind = saved[subject]
        systems[subject], steps = _system(kind, subject), kind["steps_per_unit"]
        drawn[subject] = tuple(
            _told(_batch, f"{subject}.batches[{number}]", batch, steps, rules[subject])
            for number, batch in enumerate(kind["batches"])
        )
        if drawn[subject] and sum(len(batch.ids) for batch in drawn[subject]) != subjects.get(subject):
            raise ValueError(f"{subject}.batches: id")
    return Kept(systems, drawn)


def grounds_of(saved: Json, drawing: Drawing, findings: int) -> dict[int, bytes]:
    """The ground of data findings as WKB, by their place in ``data``. ValueError for what is damaged."""
    at, shapes = unpacked(saved["finding"]), unpack(saved, steps_per_unit(drawing.crs("parcel")))
    if len(at) != len(shapes) or not ((at >= 0) & (at < findings)).all():
        raise ValueError("grounds: finding")
    return {place: wkb for place, wkb in zip(at.tolist(), shapes.to_pylist(), strict=True) if wkb is not None}


def _told(make: Any, where: str, *given: Any) -> Any:
    try:
        return make(*given)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ValueError(f"{where}: {error}") from error


def _system(kind: Json, subject: str) -> str | None:
    wkt, steps = kind["crs"], kind["steps_per_unit"]
    try:
        if wkt is not None:
            pyproj.CRS.from_wkt(wkt)
    except CRSError as error:
        raise ValueError(f"{subject}.crs: {error}") from error
    if steps != steps_per_unit(wkt):
        raise ValueError(f"{subject}.steps_per_unit: {steps}")
    return None if wkt is None else str(wkt)


def _batch(saved: Json, steps: int, rules: tuple[str, ...]) -> DrawnRows:
    ids, rows, shapes = tuple(map(str, saved["id"])), unpacked(saved["row"]) - 1, unpack(saved, steps)
    if {len(rows), len(shapes)} != {len(ids)} or (np.diff(rows, prepend=-1) < 1).any():
        raise ValueError("row")
    if set(saved["verdicts"]) != set(rules):
        raise ValueError("verdicts")
    return DrawnRows(ids, rows, shapes, rules, np.stack([_verdicts(saved["verdicts"][rule], rule, len(ids))
                                                         for rule in rules]))  # fmt: skip


def _verdicts(letters: str, rule: str, rows: int) -> Any:
    given = np.frombuffer(letters.encode(), np.uint8)
    found = given[:, None] == np.frombuffer(LETTERS, np.uint8)
    if len(given) != rows or not found.any(axis=1).all():
        raise ValueError(f"verdicts.{rule}")
    return found.argmax(axis=1).astype(np.int8)
