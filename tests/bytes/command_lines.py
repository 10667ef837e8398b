"""The command lines whose output must stay as it is, by group; names are part of the names of the outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from record import Case

LANGUAGES = ("en", "zh")
LOCALES = ("C.UTF-8", "zh_CN.UTF-8")
DAY = "--as-of 2026-06-30"
SUFFIXES = (
    "json", "jsonl", "csv", "sarif", "md", "html", "junit.xml", "codequality.json", "geojson", "gpkg", "shp", "xlsx",
    "docx", "pdf", "parquet",
)  # fmt: skip
EVERY_FILE = " ".join(f"-o {{out}}/r.{suffix}" for suffix in SUFFIXES)
LARGE = " ".join(f"-o {{out}}/r.{suffix}" for suffix in ("json", "jsonl", "csv", "sarif", "gpkg", "parquet"))
SHAPEFILES = (
    "sample_parcels/gbk/parcels.shp --parks sample_parcels/gbk/parks.shp --green sample_parcels/gbk/green.shp "
    "--buildings sample_parcels/gbk/buildings.shp"
)
JOINED = (
    "sample_parcels/parcels_without_attributes.geojson --attributes sample_parcels/attributes.xlsx "
    "--parks sample_parcels/gbk/parks.shp"
)
LIMITS = f"made/limits.csv --crs EPSG:4549 {DAY}"
CLOCK = "OGR_CURRENT_DATE=2026-01-01T00:00:00Z"  # GDAL's own, which it writes into a new GeoPackage
PRINTED = ("table", "plain", "json", "jsonl", "csv", "md", "github")
PACKS = ("china-terms", "shanghai-2021-6", "shanghai-2021-9", "shanghai-2025-28", "shanghai-green")

# Every file of one run.
IN_EVERY_FORMAT = {
    "gbk": f"sample_parcels/gbk {DAY} --show all",
    "plan-literal": f"sample_parcels/plan.gpkg {DAY} --reading literal --keep-geometry",
    "plan-auto": f"sample_parcels/plan.gpkg {DAY} --pack auto --show all",
    "dirty": f"sample_parcels/dirty.gpkg {DAY}",
    "dirty-bare": f"sample_parcels/dirty.gpkg {DAY} --pack auto --no-assumptions --show all",
    "limits": f"{LIMITS} --show all --keep-geometry",
    "limits-waived": f"{LIMITS} --waivers made/waivers.toml",
    "faults": f"made/faults.csv --crs EPSG:4549 {DAY}",
    "pools": f"made/pools.csv --crs EPSG:4549 {DAY} --pack shanghai-2025-28 --pack shanghai-green --show all",
}
# JSON on standard output.
AS_JSON = {
    "small": f"sample_parcels/small.geojson {DAY} --show all",
    "small-bare": f"sample_parcels/small.geojson {DAY} --no-assumptions",
    "metres": f"sample_parcels/metres.geojson {DAY}",
    "metres-declared": f"sample_parcels/metres.geojson {DAY} --crs EPSG:4549",
    "swapped": f"made/swapped.geojson {DAY}",
    "joined": f"{JOINED} {DAY}",
    "outlines": f"sample_parcels/parcels_without_attributes.geojson {DAY}",
    "shapefiles": f"{SHAPEFILES} --zones sample_parcels/gbk/parks.shp {DAY} -v",
    "green-table": f"sample_parcels/gbk/parcels.shp --parks sample_parcels/gbk/parks.shp --green made/green.csv {DAY}",
    "zip": f"made/gbk.zip --layer parcels {DAY} -v",
    "encoding": f"sample_parcels/gbk/parcels.shp --encoding GB18030 {DAY} --map name=地块名称",
    "planar": f"{LIMITS} --area-basis planar --show all",
    "denominator": f"sample_parcels/plan.gpkg {DAY} --share-denominator far_gfa",
    "no-crs": f"made/limits.csv {DAY}",
    "zone-prefix": f"made/limits.csv --crs EPSG:4526 {DAY}",
    "web-mercator": f"made/limits.csv --crs EPSG:3857 {DAY}",
    "local-grid": "made/limits.csv --crs '+proj=tmerc +lat_0=31.2354 +lon_0=121.4671 +ellps=GRS80' --as-of 2026-06-30",
    "before": "sample_parcels/plan.gpkg --as-of 2021-08-31",
    "lapsed": "sample_parcels/plan.gpkg --as-of 2026-11-22 --fail-on lapsed --fail-on fail",
    "term": f"{LIMITS} --set base_term_years=30 --fail-on review",
    "exit-zero": f"sample_parcels/dirty.gpkg {DAY} --exit-zero -q --layer parcels",
    "undetermined": f"{LIMITS} --fail-on undetermined --map far=far_before",
    "suspect": f"made/suspect.csv {DAY}",
    "suspect-mapped": f"made/small-gbk.csv {DAY} --map approval_date=出让日期 --map site_area_m2=YDMJ:ha",
    "two-packs": f"{LIMITS} --pack shanghai-2021-9 --pack made/beijing-green-1990",
    **{f"pack-{name}": f"sample_parcels/plan.gpkg {DAY} --pack {name}" for name in PACKS if name != "shanghai-2021-9"},
    "configured": "made/limits.csv --crs EPSG:4549 --config made/landcheck.toml",
}
SAVED = f"check sample_parcels/plan.gpkg {DAY} -q -o {{out}}/a.json --keep-geometry"
LATER = "check sample_parcels/gbk --as-of 2026-11-22 -q -o {out}/b.json --reading literal --show all"
# Other commands; the language is added to each step.
OTHERS = {
    "fields": ["fields"],
    "fields-gbk": ["fields sample_parcels/gbk", "fields sample_parcels/gbk --output-format json"],
    "fields-joined": [f"fields {JOINED}", "fields sample_parcels/attributes.xlsx --output-format json"],
    "fields-dirty": ["fields sample_parcels/dirty.gpkg --pack auto --no-assumptions", "fields made/pools.csv"],
    "fields-suspect": ["fields made/suspect.csv", "fields made/suspect.csv --map approval_date=出让日期"],
    "compare-days": ["compare sample_parcels/plan.gpkg --as-of 2021-08-31 --as-of 2026-06-30"],
    "compare-packs": ["compare made/limits.csv --crs EPSG:4549 --pack shanghai-2021-9 --pack shanghai-2021-6 " + DAY],
    "diff": [SAVED, LATER, "diff {out}/a.json {out}/b.json", "diff {out}/b.json {out}/a.json --output-format json"],
    "report": [SAVED, f"report {{out}}/a.json --show all --keep-geometry {EVERY_FILE} --output-format table"],
    "baseline": [
        SAVED, "baseline {out}/a.json -o {out}/base.json", "baseline {out}/a.json",
        "check sample_parcels/gbk --as-of 2026-11-22 --baseline {out}/base.json -o {out}/r.sarif -o {out}/r.html",
        "check sample_parcels/dirty.gpkg --as-of 2026-06-30 --baseline {out}/base.json --output-format github",
    ],
    "waivers": [
        "waivers new sample_parcels/plan.gpkg --parcel PD01-03 --rule far-industrial",
        "waivers new sample_parcels/gbk --park PD01 --rule green-balance",
        "waivers new sample_parcels/plan.gpkg --parcel PD99 --rule far-industrial",
    ],
    "init": [
        f"{CLOCK} init {{out}}/project", "init {out}/project",
        "check {out}/project/example.gpkg --as-of 2026-06-30 --config {out}/project/landcheck.toml",
    ],
    "rules-list": ["rules list", "rules list --pack auto"],
    "rules-show": [
        "rules show living-15", "rules show green-balance", "rules show far-smart-space-2025-28 --pack auto",
        "rules show green-toxic-40 --pack made/beijing-green-1990",
    ],
    "rules-docs": [
        "rules docs -o {out}/rules.md -o {out}/rules.html", "rules docs made/beijing-green-1990 --output-format html",
    ],
    "rules-test": ["rules test", "rules test made/beijing-green-1990", "rules test made/bad-pack"],
}  # fmt: skip
EXPLAINED = {
    "plan": ["explain sample_parcels/plan.gpkg --parcel PD01-03 " + DAY],
    "built": ["explain sample_parcels/gbk --parcel MH02-02 --rule living-15 --rule mixed-use-30 " + DAY],
    "auto": ["explain sample_parcels/gbk --parcel PD01-10 --pack auto --reading literal " + DAY],
    "dirty": [f"explain sample_parcels/dirty.gpkg --parcel {name} {DAY}" for name in ("Z04", "Z09", "Z15")],
    "json": [f"explain sample_parcels/{file} --output-format json {DAY}" for file in
             ("plan.gpkg --parcel MH01-01", "small.geojson --parcel PD02-04 --no-assumptions")],
    "waived": [f"explain {LIMITS} --parcel L02 --waivers made/waivers.toml --rule far-industrial"],
    "pool": [f"explain made/pools.csv --parcel L{number} --pack shanghai-2025-28 {DAY}" for number in ("01", "04")],
    "whatif": ["whatif sample_parcels/gbk --parcel PD01-03 --set far_gfa_m2=60000 --set term_years=20 " + DAY],
    "whatif-missing": [f"whatif {LIMITS} --parcel L06 --set recognition= --output-format json"],
}  # fmt: skip
WRONG = {
    "map-row": f"check {LIMITS} --map parcel_id=#row",
    "no-such-command": "chek", "no-such-option": "check sample_parcels/gbk --raeding literal",
    "no-file": "check nowhere.shp", "no-argument": "check", "no-file-for-parks": f"check {LIMITS} --parks nowhere.gpkg",
    "day": "check made/limits.csv --as-of 2022-02-30", "reading": "check made/limits.csv --reading liberal",
    "format": f"check {LIMITS} --output-format sonnet", "suffix": f"check {LIMITS} -o {{out}}/report.sonnet",
    "folder": f"check {LIMITS} -o no/such/folder/r.json", "over-input": f"check {LIMITS} -o made/limits.csv",
    "map-field": f"check {LIMITS} --map storeys=X", "map-column": f"check {LIMITS} --map far=NOWHERE",
    "map-form": f"check {LIMITS} --map nonsense", "map-unit": f"check {LIMITS} --map site_area_m2=site_area_m2:cubit",
    "set-value": f"check {LIMITS} --set base_term_years=many", "set-name": f"check {LIMITS} --set base_term_year=3",
    "pack": f"check {LIMITS} --pack shanghai-2021-8", "bad-pack": f"check {LIMITS} --pack made/bad-pack",
    "config": f"check {LIMITS} --config none.toml", "config-form": f"check {LIMITS} --config made/no-toml.toml",
    "config-faults": f"check {LIMITS} --config made/faulty.toml", "crs": "check made/limits.csv --crs EPSG:0",
    "encoding": "check sample_parcels/gbk/parcels.shp --encoding klingon", "set": f"check {LIMITS} --set far",
    "gpkg-layer": "check sample_parcels/plan.gpkg --layer plots", "empty": "check made/empty.csv",
    "no-rows": f"check made/head.csv {DAY}", "no-id": "check made/no-id.csv",
    "two-columns": f"check made/twice.csv {DAY}",
    "text": "check made/text.shp", "broken": "check made/broken.geojson", "workers": f"check {LIMITS} --workers 0",
    "dask": f"check {LIMITS} --engine dask", "waivers": f"check {LIMITS} --waivers made/faulty-waivers.toml",
    "baseline": f"check {LIMITS} --baseline made/other.json", "nobody": f"explain {LIMITS} --parcel P9",
    "no-rule": f"explain {LIMITS} --parcel L01 --rule far-lunar", "show": "rules show far-lunar",
    "whatif-field": f"whatif {LIMITS} --parcel L01 --set storeys=3", "diff": "diff made/other.json nowhere.json",
    "whatif-value": f"whatif {LIMITS} --parcel L01 --set far=two", "report": "report made/other.json",
    "compare": f"compare {LIMITS}", "waiver": "waivers new sample_parcels/plan.gpkg --rule far-industrial",
    "fail-on": f"check {LIMITS} --fail-on everything", "init": "init made/text.shp",
    "lang": f"check {LIMITS} --lang fr",
}  # fmt: skip
TOWN = f"random/town.gpkg --zones random/zones.gpkg {DAY} -q"
RANDOM = {
    "town": f"{TOWN} --attributes random/attributes.csv {LARGE} --lang en",
    "town-auto": f"{TOWN} --pack auto --show all -o {{out}}/r.parquet --lang zh",
    "town-auto-bare": f"{TOWN} --pack auto --no-assumptions --reading literal -o {{out}}/r.jsonl --lang en",
    "town-planar": f"{TOWN} --area-basis planar --share-denominator far_gfa --output-format csv --lang zh",
    "town-printed": f"random/town.gpkg {DAY} -q --output-format plain --lang zh",
    "sheet": f"random/sheet.gpkg {DAY} --show all {LARGE} --output-format md --lang zh",
    "sheet-auto": f"random/sheet.gpkg {DAY} --pack auto -o {{out}}/r.json -o {{out}}/r.html --lang en",
    "parts-dask": f"random/formats/parts {DAY} --engine dask --workers 1 --output-format json --lang en",
}
FEW = (
    "few.fgb", "few.shp", "few.kml", "few.gml", "few.tab", "few.geojsonl", "few.gdb", "few.dxf", "few.parquet",
    "few.csv", "few.tsv", "parts",
)  # fmt: skip
PAGES = (
    "", "check", "explain", "whatif", "report", "diff", "compare", "rules", "rules list", "rules show", "rules docs",
    "rules new", "rules test", "waivers", "waivers new", "baseline", "fields", "init",
)  # fmt: skip


GROUPS = ("samples", "explain", "usage", "languages", "help", "random")
IN_TURN = {
    "samples": {
        **{name: [f"check {words} {EVERY_FILE} --output-format plain"] for name, words in IN_EVERY_FORMAT.items()},
        **{f"printed-{name}": [f"check sample_parcels/plan.gpkg {DAY} --output-format {name}"] for name in PRINTED},
        **{name: [f"check {words} --output-format json"] for name, words in AS_JSON.items()},
        **OTHERS,
    },
    "explain": EXPLAINED,
}


def cases(group: str) -> list[Case]:
    """The cases of a group."""
    made = {"usage": usage, "languages": languages, "help": pages, "random": random}
    return list(in_turn(group) if group in IN_TURN else made[group]())


def in_turn(group: str) -> Iterator[Case]:
    """The sample parcels and small tables, by every command and option; each case in one language."""
    for turn, (name, steps) in enumerate(IN_TURN[group].items()):
        yield _in(LANGUAGES[turn % 2], group, name, steps)
    if group == "samples":
        steps = ["rules new {out}/pack", "rules test {out}/pack --lang en", "rules list --pack {out}/pack --lang zh"]
        yield Case(group, "rules-new", tuple(steps))
        yield Case(group, "version", ("--version",))


def languages() -> Iterator[Case]:
    """The same in the other language."""
    for group, named in IN_TURN.items():
        for turn, (name, steps) in enumerate(named.items()):
            yield _in(LANGUAGES[1 - turn % 2], "languages", f"{group}-{name}", steps)


def usage() -> Iterator[Case]:
    """What is wrong with a command or its input, in one language by turns."""
    for turn, (name, words) in enumerate(WRONG.items()):
        yield Case("usage", name, (f"LC_ALL={LOCALES[turn % 2]} {words}",))


def pages() -> Iterator[Case]:
    """The help of every command; a command that has no --lang goes by the locale."""
    for page in PAGES:
        for lang, locale in zip(LANGUAGES, LOCALES, strict=True):
            name = page.replace(" ", "-") or "landcheck"
            yield Case("help", f"{name}.{lang}", (f"LC_ALL={locale} {page} --help",))
    yield Case("help", "no-command", ("",))


def random() -> Iterator[Case]:
    """Thousands of random parcels, and some of them in other formats."""
    for name, words in RANDOM.items():
        yield Case("random", name, (f"check {words}",))
    for file in FEW:
        more = "--map parcel_id=EntityHandle" if file.endswith("dxf") else ""
        words = f"random/formats/{file} {more} --lang en"
        yield Case("random", file, (f"check {words} {DAY} -v --output-format json", f"fields {words}"))


def _in(lang: str, group: str, name: str, steps: Iterable[str]) -> Case:
    return Case(group, f"{name}.{lang}", tuple(f"{step} --lang {lang}" for step in steps))
