"""Work on the items of a stream, some side by side, the results in the order of the items."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from landcheck.lean import give_back

Item = TypeVar("Item")
Made = TypeVar("Made")


def side_by_side(
    work: Callable[[Item], Made], items: Iterable[Item], aside: int = 1, tidied: int = 0
) -> Iterator[Made]:
    """What ``work`` makes of each item; so many are worked on by threads while the next item is fetched.

    No more than that wait, so that the stream is never held as a whole. Whoever stops asking waits for these alone.
    After ``tidied`` items, each time again, and after the last what they left of memory is given back to the system.
    """
    with ThreadPoolExecutor(aside) as pool:
        waiting: deque[Future[Made]] = deque()
        try:
            for number, item in enumerate(items, start=1):
                if tidied and number % tidied == 0:
                    give_back()
                waiting.append(pool.submit(work, item))
                if len(waiting) > aside:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
            if tidied:
                give_back()
        finally:
            for one in waiting:
                one.cancel()
