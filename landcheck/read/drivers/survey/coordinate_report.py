"""Coordinate reports of land offices (勘测定界, 界址点坐标): a head, a line for each plot, one for each point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.survey.coordinate_plots import PLOT_END, Plots, matching
from landcheck.read.drivers.survey.coordinate_rings import Ints
from landcheck.read.drivers.survey.gauss_kruger import DATUMS, ZONES
from landcheck.read.drivers.survey.text_lines import examined, filled_lines
from landcheck.read.drivers.tables.delimited import undecodable
from landcheck.read.layer import Layer, Rows, Tell, cut_up
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

MARKED = re.compile(
    r"^[^\S\n]*[\[［【〔]\s*(?:属性描述|地块坐标)\s*[\]］】〕]\s*$|\A\ufeff?\s*[^\n]*[,，]\s*[面线点]\s*[,，][^\n]*@[\s,，]*$",
    re.MULTILINE,
)
BRACKETS = ["[", "［", "【", "〔"]
SECTION = r"^[\[［【〔].*[\]］】〕]$"
Parted = tuple[dict[str, str], pa.Array, Ints]
"""The head by key, the lines that are plots and points, and the number of each in the file."""
OF_POINTS = re.compile("地块坐标|界址点")


def is_coordinate_report(head: Head) -> bool:
    """A text with the sections of a report, or that begins with the line of a plot, which ends with @."""
    texts = () if head.text is None else (head.text, head.raw.decode("gb18030", errors="replace"))
    return any(MARKED.search(text) for text in texts)


def open_coordinate_report(source: DataSource) -> Layer:
    """The plots that are areas, with what their lines say of them; all else that stands in the file is told."""
    return open_plots(source, _parted)


def open_plots(source: DataSource, parted: Callable[[pa.Array, Ints], Parted]) -> Layer:
    """The plots of a text whose lines, with their numbers, ``parted`` makes into a head and lines of a report."""
    digest = source.fingerprint()
    source, file = examined(source)
    blocks = list(filled_lines(source, file.decision.codec))
    lines = pc.replace_substring(pa.chunked_array([one for one, _ in blocks]).combine_chunks(), "，", ",")
    head, lines, numbers = parted(lines, np.concatenate([numbers for _, numbers in blocks]))
    degrees = "度" in head.get("计量单位", "")
    plots = Plots.of(lines, numbers, in_metres=not degrees)
    if not len(plots.areas):
        raise InputError("read-report-empty", file=source.file)
    crs, doubts = _system(source, head, plots.prefix(), degrees=degrees)
    table, wkb = plots.table(), plots.wkb()

    def rows(size: int, _: Tell) -> Iterator[Rows]:
        return cut_up(table, wkb, size)

    notes = (*file.decision.notes, *plots.notes(source))
    info = source.info(None, file.decision.label, table.num_rows, *notes, sha256=digest())
    if re.search("[1-9]", changes := head.get("转换参数", "")):
        doubts.append(source.finding(Level.WARNING, "read-report-parameters", "data/crs", parameters=changes))
    found = (*undecodable(source, file), *doubts, *plots.findings(source))
    return Layer(info, tuple(table.schema.names), True, crs, "TXT", rows, found, table.num_rows, keep=source.keep)


def _parted(lines: pa.Array, numbers: Ints) -> Parted:
    """The head, and the lines among the coordinates with their numbers.

    Where a file of several reports has a key twice, its value is all that they say.
    """
    inside = np.ones(len(lines), bool)
    section = matching(lines, pc.is_in(pc.utf8_slice_codeunits(lines, 0, 1), pa.array(BRACKETS)), SECTION)
    for at in np.flatnonzero(section).tolist():
        inside[at:] = OF_POINTS.search(lines[at].as_py()) is not None
    kept = (inside | matching(lines, pc.match_substring(lines, "@"), PLOT_END)) & ~section
    stated: dict[str, dict[str, None]] = {}
    for line in lines.filter(pa.array(~kept)).to_pylist():
        key, _, value = unicodedata.normalize("NFKC", line).partition("=")
        if value.strip():
            stated.setdefault(key.strip(), {})[value.strip()] = None
    return {key: "/".join(values) for key, values in stated.items()}, lines.filter(pa.array(kept)), numbers[kept]


def _system(
    source: DataSource, head: dict[str, str], prefix: int | None, *, degrees: bool
) -> tuple[str | None, list[DataFinding]]:
    """The system by the head, and by the eastings whether they carry the zone's number; whether it fits shows later.

    A head that says nothing leaves it to the user; one that says what cannot be, or is not understood, is told.
    """
    said = {key: head.get(key, "") for key in ("坐标系", "带号", "几度分带", "计量单位")}
    said["几度分带"] = said["几度分带"] or head.get("分带", "")
    if not said["坐标系"]:
        return None, []
    word = re.sub(r"[\s()_'-]", "", said["坐标系"]).upper()
    form = r"(?:{0})?{1}(?:年)?(?:{0})?(?:大地)?(?:坐标系统?)?(?:CGCS2000)?"
    datum = next(
        (one for one in DATUMS if word != "2000" and re.fullmatch(form.format(one.names, one.year), word)), None
    )
    unit = re.fullmatch(r"米?|m|度", said["计量单位"])
    if datum is None or unit is None:
        return None, [source.finding(Level.WARNING, "read-report-system", "data/crs", **_named(said))]
    if degrees:
        return f"EPSG:{datum.degrees}", []
    number = re.fullmatch(r"(\d+)带?", said["带号"] or str(prefix or ""))
    if number is None and not said["带号"]:
        return None, []
    zone = int(number[1]) if number else 0
    width = re.fullmatch(
        r"([36])(?:度(?:分?带)?)?", said["几度分带"] or next((str(w) for w in ZONES if zone in ZONES[w]), "")
    )
    if width is None or zone not in ZONES[int(width[1])]:
        return None, [source.finding(Level.ERROR, "read-report-zone", "data/crs", **_named(said))]
    return datum.code(int(width[1]), zone, carried=prefix is not None), []


def _named(said: dict[str, str]) -> dict[str, str | None]:
    return {
        "system": said["坐标系"],
        "zone": said["带号"] or None,
        "width": said["几度分带"] or None,
        "unit": said["计量单位"] or None,
    }
