"""Layers in memory: the same result as from the file, and what is wrong with them told as of a file."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import polars
import pyarrow as pa
import pyogrio
import pytest
import shapely
from frames import AS_OF, KINDS, LAYERS, SYSTEM, arrow, codes, relation, result, sample, small, with_wkb
from geopandas.testing import assert_geodataframe_equal

import landcheck
from landcheck import InputError, Request, UsageError, Verdict, check


def far(report: landcheck.Report) -> list[Verdict]:
    counts = report.summary.verdicts["far-industrial"]
    return [verdict for verdict in Verdict for _ in range(counts[verdict])]


@pytest.fixture(scope="module")
def of_file(plan: str) -> str:
    return result(check(plan, as_of=AS_OF))[1]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_table_gives_the_same_json(name: str, plan: str, of_file: str) -> None:
    make, tells = KINDS[name]
    layers = {layer: make(sample(plan, layer)) for layer in LAYERS}
    parcels = layers.pop("parcels")
    inputs, rest = result(check(parcels, as_of=AS_OF, crs=None if tells else SYSTEM, **layers))
    assert rest == of_file
    kind = type(parcels).__name__
    assert [(one["role"], one["path"], one["rows"]) for one in inputs] == [
        ("parcels", f"parcels ({kind})", 34), ("parks", f"parks ({kind})", 4),
        ("green", f"green ({kind})", 8), ("buildings", f"buildings ({kind})", 18),
    ]  # fmt: skip
    assert all(len(one["sha256"]) == 64 and one["crs"] == "EPSG:4549" for one in inputs)


def test_the_command_line_gives_the_same_json(plan: str, root: Path, of_file: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "landcheck", "check", plan, "--as-of", AS_OF, "--output-format", "json", "--lang", "en"],
        env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, check=False,
    )  # fmt: skip
    held = json.loads(ran.stdout)
    held.pop("inputs")
    assert json.dumps(held, ensure_ascii=False) == of_file


def test_a_request_and_the_single_options_are_one_road(plan: str, of_file: str) -> None:
    parks = sample(plan, "parks")
    one = check(Request(sample(plan, "parcels"), {"parks": parks}, as_of=dt.date(2026, 6, 30)))
    other = check(sample(plan, "parcels"), parks=parks, as_of=dt.date(2026, 6, 30))
    assert result(one) == result(other)
    assert result(check(Path(plan), as_of=AS_OF))[1] == of_file


def test_the_fingerprint_is_of_the_rows_however_they_lie_in_memory() -> None:
    whole = arrow(small())
    parts = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])

    def digest(table: object) -> str:
        return str(check(table, as_of=AS_OF).inputs[0].sha256)

    assert digest(whole) == digest(parts) == digest(whole)
    assert digest(whole) != digest(arrow(small(far_gfa_m2=[21_000.0, 21_000.0, 21_001.0])))
    assert digest(whole) != digest(arrow(small().set_crs(4528, allow_override=True)))


def test_rows_come_in_batches_as_from_a_file() -> None:
    requests = [Request(small(), batch_rows=rows, as_of=dt.date(2026, 6, 30)) for rows in (1, 2, 65_536)]
    assert len({result(check(request))[1] for request in requests}) == 1


def test_what_is_wrong_is_told_with_the_name_of_the_frame() -> None:
    shapes = small()
    shapes.loc[1, "geometry"], shapes.loc[2, "geometry"] = None, shapely.Polygon()
    report = check(shapes, as_of=AS_OF)
    assert codes(report) == [("data-geometry-null", 2), ("data-geometry-empty", 3)]
    assert report.data[0].message.say("en").startswith("parcels (GeoDataFrame), row 2")
    assert far(report) == [Verdict.PASS, Verdict.UNDETERMINED, Verdict.UNDETERMINED]


def test_without_a_coordinate_system_no_area_is_taken_from_the_shapes() -> None:
    report = check(small().set_crs(None, allow_override=True), as_of=AS_OF)
    assert codes(report) == [("data-crs-missing", None)]
    assert far(report) == [Verdict.UNDETERMINED] * 3
    assert far(check(small().set_crs(None, allow_override=True), as_of=AS_OF, crs=SYSTEM)) == [Verdict.PASS] * 3


@pytest.mark.parametrize(("second", "verdict"), [(21_000.0, Verdict.PASS), (1.0, Verdict.UNDETERMINED)])
def test_columns_with_one_name_are_told_and_where_they_differ_nothing_is_taken(second: float, verdict: Verdict) -> None:
    frame = pandas.concat([with_wkb(small()), pandas.DataFrame({"far_gfa_m2": [second] * 3})], axis=1)
    columns = [pa.array(frame.iloc[:, at]) for at in range(5)]
    for table in (frame, pa.Table.from_arrays(columns, list(frame.columns))):
        report = check(table, as_of=AS_OF, crs=SYSTEM)
        assert codes(report)[0] == ("read-column-twice", None)
        assert far(report) == [verdict] * 3


def test_ids_may_stand_in_the_index() -> None:
    assert far(check(small().set_index("parcel_id"), as_of=AS_OF)) == [Verdict.PASS] * 3
    assert far(check(small().set_index("parcel_id", drop=False), as_of=AS_OF)) == [Verdict.PASS] * 3
    nameless = small().set_index(pandas.Index(["A", "B", "C"])).drop(columns="parcel_id")
    with pytest.raises(InputError, match="--map parcel_id=index") as raised:
        check(nameless, as_of=AS_OF)
    assert (raised.value.code, raised.value.file) == ("fields-required-distinct", "parcels (GeoDataFrame)")
    assert far(check(nameless, as_of=AS_OF, mapping={"parcel_id": "index"})) == [Verdict.PASS] * 3
    assert far(check(small().iloc[[2, 0, 1]], as_of=AS_OF)) == [Verdict.PASS] * 3  # mere numbers are no ids


def test_cells_of_several_kinds_are_read_as_those_of_a_spreadsheet() -> None:
    report = check(small(far_gfa_m2=pandas.Series([21_000, "部分", "2.1万"], dtype=object)), as_of=AS_OF)
    assert codes(report) == [("fields-value", 2), ("fields-value", 3)]
    assert far(report) == [Verdict.PASS, Verdict.UNDETERMINED, Verdict.UNDETERMINED]


@pytest.mark.parametrize(
    "cells",
    [
        pandas.period_range("2021-01", periods=3, freq="M"),  # which Arrow would hold as a number of months
        pandas.to_timedelta(range(3), unit="D"),
        np.arange(3) * 1j,
        [b"\xff"] * 3,
        [[1]] * 3,
        [{"a": 1}] * 3,
        [10**30] * 3,
        pandas.Series(["\udc80", "x", "y"], dtype=object),
        pandas.Series([object(), 1, "x"], dtype=object),
        pandas.interval_range(0, 3),
        [dt.time(1)] * 3,
    ],
    ids=lambda cells: type(cells).__name__,
)
def test_what_is_no_number_is_a_finding_and_never_a_value(cells: Any) -> None:
    report = check(small(far_gfa_m2=cells), as_of=AS_OF)
    assert [fault.row for fault in report.data] == [1, 2, 3]
    assert {fault.message.code for fault in report.data} <= {"fields-value", "far-impossible"}
    assert far(report) == [Verdict.UNDETERMINED] * 3
    assert far(check(small(far_gfa_m2=[21_000.0] * 3, other=cells), as_of=AS_OF)) == [Verdict.PASS] * 3


def test_nothing_in_the_frame_changes(plan: str) -> None:
    frame = sample(plan, "parcels")
    before = frame.copy(deep=True)
    check(frame, as_of=AS_OF)
    assert_geodataframe_equal(frame, before)


def test_an_empty_frame_is_no_compliance() -> None:
    for frame in (small().iloc[:0], pandas.DataFrame(), polars.DataFrame()):
        with pytest.raises(InputError):
            check(frame, as_of=AS_OF)


def test_what_is_no_table_is_refused_by_role_and_kind() -> None:
    for given in (object(), 3, [1], small().geometry, polars.Series("a", [1])):
        with pytest.raises(UsageError, match=r"parks: .* neither a path nor a table") as raised:
            check(small(), parks=given)  # type: ignore[arg-type]
        assert raised.value.code == "read-no-table"
    with pytest.raises(InputError, match=r"parcels \(DataFrame\).*_pli128"):  # a type that Arrow has not
        check(polars.DataFrame({"parcel_id": polars.Series([1], dtype=polars.Int128)}))
    with pytest.raises(InputError, match="has no layer east"):
        check(small(), layer="east")


def test_wrong_options_are_told_with_the_right_ones() -> None:
    with pytest.raises(UsageError, match="no option park; it may be: parks"):
        check(small(), park=small())
    with pytest.raises(UsageError, match="threshold, literal"):
        check(small(), reading="strict")
    with pytest.raises(UsageError, match="is no date"):
        check(small(), as_of="soon")
    with pytest.raises(UsageError):
        check(Request(small()), as_of=AS_OF)
    with pytest.raises(UsageError) as raised:
        check(small(), mapping={"far_gfa_m2": "nowhere"})
    assert (raised.value.code, raised.value.file, raised.value.field) == (
        "fields-map-column", "parcels (GeoDataFrame)", "far_gfa_m2",
    )  # fmt: skip


def test_options_mean_what_they_mean_on_the_command_line() -> None:
    frame = small().rename(columns={"far_gfa_m2": "x"}).assign(x=[2.1] * 3, term_years=[30.0] * 3)
    report = check(frame, as_of=dt.date(2026, 6, 30), mapping={"far_gfa_m2": "x:wan_m2"}, reading="literal",
                   parameters={"base_term_years": 30}, pack=["shanghai-2021-9"], project_name="East")  # fmt: skip
    assert far(report) == [Verdict.PASS] * 3
    assert report.summary.verdicts["term-50"][Verdict.PASS] == 3
    assert (report.reading.value, dict(report.project)) == ("literal", {"project_name": "East"})


def test_attributes_may_be_a_table_without_shapes() -> None:
    table = relation(small()).project("parcel_id, 1000 as other_industry_gfa_m2, 21000 as above_ground_gfa_m2, "
                                      "0 as living_gfa_m2")  # fmt: skip
    report = check(small(), attributes=table, as_of=AS_OF)
    assert report.summary.verdicts["mixed-use-30"][Verdict.PASS] == 3
    assert [info.path for info in report.inputs] == ["parcels (GeoDataFrame)", "attributes (DuckDBPyRelation)"]


def test_settings_of_gdal_are_as_before_after_a_check(plan: str) -> None:
    names = ("OGR_GEOJSON_DATE_AS_STRING", "GML_FIELDTYPES")
    pyogrio.set_gdal_config_options({names[0]: "NO"})
    try:
        check(plan, as_of=AS_OF)
        assert [pyogrio.get_gdal_config_option(name) for name in names] == ["NO", None]
    finally:
        pyogrio.set_gdal_config_options({names[0]: None})
