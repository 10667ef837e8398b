"""CSV, JSON Lines and Parquet as the programs next door read them: the values of the JSON."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.json
import pytest

from landcheck import Request, check, write_files

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
NUMBERS = ("measured", "limit", "margin", "margin_m2")
Rows = list[dict[str, Any]]


def queried(source: str) -> Rows:
    rows: Rows = duckdb.sql(f"from {source}").to_arrow_table().to_pylist()
    return rows


READERS: dict[str, Callable[[Path], Rows]] = {
    "csv pyarrow": lambda path: pyarrow.csv.read_csv(path).to_pylist(),
    "csv polars": lambda path: pl.read_csv(path).to_dicts(),
    "csv pandas": lambda path: pd.read_csv(path).to_dict("records"),
    "csv duckdb": lambda path: queried(f"'{path}'"),
    "jsonl pyarrow": lambda path: pyarrow.json.read_json(path).to_pylist(),
    "jsonl polars": lambda path: pl.read_ndjson(path).to_dicts(),
    "jsonl pandas": lambda path: pd.read_json(path, lines=True, precise_float=True).to_dict("records"),
    "jsonl duckdb": lambda path: queried(f"'{path}'"),
    "parquet pyarrow": lambda path: pa.dataset.dataset(path).to_table().to_pylist(),
    "parquet polars": lambda path: pl.read_parquet(path).to_dicts(),
    "parquet pandas": lambda path: pd.read_parquet(path).to_dict("records"),
    "parquet duckdb": lambda path: queried(f"'{path}/*.parquet'"),
}


@pytest.fixture(scope="module", params=["plan.gpkg", "dirty.gpkg", "gbk/parcels.shp", "small.geojson"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("read")
    report = check(Request(str(SAMPLES / request.param), as_of=dt.date(2026, 6, 30)))
    write_files(report, [path / f"r.{suffix}" for suffix in ("json", "csv", "jsonl", "parquet")], "zh")
    return path


def number(value: Any) -> float | None:
    assert value is None or isinstance(value, int | float)
    return None if value is None or math.isnan(value) else float(value)


def word(value: Any) -> str | None:
    return None if value in (None, "") or (isinstance(value, float) and math.isnan(value)) else str(value)


def typed(outcome: dict[str, Any]) -> tuple[Any, ...]:
    """A comparison of the JSON as the other formats tell it."""
    measured, limit = outcome["measured"], outcome["limit"]
    return (
        None if isinstance(measured, str) else number(measured),
        None if isinstance(limit, list) else number(limit),
        *(number(outcome[name]) for name in NUMBERS[2:]),
        measured if isinstance(measured, str) else None,
    )


def compared(row: dict[str, Any]) -> tuple[Any, ...]:
    return (*(number(row[name]) for name in NUMBERS), word(row["measured_word"]))


def findings(rows: Rows) -> Iterator[dict[str, Any]]:
    return (row for row in rows if row.get("record") == "finding" or ("record" not in row and word(row["verdict"])))


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_gets_the_values_of_the_json(folder: Path, reader: str) -> None:
    told = json.loads((folder / "r.json").read_text(encoding="utf-8"))["findings"]
    kind = reader.split(maxsplit=1)[0]
    rows = list(findings(READERS[reader](folder / f"r.{kind}")))
    assert len(rows) == len(told)
    for row, one in zip(rows, told, strict=True):
        subject = row["subject"]["id"] if kind == "jsonl" else row["subject"]
        assert (row["rule"], subject, row["verdict"]) == (one["rule"], one["subject"]["id"], one["verdict"])
        if kind == "csv":
            decided = word(row["requirement"])
            assert decided is None or compared(row) in list(map(typed, one["requirements"]))
        else:
            assert [compared(outcome) for outcome in row["requirements"]] == list(map(typed, one["requirements"]))


def test_a_floor_area_one_square_metre_short_is_short_by_one(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    row = "A,industrial_project,10000,19999,20000"
    path.write_text(f"parcel_id,land_class,site_area_m2,far_gfa_m2,above_ground_gfa_m2\n{row}\n", encoding="utf-8")
    report = check(Request(str(path), as_of=dt.date(2026, 6, 30)))
    (far,) = (finding for finding in report.findings if finding.rule.id == "far-industrial")
    outcome = far.requirements[0]
    assert (outcome.measured, outcome.margin, outcome.margin_m2) == (1.9999, -0.0001, -1.0)
