"""The head of a VCT file: how its objects stand, its feature classes and tables, and the system it says it is in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from landcheck.model import DataFinding, Level
from landcheck.read.drivers.survey.gauss_kruger import DATUMS, ZONES, Datum, zone_of
from landcheck.read.drivers.survey.text_lines import FARTHEST, NUMBER
from landcheck.read.drivers.survey.vct_objects import Layout
from landcheck.read.drivers.survey.vct_shapes import VctGrid
from landcheck.read.drivers.survey.vct_text import pieces
from landcheck.read.source import DataSource

GAUSS = re.compile("高斯|GAUSS|TRANSVERSE", re.IGNORECASE)
NORTHWARDS = ("N", "北")


@dataclass(frozen=True, slots=True)
class FeatureClass:
    """Objects of one code: their name, kind in lower case, and the table of their attributes."""

    name: str
    kind: str
    table: str


@dataclass(slots=True)
class VctHead:
    """``said`` by key in lower case; ``classes`` by code; ``tables`` their fields, ``stated`` how many each states."""

    said: dict[str, str] = field(default_factory=dict)
    classes: dict[str, FeatureClass] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)
    stated: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, source: DataSource, codec: str) -> VctHead:
        """What stands before the objects."""
        head, structure = cls(), list[str]()
        for piece in pieces(source, codec):
            lines = piece.lines.to_pylist() if piece.section in ("head", "featurecode", "tablestructure") else []
            if piece.section == "head":
                keys = (line.replace("：", ":").partition(":")[::2] for line in lines)
                head.said |= {key.strip().lower(): value.strip() for key, value in keys}
            elif piece.section == "featurecode":
                head._classes(lines)
            elif piece.section == "tablestructure":
                structure += lines
            elif piece.section in ("point", "line", "polygon", "attribute"):
                break
        head._tables(structure)
        return head

    @property
    def separator(self) -> str:
        """The sign between values."""
        return self.said.get("separator") or ","

    def _classes(self, lines: list[str]) -> None:
        """A code, a name, the kind, colours in some versions, the table; a code may have several kinds."""
        for line in lines:
            words = [word.strip() for word in line.split(self.separator)]
            if len(words) >= 3 and (words[0] not in self.classes or words[2].lower() == "polygon"):
                self.classes[words[0]] = FeatureClass(
                    words[1] or words[0], words[2].lower(), words[-1] if words[3:] else ""
                )

    def _tables(self, lines: list[str]) -> None:
        """A table with the number of its fields, a line a field, and a 0, which some programs leave out."""
        name, known = None, {one.table for one in self.classes.values()}
        for line in lines:
            words = [word.strip() for word in line.split(self.separator)]
            if line == "0":
                name = None
            elif name is None or (words[0] in known and words[1:] and words[1].isdecimal()):
                name = words[0]
                self.tables[name] = []
                self.stated[name] = int(words[1]) if words[1:] and words[1].isdecimal() else -1
            else:
                self.tables[name].append(words[0])

    def named(self, codes: list[str]) -> dict[str, str]:
        """Codes by the name of their class; of equal names the code tells which."""
        names = [self.classes[code].name for code in codes]
        return {
            name if names.count(name) == 1 else f"{name} ({code})": code
            for name, code in zip(names, codes, strict=True)
        }

    @property
    def layout(self) -> Layout:
        """How objects stand by what the head says."""
        mark, version = self.said.get("datamark", "").upper(), self.said.get("version", "")
        topology = self.said.get("topo", "")
        number = int(topology) if topology.isdecimal() and len(topology) < 3 else None
        nodes = mark.startswith("CNSDTF") and number == 2 and "2007" not in version
        return Layout(self.separator, number, mark.startswith("LANDUSE-DAT") and version == "1.1", nodes)

    @property
    def grid(self) -> VctGrid:
        """How the numbers stand."""
        x, y = (self.said.get(f"{one}axisdirection", "").upper() for one in "xy")
        first, second = self._numbers("offset", 2)[:2]
        north_first = x.startswith(NORTHWARDS) and not y.startswith(NORTHWARDS)
        return VctGrid(north_first, (first or 0.0, second or 0.0), not self._degrees)

    @property
    def _degrees(self) -> bool:
        return self.said.get("coordinatesystemtype", "").upper().startswith("D") or self._unit.startswith(("D", "度"))

    @property
    def _unit(self) -> str:
        return (self.said.get("xyunit") or self.said.get("unit") or "").upper()

    def _numbers(self, key: str, least: int = 0) -> list[float | None]:
        """The numbers of a value, None for what is none, and at least so many."""
        words = [word.strip() for word in re.split(r"[,，;" + re.escape(self.separator) + "]", self.said.get(key, ""))]
        found = [float(word) if re.fullmatch(NUMBER, word) else None for word in words]
        found = [one if one is not None and abs(one) < FARTHEST else None for one in found]
        return found + [None] * (least - len(found))

    def system(self, source: DataSource, easting: float) -> tuple[str | None, list[DataFinding]]:
        """The system by the head, and the eastings where it does not say whether they carry the zone's number.

        What contradicts itself or is not understood is told; whether the coordinates fit it shows later.
        """
        spheroid = self.said.get("spheroid", "")
        datum = next((one for one in DATUMS if re.search(one.ellipsoid, spheroid, re.IGNORECASE)), None)
        kind = self.said.get("coordinatesystemtype", "P").upper()[:1]
        if datum is None or self._unit[:1] not in ("", "M", "D", "米", "度") or kind not in ("P", "D", "M", ""):
            return None, [self._told(source, Level.WARNING)] if spheroid or self._unit else []
        if self._degrees:
            return f"EPSG:{datum.degrees}", []
        if not GAUSS.search(self.said.get("projection", "高斯")):
            return None, [self._told(source, Level.WARNING)]
        code = self._zone(datum, easting)
        return code, [] if code else [self._told(source, Level.ERROR)]

    def _zone(self, datum: Datum, easting: float) -> str | None:
        """The code of the zone; None where meridian, width, number and false easting do not go together."""
        given = self._numbers("parameters")
        meridian, *_, scale, false_east, false_north, width, number = given if len(given) >= 6 else [None] * 6
        for stated in (self._numbers("meridian")[0], self._numbers("meridinan")[0]):
            if None not in (meridian, stated) and meridian != stated:
                return None
            meridian = stated if meridian is None else meridian
        carried, rest = divmod(easting if false_east is None else false_east, 1e6)
        bare = carried == 0 or not np.isfinite(carried)
        if scale not in (None, 1.0) or false_north not in (None, 0.0) or (false_east is not None and rest != 5e5):
            return None
        for one, zones in ZONES.items():
            zone = number or (None if bare else carried) if meridian is None else zone_of(meridian, one)
            if (
                zone is not None
                and zone in zones
                and width in (None, one)
                and number in (None, zone)
                and (bare or carried == zone)
            ):
                return datum.code(one, int(zone), carried=not bare)
        return None

    def _told(self, source: DataSource, level: Level) -> DataFinding:
        keys = ("spheroid", "projection", "parameters", "meridian")
        said = "; ".join(f"{key}: {self.said[key]}" for key in keys if self.said.get(key))
        code = "read-vct-zone" if level is Level.ERROR else "read-vct-system"
        return source.finding(level, code, "data/crs", said=said or None, unit=self._unit or None)
