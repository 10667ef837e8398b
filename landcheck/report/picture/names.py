"""Room for names on the map: each stands where it covers no other, the gravest first; those without room stay out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from landcheck.report.picture.plot import WIDTH, Shape
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
