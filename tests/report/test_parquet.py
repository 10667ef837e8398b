"""Findings as a folder of Parquet files: typed, complete, whole or not at all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from landcheck.errors import UsageError
from landcheck.model import Finding, Report
from landcheck.report import parquet
from landcheck.report.options import Options
from landcheck.report.write import destinations, render, write_files


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Broken(tuple[Finding, ...]):
    """Findings that fail to come after the first."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Finding]:
        yield self[0]
        raise KeyboardInterrupt


def rows(path: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = ds.dataset(path).to_table().to_pylist()
    return read


def saved(report: Report) -> dict[str, Any]:
    told: dict[str, Any] = json.loads("".join(render(report, "json", Options("en"))))
    return told


def test_every_finding_is_a_row_with_the_numbers_of_the_json(report: Report) -> None:
    write_files(report, ["r.parquet"], "en")
    found = [row for row in rows("r.parquet") if row["record"] == "finding"]
    told = saved(report)["findings"]
    assert [(row["rule"], row["subject"], row["verdict"], row["row"]) for row in found] == [
        (one["rule"], one["subject"]["id"], one["verdict"], one["row"]) for one in told
    ]
    for row, one in zip(found, told, strict=True):
        assert row["missing"] == one["missing"]
        assert [row["longitude"], row["latitude"]] == (one["location"] or [None, None])
        for outcome, whole in zip(row["requirements"], one["requirements"], strict=True):
            assert (outcome["name"], outcome["margin"], outcome["unit"]) == (
                whole["name"], whole["margin"], whole["unit"],
            )  # fmt: skip
            value = outcome["measured"] if outcome["measured_word"] is None else outcome["measured_word"]
            assert value == whole["measured"]


def test_data_findings_are_rows_and_every_file_tells_of_the_run(report: Report, here: Path) -> None:
    write_files(report, ["r.parquet"], "en")
    kinds = Counter(row["record"] for row in rows("r.parquet"))
    assert (kinds["data"], kinds["conflict"]) == (len(report.data), len(report.conflicts))
    run = json.loads(pq.read_schema(here / "r.parquet" / "part-00000.parquet").metadata[b"landcheck"])
    assert run["summary"] == saved(report)["summary"]
    assert run["green_ledger"] == saved(report)["green_ledger"]


def test_no_findings_are_a_file_without_rows_that_still_tells_of_the_run(report: Report, here: Path) -> None:
    write_files(replace(report, findings=(), data=(), conflicts=()), ["r.parquet"], "en")
    assert [file.name for file in (here / "r.parquet").iterdir()] == ["part-00000.parquet"]
    file = pq.read_table(here / "r.parquet" / "part-00000.parquet")
    assert (file.num_rows, b"landcheck" in file.schema.metadata) == (0, True)


def test_many_findings_make_several_files_with_the_same_bytes_each_time(
    report: Report, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "PER_GROUP", 2)
    monkeypatch.setattr(parquet, "PER_FILE", 4)
    write_files(report, ["a.parquet", "b.parquet"], "en")
    files = sorted((here / "a.parquet").iterdir())
    assert [file.name for file in files][:2] == ["part-00000.parquet", "part-00001.parquet"]
    assert [pq.read_metadata(file).num_rows for file in files][:-1] == [4] * (len(files) - 1)
    write_files(report, ["r.json"], "en")
    assert len(rows("a.parquet")) == sum(len(saved(report)[name]) for name in ("findings", "conflicts", "data"))
    for file in files:
        assert file.read_bytes() == (here / "b.parquet" / file.name).read_bytes()


def test_an_earlier_report_gives_way_whole_and_comes_back_where_the_new_one_fails(report: Report, here: Path) -> None:
    write_files(report, ["r.parquet"], "en")
    before = (here / "r.parquet" / "part-00000.parquet").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        write_files(replace(report, findings=Broken(report.findings)), ["r.parquet"], "en")
    assert [path.name for path in here.iterdir()] == ["r.parquet"]
    assert (here / "r.parquet" / "part-00000.parquet").read_bytes() == before
    (here / "r.parquet" / "part-00001.parquet").write_bytes(before)
    write_files(report, ["r.parquet"], "en")
    assert [file.name for file in (here / "r.parquet").iterdir()] == ["part-00000.parquet"]


def test_a_later_report_that_cannot_be_placed_takes_none_with_it(
    report: Report, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(report, ["r.parquet"], "zh")
    before = (here / "r.parquet" / "part-00000.parquet").read_bytes()
    move = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if target.name == "z.csv":
            raise OSError(28, "No space left on device")
        return move(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(Exception, match="No space left"):
        write_files(report, ["r.parquet", "n.parquet", "z.csv"], "en")
    assert {path.name for path in here.iterdir()} == {"r.parquet", "n.parquet"}
    assert (here / "r.parquet" / "part-00000.parquet").read_bytes() != before


@pytest.mark.parametrize("name", ["data.parquet", "folder.parquet", "mixed.parquet"])
def test_what_landcheck_did_not_write_is_never_replaced(report: Report, here: Path, name: str) -> None:
    write_files(report, ["mixed.parquet"], "en")
    (here / "mixed.parquet" / "notes.txt").write_text("mine")
    pq.write_table(pa.table({"a": [1]}), here / "data.parquet")
    (here / "folder.parquet").mkdir()
    pq.write_table(pa.table({"a": [1]}), here / "folder.parquet" / "part-00000.parquet")
    with pytest.raises(UsageError) as error:
        destinations([name])
    assert error.value.message.code == "report-target-not-ours"


def test_a_report_never_takes_the_place_of_its_input(here: Path) -> None:
    (here / "in.parquet").mkdir()
    for name in ("in.parquet", "in.parquet/part-0.parquet"):
        with pytest.raises(UsageError) as error:
            destinations(["in.parquet"], inputs=[name])
        assert error.value.message.code == "report-target-is-input"


def test_any_text_of_the_data_can_be_written(report_of: Callable[[str], Report], hostile: str) -> None:
    """A name that no code page could read is written out, as in JSON."""
    write_files(report_of(hostile), ["r.parquet"], "en")
    assert hostile.encode("utf-8", "backslashreplace").decode() in {row["subject"] for row in rows("r.parquet")}
