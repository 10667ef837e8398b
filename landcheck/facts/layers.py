"""One layer of the run: opened, its columns mapped, its coordinate system settled, its rows normalised in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.errors import InputError, UsageError
from landcheck.fields.catalogue import fields
from landcheck.fields.mapping import ColumnUse, map_columns, named_field, notes, require
from landcheck.fields.normalise import ValueFault, normalise
from landcheck.geometry.crs.frame import Frame, frame
from landcheck.geometry.shapes.batch import Shapes, shapes
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, InputInfo, Level, Role, Subject
from landcheck.read import Layer, layer_names, merged, open_layer
from landcheck.request import ColumnRef, Request

SUBJECTS = {Role.PARCELS: "parcel", Role.PARKS: "park", Role.ZONES: "zone", Role.GREEN: "green",
            Role.BUILDINGS: "building"}  # fmt: skip
IDS = {Role.PARCELS: "parcel_id", Role.PARKS: "park_id", Role.GREEN: "green_id", Role.BUILDINGS: "building_id"}


COMPANIONS = ("parks", "zones", "green", "buildings")

KML_OWN = ("Name", "name", "Description", "description")


@dataclass(slots=True)
class Sheetful:
    """A layer ready to be read: ``name`` is its role in the run (``attributes`` holds parcels' fields)."""

    name: str
    role: Role
    layer: Layer
    uses: tuple[ColumnUse, ...]
    frame: Frame | None = None
    findings: list[DataFinding] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return str(self.layer.info.path)

    @property
    def info(self) -> InputInfo:
        """What the report says of the input."""
        info = self.layer.info
        unused = notes(self.role, self.layer.columns, {use.column for use in self.uses}, self.file)
        label = self.frame.label if self.frame else None
        return replace(info, role=self.name, crs=label, notes=(*info.notes, *unused))

    def batches(self, request: Request) -> Iterator[Batch]:
        """The rows, normalised; what was wrong with values is added to ``findings``."""
        for rows in self.layer.batches(request.batch_rows):
            batch, faults = normalise(self.role, rows.table, self.uses, rows.first_row)
            batch.wkb = rows.wkb
            if rows.wkb is not None and self.frame is None:
                self.frame = self._frame(shapes(rows.wkb), request)
            self.findings += [self._fault(fault, batch) for fault in faults]
            _suppose(batch, request)
            yield batch

    def merge(self, other: Sheetful) -> None:
        """Take in what was found in another part of the layer."""
        self.findings += other.findings
        self.layer.reading = merged([*self.layer.reading, *other.layer.reading])

    def again(self, request: Request) -> Iterator[Batch]:
        """The rows once more, for what can be looked up only after a first pass; nothing is found a second time."""
        for rows in self.layer.batches(request.batch_rows):
            batch, _ = normalise(self.role, rows.table, self.uses, rows.first_row)
            batch.wkb = rows.wkb
            if rows.wkb is not None and self.frame is None:
                self.frame = self._frame(shapes(rows.wkb), request)
            _suppose(batch, request)
            yield batch

    def whole(self, request: Request) -> Batch:
        """All rows at once, for the layers that stand around the parcels."""
        return joined(list(self.batches(request)), self.role)

    def _frame(self, drawn: Shapes, request: Request) -> Frame:
        declared = request.crs if self.name == "parcels" or not self.layer.wkt else None
        settled = frame(
            self.layer.wkt, declared, typical_bounds(drawn), self.layer.driver, Subject("layer", self.name), self.file
        )
        self.findings += settled.findings
        if request.area_basis == "planar" and settled.plane is not None and settled.plane.is_geographic:
            values = {"file": self.file, "layer": self.name, "crs": settled.label}
            message = Message("data-crs-no-plane", values)
            self.findings.append(DataFinding("data/crs", Level.WARNING, Subject("layer", self.name), message))
        return settled

    def _fault(self, fault: ValueFault, batch: Batch) -> DataFinding:
        subject = subject_of(batch, fault.row - batch.first_row)
        return DataFinding("data/value", Level.ERROR, subject, fault.message(self.file), fault.row + 1)


def open_inputs(request: Request) -> dict[str, Sheetful]:
    """Every layer of the run, by role; a source that holds layers named like the roles supplies those not given."""
    paths = {"parcels": request.parcels, **request.sources}
    layers: dict[str, str | None] = {"parcels": request.layer}
    for name in layer_names(request.parcels):
        if name in COMPANIONS and name not in paths:
            paths[name], layers[name] = request.parcels, name
    return open_sheets(paths, layers, request)


def open_sheets(paths: Mapping[str, str], layers: Mapping[str, str | None], request: Request) -> dict[str, Sheetful]:
    """Open every layer of the run by role and map its columns. ``layers`` names the layer where it is settled.

    InputError and UsageError as reading and mapping raise them.
    """
    opened = {
        name: open_layer(path, name, layer=layers.get(name), encoding=request.encoding) for name, path in paths.items()
    }
    refuse_unmeant_maps(opened, request.maps)
    return {name: _sheet(name, layer, opened, request) for name, layer in opened.items()}


def _sheet(name: str, layer: Layer, opened: Mapping[str, Layer], request: Request) -> Sheetful:
    role = role_of(name)
    elsewhere = [c for other, its in opened.items() if other != name and role_of(other) is role for c in its.columns]
    file = layer.info.path
    uses = map_columns(role, _told_columns(layer, request.maps), request.maps, file, elsewhere=elsewhere)
    if any(told.message.code == "read-no-dbf" for told in layer.opening) and any(one.required for one in fields(role)):
        raise InputError("read-no-dbf", file=file)
    require(role, layer.columns, uses, file)
    return Sheetful(name, role, layer, uses)


def _told_columns(layer: Layer, maps: Mapping[str, ColumnRef]) -> list[str]:
    """The columns that may hold fields: GDAL gives every KML a Name and a description of its own, mostly empty."""
    named = {ref.column for ref in maps.values()}
    own = KML_OWN if layer.driver in ("KML", "LIBKML") else ()
    return [column for column in layer.columns if column not in own or column in named]


def role_of(name: str) -> Role:
    """Whose fields a layer holds: a table of attributes holds the parcels'."""
    return Role.PARCELS if name == "attributes" else Role(name)


def refuse_unmeant_maps(opened: Mapping[str, Layer], maps: Mapping[str, ColumnRef]) -> None:
    """A mapping for a layer that is not part of the run would be dropped in silence. UsageError."""
    roles = {role_of(name) for name in opened}
    for key in maps:
        if named_field(key).role not in roles:
            raise UsageError("map-layer-not-given", field=key, layer=named_field(key).role.value)


def _suppose(batch: Batch, request: Request) -> None:
    """Put what is supposed in the place of what the parcel's row says, in the layer and in the table of attributes."""
    if not request.supposed or batch.role is not Role.PARCELS:
        return
    meant = pc.equal(idents(batch), pa.scalar(request.only)).to_numpy(zero_copy_only=False)
    for name, value in request.supposed.items():
        batch.columns[name] = np.where(meant, value, batch.columns[name])


def subject_of(batch: Batch, row: int) -> Subject:
    """The subject of one row of a batch: its id, or its row number (from 1) where it has none."""
    name = IDS.get(batch.role)
    ident = batch.texts[name][row].as_py() if name else None
    return Subject(SUBJECTS[batch.role], ident or f"#{batch.first_row + row + 1}")


def idents(batch: Batch) -> pa.Array:
    """The ids of all rows, row numbers (``#5``, from 1) standing in for missing ones."""
    given = batch.texts[IDS[batch.role]]
    if not given.null_count:
        return given
    numbers = pa.array([f"#{batch.first_row + i + 1}" for i in range(batch.rows)])
    return pc.coalesce(given, numbers)


def typical_bounds(drawn: Shapes) -> tuple[float, float, float, float] | None:
    """The bounds of the middle shape, side by side: one stray coordinate must not speak for a layer."""
    bounds = drawn.bounds()
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    west, south, east, north = (float(v) for v in np.median(bounds, axis=0))
    return west, south, east, north


def joined(parts: list[Batch], role: Role) -> Batch:
    """Batches of one layer as one; an empty layer gives a batch without rows."""
    if not parts:
        return normalise(role, pa.RecordBatch.from_pydict({}), (), 0)[0]
    first = parts[0]
    return Batch(
        role,
        sum(part.rows for part in parts),
        0,
        {name: np.concatenate([part.columns[name] for part in parts]) for name in first.columns},
        {name: pa.chunked_array([p.texts[name] for p in parts]).combine_chunks() for name in first.texts},
        None if first.wkb is None else pa.chunked_array([p.wkb for p in parts]).combine_chunks(),
        {name: np.concatenate([part.origins[name] for part in parts]) for name in first.origins},
    )
