"""The green ledger as a picture: bands from the parks that gave to those that drew, as wide as the areas are large.

Parks that are still short stand among those that drew, whether they drew or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from landcheck.messages import Lang, say
from landcheck.model import LedgerRow, Report
from landcheck.report.content.amounts import grouped
from landcheck.report.content.text import told_apart

WIDTH, LEFT, RIGHT, BAR = 920, 250, 655, 14
TALLEST, A_BAR = 380, 90  # all bars of a side together at most, and what each park adds to that
PITCH, GAP, MARGIN = 36, 12, 12
LONGEST = 26  # characters of a name
NAMED = 12  # parks of a side shown by name; the smaller ones stand together


@dataclass(frozen=True, slots=True)
class FlowPart:
    """A piece of a bar: what it stands for, and where it lies (px)."""

    kind: str
    y: float
    height: float


@dataclass(slots=True)
class FlowBar:
    """A park of one side, or the rest of them, by the ``areas`` (m²) of its parts; ``place`` says where it lies."""

    name: str
    note: str
    areas: dict[str, float]
    parts: list[FlowPart] = field(default_factory=list)
    top: float = 0.0
    middle: float = 0.0  # where the two lines of text stand
    label: str = ""  # the name as far as there is room for it

    def place(self, y: float, scale: float) -> float:
        """Put it at ``y`` (px) or a little below, and its parts (``scale`` px a m²) into it; where the next goes."""
        tall = sum(self.areas.values()) * scale
        self.top = below = y + max(0.0, (PITCH - tall) / 2)
        for kind, area in self.areas.items():
            self.parts.append(FlowPart(kind, round(below, 1), round(area * scale, 1)))
            below += area * scale
        self.middle = round((self.top + below) / 2, 1)
        return y + (max(tall, PITCH) + GAP)


@dataclass(frozen=True, slots=True)
class FlowBand:
    """Green that went from one bar to another: an outline as SVG writes it, and in words."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """The picture, ready to be drawn; sizes in px."""

    height: float
    givers: Sequence[FlowBar]
    takers: Sequence[FlowBar]
    bands: Sequence[FlowBand]
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    bar: int = BAR


def flow(report: Report, lang: Lang) -> FlowPicture | None:
    """The picture of a report's transfers; None where no park drew on another."""
    if not report.transfers:
        return None
    drew = [(one.taker, one.area_m2) for one in report.transfers]
    drew += [(row.park_id, row.uncovered_m2) for row in report.ledger if row.uncovered_m2 > 0]
    left = _names([(one.giver, one.area_m2) for one in report.transfers], lang)
    right = _names(drew, lang)
    areas: dict[tuple[str, str], float] = defaultdict(float)
    for one in report.transfers:
        areas[left[one.giver], right[one.taker]] += one.area_m2
    # the rows of all parks that stand under one name
    gave, took = (
        {shown: [row for row in report.ledger if names.get(row.park_id) == shown] for shown in names.values()}
        for names in (left, right)
    )
    ordered = {(giver, taker): areas[giver, taker] for giver in gave for taker in took if (giver, taker) in areas}
    givers = [_giver(name, rows, ordered, lang) for name, rows in gave.items()]
    takers = [_taker(name, rows, ordered, lang) for name, rows in took.items()]
    tall = min(TALLEST, A_BAR * (1 + max(len(givers), len(takers))))
    scale = tall / max(sum(sum(bar.areas.values()) for bar in side) or 1.0 for side in (givers, takers))
    height = max(_place(givers, scale), _place(takers, scale))
    return FlowPicture(height, givers, takers, list(_bands(ordered, givers, takers, scale)))


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


def _giver(name: str, rows: Sequence[LedgerRow], areas: Mapping[tuple[str, str], float], lang: Lang) -> FlowBar:
    given = sum(area for (giver, _), area in areas.items() if giver == name)
    left_over = sum(row.left_over_m2 for row in rows)
    note = say("html-flow-gives", lang, given=grouped(given, 2), left_over=grouped(left_over, 2))
    return FlowBar(name, note, {"given": given, "left-over": left_over})


def _taker(name: str, rows: Sequence[LedgerRow], areas: Mapping[tuple[str, str], float], lang: Lang) -> FlowBar:
    drawn = sum(area for (_, taker), area in areas.items() if taker == name)
    uncovered = sum(row.uncovered_m2 for row in rows)
    own = sum(max(0.0, row.need_m2 - row.from_district_m2 - row.uncovered_m2) for row in rows)
    note = say("html-flow-takes", lang, own=grouped(own, 2), drawn=grouped(drawn, 2), uncovered=grouped(uncovered, 2))
    return FlowBar(name, note, {"drawn": drawn, "own": own, "uncovered": uncovered})


def _place(bars: Sequence[FlowBar], scale: float) -> float:
    """Set the bars of a side under each other, with their labels; the height they take."""
    y = float(MARGIN)
    for bar, label in zip(bars, told_apart([bar.name for bar in bars], LONGEST), strict=True):
        y, bar.label = bar.place(y, scale), label
    return round(y - GAP + MARGIN, 1)


def _bands(
    areas: Mapping[tuple[str, str], float], givers: Iterable[FlowBar], takers: Iterable[FlowBar], scale: float
) -> Iterator[FlowBand]:
    out, into = {bar.name: bar.top for bar in givers}, {bar.name: bar.top for bar in takers}
    start, middle = LEFT + BAR, (LEFT + BAR + RIGHT) / 2
    for (giver, taker), area in areas.items():
        a, b = round(out[giver], 1), round(into[taker], 1)
        out[giver] += area * scale
        into[taker] += area * scale
        c, d = round(out[giver], 1), round(into[taker], 1)
        path = f"M{start} {a}C{middle} {a} {middle} {b} {RIGHT} {b}V{d}C{middle} {d} {middle} {c} {start} {c}Z"
        yield FlowBand(path, f"{giver} → {taker}: {grouped(area, 2)} m²")
