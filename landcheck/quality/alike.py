"""What is wrong with very many rows in the same way: told of each of the first ones, and once of all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Message
from landcheck.model import DataFinding, Role, Subject

T = TypeVar("T")
MANY = 20_000
"""Rows that are told one by one of what is wrong with all of them."""
AT_ONCE = 100_000

SUBJECTS = {Role.PARCELS: "parcel", Role.PARKS: "park", Role.ZONES: "zone", Role.GREEN: "green",
            Role.BUILDINGS: "building"}  # fmt: skip
LAYERS = {kind: role.value for role, kind in SUBJECTS.items()}


def of_each(rows: NDArray[np.integer] | Sequence[int], tell: Callable[[int], DataFinding]) -> Iterator[DataFinding]:
    """What is to be told of each of these rows (one cause, in their order); the last one stands for all others."""
    for row in rows[:MANY]:
        yield tell(int(row))
    if len(rows) > MANY:
        yield replace(tell(int(rows[MANY])), others=len(rows) - MANY - 1)


def few(
    things: Iterable[T], cause: Callable[[T], Hashable], others: Callable[[T], int] = lambda _: 0
) -> Iterator[tuple[T, int]]:
    """Of each cause the first in their order, each with the number of ``others`` that it stands for."""
    kept, counts, rest, last = list[T](), Counter[Hashable](), Counter[Hashable](), dict[Hashable, int]()
    for one in things:
        key = cause(one)
        counts[key] += 1
        rest[key] += others(one)
        if counts[key] <= MANY + 1:
            last[key] = len(kept)
            kept.append(one)
    more = {at: max(counts[key] - MANY - 1, 0) + rest[key] for key, at in last.items()}
    return ((one, more.get(at, 0)) for at, one in enumerate(kept))


def fewer(found: list[DataFinding], most: int = AT_ONCE) -> list[DataFinding]:
    """The findings without those for which another can stand, where there are more than ``most``."""
    if len(found) <= most:
        return found
    kept = few(found, _cause, lambda one: one.others)
    return [one if one.others == others else replace(one, others=others) for one, others in kept]


def told(found: list[DataFinding]) -> Iterator[DataFinding]:
    """The findings as a report lists them: one that stands for others speaks of its layer and of their number."""
    for one in fewer(found, MANY):
        if not one.others:
            yield one
            continue
        message = Message("rows-alike", {"count": one.others + 1, "told": MANY, "first": one.message})
        layer = Subject("layer", LAYERS.get(one.subject.type, one.subject.id))
        yield DataFinding(one.rule, one.level, layer, message, one.row, at=one.at)


def _cause(one: DataFinding) -> Hashable:
    """Rule, level, kind of subject, and what is wrong with which field."""
    values = one.message.values
    field, reason = values.get("field"), values.get("reason")
    return (one.rule, one.level, one.subject.type, one.message.code, str(field),
            reason.code if isinstance(reason, Message) else "")  # fmt: skip
