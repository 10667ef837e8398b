"""Seeded damage to every format read in this process: never anything but an InputError, never a changed input."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
import xlsxwriter
from read_samples import content, parcels, snapshot, squares

from landcheck.errors import InputError
from landcheck.read import open_layer

ROUNDS = 15


def csv(path: Path) -> Path:
    shapes = shapely.to_wkt(shapely.from_wkb(squares(4)))
    path.write_bytes(
        ("id,区,wkt\n" + "".join(f'0{n},浦东,"{shape}"\n' for n, shape in enumerate(shapes))).encode("gbk")
    )
    return path


def xlsx(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("s")
        for row in range(20):
            sheet.write_row(row, 0, ["id", "far"] if row == 0 else [f"P{row}", row / 2])
    return path


def flip(raw: bytearray, random_: random.Random) -> bytes:
    for _ in range(random_.choice([1, 5, 50])):
        raw[random_.randrange(len(raw))] = random_.randrange(256)
    return bytes(raw)


def truncate(raw: bytearray, random_: random.Random) -> bytes:
    return bytes(raw[: random_.randrange(len(raw))])


def large(raw: bytearray, random_: random.Random) -> bytes:
    at = random_.randrange(len(raw))
    raw[at : at + 4] = random_.choice([b"\xff\xff\xff\x7f", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\0\0\0\0"])
    return bytes(raw)


def remove(raw: bytearray, random_: random.Random) -> bytes:
    first, last = sorted(random_.randrange(len(raw)) for _ in range(2))
    return bytes(raw[:first] + raw[last:])


MAKERS: dict[str, Callable[[Path], Path]] = {
    "shp": lambda path: parcels(path, encoding="GB18030"),
    "gpkg": lambda path: parcels(path, driver="GPKG"),
    "geojson": lambda path: parcels(path, driver="GeoJSON"),
    "fgb": lambda path: parcels(path, driver="FlatGeobuf"),
    "csv": csv,
    "xlsx": xlsx,
}


@pytest.mark.parametrize("suffix", MAKERS)
def test_damage_is_refused_or_told_of_and_nothing_else(tmp_path: Path, suffix: str) -> None:
    path = MAKERS[suffix](tmp_path / f"p.{suffix}")
    whole = snapshot(tmp_path)
    said: list[str] = []
    for seed in range(ROUNDS):
        random_ = random.Random(f"{suffix}{seed}")
        part = random_.choice(sorted(whole))
        damaged = random_.choice([flip, truncate, large, remove])(bytearray(whole[part]), random_)
        (tmp_path / part).write_bytes(damaged)
        before = snapshot(tmp_path)
        try:
            layer = open_layer(str(path), "parcels")
            content(layer)
            for finding in layer.findings:
                assert finding.message.say("zh")
        except InputError as refused:
            said.append(refused.say("en"))
        assert snapshot(tmp_path) == before
        (tmp_path / part).write_bytes(whole[part])
    assert not [sentence for sentence in said if str(tmp_path) in sentence]
