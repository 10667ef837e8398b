"""One sheet as SVG: outlines by verdict, names where there is room, scale bar, north arrow and legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import Verdict
from landcheck.report.content import labels
from landcheck.report.content.labels import GRAVEST_FIRST
from landcheck.report.content.text import told_apart, width
from landcheck.report.options import NOTEWORTHY
from landcheck.report.paper import INK, PAPER, PARK, QUIET, STYLES, fill, patterns
from landcheck.report.picture.scene import WIDTH, Plot, Shape

SIZE = 14  # px: 6.7 pt where the picture is 170 mm wide
LONGEST = 18  # characters of a name
# Of more parcels only those a person has to look at are named.
NAME_ALL_UP_TO, MOST_NAMES = 80, 120
FINE_ABOVE = 500  # parcels: from there on a thick line would be all there is to see
LINE = 28  # px a line of the strip beneath the map
PARK_LINE = f'stroke="{PARK}" stroke-width="2.2" stroke-dasharray="9 5"'

Drawn = tuple[str, Verdict, Shape]  # id, gravest verdict, outline
Places = Iterable[tuple[float, float]]
Entry = tuple[float, int, str, Verdict | None]  # of the legend: x in px, line, text; None for the boundary of a park


@dataclass(frozen=True, slots=True)
class Lettering:
    """How it is written: language, font, what makes a text of the data fit for it, names of subjects by their ids."""

    lang: Lang
    family: str
    spell: Callable[[str], str]
    parcels: Mapping[str, str]
    parks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The subjects of a sheet and where they lie; with ``frames`` (boxes in dm) it is an overview."""

    parcels: list[Drawn]
    parks: list[Drawn]
    on: Plot
    frames: Sequence[NDArray[np.float64]] = ()

    @property
    def counts(self) -> Counter[Verdict]:
        """Parcels by verdict."""
        return Counter(verdict for _, verdict, _ in self.parcels)

    @property
    def to_name(self) -> list[Drawn]:
        """The parcels to name, the gravest first: all of a few, of more those to be looked at, of too many none."""
        everything = len(self.parcels) <= NAME_ALL_UP_TO
        wanted = [one for one in self.parcels if everything or one[1] in NOTEWORTHY]
        return sorted(wanted, key=lambda one: GRAVEST_FIRST.index(one[1])) if len(wanted) <= MOST_NAMES else []


def names(ids: Sequence[str]) -> dict[str, str]:
    """How maps name those subjects, no two of them alike."""
    return dict(zip(ids, told_apart(ids, LONGEST), strict=True))


def svg(sheet: Sheet, lettering: Lettering) -> tuple[str, int]:
    """The sheet, and its height in px; an overview has frames instead of names."""
    on, lang = sheet.on, lettering.lang
    entries = list(_entries(sheet, lang))
    height = on.height + LINE * (entries[-1][1] + 2) + 8
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' font-family="{escape(lettering.family)}" font-size="{SIZE}" fill="{INK}"><defs>{patterns()}</defs>'
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        *_outlines(sheet),
        *(_frames(sheet) if sheet.frames else _names(sheet, lettering)),
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{on.height - 2}" fill="none" stroke="{QUIET}"/>',
        *_scale_and_north(on, lang),
        *_legend(entries, on.height + LINE + 8, lang),
        "</svg>",
    )
    return "".join(parts), height


def _outlines(sheet: Sheet) -> Iterator[str]:
    line = 1.2 if len(sheet.parcels) <= FINE_ABOVE else 0.5
    yield f'<g stroke-linejoin="round" fill-rule="evenodd" stroke-width="{line}">'
    for verdict in reversed(GRAVEST_FIRST):
        yield f'<g fill="{fill(verdict)}" stroke="{STYLES[verdict].line}">'
        yield from (f'<path d="{shape.path}"/>' for _, own, shape in sheet.parcels if own is verdict)
        yield "</g>"
    yield f'<g fill="none" {PARK_LINE}>'
    yield from (f'<path d="{shape.path}"/>' for _, _, shape in sheet.parks)
    yield "</g></g>"


def _frames(sheet: Sheet) -> Iterator[str]:
    for number, frame in enumerate(sheet.frames, 1):
        (west, east), (south, north) = sheet.on.to_paper(frame[[0, 2]], frame[[1, 3]])
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


def _names(sheet: Sheet, lettering: Lettering) -> Iterator[str]:
    """Each name at the first of its places that is free; none where none is. Parks come first."""
    room = Room(sheet.on.height)
    yield '<g text-anchor="middle">'
    for given, verdict, shape in sheet.parks:
        text = lettering.spell(lettering.parks[given])
        if verdict in NOTEWORTHY:
            word = labels.verdict(verdict, lettering.lang)
            text = say("picture-park", lettering.lang, park=text, verdict=word)
        yield _name(text, room.put(text, along_the_edge(shape, text)), PARK)
    for given, _, shape in sheet.to_name:
        text = lettering.spell(lettering.parcels[given])
        yield _name(text, room.put(text, inside(shape)), INK)
    yield "</g>"


