"""The sample parcels: described file by file, drawn again alike, and showing what their README says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from python_calamine import load_workbook

from landcheck import Request
from landcheck.facts.mapped import open_layers
from landcheck.geometry.area import area_m2
from landcheck.geometry.shapes.batch import shapes

VERDICTS = ("pass", "fail", "review", "undetermined", "not_applicable")
# Only a permission or an encouragement can be for review, and an encouragement is never broken (CONTRACT section 1).
FOR_REVIEW = {"term-50", "far-industrial", "far-rd-general", "roof-greening"}
NEVER_BROKEN = {"roof-greening"}
ALONGSIDE = [
    word for role in ("parks", "green", "buildings") for word in (f"--{role}", f"sample_parcels/gbk/{role}.shp")
]
JOINED = ("parcels_without_attributes.geojson", "--attributes", "sample_parcels/attributes.xlsx", *ALONGSIDE)
REPORT = ("parcels.txt", *JOINED[1:])
WHOLE_PLAN = [("gbk",), ("gbk/parcels.shp", *ALONGSIDE), ("plan.gpkg",), JOINED, REPORT, ("plan.vct",)]
NAMES = ["folder", "shapefiles", "geopackage", "joined", "report", "vct"]
if find_spec("ezdwg"):
    WHOLE_PLAN.append(("plan.dwg", *JOINED[1:], "--crs", "EPSG:4549"))
    NAMES.append("dwg")

Verdicts = dict[str, dict[str, str]]


def verdicts(report: dict[str, Any]) -> Verdicts:
    """Subject -> rule -> verdict."""
    table: Verdicts = defaultdict(dict)
    for finding in report["findings"]:
        table[finding["subject"]["id"]][finding["rule"]] = finding["verdict"]
    return dict(table)


def readme_rows(root: Path) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Subject, its verdicts under the default reading, and those under the literal one, as the README tells them."""
    text = (root / "sample_parcels/README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]{2}\d\d(?:-\d\d)?|WJ-01) \|(.*)\|(.*)\|(.*)\|$", text, re.MULTILINE)
    return [
        (subject, *(dict(re.findall(r"`([\w-]+): (\w+)`", cell)) for cell in cells[1:])) for subject, *cells in rows
    ]


def described_rows(root: Path, faults: bool = False) -> list[tuple[str, str]]:  # noqa: FBT001 - read beside its value
    text = (root / "sample_parcels/README.md").read_text(encoding="utf-8")
    pattern = r"^\| (Z\d\d) \|.*\| `(data/[\w-]+)` \|$" if faults else r"^\| `([^`]+)` \| ([^|]+\|[^|]+) \|$"
    return re.findall(pattern, text, re.MULTILINE)


def test_every_file_is_described_and_every_described_file_is_there(root: Path) -> None:
    folder = root / "sample_parcels"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    files = {name for name in files if "__pycache__" not in name and not name.endswith((".dbf", ".shx", ".prj"))}
    assert {name for name, _ in described_rows(root)} == files - {"README.md"}


def test_the_samples_stay_small(root: Path) -> None:
    assert sum(path.stat().st_size for path in (root / "sample_parcels").rglob("*") if path.is_file()) < 1_000_000


def test_drawing_the_samples_again_gives_the_same_content(root: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(root / "sample_parcels/make.py"), str(tmp_path)], check=True)
    drawn = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(drawn) == 25
    for name in drawn:
        assert content(tmp_path / name) == content(root / "sample_parcels" / name), name


def content(path: Path) -> Any:
    """What a file holds, without the marks its writer's version leaves in it."""
    if path.suffix == ".xlsx":
        return load_workbook(str(path)).get_sheet_by_index(0).to_python()
    if path.suffix in (".gpkg", ".geojson"):
        return [layer_content(path, name) for name, _ in pyogrio.list_layers(path)]
    return path.read_bytes()


def layer_content(path: Path, layer: str) -> list[Any]:
    frame = pyogrio.read_dataframe(path, layer=layer)
    grid = 1e-8 if frame.crs.is_geographic else 1e-3
    outlines = frame.geometry.set_precision(grid, mode="pointwise").to_wkt()
    return [layer, list(frame.columns), frame.drop(columns="geometry").astype(str).to_numpy().tolist(), list(outlines)]


def test_the_shapefiles_are_gbk_and_say_nothing_of_it(root: Path) -> None:
    for dbf in (root / "sample_parcels/gbk").glob("*.dbf"):
        assert dbf.read_bytes()[29] == 0
        assert not dbf.with_suffix(".cpg").exists()
    assert "产业项目类工业用地".encode("gbk") in (root / "sample_parcels/gbk/parcels.dbf").read_bytes()


