"""Documents that landcheck reads beside layers, and each of their values changed into something that may not stand."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_parcels"
GONE = object()
TEXTS = (
    "",
    " ",
    "x",
    "a\x00b",
    "\x1b[31m\n::error::x",
    "\u202e\u3164\uffff",
    "../../etc",
    "長" * 5000,
    "1e999",
    "{0}",
    "%s",
)
NUMBERS = (0, -1, 1, 10**30, -(10**30), 1e308, -1e308, 1e-320, 0.5, math.nan, math.inf, -math.inf, 10**4400)
OTHERS = (GONE, None, True, False, [], {}, [[]], [{}], {"x": {}}, [1, "x", None], dt.date(1, 1, 1), dt.time(1))
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its file in the folder of a run, and what landcheck is asked to do with it."""

    name: str
    file: str
    arguments: tuple[str, ...]


CHECK = ("check", "small.geojson", "--as-of", "2026-06-30", "--output-format", "json", "--lang", "en")
OUTPUTS = ("r.json", "r.jsonl", "r.csv", "r.html", "r.md", "r.docx", "r.xlsx", "r.sarif", "r.junit.xml", "r.gpkg",
           "r.codequality.json", "r.geojson", "r.parquet")  # fmt: skip
KINDS = (
    Kind("result", "result.json", ("report", "result.json", "--output-format", "plain", "--lang", "en")),
    Kind("diff", "result.json", ("diff", "result.json", "sound.json", "--lang", "zh")),
    Kind("baseline of a result", "result.json", ("baseline", "result.json", "--lang", "en")),
    Kind("baseline", "baseline.json", (*CHECK, "--baseline", "baseline.json")),
    Kind("register", "waivers.toml", (*CHECK, "--waivers", "waivers.toml")),
    Kind("configuration", "landcheck.toml", CHECK),
    Kind("pack", "mine/pack.toml", ("rules", "test", "mine", "--lang", "en")),
    Kind("card", "mine/far-floor.toml", ("rules", "test", "mine", "--lang", "en")),
    Kind("cases", "mine/far-floor.cases.toml", ("rules", "test", "mine", "--lang", "en")),
    Kind("vocabulary", "mine/vocabulary.toml", (*CHECK, "--pack", "mine")),
)

WAIVERS = """[[waiver]]
number = "沪规划资源〔2026〕1号"
approver = "局"
reason = "历史用地"
granted = 2026-01-01
expires = 2027-01-01
rule = "far-industrial"
parcel = "P01"
measured = "far = 1.8"
note = "x"

[[waiver]]
number = "2"
approver = "局"
reason = "x"
expires = "2027-01-01"
rule = "living-15"
polygon = "POLYGON((121 31,122 31,122 32,121 31))"
crs = "EPSG:4490"
"""
VOCABULARY = """[matters]
height = {zh = "高度", en = "height"}

["至多为"]
compare = ["at_most"]
modality = "must"
number = 3
note = {zh = "x", en = "x"}
"""
CONFIGURATION = """pack = ["shanghai-2021-9"]
as_of = 2026-06-30
reading = "threshold"
assumptions = true
crs = "EPSG:4490"
encoding = "UTF-8"
overlap_tolerance = 1.5
area_basis = "ellipsoidal"
show = "findings"
fail_on = ["fail"]
lang = "en"
keep_geometry = false

[map]
far = "far"
land_code = "land_code"

[set]
base_term_years = 30

[project]
name = "x"
number = "1"
"""


def write_documents(folder: Path) -> None:
    """Every document, sound, in a folder with the parcels."""
    from landcheck.cli.console import LANG  # noqa: F401 - the command line is imported as a process does it
    from landcheck.exceptions.baseline import load_baseline
    from landcheck.report.write import write_files
    from landcheck.request import Request
    from landcheck.rulebook import new_pack
    from landcheck.run.check import check

    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SAMPLES / "small.geojson", folder / "small.geojson")
    request = Request(str(SAMPLES / "plan.gpkg"), packs=("auto",), as_of=dt.date(2026, 6, 30), show_all=True)
    write_files(check(request), [folder / "result.json"], "en", keep_geometry=True)
    shutil.copy(folder / "result.json", folder / "sound.json")
    (folder / "baseline.json").write_text("".join(load_baseline(str(folder / "result.json")).lines()), encoding="utf-8")
    (folder / "waivers.toml").write_text(WAIVERS, encoding="utf-8")
    (folder / "landcheck.toml").write_text(CONFIGURATION, encoding="utf-8")
    new_pack(folder / "mine")
    (folder / "mine" / "vocabulary.toml").write_text(VOCABULARY, encoding="utf-8")


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every value of a document; of a list the first three."""
    if place:
        yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*place, key))


def mutated(document: Any, place: Place, random: Random) -> Any:
    """A copy with another value there, a key more beside it, or another key for it."""
    changed = copy.deepcopy(document)
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    value = random.choice(random.choice((TEXTS, NUMBERS, OTHERS)))
    if isinstance(holder, dict) and random.random() < 0.1:
        holder[random.choice(TEXTS)] = holder.pop(place[-1]) if random.random() < 0.5 else value
    elif value is GONE:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return changed


def read(file: Path) -> Any:
    text = file.read_text(encoding="utf-8")
    return json.loads(text) if file.suffix == ".json" else tomllib.loads(text)


def write(document: Any, file: Path) -> None:
    if file.suffix == ".json":
        text = json.dumps(document, ensure_ascii=False, default=str)
    else:
        text = "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in document.items() if value is not None)
    file.write_text(text, encoding="utf-8", errors="surrogatepass")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value if one is not None) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
