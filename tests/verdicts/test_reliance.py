"""How many verdicts rest on a fact from elsewhere: counted by hand."""

from __future__ import annotations

import numpy as np

from landcheck.model import Batch, Origin, Role, Verdict
from landcheck.rulebook import load_pack
from landcheck.verdicts.reliance import Reliance

PACK = load_pack("shanghai-2021-9")
RULES = [next(rule for rule in PACK.rules if rule.id == name) for name in ("far-industrial", "living-15", "term-50")]
P, F, U, N = Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE


def resting(name: str, origins: list[Origin], verdicts: list[list[Verdict]]) -> int:
    field = name.partition(":")[2]
    columns = {
        "far_gfa_m2": np.array([np.nan, 20_000, np.nan]),
        "site_area_m2": np.full(3, 10_000.0),
        "far": np.array([2, 2, np.nan]),
    }
    batch = Batch(Role.PARCELS, 3, columns=columns, origins={field: np.array(origins, np.int8)} if field else {})
    return Reliance(RULES).resting(batch, [name], np.array(verdicts, np.int8))[name]


def test_of_the_rules_that_read_the_field_those_that_apply_where_it_was_filled() -> None:
    # living-15 alone reads the floor area; of the rows filled one is judged, one open and one beside the rule
    filled = [Origin.BUILDINGS] * 3
    assert resting("buildings:living_gfa_m2", filled, [[F, F, F], [P, U, N], [F, F, F]]) == 2
    assert resting("buildings:living_gfa_m2", [Origin.BUILDINGS, Origin.LAYER, Origin.PLAN], [[F] * 3] * 3) == 1


def test_a_verdict_that_a_rule_does_not_apply_rests_on_what_tells_so() -> None:
    # living-15 and far-industrial apply by the zone, term-50 too: all nine verdicts, whatever they are
    assert resting("place:in_high_tech_zone", [Origin.PLACE] * 3, [[N, P, F]] * 3) == 9


def test_the_declared_far_counts_where_none_is_worked_out() -> None:
    # the first row; the second has both areas, the third no FAR at all
    assert resting("far", [], [[F, F, F], [F, F, F], [F, F, F]]) == 1
    assert resting("far", [], [[N, F, F], [F, F, F], [F, F, F]]) == 0
