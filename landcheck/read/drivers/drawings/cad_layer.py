"""One layer of a drawing as a layer of shapes: which is meant, and what of it is no shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.layer import ROLE_WORDS, Layer, Rows, Tell, choose_layer, cut_up, distinct, table_of
from landcheck.read.source import DataSource

if TYPE_CHECKING:
    from landcheck.read.drivers.drawings.cad_drawing import CadDrawing, Mask

EVERYTHING = "entities"


@dataclass(frozen=True, slots=True)
class Unread:
    """One entity that is not read: its kind, and its layer, None where that is not known."""

    kind: str
    layer: str | None


def cad_layer(
    source: DataSource, drawing: CadDrawing, unread: list[Unread], driver: str, label: str | None,
    digest: Callable[[], str], findings: Sequence[DataFinding] = (),
) -> Layer:  # fmt: skip
    """The closed shapes of the layer that is meant; ``entities`` as its name means all of them."""
    wanted = _meant_layer(source, drawing, unread)
    every = wanted == EVERYTHING
    meant = np.full(len(drawing.layers), every) | (drawing.layers == wanted)
    at = np.flatnonzero(meant & drawing.closed)
    own, texts = drawing.table.take(at), drawing.texts_in(at)
    held = texts.columns | drawing.data_of(at)
    columns, _ = distinct([*held, *own.column_names])
    arrays = [*(pa.array(one, pa.string()) for one in held.values()), *(one.combine_chunks() for one in own.columns)]
    table = table_of(arrays, columns, len(at))
    wkb = drawing.wkb(at)
    found = (*_not_closed(source, drawing, meant, wanted), *_not_read(source, unread, wanted, every=every))
    if texts.several:
        found += (source.finding(Level.WARNING, "read-dxf-texts", "data/value", layers=texts.several),)
    if texts.lacking:
        lacking = [f"{name}: {count}" for name, count in texts.lacking.items()]
        found += (source.finding(Level.WARNING, "read-dxf-textless", "data/value", layers=lacking),)

    def rows(size: int, _: Tell) -> Iterator[Rows]:
        return cut_up(table, wkb, size)

    info = source.info(wanted, label, len(at), sha256=digest())
    return Layer(info, columns, True, None, driver, rows, (*findings, *found), len(at), keep=source.keep)


def _meant_layer(source: DataSource, drawing: CadDrawing, unread: list[Unread]) -> str:
    """The layer that is meant; InputError where it has no closed shape, whichever others have."""
    kinds = sorted({one.kind for one in unread})
    if not drawing.names:
        raise InputError("read-dxf-unread-only" if kinds else "read-dxf-no-shapes", file=source.file, kinds=kinds)
    if source.layer == EVERYTHING:
        return EVERYTHING
    names = [*drawing.names, *_without_shapes(source, drawing, unread)]
    wanted = choose_layer(names, source.role, source.layer, source.file)
    if wanted not in drawing.names:
        kinds = sorted({one.kind for one in unread if one.layer == wanted})
        code = "read-dxf-layer-unread" if kinds else "read-dxf-layer-open"
        raise InputError(code, file=source.file, layer=wanted, kinds=kinds, layers=drawing.names)
    return wanted


def _without_shapes(source: DataSource, drawing: CadDrawing, unread: list[Unread]) -> list[str]:
    """The layers without a closed shape that are meant all the same: named by the user, or called like the role."""
    words = (source.layer.casefold(),) if source.layer else ROLE_WORDS.get(source.role, ())
    outlines = {*drawing.layers[drawing.open_outlines].tolist(), *(one.layer for one in unread if one.layer)}
    held = {*outlines, *(drawing.layers.tolist() if source.layer else ())} - set(drawing.names)
    return sorted(name for name in held if name.strip().casefold() in words)


def _not_closed(source: DataSource, drawing: CadDrawing, meant: Mask, layer: str) -> Iterator[DataFinding]:
    """What of the layer is no closed shape, and what was closed by joining its ends."""
    about = {"rule": "data/geometry", "layer": layer}
    if len(joined := np.flatnonzero(meant & drawing.joined)):
        yield source.finding(Level.WARNING, "read-dxf-joined", **about, **drawing.told(joined))
    if len(outlines := np.flatnonzero(meant & drawing.open_outlines)):
        yield source.finding(Level.ERROR, "read-dxf-open", **about, **drawing.told(outlines))
    rest = np.flatnonzero(meant & ~drawing.closed & ~drawing.open_outlines)
    if bounded := drawing.areas_between(rest):
        yield source.finding(Level.ERROR, "read-dxf-lines", **about, count=bounded)
    if len(rest):
        yield source.finding(Level.WARNING, "read-dxf-left-out", **about, count=len(rest))


def _not_read(source: DataSource, unread: list[Unread], layer: str, *, every: bool) -> Iterator[DataFinding]:
    """The entities of the layer that GDAL passes over; of some the layer is not known, in a block it is the block's."""
    here = [one.kind for one in unread if every or one.layer in (layer, "0", None)]
    if here:
        kinds = sorted(set(here))
        yield source.finding(Level.ERROR, "read-dxf-unread", "data/geometry", layer=layer, count=len(here), kinds=kinds)
