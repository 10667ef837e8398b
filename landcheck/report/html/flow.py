"""The green ledger as a picture: bands from the parks that gave to those that drew, as wide as the areas are large.

Parks that are still short stand among those that drew, whether they drew or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from landcheck.messages import Lang, say
from landcheck.model import LedgerRow, Report, Transfer
from landcheck.report.amounts import grouped

WIDTH, LEFT, RIGHT, BAR = 920, 250, 655, 14
TALLEST, A_BAR = 380, 90  # all bars of a side together at most, and what each park adds to that
PITCH, GAP, MARGIN = 36, 12, 12
# Parks of a side shown by name; the smaller ones stand together.
NAMED = 12
NAME_LENGTH = 26


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what it stands for, and where it lies."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A park of one side; ``middle`` is where its two lines of text stand."""

    name: str
    note: str
    parts: tuple[Part, ...]
    middle: float


@dataclass(frozen=True, slots=True)
class Band:
    """Green that went from one bar to another: an outline as SVG writes it, and in words."""

    path: str
    told: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The picture, ready to be drawn."""

    height: float
    givers: tuple[Bar, ...]
    takers: tuple[Bar, ...]
    bands: tuple[Band, ...]
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    bar: int = BAR


@dataclass(slots=True)
class _Node:
    """A park, or the rest of them, with the areas of its parts in m²."""

    name: str
    note: str
    parts: dict[str, float]
    y: float = 0.0

    @property
    def area(self) -> float:
        return sum(self.parts.values())


def flow(report: Report, lang: Lang) -> Flow | None:
    """The picture of a report's transfers; None where no park drew on another."""
    if not report.transfers:
        return None
    left = _names(((one.giver, one.area_m2) for one in report.transfers), lang)
    short = [(row.park_id, row.uncovered_m2) for row in report.ledger if row.uncovered_m2 > 0]
    right = _names(chain(((one.taker, one.area_m2) for one in report.transfers), short), lang)
    areas = _areas(report.transfers, left, right)
    givers = [_giver(name, _rows(report, left, name), areas, lang) for name in dict.fromkeys(left.values())]
    takers = [_taker(name, _rows(report, right, name), areas, lang) for name in dict.fromkeys(right.values())]
    tall = min(TALLEST, A_BAR * (1 + max(len(givers), len(takers))))
    scale = tall / max(_total(givers), _total(takers))
    height = max(_place(givers, scale), _place(takers, scale))
    bands = _bands(areas, {node.name: node for node in givers}, {node.name: node for node in takers}, scale)
    return Flow(height, _bars(givers, scale), _bars(takers, scale), tuple(bands))


def _names(areas: Iterable[tuple[str, float]], lang: Lang) -> dict[str, str]:
    """The parks of a side, the largest first, each with the name it is shown under."""
    sums: dict[str, float] = defaultdict(float)
    for name, area in areas:
        sums[name] += area
    order = sorted(sums, key=lambda name: (-sums[name], name))
    if len(order) <= NAMED:
        return {name: name for name in order}
    rest = say("html-flow-rest", lang, count=len(order) - NAMED + 1)
    return {name: name if place < NAMED - 1 else rest for place, name in enumerate(order)}


def _areas(
    transfers: Iterable[Transfer], left: Mapping[str, str], right: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    """m² by the shown names of giver and taker, in the order of the bars."""
    areas: dict[tuple[str, str], float] = defaultdict(float)
    for one in transfers:
        areas[left[one.giver], right[one.taker]] += one.area_m2
    givers, takers = list(dict.fromkeys(left.values())), list(dict.fromkeys(right.values()))
    return {(a, b): areas[a, b] for a in givers for b in takers if (a, b) in areas}


def _rows(report: Report, shown_as: Mapping[str, str], name: str) -> list[LedgerRow]:
    return [row for row in report.ledger if shown_as.get(row.park_id) == name]


def _giver(name: str, rows: list[LedgerRow], areas: Mapping[tuple[str, str], float], lang: Lang) -> _Node:
    given = sum(area for (giver, _), area in areas.items() if giver == name)
    left_over = sum(row.left_over_m2 for row in rows)
    note = say("html-flow-gives", lang, given=grouped(given, 2), left_over=grouped(left_over, 2))
    return _Node(name, note, {"given": given, "left-over": left_over})


def _taker(name: str, rows: list[LedgerRow], areas: Mapping[tuple[str, str], float], lang: Lang) -> _Node:
    drawn = sum(area for (_, taker), area in areas.items() if taker == name)
    uncovered = sum(row.uncovered_m2 for row in rows)
    own = sum(max(0.0, row.need_m2 - row.from_district_m2 - row.uncovered_m2) for row in rows)
    note = say("html-flow-takes", lang, own=grouped(own, 2), drawn=grouped(drawn, 2), uncovered=grouped(uncovered, 2))
    return _Node(name, note, {"drawn": drawn, "own": own, "uncovered": uncovered})


def _total(nodes: Iterable[_Node]) -> float:
    return sum(node.area for node in nodes) or 1.0


def _place(nodes: list[_Node], scale: float) -> float:
    """Set the nodes under each other; the height they take."""
    y = float(MARGIN)
    for node in nodes:
        tall = node.area * scale
        node.y = y + max(0.0, (PITCH - tall) / 2)
        y += max(tall, PITCH) + GAP
    return round(y - GAP + MARGIN, 1)


def _bars(nodes: Iterable[_Node], scale: float) -> tuple[Bar, ...]:
    bars = []
    for node in nodes:
        parts, y = [], node.y
        for kind, area in node.parts.items():
            parts.append(Part(kind, round(y, 1), round(area * scale, 1)))
            y += area * scale
        name = node.name if len(node.name) <= NAME_LENGTH else node.name[: NAME_LENGTH - 1] + "…"
        bars.append(Bar(name, node.note, tuple(parts), round((node.y + y) / 2, 1)))
    return tuple(bars)


def _bands(
    areas: Mapping[tuple[str, str], float], givers: Mapping[str, _Node], takers: Mapping[str, _Node], scale: float
) -> Iterable[Band]:
    out = {name: node.y for name, node in givers.items()}
    into = {name: node.y for name, node in takers.items()}
    middle = (LEFT + BAR + RIGHT) / 2
    for (giver, taker), area in areas.items():
        tall = area * scale
        a, b = round(out[giver], 1), round(into[taker], 1)
        c, d = round(out[giver] + tall, 1), round(into[taker] + tall, 1)
        out[giver] += tall
        into[taker] += tall
        path = (
            f"M{LEFT + BAR} {a}C{middle} {a} {middle} {b} {RIGHT} {b}V{d}C{middle} {d} {middle} {c} {LEFT + BAR} {c}Z"
        )
        yield Band(path, f"{giver} → {taker}: {grouped(area, 2)} m²")
