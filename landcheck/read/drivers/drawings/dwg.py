"""DWG drawings, read with ezdwg (the extra ``landcheck[dwg]``) entity by entity.

Its own road through DXF loses the direction of a mirrored plot and numbers the entities anew; kinds it does not know it
passes over, so they are counted here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from landcheck.errors import InputError
from landcheck.model import Level
from landcheck.read.drivers.drawings.cad_layer import EVERYTHING, Unread, cad_layer
from landcheck.read.layer import Layer
from landcheck.read.reader_calls import collect_warnings, read_or_refuse
from landcheck.read.source import DataSource

DWG_MARKS = (b"AC10", b"AC1.", b"AC2.", b"MC0.0")
TOO_OLD = "AC1014"  # R13, AC1012, opens with layers of invented names
MODEL, PAPER = 0, -1
ON_PAPER, IN_MODEL = 1, 2
DEEPEST = 16
CLASSES = {"LWPOLYLINE": "AcDbPolyline", "POLYLINE_2D": "AcDb2dPolyline", "POLYLINE_3D": "AcDb3dPolyline",
           "ARC": "AcDbArc", "ELLIPSE": "AcDbEllipse", "SPLINE": "AcDbSpline", "HATCH": "AcDbHatch"}  # fmt: skip
"""What DXF calls the classes by which open outlines and hatches are told from the rest."""
STANDS_FOR_NO_GROUND = (
    "BLOCK ENDBLK SEQEND VERTEX_2D VERTEX_3D VERTEX_MESH VERTEX_PFACE VERTEX_PFACE_FACE ATTDEF INSERT MINSERT VIEWPORT"
    " XLINE RAY IMAGE WIPEOUT OLEFRAME OLE2FRAME TOLERANCE SHAPE LIGHT SUN RTEXT ARCALIGNEDTEXT LEADER MULTILEADER"
    " MLEADER TABLE ACAD_TABLE DIMENSION ARC_DIMENSION LARGE_RADIAL_DIMENSION PDFUNDERLAY DGNUNDERLAY DWFUNDERLAY"
    " SECTIONOBJECT LAYOUTPRINTCONFIG CAMERA GEOPOSITIONMARKER"
)
NO_GROUND = frozenset(STANDS_FOR_NO_GROUND.split())


class Placing(NamedTuple):
    """How what stands in a block lies on the ground: turned and stretched by the matrix, then moved."""

    matrix: NDArray[np.float64]
    move: NDArray[np.float64]

    def of(self, shape: Any) -> Any:
        """The shape, placed."""
        return shapely.transform(shape, lambda points: points @ self.matrix.T + self.move)

    def around(self, inner: Placing) -> Placing:
        """Of a block in a block: first as the inner one says."""
        return Placing(self.matrix @ inner.matrix, self.matrix @ inner.move + self.move)


AS_DRAWN = Placing(np.eye(2), np.zeros(2))


@dataclass(frozen=True, slots=True)
class DwgEntity:
    """One entity as it lies on the ground, with the handle it has in the drawing (of a block: the insert's before)."""

    kind: str
    handle: str
    layer: str
    text: str
    tag: str
    shape: Any


def open_dwg(source: DataSource) -> Layer:
    """The closed shapes of one layer of the drawing; InputError for R13 and older, and without ezdwg."""
    from landcheck.read.drivers.drawings.cad_drawing import CadDrawing, CadMarks
    from landcheck.read.drivers.drawings.dwg_shapes import has_chords

    digest = source.fingerprint()
    with source.path.open("rb") as stream:
        version = stream.read(6).decode("latin-1")
    if version < TOO_OLD or not version.startswith("AC10"):
        raise InputError("read-dwg-old", file=source.file, version=version)
    try:
        from ezdwg.document import SUPPORTED_VERSIONS
    except ImportError:
        raise InputError("read-format-dwg", file=source.file) from None
    if version not in SUPPORTED_VERSIONS:
        raise InputError("read-dwg-new", file=source.file, version=version)
    whole = read_or_refuse(source.file, source.path, collect_warnings, [], DwgContents, str(source.path))
    entities = list(whole.placed(MODEL, "", "0", AS_DRAWN))
    table = pa.table({
        "Layer": [one.layer for one in entities],
        "SubClasses": [CLASSES.get(one.kind, one.kind) for one in entities],
        "EntityHandle": [one.handle for one in entities],
        "Text": [one.text or None for one in entities],
    }, schema=pa.schema({name: pa.string() for name in ("Layer", "SubClasses", "EntityHandle", "Text")}))  # fmt: skip
    marks = CadMarks({one.handle: one.tag for one in entities if one.tag})
    drawing = CadDrawing.made(table, np.array([one.shape for one in entities], object), marks)
    layer = cad_layer(source, drawing, whole.unread, "DWG", None, digest)
    used = drawing.closed & np.array([layer.info.layer in (one.layer, EVERYTHING) for one in entities], np.bool_)
    if chords := sum(one.kind == "HATCH" and has_chords(one.shape) for one in compress(entities, used)):
        values = {"layer": layer.info.layer, "count": chords}
        layer.opening += (source.finding(Level.WARNING, "read-dwg-hatch-arcs", "data/geometry", **values),)
    return layer


class DwgContents:
    """The entities of a drawing by the block they stand in, model space being one, and the kinds that are not read."""

    def __init__(self, path: str) -> None:
        import ezdwg
        from ezdwg import raw

        self.layers = dict(raw.decode_layer_names(path))
        self.blocks = {block["handle"]: block for block in raw.decode_write_blocks(path)}
        self.inserted = {handle: block for handle, _, block, _ in raw.decode_insert_write_properties(path)}
        self.owners = {handle: (mode, owner) for handle, mode, owner in raw.decode_entity_placements(path)}
        self.inside: defaultdict[int, list[Any]] = defaultdict(list)
        for entity in ezdwg.read(path).entities().query():
            self.inside[self._home(entity.handle)].append(entity)
        self.unread: list[Unread] = []
        kinds = {row[0]: str(row[4]) for row in raw.list_object_headers_with_type(path) if row[5] == "E"}
        read = {entity.handle for entities in self.inside.values() for entity in entities}
        self.passed_over: defaultdict[int, list[tuple[str, str | None]]] = defaultdict(list)
        others = [handle for handle, kind in kinds.items() if handle not in read and not _no_ground(kind)]
        layers = dict(raw.decode_object_entity_layer_handles(path, others)) if others else {}
        for handle in others:
            self.passed_over[self._home(handle)].append((kinds[handle], self.layers.get(layers.get(handle, -1))))

    def _home(self, handle: int) -> int:
        """The block that an entity stands in; the parts of a polyline or an insert stand where that does."""
        seen: set[int] = set()
        while handle in self.owners and handle not in seen:
            seen.add(handle)
            mode, owner = self.owners[handle]
            name = self.blocks.get(owner, {}).get("name", "").upper()
            if mode == ON_PAPER or name.startswith("*PAPER_SPACE"):
                return PAPER
            if mode == IN_MODEL or name.startswith("*MODEL_SPACE"):
                return MODEL
            if owner in self.blocks:
                return int(owner)
            handle = owner
        return MODEL

    def placed(self, home: int, lead: str, layer: str, placing: Placing, depth: int = 0) -> Iterator[DwgEntity]:
        """What stands in a block, inserts unfolded; what is on layer 0 of a block is on that of its insert."""
        self.unread += [Unread(kind, layer if own == "0" else own) for kind, own in self.passed_over[home]]
        for entity in sorted(self.inside[home], key=lambda one: int(one.handle)):
            kind, dxf = entity.dxftype, entity.dxf
            own = self.layers.get(dxf.get("layer_handle"), "0")
            own = layer if own == "0" else own
            handle = f"{lead}{entity.handle:X}"
            if kind in ("INSERT", "MINSERT"):
                block = self.inserted.get(entity.handle, 0)
                if block in self.blocks and depth < DEEPEST:
                    for cell in _cells(dxf, self.blocks[block]["base_point"]):
                        yield from self.placed(block, f"{handle}.", own, placing.around(cell), depth + 1)
                continue
            shape = _shape(kind, dxf)
            if shape is not None:
                yield DwgEntity(
                    kind, handle, own, str(dxf.get("text") or ""), str(dxf.get("tag") or ""), placing.of(shape)
                )
            elif not _no_ground(kind):
                self.unread.append(Unread(kind, own))


def _shape(kind: str, dxf: Any) -> Any:
    from landcheck.read.drivers.drawings.dwg_shapes import hatched, shape_of

    return hatched(dxf) if kind == "HATCH" else shape_of(kind, dxf)


def _no_ground(kind: str) -> bool:
    return kind in NO_GROUND or kind.startswith(("DIM", "DIMENSION"))


def _cells(dxf: Any, base: Any) -> Iterator[Placing]:
    """How the block lies where it is inserted: once, or in rows and columns."""
    from landcheck.read.drivers.drawings.dwg_shapes import axes

    turn = np.radians(float(dxf.get("rotation") or 0))
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    own = axes(dxf.get("extrusion"))[:, :2]
    matrix = own @ turned @ np.diag([float(dxf.get("xscale", 1)), float(dxf.get("yscale", 1))])
    for row in range(int(dxf.get("num_rows") or 1)):
        for column in range(int(dxf.get("num_columns") or 1)):
            step = (column * float(dxf.get("column_spacing") or 0), row * float(dxf.get("row_spacing") or 0))
            place = own @ (np.asarray(dxf["insert"][:2], float) + turned @ np.array(step)) - matrix @ np.array(base[:2])
            yield Placing(matrix, place)
