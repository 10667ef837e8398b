"""The nine rules as an OpenFisca system: a variable a rule, formulas over numpy columns.

OpenFisca has no missing values: truths come as 1, 0 and -1, codes as -1 and numbers as NaN where they are missing, as
the engine keeps them, and a formula is written with masks. Its numbers have 32 bits, in which areas lose their
centimetres; they are widened to 64 here, without which verdicts at a limit would differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from columns import DAY, Columns
from contest import FAIL, NOT_APPLICABLE, PASS, REVIEW, UNDETERMINED, Entry, tally
from numpy.typing import NDArray
from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

NOTE = "numbers widened to 64 bits"
ROWS = None
SLACK = 1e-9

PARCEL = entities.Entity("parcel", "parcels", "A parcel", "")
Get = Callable[[str], NDArray[Any]]
Masks = tuple[NDArray[np.bool_], NDArray[np.bool_]]


def prepare(columns: Columns) -> Entry:
    """The system with its variables; a round builds a simulation, gives it the columns and asks for the nine rules."""
    system = taxbenefitsystems.TaxBenefitSystem([PARCEL])
    for name, values in columns.items():
        _add(system, name, float if values.dtype == np.float64 else int, values.dtype)
    for name, formula in (*PARTS.items(), *RULES.items()):
        _add(system, name, float if name in NUMBERS else int, np.dtype(float if name in NUMBERS else np.int8), formula)
    rows = len(columns["far"])
    return Entry(lambda: _calculated(system, columns, rows), lambda verdicts: tally(np.stack(verdicts)))


def _add(system: Any, name: str, kind: type, dtype: np.dtype[Any], formula: Any = None) -> None:
    told: dict[str, Any] = {
        "value_type": kind, "entity": PARCEL, "definition_period": periods.DateUnit.YEAR, "label": name,
    }  # fmt: skip
    if formula is not None:
        told["formula"] = lambda parcel, period: formula(lambda asked: parcel(asked, period))
    system.add_variable(type(name, (variables.Variable,), told)).dtype = dtype


def _calculated(system: Any, columns: Columns, rows: int) -> list[NDArray[Any]]:
    simulation = simulations.SimulationBuilder().build_default_simulation(system, count=rows)
    for name, values in columns.items():
        simulation.set_input(name, "2026", values)
    return [simulation.calculate(name, "2026") for name in RULES]


def _judged(yes: Masks, needs: Masks, broken: int = FAIL) -> NDArray[np.int8]:
    verdict = np.where(needs[1], broken, np.where(needs[0], PASS, UNDETERMINED))
    return np.where(yes[1], NOT_APPLICABLE, np.where(yes[0], verdict, UNDETERMINED)).astype(np.int8)


def _tri(values: NDArray[Any]) -> Masks:
    return values == 1, values == -1


def _both(*parts: Masks) -> Masks:
    return np.logical_and.reduce([p[0] for p in parts]), np.logical_or.reduce([p[1] for p in parts])


def _either(*parts: Masks) -> Masks:
    return np.logical_or.reduce([p[0] for p in parts]), np.logical_and.reduce([p[1] for p in parts])


def _among(codes: NDArray[Any], *wanted: int) -> Masks:
    hit = np.isin(codes, wanted)
    return hit, ~hit & (codes >= 0)


def _most(value: NDArray[Any], limit: Any) -> Masks:
    return value <= limit * (1 + SLACK), value > limit * (1 + SLACK)


def _least(value: NDArray[Any], limit: float) -> Masks:
    return value >= limit * (1 - SLACK), value < limit * (1 - SLACK)


def _more(value: NDArray[Any], limit: NDArray[Any]) -> Masks:
    less, more = _most(value, limit)
    return more, less


def _base(get: Get) -> NDArray[np.int8]:
    yes, no = _both(_tri(get("in_high_tech_zone")), (get("approval_date") >= DAY, get("approval_date") < DAY))
    return yes.astype(np.int8) - no.astype(np.int8)


def _stock(get: Get) -> NDArray[np.int8]:
    raised = _more(get("computed_far"), get("far_before"))
    added = _more(get("underground_gfa_m2"), get("underground_gfa_before_m2"))
    parts = _tri(get("base")), _tri(get("is_stock")), _among(get("land_class"), 0, 1), _either(raised, added)
    yes, no = _both(*parts)
    return yes.astype(np.int8) - no.astype(np.int8)


def _far(get: Get) -> NDArray[np.float64]:
    site = get("site_area_m2")
    with np.errstate(divide="ignore", invalid="ignore"):
        far = get("far_gfa_m2") / site
    return np.where(np.isnan(far) | ~(site > 0), get("far"), far)


def _share(get: Get, *names: str) -> NDArray[np.float64]:
    whole = get("above_ground_gfa_m2")
    return sum(get(name) for name in names) / np.where(whole > 0, whole, np.nan)


def _single(get: Get) -> Masks:
    return _both(_tri(get("base")), _among(get("land_class"), 0, 1, 2, 3), _tri(get("single_use")))


def _term(get: Get) -> NDArray[np.int8]:
    term = get("term_years")
    needs = _both(_most(term, 50), _either(_among(get("recognition"), 0, 1, 2, 3), _most(term, 20)))
    return _judged(_both(_tri(get("base")), _among(get("land_class"), 0)), needs)


def _far_at_least(limit: float, *classes: int) -> Callable[[Get], NDArray[np.int8]]:
    return lambda get: _judged(
        _both(_tri(get("base")), _among(get("land_class"), *classes)), _least(get("computed_far"), limit)
    )


def _premium(get: Get) -> NDArray[np.int8]:
    price = get("extra_land_price_cny")
    return _judged(
        _both(_tri(get("stock_increase")), _tri(get("increase_approved"))),
        (price == 0, (price != 0) & ~np.isnan(price)),
    )


def _transfer(get: Get) -> NDArray[np.int8]:
    needs = _both(
        _among(get("land_class"), 0), _tri(get("subdivision_permitted")), _among(get("transfer_channel"), 0),
        _among(get("listing"), 0), _among(get("transferee"), 0, 1),
    )  # fmt: skip
    return _judged(_both(_tri(get("base")), _tri(get("is_surplus_part"))), needs)


def _roof(get: Get) -> NDArray[np.int8]:
    roof = get("roof_greening")
    return _judged(_both(_tri(get("base")), (roof != 0, roof == 0)), _tri(roof), REVIEW)


PARTS = {"base": _base, "computed_far": _far, "stock_increase": _stock}
NUMBERS = {"computed_far"}
RULES = {
    "term_50": _term,
    "far_industrial": _far_at_least(2, 0, 1),
    "far_rd_general": _far_at_least(3, 2),
    "stock_approval": lambda get: _judged(_tri(get("stock_increase")), _tri(get("increase_approved"))),
    "stock_no_premium": _premium,
    "surplus_transfer": _transfer,
    "mixed_use_30": lambda get: _judged(
        _single(get), _most(_share(get, "other_industry_gfa_m2", "living_gfa_m2"), 0.3)
    ),
    "living_15": lambda get: _judged(_single(get), _most(_share(get, "living_gfa_m2"), 0.15)),
    "roof": _roof,
}
