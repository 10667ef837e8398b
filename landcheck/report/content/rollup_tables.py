"""What parcels come to by park, district, land class or rule, and what may still be built there, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from landcheck.messages import Lang, say
from landcheck.model import USES, GroupRoom, Report, Rollup, UseRoom, Verdict
from landcheck.report.content import labels, overview
from landcheck.report.content.amounts import grouped
from landcheck.report.content.report_tables import Table, heads
from landcheck.request import GROUPINGS

JUDGED = tuple(verdict for verdict in Verdict if verdict is not Verdict.NOT_APPLICABLE)


def rollup_tables(report: Report, by: Sequence[str], lang: Lang) -> list[Table]:
    """For each grouping what the parcels come to and, but by rule, their headroom; empty ones stay out."""
    tables = [table(report, one, lang) for one in GROUPINGS for table in (sums, headroom) if one in by]
    return [table for table in tables if table.rows]


def telling(report: Report) -> tuple[str, ...]:
    """The groupings that tell a reader something: parks that are known, several districts or land classes."""
    known = {by: sum(one.key is not None for one in report.rollup(by)) for by in ("park", "district", "land_class")}
    return tuple(by for by, count in known.items() if count > (by != "park"))


def sums(report: Report, by: str, lang: Lang) -> Table:
    """A group a row: parcels, areas, FAR, how many pass by count and by land, and what is open."""
    rows = tuple(_sums(report, one, lang) for one in report.rollup(by))
    names = ("parcels", "land", "above-ground", "far-gfa", "far-mean", "far-range", "passing", "passing-land", "open")
    first, others = heads(lang, by.replace("_", "-")), tuple(say(f"rollup-head-{name}", lang) for name in names)
    title, note = say(f"rollup-by-{by.replace('_', '-')}", lang), say("rollup-note", lang) if rows else ""
    return Table(title, (*first, *others), rows, tuple(range(1, 10)), (0,) if by == "park" else (), note)


def _sums(report: Report, one: Rollup, lang: Lang) -> tuple[str, ...]:
    areas = ((one.land_m2, one.land_unknown), (one.above_ground_m2, one.above_ground_unknown),
             (one.far_gfa_m2, one.far_gfa_unknown))  # fmt: skip
    mean = "" if one.far_mean is None else grouped(one.far_mean, 2)
    span = "" if one.far_lowest is None or one.far_highest is None else (
        say("rollup-range", lang, least=grouped(one.far_lowest), most=grouped(one.far_highest)))  # fmt: skip
    passed, judged = one.verdicts[Verdict.PASS], sum(one.verdicts[verdict] for verdict in JUDGED)
    of_land, land = one.verdict_land_m2[Verdict.PASS], sum(one.verdict_land_m2[verdict] for verdict in JUDGED)
    passing = say("rollup-passing", lang, passed=f"{passed:,}", judged=f"{judged:,}", share=_share(passed, judged))
    return (called(report, one, lang), f"{one.parcels:,}", *(_lacking(*area, lang) for area in areas), mean, span,
            passing if judged else "", _share(of_land, land), f"{one.open:,}")  # fmt: skip


def _lacking(area: float, unknown: int, lang: Lang) -> str:
    """A sum, with how many parcels are not in it."""
    return say("rollup-lacking", lang, area=grouped(area), count=f"{unknown:,}") if unknown else grouped(area)


def _share(part: float, whole: float) -> str:
    return f"{grouped(100 * part / whole, 1)}%" if whole else ""


def group(report: Report, one: Rollup, lang: Lang) -> str:
    """What the group is called."""
    if one.key is None:
        return say("rollup-unknown", lang)
    if one.by == "rule":
        return next((rule.title.say(lang) for rule in overview.rules(report) if rule.id == one.key), one.key)
    return labels.field_value("parcel", "land_class", one.key, lang) if one.by == "land_class" else one.key


def called(report: Report, one: Rollup, lang: Lang) -> str:
    """What the group is called, a park by its id and its name."""
    return group(report, one, lang) + (f" {one.name}" if one.name and one.name != one.key else "")


def headroom(report: Report, by: str, lang: Lang) -> Table:
    """A group and use a row: what may be added, is too much, must be built, and of how many parcels it is known."""
    rows = tuple(
        (group(report, one, lang), *row)
        for one in report.rollup(by)
        for row in (*_uses(one, lang), *(_green(report, one, lang) if by == "park" else ()))
    )
    names = ("use", "may", "over", "short", "known", "free", "unknown")
    first, others = heads(lang, by.replace("_", "-")), tuple(say(f"room-head-{name}", lang) for name in names)
    title, note = say(f"room-by-{by.replace('_', '-')}", lang), say("room-note", lang) if rows else ""
    return Table(title, (*first, *others), rows, tuple(range(2, 8)), (0,) if by == "park" else (), note)


def _uses(one: Rollup, lang: Lang) -> Iterator[tuple[str, ...]]:
    return ((use_name(use, lang), *_room(one.rooms[use], lang)) for use in USES if use in one.rooms)


def _green(report: Report, one: Rollup, lang: Lang) -> Iterator[tuple[str, ...]]:
    """The green of a park that has an account: what must still be made up for."""
    for row in report.ledger:
        if row.park_id == one.key:
            yield say("room-green", lang), "", "", grouped(row.uncovered_m2), "", "", ""


def use_name(use: str, lang: Lang) -> str:
    """What a use is called of which there may be headroom."""
    return say(f"room-{use.replace('_', '-')}", lang)


def _room(room: GroupRoom, lang: Lang) -> Iterator[str]:
    limited = room.known + room.unknown + room.pooled
    yield grouped(room.may_m2) if room.known else say("room-unknown" if limited else "room-free", lang)
    yield grouped(room.over_m2) if room.known else ""
    yield _lacking(room.short_m2, room.short_unknown, lang)
    yield from (f"{room.known:,}", f"{room.free:,}")
    yield say("room-pooled", lang, unknown=f"{room.unknown:,}", count=f"{room.pooled:,}") if room.pooled else (
        f"{room.unknown:,}")  # fmt: skip


def room_words(one: UseRoom, lang: Lang) -> NDArray[np.object_]:
    """Why a parcel's headroom is no number, a row each: no limit, by the pool, or what is missing; None where it is."""
    wanting = ([labels.field_label("parcel", name, lang) for name in names] for names in one.names)
    by_code = np.fromiter((say("room-lacking", lang, fields=names) for names in wanting), object, len(one.names))
    found: NDArray[np.object_] = by_code[one.missing]
    found[one.pooled], found[np.isinf(one.room_m2)] = say("room-by-pool", lang), say("room-free", lang)
    found[np.isfinite(one.room_m2)] = None
    return found


def worst_park(report: Report, lang: Lang) -> str:
    """The park with the most failing parcels, of several the one where they are the greater share; empty for none."""
    parks = [one for one in report.rollup("park") if one.key is not None and one.verdicts[Verdict.FAIL]]
    if not parks:
        return ""
    worst = max(parks, key=lambda one: (one.verdicts[Verdict.FAIL], one.verdicts[Verdict.FAIL] / one.parcels))
    failing = f"{worst.verdicts[Verdict.FAIL]:,}"
    return say("rollup-worst-park", lang, park=called(report, worst, lang), count=failing, parcels=f"{worst.parcels:,}")
