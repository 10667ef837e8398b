"""Work beside the stream it comes from: in order, never the whole stream held, and ended when nobody asks further."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from landcheck.beside import side_by_side


def test_results_come_in_the_order_of_the_items_whoever_is_done_first() -> None:
    second_is_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert second_is_done.wait(10)
        if item == 1:
            second_is_done.set()
        return item * item

    assert list(side_by_side(work, range(6), 2)) == [0, 1, 4, 9, 16, 25]


@pytest.mark.parametrize("aside", [1, 2, 5])
def test_no_more_is_fetched_than_is_worked_on(aside: int) -> None:
    fetched: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            fetched.append(item)
            yield item

    results = side_by_side(str, items(), aside)
    assert next(results) == "0"
    assert len(fetched) == aside + 1
    results.close()
    assert len(fetched) == aside + 1


def test_what_goes_wrong_with_an_item_is_raised_in_its_place() -> None:
    def work(item: int) -> int:
        return 12 // item

    results = side_by_side(work, [3, 0, 4])
    assert next(results) == 4
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_what_goes_wrong_with_the_stream_is_raised_after_what_came_before() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        list(side_by_side(str, items()))
