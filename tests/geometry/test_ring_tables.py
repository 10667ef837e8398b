"""The tables of rings in their file: what is put aside is what is taken, whatever the order of the batches."""

from __future__ import annotations

import numpy as np
import pytest

from landcheck.geometry.overlap import kept_rings
from landcheck.geometry.overlap.kept_rings import Tables
from landcheck.geometry.overlap.ringtable import RingTable
from landcheck.geometry.overlap.store import Store
from landcheck.geometry.overlap.tiles import sampled, tiles


def table(rows: list[int]) -> RingTable:
    """A ring a row, each over the next one's corner."""
    row = np.array(rows, np.int32)
    place = row.astype(float)
    box = np.array([place, place, place + 1.5, place + 1.5])
    return RingTable(row.astype(np.int64) * 5, row * 0 + 5, row, row % 3 == 0, row % 2 == 0, box)


def kept(*batches: list[int]) -> Tables:
    tables = Tables()
    for rows in batches:
        tables.add(table(rows))
    return tables


def same(one: RingTable, other: RingTable) -> None:
    for name in ("start", "count", "row", "hole", "clockwise", "box"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
        assert getattr(one, name).dtype == getattr(other, name).dtype


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_rings, "LINES", 3)
    monkeypatch.setattr(kept_rings, "TAKEN", 2)


@pytest.mark.parametrize("batches", [[[0, 1, 1, 2], [5, 6], [7]], [[5, 6], [7], [0, 1, 1, 2]], [[0, 1, 1, 2, 5, 6, 7]]])
def test_the_lines_of_all_batches_lie_in_the_order_of_their_rows(batches: list[list[int]]) -> None:
    whole = table([0, 1, 1, 2, 5, 6, 7])
    laid = kept(*batches).laid()
    same(kept(*batches).joined(), whole)
    same(laid.take(np.arange(7)), whole)
    assert len(laid) == 7
    assert [first for first, _ in laid.boxes()] == [0, 3, 6]
    assert np.array_equal(np.concatenate([box for _, box in laid.boxes()], axis=1), whole.box)


def test_some_are_taken_in_the_order_asked_for() -> None:
    laid = kept([0, 1, 1, 2], [5, 6, 7]).laid()
    assert laid.take(np.array([6, 0, 2, 2])).row.tolist() == [7, 0, 1, 1]
    assert laid.take(np.array([], np.intp)).box.shape == (4, 0)
    assert laid.of_rows(np.array([1, 6], np.int32)).tolist() == [1, 2, 5]


def test_nothing_was_put_aside() -> None:
    assert not Tables()
    assert len(Tables().laid()) == 0
    assert len(Store().whole()) == 0


def test_every_ring_is_in_the_tiles_it_reaches_into() -> None:
    laid = kept(list(range(40)), list(range(40, 100))).laid()
    together = set()
    for tile in tiles(laid, sampled(laid), 9):
        together |= {(a, b) for a in tile.tolist() for b in tile.tolist()}
    assert {(at, at) for at in range(100)} <= together
    assert {(at, at + 1) for at in range(99)} <= together
