"""The options of the commands, each said once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from landcheck.cli.language import told


class ReadingName(StrEnum):
    """``--reading``."""

    threshold = "threshold"
    literal = "literal"


class AreaBasis(StrEnum):
    """``--area-basis``."""

    ellipsoidal = "ellipsoidal"
    planar = "planar"


class Denominator(StrEnum):
    """``--share-denominator``."""

    above_ground = "above_ground"
    far_gfa = "far_gfa"


class FailOn(StrEnum):
    """``--fail-on``."""

    fail = "fail"
    review = "review"
    undetermined = "undetermined"
    lapsed = "lapsed"


class EngineName(StrEnum):
    """``--engine``."""

    local = "local"
    dask = "dask"


class ShowName(StrEnum):
    """``--show``."""

    findings = "findings"
    all = "all"


class LangName(StrEnum):
    """``--lang``."""

    zh = "zh"
    en = "en"


Parcels = Annotated[str, typer.Argument(metavar="PARCELS", help=told("help-parcels"))]
ParksFile = Annotated[str | None, typer.Option("--parks", metavar="F", help=told("help-parks"))]
ZonesFile = Annotated[str | None, typer.Option("--zones", metavar="F", help=told("help-zones"))]
GreenFile = Annotated[str | None, typer.Option("--green", metavar="F", help=told("help-green"))]
BuildingsFile = Annotated[str | None, typer.Option("--buildings", metavar="F", help=told("help-buildings"))]
WaiversFile = Annotated[str | None, typer.Option("--waivers", metavar="F", help=told("help-register"))]
BaselineFile = Annotated[str | None, typer.Option("--baseline", metavar="F", help=told("help-known"))]
AttributesFile = Annotated[str | None, typer.Option("--attributes", metavar="F", help=told("help-attributes"))]
LayerName = Annotated[str | None, typer.Option("--layer", metavar="NAME", help=told("help-layer"))]
Packs = Annotated[list[str] | None, typer.Option("--pack", metavar="NAME|DIR", help=told("help-pack"))]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=told("help-as-of"))]
Readings = Annotated[ReadingName | None, typer.Option("--reading", help=told("help-reading"))]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=told("help-set"))]
Maps = Annotated[list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN[:UNIT]", help=told("help-map"))]
NoAssumptions = Annotated[bool, typer.Option("--no-assumptions", help=told("help-no-assumptions"))]
ConfigFile = Annotated[str | None, typer.Option("--config", metavar="F", help=told("help-config"))]
Encoding = Annotated[str | None, typer.Option("--encoding", metavar="E", help=told("help-encoding"))]
Crs = Annotated[str | None, typer.Option("--crs", metavar="CRS", help=told("help-crs"))]
Basis = Annotated[AreaBasis | None, typer.Option("--area-basis", help=told("help-area-basis"))]
Denominators = Annotated[Denominator | None, typer.Option("--share-denominator", help=told("help-share-denominator"))]
FailOns = Annotated[list[FailOn] | None, typer.Option("--fail-on", help=told("help-fail-on"))]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help=told("help-exit-zero"))]
Engines = Annotated[EngineName | None, typer.Option("--engine", help=told("help-engine"))]
Scheduler = Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help=told("help-scheduler"))]
Workers = Annotated[int | None, typer.Option("--workers", metavar="N", help=told("help-workers"))]
Shows = Annotated[ShowName | None, typer.Option("--show", help=told("help-show"))]
OutputFormat = Annotated[str | None, typer.Option("--output-format", metavar="FORMAT", help=told("help-output-format"))]
Outputs = Annotated[list[str] | None, typer.Option("-o", "--output", metavar="FILE", help=told("help-output"))]
KeepGeometry = Annotated[bool, typer.Option("--keep-geometry", help=told("help-keep-geometry"))]
Languages = Annotated[LangName | None, typer.Option("--lang", help=told("help-lang"))]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help=told("help-quiet"))]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help=told("help-verbose"))]
ParcelId = Annotated[str, typer.Option("--parcel", metavar="ID", help=told("help-parcel"))]
RuleIds = Annotated[list[str] | None, typer.Option("--rule", metavar="R", help=told("help-rule"))]
