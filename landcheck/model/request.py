"""What a run is asked to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from landcheck.model.values import Reading

if TYPE_CHECKING:
    import numpy as np

DEFAULT_PACK = "shanghai-2021-9"
BATCH_ROWS = 65_536
# What may be read in more than one way: the choices by name, the contract's own first.
INTERPRETATIONS: Mapping[str, tuple[str, ...]] = {
    "reading": tuple(reading.value for reading in Reading),
    "area_basis": ("ellipsoidal", "planar"),
    "share_denominator": ("above_ground", "far_gfa"),
}


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column a user named; ``unit`` as written, empty where none was."""

    column: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """The inputs of :func:`landcheck.check` and how to read and judge them.

    ``sources`` holds a path for each further role: parks, zones, green, buildings, attributes. ``crs`` is what the
    user declares; ``area_basis`` and ``share_denominator`` are choices of ``INTERPRETATIONS``; ``assume`` off makes
    assumed values missing; ``waivers`` is the path of the register of waivers,
    ``baseline`` that of what an earlier run found. ``only``: the one parcel of interest; ``supposed``: what its columns
    are to hold instead of what the files say.
    """

    parcels: str
    sources: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
    packs: tuple[str, ...] = (DEFAULT_PACK,)
    as_of: dt.date = field(default_factory=dt.date.today)
    reading: Reading = Reading.THRESHOLD
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    maps: Mapping[str, ColumnRef] = field(default_factory=dict)
    assume: bool = True
    encoding: str | None = None
    crs: str | None = None
    area_basis: str = "ellipsoidal"
    share_denominator: str = "above_ground"
    show_all: bool = False
    only: str | None = None
    supposed: Mapping[str, np.generic] = field(default_factory=dict)
    waivers: str | None = None
    baseline: str | None = None
    batch_rows: int = BATCH_ROWS
