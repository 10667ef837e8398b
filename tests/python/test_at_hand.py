"""What may be asked of a report in Python: tables, single parcels, files, pages; from several threads at once."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb
import geopandas
import polars
import pyarrow as pa
import pytest
import shapely
from frames import AS_OF, LAYERS, result, sample, small

import landcheck
from landcheck import InputError, Report, Request, UsageError, Verdict, check, load_report
from landcheck.request import OPTIONS, CheckOptions


@pytest.fixture(scope="module")
def report(plan: str) -> Report:
    layers = {layer: sample(plan, layer) for layer in LAYERS}
    return check(layers.pop("parcels"), as_of=AS_OF, **layers)


@pytest.fixture(scope="module")
def saved(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("saved") / "result.json"
    report.write(path, keep_geometry=True)
    return load_report(str(path))


@pytest.mark.parametrize("which", ["report", "saved"])
def test_findings_are_a_table(which: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue(which)
    table = report.findings.to_arrow()
    assert table.num_rows == len(report.findings) > 0
    assert table["rule"].to_pylist() == [finding.rule.id for finding in report.findings]
    assert table["subject"].to_pylist() == [finding.subject.id for finding in report.findings]
    assert table["verdict"].to_pylist() == [finding.verdict.word for finding in report.findings]
    assert pa.table(report.findings).equals(table)
    frame = report.findings.to_pandas()
    assert list(frame["message"]) == table["message"].to_pylist()
    assert polars.from_arrow(table).shape == table.shape
    assert duckdb.connect().from_arrow(table).aggregate("count(*)").fetchall() == [(table.num_rows,)]


@pytest.mark.parametrize("which", ["report", "saved"])
def test_findings_are_a_geodataframe(which: str, plan: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue(which)
    wide = report.findings.to_geodataframe()
    parcels = sample(plan, "parcels")
    assert list(wide["parcel_id"]) == list(parcels.iloc[:, 0])
    assert wide.crs.to_epsg() == 4549
    assert shapely.area(wide.geometry.array).tolist() == shapely.area(parcels.geometry.array).tolist()
    assert {word: int(count) for word, count in wide["far_industrial"].value_counts().items()} == {
        verdict.word: report.summary.verdicts["far-industrial"][verdict]
        for verdict in Verdict
        if report.summary.verdicts["far-industrial"][verdict]
    }
    long = report.findings.to_geodataframe("long")
    of_parcels = [finding for finding in report.findings if finding.subject.type == "parcel"]
    assert list(long["subject"]) == [finding.subject.id for finding in of_parcels]
    by_id = dict(zip(wide["parcel_id"], wide.geometry, strict=True))
    assert all(shape.equals(by_id[name]) for name, shape in zip(long["subject"], long.geometry, strict=True))
    parks = report.findings.to_geodataframe(subject="park")
    assert len(parks) == report.summary.subjects["park"]
    assert len(report.findings.to_geodataframe("long", "park")) == len(report.findings) - len(of_parcels)


def test_a_shape_of_table_that_there_is_not_and_parcels_without_shapes(saved: Report) -> None:
    with pytest.raises(UsageError, match="wide, long"):
        saved.findings.to_geodataframe("square")  # type: ignore[arg-type]
    bare = check(small().drop(columns="geometry").assign(site_area_m2=[10_000.0] * 3), as_of=AS_OF)
    with pytest.raises(UsageError, match="no shapes of parcels"):
        bare.findings.to_geodataframe()


def test_one_parcel_explained_and_supposed(report: Report, plan: str) -> None:
    told = report.explain("PD01-01", ["far-industrial"])
    assert [one.finding.rule.id for one in told] == ["far-industrial"]
    assert "far-industrial" in str(told)
    assert "far-industrial" in told._repr_html_()
    supposed = report.whatif("PD01-01", far_gfa_m2=20_000)
    before, after = next(pair for pair in supposed if pair[0].rule == told[0].finding.rule)
    request = Request(plan, as_of=report.as_of)
    expected = landcheck.whatif(request, "PD01-01", {"far_gfa_m2": "20000"})
    assert (before, after) == next(pair for pair in expected.pairs if pair[0].rule == before.rule)
    without = report.whatif("PD01-01", far_gfa_m2=None, site_area_m2=None)
    assert all(one.rule == other.rule for one, other in without)
    with pytest.raises(InputError, match="PD01-01"):
        report.explain("PD01-1")
    with pytest.raises(UsageError) as raised:
        report.whatif("PD01-01", far_gfa_m2="viel")
    assert raised.value.field == "far_gfa_m2"


def test_a_stream_that_flows_once_can_be_asked_again() -> None:
    report = check(pa.table(small().to_arrow(index=False)).to_reader(), as_of=AS_OF)
    assert [one.finding.verdict for one in report.explain("B", ["far-industrial"])] == [Verdict.PASS]
    assert len(report.findings.to_geodataframe()) == 3


def test_a_saved_result_says_what_cannot_be_asked_of_it(saved: Report) -> None:
    with pytest.raises(UsageError, match="without what it was made of"):
        saved.explain("PD01-01")
    with pytest.raises(UsageError, match="without what it was made of"):
        saved.whatif("PD01-01", far_gfa_m2=1)
    assert saved.rollup("park")


def test_files_are_those_of_the_command_line(report: Report, plan: str, tmp_path: Path) -> None:
    for name in ("r.html", "r.gpkg", "r.csv"):
        report.write(tmp_path / name)
        landcheck.write_files(check(plan, as_of=AS_OF, headroom=True), [tmp_path / f"of_file_{name}"], "en")
    tables = [(tmp_path / name).read_text(encoding="utf-8").splitlines() for name in ("r.csv", "of_file_r.csv")]
    of_frames, of_file = ([line for line in lines if ".gpkg" not in line and "Frame" not in line] for lines in tables)
    assert of_frames == of_file
    layers = [geopandas.read_file(tmp_path / name, layer="parcels") for name in ("r.gpkg", "of_file_r.gpkg")]
    assert layers[0].equals(layers[1])
    assert "floor_room_m2" in layers[0].columns
    report.write(tmp_path / "zh.md", lang="zh")
    assert "地块" in (tmp_path / "zh.md").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="input"):
        check(plan, as_of=AS_OF).write(plan)


def test_what_a_notebook_shows_is_inert() -> None:
    hostile = "<script>alert(1)</script>"
    report = check(small(parcel_id=[hostile, "B", "C"], far_gfa_m2=[1_000.0] * 3), as_of=AS_OF)
    page = report.explore()
    assert page.lower().startswith("<!doctype html>")
    for shown in (report._repr_html_(), page._repr_html_(), report.explain(hostile)._repr_html_()):
        assert "<script" not in shown
    assert page._repr_html_().count("<iframe") == 1
    assert "allow-same-origin" not in page._repr_html_()
    assert "far-industrial" in report._repr_html_()


def test_it_speaks_the_language_asked_for() -> None:
    low = small(far_gfa_m2=[11_000.0] * 3)
    for lang, words in (("en", "far: 1.1"), ("zh", "容积率")):
        report = check(low, as_of=AS_OF, lang=lang)  # type: ignore[arg-type]
        found = report.findings.to_pandas()
        assert words in found[found["rule"] == "far-industrial"]["message"].iloc[0].lower()
        assert words in str(report.explain("A", ["far-industrial"])).lower()


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    report = check(small(), as_of=AS_OF)
    report.explain("A")
    report.whatif("A", far_gfa_m2=1)
    assert capfd.readouterr() == ("", "")


def test_threads_do_not_disturb_each_other(plan: str) -> None:
    layers = {layer: sample(plan, layer) for layer in LAYERS}
    parcels = layers.pop("parcels")

    def work(number: int) -> str:
        day = ("2021-10-01", AS_OF)[number % 2]
        report = check(plan, as_of=day) if number % 4 < 2 else check(parcels, as_of=day, **layers)
        return result(report)[1]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(8)))
    assert found[4:] == found[:4]
    assert found[0] != found[1]


def test_files_of_several_threads_are_each_of_their_day(plan: str, tmp_path: Path) -> None:
    """GDAL is told the day for the whole process."""
    days = [f"2026-06-{day}" for day in (10, 20, 30)] * 2
    reports = [check(plan, as_of=day) for day in days]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: reports[at].write(tmp_path / f"{at}.gpkg"), range(6)))
    for at, day in enumerate(days):
        with closing(sqlite3.connect(tmp_path / f"{at}.gpkg")) as base:
            assert {when[:10] for (when,) in base.execute("select last_change from gpkg_contents")} == {day}


def test_the_options_are_those_of_the_command_line() -> None:
    other = {"map": "mapping", "set": "parameters", "no_assumptions": "assume"}
    assert sorted(CheckOptions.__annotations__) == sorted(other.get(one.name, one.name) for one in OPTIONS)


def test_dir_shows_the_public_names() -> None:
    assert dir(landcheck) == sorted(landcheck.__all__)
