"""Coordinate reports of land offices (勘测定界, 界址点坐标): a head, a line for each plot, one for each point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.errors import InputError
from landcheck.model import DataFinding, Level
from landcheck.read.drivers.delimited import undecodable
from landcheck.read.drivers.gauss_kruger import DATUMS, ZONES
from landcheck.read.encoding import examine_text
from landcheck.read.layer import Layer, Rows, Tell, cut_up
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

MARKED = re.compile(
    r"^[^\S\n]*[\[［【〔]\s*(?:属性描述|地块坐标)\s*[\]］】〕]\s*$|\A\ufeff?\s*[^\n]*[,，]\s*[面线点]\s*[,，][^\n]*@[\s,，]*$",
    re.MULTILINE,
)
SECTION = r"^[\[［【〔].*[\]］】〕]$"
OF_POINTS = re.compile("地块坐标|界址点")
FAR = r"[-+]?\d{5,}(?:\.\d*)?\s*"
LISTED = re.compile(rf"GISQLANDPLAN|(?:{FAR}[,，]\s*{FAR}[\r\n]\s*){{3}}")


def is_coordinate_report(head: Head) -> bool:
    """A text with the sections of a report, or that begins with the line of a plot, which ends with @."""
    texts = () if head.text is None else (head.text, head.raw.decode("gb18030", errors="replace"))
    return any(MARKED.search(text) for text in texts)


def is_coordinate_list(head: Head) -> bool:
    """A .txt of nothing but pairs of large numbers, or the report of one province, without sections."""
    return head.suffix == ".txt" and LISTED.match(head.start) is not None


def open_coordinate_report(source: DataSource) -> Layer:
    """The plots that are areas, with what their lines say of them; all else that stands in the file is told."""
    from landcheck.read.drivers.coordinate_plots import Plots

    digest = source.fingerprint()
    file = examine_text(source.path, source.file, source.encoding)
    head, lines, numbers = _parted(source.path.read_text(file.decision.codec, errors="replace"))
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


def _parted(text: str) -> tuple[dict[str, str], pa.Array, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The head, and the lines among the coordinates that are not empty, with their numbers (from 1).

    Where a file of several reports has a key twice, its value is all that they say.
    """
    lines = pa.array(text.translate({0xFF0C: ",", 0xFEFF: None}).splitlines(), pa.string())
    lines = pc.utf8_trim_whitespace(lines)
    inside = np.ones(len(lines), bool)
    section = np.asarray(pc.match_substring_regex(lines, SECTION))
    for at in np.flatnonzero(section).tolist():
        inside[at:] = OF_POINTS.search(lines[at].as_py()) is not None
    kept = (inside | np.asarray(pc.match_substring_regex(lines, r"@[\s,]*$"))) & ~section
    stated: dict[str, dict[str, None]] = {}
    for line in lines.filter(pa.array(~kept)).to_pylist():
        key, _, value = unicodedata.normalize("NFKC", line).partition("=")
        if value.strip():
            stated.setdefault(key.strip(), {})[value.strip()] = None
    filled = np.flatnonzero(kept & np.asarray(pc.not_equal(lines, "")))
    return {key: "/".join(values) for key, values in stated.items()}, lines.take(pa.array(filled)), filled + 1


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


def _named(said: dict[str, str]) -> dict[str, str]:
    return {
        "system": said["坐标系"],
        "zone": said["带号"] or "-",
        "width": said["几度分带"] or "-",
        "unit": said["计量单位"] or "-",
    }
