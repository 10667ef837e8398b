"""VCT, the exchange format of land surveys (GB/T 17798), versions 1.0 to 3.0: each polygon feature class is a layer."""

from __future__ import annotations

import mmap
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.survey.coordinate_rings import Floats, Ints
from landcheck.read.drivers.survey.text_lines import examined
from landcheck.read.drivers.survey.vct_head import VctHead
from landcheck.read.drivers.survey.vct_objects import ObjectReader, Objects
from landcheck.read.drivers.survey.vct_shapes import Lines, polygons
from landcheck.read.drivers.survey.vct_tables import VctTable
from landcheck.read.drivers.survey.vct_text import pieces
from landcheck.read.drivers.tables.delimited import undecodable
from landcheck.read.layer import Layer, Rows, Tell, choose_layer, cut_up, distinct, table_of
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

IDS = "标识码"
SHOWN = 12


def is_vct(head: Head) -> bool:
    """A text that begins as VCT does; the .vct of Idrisi is binary."""
    return head.start[:9].lower() == "headbegin"


def vct_layers(source: DataSource) -> tuple[str, ...]:
    """The polygon feature classes of which the file holds objects, by their names."""
    source, file = examined(source)
    head = VctHead.of(source, file.decision.codec)
    return tuple(head.named(_held(source, head)))


def open_vct(source: DataSource) -> Layer:
    """The polygons of the feature class that is meant, with the row of its table that has their id."""
    digest = source.fingerprint()
    source, file = examined(source)
    head = VctHead.of(source, file.decision.codec)
    wanted = _meant(source, head)
    reading = _Reading(source, head, wanted, VctTable.of(head, wanted))
    reading.read(file.decision.codec)
    table, missing = reading.table.joined(reading.ids)
    columns, repeated = distinct(reading.table.columns)
    if not columns:
        columns, table = (IDS,), [pa.array(reading.ids, pa.string())]
    rows_of = table_of(table, columns, len(reading.ids))
    wkb = pa.chunked_array(reading.wkb, pa.binary()).combine_chunks()
    crs, doubts = head.system(source, reading.easting())

    def rows(size: int, _: Tell) -> Iterator[Rows]:
        return cut_up(rows_of, wkb, size)

    name = head.classes[wanted].name
    info = source.info(name, file.decision.label, len(reading.ids), *file.decision.notes, sha256=digest())
    found = (*undecodable(source, file), *doubts, *source.repeated(repeated), *reading.findings(missing))
    return Layer(info, columns, True, crs, "VCT", rows, found, len(reading.ids), keep=source.keep)


def _held(source: DataSource, head: VctHead) -> list[str]:
    """The codes of polygon feature classes that stand in the section of polygons, in the order of the head."""
    known = {code.encode(): code for code, one in head.classes.items() if one.kind == "polygon"}
    alone = re.compile(rb"^[ \t]*(" + b"|".join(map(re.escape, known)) + rb")[ \t\r]*$", re.MULTILINE)
    seen: set[str] = set()
    with source.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        section = re.search(rb"(?i)^[ \t]*polygonbegin", text, re.MULTILINE)
        for found in alone.finditer(text, section.end() if section else len(text)) if known else ():
            seen.add(known[found[1]])
            if len(seen) == len(known):
                break
    return [code for code in known.values() if code in seen]


def _meant(source: DataSource, head: VctHead) -> str:
    """The code of the feature class that is meant: by its name, its code or the name of its table."""
    held = _held(source, head)
    if not held:
        raise InputError("read-vct-no-polygons", file=source.file)
    names = head.named(held)
    also = {word: name for name, code in names.items() for word in (code, head.classes[code].table)}
    asked = None if source.layer is None else also.get(source.layer, source.layer)
    return names[choose_layer(list(names), source.role, asked, source.file)]


@dataclass(slots=True)
class _Reading:
    """Goes through the file once and keeps the polygons of one feature class and the rows of its table.

    ``others`` are the ids of other polygons; ``told`` has for each code of a message the texts or ids and lines.
    """

    source: DataSource
    head: VctHead
    code: str
    table: VctTable
    ids: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    wkb: list[pa.Array] = field(default_factory=list)
    corners: list[Floats] = field(default_factory=list)
    told: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    closes: bool = False

    def read(self, codec: str) -> None:
        """All sections in the order of the file."""
        layout, classes = self.head.layout, self.head.classes
        borders, areas = (ObjectReader(layout, classes, polygons=one) for one in (False, True))
        lines = Lines()
        for piece in pieces(self.source, codec):
            if piece.section == "line":
                lines.add(found := borders.read(piece))
                self._tell("read-vct-objects", found.faults)
            elif piece.section == "polygon":
                self._keep(areas.read(piece), lines)
            elif piece.section == "attribute":
                self.table.read(piece)
            elif piece.section in ("", "varchar") and len(piece.lines):
                code = "read-vct-long-texts" if piece.section else "read-vct-outside"
                self._tell(code, [(piece.lines[0].as_py(), int(piece.numbers[0]))])
        self._tell("read-vct-lines-twice", [(str(one), 0) for one in lines.twice()])

    def _tell(self, code: str, those: list[tuple[str, int]]) -> None:
        if those:
            self.told.setdefault(code, []).extend(those)

    def _keep(self, found: Objects, lines: Lines) -> None:
        """The shapes of the objects of the feature class that is meant."""
        self._tell("read-vct-objects", found.faults)
        ours = np.array(found.codes, object) == self.code
        self.others |= {one for one, mine in zip(found.ids, ours, strict=True) if not mine}
        found = found.only(ours)
        made = polygons(found, lines.whole(), self.head.grid)
        self.closes |= made.closes
        for code, those in made.faults.items():
            self._tell(code, [(found.ids[one], found.lines[one]) for one in those.tolist()])
        self.ids += found.ids
        self.wkb.append(pa.array(shapely.to_wkb(made.shapes), pa.binary()))
        self.corners.append(shapely.bounds(made.shapes).reshape(-1, 4)[:, :2])

    def easting(self) -> float:
        """East of a corner amid the shapes, NaN without any."""
        every = np.concatenate([np.zeros((0, 2)), *self.corners])[:, 0]
        return float(np.nanmedian(every)) if np.isfinite(every).any() else np.nan

    def findings(self, missing: Ints) -> Iterator[DataFinding]:
        """What is not understood, and what does not fit together; rings left open where others close."""
        if len(missing) and self.table.columns:
            self._tell("read-vct-no-row", [(self.ids[one], 0) for one in missing.tolist()])
        self._tell("read-vct-ids-twice", [(one, 0) for one, count in Counter(self.ids).items() if count > 1])
        for code, those in self.told.items():
            if code == "read-vct-open" and not self.closes:
                continue
            rule = "data/value" if code in ("read-vct-no-row", "read-vct-long-texts") else "data/geometry"
            values = {"ids": [text for text, _ in those[:SHOWN]], "text": those[0][0], "line": those[0][1]}
            name = self.table.name
            yield self.source.finding(Level.ERROR, code, rule, count=len(those), table=name, **values)
        yield from self.table.findings(self.source, {*self.ids, *self.others})
