"""A layer of the run: its source opened, columns mapped, rows normalised in batches, coordinate system settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.errors import InputError, UsageError
from landcheck.fields.catalogue import ATTRIBUTES, fields, role_of
from landcheck.fields.cells import is_text, plain, trimmed, written_otherwise
from landcheck.fields.field_names import named_field
from landcheck.fields.mapping import ColumnUse, Together, map_columns, match, present
from landcheck.fields.normalise import ValueFault, normalise
from landcheck.fields.overlooked import notes, require
from landcheck.geometry.crs.frame import Frame, frame, of_source
from landcheck.geometry.shapes.batch import Shapes, shapes
from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, InputInfo, Level, Origin, Role, Subject
from landcheck.quality.alike import few, fewer
from landcheck.quality.ids import IDS, idents, rows_of, subject_of, totals_or_notes
from landcheck.read import Layer, Rows, called_like, layer_names, merged, open_layer
from landcheck.request import ColumnRef, Request, Source

COMPANIONS = ("parks", "zones", "green", "buildings")
LOOKED_THROUGH = 4
"""Batches of rows that are looked through for a column that may be the id."""
KML_OWN = ("Name", "name", "Description", "description")


@dataclass(slots=True)
class MappedLayer:
    """A source with the columns that hold fields of ``role``; ``name`` is its part in the run.

    The table of attributes is called ``attributes`` and holds fields of parcels. The first shapes that are read settle
    the ``frame``.
    """

    name: str
    role: Role
    source: Layer
    uses: tuple[ColumnUse, ...]
    frame: Frame | None = None
    findings: list[DataFinding] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return str(self.source.info.path)

    @property
    def info(self) -> InputInfo:
        """What the report says of the input."""
        info = self.source.info
        unused = notes(self.role, self.source.columns, self.uses, self.file)
        label = self.frame.label if self.frame else None
        return replace(info, role=self.name, crs=label, notes=(*info.notes, *unused))

    @property
    def told(self) -> list[DataFinding]:
        """What was found wrong with the file and its values so far, with rows as people find them."""
        found, lines = [*self.source.findings, *self.findings], self.source.info.lines
        return found if lines is None else list(map(lines.told, found))

    def batches(self, request: Request, *, again: bool = False) -> Iterator[Batch]:
        """The rows, normalised. Values that cannot be used go to ``findings``, unless they are read ``again``."""
        folded: list[DataFinding] = []
        for rows in self.source.batches(request.batch_rows):
            folded += self._folded(rows)
            batch, faults = normalise(self.role, rows.table, self.uses, rows.first_row)
            batch.wkb = rows.wkb
            _name_totals(batch, rows.table)
            if rows.wkb is not None and self.frame is None:
                self._settle(shapes(rows.wkb), request)
            if not again:
                self.findings = fewer([*self.findings, *self._unread(batch, faults)])
            _suppose(batch, request)
            yield batch
        self.source.reading = merged([*self.source.reading, *folded])

    def _unread(self, batch: Batch, faults: Sequence[ValueFault]) -> Iterator[DataFinding]:
        """An error for each value that cannot be used."""
        for fault, others in few(faults, lambda one: (one.field.name, one.reason.code)):
            subject, said = subject_of(batch, fault.row - batch.first_row), fault.message(self.file)
            yield DataFinding("data/value", Level.ERROR, subject, said, fault.row + 1, others=others)

    def _folded(self, rows: Rows) -> Iterator[DataFinding]:
        """A warning for each column of ids some of which are read otherwise than they are written."""
        named = [name for use in self.uses if use.field.name.endswith("_id") for name in use.columns]
        for column in (name for name in named if name in rows.table.schema.names):
            ids = rows.table.column(column)
            if not is_text(ids.type):
                continue
            those = rows_of(pc.fill_null(written_otherwise(ids), fill_value=False))
            if those:
                row = rows.first_row + those[0] + 1
                values = {"file": self.file, "column": column, "count": len(those), "row": row}
                message = Message("id-folded", values)
                yield DataFinding("data/id", Level.WARNING, Subject("layer", self.name), message, row)

    def merge(self, other: MappedLayer) -> None:
        """Take in what was found in another part of the layer."""
        self.findings = fewer(self.findings + other.findings)
        self.source.reading = merged([*self.source.reading, *other.source.reading])

    def whole(self, request: Request) -> Batch:
        """All rows at once."""
        return concatenated(list(self.batches(request)), self.role)

    def _settle(self, drawn: Shapes, request: Request) -> None:
        """Find out the coordinate system by what the source and the user say and by where the shapes lie.

        The user's word settles what was in doubt about the source's own.
        """
        declared = request.crs if self.name == "parcels" or not self.source.wkt else None
        if declared is not None:
            self.source.opening = tuple(one for one in self.source.opening if one.rule != "data/crs")
        subject, bounds, named = Subject("layer", self.name), drawn.typical_bounds(), self.source.info.layer
        whole = named, drawn.extent()
        self.frame = frame(self.source.wkt, declared, bounds, self.source.driver, subject, self.file, whole)
        self.findings += self.frame.findings
        known, plane = self.frame.known, self.frame.plane
        if request.area_basis == "planar" and known is not None and (plane is None or plane.is_geographic):
            values = {"source": of_source(self.file, named), "crs": self.frame.label}
            message = Message("data-crs-distorted" if plane is None else "data-crs-no-plane", values)
            self.findings.append(DataFinding("data/crs", Level.WARNING, subject, message))


def open_layers(request: Request) -> dict[str, MappedLayer]:
    """Every layer of the run with its columns mapped, by its part in the run. InputError and UsageError."""
    opened = open_sources(request)
    return {name: _mapped(name, source, opened, request) for name, source in opened.items()}


def open_sources(request: Request) -> dict[str, Layer]:
    """The source of every layer, by its part in the run: one that holds layers named like companions supplies those.

    InputError for what cannot be read. UsageError for a mapping of a layer that is not there: it would be dropped in
    silence.
    """
    paths: dict[str, tuple[Source, str | None]] = {"parcels": (request.parcels, request.layer)}
    paths |= {name: (path, None) for name, path in request.sources.items()}
    names = [name for name in layer_names(request.parcels) if name != request.layer]
    for part in COMPANIONS:
        called = [name for name in names if name == part] or [name for name in names if called_like(name, part)]
        if len(called) == 1:
            paths.setdefault(part, (request.parcels, called[0]))
    opened = {
        name: open_layer(path, name, layer=layer, encoding=request.encoding) for name, (path, layer) in paths.items()
    }
    for name, source in opened.items():
        _call_by_titles(source, role_of(name), request.maps)
    for key in request.maps:
        layer = ATTRIBUTES if _of_attributes(key) else named_field(key).role.value
        if layer not in opened:
            raise UsageError("map-layer-not-given", field=key, layer=Message(f"report-layer-{layer}"))
    return opened


def _call_by_titles(source: Layer, role: Role, maps: Mapping[str, ColumnRef]) -> None:
    """Give the columns the titles that their source has for them, but where the name itself says or is told a field."""
    told = {ref.column for ref in maps.values()}
    own = {name for name in source.titles if name in told or match(role, name, source.columns).field}
    source.call({name: title for name, title in source.titles.items() if name not in own})


def columns_elsewhere(name: str, opened: Mapping[str, Layer]) -> Sequence[str]:
    """The columns of the table of attributes, where a column that the user names for the parcels may stand."""
    return opened[ATTRIBUTES].columns if name == "parcels" and ATTRIBUTES in opened else ()


def maps_of(name: str, columns: Sequence[str], maps: Mapping[str, ColumnRef]) -> dict[str, ColumnRef]:
    """What the user says of a layer's columns; a parcels' line counts for a table of attributes that has the column."""
    if name != ATTRIBUTES:
        return {key: ref for key, ref in maps.items() if not _of_attributes(key)}
    own = {key: ref for key, ref in maps.items() if _of_attributes(key)}
    shared = {key: ref for key, ref in maps.items() if present(ref, columns, ())[0] is not None}
    said = {named_field(key) for key in own}
    return own | {key: ref for key, ref in shared.items() if named_field(key) not in said}


def _of_attributes(key: str) -> bool:
    return key.startswith(f"{ATTRIBUTES}.")


def _mapped(name: str, source: Layer, opened: Mapping[str, Layer], request: Request) -> MappedLayer:
    role, file = role_of(name), source.info.path
    maps, elsewhere = maps_of(name, source.columns, request.maps), columns_elsewhere(name, opened)
    uses = map_columns(
        role, mappable(source, maps), maps, file, elsewhere=elsewhere, together=together(source, differing=True)
    )
    lacking = {a_field for a_field in fields(role) if a_field.required} - {use.field for use in uses}
    if lacking and not any(rows.table.num_rows for rows in source.batches()):
        raise without_rows(name, source)
    if lacking and any(fault.message.code == "read-no-dbf" for fault in source.opening):
        raise InputError("read-no-dbf", file=file)
    require(role, source.columns, uses, file, name, lambda: distinct_columns(source))
    return MappedLayer(name, role, source, uses)


def without_rows(name: str, source: Layer) -> InputError:
    """What is to be said of a layer that holds nothing."""
    layer = source.info.layer or Message(f"report-layer-{name}")
    return InputError("nothing-evaluated" if name == "parcels" else "layer-empty", file=source.info.path, layer=layer)


def mappable(source: Layer, maps: Mapping[str, ColumnRef]) -> list[str]:
    """The columns that may hold fields: GDAL gives every KML a Name and a description of its own, mostly empty."""
    named = {ref.column for ref in maps.values()}
    own = KML_OWN if source.driver in ("KML", "LIBKML") else ()
    return [column for column in source.columns if column not in own or column in named]


def together(source: Layer, *, differing: bool) -> Together:
    """Whether columns that mean one field may be read together: those whose first rows are all alike.

    ``differing``: others too, but for ids.
    """

    def same(names: tuple[str, ...]) -> bool:
        held = _first_rows(source)
        return all(trimmed(part.cast(pa.string())).equals(trimmed(other.cast(pa.string())))
                   for name in names[1:] for part, other in zip(held(names[0]), held(name), strict=True))  # fmt: skip

    return lambda a_field, names: (differing and not a_field.required) or same(names)


def _first_rows(source: Layer) -> Callable[[str], list[pa.Array]]:
    tables = [rows.table for rows in islice(source.batches(), LOOKED_THROUGH)]
    return lambda name: [plain(table.column(table.schema.names.index(name))) for table in tables]


def distinct_columns(source: Layer) -> list[str]:
    """The columns of words or whole numbers whose values are all there and different, by the first rows."""
    held = _first_rows(source)

    def tells(parts: list[pa.Array]) -> bool:
        if not all(is_text(part.type) or pa.types.is_integer(part.type) for part in parts):
            return False
        values = pa.chunked_array([trimmed(part.cast(pa.string())) for part in parts], pa.string())
        return not values.null_count and 1 < pc.count_distinct(values).as_py() == len(values)

    return [name for name in source.columns if tells(held(name))]


def _name_totals(batch: Batch, table: pa.RecordBatch) -> None:
    """A row without an id whose first cell says 合计 or the like is called by that word."""
    ids = batch.texts.get(IDS.get(batch.role, ""))
    if ids is None or not ids.null_count:
        return
    rows = pa.array(rows_of(ids.is_null()))
    shown = [plain(column) for column in table.columns]
    cells = [trimmed(one.take(rows).cast(pa.string())) for one in shown if is_text(one.type)]
    if cells:
        first = pc.coalesce(*cells)
        named = pc.if_else(totals_or_notes(first), first, pa.scalar(None, pa.string()))
        batch.texts[IDS[batch.role]] = pc.replace_with_mask(ids, ids.is_null(), named)


def _suppose(batch: Batch, request: Request) -> None:
    """Put what is supposed in the place of what the parcel's row says, in the layer and in the table of attributes."""
    if not request.supposed or batch.role is not Role.PARCELS:
        return
    meant = pc.equal(idents(batch), pa.scalar(request.only)).to_numpy(zero_copy_only=False)
    for name, value in request.supposed.items():
        batch.columns[name] = np.where(meant, value, batch.columns[name])
        if name in batch.origins:
            batch.origins[name] = np.where(meant, np.int8(Origin.LAYER), batch.origins[name])


def concatenated(parts: list[Batch], role: Role) -> Batch:
    """Batches of one layer as one; an empty layer gives a batch without rows."""
    if not parts:
        return normalise(role, pa.RecordBatch.from_pydict({}), (), 0)[0]
    first = parts[0]
    starts = np.cumsum([0, *(part.rows for part in parts[:-1])])
    return Batch(
        role,
        sum(part.rows for part in parts),
        0,
        {name: np.concatenate([part.columns[name] for part in parts]) for name in first.columns},
        {name: pa.chunked_array([p.texts[name] for p in parts]).combine_chunks() for name in first.texts},
        None if first.wkb is None else pa.chunked_array([p.wkb for p in parts]).combine_chunks(),
        {
            name: np.concatenate(
                [np.broadcast_to(part.origins.get(name, np.int8(Origin.LAYER)), part.rows) for part in parts]
            )
            for name in sorted({name for part in parts for name in part.origins})
        },
        np.concatenate(
            [at + np.array([] if p.unset is None else p.unset, np.intp) for at, p in zip(starts, parts, strict=True)]
        ),
    )
