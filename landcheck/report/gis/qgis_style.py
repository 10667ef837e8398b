"""Styles for QGIS: layers coloured by their worst verdict, verdicts read as words of the language."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import USES, Level, Verdict
from landcheck.report.content import labels
from landcheck.report.gis.gis_layers import GisLayer

# As in the HTML report: fill and edge of each verdict, and of the levels of data findings.
COLOURS: dict[Verdict | Level, tuple[str, str]] = {
    Verdict.FAIL: ("#f2b8b3", "#9a1b18"),
    Verdict.UNDETERMINED: ("#d3cff0", "#453a87"),
    Verdict.REVIEW: ("#fbe3b0", "#7a4700"),
    Verdict.PASS: ("#cfe8da", "#1b6e4b"),
    Verdict.NOT_APPLICABLE: ("#e4e7ea", "#55606b"),
    Level.ERROR: ("#f2b8b3", "#9a1b18"),
    Level.WARNING: ("#fbe3b0", "#7a4700"),
}
# The codes of the columns' titles; a column of verdicts is called by its rule.
TITLES = {
    "parcel_id": "xlsx-head-id", "park_id": "xlsx-head-id", "row": "xlsx-head-row",
    "worst": "xlsx-head-gravest", "worst_text": "gis-head-gravest-words", "message": "report-head-message",
    "remedy": "report-head-remedy", "missing": "xlsx-head-missing", "data": "report-data",
    "district": "report-head-district", "need_m2": "report-head-need", "have_m2": "report-head-have",
    "from_district_m2": "report-head-from-district", "uncovered_m2": "report-head-uncovered",
    "given_m2": "report-head-given", "left_over_m2": "report-head-left-over", "source": "gis-head-source",
    "rule": "report-head-rule", "verdict": "report-head-verdict", "verdict_text": "gis-head-verdict-words",
    "subject_type": "gis-head-kind", "subject": "report-head-subject", "other_row": "gis-head-other-row",
    "clause": "report-head-clause", "floor_short_m2": "gis-head-floor-short",
    **{f"{use}_room_{kind}": f"gis-head-{use.replace('_', '-')}-room{text}" for use in USES
       for kind, text in (("m2", ""), ("text", "-text"))},
}  # fmt: skip
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def qml(layer: GisLayer, lang: Lang) -> str:
    """The style of a layer as QGIS writes it."""
    of_subjects = "worst" in layer.table.column_names
    attribute, order = ("worst", tuple(COLOURS)[:5]) if of_subjects else ("verdict", tuple(COLOURS))
    kind = "marker" if layer.geometry_type == "Point" else "fill" if of_subjects else "hatch"
    root = ET.Element("qgis", version="3.22.0-Bialowieza", styleCategories="Symbology|Fields|Forms")
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", attr=attribute, symbollevels="0",
                             enableorderby="0", forceraster="0")  # fmt: skip
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for number, value in enumerate(order):
        named = {"value": _word(value), "label": _label(value, lang), "symbol": str(number), "render": "true"}
        ET.SubElement(categories, "category", named)
        _symbol(symbols, str(number), COLOURS[value], kind)
    _words(root, layer, attribute, lang)
    ET.indent(root)
    return DOCTYPE + ET.tostring(root, encoding="unicode")


def _symbol(symbols: ET.Element, name: str, colours: tuple[str, str], kind: str) -> None:
    """A ``marker``, a ``fill``, or a ``hatch``: ground that is at fault is seen over parcels of whatever colour."""
    fill, edge = (",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255" for colour in colours)
    point = kind == "marker"
    symbol = ET.SubElement(symbols, "symbol", type="marker" if point else "fill", name=name, alpha="1")
    drawn_as = {"class": "SimpleMarker" if point else "SimpleFill", "pass": "0", "locked": "0", "enabled": "1"}
    layer = ET.SubElement(symbol, "layer", drawn_as)
    held = {"color": fill if kind == "fill" else edge, "outline_color": "255,255,255,255" if point else edge,
            "outline_width": "0.3", "outline_style": "solid",
            "style": "f_diagonal" if kind == "hatch" else "solid"}  # fmt: skip
    held |= {"name": "diamond", "size": "3"} if point else {}
    # QGIS reads the first from 3.26, the second before.
    option = ET.SubElement(layer, "Option", type="Map")
    for key, value in held.items():
        ET.SubElement(option, "Option", name=key, value=value, type="QString")
    for key, value in held.items():
        ET.SubElement(layer, "prop", k=key, v=value)


def _words(root: ET.Element, layer: GisLayer, attribute: str, lang: Lang) -> None:
    """Columns have titles, verdicts are read in the language; the file keeps the contract's words."""
    configuration, aliases = ET.SubElement(root, "fieldConfiguration"), ET.SubElement(root, "aliases")
    for index, column in enumerate(layer.table.column_names, start=1):  # the first is GDAL's own fid
        title = layer.titles.get(column) or say(TITLES[column], lang) + (" (m²)" if column.endswith("_m2") else "")
        ET.SubElement(aliases, "alias", index=str(index), field=column, name=visible(title))
        if column != attribute and column not in layer.titles:
            continue
        widget = ET.SubElement(ET.SubElement(configuration, "field", name=column), "editWidget", type="ValueMap")
        config = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
        words = ET.SubElement(config, "Option", name="map", type="List")
        for value in COLOURS:
            pair = ET.SubElement(words, "Option", type="Map")
            ET.SubElement(pair, "Option", name=_label(value, lang), value=_word(value), type="QString")


def _word(value: Verdict | Level) -> str:
    return value.word if isinstance(value, Verdict) else value.value


def _label(value: Verdict | Level, lang: Lang) -> str:
    return labels.verdict(value, lang) if isinstance(value, Verdict) else labels.level(value, lang)
