"""The nine rules as an expression node of GoRules' ZEN engine (a JSON decision model), put to one parcel at a time.

ZEN has no unknown: a fact is given as 1, 0 or -1 as the engine does, *and* is the least, *or* the greatest of them.
"""

from __future__ import annotations

import json

import numpy as np
import zen
from columns import DAY, Columns, arrow
from contest import Entry, tally

NOTE = "a parcel at a time"
ROWS = 10_000

FACTS = {
    "base": "min([in_high_tech_zone, approval_date >= {day} ? 1 : -1])",
    "industrial": "land_class == null ? 0 : (land_class <= 1 ? 1 : -1)",
    "clause": "land_class == null ? 0 : (land_class <= 3 ? 1 : -1)",
    "project": "land_class == null ? 0 : (land_class == 0 ? 1 : -1)",
    "general": "land_class == null ? 0 : (land_class == 2 ? 1 : -1)",
    "computed": "far_gfa_m2 == null or site_area_m2 == null or site_area_m2 <= 0 ? far : far_gfa_m2 / site_area_m2",
    "within_most": "term_years == null ? 0 : (term_years <= 50 ? 1 : -1)",
    "within_base": "term_years == null ? 0 : (term_years <= 20 ? 1 : -1)",
    "recognised": "recognition == null ? 0 : (recognition < 4 ? 1 : -1)",
    "raised": "$.computed == null or far_before == null ? 0 : ($.computed > far_before ? 1 : -1)",
    "added": "underground_gfa_m2 == null or underground_gfa_before_m2 == null ? 0 : "
    "(underground_gfa_m2 > underground_gfa_before_m2 ? 1 : -1)",
    "stock": "min([$.base, is_stock, $.industrial, max([$.raised, $.added])])",
    "single": "min([$.base, $.clause, single_use])",
    "living": "living_gfa_m2 == null or above_ground_gfa_m2 == null ? 0 : "
    "(living_gfa_m2 / above_ground_gfa_m2 <= 0.15 ? 1 : -1)",
    "other": "living_gfa_m2 == null or other_industry_gfa_m2 == null or above_ground_gfa_m2 == null ? 0 : "
    "((other_industry_gfa_m2 + living_gfa_m2) / above_ground_gfa_m2 <= 0.3 ? 1 : -1)",
    "market": "transfer_channel == null ? 0 : (transfer_channel == 0 ? 1 : -1)",
    "listed": "listing == null ? 0 : (listing == 0 ? 1 : -1)",
    "admitted": "transferee == null ? 0 : (transferee < 2 ? 1 : -1)",
    "free": "extra_land_price_cny == null ? 0 : (extra_land_price_cny == 0 ? 1 : -1)",
}
# when a rule applies, what it requires, and what a broken one is called
RULES = [
    ("min([$.base, $.project])", "min([$.within_most, max([$.recognised, $.within_base])])", 3),
    ("min([$.base, $.industrial])", "$.computed == null ? 0 : ($.computed >= 2 ? 1 : -1)", 3),
    ("min([$.base, $.general])", "$.computed == null ? 0 : ($.computed >= 3 ? 1 : -1)", 3),
    ("$.stock", "increase_approved", 3),
    ("min([$.stock, increase_approved])", "$.free", 3),
    (
        "min([$.base, is_surplus_part])",
        "min([$.project, subdivision_permitted, $.market, $.listed, $.admitted])",
        3,
    ),
    ("$.single", "$.other", 3),
    ("$.single", "$.living", 3),
    ("min([$.base, roof_greening == 0 ? -1 : 1])", "roof_greening", 1),
]
TRUTHS = (
    "in_high_tech_zone", "is_stock", "single_use", "increase_approved", "is_surplus_part", "subdivision_permitted",
    "roof_greening",
)  # fmt: skip


def prepare(columns: Columns) -> Entry:
    """The model compiled, the parcels as dictionaries."""
    decision = zen.ZenEngine().create_decision(json.dumps(model()))
    rows = parcels(columns)
    return Entry(lambda: [decision.evaluate(row)["result"] for row in rows], _counts)


def parcels(columns: Columns) -> list[dict[str, object]]:
    """Each row a dictionary, None where a value is missing, truths as 1, 0 and -1."""
    table = arrow(columns)
    for name in TRUTHS:
        table = table.set_column(table.column_names.index(name), name, [columns[name]])
    read = [name for name in table.column_names if any(name in text for text in (*FACTS.values(), str(RULES)))]
    rows: list[dict[str, object]] = table.select(read).to_pylist()
    return rows


def model() -> dict[str, object]:
    """The decision model: what comes in, one node of expressions, what goes out."""
    said = {name: text.format(day=DAY) for name, text in FACTS.items()}
    for number, (applies, holds, broken) in enumerate(RULES):
        said[f"a{number}"], said[f"h{number}"] = applies, holds
        judged = f"($.h{number} == 1 ? 0 : ($.h{number} == 0 ? 2 : {broken}))"
        said[f"r{number}"] = f"$.a{number} == 1 ? {judged} : ($.a{number} == 0 ? 2 : 4)"
    lines = [{"id": name, "key": name, "value": text} for name, text in said.items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": lines}},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
        {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _counts(results: list[dict[str, int]]) -> np.ndarray:
    return tally(np.array([[result[f"r{number}"] for result in results] for number in range(len(RULES))]))
