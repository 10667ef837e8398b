"""One plan of 34 parcels in every format of the table of input formats: the same verdicts, and areas within what the
format itself can hold."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from plan_forms import COMPANIONS, EXACT, FORMS, PLAN, Form
from plan_writers import plan_rows
from postgres_server import with_postgis

from landcheck import Request, check
from landcheck.facts.mapped import open_layers
from landcheck.geometry.area import area_m2
from landcheck.geometry.shapes.batch import shapes
from landcheck.read.formats import ANY, FOLDER, FORMATS, GEODATABASE, format_of
from landcheck.read.source import DataSource

Verdicts = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def rows() -> Any:
    return plan_rows()


def judged(request: Request) -> tuple[Verdicts, list[str]]:
    result = check(replace(request, as_of=dt.date(2026, 6, 30), show_all=True))
    return (
        {(one.subject.id, one.rule): one.verdict for one in result.findings},
        [f"{one.rule} {one.message}" for one in result.data],
    )


def areas(request: Request) -> dict[str, float]:
    layer = open_layers(request)["parcels"]
    batch = layer.whole(request)
    drawn = area_m2(shapes(batch.wkb), layer.frame, "ellipsoidal")
    return dict(zip(batch.texts["parcel_id"].to_pylist(), drawn.tolist(), strict=True))


@pytest.fixture(scope="module")
def expected() -> tuple[Verdicts, dict[str, float]]:
    verdicts, data = judged(Request(str(PLAN)))
    assert (len({subject for subject, _ in verdicts}), data) == (38, [])
    return verdicts, areas(Request(str(PLAN)))


def test_every_format_that_is_read_has_a_plan_here() -> None:
    read = {one.kind for one in (*FORMATS, GEODATABASE, FOLDER, ANY) if one.refusal is None}
    assert {form.kind for form in FORMS} == read


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.kind}: {form.tool}")
def test_the_same_plan_gives_the_same_verdicts_and_areas(
    form: Form, rows: Any, expected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    request = form.made(tmp_path, rows)
    path = Path(str(request.parcels))
    assert format_of(DataSource(path.name, path, (path,), "parcels")).kind == form.kind
    verdicts, data = judged(request)
    assert bool(data) == bool(form.but), data
    assert without(form.but, verdicts) == without(form.but, expected[0])
    drawn, known = areas(request), dict(expected[1])
    if form.but:
        assert abs(drawn.pop(form.but) - known.pop(form.but)) > 1000
    assert {name: drawn[name] for name in known} == pytest.approx(known, abs=form.within_m2, rel=0)


def test_the_same_plan_as_a_table_of_postgis(address: str, rows: Any, expected: Any) -> None:
    psycopg = pytest.importorskip("psycopg", reason="psycopg (the extra landcheck[postgis]) is not installed")
    heads = list(rows.columns.drop("geometry"))
    types = ["double precision" if rows[name].dtype.kind == "f" else "text" for name in heads]
    cells = rows[heads].astype(object).where(rows[heads].notna(), None).to_numpy().tolist()
    with psycopg.connect(address, autocommit=True) as connection:
        if not with_postgis(connection):
            pytest.skip("PostGIS is not installed (Debian: postgresql-postgis)")
        columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(heads, types, strict=True))
        connection.execute(f"create table parcels ({columns}, geom geometry(Geometry, 4549))")
        insert = f"insert into parcels values ({'%s, ' * len(heads)}st_geomfromwkb(%s, 4549))"  # noqa: S608
        for row, shape in zip(cells, rows.geometry.to_wkb(), strict=True):
            connection.execute(insert, [*row, shape])
    request = Request(address, COMPANIONS)
    assert judged(request) == (expected[0], [])
    assert areas(request) == pytest.approx(expected[1], abs=EXACT, rel=0)


def without(parcel: str | None, verdicts: Verdicts) -> Verdicts:
    return {key: verdict for key, verdict in verdicts.items() if key[0] != parcel and key[0][:1].isalpha()}
