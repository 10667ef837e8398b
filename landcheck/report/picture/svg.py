"""One sheet as SVG: outlines by verdict, names where there is room, scale bar, north arrow and legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import Verdict
from landcheck.report import labels
from landcheck.report.options import NOTEWORTHY
from landcheck.report.paper import INK, PAPER, PARK, QUIET, STYLES, WORST_FIRST, fill, patterns
from landcheck.report.picture.scene import WIDTH, Plot, Shape
from landcheck.report.text import width

SIZE = 14  # px: 6.7 pt where the picture is 170 mm wide
LONGEST = 18  # characters


@dataclass(frozen=True, slots=True)
class Name:
    """A name with the middle of its line, in px."""

    text: str
    x: float
    y: float
    colour: str


@dataclass(slots=True)
class Room:
    """What has been taken: boxes as west, north, east, south in px, on a sheet of that height."""

    height: int
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def put(self, text: str, places: Sequence[tuple[float, float]], colour: str) -> Name | None:
        """The name at the first of the places that is free; None where none is."""
        half, tall = width(text) * SIZE * 0.28 + 2, SIZE * 0.62
        for x, y in places:
            box = (x - half, y - tall, x + half, y + tall)
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= WIDTH - 2 and box[3] <= self.height - 2
            if inside and not any(_meet(box, other) for other in self.boxes):
                self.boxes.append(box)
                return Name(text, round(x, 1), round(y, 1), colour)
        return None


def short(name: str) -> str:
    """The name as the map can hold it."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def inside(shape: Shape) -> Iterator[tuple[float, float]]:
    """A place in the middle of the largest ring, and one above and below it."""
    import shapely

    rings = [shapely.Polygon(ring) for ring in shape.rings if len(ring) >= 3]
    if not rings:
        return
    largest = max(rings, key=lambda ring: float(ring.area))
    middle = largest.centroid
    sound = shapely.make_valid(largest)
    point = middle if sound.contains(middle) else sound.representative_point()
    for shift in (0, -SIZE * 1.3, SIZE * 1.3):
        yield point.x, point.y + shift


def along_the_edge(shape: Shape, text: str) -> Iterator[tuple[float, float]]:
    """Places just inside the upper and the lower edge of the box around a park."""
    import numpy as np

    points = np.concatenate(shape.rings)
    (west, north), (east, south) = points.min(axis=0), points.max(axis=0)
    half = width(text) * SIZE * 0.28 + 8
    for y in (north + SIZE, south - SIZE, north - SIZE, south + SIZE):
        for x in (west + half, (west + east) / 2, east - half):
            yield float(x), float(y)


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# Of more parcels only those a person has to look at are named.
NAME_ALL_UP_TO, MOST_NAMES = 80, 120
FINE_ABOVE = 500  # parcels: from there on a thick line would be all there is to see
LINE = 28  # px a line of the strip beneath the map

Floats = NDArray[np.float64]
Shown = tuple[str, Verdict, Shape]


