"""Coordinates without the sections of a report: one province's form, pairs of north and east, points with a label."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.read.drivers.survey.coordinate_plots import NUMBER
from landcheck.read.drivers.survey.coordinate_report import Parted, open_plots
from landcheck.read.drivers.survey.coordinate_rings import Ints
from landcheck.read.layer import Layer
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

FAR = r"[-+]?\d{5,}(?:\.\d*)?\s*"
PROVINCE = "GISQLANDPLAN"
LISTED = re.compile(rf"{PROVINCE}|(?:{FAR}[,，]\s*{FAR}[\r\n]\s*){{3}}")
PLACE = rf"\s*(?P<north>{NUMBER})\s*,\s*(?P<east>{NUMBER})"
BARE = rf"^{PLACE}$"
POINT = rf"^[^,]*,\s*(?P<number>[^,]*?)\s*,\s*(?P<ring>\d+)\s*,\s*(?P<label>[^,]*?)\s*,{PLACE}[\s,]*$"

NORTH, EAST = r"[1-5]\d{6}(?:\.\d*)?", r"(?:1[3-9]|[23]\d|4[0-5])?[1-9]\d{5}(?:\.\d*)?"
"""Metres of the national systems, eastings with the number of their zone or without: by their size alone it is plain
which is which."""
CUT = r"\s*[,，;；\s]\s*"
ORDERS = (rf"(?P<north>{NORTH}),(?P<east>{EAST})", rf"(?P<east>{EAST}),(?P<north>{NORTH})")
NUMBERED = r"^[^,]*,(?P<number>[^,]*),(?P<ring>\d+),(?P<label>[^,]*),{}[\s,]*$"
LABELLED = r"^(?P<first>[^,]*),(?:(?P<second>[^,]*),)?{}" + rf"(?:,(?:{NUMBER})?)*$"
FORMS = [form.replace("{}", order) for form in (NUMBERED, LABELLED) for order in ORDERS]
LINES_AT_LEAST = 3


def is_coordinate_list(head: Head) -> bool:
    """A text of nothing but pairs of large numbers, or points with a label, or one province's form without sections."""
    if head.suffix not in (".txt", ".csv", ".dat"):
        return False
    if head.suffix == ".txt" and LISTED.match(head.start):
        return True
    return any(_form(text)[0] for text in (head.start, head.raw.decode("gb18030", errors="replace")))


def _form(text: str) -> tuple[str | None, bool]:
    """The pattern that the first lines all fit, of those of more than north and east, and whether a title is above."""
    first = text[:4096].splitlines()[: 3 * LINES_AT_LEAST]
    lines = [re.sub(_cut(text), ",", line.strip("\ufeff \t")) for line in first if line.strip()]
    titled = bool(lines) and "," not in lines[0]
    lines = lines[titled:][:LINES_AT_LEAST]
    fitting = (one for one in FORMS if all(re.match(one, line) for line in lines))
    return next(fitting, None) if len(lines) == LINES_AT_LEAST else None, titled


def _cut(text: str) -> str:
    """What cuts the lines: blanks only where the first ones have no other sign."""
    return r"\s*[,，]\s*" if re.search("[,，]", text[:4096]) else CUT


def open_coordinate_list(source: DataSource) -> Layer:
    """The plots, which blank lines part, or a number of the parcel where there is one.

    No system is stated in any of the forms, and in the bare ones no number of a parcel.
    """
    return open_plots(source, _parted)


def _parted(lines: pa.Array, numbers: Ints) -> Parted:
    """The same points as lines of a report, with a line for each plot before the first of its points."""
    start = "\n".join(lines[: 3 * LINES_AT_LEAST].to_pylist())
    form, titled = _form(start)
    if start.startswith(PROVINCE):
        form, titled = form or POINT, True
    elif form is None or LISTED.match(start + "\n"):
        form, titled = BARE, False
    lines, numbers = lines.slice(int(titled)), numbers[int(titled) :]
    lines = lines if form in (POINT, BARE) else pc.replace_substring_regex(lines, _cut(start), ",")
    found = pc.extract_regex(lines, form)
    places = [pc.struct_field(found, name) for name in ("north", "east")]
    begins = np.diff(numbers, prepend=-1) > 1
    running = pc.cast(pa.array(np.arange(len(lines))), pa.string())
    label, ring, number = running, pa.scalar("1"), None
    if "<number>" in form:
        label, ring, number = (pc.struct_field(found, name) for name in ("label", "ring", "number"))
    elif "<first>" in form:
        first, second = (pc.struct_field(found, name) for name in ("first", "second"))
        number = next((one for one in (first, second) if _counts_plots(one, int(begins.sum()))), None)
        label = running if number is first else first
    if number is not None:
        coded = np.asarray(pc.fill_null(number, "").dictionary_encode().indices, np.int64)
        begins |= (np.diff(coded, prepend=-1) != 0) & np.asarray(pc.is_valid(number))
    points = pc.coalesce(pc.binary_join_element_wise(label, ring, *places, ","), lines)
    at = np.flatnonzero(begins)
    named = pa.array([""] * len(lines)) if number is None else number
    head = pc.binary_join_element_wise(",", named, pa.array([",,面,,,,@"] * len(lines)), "").take(pa.array(at))
    order = np.argsort(np.concatenate([at - 0.5, np.arange(len(lines))]))
    both = pa.concat_arrays([pc.fill_null(head, ",,,面,,,,@"), points])
    return {}, both.take(pa.array(order)), np.concatenate([numbers[at], numbers])[order]


def _counts_plots(labels: pa.Array, blocks: int) -> bool:
    """Whether these are numbers of plots: each stands in the lines of one boundary, one after the other.

    The same one in several blocks, which blank lines part, is a code of the points.
    """
    coded = np.asarray(pc.fill_null(labels, "").dictionary_encode().indices, np.int64)
    runs = np.diff(np.append(np.flatnonzero(np.diff(coded, prepend=-1)), len(coded)))
    alike = blocks > 1 and len(runs) == 1
    return not alike and pc.count_distinct(labels).as_py() == len(runs) and bool(np.median(runs) >= LINES_AT_LEAST)
