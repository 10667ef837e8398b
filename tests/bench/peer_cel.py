"""The nine rules in CEL (the package common-expression-language), put to one parcel at a time.

A missing value is a variable that is not there: && and || bear with it as Kleene's do, and what is left undecided ends
as an error, which is CEL's own way to say unknown.
"""

from __future__ import annotations

import cel
import numpy as np
from columns import DAY, Columns, arrow
from contest import UNDETERMINED, Entry, tally

NOTE = "a parcel at a time"
ROWS = 10_000

BASE = f"in_high_tech_zone && approval_date >= {DAY}"
# CEL has no name for a part of an expression, and no way to ask whether a plain variable is there.
COMPUTED = "(known_far ? far_gfa_m2 / site_area_m2 : far)"
STOCK = (
    f"{BASE} && is_stock && land_class <= 1 && "
    f"({COMPUTED} > far_before * (1.0 + 1e-9) || underground_gfa_m2 > underground_gfa_before_m2 * (1.0 + 1e-9))"
)
SINGLE = f"{BASE} && land_class <= 3 && single_use"
# when a rule applies, what it requires, and what a broken one is called
RULES = [
    (
        f"{BASE} && land_class == 0",
        "term_years <= 50.0 * (1.0 + 1e-9) && (recognition < 4 || term_years <= 20.0 * (1.0 + 1e-9))",
        3,
    ),
    (f"{BASE} && land_class <= 1", f"{COMPUTED} >= 2.0 * (1.0 - 1e-9)", 3),
    (f"{BASE} && land_class == 2", f"{COMPUTED} >= 3.0 * (1.0 - 1e-9)", 3),
    (STOCK, "increase_approved", 3),
    (f"{STOCK} && increase_approved", "extra_land_price_cny == 0.0", 3),
    (
        f"{BASE} && is_surplus_part",
        "land_class == 0 && subdivision_permitted && transfer_channel == 0 && listing == 0 && transferee < 2",
        3,
    ),
    (SINGLE, "(other_industry_gfa_m2 + living_gfa_m2) / above_ground_gfa_m2 <= 0.3 * (1.0 + 1e-9)", 3),
    (SINGLE, "living_gfa_m2 / above_ground_gfa_m2 <= 0.15 * (1.0 + 1e-9)", 3),
    (f"{BASE} && known_roof", "roof_greening", 1),
]


def prepare(columns: Columns) -> Entry:
    """The programs compiled, the parcels as contexts of CEL's own."""
    programs = [cel.compile(f"({applies}) ? (({holds}) ? 0 : {broken}) : 4") for applies, holds, broken in RULES]
    contexts = [cel.Context(variables=_given(row)) for row in arrow(columns).to_pylist()]
    return Entry(
        lambda: [[_execute(program, context) for context in contexts] for program in programs],
        lambda verdicts: tally(np.array(verdicts)),
    )


def _given(row: dict[str, object]) -> dict[str, object]:
    given = {name: value for name, value in row.items() if value is not None}
    site = given.get("site_area_m2")
    given["known_far"] = "far_gfa_m2" in given and isinstance(site, float) and site > 0
    given["known_roof"] = "roof_greening" in given
    return given


def _execute(program: cel.Program, context: cel.Context) -> int:
    try:
        verdict: int = program.execute(context)
    except RuntimeError:
        return UNDETERMINED
    return verdict
