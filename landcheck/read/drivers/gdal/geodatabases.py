"""File geodatabases, with the aliases and coded domains that stand in their own catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from landcheck.read.drivers.gdal.vector import Known, Opening, meant_layer, open_vector
from landcheck.read.layer import Layer
from landcheck.read.reader_calls import collect_warnings
from landcheck.read.repair.coded_values import ColumnNotes
from landcheck.read.source import DataSource

CATALOGUE = "GDB_Items"


def open_geodatabase(source: DataSource) -> Layer:
    """A layer of the geodatabase."""
    opening = Opening(source.path, source.file, meant_layer(source))
    return open_vector(source, opening, Known(notes=column_notes(list(_catalogue(source)), str(opening.layer))))


def _catalogue(source: DataSource) -> Iterator[tuple[str, str]]:
    """The name and the definition in XML of every item; nothing where there is no catalogue that can be read."""
    from pyogrio.errors import DataLayerError, DataSourceError
    from pyogrio.raw import read

    try:
        _, _, _, (names, definitions) = collect_warnings(
            [], read, source.path, layer=CATALOGUE, columns=["Name", "Definition"], read_geometry=False
        )
    except (DataLayerError, DataSourceError, ValueError):
        return
    yield from ((str(name), str(text)) for name, text in zip(names, definitions, strict=True) if text)


def column_notes(items: list[tuple[str, str]], layer: str) -> ColumnNotes:
    """What the items say of the columns of one layer: <GPFieldInfoEx> of its own, <GPCodedValueDomain2> of others."""
    roots = [(name, root) for name, text in items if (root := _parsed(text)) is not None]
    domains = {
        root.findtext("DomainName", ""): {
            one.findtext("Code", ""): one.findtext("Name", "") for one in root.iter("CodedValue")
        }
        for _, root in roots
        if root.tag.endswith("GPCodedValueDomain2")
    }
    fields = [one for name, root in roots if name == layer for one in root.iter("GPFieldInfoEx")]
    titles = {one.findtext("Name", ""): one.findtext("AliasName", "") for one in fields}
    codes = {one.findtext("Name", ""): domains.get(one.findtext("DomainName", ""), {}) for one in fields}
    return ColumnNotes(titles, codes)


def _parsed(text: str) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(text)  # noqa: S314  # expat itself stops entities that grow
    except ElementTree.ParseError:
        return None