@pytest.mark.parametrize("source", WHOLE_PLAN, ids=NAMES)
@pytest.mark.parametrize("reading", ["threshold", "literal"])
def test_the_plan_shows_what_its_readme_says(source: tuple[str, ...], reading: str, checked: Any, root: Path) -> None:
    found = verdicts(checked(*source, "--reading", reading))
    told = {row[0]: row[1 if reading == "threshold" else 2] for row in readme_rows(root)}
    assert set(told) == set(found)
    for subject, rules in told.items():
        shown = {
            rule: word
            for rule, word in found[subject].items()
            if rule in rules or word not in ("pass", "not_applicable")
        }
        assert shown == rules, subject


@pytest.mark.parametrize("reading", ["threshold", "literal"])
def test_every_form_of_the_plan_gives_the_same_verdicts(reading: str, checked: Any) -> None:
    first, *others = [verdicts(checked(*source, "--reading", reading)) for source in WHOLE_PLAN]
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("name", "within_m2"),
    [
        ("gbk/parcels.shp", 0.001),
        ("parcels.txt", 0.001),
        ("plan.vct", 0.001),
        ("parcels_without_attributes.geojson", 0.1),
    ],
)
def test_areas_are_equal_within_the_precision_of_each_format(name: str, within_m2: float, root: Path) -> None:
    def areas(name: str) -> dict[str, float]:
        layer = open_layers(request := Request(str(root / "sample_parcels" / name)))["parcels"]
        batch = layer.whole(request)
        drawn = area_m2(shapes(batch.wkb), layer.frame, "ellipsoidal")
        return dict(zip(batch.texts["parcel_id"].to_pylist(), drawn.tolist(), strict=True))

    expected = areas("plan.gpkg")
    assert len(expected) == 34
    assert areas(name) == pytest.approx(expected, abs=within_m2, rel=0)


def test_every_rule_shows_every_verdict_it_can_give(checked: Any) -> None:
    runs = [
        checked("gbk", "--reading", "threshold"),
        checked("gbk", "--reading", "literal"),
        checked("small.geojson", "--no-assumptions"),
    ]
    seen: dict[str, set[str]] = defaultdict(set)
    for report in runs:
        for rule, counts in report["summary"]["verdicts"].items():
            seen[rule] |= {word for word, count in counts.items() if count}
    assert len(seen) == 10
    for rule, words in seen.items():
        possible = set(VERDICTS) - ({"fail"} if rule in NEVER_BROKEN else set())
        assert words == possible - (set() if rule in FOR_REVIEW else {"review"}), rule


@pytest.mark.parametrize("source", WHOLE_PLAN, ids=NAMES)
def test_the_plan_has_no_faulty_data(source: tuple[str, ...], checked: Any) -> None:
    assert checked(*source, "--reading", "threshold")["data"] == []


def test_the_green_of_the_parks_is_balanced_as_told(checked: Any) -> None:
    ledger = {row["park_id"]: row for row in checked("gbk", "--reading", "threshold")["green_ledger"]}
    facts = ("need_m2", "have_m2", "from_district_m2", "uncovered_m2")
    assert {park: [row[fact] for fact in facts] for park, row in ledger.items()} == {
        "PD01": pytest.approx([1500, 900, 600, 0]),
        "PD02": pytest.approx([0, 1200, 0, 0]),
        "MH01": pytest.approx([2600, 1000, 0, 1600]),
        "MH02": pytest.approx([700, 750, 0, 0]),
    }


def test_each_faulty_row_is_named_by_its_check(checked: Any, root: Path) -> None:
    found = {(finding["subject"]["id"], finding["rule"]) for finding in checked("dirty.gpkg")["data"]}
    told = described_rows(root, faults=True)
    assert len(told) == 14
    assert set(told) <= found
    assert not {rule for subject, rule in found if subject == "Z01"}


def test_no_area_is_drawn_from_metres_without_a_crs(checked: Any) -> None:
    report = checked("metres.geojson")
    assert [(finding["rule"], finding["level"]) for finding in report["data"]] == [("data/crs", "error")]
    far = [finding for finding in report["findings"] if finding["rule"] == "far-industrial"]
    assert [(finding["verdict"], "site_area_m2" in finding["missing"]) for finding in far] == [
        ("undetermined", True)
    ] * 3
