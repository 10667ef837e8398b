"""Every cell of every layer, one at a time empty or unreadable: what is not known decides nothing, in any pack.

A world is two plots of one pool with their buildings, a park that holds them, its green, a zone and a table of
attributes; each variant stands in a copy of the world on ground of its own, all copies in one run.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from landcheck import Request, check
from landcheck.fields.catalogue import field, fields
from landcheck.measures import measure
from landcheck.model import Kind, Role
from landcheck.rulebook import load_pack, pack_names

UNREADABLE = {
    Kind.NUMBER: "约三成",
    Kind.BOOL: "部分",
    Kind.ENUM: "待核",
    Kind.DATE: "31/08/2021",
    Kind.TEXT: "3.1E+11",
}
ROLES = {"parcels": Role.PARCELS, "attributes": Role.PARCELS, "buildings": Role.BUILDINGS, "parks": Role.PARKS,
         "green": Role.GREEN}  # fmt: skip
SUBJECTS = {"parcels": "parcel_id", "attributes": "parcel_id", "buildings": "building_id", "parks": "park_id",
            "green": "green_id"}  # fmt: skip
APART = 4_000.0
Row = dict[str, str]
World = dict[str, list[Row]]
Place = tuple[str, int, str]

PLOT = {
    "land_class": "industrial_project", "approval_date": "2025-06-01", "term_years": "20", "recognition": "none",
    "site_area_m2": "10000", "far_gfa_m2": "21000", "single_use": "true", "is_stock": "true", "far_before": "1.5",
    "underground_gfa_before_m2": "0", "increase_approved": "true", "extra_land_price_cny": "0", "lease_years": "0",
    "is_surplus_part": "true", "subdivision_permitted": "true", "transfer_channel": "land_market",
    "listing": "with_industry_project", "transferee": "park_platform", "roof_greening": "true",
    "special_process_recognised": "false", "smart_space": "false", "major_project": "none", "pool_recognised": "true",
    "owner": "甲", "holder": "leading_enterprise", "transferred_share": "0.3", "toxic_gas": "false",
    "investment_cny": "100000000", "district_quota": "true", "district_decision": "true", "overlay_m0": "false",
    "plot_green_m2": "2500", "ground_green_m2": "2500", "protection_belt_m": "100", "pool_concentrated_gfa_m2": "1500",
}  # fmt: skip
FAILING = {"far_gfa_m2": "9000", "term_years": "70", "increase_approved": "false", "extra_land_price_cny": "5",
           "transfer_channel": "other", "roof_greening": "false", "transferred_share": "0.9", "plot_green_m2": "10",
           "ground_green_m2": "5", "protection_belt_m": "1", "toxic_gas": "true"}  # fmt: skip


def world(*, sound: bool, **told: str) -> World:
    """All in order, or all broken; the buildings hold 8 % of living facilities, or 48 %."""
    plots = [PLOT | ({} if sound else FAILING) | told | {"parcel_id": name, "pool_id": "T"}
             for name in "AB"]  # fmt: skip
    if not sound:
        plots = [plot | {name: sum_ for name, sum_ in OF_BROKEN.items() if name in told} for plot in plots]
    sizes = (18_000, 1_500, 1_500) if sound else (10_000, 1_000, 10_000)
    uses = ("main_industry", "other_industry", "living")
    buildings = [
        {"building_id": f"{plot['parcel_id']}{use[0]}", "parcel_id": plot["parcel_id"], "use": use, "gfa_m2": str(size),
         "floors_above": "5", "floors_below": "0"}
        for plot in plots for use, size in zip(uses, sizes, strict=True)
    ]  # fmt: skip
    park = {"park_id": "K", "district": "D", "management_qualified": "true", "district_balance_approved": "true",
            "new_park": "true", "greening_plan_approved": "true", "balance_plan_approved": "true",
            "replanting_impossible": "false", "compensation_fee_paid": "true", "park_area_m2": "100000",
            "park_green_m2": "30000" if sound else "100", "attached_green_m2": "5000"}  # fmt: skip
    green = [
        {"green_id": "G1", "change": "reduction", "area_m2": "500", "project_completed": "true", "reason": "expansion"},
        {"green_id": "G2", "change": "new_planned", "area_m2": "600" if sound else "100"},
        {"green_id": "G3", "change": "existing", "area_m2": "30000" if sound else "10", "project_completed": "true"},
    ]
    table = [{"parcel_id": plot["parcel_id"], **{name: plot.pop(name) for name in ("smart_space", "term_years")}}
             for plot in plots]  # fmt: skip
    return {"parcels": plots, "attributes": table, "buildings": buildings, "parks": [park], "green": green}


def places(of: World) -> Iterator[Place]:
    for layer, rows in of.items():
        for at, row in enumerate(rows):
            yield from ((layer, at, name) for name in row if name != SUBJECTS[layer])


def changed(of: World, place: Place, text: str) -> World:
    layer, row, name = place
    return of | {layer: [one | {name: text} if at == row else one for at, one in enumerate(of[layer])]}


def written(worlds: list[World]) -> Request:
    """The files of all worlds, the names of everything with the number of its world in front."""
    corners = {"parcels": (0, 100), "buildings": (0, 20), "green": (500, 50)}
    named = {name for names in SUBJECTS.values() for name in (names,)} | {"pool_id", "district"}
    sources = {}
    for layer in worlds[0]:
        rows, shapes = list[Row](), []
        for number, one in enumerate(worlds):
            west, south = 600_000 + number % 50 * APART, 3_400_000 + number // 50 * APART
            for at, row in enumerate(one[layer]):
                rows.append({name: f"{number}.{v}" if name in named and v not in ("", UNREADABLE[Kind.TEXT]) else v
                             for name, v in row.items()})  # fmt: skip
                start, side = corners.get(layer, (-50, 1_000))
                east = west + start + at * side if layer != "buildings" else west + at // 3 * 100 + at % 3 * 30
                shapes.append(box(east, south, east + side, south + side))
        file = f"{layer}.csv" if layer == "attributes" else f"{layer}.gpkg"
        heads = list(dict.fromkeys(name for row in rows for name in row))
        if layer == "attributes":
            with Path(file).open("w", encoding="utf-8", newline="") as out:
                table = csv.DictWriter(out, heads)
                table.writeheader()
                table.writerows(rows)
        else:
            cells = {name: [row.get(name) or None for row in rows] for name in heads}
            gpd.GeoDataFrame(cells, geometry=shapes, crs="EPSG:4549").astype(dict.fromkeys(heads, object)).to_file(file)
        sources[layer] = file
    gpd.GeoDataFrame({"name": ["Z"]}, geometry=[box(590_000, 3_390_000, 810_000, 3_600_000)], crs=4549).to_file(
        "z.gpkg"
    )
    sources["zones"] = "z.gpkg"
    return Request(sources.pop("parcels"), sources, packs=pack_names(), as_of=dt.date(2026, 6, 30), show_all=True,
                   assume=False)  # fmt: skip


def verdicts(request: Request) -> list[dict[tuple[str, str], str]]:
    """By world and by rule and subject, in words."""
    found = defaultdict[int, dict[tuple[str, str], str]](dict)
    for one in check(request).findings:
        number, _, name = one.subject.id.partition(".")
        found[int(number)][one.rule.id, name] = one.verdict.word
    return [found[number] for number in range(len(found))]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


STATED = {
    "above_ground_gfa_m2": "21000", "other_industry_gfa_m2": "1500", "living_gfa_m2": "1500", "far_gfa_m2": "",
    "in_high_tech_zone": "true", "in_industrial_park": "true", "underground_gfa_m2": "0", "far": "2.1",
    "pool_above_ground_gfa_m2": "42000", "pool_other_industry_gfa_m2": "3000", "pool_living_gfa_m2": "3000",
    "statutory_use": "industrial",
}  # fmt: skip
OF_BROKEN = {"other_industry_gfa_m2": "1000", "living_gfa_m2": "10000", "pool_other_industry_gfa_m2": "2000",
             "pool_living_gfa_m2": "20000"}  # fmt: skip
TOLD = [
    {}, STATED, {"approval_date": "2022-06-01", "lease_years": "5", "is_stock": "false", "district_quota": "false"},
    {"approval_date": "2022-06-01", "land_class": "rd_general"}, {"holder": "other", "recognition": "none"},
]  # fmt: skip


@pytest.mark.parametrize("sound", [True, False], ids=["sound", "broken"])
@pytest.mark.parametrize("told", TOLD, ids=["summed", "stated", "leased", "research", "holder"])
def test_a_cell_that_is_empty_or_unreadable_decides_nothing(told: Row, *, sound: bool) -> None:
    whole = world(sound=sound, **told)
    cells = list(places(whole))
    lacking = [changed(whole, place, "") for place in cells]
    unread = [changed(whole, place, UNREADABLE[field(ROLES[place[0]], place[2]).kind]) for place in cells]
    before, *after = verdicts(written([whole, *lacking, *unread]))
    turned = [
        (place, rule, before[rule, name], now)
        for place, found in zip([*cells, *cells], after, strict=True)
        for (rule, name), now in found.items()
        if now not in (before[rule, name], "undetermined")
        and (rule, place[2]) != ("roof-greening", "roof_greening")  # asked only where it is recorded
    ]
    assert turned == []
    assert Counter(before.values())["undetermined"] < len(before) / 10
    fallen = [now for found in after for key, now in found.items() if before[key] != now]
    assert len(fallen) > len(cells)


@pytest.mark.parametrize(
    ("place", "rules"),
    [
        (("parcels", 0, "site_area_m2"), ("far-industrial A", "far-industrial-2021-6 A")),
        (("parcels", 0, "in_high_tech_zone"), ("far-industrial A", "living-15 A", "term-50 A")),
        (
            ("parcels", 0, "above_ground_gfa_m2"),
            ("living-15 A", "mixed-use-30 A", "living-2025-28 A", "living-2025-28 B"),
        ),
        (("parcels", 0, "living_gfa_m2"), ("living-15 A", "mixed-use-30 A", "mixed-use-2021-6 A")),
        (("parcels", 0, "approval_date"), ("far-industrial A", "term-2025-28 A")),
        (("attributes", 0, "term_years"), ("term-50 A", "term-2025-28 A")),
        (("buildings", 2, "gfa_m2"), ("living-15 A", "living-2021-6 A", "living-2025-28 B")),
        (("buildings", 2, "use"), ("living-15 A", "mixed-use-30 A")),
        (("green", 0, "area_m2"), ("green-balance K",)),
        (("green", 1, "area_m2"), ("green-balance K",)),
        (("green", 0, "change"), ("green-balance K",)),
        (("parks", 0, "management_qualified"), ("green-balance K",)),
        (("parks", 0, "park_area_m2"), ("green-park-20 K",)),
    ],
)
def test_no_place_drawing_building_or_assumption_fills_an_unreadable_cell(place: Place, rules: tuple[str, ...]) -> None:
    layer, _, name = place
    written_so = changed(world(sound=True), place, UNREADABLE[field(ROLES[layer], name).kind])
    (found,) = verdicts(replace(written([written_so]), assume=True))
    assert {rule: found[rule.split()[0], rule.split()[1]] for rule in rules} == dict.fromkeys(rules, "undetermined")


def test_every_field_that_a_rule_needs_is_a_cell_of_some_world() -> None:
    rules = [rule for pack in map(load_pack, pack_names()) for rule in pack.rules if rule.per == "parcel"]
    needed = {name for rule in rules for subject in rule.subjects for name in measure(subject, "parcel").inputs}
    needed |= {one.name for role in (Role.PARKS, Role.GREEN) for one in fields(role) if one.kind is not Kind.TEXT}
    needed |= {one.name for one in fields(Role.BUILDINGS)}
    cells = {name for told in TOLD for rows in world(sound=True, **told).values() for row in rows for name in row}
    assert needed - cells == set()
