"""What a run is asked to do: the options that the engine knows, and the ``Request`` they fill.

An option of the engine is written down here and nowhere else: its row, and the field it fills. The arguments of the
commands, their help pages, the keys of ``landcheck.toml`` and the Request of a run are made of the rows.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypedDict

from landcheck.errors import UsageError

if TYPE_CHECKING:
    from decimal import Decimal

    import numpy as np

DEFAULT_PACK = "shanghai-2021-9"
BATCH_ROWS = 65_536
OVERLAP_TOLERANCE_M2 = 1.0


class Reading(StrEnum):
    """How a permission (可以) is read: as a floor, or to the letter."""

    THRESHOLD = "threshold"
    LITERAL = "literal"


# What may be read in more than one way: the choices by name, the contract's own first.
INTERPRETATIONS: Mapping[str, tuple[str, ...]] = {
    "reading": tuple(reading.value for reading in Reading),
    "area_basis": ("ellipsoidal", "planar"),
    "share_denominator": ("above_ground", "far_gfa"),
}

# What parcels may be added up by.
GROUPINGS = ("park", "district", "land_class", "rule")

# Commands that judge parcels, and those that read them at all.
JUDGING = ("check", "explain", "whatif", "compare")
SURVEYING = (*JUDGING, "fields")
DRAWING = (*SURVEYING, "convert")
READING = (*DRAWING, "waivers new")

Form = Literal["text", "path", "list", "date", "number", "amount", "switch", "off", "set", "map"]
Group = Literal["arguments", "inputs", "rules", "reading", "output", "status", "cluster"]


class Option(NamedTuple):
    """An option of some commands, and of ``landcheck.toml``.

    ``form``: what is written; a ``list`` may be given again and again, ``off`` is a switch that takes something away,
    ``set`` and ``map`` are lists of ``NAME=VALUE`` and tables of the file. ``choices``: the words allowed, the first
    where none is given. ``field``: of the Request, where it has another name; a field of several options holds what
    each was given, by its name. ``key``: its name in the file, where it is another; empty where it does not stand
    there. ``help``: the code of its help text, where it is not ``help-NAME``. ``value``: the field's value from the
    word written.
    """

    name: str
    form: Form
    group: Group
    commands: tuple[str, ...]
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    field: str | None = None
    key: str | None = None
    help: str | None = None
    short: str | None = None
    default: str | None = None
    required: bool = False
    value: Callable[[Any], Any] | None = None


def _not_negative(value: float) -> float:
    if not 0 <= value < float("inf"):
        raise UsageError("overlap-tolerance-value", value=value)
    return float(value)


def _parts(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Names that were given one by one, or several in one text with commas."""
    return tuple(part.strip() for text in texts for part in text.split(",") if part.strip())


# What a report says of the project it is about.
PROJECT = ("name", "number", "applicant", "prepared_by")

# In the order of the help pages and of the Request: the first fault of several is told.
OPTIONS = (
    Option("parks", "path", "inputs", READING, "F", field="sources"),
    Option("zones", "path", "inputs", DRAWING, "F", field="sources"),
    Option("green", "path", "inputs", DRAWING, "F", field="sources"),
    Option("buildings", "path", "inputs", DRAWING, "F", field="sources"),
    Option("attributes", "path", "inputs", SURVEYING, "F", field="sources"),
    Option("waivers", "path", "inputs", ("check", "explain"), "F", help="help-register"),
    Option("baseline", "path", "inputs", ("check",), "F", help="help-known"),
    Option("large", "switch", "inputs", ("check",), key=""),
    Option("layer", "text", "reading", READING, "NAME"),
    Option("pack", "list", "rules", ("check", "explain", "whatif", "fields", "waivers new"), "NAME|DIR", field="packs"),
    Option("as_of", "date", "rules", ("check", "explain", "whatif"), "DATE"),
    Option("reading", "text", "rules", JUDGING, choices=INTERPRETATIONS["reading"], value=Reading),
    Option("select", "list", "rules", ("check", "compare"), "RULE", value=_parts),
    Option("ignore", "list", "rules", ("check", "compare"), "RULE", value=_parts),
    Option("set", "set", "rules", ("check", "explain", "compare"), "NAME=VALUE", field="parameters"),
    Option("map", "map", "reading", READING, "FIELD=COLUMN[:UNIT]", field="maps"),
    Option("no_assumptions", "off", "rules", SURVEYING, field="assume", key="assumptions"),
    Option("encoding", "text", "reading", READING, "E"),
    Option("crs", "text", "reading", READING, "CRS"),
    Option("area_basis", "text", "reading", JUDGING, choices=INTERPRETATIONS["area_basis"]),
    Option("overlap_tolerance", "amount", "reading", JUDGING, "M2", value=_not_negative),
    Option("share_denominator", "text", "rules", JUDGING, choices=INTERPRETATIONS["share_denominator"]),
    *(
        Option(f"project_{key}", "text", "output", ("check", "explain"), "TEXT", field="project", key=f"project.{key}")
        for key in PROJECT
    ),
    Option("show", "text", "output", ("check", "report"), choices=("findings", "all"), field="show_all",
           value="all".__eq__),
    Option("headroom", "switch", "output", ("check",)),
)  # fmt: skip


