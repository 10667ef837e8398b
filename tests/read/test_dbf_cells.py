"""What stands in a .dbf cell, where GDAL would take it for something else: read as text, never as 0, no or 1970."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from landcheck.read import open_layer

Field = tuple[str, str, int]


def table(path: Path, field: Field, cells: list[bytes], decimals: int = 0) -> Path:
    """A .dbf with an id and one more column, its cells byte for byte."""
    columns = (("DKBH", "C", 4), field)
    record = 1 + sum(width for _, _, width in columns)
    head = bytes([3, 126, 1, 1]) + struct.pack("<IHH", len(cells), 33 + 32 * len(columns), record) + bytes(20)
    for name, kind, width in columns:
        head += (
            name.encode().ljust(11, b"\0")
            + kind.encode()
            + bytes(4)
            + bytes([width, decimals * (kind != "C")])
            + bytes(14)
        )
    rows = b"".join(b" " + f"P{n}".encode().ljust(4) + cell.ljust(field[2]) for n, cell in enumerate(cells))
    path.write_bytes(head + b"\r" + rows + b"\x1a")
    return path


def column(path: Path) -> list[Any]:
    (batch,) = open_layer(str(path), "parcels").batches()
    return batch.table.column(1).to_pylist()


@pytest.mark.parametrize(
    "cell", [b"-", b"--", b".", b"+", b"e", b"1.2.3", b"12-3", b"25000-", b"1 0000", b"1e5e5", b"abc"]
)
def test_what_is_no_number_stays_text(tmp_path: Path, cell: bytes) -> None:
    told = column(table(tmp_path / "t.dbf", ("MJ", "N", 9), [b"9000", cell, b""]))
    assert told == ["9000", cell.decode(), None]


@pytest.mark.parametrize("cell", [b"12", b"   12", b" 12 ", b"-12.5", b"1.5e3", b".5", b"5.", b"\0\0", b"*********"])
def test_a_column_of_numbers_stays_one(tmp_path: Path, cell: bytes) -> None:
    told = column(table(tmp_path / "t.dbf", ("MJ", "N", 9), [b"9000", cell], decimals=2))
    assert told[0] == 9000
    assert not isinstance(told[1], str)


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        (("MJ", "F", 14), b"1.50000e+004"),
        (("MJ", "N", 12), b"10000.5"),
        (("BH", "N", 19), b"3101120010010000001"),
        (("BH", "N", 20), b"31011200100100001"),
    ],
)
def test_a_number_that_a_column_without_decimals_would_lose_stays_text(
    tmp_path: Path, field: Field, cell: bytes
) -> None:
    """GDAL reads 1, 10000, 3101120010010000000 and 31011200100100000."""
    assert column(table(tmp_path / "t.dbf", field, [b"9000", cell])) == ["9000", cell.decode()]


@pytest.mark.parametrize("width", [15, 18])
def test_numbers_that_are_kept_whole_stay_numbers(tmp_path: Path, width: int) -> None:
    cell = b"310112001001000001"[:width]
    assert column(table(tmp_path / "t.dbf", ("BH", "N", width), [b"12.0", cell])) == [12, int(cell)]


def test_asterisks_are_no_value_and_told(tmp_path: Path) -> None:
    path = table(tmp_path / "t.dbf", ("MJ", "N", 8), [b"9000", b"********", b"***1", b"********"])
    layer = open_layer(str(path), "parcels")
    (batch,) = layer.batches()
    assert batch.table.column(1).to_pylist() == ["9000", None, "***1", None]
    note = layer.info.notes[-1]
    assert (note.code, note.values) == ("read-dbf-stars", {"file": "t.dbf", "columns": ["MJ"], "count": 2})


@pytest.mark.parametrize(
    "cell", [b"2022/3/1", b"2022-3-1", b"20221332", b"20210231", b"202203", b"2021", b"abcdefgh", b"20220300"]
)
def test_what_is_no_day_stays_text(tmp_path: Path, cell: bytes) -> None:
    assert column(table(tmp_path / "t.dbf", ("RQ", "D", 8), [b"20220301", cell])) == ["20220301", cell.decode()]


@pytest.mark.parametrize("cell", [b"20200229", b"20231231", b"", b"00000000"])
def test_a_column_of_days_stays_one(tmp_path: Path, cell: bytes) -> None:
    assert not isinstance(column(table(tmp_path / "t.dbf", ("RQ", "D", 8), [b"20220301", cell]))[0], str)


def test_noughts_are_no_day_beside_a_cell_that_is_none(tmp_path: Path) -> None:
    assert column(table(tmp_path / "t.dbf", ("RQ", "D", 8), [b"00000000", b"20210231"])) == [None, "20210231"]


def test_a_blank_is_neither_yes_nor_no(tmp_path: Path) -> None:
    told = column(table(tmp_path / "t.dbf", ("SF", "L", 1), [b"T", b"", b"1", b"?", b"\0", b"X", b"F"]))
    assert told == ["T", None, "1", None, None, "X", "F"]
    assert column(table(tmp_path / "u.dbf", ("SF", "L", 1), [b"T", b"n", b"?"])) == [True, False, None]


def test_a_deleted_record_moves_no_cell(tmp_path: Path) -> None:
    path = table(tmp_path / "t.dbf", ("MJ", "N", 9), [b"1", b"2", b"x", b"4"])
    held = bytearray(path.read_bytes())
    held[33 + 64 + 14] = ord("*")  # the second record
    path.write_bytes(held)
    assert column(path) == ["1", "x", "4"]
    batches = open_layer(str(path), "parcels").batches(2)
    assert [row for batch in batches for row in batch.table.column(1).to_pylist()] == ["1", "x", "4"]
