"""One layer over many GeoParquet files: a folder, the folders of Hive, an address of an object store."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from read_samples import content, refusal, squares

from landcheck.errors import InputError, InternalError
from landcheck.read import layer_names, open_layer
from landcheck.read.drivers.columnar.object_stores import shown_address

CRS = {"type": "GeographicCRS", "name": "x"}


def geo(**column: Any) -> bytes:
    about = {"encoding": "WKB", "crs": CRS, **column}
    return json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}).encode()


def part(path: Path, codes: list[str], columns: dict[str, Any] | None = None, about: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shapes = pa.array(list(squares(len(codes))), pa.binary())
    table = pa.table({"code": pa.array(codes, pa.string()), "geometry": shapes, **(columns or {})})
    pq.write_table(table.replace_schema_metadata({b"geo": about or geo()}), path, row_group_size=2)
    return path


def test_the_files_of_a_folder_are_one_layer_whose_rows_run_on_in_the_order_of_their_names(tmp_path: Path) -> None:
    part(tmp_path / "city" / "part-00001.parquet", ["c", "d", "e"])
    part(tmp_path / "city" / "part-00000.parquet", ["a", "b"])
    layer = open_layer(str(tmp_path / "city"), "parcels")
    assert content(layer)["code"] == ["a", "b", "c", "d", "e"]
    assert [rows.first_row for rows in layer.batches(2)] == [0, 2, 4]
    assert layer.info.path == "city"
    assert layer.info.rows == 5
    assert layer.wkt == json.dumps(CRS)
    assert layer_names(str(tmp_path / "city")) == ()


def test_the_fingerprint_is_that_of_the_files_fingerprints_in_their_order(tmp_path: Path) -> None:
    files = [part(tmp_path / f"part-{n}.parquet", [str(n)]) for n in range(3)]
    layer = open_layer(str(tmp_path), "parcels")
    list(layer.batches())
    each = "\n".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    assert layer.info.sha256 == hashlib.sha256(each.encode()).hexdigest()


def test_what_stands_in_the_folders_names_is_a_column(tmp_path: Path) -> None:
    part(tmp_path / "district=浦东新区" / "data_0.parquet", ["a"])
    part(tmp_path / "district=%E9%97%B5%E8%A1%8C%E5%8C%BA" / "x.parquet", ["b"])
    part(tmp_path / "district=__HIVE_DEFAULT_PARTITION__" / "data_0.parquet", ["c"])
    held = content(open_layer(str(tmp_path), "parcels"))
    assert sorted(zip(held["code"], map(str, held["district"]), strict=True)) == [
        ("a", "浦东新区"), ("b", "闵行区"), ("c", "None"),
    ]  # fmt: skip


def test_a_column_of_the_file_counts_before_its_folders_name(tmp_path: Path) -> None:
    part(tmp_path / "district=x" / "part-0.parquet", ["a"], {"district": ["浦东新区"]})
    layer = open_layer(str(tmp_path), "parcels")
    assert layer.columns == ("code", "district")
    assert content(layer)["district"] == ["浦东新区"]


@pytest.mark.parametrize(
    ("columns", "about", "code"),
    [
        ({"far": [2.0]}, None, "read-part-columns"),
        ({"term": ["20"]}, None, "read-part-kinds"),
        ({"term": [20]}, geo(crs={"type": "ProjectedCRS", "name": "y"}), "read-part-crs"),
    ],
)
def test_a_file_that_differs_is_refused_by_name(
    tmp_path: Path, columns: dict[str, Any], about: bytes | None, code: str
) -> None:
    part(tmp_path / "p" / "part-0.parquet", ["a"], {"term": [20]})
    part(tmp_path / "p" / "part-1.parquet", ["b"], {"term": pa.nulls(1)})
    part(tmp_path / "p" / "part-2.parquet", ["c"], columns, about)
    with pytest.raises(InputError) as told:
        open_layer(str(tmp_path / "p"), "parcels")
    assert told.value.message.code == code
    assert told.value.message.values["file"] == "p/part-2.parquet"


def test_a_file_without_rows_is_a_part_like_others(tmp_path: Path) -> None:
    for number, codes in enumerate(([], ["a"], [])):
        part(tmp_path / f"part-{number}.parquet", codes)
    layer = open_layer(str(tmp_path), "parcels")
    assert content(layer)["code"] == ["a"]
    assert layer.parts is not None
    assert [piece.rows for piece in layer.parts.cut(10)] == [0, 1, 0]


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    part(tmp_path / "p" / "part-0.parquet", ["a"])
    (tmp_path / "p" / "part-1.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError) as told:
        open_layer(str(tmp_path / "p"), "parcels")
    assert told.value.message.values["file"] == "p/part-1.parquet"


def test_files_that_are_not_called_parts_stay_layers_to_choose_among(tmp_path: Path) -> None:
    part(tmp_path / "2020.parquet", ["a"])
    part(tmp_path / "2021.parquet", ["b"])
    assert refusal(tmp_path) == "read-several-layers"
    part(tmp_path / "x" / "part-0.parquet", ["c"])
    part(tmp_path / "x" / "part-1.parquet", ["d"])
    assert refusal(tmp_path) == "read-several-layers"
    assert content(open_layer(str(tmp_path / "x"), "parcels", layer="part-1"))["code"] == ["d"]


def test_an_address_is_read_as_the_folder_is(tmp_path: Path) -> None:
    part(tmp_path / "city" / "part-1.parquet", ["c"])
    part(tmp_path / "city" / "part-0.parquet", ["a", "b"])
    (tmp_path / "city" / "_SUCCESS").touch()
    folder, address = (open_layer(at, "parcels") for at in (str(tmp_path / "city"), (tmp_path / "city").as_uri()))
    assert content(folder) == content(address)
    assert folder.info == address.info
    single = open_layer((tmp_path / "city" / "part-1.parquet").as_uri(), "parcels")
    assert content(single)["code"] == ["c"]
    assert single.info.sha256 == hashlib.sha256((tmp_path / "city" / "part-1.parquet").read_bytes()).hexdigest()
    assert single.info.path == "part-1.parquet"


@pytest.mark.parametrize("place", ["nothing", "empty", "no good address"])
def test_an_address_with_nothing_to_read_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as told:
        open_layer(f"file://{tmp_path}/{place}", "parcels")
    assert told.value.message.code == ("read-address-failed" if " " in place else "read-address-empty")
    assert str(tmp_path) not in told.value.say("en")


def test_no_report_shows_the_credentials_of_an_address() -> None:
    assert shown_address("s3://key:secret@bucket/parcels?region=x") == "s3://bucket/parcels"
    assert shown_address("abfs://plans@account.dfs.core.windows.net/parcels") == (
        "abfs://plans@account.dfs.core.windows.net/parcels"
    )


def test_a_part_can_be_read_by_itself_and_in_another_process(tmp_path: Path) -> None:
    part(tmp_path / "part-0.parquet", ["a", "b", "c", "d", "e"])
    part(tmp_path / "part-1.parquet", ["f"])
    layer = open_layer(str(tmp_path), "parcels")
    assert layer.parts is not None
    pieces = pickle.loads(pickle.dumps(layer.parts.cut(2)))  # noqa: S301 - our own
    read = [[(rows.first_row, rows.table["code"].to_pylist()) for rows in piece.layer(layer.info).batches()]
            for piece in pieces]  # fmt: skip
    assert read == [[(0, ["a", "b"])], [(2, ["c", "d"])], [(4, ["e"])], [(5, ["f"])]]
    with pytest.raises(InternalError):
        list(pickle.loads(pickle.dumps(layer)).batches())  # noqa: S301
