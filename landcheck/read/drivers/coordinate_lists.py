"""Coordinates without the sections of a report: one province's form, and bare pairs of north and east."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.read.drivers.coordinate_plots import NUMBER
from landcheck.read.drivers.coordinate_report import Parted, open_plots
from landcheck.read.drivers.coordinate_rings import Ints
from landcheck.read.layer import Layer
from landcheck.read.sniff import Head
from landcheck.read.source import DataSource

FAR = r"[-+]?\d{5,}(?:\.\d*)?\s*"
PROVINCE = "GISQLANDPLAN"
LISTED = re.compile(rf"{PROVINCE}|(?:{FAR}[,，]\s*{FAR}[\r\n]\s*){{3}}")
PLACE = rf"\s*(?P<north>{NUMBER})\s*,\s*(?P<east>{NUMBER})"
BARE = rf"^{PLACE}$"
POINT = rf"^[^,]*,\s*(?P<number>[^,]*?)\s*,\s*(?P<ring>\d+)\s*,\s*(?P<label>[^,]*?)\s*,{PLACE}[\s,]*$"


def is_coordinate_list(head: Head) -> bool:
    """A .txt of nothing but pairs of large numbers, or the report of one province, without sections."""
    return head.suffix == ".txt" and LISTED.match(head.start) is not None


def open_coordinate_list(source: DataSource) -> Layer:
    """The plots, which blank lines part, and in the province's form the number of the parcel as well.

    No system is stated in either form, and in the bare one no number of a parcel.
    """
    return open_plots(source, _parted)


def _parted(lines: pa.Array, numbers: Ints) -> Parted:
    """The same points as lines of a report, with a line for each plot before the first of its points."""
    provincial = lines[0].as_py().startswith(PROVINCE)
    lines, numbers = lines.slice(int(provincial)), numbers[int(provincial) :]
    found = pc.extract_regex(lines, POINT if provincial else BARE)
    places = [pc.struct_field(found, name) for name in ("north", "east")]
    begins = np.diff(numbers, prepend=-1) > 1
    running = pc.cast(pa.array(np.arange(len(lines))), pa.string())
    label, ring, number = running, pa.scalar("1"), pa.scalar("")
    if provincial:
        label, ring, number = (pc.struct_field(found, name) for name in ("label", "ring", "number"))
        coded = np.asarray(pc.fill_null(number, "").dictionary_encode().indices, np.int64)
        begins |= (np.diff(coded, prepend=-1) != 0) & np.asarray(pc.is_valid(number))
    points = pc.coalesce(pc.binary_join_element_wise(label, ring, *places, ","), lines)
    at = np.flatnonzero(begins)
    head = pc.binary_join_element_wise(",", number, pa.array([",,面,,,,@"] * len(lines)), "").take(pa.array(at))
    order = np.argsort(np.concatenate([at - 0.5, np.arange(len(lines))]))
    both = pa.concat_arrays([pc.fill_null(head, ",,,面,,,,@"), points])
    return {}, both.take(pa.array(order)), np.concatenate([numbers[at], numbers])[order]
