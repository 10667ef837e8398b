"""The national systems in zones of Gauss-Krüger: which EPSG code a datum, a zone and the eastings make."""

from __future__ import annotations

from dataclasses import dataclass

ZONES = {3: range(25, 46), 6: range(13, 24)}


@dataclass(frozen=True, slots=True)
class Datum:
    """``names`` and ``year`` are how heads of files name it, ``ellipsoid`` how they name its ellipsoid (expressions).

    ``degrees`` is its EPSG code in latitude and longitude; ``zones``, by their width in degrees, what is added to a
    zone's number where the eastings carry it, and where they do not.
    """

    names: str
    year: str
    ellipsoid: str
    degrees: int
    zones: dict[int, tuple[int, int]]

    def code(self, width: int, zone: int, *, carried: bool) -> str:
        """The system of a zone."""
        return f"EPSG:{zone + self.zones[width][not carried]}"


DATUMS = (
    Datum("CGCS|中国|国家", "2000", "CGCS ?2000|2000国家|298\\.25722210", 4490, {3: (4488, 4509), 6: (4478, 4489)}),
    Datum("国家|西安|XIAN", "(?:19)?80", "IAG|1980|西安 ?80|XIAN|6378140", 4610, {3: (2324, 2345), 6: (2314, 2325)}),
    Datum("国家|北京|BEIJING", "(?:19)?54", "KRAS|克拉|北京|1954|6378245", 4214, {3: (2376, 2397), 6: (21400, 21440)}),
)


def zone_of(meridian: float, width: int) -> int | None:
    """The number of the zone with that central meridian, None where no zone has it."""
    number = meridian / 3 if width == 3 else (meridian + 3) / 6
    return int(number) if number == int(number) and int(number) in ZONES[width] else None


def zone_with_code(code: int) -> tuple[int, int, int] | None:
    """Which datum (by its place), width and zone an EPSG code means; width 0 for latitude and longitude, None else."""
    for at, datum in enumerate(DATUMS):
        if code == datum.degrees:
            return at, 0, 0
        for width, added in datum.zones.items():
            for number in added:
                if code - number in ZONES[width]:
                    return at, width, code - number
    return None