def _name(text: str, place: tuple[float, float] | None, colour: str) -> str:
    if place is None:
        return ""
    x, y, long = *place, _long(text) + 6
    return (
        f'<rect x="{x - long / 2:.1f}" y="{y - 9}" width="{long:.1f}" height="18" rx="3" fill="{PAPER}"'
        f' opacity="0.88"/><text x="{x}" y="{y + SIZE * 0.36:.1f}" fill="{colour}">{escape(text)}</text>'
    )


@dataclass(slots=True)
class Room:
    """What has been taken: boxes as west, north, east, south in px, on a sheet of that height."""

    height: int
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def put(self, text: str, places: Places) -> tuple[float, float] | None:
        """The middle of the text at the first of the places that is free, which it takes; None where none is."""
        half, tall = width(text) * SIZE * 0.28 + 2, SIZE * 0.62
        for x, y in places:
            west, north, east, south = box = (x - half, y - tall, x + half, y + tall)
            fits = west >= 2 and north >= 2 and east <= WIDTH - 2 and south <= self.height - 2
            if fits and not any(west < e and w < east and north < s and n < south for w, n, e, s in self.taken):
                self.taken.append(box)
                return round(x, 1), round(y, 1)
        return None


def inside(shape: Shape) -> Places:
    """A place in the middle of the largest ring, and one above and below it."""
    rings = [shapely.Polygon(ring) for ring in shape.rings if len(ring) >= 3]
    if not rings:
        return
    largest = max(rings, key=lambda ring: float(ring.area))
    middle = largest.centroid
    sound = shapely.make_valid(largest)
    point = middle if sound.contains(middle) else sound.representative_point()
    for shift in (0, -SIZE * 1.3, SIZE * 1.3):
        yield point.x, point.y + shift


def along_the_edge(shape: Shape, text: str) -> Places:
    """Places just inside the upper and the lower edge of the box around a park."""
    points = np.concatenate(shape.rings)
    (west, north), (east, south) = points.min(axis=0), points.max(axis=0)
    half = width(text) * SIZE * 0.28 + 8
    for y in (north + SIZE, south - SIZE, north - SIZE, south + SIZE):
        for x in (west + half, (west + east) / 2, east - half):
            yield float(x), float(y)


def _scale_and_north(on: Plot, lang: Lang) -> Iterator[str]:
    metres, long = on.bar
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    y = on.height + 26
    yield (
        f'<path d="M1 {y - 8}V{y}H{1 + long:.1f}V{y - 8}M{1 + long / 2:.1f} {y - 4}V{y}" fill="none" stroke="{INK}"'
        f' stroke-width="1.6"/><text x="{9 + long:.1f}" y="{y + 1}">{text}</text>'
    )
    x, y = WIDTH - 12, on.height + 8
    yield (
        f'<path d="M{x} {y}L{x + 8} {y + 25}L{x} {y + 19}L{x - 8} {y + 25}Z"/>'
        f'<text x="{x - 16}" y="{y + 19}" text-anchor="end">{escape(say("picture-north", lang))}</text>'
    )


def _entries(sheet: Sheet, lang: Lang) -> Iterator[Entry]:
    """What the legend explains, as far as it is drawn."""
    texts: list[tuple[str, Verdict | None]] = [
        (f"{labels.verdict(verdict, lang)} {sheet.counts[verdict]:,}", verdict)
        for verdict in GRAVEST_FIRST
        if sheet.counts[verdict]
    ]
    if sheet.parks:
        texts.append((say("picture-legend-park", lang), None))
    x, line = _long(say("picture-legend", lang)) + 8, 0
    for text, verdict in texts:
        if x + 42 + _long(text) > WIDTH:
            x, line = 0.0, line + 1
        yield x, line, text, verdict
        x += 42 + _long(text) + 22


def _legend(entries: Sequence[Entry], top: float, lang: Lang) -> Iterator[str]:
    yield f'<text x="0" y="{top + 14}" fill="{QUIET}">{escape(say("picture-legend", lang))}</text>'
    for x, line, text, verdict in entries:
        y = top + line * LINE
        if verdict is None:
            yield f'<path d="M{x:.1f} {y + 9}h34" {PARK_LINE}/>'
        else:
            paint = f'fill="{fill(verdict)}" stroke="{STYLES[verdict].line}"'
            yield f'<rect x="{x + 0.5:.1f}" y="{y + 0.5}" width="34" height="17" {paint}/>'
        yield f'<text x="{x + 42:.1f}" y="{y + 14}">{escape(text)}</text>'


def _long(text: str) -> float:
    """Its length in px."""
    return width(text) * SIZE * 0.52
