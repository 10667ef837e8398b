"""The nine parcel rules as a numpy programmer would write them for one occasion: masks, no rule cards, no reasons.

Nothing of landcheck is imported: the script of geopandas stands on this file, too, in an environment without it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

PASS, REVIEW, UNDETERMINED, FAIL, NOT_APPLICABLE = range(5)
CHUNK = 32_768
SLACK = 1e-9
DAY = (dt.date(2021, 9, 1) - dt.date(1970, 1, 1)).days  # the first of the text, as days since 1970
VALUES = {  # in the order of landcheck's fields, which the codes of columns.made_up follow
    "land_class": ("industrial_project", "industrial_standard", "rd_general", "rd_project", "other"),
    "recognition": (
        "national_strategic_project", "municipal_key_project", "manufacturing_innovation_centre",
        "enterprise_technology_centre", "none",
    ),
    "transfer_channel": ("land_market", "other"),
    "listing": ("with_industry_project", "other"),
    "transferee": ("park_platform", "admitted_project", "other"),
}  # fmt: skip

Columns = Mapping[str, np.ndarray]


def code(name: str, value: str) -> int:
    return VALUES[name].index(value)


def masks(c: Columns, rows: int) -> np.ndarray:
    """Verdicts (rules x rows) in the pack's order of parcel rules."""
    out = np.empty((9, rows), np.int8)
    for start in range(0, rows, CHUNK):
        part = slice(start, start + CHUNK)
        _chunk({name: column[part] for name, column in c.items()}, out[:, part])
    return out


def _chunk(c: Columns, out: np.ndarray) -> None:
    zone, date, land = c["in_high_tech_zone"], c["approval_date"], c["land_class"]
    base_no = (zone == -1) | (date < DAY)
    base_yes = (zone == 1) & (date >= DAY)
    project, standard = (
        land == code("land_class", "industrial_project"),
        land == code("land_class", "industrial_standard"),
    )
    general, rd_project = land == code("land_class", "rd_general"), land == code("land_class", "rd_project")
    unclear = land == -1
    industrial, any_class = project | standard, project | standard | general | rd_project

    def put(
        line: int, yes: np.ndarray, no: np.ndarray, holds: np.ndarray, fails: np.ndarray, broken: int = FAIL
    ) -> None:
        verdict = np.where(fails, broken, np.where(holds, PASS, UNDETERMINED))
        applies, not_so = base_yes & yes, base_no | no
        out[line] = np.where(not_so, NOT_APPLICABLE, np.where(applies, verdict, UNDETERMINED))

    term, recognition = c["term_years"], c["recognition"]
    recognised = (recognition >= 0) & (recognition != code("recognition", "none"))
    refused = recognition == code("recognition", "none")
    cap_ok, cap_no = term <= 50 * (1 + SLACK), term > 50 * (1 + SLACK)
    base_ok, base_not = term <= 20 * (1 + SLACK), term > 20 * (1 + SLACK)
    put(0, project, ~project & ~unclear, cap_ok & (recognised | base_ok), cap_no | (refused & base_not))

    with np.errstate(divide="ignore", invalid="ignore"):
        far = c["far_gfa_m2"] / c["site_area_m2"]
        whole = np.where(c["above_ground_gfa_m2"] > 0, c["above_ground_gfa_m2"], np.nan)
        living = c["living_gfa_m2"] / whole
        other = (c["other_industry_gfa_m2"] + c["living_gfa_m2"]) / whole
    far = np.where(np.isnan(far) | ~(c["site_area_m2"] > 0), c["far"], far)
    put(1, industrial, ~industrial & ~unclear, far >= 2 * (1 - SLACK), far < 2 * (1 - SLACK))
    put(2, general, ~general & ~unclear, far >= 3 * (1 - SLACK), far < 3 * (1 - SLACK))

    before, under, under_before = c["far_before"], c["underground_gfa_m2"], c["underground_gfa_before_m2"]
    raised, not_raised = far > before * (1 + SLACK), far <= before * (1 + SLACK)
    added, not_added = under > under_before * (1 + SLACK), under <= under_before * (1 + SLACK)
    stock, approved = c["is_stock"], c["increase_approved"]
    increased, not_increased = raised | added, not_raised & not_added
    yes = (stock == 1) & industrial & increased
    no = (stock == -1) | (~industrial & ~unclear) | not_increased
    put(3, yes, no, approved == 1, approved == -1)
    price = c["extra_land_price_cny"]
    put(4, yes & (approved == 1), no | (approved == -1), price == 0, (price != 0) & ~np.isnan(price))

    surplus, permitted = c["is_surplus_part"], c["subdivision_permitted"]
    market, listing, transferee = c["transfer_channel"], c["listing"], c["transferee"]
    on_market = market == code("transfer_channel", "land_market")
    with_project = listing == code("listing", "with_industry_project")
    admitted = (transferee >= 0) & (transferee != code("transferee", "other"))
    holds = project & (permitted == 1) & on_market & with_project & admitted
    fails = (~project & ~unclear) | (permitted == -1) | ((market >= 0) & ~on_market)
    fails |= ((listing >= 0) & ~with_project) | (transferee == code("transferee", "other"))
    put(5, surplus == 1, surplus == -1, holds, fails)

    single = c["single_use"]
    yes, no = any_class & (single == 1), (~any_class & ~unclear) | (single == -1)
    put(6, yes, no, other <= 0.3 * (1 + SLACK), other > 0.3 * (1 + SLACK))
    put(7, yes, no, living <= 0.15 * (1 + SLACK), living > 0.15 * (1 + SLACK))
    roof = c["roof_greening"]
    put(8, roof != 0, roof == 0, roof == 1, roof == -1, REVIEW)