class ArrowStream(Protocol):
    """What gives its rows as an Arrow stream: frames of GeoPandas, pandas and polars, tables, relations of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream in a capsule."""


Source = str | os.PathLike[str] | ArrowStream


class ColumnRef(NamedTuple):
    """A column a user named; ``unit`` as written, empty where none was."""

    column: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """The inputs of :func:`landcheck.check` and how to read and judge them.

    ``parcels`` and, for each further role (parks, zones, green, buildings, attributes), one of the ``sources`` is a
    path, an address, or a table in memory. ``crs`` is what the
    user declares; ``area_basis`` and ``share_denominator`` are choices of ``INTERPRETATIONS``; ``assume`` off makes
    assumed values missing; ``select`` and ``ignore`` name the rules that are judged and those that are not;
    ``overlap_tolerance`` in m², above which ground that two parcels share is an error and no
    warning; ``waivers`` is the path of the register of waivers, ``baseline`` that of what an earlier run found, of any
    size if ``large``. ``project``: by option what every report for people says of the project; ``headroom``: the report
    states for each parcel what may still be built. ``only``: the one parcel of interest; ``supposed``: what its columns
    are to hold instead of what the files say.
    """

    parcels: Source
    sources: Mapping[str, Source] = field(default_factory=dict)
    layer: str | None = None
    packs: tuple[str, ...] = (DEFAULT_PACK,)
    as_of: dt.date = field(default_factory=dt.date.today)
    reading: Reading = Reading.THRESHOLD
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    maps: Mapping[str, ColumnRef] = field(default_factory=dict)
    assume: bool = True
    encoding: str | None = None
    crs: str | None = None
    area_basis: str = "ellipsoidal"
    overlap_tolerance: float = OVERLAP_TOLERANCE_M2
    share_denominator: str = "above_ground"
    show_all: bool = False
    only: str | None = None
    supposed: Mapping[str, np.generic] = field(default_factory=dict)
    waivers: str | None = None
    baseline: str | None = None
    large: bool = False
    project: Mapping[str, str] = field(default_factory=dict)
    headroom: bool = False
    batch_rows: int = BATCH_ROWS

    @property
    def paths(self) -> list[str]:
        """Those of the inputs that are files or addresses."""
        given = (self.parcels, *self.sources.values(), self.waivers, self.baseline)
        return [os.fspath(one) for one in given if isinstance(one, str | os.PathLike)]


class CheckOptions(TypedDict, total=False):
    """The options of :func:`landcheck.check` by name, as those of the command line; None as if it was not given."""

    parks: Source | None
    zones: Source | None
    green: Source | None
    buildings: Source | None
    attributes: Source | None
    waivers: str | os.PathLike[str] | None
    baseline: str | os.PathLike[str] | None
    large: bool | None
    layer: str | None
    pack: str | Sequence[str] | None
    as_of: str | dt.date | None
    reading: str | None
    select: str | Sequence[str] | None
    ignore: str | Sequence[str] | None
    parameters: Mapping[str, object] | None
    mapping: Mapping[str, str] | None
    assume: bool | None
    encoding: str | None
    crs: object
    area_basis: str | None
    overlap_tolerance: float | None
    share_denominator: str | None
    project_name: str | None
    project_number: str | None
    project_applicant: str | None
    project_prepared_by: str | None
    show: str | None
    headroom: bool | None


def day_of(given: str | dt.date) -> dt.date:
    """The date as it is written. UsageError where it is none."""
    try:
        return given if isinstance(given, dt.date) else dt.date.fromisoformat(given.strip())
    except ValueError:
        raise UsageError("bad-date", value=given) from None


def parameters_of(texts: Sequence[str]) -> dict[str, Decimal]:
    """Values of parameters, each written ``NAME=VALUE``. UsageError."""
    from decimal import Decimal, InvalidOperation

    from landcheck.bounded import is_written_out

    parameters = {}
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            raise UsageError("bad-set", text=text) from None
        if not equals or not number.is_finite() or not is_written_out(number):
            raise UsageError("bad-set", text=text)
        parameters[name.strip()] = number
    return parameters


class Cluster(NamedTuple):
    """Where to work: where the ``scheduler`` is, else on so many ``workers`` of this machine (None: one a core)."""

    scheduler: str | None = None
    workers: int | None = None