@dataclass(frozen=True, slots=True)
class Hand:
    """How it is written: language, font, and what makes a text of the data fit for that font."""

    lang: Lang
    family: str
    spell: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The subjects of a sheet: id, gravest verdict and outline."""

    parcels: list[Shown]
    parks: list[Shown]

    @property
    def counts(self) -> Counter[Verdict]:
        """Parcels by verdict."""
        return Counter(verdict for _, verdict, _ in self.parcels)


def svg(drawn: Drawn, on: Plot, hand: Hand, frames: Sequence[Floats] = ()) -> tuple[str, int]:
    """The sheet, and its height in px. With ``frames`` (boxes in dm) it is an overview: frames instead of names."""
    entries = list(_entries(drawn, hand.lang))
    height = on.height + LINE * (entries[-1][1] + 2) + 8
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' font-family="{escape(hand.family)}" font-size="{SIZE}" fill="{INK}"><defs>{patterns()}</defs>'
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        *_outlines(drawn),
        *(_frames(frames, on) if frames else _names(drawn, on, hand)),
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{on.height - 2}" fill="none" stroke="{QUIET}"/>',
        _bar(on),
        _north(on, hand.lang),
        *_legend(entries, on.height + LINE + 8, hand.lang),
        "</svg>",
    )
    return "".join(parts), height


def to_name(parcels: list[Shown]) -> list[Shown]:
    """The parcels to name, the gravest first: all of a few, of more those to be looked at, of too many none."""
    everything = len(parcels) <= NAME_ALL_UP_TO
    wanted = [one for one in parcels if everything or one[1] in NOTEWORTHY]
    return sorted(wanted, key=lambda one: WORST_FIRST.index(one[1])) if len(wanted) <= MOST_NAMES else []


def _outlines(drawn: Drawn) -> Iterator[str]:
    line = 1.2 if len(drawn.parcels) <= FINE_ABOVE else 0.5
    yield f'<g stroke-linejoin="round" fill-rule="evenodd" stroke-width="{line}">'
    for verdict in reversed(WORST_FIRST):
        yield f'<g fill="{fill(verdict)}" stroke="{STYLES[verdict].line}">'
        yield from (f'<path d="{shape.path}"/>' for _, own, shape in drawn.parcels if own is verdict)
        yield "</g>"
    yield f'<g fill="none" stroke="{PARK}" stroke-width="2.2" stroke-dasharray="9 5">'
    yield from (f'<path d="{shape.path}"/>' for _, _, shape in drawn.parks)
    yield "</g></g>"


def _frames(frames: Sequence[Floats], on: Plot) -> Iterator[str]:
    for number, frame in enumerate(frames, 1):
        (west, east), (south, north) = on.to_paper(frame[[0, 2]], frame[[1, 3]])
        x, y = max(west - 6, 2), max(north - 6, 2)
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{east - x + 6:.1f}" height="{south - y + 6:.1f}" fill="none"'
            f' stroke="{INK}" stroke-width="1.6"/>'
        )
        left = x + 11 if east < WIDTH / 2 else east - 5
        at = y - 14 if y > 28 else south + 20
        yield (
            f'<circle cx="{left:.1f}" cy="{at:.1f}" r="11" fill="{INK}"/><text x="{left:.1f}" y="{at + 5:.1f}"'
            f' text-anchor="middle" fill="{PAPER}">{number}</text>'
        )


def _names(drawn: Drawn, on: Plot, hand: Hand) -> Iterator[str]:
    room = Room(on.height)
    yield '<g text-anchor="middle">'
    for name in (*_park_names(drawn.parks, room, hand), *_parcel_names(drawn.parcels, room, hand)):
        long = _long(name.text) + 6
        yield (
            f'<rect x="{name.x - long / 2:.1f}" y="{name.y - 9}" width="{long:.1f}" height="18" rx="3" fill="{PAPER}"'
            f' opacity="0.88"/><text x="{name.x}" y="{name.y + SIZE * 0.36:.1f}" fill="{name.colour}">'
            f"{escape(name.text)}</text>"
        )
    yield "</g>"


def _park_names(parks: list[Shown], room: Room, hand: Hand) -> Iterator[Name]:
    for given, verdict, shape in parks:
        text = hand.spell(short(given))
        if verdict in NOTEWORTHY:
            text = say("picture-park", hand.lang, park=text, verdict=labels.verdict(verdict, hand.lang))
        yield from filter(None, [room.put(text, list(along_the_edge(shape, text)), PARK)])


def _parcel_names(parcels: list[Shown], room: Room, hand: Hand) -> Iterator[Name]:
    for given, _, shape in to_name(parcels):
        yield from filter(None, [room.put(hand.spell(short(given)), list(inside(shape)), INK)])


def _bar(on: Plot) -> str:
    metres, long = on.bar
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    y = on.height + 26
    return (
        f'<path d="M1 {y - 8}V{y}H{1 + long:.1f}V{y - 8}M{1 + long / 2:.1f} {y - 4}V{y}" fill="none" stroke="{INK}"'
        f' stroke-width="1.6"/><text x="{9 + long:.1f}" y="{y + 1}">{text}</text>'
    )


def _north(on: Plot, lang: Lang) -> str:
    x, y = WIDTH - 12, on.height + 8
    return (
        f'<path d="M{x} {y}L{x + 8} {y + 25}L{x} {y + 19}L{x - 8} {y + 25}Z"/>'
        f'<text x="{x - 16}" y="{y + 19}" text-anchor="end">{escape(say("picture-north", lang))}</text>'
    )


def _entries(drawn: Drawn, lang: Lang) -> Iterator[tuple[float, int, str, Verdict | None]]:
    """Legend entries with the place of each: x in px, and line; None stands for the boundary of a park."""
    present = [(f"{labels.verdict(verdict, lang)} {drawn.counts[verdict]:,}", verdict) for verdict in WORST_FIRST]
    texts: list[tuple[str, Verdict | None]] = [entry for entry in present if drawn.counts[entry[1]]]
    if drawn.parks:
        texts.append((say("picture-legend-park", lang), None))
    x, line = _long(say("picture-legend", lang)) + 8, 0
    for text, verdict in texts:
        if x + 42 + _long(text) > WIDTH:
            x, line = 0.0, line + 1
        yield x, line, text, verdict
        x += 42 + _long(text) + 22


def _legend(entries: Sequence[tuple[float, int, str, Verdict | None]], top: float, lang: Lang) -> Iterator[str]:
    yield f'<text x="0" y="{top + 14}" fill="{QUIET}">{escape(say("picture-legend", lang))}</text>'
    for x, line, text, verdict in entries:
        y = top + line * LINE
        yield _swatch(x, y, verdict) + f'<text x="{x + 42:.1f}" y="{y + 14}">{escape(text)}</text>'


def _swatch(x: float, y: float, verdict: Verdict | None) -> str:
    if verdict is None:
        return f'<path d="M{x:.1f} {y + 9}h34" stroke="{PARK}" stroke-width="2.2" stroke-dasharray="9 5"/>'
    line = STYLES[verdict].line
    return f'<rect x="{x + 0.5:.1f}" y="{y + 0.5}" width="34" height="17" fill="{fill(verdict)}" stroke="{line}"/>'


def _long(text: str) -> float:
    return width(text) * SIZE * 0.52
