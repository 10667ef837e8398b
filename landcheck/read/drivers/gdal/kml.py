"""KML, whose data GDAL reads under names made of ASCII: names of equal length in hanzi become one, and a value is lost.

It also reads none of the ``Data`` of a document that has a ``Schema``, and ``abc`` in a field of numbers as nothing. So
all data is handed to it as text under names of ours, and comes back under those in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.parsers import expat

from landcheck.read.drivers.gdal.documents import checked_xml
from landcheck.read.drivers.gdal.vector import Known, Opening, described, meant_layer, open_vector
from landcheck.read.layer import Layer
from landcheck.read.source import DataSource

TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
END = re.compile(rb"</[^>]*>")
NAME = "landcheck_{}"


def open_kml(source: DataSource) -> Layer:
    """A layer (folder) of a KML document; a name that stands twice in a placemark is two columns."""
    source = checked_xml(source, utf8=True)
    names = _Names(source.path.read_bytes())
    if names.known:
        source = source.placed()
        source.path.write_bytes(names.written())
    opening = Opening(source.path, source.file, meant_layer(source))
    about = described(opening)
    shown = {NAME.format(number): name for (name, _), number in names.known.items()}
    known = Known(tuple(shown.get(name, name) for name in about.names), description=about)
    return open_vector(source, opening, known)


class _Names:
    """Goes through a document and notes what is to be written in the place of its names.

    ``known`` numbers them, each with how often it stood before in the same placemark.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.known: dict[tuple[str, int], int] = {}
        self.changes: list[tuple[int, int, str]] = []
        self.seen: Counter[str] = Counter()
        self.schema = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._begun, self._ended
        self.parser.Parse(raw, True)

    def written(self) -> bytes:
        """The document with the changes."""
        parts, done = [], 0
        for start, end, text in self.changes:
            parts += [self.raw[done:start], text.encode()]
            done = end
        return b"".join([*parts, self.raw[done:]])

    def _begun(self, element: str, attributes: dict[str, str]) -> None:
        lead, kind = _parted(element)
        start = self.parser.CurrentByteIndex
        found = TAG.match(self.raw, start)
        if kind == "Placemark":
            self.seen.clear()
        elif kind == "Schema":
            self.schema = start
        elif kind == "SchemaData" and found:
            self.changes.append((start, found.end(), ""))
        elif kind in ("Data", "SimpleData") and found:
            name, closing = attributes.get("name", ""), found[1].decode()
            number = self.known.setdefault((name, self.seen[name]), len(self.known))
            self.seen[name] += 1
            value = f"<{lead}value>" if kind == "SimpleData" and not closing else ""
            self.changes.append((start, found.end(), f'<{lead}Data name="{NAME.format(number)}"{closing}>{value}'))

    def _ended(self, element: str) -> None:
        lead, kind = _parted(element)
        start = self.parser.CurrentByteIndex
        if kind == "Schema":
            found = END.match(self.raw, start) or TAG.match(self.raw, self.schema)
            self.changes.append((self.schema, found.end() if found else start, ""))
        elif (found := END.match(self.raw, start)) and kind in ("SimpleData", "SchemaData"):
            self.changes.append((start, found.end(), f"</{lead}value></{lead}Data>" if kind == "SimpleData" else ""))


def _parted(element: str) -> tuple[str, str]:
    """The prefix with its colon, and the name behind it."""
    lead, colon, kind = element.rpartition(":")
    return lead + colon, kind
