"""The oracle keeps its own promise: what it decides with gaps stays decided however the gaps are filled."""

from __future__ import annotations

import random
from fractions import Fraction

from oracle import FIELDS_OF_RULE, Options, Row, impossible, judge_parcel
from random_plans import Recipe, random_plan


def completed(row: Row, donors: list[Row], rng: random.Random) -> Row:
    """The row with each gap filled by some other row's value of that field."""
    full = dict(row)
    names = {name for fields in FIELDS_OF_RULE.values() for name in fields}
    # a declared far is a second source for the computed one: filling that would change the source, not a gap
    for name in names - {"far", "far_gfa_m2", "site_area_m2"}:
        if full.get(name) is None:
            full[name] = rng.choice([donor[name] for donor in donors if donor.get(name) is not None])
    return full


def test_no_completion_overturns_a_verdict() -> None:
    rng = random.Random(5)
    parcels = list(random_plan(11, Recipe(parcels=600, gap=0.25)).parcels)
    for reading in ("threshold", "literal"):
        options = Options(reading=reading, assumptions=False, base_term_years=Fraction(20))
        for row in parcels:
            before = judge_parcel(row, options)
            whole = completed(row, parcels, rng)
            if impossible(whole, options) - impossible(row, options):  # borrowed parts above the whole
                continue
            after = judge_parcel(whole, options)
            for rule, judgement in before.items():
                if judgement.verdict != "undetermined" and not (
                    rule == "roof-greening" and row["roof_greening"] is None
                ):
                    assert after[rule].verdict == judgement.verdict, (rule, row)
