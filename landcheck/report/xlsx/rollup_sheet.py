"""The sheet of roll-ups: a group a row, numbers as numbers, with what may still be built there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from landcheck.messages import Lang, say
from landcheck.model import USES, GroupRoom, Headroom, Report, Rollup, Verdict
from landcheck.report.content import labels
from landcheck.report.content.rollup_tables import JUDGED, group, room_words, use_name
from landcheck.report.xlsx.worksheet import Column, Value

OF_USE = {"floor": ("may", "over", "short", "unknown"), "other_use": ("may", "over", "unknown"),
          "living": ("may", "over", "unknown")}  # fmt: skip


def columns(lang: Lang) -> list[Column]:
    """What a roll-up tells, and by use its headroom."""
    verdicts = [labels.verdict(verdict, lang) for verdict in labels.VERDICTS]
    areas = [say(f"rollup-head-{name}", lang) for name in ("land", "above-ground", "far-gfa")]
    lacking, of_far = say("rollup-head-unknown", lang), ("far-mean", "far-lowest", "far-highest")
    named = [say("rollup-head-by", lang), say("rollup-head-group", lang)]
    heads = [say("rollup-head-parcels", lang), *verdicts, say("rollup-head-open", lang)]
    heads += [say(f"rollup-head-{name}", lang) for name in ("passing-count", "passing-land")]
    heads += [head for area in areas for head in (area, lacking)]
    heads += [say(f"rollup-head-{name}", lang) for name in of_far]
    rooms = [
        say("room-head-of-use", lang, use=use_name(use, lang), head=say(f"room-head-{name}", lang))
        for use in USES
        for name in OF_USE[use]
    ]
    wide = [Column(named[0], 14), Column(named[1], 30, wraps=True)]
    return [*wide, *(Column(head, 13) for head in heads), *(Column(head, 26) for head in rooms)]


def rows(report: Report, lang: Lang) -> Iterator[list[Value]]:
    """Every group by park, district, land class and rule."""
    for one in report.rollups:
        areas = (one.land_m2, one.land_unknown, one.above_ground_m2, one.above_ground_unknown, one.far_gfa_m2,
                 one.far_gfa_unknown)  # fmt: skip
        rooms = [cell for use in USES for cell in (_room(use, one.rooms[use], lang) if use in one.rooms else
                                                   [None] * len(OF_USE[use]))]  # fmt: skip
        yield [
            say(f"rollup-by-{one.by.replace('_', '-')}", lang), group(report, one, lang), one.parcels,
            *(one.verdicts[verdict] for verdict in labels.VERDICTS), one.open, *_passing(one), *areas, one.far_mean,
            one.far_lowest, one.far_highest, *rooms,
        ]  # fmt: skip


def _passing(one: Rollup) -> Iterator[Value]:
    """Percent of the parcels, and of their land, that a rule speaks of."""
    for held in (one.verdicts, one.verdict_land_m2):
        judged = sum(held[verdict] for verdict in JUDGED)
        yield round(100 * held[Verdict.PASS] / judged, 1) if judged else None


def _room(use: str, room: GroupRoom, lang: Lang) -> Iterator[Value]:
    limited = room.known + room.unknown + room.pooled
    yield room.may_m2 if room.known else say("room-unknown" if limited else "room-free", lang)
    yield room.over_m2 if room.known else None
    if "short" in OF_USE[use]:
        yield room.short_m2
        yield room.unknown + room.pooled + room.short_unknown
    else:
        yield room.unknown + room.pooled


def room_columns(lang: Lang) -> list[Column]:
    """What must be built on a parcel, and by use what may be added."""
    heads = [say("room-head-of-use", lang, use=use_name("floor", lang), head=say("room-head-short", lang))]
    heads += [say("room-head-of-use", lang, use=use_name(use, lang), head=say("room-head-room", lang)) for use in USES]
    return [Column(head, 19, wraps=True) for head in heads]


def with_rooms(rows: Iterable[Sequence[Value]], headroom: Headroom, lang: Lang) -> Iterator[Sequence[Value]]:
    """The rows of parcels, their number in the second cell, with the headroom of each."""
    short = headroom.uses["floor"]
    columns = [(short.short_m2, room_words(short._replace(room_m2=short.short_m2), lang))]
    columns += [(one.room_m2, room_words(one, lang)) for one in headroom.uses.values()]
    for row in rows:
        at = row[1] - 1 if isinstance(row[1], int) else -1
        yield [*row, *(None if at < 0 else words[at] or float(numbers[at]) for numbers, words in columns)]
