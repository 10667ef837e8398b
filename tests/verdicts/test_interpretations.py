"""Named interpretations: what is listed as hanging on one is what changes when the switch is thrown."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import box
from typer.testing import CliRunner

from landcheck import Report, Request, check
from landcheck.cli.app import app
from landcheck.model import Batch, Reading, Role
from landcheck.verdicts.interpretations import Interpretations, differing
from landcheck.verdicts.totals import BatchResult

# Zhangjiang in EPSG:4549; a square of 100 m is 10,000 m² on the plane and about 5.7 m² less on the ellipsoid
X, Y = 656_000.0, 3_453_000.0
AS_OF = dt.date(2025, 6, 1)
# 11,000 of 40,000 m² above ground are 27.5 %, of 30,000 counted for FAR 36.7 %; 5,000 are 12.5 % and 16.7 %
SHARES = {
    "land_class": "industrial_project", "site_area_m2": 10_000.0, "far_gfa_m2": 30_000.0, "term_years": 20.0,
    "above_ground_gfa_m2": 40_000.0, "other_industry_gfa_m2": 6_000.0, "living_gfa_m2": 5_000.0,
}  # fmt: skip


def layer(path: Path, rows: list[dict[str, Any]]) -> str:
    shapes = [box(X + 200 * i, Y, X + 200 * i + 100, Y + 100) for i in range(len(rows))]
    gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4549").to_file(path, driver="GPKG")
    return str(path)


def hanging(report: Report, name: str) -> dict[str, list[tuple[str, str, str, list[str]]]]:
    (found,) = (one for one in report.interpretations if one.name == name)
    return {
        other.choice: [(h.rule.id, h.verdict.word, h.other.word, list(h.ids)) for h in other.hanging]
        for other in found.alternatives
    }


def test_the_denominator_of_the_shares_is_the_above_ground_total_unless_asked_otherwise(tmp_path: Path) -> None:
    file = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **SHARES}])
    report = check(Request(file, as_of=AS_OF))
    assert hanging(report, "share_denominator") == {
        "far_gfa": [("mixed-use-30", "pass", "fail", ["P1"]), ("living-15", "pass", "fail", ["P1"])]
    }
    other = check(Request(file, as_of=AS_OF, share_denominator="far_gfa"))
    assert hanging(other, "share_denominator") == {
        "above_ground": [("mixed-use-30", "fail", "pass", ["P1"]), ("living-15", "fail", "pass", ["P1"])]
    }
    (living,) = (f for f in other.findings if f.rule.id == "living-15")
    (outcome,) = living.requirements
    assert outcome.measured == pytest.approx(100 * 5_000 / 30_000)
    assert "计容建筑面积" in outcome.label.zh
    # 15 % of 30,000 are 4,500: 500 m² of living area too many, or 33,333.34 m² counted for FAR
    assert [[(c.field, c.by) for c in way] for way in outcome.ways] == [
        [("living_gfa_m2", -500.0)], [("far_gfa_m2", 3_333.34)],
    ]  # fmt: skip


def test_the_field_that_is_missing_is_that_of_the_denominator_taken(tmp_path: Path) -> None:
    file = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **SHARES, "far_gfa_m2": None}])
    report = check(Request(file, as_of=AS_OF, share_denominator="far_gfa"))
    assert {f.rule.id: f.missing for f in report.findings}["living-15"] == ("far_gfa_m2",)
    assert ("living-15", "undetermined", "pass", ["P1"]) in hanging(report, "share_denominator")["above_ground"]


def test_explain_shows_the_sum_over_the_denominator_taken(tmp_path: Path) -> None:
    file = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **SHARES}])
    arguments = ["explain", file, "--parcel", "P1", "--rule", "living-15", "--as-of", "2025-06-01", "--lang", "en"]
    assert "living_gfa_m2 / above_ground_gfa_m2" in CliRunner().invoke(app, arguments).stdout
    told = CliRunner().invoke(app, [*arguments, "--share-denominator", "far_gfa"]).stdout
    assert "living_gfa_m2 / far_gfa_m2" in told
    assert "5000 / 30000 = 0.1666666667" in told


def test_a_drawn_area_hangs_on_its_basis_and_a_declared_one_on_being_declared(tmp_path: Path) -> None:
    # on the plane 10,000 m² carry 1.9995; the ellipsoid has 5.7 m² less, so the same floor area is 2.0006
    rows = [
        {"parcel_id": "drawn", **SHARES, "site_area_m2": None, "far_gfa_m2": 19_995.0},
        {"parcel_id": "declared", **SHARES, "site_area_m2": 10_000.0, "far_gfa_m2": 19_995.0},
    ]
    report = check(Request(layer(tmp_path / "p.gpkg", rows), as_of=AS_OF))
    assert hanging(report, "area_basis") == {
        "planar": [("far-industrial", "pass", "fail", ["drawn"])],
        "drawn_ellipsoidal": [("far-industrial", "fail", "pass", ["declared"])],
        "drawn_planar": [],
    }
    (told,) = (notice.say("en") for notice in report.notices if notice.code == "area-decides")
    assert told.startswith("2 verdicts hang")
    assert "drawn: far-industrial (planar)" in told


def some_rows(count: int, seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [
        {
            "parcel_id": f"P{i:03}",
            "approval_date": draw.choice(["2013-05-01", "2021-10-01", "2025-03-01", None]),
            "land_class": draw.choice(["industrial_project", "industrial_standard", "rd_general", "rd_project"]),
            "recognition": draw.choice(["none", "municipal_key_project", None]),
            "site_area_m2": draw.choice([None, None, 10_000.0]),
            "far_gfa_m2": draw.choice([19_995.0, 20_000.0, 29_990.0, 18_000.0, None]),
            "term_years": draw.choice([20.0, 30.0, 50.0, 51.0, None]),
            "above_ground_gfa_m2": draw.choice([20_000.0, 40_000.0, None]),
            "other_industry_gfa_m2": draw.choice([1_000.0, 6_000.0]),
            "living_gfa_m2": draw.choice([1_000.0, 3_000.0, 5_000.0]),
            "investment_cny": draw.choice([2e9, 1e6]),
        }
        for i in range(count)
    ]


SWITCHES: list[tuple[str, str, Any]] = [
    ("reading", "literal", Reading.LITERAL),
    ("share_denominator", "far_gfa", "far_gfa"),
    ("area_basis", "planar", "planar"),
]


@pytest.mark.parametrize(("name", "choice", "value"), SWITCHES)
@pytest.mark.parametrize("more", [{}, {"assume": False}])
def test_what_hangs_on_an_interpretation_is_the_difference_of_two_runs(
    tmp_path: Path, name: str, choice: str, value: Any, more: dict[str, Any]
) -> None:
    file = layer(tmp_path / "p.gpkg", some_rows(150, seed=7))

    def run(**switch: Any) -> Report:
        return check(Request(file, packs=("auto",), as_of=dt.date(2026, 11, 22), show_all=True, **more, **switch))

    def verdicts(report: Report) -> dict[tuple[str, str], str]:
        return {(f.rule.id, f.subject.id): f.verdict.word for f in report.findings}

    taken, other = run(), run(**{name: value})
    was, now = verdicts(taken), verdicts(other)
    differ = {(rule, who, verdict, now[rule, who]) for (rule, who), verdict in was.items() if now[rule, who] != verdict}
    listed = {(rule, who, a, b) for rule, a, b, ids in hanging(taken, name)[choice] for who in ids}
    assert listed == differ
    assert differ or more


def test_batches_and_merging_change_nothing(tmp_path: Path) -> None:
    file = layer(tmp_path / "p.gpkg", some_rows(60, seed=3))

    def run(size: int) -> Report:
        return check(Request(file, packs=("auto",), as_of=dt.date(2026, 11, 22), batch_rows=size))

    assert run(1).interpretations == run(7).interpretations == run(60).interpretations


def test_merging_adds_up() -> None:
    import numpy as np
    import pyarrow as pa

    from landcheck.rulebook import load_packs

    packs = load_packs(["shanghai-2021-9"])
    rule = packs[0].rules[0]
    a, b = (Interpretations(Request("p")) for _ in range(2))
    for one, names in ((a, ["B", "A"]), (b, ["C", "D"])):
        ids, verdicts = pa.array(names), np.array([[0, 3]], np.int8)
        hanging = differing(("reading", "literal"), [rule], verdicts, np.array([[3, 3]], np.int8), ids)
        one.add(BatchResult(Batch(Role.PARCELS, 2), ids, hanging=dict(hanging)))
    b.merge(a)
    (reading, *_) = b.finish(packs)
    (found,) = reading.alternatives[0].hanging
    assert (found.verdict.word, found.other.word, list(found.ids)) == ("pass", "fail", ["B", "C"])


def test_every_report_for_people_has_the_section_and_a_saved_result_gives_it_back(tmp_path: Path) -> None:
    file = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **SHARES}])
    files = [str(tmp_path / name) for name in ("r.json", "r.html", "r.md")]
    result = CliRunner().invoke(
        app, ["check", file, "--as-of", "2025-06-01", "--lang", "en", "--share-denominator", "far_gfa",
              *(x for name in files for x in ("-o", name))],
    )  # fmt: skip
    assert result.exit_code == 1, result.output
    for text in (result.stdout, *(Path(name).read_text(encoding="utf-8") for name in files[1:])):
        assert "What may be read otherwise" in text
    again = CliRunner().invoke(app, ["report", files[0], "--output-format", "json", "--lang", "en"])
    saved = json.loads(Path(files[0]).read_text(encoding="utf-8"))
    assert json.loads(again.stdout) == saved
    assert [(one["name"], one["taken"]) for one in saved["interpretations"]] == [
        ("reading", "threshold"), ("area_basis", "ellipsoidal"), ("share_denominator", "far_gfa"),
    ]  # fmt: skip


def test_the_configuration_may_name_the_denominator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = layer(tmp_path / "p.gpkg", [{"parcel_id": "P1", **SHARES}])
    Path("landcheck.toml").write_text('share_denominator = "far_gfa"\n', encoding="utf-8")
    assert CliRunner().invoke(app, ["check", file, "--as-of", "2025-06-01"]).exit_code == 1
    Path("landcheck.toml").write_text('share_denominator = "gross"\n', encoding="utf-8")
    assert CliRunner().invoke(app, ["check", file, "--as-of", "2025-06-01"]).exit_code == 2
